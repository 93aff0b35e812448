import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { createBatchBakerAsync, type BatchBaker } from "../../src/bake/bakeBatch.js";
import { addressesOfBlock } from "../../src/baker/chunkBlock.js";
import { WorldBaker } from "../../src/baker/worldBaker.js";
import { planPackAsync } from "../../src/baker/packBake.js";
import { isFusedChunk } from "../../src/format/chunkData.js";
import { compileKernelsAsync } from "../../src/kernels/kernelModule.js";
import { Presets } from "../../src/recipe/presets.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { formatAddress } from "../../src/space/chunkAddress.js";
import { writeArchiveFileAsync } from "../../src/store/archiveFile.js";
import { DirectoryStore } from "../../src/store/directoryStore.js";
import { ARCHIVE, type BenchChunk } from "./samples.js";

/** Chunks along each side of the block of the finest level that is loaded: some hundreds of either kind. */
const SIDE = 20;

/** The default world, which has both kinds of chunks, as `terrane bake` would write a block of it. */
export interface BakedWorld {
    readonly recipe: Recipe;
    readonly chunks: readonly BenchChunk[];
    /** Bakes on this thread. */
    readonly bake: BatchBaker;
}

/** Bakes the block into a folder that is made anew, and packs it there, too. `dist` has worker and kernels. */
export async function bakeWorldAsync(directory: string, dist: string): Promise<BakedWorld> {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    const at = (name: string): string => path.join(dist, name);
    const recipe = Presets.endless({ seed: 12345 });
    const addresses = addressesOfBlock({ countX: SIDE, countZ: SIDE });
    const baker = new WorldBaker({ workers: 1, workerUrl: at("terrane.worker.js"), wasmUrl: at("terrane.wasm") });
    const fileBytes = new Map<string, number>();
    baker.onChunkBakedObservable.add(({ address, entry }) =>
        fileBytes.set(formatAddress(address), entry.storedByteLength),
    );
    await baker.bakeAsync(recipe, { addresses, store: new DirectoryStore(directory) });
    const plan = await planPackAsync(new DirectoryStore(directory));
    await writeArchiveFileAsync(path.join(directory, ARCHIVE), (target) => plan.writeAsync(target));
    const bake = await createBatchBakerAsync(await compileKernelsAsync(at("terrane.wasm")));
    const chunks: BenchChunk[] = [];
    for (const address of addresses) {
        const tasks = [{ id: 0, address, buffer: new ArrayBuffer(0) }];
        const { outcomes } = bake({ recipeJson: JSON.stringify(recipe), tasks });
        const isFused = isFusedChunk(outcomes[0]!.buffer);
        chunks.push({ address, isFused, fileBytes: fileBytes.get(formatAddress(address))! });
    }
    return { recipe, chunks, bake };
}
