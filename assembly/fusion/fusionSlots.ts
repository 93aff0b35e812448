// Which vertex lies on an edge of the slices at hand, edge by edge.

import { reserve, reserveTable } from "../base/arena";
import { distanceBytes, wideBytes } from "../caves/caveSlices";
import { countX } from "../heightfield/grid";
import { CASES, edgeAt, edgeCount, EDGES } from "./marchingCubes";
import { isWide, wideOf, wideSliceOf } from "../caves/coarseCells";

export const ALONG_X: i32 = 0;
export const ALONG_Y: i32 = 1;
export const ALONG_Z: i32 = 2;

/** Slices of narrow cells whose edges are kept: two, or four where there are wide cells: what joins both looks at three. */
let kept: i32 = 2;
const MOST_KEPT: i32 = 4;

/**
 * u32, as distances are laid out: edges along x and y of `kept` slices, and edges along z behind two of them. The low 24
 * bits are the vertex; the high 8 tell how it is mapped. Where no vertex lies the slot holds anything. Behind them the same
 * for wide cells, of two slices, and of the edges along z between.
 */
export let slots: usize = 0;
let slotBytes: usize = 0;
let wideSlots: usize = 0;
let wideSlotBytes: usize = 0;
export const CASE_EDGES: usize = 16;

/** A cell's phase tells where in the rings its edges lie: one for each slice that is kept; for wide cells behind those. */
const WIDE_PHASE: i32 = MOST_KEPT;
const PHASES: i32 = MOST_KEPT + 2;
/** i32 x 12, for each phase: bytes from a cell's slot to that of its edge. */
const edgeOffsets: usize = reserveTable((<usize>EDGES << 2) * <usize>PHASES);
/** The same for all edges of all cases' triangles: `CASE_EDGES` a case. */
const caseOffsets: usize = reserveTable((<usize>CASES * CASE_EDGES << 2) * <usize>PHASES);
/** What both were filled for: they hold as long as chunks are of one size. */
let filledBytes: usize = 0;
let filledSlotBytes: usize = 0;
let filledWideBytes: usize = 0;

export function layoutSlots(): void {
    slotBytes = distanceBytes * <usize>countX;
    kept = isWide ? MOST_KEPT : 2;
    slots = reserve(slotBytes * <usize>(kept * 2 + 2));
    wideSlotBytes = isWide ? wideBytes * <usize>(wideOf(countX - 1) + 1) : 0;
    wideSlots = reserve(wideSlotBytes * 5);
    if (filledBytes === distanceBytes && filledSlotBytes === slotBytes && filledWideBytes === wideSlotBytes) {
        return;
    }
    filledBytes = distanceBytes;
    filledSlotBytes = slotBytes;
    filledWideBytes = wideSlotBytes;
    const phases = isWide ? PHASES : kept;
    for (let phase = 0; phase < phases; phase++) {
        fillOffsets(phase);
    }
}

/** Slots of edges along an axis in slice z, or from there on. */
@inline
export function slotsOf(axis: i32, z: i32): usize {
    return slots + slotBytes * <usize>(axis === ALONG_Z ? kept * 2 + (z & 1) : axis * kept + (z & (kept - 1)));
}

/** The same of wide cells. */
@inline
export function wideSlotsOf(axis: i32, z: i32): usize {
    return wideSlots + wideSlotBytes * <usize>(axis === ALONG_Z ? 4 : axis * 2 + (wideSliceOf(z) & 1));
}

@inline
export function phaseOf(z: i32): i32 {
    return z & (kept - 1);
}

@inline
export function widePhaseOf(z: i32): i32 {
    return WIDE_PHASE + (wideSliceOf(z) & 1);
}

function fillOffsets(phase: i32): void {
    const near = edgeOffsetsOf(phase);
    const isWidePhase = phase >= WIDE_PHASE;
    const bytes = isWidePhase ? wideBytes : distanceBytes;
    const size = isWidePhase ? wideSlotBytes : slotBytes;
    const base = isWidePhase ? wideSlots - slots : 0;
    const slices = isWidePhase ? 2 : kept;
    for (let edge = 0; edge < EDGES; edge++) {
        const axis = edge >> 2;
        const low = <usize>(edge & 1);
        const high = <usize>((edge >> 1) & 1);
        // Of edges along x and y `high` is the cell's far slice.
        const slice = (phase + <i32>high) & (slices - 1);
        let at: usize;
        if (axis === ALONG_X) {
            at = size * <usize>slice + (low << 2);
        } else if (axis === ALONG_Y) {
            at = size * <usize>(slices + slice) + low * bytes;
        } else {
            at = size * <usize>(slices * 2 + (isWidePhase ? 0 : phase & 1)) + (low << 2) + high * bytes;
        }
        store<i32>(near + (<usize>edge << 2), <i32>(base + at));
    }
    for (let mask: u32 = 0; mask < <u32>CASES; mask++) {
        const to = caseOffsetsOf(phase) + (<usize>mask * CASE_EDGES << 2);
        const count = edgeCount(mask);
        // Two triangles at a time are read, at least once: the edges that a case lacks repeat its first.
        for (let i: u32 = 0; i < <u32>CASE_EDGES; i++) {
            const edge = edgeAt(mask, i < count ? i : 0);
            store<i32>(to + (<usize>i << 2), load<i32>(near + (<usize>edge << 2)));
        }
    }
}

@inline
export function edgeOffsetsOf(phase: i32): usize {
    return edgeOffsets + <usize>phase * (<usize>EDGES << 2);
}

@inline
export function caseOffsetsOf(phase: i32): usize {
    return caseOffsets + (<usize>phase * <usize>CASES * CASE_EDGES << 2);
}
