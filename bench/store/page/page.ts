import { CreateTerrainCoreAsync, type TerrainCore, type TerrainCoreOptions } from "../../../src/runtime/index.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import { BURST } from "../measure.js";
import { chunkFileName } from "../../../src/format/chunkStoreKey.js";
import { ARCHIVE, type BenchChunk, type LoadSample, type PlainFetches, type StoreSamples } from "../samples.js";

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

/** What chunks of a world come from. */
export type WorldKind = "http" | "archive" | "indexedDb" | "bake";

/** Chunks that are wanted at once, as in a frame of fast flight. */
const WAVE = 32;
/** Milliseconds: longer than statistics take to come. */
const SETTLE_MS = 500;
const BAKED_URL = new URL("bake/", location.href).href;

function optionsOf(kind: WorldKind, recipe: Recipe): Partial<TerrainCoreOptions> {
    switch (kind) {
        case "http":
            return { bakedUrl: BAKED_URL };
        case "archive":
            return { bakedUrl: BAKED_URL + ARCHIVE };
        case "indexedDb":
            return { bakedUrl: BAKED_URL, store: "browser" };
        case "bake":
            return { recipe };
    }
}

/** The thread of `fetchAllAsync`. */
const FETCH_ALL = `
onmessage = async ({ data: { urls, wave } }) => {
    try {
        for (let i = 0; i < urls.length; i += wave) {
            await Promise.all(urls.slice(i, i + wave).map(async (url) => (await fetch(url)).arrayBuffer()));
        }
        postMessage("");
    } catch (error) {
        postMessage(String(error));
    }
};
`;

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

    /**
     * Opens a world that loads its chunks, or one that bakes them, with one worker either way. The browser's database is filled by
     * the first world that uses it.
     */
    public async openCoreAsync({ recipe }: StorePlan, kind: WorldKind): Promise<void> {
        const addresses = { workerUrl: "terrane.worker.js", wasmUrl: "terrane.wasm" };
        const at = (name: string): string => new URL(name, location.href).href;
        this._core = await CreateTerrainCoreAsync({
            ...optionsOf(kind, recipe),
            workers: 1,
            workerUrl: at(addresses.workerUrl),
            wasmUrl: at(addresses.wasmUrl),
        });
    }

    /** Requests all chunks, some at once, until the last has come. What came from a bake is in the database then. */
    public async requestAllAsync({ chunks }: StorePlan): Promise<void> {
        for (let i = 0; i < chunks.length; i += WAVE) {
            await this._requestAsync(chunks.slice(i, i + WAVE));
        }
        const { loadedChunks } = this._core!.store?.progress ?? { loadedChunks: chunks.length };
        if (loadedChunks !== chunks.length) {
            throw new Error(`${loadedChunks} of ${chunks.length} chunks were loaded: the others were baked`);
        }
    }

    /** Waits until nothing is written to the database any more. */
    public async settleAsync(): Promise<void> {
        const written = (): number => this._core!.store?.stats[0]?.bytesWritten ?? 0;
        for (let last = -1; last !== written();) {
            last = written();
            await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
        }
    }

    /** Returns the milliseconds until height grids that are wanted at once have come, from a world that was not asked before. */
    public async measureBurstAsync(plan: StorePlan): Promise<number> {
        await this.openCoreAsync(plan, "http");
        const grids = plan.chunks.filter(({ isFused }) => !isFused);
        await this._requestAsync(grids.slice(0, BURST));
        const startedMs = performance.now();
        await this._requestAsync(grids.slice(BURST, 2 * BURST));
        const ms = performance.now() - startedMs;
        await this.closeCoreAsync();
        return ms;
    }

    /** Fetches the files of all chunks in a thread that tells nothing before the end: what the browser itself takes for that. */
    public async fetchAllAsync({ chunks }: StorePlan): Promise<void> {
        const urls = chunks.map(({ address }) => BAKED_URL + chunkFileName(address));
        const script = URL.createObjectURL(new Blob([FETCH_ALL], { type: "text/javascript" }));
        const thread = new Worker(script);
        await new Promise<void>((resolve, reject) => {
            thread.onmessage = ({ data }: MessageEvent<string>) => (data === "" ? resolve() : reject(new Error(data)));
            thread.postMessage({ urls, wave: WAVE });
        });
        thread.terminate();
        URL.revokeObjectURL(script);
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
