// Babylon's packages are ES modules, so jest runs ES modules too (NODE_OPTIONS=--experimental-vm-modules);
// turned to CommonJS instead, the first run takes six times as long.
const swc = (tsx) => [
    "<rootDir>/test/support/swcTransform.mjs",
    {
        jsc: {
            target: "es2022",
            parser: { syntax: "typescript", tsx },
            transform: { react: { runtime: "automatic" } },
        },
        module: { type: "es6" },
        sourceMaps: "inline",
    },
];

const project = (name) => ({
    displayName: name,
    rootDir: import.meta.dirname,
    roots: ["<rootDir>/test"],
    testMatch: [`<rootDir>/test/${name}/**/*.test.{ts,tsx}`],
    testEnvironment: "node",
    extensionsToTreatAsEsm: [".ts", ".tsx"],
    // For packages that are not ES modules; of our own files, test/support/swcTransform.mjs sees to it.
    sandboxInjectedGlobals: ["Math"],
    moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
    transform: { "\\.ts$": swc(false), "\\.tsx$": swc(true) },
});

export default {
    projects: ["unit", "golden", "repro", "build", "browser"].map(project),
    // A browser on a software renderer, or a bake of many chunks on a busy machine, is slow without being wrong.
    testTimeout: 120_000,
};
