import path from "node:path";
import { findLandscapeView } from "../../samples/common/landscapeView.js";
import { Presets } from "../../src/recipe/presets.js";
import { CreateTerrainCoreAsync } from "../../src/runtime/createTerrainCore.js";
import type { TerrainCore } from "../../src/runtime/terrainCore.js";
import { TextureDrawing } from "../../src/runtime/textureDrawing.js";
import { MAX_LEVEL, type ChunkAddress } from "../../src/space/chunkAddress.js";
import { median, rounded } from "../common/statistics.js";
import { tableOf } from "../common/table.js";
import { StubbedPicture } from "../common/stubbedPicture.js";

interface Options {
    readonly root: string;
    readonly json: boolean;
}

/** Milliseconds that the stubbed renderer sleeps in each frame, and how often a world is loaded so. */
const RENDERERS = [
    { sleepMs: 1000, rounds: 3 },
    { sleepMs: 100, rounds: 3 },
    { sleepMs: 16, rounds: 5 },
] as const;
/** What the `endless` sample shows where its address says nothing, in a window of this height. */
const SEED = 1;
/** Texels: side of the ground's pictures that a worker draws meanwhile on a first visit. */
const PICTURE_SIZE = 512;
const VIEW = { verticalFov: Math.PI / 3, viewportHeight: 1080 };
const DEGREE = Math.PI / 180;
/** Most frames that a world may take. */
const MOST_FRAMES = 1000;

interface Loading {
    /** Frames until the world says that it is ready, and until the ground under the viewer is shown at its finest. */
    readonly frames: number;
    readonly ground: number;
    readonly seconds: number;
    /** Milliseconds of the longest frame's own work, and of all frames'. */
    readonly longestMs: number;
    readonly ownMs: number;
    readonly bakes: number;
    readonly megabytes: number;
}

/**
 * Runs `npm run bench -- load`: how many frames the world of the `endless` sample takes from its creation until it is
 * ready, with one worker and renderers that sleep; and the same while another worker draws the ground's pictures. Nothing is
 * shown; all else is what a game runs.
 */
export async function runAsync({ root, json }: Options): Promise<void> {
    const figures: Record<string, number> = {};
    const rows: Record<string, string | number>[] = [];
    const report = (visit: string, sleepMs: number, loadings: readonly Loading[]): void => {
        const of = (name: keyof Loading): number => rounded(median(loadings.map((loading) => loading[name])));
        const suffix = `${sleepMs}${visit === "first" ? "FirstVisit" : ""}`;
        figures[`frames${suffix}`] = of("frames");
        figures[`ground${suffix}`] = of("ground");
        figures[`longestMs${suffix}`] = of("longestMs");
        rows.push({
            "sleeps ms": sleepMs,
            visit,
            "frames to ready": of("frames"),
            "of each round": loadings.map(({ frames }) => frames).join(" "),
            "to fine ground": of("ground"),
            "each round's": loadings.map(({ ground }) => ground).join(" "),
            seconds: of("seconds"),
            "longest frame's own ms": of("longestMs"),
            "own ms of all": of("ownMs"),
            bakes: of("bakes"),
            MB: of("megabytes"),
        });
    };
    for (const { sleepMs, rounds } of RENDERERS) {
        const visits = { first: [] as Loading[], later: [] as Loading[] };
        for (let round = 0; round < rounds; round++) {
            visits.later.push(await loadAsync(root, sleepMs));
            const endAsync = drawTextures(root);
            visits.first.push(await loadAsync(root, sleepMs));
            await endAsync();
        }
        for (const [visit, loadings] of Object.entries(visits)) {
            report(visit, sleepMs, loadings);
        }
    }
    console.log(json ? JSON.stringify(figures) : tableOf(rows));
}

/** Has the ground's pictures drawn as on a first visit. Returns what ends it. */
function drawTextures(root: string): () => Promise<void> {
    const ignore = (): void => undefined;
    const fail = (message: string): never => {
        throw new Error(message);
    };
    const drawing = new TextureDrawing(
        PICTURE_SIZE,
        { workerUrl: path.join(root, "dist/terrane.worker.js") },
        { onNoise: ignore, onLayer: ignore, onDone: ignore, onFailed: fail, onWarning: fail },
    );
    return () => drawing.endAsync();
}

async function loadAsync(root: string, sleepMs: number): Promise<Loading> {
    const at = (name: string): string => path.join(root, "dist", name);
    const recipe = Presets.endless({ seed: SEED });
    const sink = new StubbedPicture(recipe.chunkSize);
    const core = await CreateTerrainCoreAsync<ChunkAddress>({
        recipe,
        sink,
        workers: 1,
        workerUrl: at("terrane.worker.js"),
        wasmUrl: at("terrane.wasm"),
    });
    try {
        return await runToReadyAsync(core, sink, sleepMs);
    } finally {
        await core.disposeAsync();
    }
}

async function runToReadyAsync(
    core: TerrainCore<ChunkAddress>,
    sink: StubbedPicture,
    sleepMs: number,
): Promise<Loading> {
    const { recipe } = core;
    const { x, y, z, yaw, pitch } = findLandscapeView(core, recipe.water.level);
    const level = Math.cos(pitch * DEGREE);
    const forward = {
        x: Math.sin(yaw * DEGREE) * level,
        y: Math.sin(pitch * DEGREE),
        z: Math.cos(yaw * DEGREE) * level,
    };
    core.addViewer({ position: { x, y, z }, forward });
    let isReady = false;
    void core.whenReadyAsync().then(() => (isReady = true));
    /** By frame: the level that is shown under the viewer. */
    const levels: number[] = [];
    const startMs = performance.now();
    let [longestMs, ownMs] = [0, 0];
    while (!isReady && levels.length < MOST_FRAMES) {
        // Messages from the worker, then a frame.
        await new Promise((resolve) => setImmediate(resolve));
        const frameMs = performance.now();
        core.update(VIEW);
        const ms = performance.now() - frameMs;
        longestMs = Math.max(longestMs, ms);
        ownMs += ms;
        levels.push(sink.levelAt({ x, z }, MAX_LEVEL));
        sleep(sleepMs);
        await Promise.resolve();
    }
    const seconds = (performance.now() - startMs) / 1000;
    const finest = levels.at(-1)!;
    return {
        frames: isReady ? levels.length : Number.NaN,
        ground: levels.findIndex((shown) => shown === finest) + 1,
        seconds,
        longestMs,
        ownMs,
        bakes: core.getStats().bakedChunks,
        megabytes: sink.uploadedBytes / 2 ** 20,
    };
}

/** Blocks this thread, as a slow renderer does. */
function sleep(ms: number): void {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
