// Which cells of a volume are coarse. Where the cave lattice is coarser than the samples, cave walls are cut in cells of two
// samples a side: what lies between is interpolated anyway. Cells around mouths stay fine, of one sample, since there
// caves meet the ground, which lies on all samples.
//
// A coarse cell begins at even samples of the level. Where a column at one of its corners is a mouth, cells of one sample stand
// in its place, from a little below the ground upwards. Between corners, columns are mouths in the midst of such cells alone.
// All this follows from columns around, so the chunks of a border agree. What joins the two kinds: transitionCells.ts.

import { reserve } from "../base/arena";
import { countX, countZ, lineBytes } from "../heightfield/grid";
import { column, profileOf, turnToColumn, turnToSlice, wantedOf } from "./caveColumn";
import { CAVE, hasMouth, MOUTH, nodeBits } from "./caveShape";
import { tunnelRadius } from "./caveWorld";
import { bendRows, LIP_ROCK, mouthRows, NO_TUNNEL, radius, roofLimit, roofRow, surface, surfaceRows } from "./columns";

/**
 * Least radius of tunnels, in samples, where cells may be coarse: twice `SAMPLES_PER_RADIUS` of src/recipe/lattice.ts, so
 * that a coarse cell has as many samples a tunnel as a level must have.
 */
const LEAST_RADIUS: f32 = 3.5;

/** Whether there are coarse cells at all. */
export let hasCoarseCells: bool = false;
/** u8 a column, `kindBytes` a slice: whether it holds a cave, and whether caves may change the ground there. */
let kinds: usize = 0;
export let kindBytes: usize = 0;
/** u8 a cell of one sample, as many a slice: 255 where it is fine. Two slices more lie before and behind. */
let cells: usize = 0;
/** u16 a column, as many a slice: the first row of the fine cells around, an even one; `NEVER` where there is none. */
let fineRows: usize = 0;
/** As `fineRows`, but of the columns beside, too: the first row whose distances are asked for. */
let askedRows: usize = 0;
/** Stands for a row above all others. Its two bytes are alike. */
export const NEVER: i32 = 0x7f7f;
/** `NEVER` of four columns. */
export const FOUR_NEVERS: u64 = 0x7f7f7f7f7f7f7f7f;
/** 1 where the grid's first column, or slice, is an odd sample of the level. */
let oddX: i32 = 0;
let oddZ: i32 = 0;

/**
 * Lays out the cells of a volume, all of them fine.
 *
 * @param x, z the grid's first sample, in samples from the origin. All cells are fine at first.
 */
export function layoutCells(x: i32, z: i32): void {
    oddX = x & 1;
    oddZ = z & 1;
    hasCoarseCells = false;
    kindBytes = <usize>(countX + 16) & ~15;
    kinds = reserve(kindBytes * <usize>countZ + 32);
    memory.fill(kinds, 0, kindBytes * <usize>countZ + 32);
    const size = kindBytes * <usize>(countZ + 4) + 32;
    cells = reserve(size);
    memory.fill(cells, 0xff, size);
    cells += kindBytes * 2 + 16;
    const planeBytes = kindBytes * <usize>(countZ + 2) * 2 + 32;
    fineRows = reserve(planeBytes);
    memory.fill(fineRows, 0, planeBytes);
    fineRows += kindBytes * 2 + 16;
    askedRows = reserve(planeBytes);
    memory.fill(askedRows, 0, planeBytes);
}

/** Returns the address of the kinds of the columns of slice z. */
@inline
export function kindSlice(z: i32): usize {
    return kinds + <usize>z * kindBytes;
}

/** Returns the address of the cells between slices z and z + 1. */
@inline
export function cellsAt(z: i32): usize {
    return cells + <usize>z * kindBytes;
}

/**
 * Returns the address of u16 a column of slice z: the first row whose distances fine cells ask for, for themselves or for
 * gradients.
 */
@inline
export function askedSlice(z: i32): usize {
    return askedRows + <usize>z * kindBytes * 2;
}

/** Returns the first row at which fine cells touch a column. */
@inline
export function firstFineRow(x: i32, z: i32): i32 {
    return <i32>load<u16>(fineRowPlace(x, z));
}

/** Returns the address of the first row at which fine cells touch a column. */
@inline
function fineRowPlace(x: i32, z: i32): usize {
    return fineRows + (<usize>z * kindBytes + <usize>x << 1);
}

