// Cave distance on the samples, a slice of constant z at a time: shaped by what columns.ts knows, and the sign of the
// density as masks of 32 rows a word.
//
// Slices lie in a ring, which stays in the processor's cache, or all one behind the other where they are to be kept. Of a
// slice only the columns are filled that narrow cells need (coarseCells.ts), and of every other slice every other column for
// the wide ones, which lie in a ring of their own.

import { reserve } from "../base/arena";
import { boxY, column, layoutColumn, layoutProfile, profileOf, turnToColumn, turnToSlice, wantedOf } from "./caveColumn";
import {
    clearGroups,
    FAR,
    GROUP_BYTES,
    layoutNear,
    usedBytes,
    usedSlice,
    WIDE_GROUP_BYTES,
    wideUsedSlice,
} from "./caveNear";
import { BENT, CAVE, MOUTH, layoutShape, nodeBits, shape, shapeWide } from "./caveShape";
import { bendRows, endRows, firstRows, NO_TUNNEL, radius, surface, surfaceRows, wideReach } from "./columns";
import { countX, countZ, rowBytes } from "../heightfield/grid";
import {
    areNarrowAround,
    askedSlice,
    evenX,
    FOUR_NEVERS,
    isWide,
    kindSlice,
    layoutCells,
    lowOf,
    markWideCells,
    NEVER,
    rowsFrom,
    wideOf,
    wideSliceOf,
} from "./coarseCells";

/** Four of it are 12,689 as f32. */
const FAR_BYTE: u8 = 0x46;

/** Slices of a ring: a cell lies between two of them, and differences reach one further to both sides. */
const RING: i32 = 4;
/** Slices whose cave air is kept: wide cells have twice the depth, and differences twice the reach. */
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
/** u32: one bit a row, set in air. Of columns that are filled. */
export let masks: usize = 0;
/** The same where air is a cave's, in a ring, and behind it a slice without caves: what there is before `firstCaves`. */
let insides: usize = 0;
let firstCaves: i32 = 0;
let slicesKept: i32 = 0;

/** f32: a ring of every other slice; of each every other column and row. */
let wideDistances: usize = 0;
export let wideBytes: usize = 0;
let wideSliceBytes: usize = 0;
/** A bit each of the same samples, set where their air is a cave's; of all slices. */
let wideAirs: usize = 0;
export let airBytes: usize = 0;
export let airSliceBytes: usize = 0;

/** Whether a sample below the surface of the chunk has been found that is air, or that is rock and bends the surface. */
export let isCaveFound: bool = false;
/** Columns around the chunk, which do not count for that. */
let margin: i32 = 0;

/**
 * @param x, firstRow, z the box's first sample, in samples from the origin; `firstRow` a multiple of 8 and of a node
 * @param samplesPerNode a power of two; @param kept slices that are kept at once: `RING`, or all of them
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

/** For slices that come from the lattice: where blended nodes go, and which nodes lie near caves. */
export function layoutBlend(): void {
    layoutProfile();
    layoutNear(rows, slicesKept, boxY);
    fillFar(distances, sliceBytes * <usize>slicesKept);
    if (nodeBits > 0) {
        wideBytes = distanceBytes >> 1;
        wideSliceBytes = wideBytes * <usize>(wideOf(countX - 1) + 1);
        wideDistances = reserve(wideSliceBytes * <usize>RING + 64) + 16;
        fillFar(wideDistances, wideSliceBytes * <usize>RING);
        // A word more: 64 bits may be read from its last.
        airBytes = (<usize>((rows + 127) >> 7) << 3) + 8;
        airSliceBytes = airBytes * <usize>(wideOf(countX - 1) + 1);
        wideAirs = reserve(airSliceBytes * <usize>((countZ >> 1) + 1));
    }
}

function fillFar(from: usize, bytes: usize): void {
    const far = f32x4.splat(FAR);
    for (let at = from, end = from + bytes; at < end; at += 16) {
        v128.store(at, far);
    }
}

/** Wide slices before and behind are the ring's neighbours: `z` two samples off. */
@inline
export function wideSlice(z: i32): usize {
    return wideDistances + <usize>(wideSliceOf(z) & (RING - 1)) * wideSliceBytes;
}

@inline
function slotOf(z: i32): i32 {
    return slicesKept === RING ? z & (RING - 1) : z;
}

@inline
export function distanceSlice(z: i32): usize {
    return distances + <usize>slotOf(z) * sliceBytes;
}

@inline
export function maskSlice(z: i32): usize {
    return masks + <usize>z * maskSliceBytes;
}

@inline
export function insideSlice(z: i32): usize {
    return insides + <usize>(z < firstCaves ? INSIDES : z & (INSIDES - 1)) * maskSliceBytes;
}

@inline
function insideSlot(z: i32): usize {
    return insides + <usize>(z & (INSIDES - 1)) * maskSliceBytes;
}

