// Cave distance on the samples, a slice of constant z at a time: shaped by what columns.ts knows, and the sign of the
// density as masks of 32 rows a word.
//
// Slices lie in a ring, which stays in the processor's cache, or all one behind the other where they are to be kept. Of a
// slice only the columns are filled that fine cells need (coarseCells.ts), and of every other slice every other column for
// the coarse ones, which lie in a ring of their own.

import { reserve } from "../base/arena";
import { SLICES_KEPT } from "../base/shared";
import { countX, countZ, lineBytes } from "../heightfield/grid";
import {
    boxY,
    column,
    layoutColumn,
    layoutProfile,
    profileOf,
    turnToColumn,
    turnToSlice,
    wantedOf,
} from "./caveColumn";
import {
    clearGroups,
    COARSE_GROUP_BYTES,
    coarseUsedSlice,
    FAR,
    GROUP_BYTES,
    layoutNear,
    usedBytes,
    usedSlice,
} from "./caveNear";
import { BENT, CAVE, layoutShape, MOUTH, nodeBits, shape, shapeCoarse } from "./caveShape";
import {
    areFineAround,
    askedSlice,
    coarseX,
    coarseZ,
    evenX,
    firstFineRow,
    FOUR_NEVERS,
    hasCoarseCells,
    kindSlice,
    layoutCells,
    markCoarseCells,
    NEVER,
    rowsFrom,
} from "./coarseCells";
import { bendRows, coarseReach, endRows, firstRows, NO_TUNNEL, radius, surface, surfaceRows } from "./columns";

/** Four of these bytes are 12,689 as f32: far from any cave. */
const FAR_BYTE: u8 = 0x46;

/** Slices whose cave air is kept: coarse cells have twice the depth, and differences twice the reach. */
const INSIDES: i32 = 8;

/** Rows of the volume, a multiple of 32. */
export let rows: i32 = 0;
/** Bytes of one column of distances and of masks. The mask has a word more: 64 bits may be read from its last. */
export let distanceBytes: usize = 0;
export let maskBytes: usize = 0;
let sliceBytes: usize = 0;
let maskSliceBytes: usize = 0;
/** f32: slice by slice, column by column, upwards. */
export let distances: usize = 0;
/** u32: one bit a row, set in air, of columns that are filled. */
export let masks: usize = 0;
/**
 * As `masks`, set where air is a cave's: in a ring, and behind it a slice without caves, which stands for all before
 * `firstCaves`.
 */
let insides: usize = 0;
let firstCaves: i32 = 0;
let slicesKept: i32 = 0;

/** f32: a ring of every other slice, and of each every other column and row. */
let coarseDistances: usize = 0;
export let coarseBytes: usize = 0;
let coarseSliceBytes: usize = 0;
/** A bit for each of the same samples, set where their air is a cave's; of all slices. */
let coarseAirs: usize = 0;
export let airBytes: usize = 0;
export let airSliceBytes: usize = 0;

/** Whether a sample below the surface of the chunk has been found that is air, or that is rock and bends the surface. */
export let isCaveFound: bool = false;
/** Columns around the chunk, which do not count for that. */
let margin: i32 = 0;

/**
 * Lays out the slices of a box of samples.
 *
 * @param x, firstRow, z the box's first sample, in samples from the origin; `firstRow` a multiple of 8 and of a node
 * @param samplesPerNode a power of two
 * @param kept slices that are kept at once: `SLICES_KEPT`, or all of them
 * @param around columns around the chunk
 */
export function layoutSlices(x: i32, firstRow: i32, z: i32, rowCount: i32, samplesPerNode: i32, kept: i32, around: i32): void {
    rows = (rowCount + 31) & ~31;
    distanceBytes = <usize>rows << 2;
    maskBytes = (<usize>rows >> 3) + 4;
    sliceBytes = distanceBytes * <usize>countX;
    maskSliceBytes = maskBytes * <usize>countX;
    slicesKept = kept;
    distances = reserve(sliceBytes * <usize>kept + 64) + 16;
    masks = reserve(maskSliceBytes * <usize>countZ + 8);
    insides = reserve(maskSliceBytes * <usize>(INSIDES + 1) + 8);
    memory.fill(insides + maskSliceBytes * <usize>INSIDES, 0, maskSliceBytes + 8);
    firstCaves = i32.MAX_VALUE;
    layoutShape(ctz(samplesPerNode), rows);
    layoutColumn(x, firstRow, z);
    layoutCells(x, z);
    isCaveFound = false;
    margin = around;
}

