import type { BakeReport } from "../../src/profiler/bakeReport.js";
import { WorldBaker, type WorldBakerOptions } from "../../src/baker/worldBaker.js";
import { MemoryStore } from "../../src/store/memoryStore.js";
import { chunkStoreOf } from "../support/chunkStoreOf.js";
import { GOLDEN_RECIPE } from "./goldenChunks.js";

export interface BakedWorld {
    readonly rootHash: string;
    /** A line for each progress event, as a user prints it. */
    readonly lines: readonly string[];
    readonly names: readonly string[];
    readonly report: BakeReport;
}

/** Bakes 4 x 4 chunks of the golden world as a user does, in Node or in a page. */
export async function bakeWorldAsync(options: WorldBakerOptions): Promise<BakedWorld> {
    const baker = new WorldBaker(options);
    const lines: string[] = [];
    baker.onProgressObservable.add((p) =>
        lines.push(`${p.completedItems}/${p.totalWorkItems}, ${p.estimatedTimeRemaining} s left`),
    );
    const store = chunkStoreOf(new MemoryStore());
    const manifest = await baker.bakeAsync(GOLDEN_RECIPE, {
        chunks: { countX: 4, countZ: 4 },
        chunkBatchSize: 4,
        store,
    });
    const names = (await store.listAsync()).sort();
    return { rootHash: manifest.rootHash, lines, names, report: baker.getPerformanceReport() };
}
