import { createBatchBakerAsync } from "../../../src/bake/bakeBatch.js";
import { GENERATOR_VERSION } from "../../../src/bake/generatorVersion.js";
import { compileKernelsAsync } from "../../../src/kernels/kernelModule.js";
import type { LoadSettings } from "../../../src/store/loadProtocol.js";
import { chunkFileName } from "../../../src/format/chunkStoreKey.js";
import { BURST, measureBakesAsync, measureLoadsAsync } from "../measure.js";
import { ARCHIVE, type BenchChunk, type PlainFetches, type StoreSamples } from "../samples.js";
import { SessionLoads } from "../sessionLoads.js";
import type { StorePlan, ThreadResult } from "./page.js";

type ThreadPlan = StorePlan & { readonly bakedUrl: string };

const DATABASE = { kind: "indexedDb", database: "terrane-bench", limitBytes: 2 ** 30 } as const;

/** Measures stores where the product uses them: on a thread of the page that is not the one that draws. */
async function measureAsync({ chunks, recipe, bakedUrl }: ThreadPlan): Promise<ThreadResult> {
    const bake = await createBatchBakerAsync(
        await compileKernelsAsync(new URL("terrane.wasm", globalThis.location.href).href),
    );
    const bakes = await measureBakesAsync(bake, recipe, chunks);
    const generatorVersion = GENERATOR_VERSION;
    const archiveUrl = bakedUrl + ARCHIVE;
    const http = { files: { kind: "http", url: bakedUrl }, address: bakedUrl, generatorVersion } as const;
    const archive = { files: { kind: "archive", url: archiveUrl }, address: archiveUrl, generatorVersion } as const;
    const measure = async (name: string, settings: LoadSettings): Promise<{ name: string; samples: StoreSamples }> => {
        const loads = await SessionLoads.OpenAsync(settings, recipe);
        const samples = await measureLoadsAsync(loads, chunks);
        await loads.closeAsync();
        return { name, samples };
    };
    const filling = await SessionLoads.OpenAsync({ stores: [DATABASE], bake: http }, recipe);
    for (const { address } of chunks) {
        await filling.downloadAsync(address);
    }
    await filling.closeAsync();
    return {
        stores: [
            await measure("http", { stores: [], bake: http }),
            await measure("archive", { stores: [], bake: archive }),
            await measure("indexedDb", { stores: [DATABASE], bake: null }),
        ],
        bakes,
        plain: await measurePlainAsync(bakedUrl, chunks),
    };
}

/** Fetches files of height grids, and does nothing with them: what browser and server take by themselves. */
async function measurePlainAsync(bakedUrl: string, chunks: readonly BenchChunk[]): Promise<PlainFetches> {
    const urls = chunks.filter(({ isFused }) => !isFused).map(({ address }) => bakedUrl + chunkFileName(address));
    const fetchAsync = async (url: string): Promise<number> => {
        const startedMs = performance.now();
        await (await fetch(url)).arrayBuffer();
        return performance.now() - startedMs;
    };
    const aloneMs: number[] = [];
    for (const url of urls) {
        aloneMs.push(await fetchAsync(url));
    }
    const burstsMs: number[] = [];
    for (let i = 0; i + BURST <= urls.length; i += BURST) {
        burstsMs.push(Math.max(...(await Promise.all(urls.slice(i, i + BURST).map(fetchAsync)))));
    }
    return { aloneMs, burstsMs };
}

globalThis.onmessage = ({ data }: MessageEvent<ThreadPlan>) => {
    measureAsync(data).then(
        (result) => globalThis.postMessage(result),
        (error: unknown) => globalThis.postMessage({ error: String((error as Error).stack ?? error) }),
    );
};
