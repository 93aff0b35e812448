// Which rows of a slice lie near caves, in groups of eight. Only they are shaped; elsewhere distance is one number.

import { reserve } from "../base/arena";
import { countX } from "../heightfield/grid";
import { columnBytes, firstY, firstZ, nodes, nodesX, nodesY, nodesZ, planeBytes } from "./caveNodes";
import { nodeBits } from "./caveShape";
import { tunnelRadius } from "./caveWorld";
import { mouthRows, surfaceRows } from "./columns";

/**
 * Samples of distance beyond which it need not be exact: vertices look at samples up to two away, in coarse cells up to
 * four, and distance grows by less than 1.5 a sample (measured).
 */
export const FAR: f32 = 8;

/** A bit for each group of eight rows, `usedBytes` a column of nodes: set where one of its nodes is near a cave. */
let nearGroups: usize = 0;
export let nearPlaneBytes: usize = 0;
/** A bit for each group, `usedBytes` a column of each slice that is kept: set where the distances are not all `FAR`. */
let used: usize = 0;
export let usedBytes: usize = 0;
let usedSliceBytes: usize = 0;
/** As `used`, of the slices of coarse cells. */
let coarseUsed: usize = 0;

/**
 * Forgets all slices, and finds which nodes lie near caves.
 *
 * @param rows of the volume
 * @param kept slices that are kept at once
 * @param firstRow a multiple of a node
 */
export function layoutNear(rows: i32, kept: i32, firstRow: i32): void {
    usedBytes = <usize>((rows + 127) >> 7) << 1;
    usedSliceBytes = usedBytes * <usize>countX;
    used = reserve(usedSliceBytes * <usize>kept);
    memory.fill(used, 0, usedSliceBytes * <usize>kept);
    coarseUsed = reserve(usedSliceBytes * 4 + 8);
    memory.fill(coarseUsed, 0, usedSliceBytes * 4);
    nearPlaneBytes = usedBytes * <usize>nodesX;
    nearGroups = reserve(nearPlaneBytes * <usize>nodesZ + 8);
    markNear(rows, firstRow);
}

/** Marks the groups of rows between nodes of which one is near enough to matter: see `FAR`. */
function markNear(rows: i32, firstRow: i32): void {
    const far = f32x4.splat(tunnelRadius + FAR);
    const all = <usize>rows >> 3;
    // The lattice ends where no column asks for more.
    const groups = min(all, (<usize>(nodesY - 1) << nodeBits) >> 3);
    let to = nearGroups;
    for (let plane: usize = 0; plane < <usize>nodesZ; plane++) {
        let column = nodes + plane * planeBytes + (<usize>((firstRow >> nodeBits) - firstY) << 2);
        for (let x = 0; x < nodesX; x++, column += columnBytes) {
            for (let first: usize = 0; first < all; first += 16, to += 2) {
                const end = max(first, min(first + 16, groups));
                const bits = nodeBits === 1 ? nearPairs(column + (first << 4), far) : nearOf(column, first, end, far);
                store<u16>(to, <u16>(bits & ((1 << <i32>(end - first)) - 1)));
            }
        }
    }
}

/** Returns which groups of a column of nodes are near caves, from `first` up to before `end`, a bit each. */
function nearOf(column: usize, first: usize, end: usize, far: v128): i32 {
    let bits = 0;
    for (let group = first; group < end; group++) {
        const at = column + (group << 3 >> nodeBits << 2);
        let least = f32x4.pmin(v128.load(at), v128.load(at, 4));
        if (nodeBits === 0) {
            least = f32x4.pmin(least, v128.load(at, 16));
        }
        bits |= <i32>v128.any_true(f32x4.le(least, far)) << <i32>(group - first);
    }
    return bits;
}

