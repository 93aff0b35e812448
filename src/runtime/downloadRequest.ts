import { TerraneError } from "../base/errors.js";
import { assertBounds } from "../base/assertPlace.js";
import { MAX_LEVEL, type ChunkAddress } from "../space/chunkAddress.js";
import { ChunkList } from "../space/chunkList.js";
import type { Topology } from "../space/topology.js";
import type { WorldBounds } from "./terrainRuntime.js";

/** Most chunks of one download: 2^18, some ten gigabytes. */
const MOST_CHUNKS = 2 ** 18;

/**
 * Lists the chunks of all levels from `levels[0]` to `levels[1]` that come into a box, the coarsest first: what is there of an
 * unfinished download covers everything.
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
    const { minimum, maximum } = bounds;
    const middle = { x: (minimum.x + maximum.x) / 2, y: 0, z: (minimum.z + maximum.z) / 2 };
    const radius = Math.hypot(maximum.x - minimum.x, maximum.z - minimum.z) / 2;
    const addresses: ChunkAddress[] = [];
    for (let level = highest; level >= lowest; level--) {
        const across = (2 * radius) / topology.sides[level]!;
        if (across * across > 4 * MOST_CHUNKS) {
            throw tooMany(level);
        }
        addInBox(topology, level, middle, radius, bounds, addresses);
        if (addresses.length > MOST_CHUNKS) {
            throw tooMany(level);
        }
    }
    return addresses;
}

function addInBox(
    topology: Topology,
    level: number,
    middle: { x: number; y: number; z: number },
    radius: number,
    { minimum, maximum }: WorldBounds,
    addresses: ChunkAddress[],
): void {
    const list = new ChunkList();
    topology.chunksInReachToRef(level, middle, radius, list);
    for (let i = 0; i < list.count; i++) {
        const [face, x, z] = [list.faces[i]!, list.xs[i]!, list.zs[i]!];
        if (topology.isInBox(face, level, x, z, minimum, maximum)) {
            addresses.push({ face, level, x, z });
        }
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
    return new TerraneError("bounds", `more than ${MOST_CHUNKS} chunks at level ${level}`, "fewer", remedy);
}