/** Returns whether no fine cell touches a column and the three behind it. */
@inline
export function areCoarse(x: i32, z: i32): bool {
    return load<u64>(fineRowPlace(x, z)) === FOUR_NEVERS;
}

/** Returns the first row at which fine cells touch the edge along x that begins at a column. */
@inline
export function firstFineRowAcross(x: i32, z: i32): i32 {
    return firstFineRow(evenX(x) + 1, z);
}

/** Returns the first row at which fine cells touch the edge along z that begins at a column. */
@inline
export function firstFineRowAlong(x: i32, z: i32): i32 {
    return firstFineRow(x, evenZ(z) + 1);
}

/**
 * Returns the row from which on cells have one sample a side, in the coarse cell that holds the cell at x, z; below they
 * have two.
 */
@inline
export function firstFineRowOfCell(x: i32, z: i32): i32 {
    return firstFineRow(evenX(x) + 1, evenZ(z) + 1);
}

/** Returns the first row at which fine cells touch any of a coarse cell's columns. */
@inline
export function firstFineRowAround(x: i32, z: i32): i32 {
    // A column between two others is touched where both are.
    return min(min(firstFineRow(x, z), firstFineRow(x + 2, z)), min(firstFineRow(x, z + 2), firstFineRow(x + 2, z + 2)));
}

/**
 * Returns the bits of 64 rows from a number on, which may lie outside.
 *
 * @param from counts from the word's first row
 */
@inline
export function rowsFrom(from: i32): u64 {
    return from >= 64 ? 0 : <u64>-1 << <u64>max(0, from);
}

/**
 * Returns the bits, one every other row, of the rows below a number.
 *
 * @param end counts from the first bit's row
 */
@inline
export function rowsBelow(end: i32): u32 {
    return <u32>~rowsFrom((end + 1) >> 1);
}

/** Returns whether caves may cross a coarse cell. */
@inline
export function hasCave(x: i32, z: i32): bool {
    return (nineOf(kindSlice(z), x) & (CAVE * 0x010101)) !== 0;
}

/** Returns the kinds of the nine columns of a coarse cell, ored: those of three slices, in the low three bytes. */
@inline
function nineOf(plane: usize, x: i32): u32 {
    const at = plane + <usize>x;
    return load<u32>(at) | load<u32>(at + kindBytes) | load<u32>(at + kindBytes * 2);
}

/** Returns a column's number among those of coarse cells. */
@inline
export function coarseX(x: i32): i32 {
    return (x + oddX) >> 1;
}

/** Returns a slice's number among those of coarse cells, or -1 where it lies between. */
@inline
export function coarseZ(z: i32): i32 {
    return ((z + oddZ) & 1) === 0 ? (z + oddZ) >> 1 : -1;
}

/** Returns the last even sample up to `at`, along x. */
@inline
export function evenX(at: i32): i32 {
    return ((at + oddX) & ~1) - oddX;
}

/** Returns the last even sample up to `at`, along z. */
@inline
export function evenZ(at: i32): i32 {
    return ((at + oddZ) & ~1) - oddZ;
}

/** Returns whether the lattice is coarser than the samples, and tunnels are thick enough. */
function mayBeCoarse(): bool {
    return nodeBits > 0 && tunnelRadius >= LEAST_RADIUS;
}

/** Finds which cells are coarse, where mouths are known already. */
export function markCoarseCells(): void {
    if (mayBeCoarse()) {
        clearCells();
        markCells();
    }
}

/** Makes all cells coarse. */
function clearCells(): void {
    hasCoarseCells = true;
    memory.fill(cells - kindBytes * 2 - 16, 0, kindBytes * <usize>(countZ + 4) + 32);
    memory.fill(fineRows - kindBytes * 2 - 16, <u8>NEVER, kindBytes * <usize>(countZ + 2) * 2 + 32);
}

/** Finds which cells are coarse, and which rows fine ones ask for. */
export function findCoarseCells(): void {
    if (!mayBeCoarse()) {
        return;
    }
    clearCells();
    findMouths();
    markCells();
    for (let z = 0; z < countZ; z++) {
        markAsked(z);
    }
}