/** Prepares to fill slices from the lattice: makes room for blended nodes, and finds which nodes lie near caves. */
export function layoutBlend(): void {
    layoutProfile();
    layoutNear(rows, slicesKept, boxY);
    fillFar(distances, sliceBytes * <usize>slicesKept);
    if (nodeBits > 0) {
        coarseBytes = distanceBytes >> 1;
        coarseSliceBytes = coarseBytes * <usize>(coarseX(countX - 1) + 1);
        coarseDistances = reserve(coarseSliceBytes * <usize>SLICES_KEPT + 64) + 16;
        fillFar(coarseDistances, coarseSliceBytes * <usize>SLICES_KEPT);
        // A word more: 64 bits may be read from its last.
        airBytes = (<usize>((rows + 127) >> 7) << 3) + 8;
        airSliceBytes = airBytes * <usize>(coarseX(countX - 1) + 1);
        coarseAirs = reserve(airSliceBytes * <usize>((countZ >> 1) + 1));
    }
}

/** Fills distances with `FAR`. */
function fillFar(from: usize, bytes: usize): void {
    const far = f32x4.splat(FAR);
    for (let at = from, end = from + bytes; at < end; at += 16) {
        v128.store(at, far);
    }
}

/**
 * Returns the address of the coarse distances of slice z. Those two samples before and behind are its neighbours in the
 * ring.
 */
@inline
export function coarseSlice(z: i32): usize {
    return coarseDistances + <usize>(coarseZ(z) & (SLICES_KEPT - 1)) * coarseSliceBytes;
}

/** Returns the place of a slice among those that are kept. */
@inline
function slotOf(z: i32): i32 {
    return slicesKept === SLICES_KEPT ? z & (SLICES_KEPT - 1) : z;
}

/** Returns the address of the distances of slice z. */
@inline
export function distanceSlice(z: i32): usize {
    return distances + <usize>slotOf(z) * sliceBytes;
}

/** Returns the address of the masks of slice z. */
@inline
export function maskSlice(z: i32): usize {
    return masks + <usize>z * maskSliceBytes;
}

/** Returns the address of the cave masks of slice z. */
@inline
export function insideSlice(z: i32): usize {
    return insides + <usize>(z < firstCaves ? INSIDES : z & (INSIDES - 1)) * maskSliceBytes;
}

/** Returns the address in the ring of cave masks that slice z takes. */
@inline
function insideSlot(z: i32): usize {
    return insides + <usize>(z & (INSIDES - 1)) * maskSliceBytes;
}

/** Clears the cave masks of slice z, and returns their address. */
@inline
function clearedInside(z: i32): usize {
    const slice = insideSlot(z);
    memory.fill(slice, 0, maskSliceBytes);
    return slice;
}

/** Fills distances and masks of slice z from the lattice, outermost columns aside. */
export function fillSlice(z: i32): void {
    clearedInside(z);
    turnToSlice(z);
    if (hasCoarseCells && coarseZ(z) >= 0) {
        const first = evenX(2);
        let to = coarseSlice(z) + <usize>coarseX(first) * coarseBytes;
        let used = coarseUsedSlice(coarseZ(z) & (SLICES_KEPT - 1)) + <usize>coarseX(first) * usedBytes;
        let air = coarseAir(first, z);
        for (let x = first; x < countX - 1; x += 2) {
            turnToColumn(x);
            recordKind(fillCoarse(to, used, air), x, z);
            to += coarseBytes;
            used += usedBytes;
            air += airBytes;
        }
    }
    const asked = askedSlice(z);
    for (let x = 1; x < countX - 1; x++) {
        const at = asked + (<usize>x << 1);
        if (load<u64>(at) === FOUR_NEVERS) {
            x += 3;
            continue;
        }
        const lowest = <i32>load<u16>(at);
        if (lowest !== NEVER) {
            turnToColumn(x);
            recordKind(fillColumn(x, z, lowest - 1), x, z);
        }
    }
    if (isCaveFound) {
        firstCaves = min(firstCaves, z);
    }
}

/** Records the kind of the present column; a mouth beside coarse cells is closed first. */
@inline
function recordKind(kind: i32, x: i32, z: i32): void {
    if ((kind & MOUTH) !== 0 && !areFineAround(x, z)) {
        closeMouth(x, z);
        kind = (kind & CAVE) !== 0 && holdsCave(x, z) ? CAVE : 0;
    }
    if (kind === 0) {
        return;
    }
    const at = kindSlice(z) + <usize>x;
    store<u8>(at, load<u8>(at) | <u8>(kind & (MOUTH | CAVE)));
    if ((kind & (CAVE | BENT)) !== 0 && x >= margin && z >= margin && x < countX - margin && z < countZ - margin) {
        isCaveFound = true;
    }
}

