import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { TERRAIN_SCENE_COMPONENT } from "../../src/babylon/terrainSceneComponent.js";
import { worldOptionProblems } from "../../src/options/checkWorldOptions.js";
import { WORLD_OPTIONS } from "../../src/options/worldOptionTable.js";
import { Presets } from "../../src/recipe/presets.js";
import { VERSION } from "../../src/base/version.js";

const root = path.resolve(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const packageJson = JSON.parse(read("package.json"));
const manifest = JSON.parse(read("plugin-manifest.json"));

interface OptionEntry {
    type: string;
    isRequired?: boolean;
    default?: unknown;
    canChange?: boolean;
    minimum?: number;
    maximum?: number;
}
const options = Object.entries(manifest.options as Record<string, OptionEntry>);

const faultsOf = (option: string, value: unknown) =>
    worldOptionProblems({ recipe: Presets.endless(), [option]: value }).map(({ field }) => field);

test("the build holds the manifest as it stands in the repository", () => {
    expect(JSON.parse(read("dist/plugin-manifest.json"))).toEqual(manifest);
});

test("name, version, licence and peers are those of package.json", () => {
    const { name, version, license, engine, optionalPeers } = manifest;
    expect({ name, version, license }).toEqual({
        name: packageJson.name,
        version: packageJson.version,
        license: packageJson.license,
    });
    expect(VERSION).toBe(packageJson.version);
    expect({ [engine.package]: engine.range, ...optionalPeers }).toEqual(packageJson.peerDependencies);
    const optional = Object.keys(packageJson.peerDependenciesMeta).filter(
        (peer) => packageJson.peerDependenciesMeta[peer].optional === true,
    );
    expect(Object.keys(optionalPeers)).toEqual(optional);
});

test.each(Object.entries(manifest.entryPoints as Record<string, string>))("the %s entry %s is built", (_, file) => {
    expect(existsSync(path.join(root, "dist", file))).toBe(true);
});

test("package.json exports the same files", () => {
    const { entryPoints } = manifest;
    const inDist = (file: string) => `./dist/${file.slice(2)}`;
    expect(packageJson.exports["."]).toEqual({ types: inDist(entryPoints.types), default: inDist(entryPoints.esm) });
    expect(packageJson.exports["./inspector"]).toEqual({
        types: inDist(entryPoints.inspectorTypes),
        default: inDist(entryPoints.inspector),
    });
    expect(packageJson.exports["./environment"]).toEqual({
        types: inDist(entryPoints.environmentTypes),
        default: inDist(entryPoints.environment),
    });
    expect(packageJson.exports["./baker"]).toEqual({
        types: inDist(entryPoints.bakerTypes),
        default: inDist(entryPoints.baker),
    });
    expect(packageJson.bin).toEqual({ terrane: inDist(entryPoints.cli) });
    expect(packageJson.exports["./worker"]).toBe(inDist(entryPoints.worker));
    expect(packageJson.main).toBe(inDist(entryPoints.umd));
});

test("what it says is exported, is", async () => {
    const library = await import(path.join(root, "dist/terrane.js"));
    expect(Object.keys(library)).toEqual(expect.arrayContaining(manifest.exports));
    const inspector = read("dist/inspector/terraneInspector.js");
    const environment = read("dist/environment/terraneEnvironment.js");
    for (const [code, names] of [
        [inspector, manifest.inspectorExports],
        [environment, manifest.environmentExports],
    ]) {
        for (const name of names as string[]) {
            expect(code).toMatch(new RegExp(`export \\{[^}]*\\b${name}\\b`));
        }
    }
    expect(read("dist/terrane.umd.js")).toContain(manifest.umdGlobal);
});

test("the component has the name under which a scene keeps it", () => {
    expect(manifest.components).toEqual([{ kind: "sceneComponent", name: TERRAIN_SCENE_COMPONENT }]);
});

test("the inspector bundle brings the panes and curves", () => {
    const inspector = read("dist/inspector/terraneInspector.js");
    const { inspectorPanes, performanceViewerCurves } = manifest.capabilities;
    for (const name of [...inspectorPanes, ...performanceViewerCurves]) {
        expect(inspector).toContain(`"${name}"`);
    }
});

test("the topologies are those that a recipe may name", () => {
    for (const topology of manifest.capabilities.topologies) {
        expect(() => Presets.endless({ topology })).not.toThrow();
    }
    expect(manifest.capabilities.topologies.includes("planet")).toBe(canMakePlanet());
});

function canMakePlanet(): boolean {
    try {
        Presets.endless({ topology: "planet" as "flat" });
        return true;
    } catch {
        return false;
    }
}

describe("options", () => {
    test("are all those that a world takes, and no others", () => {
        expect(options.map(([name]) => name)).toEqual(Object.keys(WORLD_OPTIONS));
        const unknown = Object.fromEntries(options.map(([name]) => [`${name}X`, 1]));
        expect(worldOptionProblems({ recipe: Presets.endless(), ...unknown })).toHaveLength(options.length);
    });

    test.each(options.filter(([, entry]) => entry.default !== undefined))("%s may be its default", (name, entry) => {
        expect(faultsOf(name, entry.default)).toEqual([]);
    });

    test.each(options.filter(([, entry]) => entry.minimum !== undefined))("%s ends at its minimum", (name, entry) => {
        expect(faultsOf(name, entry.minimum)).toEqual([]);
        expect(faultsOf(name, entry.minimum! - (entry.type === "integer" ? 1 : 0.001))).toEqual([`options.${name}`]);
    });

    test.each(options.filter(([, entry]) => entry.maximum !== undefined))("%s ends at its maximum", (name, entry) => {
        expect(faultsOf(name, entry.maximum)).toEqual([]);
        expect(faultsOf(name, entry.maximum! + 1)).toEqual([`options.${name}`]);
    });
});

test("samples are all the pages there are, the gallery aside", () => {
    const pages = readdirSync(path.join(root, "samples")).filter(
        (name) => name !== "gallery" && existsSync(path.join(root, "samples", name, "index.html")),
    );
    const samples = manifest.samples as { name: string; page: string }[];
    expect(samples.map(({ name }) => name).sort()).toEqual(pages.sort());
    for (const { page } of samples) {
        expect(existsSync(path.join(root, page))).toBe(true);
    }
});
