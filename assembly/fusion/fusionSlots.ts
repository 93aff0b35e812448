// Slots: which vertex lies on an edge, for each edge of the slices that are kept.

import { reserve, reserveTable } from "../base/arena";
import { countX } from "../heightfield/grid";
import { coarseBytes, distanceBytes } from "../caves/caveSlices";
import { coarseX, coarseZ, hasCoarseCells } from "../caves/coarseCells";
import { CASES, edgeAt, edgeCount, EDGES } from "./marchingCubes";

export const ALONG_X: i32 = 0;
export const ALONG_Y: i32 = 1;
export const ALONG_Z: i32 = 2;

/**
 * Slices of fine cells whose edges are kept: two, or four where there are coarse cells, since what joins both looks at
 * three.
 */
let kept: i32 = 2;
const MOST_KEPT: i32 = 4;

/**
 * u32, laid out as distances are: edges along x and y of `kept` slices, and edges along z behind two of them. The low 24
 * bits are the vertex; the high 8 tell how it is mapped. Where no vertex lies the slot holds anything. Behind them those of
 * coarse cells: of two slices, and of the edges along z between.
 */
export let slots: usize = 0;
let slotBytes: usize = 0;
let coarseSlots: usize = 0;
let coarseSlotBytes: usize = 0;
export const CASE_EDGES: usize = 16;

/**
 * A cell's phase tells where in the rings its edges lie: there is one for each slice that is kept, and behind those two for
 * coarse cells.
 */
const COARSE_PHASE: i32 = MOST_KEPT;
const PHASES: i32 = MOST_KEPT + 2;
/** i32 x 12, for each phase: bytes from a cell's slot to that of its edge. */
const edgeOffsets: usize = reserveTable((<usize>EDGES << 2) * <usize>PHASES);
/** As `edgeOffsets`, for all edges of all cases' triangles: `CASE_EDGES` a case. */
const caseOffsets: usize = reserveTable((<usize>CASES * CASE_EDGES << 2) * <usize>PHASES);
/** The sizes for which both are filled: they hold as long as chunks are of one size. */
let filledBytes: usize = 0;
let filledSlotBytes: usize = 0;
let filledCoarseBytes: usize = 0;

/** Lays out the slots of a chunk's edges. */
export function layoutSlots(): void {
    slotBytes = distanceBytes * <usize>countX;
    kept = hasCoarseCells ? MOST_KEPT : 2;
    slots = reserve(slotBytes * <usize>(kept * 2 + 2));
    coarseSlotBytes = hasCoarseCells ? coarseBytes * <usize>(coarseX(countX - 1) + 1) : 0;
    coarseSlots = reserve(coarseSlotBytes * 5);
    if (filledBytes === distanceBytes && filledSlotBytes === slotBytes && filledCoarseBytes === coarseSlotBytes) {
        return;
    }
    filledBytes = distanceBytes;
    filledSlotBytes = slotBytes;
    filledCoarseBytes = coarseSlotBytes;
    const phases = hasCoarseCells ? PHASES : kept;
    for (let phase = 0; phase < phases; phase++) {
        fillOffsets(phase);
    }
}

/** Returns the address of the slots of edges along an axis, in slice z or from there on. */
@inline
export function slotsOf(axis: i32, z: i32): usize {
    return slots + slotBytes * <usize>(axis === ALONG_Z ? kept * 2 + (z & 1) : axis * kept + (z & (kept - 1)));
}

/** Returns the address of the slots of coarse cells' edges along an axis, in slice z or from there on. */
@inline
export function coarseSlotsOf(axis: i32, z: i32): usize {
    return coarseSlots + coarseSlotBytes * <usize>(axis === ALONG_Z ? 4 : axis * 2 + (coarseZ(z) & 1));
}

/** Returns the phase of fine cells between slices z and z + 1. */
@inline
export function phaseOf(z: i32): i32 {
    return z & (kept - 1);
}

/** Returns the phase of coarse cells between slices z and z + 2. */
@inline
export function coarsePhaseOf(z: i32): i32 {
    return COARSE_PHASE + (coarseZ(z) & 1);
}

/** Fills both tables for a phase. */
function fillOffsets(phase: i32): void {
    const near = edgeOffsetsOf(phase);
    const isCoarsePhase = phase >= COARSE_PHASE;
    const bytes = isCoarsePhase ? coarseBytes : distanceBytes;
    const size = isCoarsePhase ? coarseSlotBytes : slotBytes;
    const base = isCoarsePhase ? coarseSlots - slots : 0;
    const slices = isCoarsePhase ? 2 : kept;
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
            at = size * <usize>(slices * 2 + (isCoarsePhase ? 0 : phase & 1)) + (low << 2) + high * bytes;
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

/** Returns the address of a phase's part of `edgeOffsets`. */
@inline
export function edgeOffsetsOf(phase: i32): usize {
    return edgeOffsets + <usize>phase * (<usize>EDGES << 2);
}

/** Returns the address of a phase's part of `caseOffsets`. */
@inline
export function caseOffsetsOf(phase: i32): usize {
    return caseOffsets + (<usize>phase * <usize>CASES * CASE_EDGES << 2);
}
