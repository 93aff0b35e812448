import { NodeState, type Quadtree } from "../lod/quadtree.js";
import { levelOfKey, xOfKey, zOfKey, type ChunkAddress } from "../space/chunkAddress.js";
import { bandOfPriority, BANDS, type RequestBand } from "../streaming/bands.js";
import type { ViewerPose } from "../streaming/viewerTrack.js";

/**
 * Where a chunk is: in the queue, at a worker, here but waiting for the apply budget, on the GPU but not drawn, drawn, given
 * up, or in the cache.
 */
export type MapState = "waiting" | "baking" | "ready" | "hidden" | "shown" | "failed" | "cached";

export interface MapChunk {
    readonly level: number;
    readonly x: number;
    readonly z: number;
    readonly state: MapState;
    /** How urgent it is, where it waits or bakes. */
    readonly band?: RequestBand;
}

export interface MapViewer {
    /** Metres. */
    readonly x: number;
    readonly z: number;
    /** Where it looks, seen from above; both 0 where it looks nowhere. */
    readonly forwardX: number;
    readonly forwardZ: number;
    /** Metres. */
    readonly radius: number;
}

/** A world from above: every chunk that is here or on its way. Plain data. */
export interface WorldMap {
    /** Metres: side of a chunk of level 0. */
    readonly chunkSize: number;
    readonly chunks: readonly MapChunk[];
    readonly viewers: readonly MapViewer[];
}

/** What the map reads of the supply. */
interface MapSupply {
    forEachRequested(visit: (address: ChunkAddress, priority: number, isBaking: boolean) => void): void;
    cachedKeys(): Iterable<number>;
}

export function readWorldMap(
    tree: Quadtree<unknown>,
    supply: MapSupply,
    poses: readonly ViewerPose[],
    chunkSize: number,
): WorldMap {
    const chunks: MapChunk[] = [];
    for (const key of supply.cachedKeys()) {
        chunks.push({ level: levelOfKey(key), x: xOfKey(key), z: zOfKey(key), state: "cached" });
    }
    for (const { level, x, z, state, isShown } of tree.nodes) {
        if (state === NodeState.uploaded) {
            chunks.push({ level, x, z, state: isShown ? "shown" : "hidden" });
        } else if (state === NodeState.ready || state === NodeState.failed) {
            chunks.push({ level, x, z, state: state === NodeState.ready ? "ready" : "failed" });
        }
    }
    supply.forEachRequested(({ level, x, z }, priority, isBaking) => {
        chunks.push({ level, x, z, state: isBaking ? "baking" : "waiting", band: BANDS[bandOfPriority(priority)]! });
    });
    const viewers = poses
        .filter(({ isKnown }) => isKnown)
        .map(({ x, z, forwardX, forwardZ, hasForward, radius }) => {
            return { x, z, forwardX: hasForward ? forwardX : 0, forwardZ: hasForward ? forwardZ : 0, radius };
        });
    return { chunkSize, chunks, viewers };
}
