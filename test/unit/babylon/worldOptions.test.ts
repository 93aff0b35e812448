import { assertWorldOptions, type TerrainWorldOptions } from "../../../src/babylon/worldOptions.js";
import { TerraneError } from "../../../src/base/errors.js";
import { PLAIN_RECIPE } from "./fixtures.js";

function fieldOf(options: unknown): string {
    try {
        assertWorldOptions(options as TerrainWorldOptions);
    } catch (error) {
        expect(error).toBeInstanceOf(TerraneError);
        expect((error as TerraneError).remedy).not.toBe("");
        return (error as TerraneError).field;
    }
    return "accepted";
}

test.each<[string, Record<string, unknown>]>([
    ["options.viewDistance", { viewDistance: 10 }],
    ["options.viewDistance", { viewDistance: "far" }],
    ["options.screenSpaceError", { screenSpaceError: 0 }],
    ["options.memoryLimitBytes", { memoryLimitBytes: 1000 }],
    ["options.applyBudgetMs", { applyBudgetMs: Number.NaN }],
    ["options.applyBudgetBytes", { applyBudgetBytes: 1 }],
    ["options.workers", { workers: 1.5 }],
    ["options.workers", { workers: -1 }],
    ["options.workerUrl", { workerUrl: "" }],
    ["options.wasmUrl", { wasmUrl: 3 }],
    ["options.loadTimeoutMs", { loadTimeoutMs: 0 }],
    ["options.loadTimeoutMs", { loadTimeoutMs: Infinity }],
    ["options.material", { material: {} }],
    ["options.viewers", { viewers: {} }],
    ["options.viewers[1].position", { viewers: [{ position: { x: 0, y: 0, z: 0 } }, { position: { x: 0, y: 0 } }] }],
    ["options.viewers[0].weight", { viewers: [{ position: { x: 0, y: 0, z: 0 }, weight: 0 }] }],
    ["options.viewers[0].radius", { viewers: [{ position: { x: 0, y: 0, z: 0 }, radius: 0 }] }],
    ["options.mergeSiblings", { mergeSiblings: 1 }],
    ["options.followActiveCamera", { followActiveCamera: "yes" }],
    ["options.skirts", { skirts: "none" }],
    ["options.receiveShadows", { receiveShadows: 1 }],
    ["options.blocksSceneReady", { blocksSceneReady: null }],
    ["options.profiler", { profiler: {} }],
    ["options.executor", { executor: () => 0 }],
    ["options.viewdistance", { viewdistance: 100 }],
])("a wrong option is named: %s %j", (field, wrong) => {
    expect(fieldOf({ recipe: PLAIN_RECIPE, ...wrong })).toBe(field);
});

test("no options and no recipe are named too", () => {
    expect(fieldOf(null)).toBe("options");
    expect(fieldOf({})).toBe("options.recipe");
});

test("what is left out and what is at its limit are accepted", () => {
    expect(fieldOf({ recipe: PLAIN_RECIPE })).toBe("accepted");
    expect(
        fieldOf({
            recipe: PLAIN_RECIPE,
            viewDistance: 50,
            screenSpaceError: 64,
            applyBudgetMs: 100,
            workers: 0,
            material: null,
            viewers: [{ position: { x: 0, y: 0, z: 0 }, radius: 100 }],
        }),
    ).toBe("accepted");
});