/** Marks columns at the corners of coarse cells that are mouths. */
function findMouths(): void {
    const corners = 5 << oddX;
    for (let z = evenZ(2); z < countZ - 1; z += 2) {
        const to = kindSlice(z);
        const row = <usize>z * lineBytes;
        turnToSlice(z);
        for (let first = 0; first < countX - 1; first += 4) {
            for (let open = openColumns(row + (<usize>first << 2)) & corners; open !== 0; open &= open - 1) {
                const x = first + <i32>ctz(open);
                if (x === 0 || x >= countX - 1) {
                    continue;
                }
                turnToColumn(x);
                if (isMouth()) {
                    store<u8>(to + <usize>x, <u8>MOUTH);
                }
            }
        }
    }
}

/** Returns whether all cells around a column are fine. */
@inline
export function areFineAround(x: i32, z: i32): bool {
    const at = <usize>x - 1;
    return (load<u16>(cellsAt(z - 1) + at) & load<u16>(cellsAt(z) + at)) === 0xffff;
}

/**
 * Returns which of four columns, a bit each, have a roof that does not keep caves from the ground, whatever the noise says.
 */
@inline
function openColumns(at: usize): i32 {
    const top = v128.load(surface + at);
    const limit = v128.load(roofLimit + at);
    // A roof is over twice as thick as the rock that bends the surface is deep: see `ROOF`.
    const bent = f32x4.add(f32x4.sub(top, v128.load(bendRows + at)), f32x4.splat(LIP_ROCK));
    const holds = f32x4.ge(limit, bent);
    const isDeep = f32x4.lt(v128.load(roofRow + at), f32x4.convert_i32x4_s(v128.load(mouthRows + at)));
    return ~i32x4.bitmask(v128.and(holds, isDeep)) & 0xf;
}

/** Returns whether the present column is a mouth. */
@inline
function isMouth(): bool {
    if (load<f32>(radius + column) <= NO_TUNNEL) {
        return false;
    }
    // Whole groups of rows.
    const low = max(0, load<i32>(mouthRows + column)) & ~7;
    const high = (load<i32>(surfaceRows + column) + 7) & ~7;
    for (let first = (low >> 3) & ~15; first << 3 < high; first += 16) {
        const wanted = wantedOf(first, low >> 3, high >> 3);
        if (wanted !== 0 && hasMouth(profileOf(low, high), wanted, first << 3, column)) {
            return true;
        }
    }
    return false;
}

/** Marks the fine cells, by the mouths at their corners. */
function markCells(): void {
    for (let z = evenZ(2); z < countZ - 3; z += 2) {
        for (let x = evenX(2); x < countX - 3; x += 2) {
            const corners = load<u32>(kindSlice(z) + <usize>x) | load<u32>(kindSlice(z + 2) + <usize>x);
            if ((corners & (MOUTH * 0x010001)) !== 0) {
                markFine(x, z);
            }
        }
    }
}

/** Makes the cells within a coarse cell fine, from a little below the ground upwards. */
function markFine(x: i32, z: i32): void {
    store<u16>(cellsAt(z) + <usize>x, 0xffff);
    store<u16>(cellsAt(z + 1) + <usize>x, 0xffff);
    const low = max(0, lowestMouth(x, z)) & ~1;
    for (let i = 0; i < 9; i++) {
        const slot = fineRowPlace(x + (i % 3), z + i / 3);
        store<u16>(slot, <u16>min(<i32>load<u16>(slot), low));
    }
}

/** Returns the lowest row of a coarse cell that may touch open air. */
function lowestMouth(x: i32, z: i32): i32 {
    let row = i32.MAX_VALUE;
    for (let i = 0; i < 9; i++) {
        row = min(row, load<i32>(mouthRows + <usize>(z + i / 3) * lineBytes + (<usize>(x + (i % 3)) << 2)));
    }
    return row;
}

/** Finds which rows fine cells ask for, of slice z. */
function markAsked(z: i32): void {
    const to = askedSlice(z);
    const row = kindBytes * 2;
    for (let at: usize = 0; at < row; at += 16) {
        const here = fineRowPlace(0, z) + at;
        const around = i16x8.min_u(fineRowsBeside(here), i16x8.min_u(fineRowsBeside(here - row), fineRowsBeside(here + row)));
        v128.store(to + at, around);
    }
}

/** Returns the first fine rows of eight columns and of those beside them. */
@inline
function fineRowsBeside(at: usize): v128 {
    return i16x8.min_u(v128.load(at), i16x8.min_u(v128.load(at - 2), v128.load(at + 2)));
}