/**
 * Closes the present column, beside which cells are coarse: what lies an edge away from open air turns to rock, as deep as
 * it lies below the ground, so that caves neither open there nor bend the ground.
 */
function closeMouth(x: i32, z: i32): void {
    const to = distanceSlice(z) + <usize>x * distanceBytes;
    const mask = maskSlice(z) + <usize>x * maskBytes;
    const cave = insideSlot(z) + <usize>x * maskBytes;
    const top = load<f32>(surface + column);
    const end = load<i32>(surfaceRows + column);
    for (let row = max(0, <i32>ceil(load<f32>(bendRows + column))); row < end; row++) {
        const at = to + (<usize>row << 2);
        const depth = top - <f32>row;
        if (load<f32>(at) < depth) {
            const byte = <usize>row >> 3;
            const others = ~(1 << (row & 7));
            store<f32>(at, depth);
            store<u8>(mask + byte, <u8>(<i32>load<u8>(mask + byte) & others));
            store<u8>(cave + byte, <u8>(<i32>load<u8>(cave + byte) & others));
        }
    }
}

/** Returns whether the present column has cave air where fine cells are. */
function holdsCave(x: i32, z: i32): bool {
    const cave = insideSlot(z) + <usize>x * maskBytes;
    const end = load<i32>(surfaceRows + column);
    let asked = <u32>-1 << (firstFineRow(x, z) & 31);
    for (let row = firstFineRow(x, z) & ~31; row < end; row += 32, asked = -1) {
        if ((load<u32>(cave + (<usize>row >> 3)) & asked) !== 0) {
            return true;
        }
    }
    return false;
}

/**
 * Finds which cells are coarse, of slices that `fillSlices` has filled and that are kept, and closes mouths at the rim of
 * fine ones.
 */
export function coarsenSlices(): void {
    markCoarseCells();
    for (let z = 1; z < countZ - 1; z++) {
        turnToSlice(z);
        for (let x = 1; x < countX - 1; x++) {
            if ((<i32>load<u8>(kindSlice(z) + <usize>x) & MOUTH) !== 0 && !areFineAround(x, z)) {
                turnToColumn(x);
                closeMouth(x, z);
            }
        }
    }
}

/**
 * Fills the present column's distances on the rows of fine cells, and on those beside them. Returns its kind.
 *
 * @param asked the first of them
 */
function fillColumn(x: i32, z: i32, asked: i32): i32 {
    const to = distanceSlice(z) + <usize>x * distanceBytes;
    const mask = maskSlice(z) + <usize>x * maskBytes;
    const cave = insideSlot(z) + <usize>x * maskBytes;
    fillMask(mask, load<i32>(surfaceRows + column));
    const used = usedSlice(slotOf(z)) + <usize>x * usedBytes;
    const low = max(load<i32>(firstRows + column), asked);
    const lowest = max(0, low) & -(max(8, 1 << nodeBits));
    const highest = min(rows, (load<i32>(endRows + column) + 7) & ~7);
    if (lowest >= highest) {
        return 0;
    }
    // What lies between coarse samples is not there where cells are coarse.
    const first = firstFineRow(x, z);
    if (load<f32>(radius + column) <= NO_TUNNEL) {
        memory.fill(to + (<usize>lowest << 2), FAR_BYTE, <usize>(highest - lowest) << 2);
        memory.fill(used, 0xff, usedBytes);
        return 0;
    }
    let profile: usize = 0;
    let kind = 0;
    for (let word = 0; word < <i32>usedBytes >> 1; word++) {
        const wanted = wantedOf(word << 4, lowest >> 3, highest >> 3);
        refresh(used + (<usize>word << 1), wanted, to + (<usize>word << 4) * GROUP_BYTES, GROUP_BYTES);
        if (wanted !== 0) {
            profile = profile === 0 ? profileOf(lowest, highest) : profile;
            kind |= shape(profile, wanted, word << 7, first, to, mask, cave, column);
        }
    }
    return kind;
}

/**
 * Fills the present column's distances on every other row, and which of them are air. Returns its kind.
 *
 * @param used groups that are not far
 */
