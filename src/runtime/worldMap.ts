import type { Quadtree } from "../lod/quadtree.js";
import { RecordState } from "../residency/chunkRecord.js";
import type { Residency } from "../residency/residency.js";
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

export function readWorldMap(
    residency: Residency,
    tree: Quadtree<unknown> | null,
    poses: readonly ViewerPose[],
    chunkSize: number,
): WorldMap {
    const chunks: MapChunk[] = [];
    for (const { address, isCached, isGivenUp, flight } of residency.records.all) {
        const { level, x, z } = address;
        if (isCached) {
            chunks.push({ level, x, z, state: "cached" });
        } else if (flight !== null) {
            const band = BANDS[bandOfPriority(flight.priority)]!;
            chunks.push({ level, x, z, state: flight.isLoading ? "baking" : "waiting", band });
        } else if (isGivenUp) {
            chunks.push({ level, x, z, state: "failed" });
        }
    }
    for (const node of tree?.nodes ?? []) {
        const { level, x, z, handle, isShown, isRefused, record } = node;
        if (handle !== null) {
            chunks.push({ level, x, z, state: isShown ? "shown" : "hidden" });
        } else if (isRefused) {
            chunks.push({ level, x, z, state: "failed" });
        } else if (record.state === RecordState.ready && !record.isCached) {
            chunks.push({ level, x, z, state: "ready" });
        }
    }
    const viewers = poses
        .filter(({ isKnown }) => isKnown)
        .map(({ x, z, forwardX, forwardZ, hasForward, radius }) => {
            return { x, z, forwardX: hasForward ? forwardX : 0, forwardZ: hasForward ? forwardZ : 0, radius };
        });
    return { chunkSize, chunks, viewers };
}