@inline
function clearedInside(z: i32): usize {
    const slice = insideSlot(z);
    memory.fill(slice, 0, maskSliceBytes);
    return slice;
}

/** Fills distances and masks of slice z, outermost columns aside, from the lattice. */
export function fillSlice(z: i32): void {
    clearedInside(z);
    turnToSlice(z);
    if (isWide && wideSliceOf(z) >= 0) {
        const first = evenX(2);
        let to = wideSlice(z) + <usize>wideOf(first) * wideBytes;
        let used = wideUsedSlice(wideSliceOf(z) & (RING - 1)) + <usize>wideOf(first) * usedBytes;
        let air = wideAir(first, z);
        for (let x = first; x < countX - 1; x += 2) {
            turnToColumn(x);
            note(fillWide(to, used, air), x, z);
            to += wideBytes;
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
            note(fillColumn(x, z, lowest - 1), x, z);
        }
    }
    if (isCaveFound) {
        firstCaves = min(firstCaves, z);
    }
}

/** Notes what a column is. */
@inline
function note(kind: i32, x: i32, z: i32): void {
    if ((kind & MOUTH) !== 0 && !areNarrowAround(x, z)) {
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
 * The column at hand is no mouth, since cells beside it are wide: what lies an edge away from open air turns to rock, as deep
 * as it lies below the ground, so that caves neither open there nor bend the ground.
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

/** Whether the column at hand has air of a cave where narrow cells are. */
function holdsCave(x: i32, z: i32): bool {
    const cave = insideSlot(z) + <usize>x * maskBytes;
    const end = load<i32>(surfaceRows + column);
    let asked = <u32>-1 << (lowOf(x, z) & 31);
    for (let row = lowOf(x, z) & ~31; row < end; row += 32, asked = -1) {
        if ((load<u32>(cave + (<usize>row >> 3)) & asked) !== 0) {
            return true;
        }
    }
    return false;
}

/** Finds which cells are wide, of slices that are filled and kept. */
export function widenSlices(): void {
    markWideCells();
    for (let z = 1; z < countZ - 1; z++) {
        turnToSlice(z);
        for (let x = 1; x < countX - 1; x++) {
            if ((<i32>load<u8>(kindSlice(z) + <usize>x) & MOUTH) !== 0 && !areNarrowAround(x, z)) {
                turnToColumn(x);
                closeMouth(x, z);
            }
        }
    }
}

/**
 * The column's distances on the rows of narrow cells, and on those beside them. Returns its kind.
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
    // What lies between wide samples is not there where cells are wide.
    const first = lowOf(x, z);
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

/** The column's distances on every other row, and where they are air. Returns its kind. @param used groups that are not far */
@inline
function fillWide(to: usize, used: usize, air: usize): i32 {
    const lowest = max(0, load<i32>(firstRows + column) - wideReach) & -(max(8, 1 << nodeBits));
    const highest = min(rows, (load<i32>(endRows + column) + wideReach + 7) & ~7);
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
        refresh(used + (<usize>word << 1), wanted, to + (<usize>word << 4) * WIDE_GROUP_BYTES, WIDE_GROUP_BYTES);
        let bits: u64 = 0;
        if (wanted !== 0) {
            profile = profile === 0 ? profileOf(lowest, highest) : profile;
            bits = shapeWide(profile, wanted, word << 7, to, column) & ~rowsFrom(sky - (word << 6));
            any |= bits;
        }
        store<u64>(air + (<usize>word << 3), bits);
    }
    store<u64>(air + (<usize>words << 3), 0);
    return any !== 0 ? CAVE : 0;
}

/** A bit every other row of a column: set where its air is a cave's. */
@inline
export function wideAir(x: i32, z: i32): usize {
    return wideAirs + <usize>wideSliceOf(z) * airSliceBytes + <usize>wideOf(x) * airBytes;
}

/** What lies far from caves is the same everywhere; the slice before in the ring left something else there. */
@inline
function refresh(used: usize, wanted: i32, to: usize, groupBytes: usize): void {
    const stale = <i32>load<u16>(used) & ~wanted;
    if (stale !== 0) {
        clearGroups(stale, to, groupBytes);
    }
    store<u16>(used, <u16>wanted);
}

/** Rows from `surfaceRow` up are air. */
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

/** Masks of slice z from distances that are given. */
export function maskGivenSlice(z: i32): void {
    const from = distanceSlice(z);
    const inside = clearedInside(z);
    firstCaves = min(firstCaves, z);
    // What is given is meshed as one volume, ground and all.
    memory.fill(kindSlice(z), <u8>(MOUTH | CAVE), <usize>countX);
    for (let x = 1; x < countX - 1; x++) {
        const mask = maskSlice(z) + <usize>x * maskBytes;
        const cave = inside + <usize>x * maskBytes;
        const surfaceRow = load<i32>(surfaceRows + <usize>z * rowBytes + (<usize>x << 2));
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

/** Of sixteen distances, a bit each, those that are air. */
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

export function distancesStart(): usize {
    return distances;
}
