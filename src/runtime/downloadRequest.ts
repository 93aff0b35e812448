import { TerraneError } from "../base/errors.js";
import { assertBounds } from "../base/assertPlace.js";
import { MAX_LEVEL, type ChunkAddress } from "../space/chunkAddress.js";
import { ChunkList } from "../space/chunkList.js";
import { childX, childZ } from "../space/chunkTree.js";
import type { Topology } from "../space/topology.js";
import type { WorldBounds } from "./terrainRuntime.js";

/** Most chunks of one download: 2^18, some ten gigabytes. */
const MOST_CHUNKS = 2 ** 18;

/**
 * Lists the chunks of all levels from `levels[0]` to `levels[1]` that come into a box, with those that share a parent with one
 * of them, for a chunk gives way to its four children all together. The coarsest come first: what is there of an unfinished
 * download covers everything.
 *
 * @throws TerraneError where bounds or levels are wrong, or there are too many chunks
 */
export function chunksToDownload(
    bounds: WorldBounds,
    levels: readonly [number, number],
    topology: Topology,
): ChunkAddress[] {
    assertBounds("bounds", bounds);
    const [lowest, highest] = assertLevels(levels);
    const addresses: ChunkAddress[] = [];
    for (let level = highest; level >= lowest; level--) {
        if (level === highest) {
            chunksInBox(topology, level, bounds).forEach((address) => addresses.push(address));
        } else {
            for (const parent of chunksInBox(topology, level + 1, bounds)) {
                addChildren(parent, addresses);
            }
        }
        if (addresses.length > MOST_CHUNKS) {
            throw tooMany(level);
        }
    }
    return addresses;
}

function chunksInBox(topology: Topology, level: number, { minimum, maximum }: WorldBounds): ChunkAddress[] {
    const middle = { x: (minimum.x + maximum.x) / 2, y: 0, z: (minimum.z + maximum.z) / 2 };
    const radius = Math.hypot(maximum.x - minimum.x, maximum.z - minimum.z) / 2;
    const across = (2 * radius) / topology.sides[level]!;
    if (across * across > 4 * MOST_CHUNKS) {
        throw tooMany(level);
    }
    const list = new ChunkList();
    topology.chunksInReachToRef(level, middle, radius, list);
    const addresses: ChunkAddress[] = [];
    for (let i = 0; i < list.count; i++) {
        const [face, x, z] = [list.faces[i]!, list.xs[i]!, list.zs[i]!];
        if (topology.isInBox(face, level, x, z, minimum, maximum)) {
            addresses.push({ face, level, x, z });
        }
    }
    return addresses;
}

function addChildren({ face, level, x, z }: ChunkAddress, addresses: ChunkAddress[]): void {
    for (let child = 0; child < 4; child++) {
        addresses.push({ face, level: level - 1, x: childX(x, child), z: childZ(z, child) });
    }
}

function assertLevels(levels: readonly [number, number]): readonly [number, number] {
    const isPair = Array.isArray(levels) && levels.length === 2 && levels.every((level) => Number.isInteger(level));
    if (!isPair || levels[0] < 0 || levels[1] > MAX_LEVEL || levels[0] > levels[1]) {
        const allowed = `two integers from 0 to ${MAX_LEVEL}, the lowest level and the highest`;
        throw new TerraneError("levels", levels, allowed, "Pass [0, 6] for the seven finest levels.");
    }
    return levels;
}

function tooMany(level: number): TerraneError {
    const remedy = "Download a smaller part, or coarser levels.";
    const allowed = `bounds and levels with at most ${MOST_CHUNKS} chunks`;
    return new TerraneError("bounds", `too many chunks at level ${level}`, allowed, remedy);
}
