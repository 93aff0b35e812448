import type { Quadtree } from "../lod/quadtree.js";
import { RecordState } from "../residency/chunkRecord.js";
import type { Residency } from "../residency/residency.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { Topology } from "../space/topology.js";
import { bandOfPriority, BANDS, type RequestBand } from "../streaming/bands.js";
import type { ViewerPose } from "../streaming/viewerTrack.js";

/**
 * Where a chunk is: in the queue, at a worker, here but waiting for the apply budget, on the GPU but not drawn, drawn, given
 * up, or in the cache.
 */
export type MapState = "waiting" | "baking" | "ready" | "hidden" | "shown" | "failed" | "cached";

/** A chunk that is here or on its way. */
export interface MapChunk extends ChunkAddress {
    /** Metres: its least x. */
    readonly minX: number;
    /** Metres: its least z. */
    readonly minZ: number;
    /** Metres: its greatest x. */
    readonly maxX: number;
    /** Metres: its greatest z. */
    readonly maxZ: number;
    /** Where it is. */
    readonly state: MapState;
    /** How urgent it is, where it waits or bakes. */
    readonly band?: RequestBand;
}

/** A viewer, from above. */
export interface MapViewer {
    /** Metres: its x. */
    readonly x: number;
    /** Metres: its z. */
    readonly z: number;
    /** X of where it looks, seen from above; both parts are 0 where it looks nowhere. */
    readonly forwardX: number;
    /** Z of where it looks. */
    readonly forwardZ: number;
    /** Metres: how far it needs ground. */
    readonly radius: number;
}

/** A world from above: every chunk that is here or on its way. Plain data. */
export interface WorldMap {
    /** Metres: side of a chunk of level 0. */
    readonly chunkSize: number;
    /** The chunks, in no order. */
    readonly chunks: readonly MapChunk[];
    /** The viewers. */
    readonly viewers: readonly MapViewer[];
}

/** Scratch: the box of a chunk, whose heights a map does not show. */
const box = new Float64Array(6);
const NO_SPAN = new Float64Array(2);

export function readWorldMap(
    residency: Residency,
    tree: Quadtree<unknown> | null,
    poses: readonly ViewerPose[],
    topology: Topology,
): WorldMap {
    const chunks: MapChunk[] = [];
    const add = ({ face, level, x, z }: ChunkAddress, state: MapState, band?: RequestBand): void => {
        topology.boxToRef(face, level, x, z, NO_SPAN, 0, box);
        const place = { minX: box[0]!, minZ: box[2]!, maxX: box[3]!, maxZ: box[5]! };
        chunks.push({ face, level, x, z, ...place, state, ...(band === undefined ? {} : { band }) });
    };
    for (const { address, isCached, isGivenUp, flight } of residency.records.all) {
        if (isCached) {
            add(address, "cached");
        } else if (flight !== null) {
            add(address, flight.isLoading ? "baking" : "waiting", BANDS[bandOfPriority(flight.priority)]!);
        } else if (isGivenUp) {
            add(address, "failed");
        }
    }
    for (const node of tree?.nodes ?? []) {
        const { handle, isShown, isRefused, record } = node;
        if (handle !== null) {
            add(node, isShown ? "shown" : "hidden");
        } else if (isRefused) {
            add(node, "failed");
        } else if (record.state === RecordState.ready && !record.isCached) {
            add(node, "ready");
        }
    }
    const viewers = poses
        .filter(({ isKnown }) => isKnown)
        .map(({ x, z, forwardX, forwardZ, hasForward, radius }) => {
            return { x, z, forwardX: hasForward ? forwardX : 0, forwardZ: hasForward ? forwardZ : 0, radius };
        });
    return { chunkSize: topology.sides[0]!, chunks, viewers };
}
