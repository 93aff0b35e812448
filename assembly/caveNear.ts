// Which rows of a slice lie near caves, in groups of eight. Only they are shaped; elsewhere distance is one number.

import { reserve } from "./arena";
import { columnBytes, firstY, firstZ, nodes, nodesX, nodesZ, planeBytes } from "./caveLattice";
import { nodeBits } from "./caveShape";
import { tunnelRadius } from "./caveWorld";
import { mouthRows, surfaceRows } from "./columns";
import { countX } from "./grid";

/**
 * Samples of distance beyond which it need not be exact: vertices look at samples up to two away, and distance grows by
 * less than 4 a sample.
 */
export const FAR: f32 = 8;

/** u8 a group of eight rows, `nearBytes` a column of nodes: 255 where one of its nodes is near a cave. */
let nearGroups: usize = 0;
export let nearBytes: usize = 0;
export let nearPlaneBytes: usize = 0;
/** A bit a group, `usedBytes` a column of each slice that is kept: what is not far there. */
let used: usize = 0;
export let usedBytes: usize = 0;
let usedSliceBytes: usize = 0;

/** Forgets all slices. @param rows of the volume; @param kept slices that are kept at once; @param firstRow a multiple of a node */
export function layoutNear(rows: i32, kept: i32, firstRow: i32): void {
    usedBytes = <usize>((rows + 127) >> 7) << 1;
    usedSliceBytes = usedBytes * <usize>countX;
    used = reserve(usedSliceBytes * <usize>kept);
    memory.fill(used, 0, usedSliceBytes * <usize>kept);
    nearBytes = usedBytes << 3;
    nearPlaneBytes = nearBytes * <usize>nodesX;
    nearGroups = reserve(nearPlaneBytes * <usize>nodesZ);
    markNear(rows, firstRow);
}

/** Marks groups of rows between nodes of which one is near enough to matter: see `FAR`. */
function markNear(rows: i32, firstRow: i32): void {
    const far = f32x4.splat(tunnelRadius + FAR);
    const groups = <usize>rows >> 3;
    let to = nearGroups;
    for (let plane: usize = 0; plane < <usize>nodesZ; plane++) {
        let column = nodes + plane * planeBytes + (<usize>((firstRow >> nodeBits) - firstY) << 2);
        for (let x = 0; x < nodesX; x++, column += columnBytes, to += nearBytes) {
            for (let group: usize = 0; group < groups; group++) {
                const at = column + (group << 3 >> nodeBits << 2);
                let least = f32x4.pmin(v128.load(at), v128.load(at, 4));
                if (nodeBits === 0) {
                    least = f32x4.pmin(least, v128.load(at, 16));
                }
                store<u8>(to + group, v128.any_true(f32x4.le(least, far)) ? 0xff : 0);
            }
        }
    }
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
export function nearPlane(plane: i32): usize {
    return nearGroups + <usize>(plane - firstZ) * nearPlaneBytes;
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
export function usedSlice(slice: i32): usize {
    return used + <usize>slice * usedSliceBytes;
}

/**
 * Of 16 groups of rows, a bit each, those that must be exact: near caves, and on cliffs all rock that may touch open air.
 *
 * @param groups of the nodes at hand; @param besideX, besideZ bytes from there to the next nodes, 0 on a node
 * @param first number of the first group; @param low, high groups that any vertex may ask for, `high` not among them
 */
// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
export function wantedGroups(groups: usize, besideX: usize, besideZ: usize, first: i32, low: i32, high: i32, column: usize): i32 {
    const here = v128.or(v128.load(groups), v128.load(groups + besideX));
    const behind = v128.or(v128.load(groups + besideZ), v128.load(groups + besideZ + besideX));
    const asked = groupsFrom(low - first) & ~groupsFrom(high - first);
    let wanted = i8x16.bitmask(v128.or(here, behind));
    const end = load<i32>(surfaceRows + column);
    const mouth = load<i32>(mouthRows + column);
    if (end - mouth > <i32>FAR) {
        wanted |= groupsFrom((mouth >> 3) - first) & ~groupsFrom((end + 7 >> 3) - first);
    }
    return wanted & asked;
}

/** Of 16 groups those from a number on, which may lie outside. */
// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function groupsFrom(group: i32): i32 {
    return (0xffff << min(16, max(0, group))) & 0xffff;
}

/** Fills groups of a column with what is far. @param to row 0 of the first group */
export function clearGroups(groups: i32, to: usize): void {
    const far = f32x4.splat(FAR);
    for (; groups !== 0; groups &= groups - 1) {
        const group = to + (<usize>ctz(groups) << 5);
        v128.store(group, far);
        v128.store(group, far, 16);
    }
}
