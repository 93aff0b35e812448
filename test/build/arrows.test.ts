import { readFileSync } from "node:fs";
import path from "node:path";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { ARROWS, GROUND, PACKAGES, faultsOfArrows, withArrows } from "../../scripts/arrows.mjs";
import { circlesOf, readImports, specifiersOf } from "../../scripts/imports.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const eslint = new ESLint({
    cwd: root,
    // What a text imports shows without its types, and without them a text lints in milliseconds.
    overrideConfig: [
        tseslint.configs.disableTypeChecked,
        { languageOptions: { parserOptions: { projectService: false } } },
    ],
});

const RULES = [
    "import-x/no-restricted-paths",
    "import-x/no-cycle",
    "import-x/no-extraneous-dependencies",
    "no-restricted-syntax",
];

/** What lint says about the imports of `code`, were it the whole of `file`. */
async function lintAsync(file: string, code: string): Promise<string[]> {
    const [result] = await eslint.lintText(code, { filePath: path.join(root, file) });
    expect(result!.messages.filter(({ fatal }) => fatal)).toEqual([]);
    return result!.messages
        .filter(({ ruleId }) => RULES.includes(ruleId ?? ""))
        .map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

describe("imports against the arrows fail the lint", () => {
    test.each([
        ["base", "../space/chunkAddress.js"],
        ["profiler", "../space/chunkAddress.js"],
        ["space", "../recipe/recipe.js"],
        ["generators", "../bake/protocol.js"],
        ["generators", "../meshing/heightGridIndices.js"],
        ["meshing", "../bake/protocol.js"],
        ["format", "../generators/macroField.js"],
        ["scheduler", "../generators/macroField.js"],
        ["scheduler", "../kernels/kernels.js"],
        ["scheduler", "../bake/generatorVersion.js"],
        ["scheduler", "../bake/plan.js"],
        ["worker", "../recipe/recipe.js"],
        ["store", "../residency/residency.js"],
        ["runtime", "../format/manifestNode.js"],
        ["lod", "../streaming/viewer.js"],
        ["bake", "../scheduler/bakeExecutor.js"],
        ["worker", "../scheduler/bakeExecutor.js"],
        ["runtime", "../babylon/worldOptions.js"],
        ["babylon", "../inspector/curves.js"],
    ])("%s does not import %s", async (room, target) => {
        const messages = await lintAsync(
            `src/${room}/probe.ts`,
            `import * as x from "${target}";\nexport const y = x;\n`,
        );
        expect(messages).toHaveLength(1);
        expect(messages[0]).toMatch(/^import-x\/no-restricted-paths: .* The arrows let /);
        expect(messages[0]).toContain(`let ${room} import`);
    });

    test.each([
        ["a type alone", 'import type { Stage } from "../bake/protocol.js";\nexport type X = Stage;\n'],
        ["an export of another file's", 'export * from "../bake/protocol.js";\n'],
        ["a dynamic import", 'export const loadAsync = () => import("../bake/protocol.js");\n'],
    ])("%s counts", async (_, code) => {
        expect(await lintAsync("src/meshing/probe.ts", code)).toEqual([
            expect.stringContaining("The arrows let meshing import only"),
        ]);
    });

    test.each([
        ["runtime", 'import { Scene } from "@babylonjs/core/scene.js"; export const x = Scene;'],
        ["worker", 'import type { Scene } from "@babylonjs/core/scene.js"; export type X = Scene;'],
        ["generators", 'export const loadAsync = () => import("@babylonjs/core/scene.js");'],
        ["streaming", 'export type X = import("@babylonjs/core/scene.js").Scene;'],
        ["lod", 'export * from "@babylonjs/core";'],
        ["babylon", 'import { ShowInspector } from "@babylonjs/inspector"; export const x = ShowInspector;'],
        ["babylon", 'import { useState } from "react"; export const x = useState;'],
        ["bake", 'import workerpool from "workerpool"; export const x = workerpool;'],
    ])("%s does not load a package that is not for it: %s", async (room, code) => {
        expect(await lintAsync(`src/${room}/probe.ts`, code)).toContainEqual(
            expect.stringMatching(new RegExp(`^no-restricted-syntax: ${room} may not import `)),
        );
    });

    test("a cycle inside a room fails", async () => {
        // kernelModule.ts imports kernelError.ts: this text would close the circle.
        const code =
            'import { compileKernelsAsync } from "./kernelModule.js";\nexport const x = compileKernelsAsync;\n';
        expect(await lintAsync("src/kernels/kernelError.ts", code)).toEqual([
            expect.stringContaining("import-x/no-cycle: Dependency cycle"),
        ]);
    });

    test("a package that users would not get fails", async () => {
        const code = 'import { PNG } from "pngjs";\nexport const x = PNG;\n';
        expect(await lintAsync("src/runtime/probe.ts", code)).toEqual([
            expect.stringContaining("import-x/no-extraneous-dependencies"),
        ]);
    });
});

describe("imports along the arrows pass", () => {
    test.each([
        ["meshing", "../format/chunkData.js"],
        ["bake", "../generators/macroField.js"],
        ["bake", "../recipe/recipe.js"],
        ["scheduler", "../bake/protocol.js"],
        ["scheduler", "../kernels/kernelModule.js"],
        ["runtime", "../scheduler/bakeExecutor.js"],
        ["runtime", "../format/chunkData.js"],
        ["babylon", "../runtime/chunkSink.js"],
        ["babylon", "@babylonjs/core/scene.js"],
        ["inspector", "../babylon/worldOptions.js"],
        ["inspector", "@babylonjs/inspector"],
        ["scheduler", "workerpool"],
        ["streaming", "../base/vec3Like.js"],
        ["lod", "../profiler/span.js"],
        ["cli", "../baker/worldBaker.js"],
        ["baker", "../scheduler/bakeScheduler.js"],
        ["baker", "../store/memoryStore.js"],
        ["profiler", "../base/errors.js"],
    ])("%s imports %s", async (room, target) => {
        const code = `import * as x from "${target}";\nexport const y = x;\n`;
        expect(await lintAsync(`src/${room}/probe.ts`, code)).toEqual([]);
    });

    test("the library's entry imports any room", async () => {
        const code = 'export * from "./babylon/worldOptions.js";\nexport * from "./profiler/span.js";\n';
        expect(await lintAsync("src/index.ts", code)).toEqual([]);
    });
});

describe("the arrows", () => {
    const SMALL = { rim: ["core", "tools/hammer"], core: ["tools"], tools: [], base: [], profiler: [] };
    /** Imports that use all of these arrows and no others. */
    const USES = {
        "index.ts": ["rim/scene.ts", "tools/saw.ts"],
        "rim/scene.ts": ["rim/mesh.ts", "core/run.ts", "tools/hammer.ts", "base/errors.ts"],
        "core/run.ts": ["tools/saw.ts", "profiler/span.ts"],
        "tools/saw.ts": [],
        "base/errors.ts": [],
        "profiler/span.ts": [],
    };
    const faultsWith = (more: Record<string, string[]>): string[] =>
        faultsOfArrows(new Map(Object.entries({ ...USES, ...more })), SMALL);

    test("are what the imports of src/ are", () => {
        expect(faultsOfArrows(readImports(path.join(root, "src")))).toEqual([]);
    });

    test("that are used all, and no others, are without fault", () => {
        expect(faultsWith({})).toEqual([]);
    });

    test.each([
        ["tools/saw.ts", "core/run.ts", "against an arrow"],
        ["rim/deep/part.tsx", "tools/saw.ts", "beside the one file that an arrow opens"],
        ["base/errors.ts", "tools/saw.ts", "from the ground"],
        ["base/errors.ts", "profiler/span.ts", "within the ground"],
        ["core/run.ts", "index.ts", "of an entry"],
    ])("an import from %s to %s is found: %s", (file, target) => {
        const targets = [...((USES as Record<string, string[]>)[file] ?? []), target];
        expect(faultsWith({ [file]: targets })).toEqual([
            `${file} imports ${target}, to which ${file.split("/")[0]} has no arrow`,
        ]);
    });

    test("that nothing uses are found, and rooms without a file", () => {
        expect(faultsWith({ "core/run.ts": [] })).toEqual([expect.stringMatching(/^core -> tools is in the arrows/)]);
        expect(faultsWith({ "rim/scene.ts": ["core/run.ts"] })).toEqual([
            expect.stringMatching(/^rim -> tools\/hammer is in the arrows/),
        ]);
        const { "profiler/span.ts": _, ...rest } = { ...USES, "core/run.ts": ["tools/saw.ts"] };
        expect(faultsOfArrows(new Map(Object.entries(rest)), SMALL)).toEqual([
            expect.stringMatching(/^profiler is in the arrows/),
        ]);
    });

    test("are drawn in ARCHITECTURE.md as they are", () => {
        const text = readFileSync(path.join(root, "ARCHITECTURE.md"), "utf8");
        expect(withArrows(text)).toEqual({ text, faults: [] });
    });

    test("that a page has otherwise are put right there, and rooms that it lacks or makes up are named", () => {
        const page = "| `rim` | the engine | `tools` |\n| `core` | runs | |\n| `attic` | dust | |\n";
        const { text, faults } = withArrows(page, { rim: ["core", "tools/hammer"], core: [], tools: [] });
        expect(text.split("\n").slice(0, 2)).toEqual([
            "| `rim` | the engine | `core`, `tools/hammer` |",
            "| `core` | runs | |",
        ]);
        expect(faults).toEqual([
            "ARCHITECTURE.md does not say what tools holds",
            "ARCHITECTURE.md tells of attic, and there is no such room",
        ]);
    });

    test("make no circle, of single files neither", () => {
        const rooms = Object.entries(ARROWS).map(
            ([room, targets]) => [room, targets.map((name) => name.split("/")[0]!)] as const,
        );
        expect(circlesOf(new Map(rooms.map(([room, targets]) => [room, [...targets]])))).toEqual([]);
    });

    test("and the packages name only rooms that there are", () => {
        const named = [
            ...Object.values(ARROWS)
                .flat()
                .map((name) => name.split("/")[0]),
            ...GROUND,
            ...PACKAGES.flatMap((entry) => entry.rooms),
        ];
        expect(Object.keys(ARROWS)).toEqual(expect.arrayContaining(named));
    });
});

describe("the imports that scripts read", () => {
    test.each([
        ['import { a } from "./a.js";', "a value"],
        ['import "./a.js";', "a side effect"],
        ['import type { A } from "./a.js";', "a type"],
        ['import { type A } from "./a.js";', "a type among values"],
        ['export * from "./a.js";', "an export of all"],
        ['export * as a from "./a.js";', "an export of all under a name"],
        ['export type { A } from "./a.js";', "an export of a type"],
        ['export const loadAsync = () => import("./a.js");', "a dynamic import"],
        ['export interface B extends Partial<import("./a.js").A> {}', "a type in place"],
        ['export const b: typeof import("./a.js") | null = null;', "a module's type"],
    ])("%s", (code) => {
        expect(specifiersOf(code)).toEqual(["./a.js"]);
    });

    test("hold nothing of comments, texts and other calls", () => {
        const code = '// import "./a.js";\nexport const text = \'import "./b.js"\';\nrequire("./c.js");\n';
        expect(specifiersOf(code)).toEqual([]);
    });

    test("make circles, of which each is found once and whole", () => {
        const imports = { a: ["b"], b: ["c", "d"], c: ["a"], d: ["e"], e: ["d", "f"], f: [], g: ["a", "f"], h: ["h"] };
        expect(circlesOf(new Map(Object.entries(imports)))).toEqual([["a", "b", "c"], ["d", "e"], ["h"]]);
        expect(circlesOf(new Map(Object.entries({ ...imports, b: ["d"], e: ["f"], h: [] })))).toEqual([]);
    });
});

test("code that shapes bytes may not use functions that engines round differently", async () => {
    const [result] = await eslint.lintText("export const x = Math.sin(1) + Math.random();\n", {
        filePath: path.join(root, "src/generators/probe.ts"),
    });
    expect(result!.messages.map(({ ruleId }) => ruleId)).toEqual([
        "no-restricted-properties",
        "no-restricted-properties",
    ]);
});

describe("who multiplies a chunk's side by a power of two", () => {
    const ONLY_SPACE = [expect.stringContaining("Only space/ knows how long a chunk of a level is")];

    test.each([
        ["runtime", "chunkSize * 2 ** level"],
        ["streaming", "chunkSize * 2 ** node.level"],
        ["runtime", "chunkSize * 2 ** levelOfKey(key)"],
        ["generators", "spacing * 2 ** MAX_LEVEL"],
        ["lod", "chunkSize * 2 ** (level + 1)"],
        ["babylon", "chunkSize << address.level"],
        ["babylon", "x >> node.level"],
        ["lod", "chunkSize * Math.pow(2, rootLevel)"],
    ])("fails the lint in %s: %s", async (room, code) => {
        expect(await lintAsync(`src/${room}/probe.ts`, `export const y = ${code};\n`)).toEqual(ONLY_SPACE);
    });

    test("fails it in samples, and not in space", async () => {
        const code = "export const y = chunkSize * 2 ** level;\n";
        expect(await lintAsync("samples/common/probe.ts", code)).toEqual(ONLY_SPACE);
        expect(await lintAsync("src/space/probe.ts", code)).toEqual([]);
    });

    test.each(["wavelength / 2 ** octave", "6 * 2 ** 20", "1 << place", "2 ** -7 * level"])(
        "is not whoever writes %s",
        async (code) => {
            expect(await lintAsync("src/generators/probe.ts", `export const y = ${code};\n`)).toEqual([]);
        },
    );
});
