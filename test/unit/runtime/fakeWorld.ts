import { chunkByteLength } from "../../../src/format/chunkData.js";
import { heightGridVertexCount, largestGridLayout } from "../../../src/meshing/heightGridIndices.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import { Presets } from "../../../src/recipe/presets.js";
import type { ViewSink } from "../../../src/runtime/chunkSink.js";
import { TerrainRuntime, type RuntimeEvents, type RuntimeSettings } from "../../../src/runtime/terrainRuntime.js";
import { formatAddress, type ChunkAddress } from "../../../src/space/chunkAddress.js";
import type { ChunkAvailability } from "../../../src/space/chunkAvailability.js";
import type { Viewer } from "../../../src/streaming/viewer.js";
import { FakeExecutor, seedOfFakeChunk } from "../../support/fakeBake.js";

export const VIEW = { verticalFov: 0.8, viewportHeight: 720 };
export const RADIUS = 2000;
export const recipe = Presets.endless({ seed: 2, terrain: { resolution: 32 } });
/** Bytes of its largest height grids. */
export const CHUNK_BYTES = chunkByteLength(heightGridVertexCount(largestGridLayout(recipe)), 0, false);

export interface Handle {
    address: ChunkAddress;
    isShown: boolean;
    /** Seed of the recipe that it was baked by. */
    seed: number;
}

/** Counts what it holds, and throws where the runtime breaks the sink's rules. */
export class ListSink implements ViewSink<Handle> {
    public readonly held = new Set<Handle>();
    public uploads = 0;

    public upload(address: ChunkAddress, bytes: Uint8Array): Handle {
        const handle = { address, isShown: false, seed: seedOfFakeChunk(bytes) };
        this.held.add(handle);
        this.uploads++;
        return handle;
    }

    public show(handle: Handle): void {
        this._assert(handle, false);
        handle.isShown = true;
    }

    public hide(handle: Handle): void {
        this._assert(handle, true);
        handle.isShown = false;
    }

    public release(handle: Handle): void {
        this._assert(handle, false);
        this.held.delete(handle);
    }

    public get shown(): ChunkAddress[] {
        return [...this.held].filter((handle) => handle.isShown).map((handle) => handle.address);
    }

    /** Seeds of the recipes of what is shown, in order. */
    public get seeds(): number[] {
        const shown = [...this.held].filter((handle) => handle.isShown);
        return [...new Set(shown.map(({ seed }) => seed))].sort();
    }

    private _assert(handle: Handle, isShown: boolean): void {
        if (!this.held.has(handle) || handle.isShown !== isShown) {
            throw new Error(`${formatAddress(handle.address)} is ${handle.isShown ? "shown" : "hidden or released"}`);
        }
    }
}

/** A world of fake chunks with one viewer, which is to be moved. `now` is its clock; the page's own by default. */
export function createRuntime(
    settings: Partial<RuntimeSettings> = {},
    events: Partial<RuntimeEvents<Handle>> = {},
    now?: () => number,
    available: ChunkAvailability | null = null,
    sink = new ListSink(),
) {
    const executor = new FakeExecutor();
    const failed: string[] = [];
    const runtime = new TerrainRuntime<Handle>({
        recipe,
        sink,
        available,
        ground: { sampleHeight: () => 0 },
        executor,
        profiler: new PerformanceProfiler(now === undefined ? {} : { now }),
        settings: {
            viewDistance: RADIUS,
            screenSpaceError: 3,
            memoryLimitBytes: 64 * 2 ** 20,
            applyBudgetMs: 1000,
            applyBudgetBytes: 2 ** 30,
            prefetchTime: 0,
            levelFadeTime: 0,
            ...settings,
        },
        events: { onShown() {}, onHidden() {}, onFailed: (address) => failed.push(formatAddress(address)), ...events },
    });
    const viewer: Viewer & { radius?: number } = { position: { x: 10, y: 60, z: 20 } };
    runtime.addViewer(viewer);
    return { executor, sink, runtime, viewer, failed };
}

export async function settleWorldAsync({ runtime, executor }: ReturnType<typeof createRuntime>): Promise<void> {
    for (let frame = 0; frame < 3000; frame++) {
        runtime.updateFrame(VIEW);
        if (runtime.isReady()) {
            return;
        }
        while (executor.waiting.length > 0) {
            await executor.finishAsync();
        }
        // Where nothing waits, a batch may have been lost a moment ago: let that be told.
        await Promise.resolve();
    }
    throw new Error(`not ready after 3000 frames: ${JSON.stringify(runtime.getStats())}`);
}

/** Which of a grid of points within the radius are covered, and by how many chunks each. */
export function coverage(
    shown: readonly ChunkAddress[],
    { x: atX, z: atZ }: { x: number; z: number },
): Map<string, number> {
    const cover = new Map<string, number>();
    const step = 180;
    const reach = RADIUS * 0.95;
    for (let z = Math.ceil((atZ - reach) / step) * step; z <= atZ + reach; z += step) {
        for (let x = Math.ceil((atX - reach) / step) * step; x <= atX + reach; x += step) {
            if ((x - atX) ** 2 + (z - atZ) ** 2 < reach ** 2) {
                const [px, pz] = [x + 0.5, z + 0.5];
                const count = shown.filter((address) => {
                    const side = recipe.chunkSize * 2 ** address.level;
                    return Math.floor(px / side) === address.x && Math.floor(pz / side) === address.z;
                }).length;
                cover.set(`${x}/${z}`, count);
            }
        }
    }
    return cover;
}

export function assertCovered(cover: Map<string, number>, allowed: (point: string) => boolean, when: string): void {
    for (const [point, count] of cover) {
        if (count !== 1 && !(count === 0 && allowed(point))) {
            throw new Error(`${when}: ${point} is covered ${count} times`);
        }
    }
}
