import { TerraneError } from "../base/errors.js";
import { assertAddress, flatAddress, type ChunkAddress } from "../space/chunkAddress.js";

/** Chunks that one manifest may list. */
export const MAX_CHUNKS = 2 ** 20;

/** A rectangle of chunks around a chunk. */
export interface ChunkBlock {
    /** Chunks along x and z, at least 1 each. */
    readonly countX: number;
    readonly countZ: number;
    /** Default 0, the finest. */
    readonly level?: number;
    /** The chunk in the middle; of an even count the one behind the middle. In chunks of the level; default 0, 0. */
    readonly centerX?: number;
    readonly centerZ?: number;
}

/**
 * The block's addresses, row by row: z outer, x inner.
 *
 * @throws TerraneError where a count is no integer of 1 or more, the block has more than 2^20 chunks, or reaches beyond the
 * world's ends
 */
export function addressesOfBlock(block: ChunkBlock): ChunkAddress[] {
    return [...iterateBlock(block)];
}

/** The same one after the other. The block is checked before the first. */
export function iterateBlock(block: ChunkBlock): Iterable<ChunkAddress> {
    if (typeof block !== "object" || block === null) {
        throw new TerraneError("chunks", block, "an object { countX, countZ }", "Pass how many chunks to bake.");
    }
    const { countX, countZ, level = 0, centerX = 0, centerZ = 0 } = block;
    assertCount("chunks.countX", countX);
    assertCount("chunks.countZ", countZ);
    if (countX * countZ > MAX_CHUNKS) {
        throw new TerraneError("chunks", `${countX}x${countZ}`, `at most ${MAX_CHUNKS} chunks`, "Bake several blocks.");
    }
    const firstX = centerX - Math.floor(countX / 2);
    const firstZ = centerZ - Math.floor(countZ / 2);
    // Both ends first: the message names the block's fault before a million addresses are made.
    flatAddress(level, firstX, firstZ);
    flatAddress(level, firstX + countX - 1, firstZ + countZ - 1);
    return addressesFrom(level, firstX, firstZ, countX, countZ);
}

function* addressesFrom(
    level: number,
    firstX: number,
    firstZ: number,
    countX: number,
    countZ: number,
): Generator<ChunkAddress> {
    for (let z = firstZ; z < firstZ + countZ; z++) {
        for (let x = firstX; x < firstX + countX; x++) {
            yield flatAddress(level, x, z);
        }
    }
}

/** The addresses themselves, checked, as many as one manifest may list. */
export function assertAddresses(addresses: Iterable<ChunkAddress>): ChunkAddress[] {
    const list: ChunkAddress[] = [];
    for (const address of addresses) {
        assertAddress(address);
        list.push(address);
        if (list.length > MAX_CHUNKS) {
            throw new TerraneError("addresses", "more", `at most ${MAX_CHUNKS} chunks`, "Bake them in several parts.");
        }
    }
    if (list.length === 0) {
        throw new TerraneError("addresses", "empty", "at least one address", "Name what to bake.");
    }
    return list;
}

function assertCount(field: string, value: number): void {
    if (!Number.isInteger(value) || value < 1) {
        throw new TerraneError(field, value, "an integer of 1 or more", "Pass how many chunks to bake.");
    }
}
