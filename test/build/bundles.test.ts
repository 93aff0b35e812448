import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { parse } from "@swc/core";
import { FieldSampler } from "../../src/generators/fieldSampler.js";
import { Presets } from "../../src/recipe/presets.js";
import { loadKernelsAsync } from "../support/kernels.js";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const packageJson = JSON.parse(read("package.json"));

describe("the worker bundle", () => {
    const code = read("dist/terrane.worker.js");

    test("holds no Babylon code", () => {
        // Names that any part of the engine drags in: its namespace, its classes, its global, its shader store.
        for (const name of [
            "@babylonjs",
            "BABYLON",
            "babylonjs",
            "AbstractEngine",
            "ShaderStore",
            "onBeforeRenderObservable",
            "updateDynamicVertexBuffer",
            "RegisterClass(",
        ]) {
            expect(code.includes(name) ? name : "").toBe("");
        }
        // Where the names would be there if the engine were: in the bundle that does import it.
        expect(read("dist/terrane.js")).toContain("onBeforeRenderObservable");
    });

    test("is one file that loads no other", async () => {
        const { body } = await parse(code, { syntax: "ecmascript", target: "es2022" });
        expect(body.filter(({ type }) => /^(Import|Export)/.test(type))).toEqual([]);
        expect(code).not.toMatch(/\bimportScripts\s*\(|\bimport\s*\(|\brequire\s*\(\s*["']\./);
    });

    test("is far smaller than an engine", () => {
        // A tenth of it draws the ground's textures, which would be 24 MB as files.
        expect(Buffer.byteLength(code)).toBeLessThan(340 * 1024);
    });
});

describe("the kernels", () => {
    const wasm = readFileSync(path.join(root, "dist/terrane.wasm"));

    test("are small, and hold no tables of mere zeros", () => {
        expect(gzipSync(wasm).byteLength).toBeLessThan(40 * 1024);
        expect(wasm.indexOf(Buffer.alloc(1024))).toBe(-1);
        expect(WebAssembly.Module.imports(new WebAssembly.Module(wasm))).toEqual([]);
    });

    test("are named in the words that bundlers look for", () => {
        expect(read("dist/terrane.js")).toMatch(/new URL\("\.\/terrane\.wasm", import\.meta\.url\)/);
    });

    test.each(["samples", "testPages"])("lie beside the pages of %s", (pages) => {
        const file = path.join(root, "dist", pages, "terrane.wasm");
        // Pages are built for suites that open them.
        expect(!existsSync(file) || readFileSync(file).equals(wasm)).toBe(true);
    });
});

describe("the library bundles", () => {
    test("the ES module parses and exports what the README promises", async () => {
        const { body } = await parse(read("dist/terrane.js"), { syntax: "ecmascript", target: "es2022" });
        expect(body.some(({ type }) => type === "ExportNamedDeclaration")).toBe(true);
        const library = await import(path.join(root, "dist/terrane.js"));
        expect(typeof library.CreateTerrainWorldAsync).toBe("function");
        expect(typeof library.Presets.endless).toBe("function");
    });

    test("the ES module asks for nothing but Babylon's deep imports", () => {
        const sources = [...read("dist/terrane.js").matchAll(/^import (?:.*from )?"([^"]+)";$/gm)].map(
            (match) => match[1]!,
        );
        expect(sources.length).toBeGreaterThan(0);
        expect(sources.filter((source) => !/^@babylonjs\/core\/.+\.js$/.test(source))).toEqual([]);
    });

    test("the ES module names its worker in the words that bundlers look for", () => {
        expect(read("dist/terrane.js")).toMatch(/new URL\("\.\/terrane\.worker\.js", import\.meta\.url\)/);
    });

    test("sky and sea are in the environment's bundle alone", async () => {
        const code = read("dist/environment/terraneEnvironment.js");
        await parse(code, { syntax: "ecmascript", target: "es2022" });
        // Names of its shaders' functions, and of the class that samples and users see.
        const names = ["airSky(", "airToned(", "seaSlope(", "airHorizon(", "class TerrainEnvironment"];
        expect(names.filter((name) => !code.includes(name))).toEqual([]);
        for (const bundle of ["dist/terrane.js", "dist/terrane.umd.js", "dist/inspector/terraneInspector.js"]) {
            const other = read(bundle);
            expect(names.filter((name) => other.includes(name))).toEqual([]);
        }
        const sources = [...code.matchAll(/^import (?:.*from )?"([^"]+)";$/gm)].map((match) => match[1]!);
        expect(sources.filter((source) => !/^@babylonjs\/core\/.+\.js$/.test(source))).toEqual([]);
        // No world in it: the page has one already.
        expect(code).not.toMatch(/class TerrainWorld|terrane\.wasm|terrane\.worker/);
    });

    test("the UMD bundle is a classic script that makes the global TERRANE of the global BABYLON", async () => {
        await parse(read("dist/terrane.umd.js"), { syntax: "ecmascript", target: "es2022", isModule: false });
        // In a bare process: the script must run as a page runs it, without modules.
        const script = `
            const vm = require("node:vm"), fs = require("node:fs");
            const anything = new Proxy(function () {}, {
                get: (_, key) => (key === Symbol.toPrimitive ? () => 0 : key === "prototype" ? Object.prototype : anything),
            });
            const sandbox = { BABYLON: anything, self: { navigator: { hardwareConcurrency: 2 } }, location: { href: "http://localhost/" }, URL, TextEncoder, TextDecoder, performance };
            vm.runInNewContext(fs.readFileSync(process.argv[1], "utf8"), sandbox);
            console.log(typeof sandbox.TERRANE.CreateTerrainWorldAsync);
        `;
        const file = path.join(root, "dist/terrane.umd.js");
        expect(execFileSync(process.execPath, ["-e", script, file], { encoding: "utf8" }).trim()).toBe("function");
    });

    test("the baker and the command need no Babylon, and nothing else that is not Node's", async () => {
        for (const file of ["dist/terrane.baker.js", "dist/terrane.core.js", "dist/cli.js"]) {
            const code = read(file);
            expect(code).not.toMatch(/@babylonjs/);
            const sources = [...code.matchAll(/^import (?:.*from )?"([^"]+)";$/gm)].map((match) => match[1]!);
            expect(sources.filter((source) => !/^(node:|process$)/.test(source))).toEqual([]);
        }
        const { WorldBaker, DirectoryStore } = await import(path.join(root, "dist/terrane.baker.js"));
        expect([typeof WorldBaker, typeof DirectoryStore]).toEqual(["function", "function"]);
        expect(read("dist/cli.js").startsWith("#!/usr/bin/env node\n")).toBe(true);
    });

    test("the readme's script for a server runs in Node, and its heights are those of the library", async () => {
        const readme = read("README.md");
        const [, script] = /### On a server[\s\S]*?```js\n([\s\S]*?)```/.exec(readme)!;
        const lines = script!.split("\n").filter((line) => line.trim() !== "");
        expect(lines.length).toBeLessThanOrEqual(10);
        const file = path.join(mkdtempSync(path.join(os.tmpdir(), "terrane-core-")), "server.mjs");
        const core = pathToFileURL(path.join(root, "dist/terrane.core.js")).href;
        writeFileSync(file, script!.replace("babylon-terrane/core", core));
        const output = execFileSync(process.execPath, [file], { encoding: "utf8", timeout: 60_000 });
        const [height, density, , ...rest] = output.trim().split("\n");
        const kernels = await loadKernelsAsync();
        const sampler = new FieldSampler(Presets.caves({ seed: 12345 }), kernels);
        expect(Number(height)).toBe(sampler.sampleHeight(1200, -340));
        expect(density).toBe(sampler.sampleDensity(1200, 20, -340) < 0 ? "rock" : "air");
        expect(output).toMatch(/position: \{ x: 0, y: [-\d.]+, z: 0 \}/);
        expect(rest.at(-1)).toMatch(/^done \d{4,}$/);
    });

    test("the inspector bundle parses and exports ShowTerraneInspectorAsync", async () => {
        const code = read("dist/inspector/terraneInspector.js");
        await parse(code, { syntax: "ecmascript", target: "es2022" });
        expect(code).toMatch(/export \{[^}]*\bShowTerraneInspectorAsync\b/);
    });
});

describe("package.json", () => {
    const targets = Object.values(packageJson.exports).flatMap((target) =>
        typeof target === "string" ? [target] : Object.values(target as Record<string, string>),
    );

    test.each([...new Set([...targets, packageJson.main, packageJson.module, packageJson.types])])(
        "%s is there and would be published",
        (target) => {
            expect(existsSync(path.join(root, target))).toBe(true);
            expect(target === "./package.json" || published().includes(target.slice(2))).toBe(true);
        },
    );

    test("what is published holds no source, no test and no sample", () => {
        expect(
            published().filter((file) => /^(src|test|samples|scripts|dist\/(samples|testPages))\//.test(file)),
        ).toEqual([]);
    });
});

let publishedFiles: string[] | undefined;

function published(): string[] {
    publishedFiles ??= JSON.parse(
        execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: root, encoding: "utf8" }),
    )[0].files.map((file: { path: string }) => file.path) as string[];
    return publishedFiles;
}
