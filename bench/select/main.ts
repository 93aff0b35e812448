import path from "node:path";
import { Presets } from "../../src/recipe/presets.js";
import { chooseShown, selectLevels } from "../../src/lod/selectLevels.js";
import { CreateTerrainCoreAsync } from "../../src/runtime/createTerrainCore.js";
import type { TerrainCore } from "../../src/runtime/terrainCore.js";
import { type ChunkAddress } from "../../src/space/chunkAddress.js";
import { StubbedPicture } from "../common/stubbedPicture.js";
import { median, rounded } from "../common/statistics.js";
import { tableOf } from "../common/table.js";

interface Options {
    readonly root: string;
    readonly json: boolean;
}

/** Makes about 600 chunks of what a window of 720 pixels shows, small enough for the memory limit. */
const SCREEN_SPACE_ERROR = 2.2;
const VIEW = { verticalFov: Math.PI / 3, viewportHeight: 720 };
/** Times are means of so many calls, and the median of so many means counts. */
const CALLS = 50;
const MEANS = 101;

/**
 * Runs `npm run bench -- select`: what selecting levels and choosing what to draw take in a frame, at rest, of a world
 * whose heights are known.
 */
export async function runAsync({ root, json }: Options): Promise<void> {
    const at = (name: string): string => path.join(root, "dist", name);
    const recipe = Presets.endless({ seed: 1, terrain: { resolution: 32 } });
    const core = await CreateTerrainCoreAsync<ChunkAddress>({
        recipe,
        sink: new StubbedPicture(recipe.chunkSize),
        screenSpaceError: SCREEN_SPACE_ERROR,
        workers: 1,
        workerUrl: at("terrane.worker.js"),
        wasmUrl: at("terrane.wasm"),
    });
    try {
        const figures = await measureAsync(core);
        if (json) {
            console.log(JSON.stringify(figures));
            return;
        }
        const { leaves, nodes, selectMs, chooseMs, ms, frameMs } = figures;
        console.log(`${leaves} chunks, ${nodes} nodes`);
        console.log(
            tableOf([
                { figure: "select levels", ms: selectMs, limit: "" },
                { figure: "choose what to draw", ms: chooseMs, limit: "" },
                { figure: "both", ms, limit: "at most 0.3" },
                { figure: "a whole frame at rest", ms: frameMs, limit: "" },
            ]),
        );
    } finally {
        await core.disposeAsync();
    }
}

async function measureAsync(core: TerrainCore<ChunkAddress>) {
    const position = { x: 0, y: core.sampleHeight(0, 0) + 60, z: 0 };
    core.addViewer({ position, forward: { x: 0, y: 0, z: 1 } });
    let isReady = false;
    void core.whenReadyAsync().then(() => (isReady = true));
    while (!isReady) {
        core.update(VIEW);
        await new Promise((resolve) => setImmediate(resolve));
    }
    const { selection } = core.runtime["_view"]!;
    const { poses } = core.runtime["_viewers"];
    const select = (): void => {
        selection.frame++;
        selectLevels(selection, poses);
    };
    const selectMs = msOf(select);
    const chooseMs = msOf(() => chooseShown(selection));
    const frameMs = msOf(() => core.update(VIEW));
    const { leafCount: leaves, tree } = selection;
    const figures = { leaves, nodes: tree.nodes.length, selectMs, chooseMs, ms: selectMs + chooseMs, frameMs };
    return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, rounded(value)])) as typeof figures;
}

/** Returns the milliseconds that a call takes once the engine has tuned it. */
function msOf(call: () => void): number {
    const means: number[] = [];
    for (let i = 0; i < 2 * MEANS; i++) {
        const startMs = performance.now();
        for (let j = 0; j < CALLS; j++) {
            call();
        }
        means.push((performance.now() - startMs) / CALLS);
    }
    return median(means.slice(MEANS));
}
