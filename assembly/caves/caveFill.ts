// Fills the slices of caveSlices.ts: distances from the lattice, shaped column by column, or masks of distances that are given.
// Mouths beside coarse cells are closed on the way.

import { SLICES_KEPT } from "../base/shared";
import { countX, countZ, lineBytes } from "../heightfield/grid";
import { column, profileOf, turnToColumn, turnToSlice, wantedOf } from "./caveColumn";
import { clearGroups, COARSE_GROUP_BYTES, coarseUsedSlice, GROUP_BYTES, usedBytes, usedSlice } from "./caveNear";
import { BENT, CAVE, MOUTH, nodeBits, shape, shapeCoarse } from "./caveShape";
import {
    airBytes,
    beginCavesAt,
    clearedInside,
    coarseAir,
    coarseBytes,
    coarseSlice,
    distanceBytes,
    distanceSlice,
    insideSlot,
    isCaveFound,
    margin,
    maskBytes,
    maskSlice,
    reportCave,
    rows,
    slotOf,
} from "./caveSlices";
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
    markCoarseCells,
    NEVER,
    rowsFrom,
} from "./coarseCells";
import { bendRows, coarseReach, endRows, firstRows, NO_TUNNEL, radius, surface, surfaceRows } from "./columns";

/** Four of these bytes are 12,689 as f32: far from any cave. */
const FAR_BYTE: u8 = 0x46;

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
        beginCavesAt(z);
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
        reportCave();
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
    beginCavesAt(z);
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
    reportCave();
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
