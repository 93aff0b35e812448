// Which vertex lies on an edge of the present two slices, edge by edge.

import { reserve } from "./arena";
import { distanceBytes } from "./caveSlices";
import { countX } from "./grid";
import { CASES, edgeAt, edgeCount, EDGES } from "./marchingCubes";

export const ALONG_X: i32 = 0;
export const ALONG_Y: i32 = 1;
export const ALONG_Z: i32 = 2;

/**
 * u32, as distances are laid out: edges along x and y of two slices, and edges along z between them. The low 24 bits are
 * the vertex; the high 8 tell how it is mapped. Where no vertex lies the slot holds anything.
 */
export let slots: usize = 0;
let slotBytes: usize = 0;
/** i32 x 12, for each of two parities: bytes from a cell's slot to that of its edge. */
let edgeOffsets: usize = 0;
/** The same for all edges of all cases' triangles: `CASE_EDGES` a case. */
let caseOffsets: usize = 0;
export const CASE_EDGES: usize = 16;

export function layoutSlots(): void {
    slotBytes = distanceBytes * <usize>countX;
    slots = reserve(slotBytes * 5);
    edgeOffsets = reserve(<usize>EDGES * 8);
    caseOffsets = reserve(<usize>CASES * CASE_EDGES * 8);
    for (let parity: usize = 0; parity < 2; parity++) {
        fillOffsets(parity);
    }
}

/** Slots of edges along an axis; those along z know no parity. */
// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
export function slotsOf(axis: i32, parity: usize): usize {
    return slots + slotBytes * (axis === ALONG_Z ? 4 : <usize>axis * 2 + parity);
}

function fillOffsets(parity: usize): void {
    const near = edgeOffsetsOf(parity);
    for (let edge = 0; edge < EDGES; edge++) {
        const axis = edge >> 2;
        const low = <usize>(edge & 1);
        const high = <usize>((edge >> 1) & 1);
        let at: usize;
        if (axis === ALONG_X) {
            at = slotsOf(ALONG_X, parity ^ high) + (low << 2);
        } else if (axis === ALONG_Y) {
            at = slotsOf(ALONG_Y, parity ^ high) + low * distanceBytes;
        } else {
            at = slotsOf(ALONG_Z, 0) + (low << 2) + high * distanceBytes;
        }
        store<i32>(near + (<usize>edge << 2), <i32>(at - slots));
    }
    for (let mask: u32 = 0; mask < <u32>CASES; mask++) {
        const to = caseOffsetsOf(parity) + (<usize>mask * CASE_EDGES << 2);
        for (let i: u32 = 0; i < <u32>CASE_EDGES; i++) {
            // Two triangles are read whatever the case: the edges that it lacks repeat its first.
            const edge = edgeAt(mask, i < edgeCount(mask) ? i : 0);
            store<i32>(to + (<usize>i << 2), load<i32>(near + (<usize>edge << 2)));
        }
    }
}

/** @param parity of the slice at low z */
// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
export function edgeOffsetsOf(parity: usize): usize {
    return edgeOffsets + parity * (<usize>EDGES << 2);
}

/** @param parity of the slice at low z */
// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
export function caseOffsetsOf(parity: usize): usize {
    return caseOffsets + (parity * <usize>CASES * CASE_EDGES << 2);
}
