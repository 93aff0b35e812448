import type { ManifestChunk } from "../../src/format/manifest.js";
import { manifestChunk } from "../../src/format/manifestEntry.js";
import { flatAddress, type ChunkAddress } from "../../src/space/chunkAddress.js";

/** Returns `value` in hexadecimal digits. */
export const hex = (digits: number, value: number): string => value.toString(16).padStart(digits, "0");

/** Returns an entry that was made up, other for each address. */
export function madeUpChunk(address: ChunkAddress): ManifestChunk {
    const { level, x, z } = address;
    const value = level * 2 ** 48 + (x + 2 ** 23) * 2 ** 24 + z + 2 ** 23;
    return manifestChunk(address, {
        byteLength: 1000 + (value % 977),
        hash: hex(64, value),
        storedByteLength: 300 + (value % 101),
        checksum: hex(16, value),
    });
}

/** Returns entries of a flat world, made up, for a rectangle of chunks. */
export function* madeUpRectangle(
    level: number,
    [left, near]: readonly [number, number],
    [countX, countZ]: readonly [number, number],
): Generator<ManifestChunk> {
    for (let z = near; z < near + countZ; z++) {
        for (let x = left; x < left + countX; x++) {
            yield madeUpChunk(flatAddress(level, x, z));
        }
    }
}
