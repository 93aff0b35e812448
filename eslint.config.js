import js from "@eslint/js";
import prettier from "eslint-config-prettier/flat";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import importX from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";
import { ARROWS, PACKAGES, restrictedZones } from "./scripts/arrows.mjs";

/** Rooms whose code shapes the bytes of a chunk. Engines differ in the last bits of these functions. */
const DETERMINISTIC_ROOMS = ["seed", "space", "recipe", "kernels", "generators", "meshing", "format"];
const INEXACT_FUNCTIONS = [
    ...[
        "random",
        "sin",
        "cos",
        "tan",
        "asin",
        "acos",
        "atan",
        "atan2",
        "sinh",
        "cosh",
        "tanh",
        "asinh",
        "acosh",
        "atanh",
    ],
    ...["exp", "expm1", "log", "log2", "log10", "log1p", "pow", "cbrt", "hypot"],
];

/** Matches every way to import a package whose name fits `pattern`, types included. */
const importsOf = (pattern) =>
    [
        ":matches(ImportDeclaration, ExportNamedDeclaration, ExportAllDeclaration, ImportExpression) > Literal.source",
        "TSImportType Literal",
    ].map((node) => `${node}[value=/${pattern.replaceAll("/", "\\u002F")}/]`);

/** The packages that `room` may not import, as `no-restricted-syntax` takes them. */
const restrictedPackages = (room) =>
    PACKAGES.filter(({ rooms }) => !rooms.includes(room)).flatMap(({ name, pattern, rooms }) =>
        importsOf(pattern).map((selector) => ({
            selector,
            message: `${room} may not import ${name}; only ${rooms.join(" and ")} may: see scripts/arrows.mjs.`,
        })),
    );

export default tseslint.config(
    { ignores: ["assembly/", "bench/noise/assembly/", "dist/", "coverage/", ".cache/", "docs/"] },
    js.configs.recommended,
    {
        linterOptions: { reportUnusedDisableDirectives: "error" },
        plugins: { "import-x": importX },
        settings: {
            "import-x/extensions": [".ts", ".tsx", ".js", ".mjs"],
            "import-x/parsers": { "@typescript-eslint/parser": [".ts", ".tsx"] },
            "import-x/resolver-next": [createTypeScriptImportResolver({ project: "./tsconfig.json" })],
        },
        rules: {
            eqeqeq: "error",
            "no-constant-binary-expression": "error",
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
            "import-x/no-duplicates": "error",
            "import-x/no-self-import": "error",
        },
    },
    {
        files: ["**/*.{js,mjs}"],
        languageOptions: {
            globals: Object.fromEntries(
                ["AbortController", "console", "performance", "process", "setTimeout", "clearTimeout", "URL", "Buffer"]
                    .concat(["document", "window", "globalThis", "fetch"])
                    .map((name) => [name, "readonly"]),
            ),
        },
    },
    {
        files: ["**/*.{ts,tsx}"],
        extends: [tseslint.configs.recommended],
        languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
        rules: {
            "@typescript-eslint/await-thenable": "error",
            "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
            "@typescript-eslint/no-floating-promises": "error",
            "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
            "@typescript-eslint/no-non-null-assertion": "off",
            "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
            "@typescript-eslint/only-throw-error": "error",
            "@typescript-eslint/return-await": "error",
            "@typescript-eslint/switch-exhaustiveness-check": "error",
        },
    },
    {
        files: ["src/**"],
        rules: {
            "no-console": "error",
            "import-x/no-cycle": ["error", { ignoreExternal: true }],
            "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones: restrictedZones() }],
            "import-x/no-extraneous-dependencies": ["error", { devDependencies: false, optionalDependencies: false }],
        },
    },
    { files: ["src/cli/**"], rules: { "no-console": "off" } },
    ...Object.keys(ARROWS).map((room) => ({
        files: [`src/${room}/**`],
        rules: { "no-restricted-syntax": ["error", ...restrictedPackages(room)] },
    })),
    {
        files: ["src/*.ts"],
        rules: { "no-restricted-syntax": ["error", ...restrictedPackages("src/index.ts")] },
    },
    {
        files: DETERMINISTIC_ROOMS.map((room) => `src/${room}/**`),
        rules: {
            "no-restricted-globals": ["error", "Date", "performance", "crypto"],
            "no-restricted-properties": [
                "error",
                ...INEXACT_FUNCTIONS.map((property) => ({
                    object: "Math",
                    property,
                    message: "It does not give the same bits everywhere, and this room's code shapes chunk bytes.",
                })),
            ],
        },
    },
    {
        files: ["test/**", "bench/**", "samples/**"],
        rules: { "@typescript-eslint/no-non-null-assertion": "off" },
    },
    prettier,
);
