import { layOutArchive } from "../../src/format/archiveLayout.js";
import { tileOfChunk } from "../../src/format/archiveTiles.js";
import { parseChunkFileName } from "../../src/format/chunkStoreKey.js";

/** Returns numbers from 0 to below 1, the same for the same seed. */
export function randomOf(seed: number): () => number {
    let state = seed >>> 0;
    return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** Returns an archive of some chunk files and a manifest. */
export function archiveOf(files: ReadonlyMap<string, Uint8Array>, manifest: string, leafEntries?: number): Uint8Array {
    const sorted = [...files]
        .map(([name, bytes]) => ({ id: tileOfChunk(parseChunkFileName(name)!)!, bytes }))
        .sort((a, b) => a.id - b.id);
    const [ids, lengths] = [sorted.map(({ id }) => id), sorted.map(({ bytes }) => bytes.byteLength)];
    const layout = layOutArchive({ ids, lengths }, new TextEncoder().encode(manifest), leafEntries);
    return new Uint8Array(Buffer.concat([...layout.parts, ...sorted.map(({ bytes }) => bytes)]));
}