/** Returns which of 16 nodes are near caves, a bit each. */
@inline
function sixteenNear(at: usize, far: v128): u64 {
    const a = i16x8.narrow_i32x4_s(f32x4.le(v128.load(at), far), f32x4.le(v128.load(at, 16), far));
    const b = i16x8.narrow_i32x4_s(f32x4.le(v128.load(at, 32), far), f32x4.le(v128.load(at, 48), far));
    return <u64>i8x16.bitmask(i8x16.narrow_i16x8_s(a, b));
}

/** Returns what `nearOf` does for 16 groups where a node has two rows, so that a group has five nodes. */
function nearPairs(at: usize, far: v128): i32 {
    let near = sixteenNear(at, far);
    near |= sixteenNear(at + 64, far) << 16;
    near |= sixteenNear(at + 128, far) << 32;
    near |= sixteenNear(at + 192, far) << 48;
    // The node behind the last group counts for it, too.
    const behind = <u64>(load<f32>(at + 256) <= f32x4.extract_lane(far, 0)) << 63;
    near |= (near >> 1) | behind;
    near |= near >> 2;
    near |= (near >> 1) & 0x1111111111111111;
    // Every fourth bit, closed up.
    near &= 0x1111111111111111;
    near = (near | (near >> 3)) & 0x0303030303030303;
    near = (near | (near >> 6)) & 0x000f000f000f000f;
    near = (near | (near >> 12)) & 0x000000ff000000ff;
    return <i32>(near | (near >> 24)) & 0xffff;
}

/** Returns the address of the groups near caves of a plane of nodes. */
@inline
export function nearPlane(plane: i32): usize {
    return nearGroups + <usize>(plane - firstZ) * nearPlaneBytes;
}

/** Returns the address of the groups that are not far, of a slice that is kept. */
@inline
export function usedSlice(slice: i32): usize {
    return used + <usize>slice * usedSliceBytes;
}

/** Returns the address of the groups that are not far, of a slice of coarse cells. */
@inline
export function coarseUsedSlice(slice: i32): usize {
    return coarseUsed + <usize>slice * usedSliceBytes;
}

/**
 * Returns which of 16 groups of rows must be exact, a bit each: those near caves, and on cliffs all rock that may touch open
 * air.
 *
 * @param groups those of the present nodes
 * @param besideX, besideZ bytes from there to the next nodes, 0 on a node
 * @param first number of the first group
 * @param low, high groups that any vertex may ask for, `high` not among them
 */
@inline
export function wantedGroups(
    groups: usize,
    besideX: usize,
    besideZ: usize,
    first: i32,
    low: i32,
    high: i32,
    column: usize,
): i32 {
    const here = <i32>load<u16>(groups) | <i32>load<u16>(groups + besideX);
    const behind = <i32>load<u16>(groups + besideZ) | <i32>load<u16>(groups + besideZ + besideX);
    const asked = groupsFrom(low - first) & ~groupsFrom(high - first);
    let wanted = here | behind;
    const end = load<i32>(surfaceRows + column);
    const mouth = load<i32>(mouthRows + column);
    if (end - mouth > <i32>FAR) {
        wanted |= groupsFrom((mouth >> 3) - first) & ~groupsFrom((end + 7 >> 3) - first);
    }
    return wanted & asked;
}

/** Returns the bits of 16 groups from a number on, which may lie outside. */
@inline
function groupsFrom(group: i32): i32 {
    return (0xffff << min(16, max(0, group))) & 0xffff;
}

/** Bytes of a group's distances: on all its rows, and on every other. */
export const GROUP_BYTES: usize = 32;
export const COARSE_GROUP_BYTES: usize = 16;

/**
 * Fills groups of a column with `FAR`.
 *
 * @param to row 0 of the first group
 * @param groupBytes `GROUP_BYTES`, or `COARSE_GROUP_BYTES` on every other row
 */
@inline
export function clearGroups(groups: i32, to: usize, groupBytes: usize): void {
    const far = f32x4.splat(FAR);
    for (; groups !== 0; groups &= groups - 1) {
        const group = to + <usize>ctz(groups) * groupBytes;
        v128.store(group, far);
        v128.store(group + groupBytes - 16, far);
    }
}
