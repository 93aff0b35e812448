import { CreateTerrainCoreAsync, type TerrainCore } from "../../../src/runtime/index.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import { BURST } from "../measure.js";
import type { BenchChunk, LoadSample, PlainFetches, StoreSamples } from "../samples.js";

export interface StorePlan {
    readonly chunks: readonly BenchChunk[];
    readonly recipe: Recipe;
}

/** What the page's thread measured. */
export interface ThreadResult {
    readonly stores: readonly { readonly name: string; readonly samples: StoreSamples }[];
    readonly bakes: readonly LoadSample[];
    readonly plain: PlainFetches;
}

/** Chunks that are wanted at once, as in a frame of fast flight. */
const WAVE = 32;
const BAKED_URL = new URL("bake/", location.href).href;

/** Runs what the bench calls, step by step. */
class StoreBench {
    private _core: TerrainCore | null = null;

    public measureStoresAsync(plan: StorePlan): Promise<ThreadResult> {
        const thread = new Worker(new URL("storeThread.js", location.href), { type: "module" });
        return new Promise<ThreadResult>((resolve, reject) => {
            thread.onmessage = ({ data }: MessageEvent<ThreadResult | { error: string }>) =>
                "error" in data ? reject(new Error(data.error)) : resolve(data);
            thread.onerror = ({ message }) => reject(new Error(message));
            thread.postMessage({ ...plan, bakedUrl: BAKED_URL });
        }).finally(() => thread.terminate());
    }

    /** Opens a world that loads its chunks, or one that bakes them, with one worker either way. */
    public async openCoreAsync({ recipe }: StorePlan, kind: "load" | "bake"): Promise<void> {
        const addresses = { workerUrl: "terrane.worker.js", wasmUrl: "terrane.wasm" };
        const at = (name: string): string => new URL(name, location.href).href;
        this._core = await CreateTerrainCoreAsync({
            ...(kind === "load" ? { bakedUrl: BAKED_URL } : { recipe }),
            workers: 1,
            workerUrl: at(addresses.workerUrl),
            wasmUrl: at(addresses.wasmUrl),
        });
    }

    /** Requests all chunks, some at once, until the last has come. */
    public async requestAllAsync({ chunks }: StorePlan): Promise<void> {
        for (let i = 0; i < chunks.length; i += WAVE) {
            await this._requestAsync(chunks.slice(i, i + WAVE));
        }
        const { loadedChunks } = this._core!.store?.progress ?? { loadedChunks: chunks.length };
        if (loadedChunks !== chunks.length) {
            throw new Error(`${loadedChunks} of ${chunks.length} chunks were loaded: the others were baked`);
        }
    }

    /** Returns the milliseconds until height grids that are wanted at once have come, from a world that was not asked before. */
    public async measureBurstAsync(plan: StorePlan): Promise<number> {
        await this.openCoreAsync(plan, "load");
        const grids = plan.chunks.filter(({ isFused }) => !isFused);
        await this._requestAsync(grids.slice(0, BURST));
        const startedMs = performance.now();
        await this._requestAsync(grids.slice(BURST, 2 * BURST));
        const ms = performance.now() - startedMs;
        await this.closeCoreAsync();
        return ms;
    }

    public async closeCoreAsync(): Promise<void> {
        await this._core!.disposeAsync();
        this._core = null;
    }

    private async _requestAsync(chunks: readonly BenchChunk[]): Promise<void> {
        await Promise.all(
            chunks.map(
                ({ address }) =>
                    new Promise<void>((resolve, reject) => {
                        this._core!.requestChunk(address, "normal", (result) =>
                            result.status === "done" ? resolve() : reject(new Error(`a chunk is ${result.status}`)),
                        );
                    }),
            ),
        );
    }
}

declare global {
    interface Window {
        storeBench: StoreBench;
    }
}
window.storeBench = new StoreBench();
export type { StoreBench };