@inline
function fillCoarse(to: usize, used: usize, air: usize): i32 {
    const lowest = max(0, load<i32>(firstRows + column) - coarseReach) & -(max(8, 1 << nodeBits));
    const highest = min(rows, (load<i32>(endRows + column) + coarseReach + 7) & ~7);
    if (lowest >= highest) {
        // The sea lies above the ground.
        memory.fill(air, 0, airBytes);
        return 0;
    }
    if (load<f32>(radius + column) <= NO_TUNNEL) {
        memory.fill(to + (<usize>lowest << 1), FAR_BYTE, <usize>(highest - lowest) << 1);
        memory.fill(used, 0xff, usedBytes);
        memory.fill(air, 0, airBytes);
        return 0;
    }
    const sky = (load<i32>(surfaceRows + column) + 1) >> 1;
    const words = <i32>usedBytes >> 1;
    let profile: usize = 0;
    let any: u64 = 0;
    for (let word = 0; word < words; word++) {
        const wanted = wantedOf(word << 4, lowest >> 3, highest >> 3);
        refresh(used + (<usize>word << 1), wanted, to + (<usize>word << 4) * COARSE_GROUP_BYTES, COARSE_GROUP_BYTES);
        let bits: u64 = 0;
        if (wanted !== 0) {
            profile = profile === 0 ? profileOf(lowest, highest) : profile;
            bits = shapeCoarse(profile, wanted, word << 7, to, column) & ~rowsFrom(sky - (word << 6));
            any |= bits;
        }
        store<u64>(air + (<usize>word << 3), bits);
    }
    store<u64>(air + (<usize>words << 3), 0);
    return any !== 0 ? CAVE : 0;
}

/** Returns the address of a column's bits, one every other row, set where its air is a cave's. */
@inline
export function coarseAir(x: i32, z: i32): usize {
    return coarseAirs + <usize>coarseZ(z) * airSliceBytes + <usize>coarseX(x) * airBytes;
}

/** Sets to `FAR` what the slice before in the ring left in groups that are far now. */
@inline
function refresh(used: usize, wanted: i32, to: usize, groupBytes: usize): void {
    const stale = <i32>load<u16>(used) & ~wanted;
    if (stale !== 0) {
        clearGroups(stale, to, groupBytes);
    }
    store<u16>(used, <u16>wanted);
}

/** Fills a mask of a column whose rows from `surfaceRow` up are air. */
@inline
function fillMask(mask: usize, surfaceRow: i32): void {
    let word = mask;
    for (const split = mask + (<usize>(surfaceRow >> 5) << 2); word < split; word += 4) {
        store<u32>(word, 0);
    }
    store<u32>(word, <u32>-1 << (surfaceRow & 31));
    for (const end = mask + maskBytes; (word += 4) < end;) {
        store<u32>(word, <u32>-1);
    }
}

/** Fills the masks of slice z from distances that are given. */
export function maskGivenSlice(z: i32): void {
    const from = distanceSlice(z);
    const inside = clearedInside(z);
    firstCaves = min(firstCaves, z);
    // What is given is meshed as one volume, ground and all.
    memory.fill(kindSlice(z), <u8>(MOUTH | CAVE), <usize>countX);
    for (let x = 1; x < countX - 1; x++) {
        const mask = maskSlice(z) + <usize>x * maskBytes;
        const cave = inside + <usize>x * maskBytes;
        const surfaceRow = load<i32>(surfaceRows + <usize>z * lineBytes + (<usize>x << 2));
        fillMask(mask, surfaceRow);
        const own = from + <usize>x * distanceBytes;
        for (let row = 0; row < min(surfaceRow, rows); row += 32) {
            const bits = airBits(own + (<usize>row << 2)) | (airBits(own + (<usize>row << 2) + 64) << 16);
            const at = <usize>row >> 3;
            const sky = load<u32>(mask + at);
            store<u32>(mask + at, sky | bits);
            store<u32>(cave + at, bits & ~sky);
        }
    }
    isCaveFound = true;
}

/** Returns which of sixteen distances are air, a bit each. */
@inline
function airBits(from: usize): u32 {
    const zero = f32x4.splat(0);
    const low = i16x8.narrow_i32x4_s(f32x4.le(v128.load(from), zero), f32x4.le(v128.load(from, 16), zero));
    const high = i16x8.narrow_i32x4_s(f32x4.le(v128.load(from, 32), zero), f32x4.le(v128.load(from, 48), zero));
    return <u32>i8x16.bitmask(i8x16.narrow_i16x8_s(low, high));
}

/** Fills all slices but the outermost, where all are kept. What no vertex may ask for is far from caves. */
export function fillSlices(): void {
    for (let z = 1; z < countZ - 1; z++) {
        fillSlice(z);
    }
}

/** Returns the address of the distances, f32: slice by slice, column by column, upwards. */
export function distancesStart(): usize {
    return distances;
}
