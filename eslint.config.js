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

/**
 * Powers of two by a chunk's level: how long a side is, is the topology's to say. Others, of octaves or bytes, have no level
 * in their exponent.
 */
const LEVEL = ":matches(Identifier[name=/level/i], MemberExpression[property.name=/level/i])";
const TOPOLOGY_OF_OTHERS = [
    `BinaryExpression[operator='**'][left.value=2] > ${LEVEL}.right`,
    `BinaryExpression[operator='**'][left.value=2] > BinaryExpression.right > ${LEVEL}`,
    "BinaryExpression[operator='**'][left.value=2] > CallExpression.right[callee.name=/level/i]",
    `BinaryExpression[operator=/^(<<|>>>?)$/] > ${LEVEL}.right`,
    `CallExpression[callee.object.name='Math'][callee.property.name='pow'] > ${LEVEL}`,
].map((selector) => ({
    selector,
    message: "Only space/ knows how long a chunk of a level is: ask the topology, or sideAt of space/topology.ts.",
}));

/** What asc compiles to wasm, and tsc does not see. */
const ASSEMBLY_FILES = ["assembly/**/*.ts", "bench/noise/assembly/**/*.ts"];

/** The folders of assembly/, and which of the others each may import. */
const STAGE_ARROWS = {
    base: [],
    noise: ["base"],
    heightfield: ["noise", "base"],
    caves: ["heightfield", "noise", "base"],
    surface: ["heightfield", "base"],
    fusion: ["surface", "caves", "heightfield", "base"],
    planet: ["surface", "caves", "heightfield", "noise", "base"],
};
const STAGE_ZONES = Object.entries(STAGE_ARROWS).map(([stage, arrows]) => ({
    target: `assembly/${stage}`,
    from: "assembly",
    except: [stage, ...arrows].map((name) => `./${name}`),
    message: `${stage} may import ${arrows.join(", ") || "nothing"}: see STAGE_ARROWS in eslint.config.js.`,
}));

const inexact = (name) => ({
    name,
    message: "It need not give the same bits everywhere; use the built-in operations.",
});

/** Relaxed SIMD gives what the processor finds easiest. */
const RELAXED_SIMD = ["v128", "i8x16", "i16x8", "i32x4", "f32x4", "f64x2"].flatMap((object) =>
    ["relaxed_madd", "relaxed_nmadd", "relaxed_min", "relaxed_max", "relaxed_trunc", "relaxed_swizzle"]
        .concat(["relaxed_laneselect", "relaxed_q15mulr", "relaxed_dot", "relaxed_dot_add"])
        .map((property) => ({ object, property, message: "Relaxed SIMD gives other bits on other processors." })),
);

/** The stub runtime frees nothing: what is made on its heap leaks with each chunk. */
const GARBAGE = [
    ["NewExpression", "Reserve memory in assembly/base/arena.ts."],
    ["ObjectExpression", "Reserve memory in assembly/base/arena.ts."],
    [":not(CallExpression[callee.property.name='data']) > ArrayExpression", "Lay tables out with memory.data."],
    ["TemplateLiteral", "Strings are made on the heap."],
    ["ThrowStatement", "Call fail of assembly/base/arena.ts, which tells the host why."],
].map(([selector, message]) => ({ selector, message: `The stub runtime frees nothing. ${message}` }));

export default tseslint.config(
    { ignores: ["dist/", "coverage/", ".cache/", "docs/"] },
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
        ignores: ASSEMBLY_FILES,
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
        // AssemblyScript is TypeScript's syntax, decorated functions aside, with types and globals of its own: the compiler
        // checks those, these rules what it leaves.
        files: ASSEMBLY_FILES,
        plugins: { "@typescript-eslint": tseslint.plugin },
        languageOptions: { parser: tseslint.parser, parserOptions: { allowInvalidAST: true } },
        rules: {
            // Its integers have 64 bits.
            "no-loss-of-precision": "off",
            "no-redeclare": "off",
            "no-undef": "off",
            "no-unused-vars": "off",
            "@typescript-eslint/no-unused-vars": "error",
            "@typescript-eslint/explicit-module-boundary-types": "error",
            "@typescript-eslint/explicit-function-return-type": "error",
            "@typescript-eslint/no-shadow": "error",
            "import-x/no-cycle": "error",
            "import-x/no-unresolved": "error",
            "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones: STAGE_ZONES }],
            "no-restricted-globals": [
                "error",
                ...["Math", "Mathf", "NativeMath", "NativeMathf", "JSMath", "Date"].map(inexact),
            ],
            "no-restricted-properties": ["error", ...RELAXED_SIMD],
            "no-restricted-syntax": ["error", ...GARBAGE],
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
        rules: {
            "no-restricted-syntax": [
                "error",
                ...restrictedPackages(room),
                ...(room === "space" ? [] : TOPOLOGY_OF_OTHERS),
            ],
        },
    })),
    { files: ["samples/**"], rules: { "no-restricted-syntax": ["error", ...TOPOLOGY_OF_OTHERS] } },
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
