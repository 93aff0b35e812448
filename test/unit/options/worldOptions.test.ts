import { createTerrainMaterial } from "../../../src/babylon/material/terrainMaterialPlugin.js";
import { TerrainWorld } from "../../../src/babylon/terrainWorld.js";
import type { Problem } from "../../../src/base/errors.js";
import { assertViewer, CORE_OPTIONS, worldOptionProblems } from "../../../src/options/checkWorldOptions.js";
import { WORLD_OPTIONS, type WorldOption } from "../../../src/options/worldOptionTable.js";
import { assertSetting, DEFAULT_SETTINGS, SETTING_KEYS } from "../../../src/options/worldSettings.js";
import { createScene, PLAIN_RECIPE } from "../babylon/fixtures.js";

const problemsOf = (options: unknown): Problem[] => worldOptionProblems(options);
const fieldsOf = (options: unknown): string[] => problemsOf(options).map(({ field }) => field);
const origin = { x: 0, y: 0, z: 0 };

test.each<[string, Record<string, unknown>]>([
    ["options.viewDistance", { viewDistance: 10 }],
    ["options.viewDistance", { viewDistance: "far" }],
    ["options.screenSpaceError", { screenSpaceError: 0 }],
    ["options.memoryLimitBytes", { memoryLimitBytes: 1000 }],
    ["options.applyBudgetMs", { applyBudgetMs: Number.NaN }],
    ["options.applyBudgetBytes", { applyBudgetBytes: 1 }],
    ["options.prefetchTime", { prefetchTime: -1 }],
    ["options.workers", { workers: 1.5 }],
    ["options.workers", { workers: -1 }],
    ["options.workerUrl", { workerUrl: "" }],
    ["options.wasmUrl", { wasmUrl: 3 }],
    ["options.loadTimeoutMs", { loadTimeoutMs: 0 }],
    ["options.loadTimeoutMs", { loadTimeoutMs: Infinity }],
    ["options.material", { material: {} }],
    ["options.viewers", { viewers: {} }],
    ["options.viewers[1].position", { viewers: [{ position: origin }, { position: { x: 0, y: 0 } }] }],
    ["options.viewers[0]", { viewers: [null] }],
    ["options.viewers[0]", { viewers: [undefined] }],
    ["options.viewers[0].position", { viewers: [{}] }],
    ["options.viewers[0].weight", { viewers: [{ position: origin, weight: 0 }] }],
    ["options.viewers[0].radius", { viewers: [{ position: origin, radius: 0 }] }],
    ["options.mergeSiblings", { mergeSiblings: 1 }],
    ["options.followActiveCamera", { followActiveCamera: "yes" }],
    ["options.skirts", { skirts: "none" }],
    ["options.receiveShadows", { receiveShadows: 1 }],
    ["options.blocksSceneReady", { blocksSceneReady: null }],
    ["options.profiler", { profiler: {} }],
    ["options.executor", { executor: () => 0 }],
    ["options.viewdistance", { viewdistance: 100 }],
])("a wrong option is named: %s %j", (field, wrong) => {
    const problems = problemsOf({ recipe: PLAIN_RECIPE, ...wrong });
    expect(problems.map((problem) => problem.field)).toEqual([field]);
    expect(problems[0]!.remedy).not.toBe("");
});

test("no options and no recipe are named too", () => {
    for (const options of [null, undefined, 5, []]) {
        expect(fieldsOf(options)).toEqual(["options"]);
    }
    expect(fieldsOf({})).toEqual(["options.recipe"]);
});

test("everything that is wrong is named at once, with the values as they were given", () => {
    const viewers = [
        { position: origin, radios: 5 },
        { position: origin, weight: "heavy" },
    ];
    const options = { recipe: PLAIN_RECIPE, viewDist: 500, workers: 65, viewers, skirt: true, predictionTime: 4 };
    expect(problemsOf(options).map(({ field, value, remedy }) => [field, value, remedy])).toEqual([
        ["options.workers", 65, WORLD_OPTIONS.workers.remedy],
        ["options.viewers[0].radios", 5, "Did you mean options.viewers[0].radius?"],
        ["options.viewers[1].weight", "heavy", "Leave it out for 1."],
        ["options.viewDist", 500, "Did you mean options.viewDistance?"],
        ["options.skirt", true, "Did you mean options.skirts?"],
        ["options.predictionTime", 4, "It is called options.prefetchTime now."],
    ]);
});

test("anything with a position is a viewer, whatever else it carries", () => {
    class Drone {
        public readonly position = origin;
        public readonly radios = ["one", "two"];
    }
    expect(() => assertViewer(new Drone())).not.toThrow();
    expect(() => assertViewer({ position: origin, hitPoints: 3, radius: 5, radios: 2 })).not.toThrow();
    expect(() => assertViewer({ position: origin, radios: 2 })).toThrow("Did you mean viewer.radius?");
    expect(() => assertViewer({ position: { x: 0, y: 0, z: Number.NaN } })).toThrow("viewer.position is an object");
});

test("what is left out and what is at its limit are accepted", () => {
    expect(problemsOf({ recipe: PLAIN_RECIPE })).toEqual([]);
    const { scene, engine } = createScene();
    const options = {
        recipe: PLAIN_RECIPE,
        viewDistance: 50,
        screenSpaceError: 64,
        applyBudgetMs: 100,
        workers: 0,
        viewers: [{ position: origin, radius: 100 }],
    };
    expect(problemsOf({ ...options, material: null })).toEqual([]);
    expect(problemsOf({ ...options, material: createTerrainMaterial("m", scene, PLAIN_RECIPE) })).toEqual([]);
    engine.dispose();
});

test("a setting is checked as its option is", () => {
    for (const key of SETTING_KEYS) {
        const { minimum, maximum } = WORLD_OPTIONS[key];
        expect(() => assertSetting(key, minimum)).not.toThrow();
        expect(() => assertSetting(key, maximum)).not.toThrow();
        expect(() => assertSetting(key, DEFAULT_SETTINGS[key])).not.toThrow();
        for (const wrong of [minimum - 1, maximum + 1, Number.NaN, undefined, "1"]) {
            expect(() => assertSetting(key, wrong)).toThrow(`options.${key} is`);
        }
    }
});

test("a world has an accessor for every option that may change, and for no other", () => {
    const hasAccessor = (key: string): boolean => {
        const found = Object.getOwnPropertyDescriptor(TerrainWorld.prototype, key);
        return found?.get !== undefined && found.set !== undefined;
    };
    for (const [key, option] of Object.entries<WorldOption>(WORLD_OPTIONS)) {
        expect([key, hasAccessor(key)]).toEqual([key, option.canChange === true]);
    }
});

test("worlds without an engine take what needs no scene", () => {
    expect(worldOptionProblems({ recipe: PLAIN_RECIPE, workers: 0, viewDistance: 100 }, CORE_OPTIONS)).toEqual([]);
    const [problem] = worldOptionProblems({ recipe: PLAIN_RECIPE, skirts: true }, CORE_OPTIONS);
    expect(problem).toMatchObject({ field: "options.skirts", isUnknown: true });
});
