// Cave distance of one column of a slice: between nodes, shaped by what columns.ts knows, and marked where it is air.

import { reserve } from "./arena";
import { columnBytes, planeBytes } from "./caveLattice";
import { bendRows, bottomRow, mouthRows, radius, roofLimit, roofRow, surface } from "./columns";

/** Of a column: caves may change its ground; it holds a cave; its rock bends the surface where open air touches it. */
export const MOUTH: i32 = 1;
export const CAVE: i32 = 2;
export const BENT: i32 = 4;

/** Where a column lies among nodes that have two samples: on a column of theirs, or between; `ANY` in all other lattices. */
const ON_NODES: i32 = 0;
const BETWEEN_X: i32 = 1;
const BETWEEN_Z: i32 = 2;
const BETWEEN_FOUR: i32 = 3;
const ANY: i32 = 4;

/** Shares of one, two and four nodes, and of twice as many. */
const SHARES: usize = memory.data<f32>([
    1, 1, 1, 1,
    0.5, 0.5, 0.5, 0.5,
    0.25, 0.25, 0.25, 0.25,
    0.125, 0.125, 0.125, 0.125,
], 16);

/** Samples a node as a power of two. */
export let nodeBits: i32 = 0;
/** f32: the numbers of the rows. */
let rowTable: usize = 0;

export function layoutShape(bits: i32, rows: i32): void {
    nodeBits = bits;
    rowTable = reserve(<usize>rows << 2);
    for (let row = 0; row < rows; row++) {
        store<f32>(rowTable + (<usize>row << 2), <f32>row);
    }
}

/** The sum of four nodes and of those beside them that the column lies between. */
// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function sumOfNodes(at: usize, isBetweenX: bool, isBetweenZ: bool): v128 {
    let sum = v128.load(at);
    if (isBetweenX) {
        sum = f32x4.add(sum, v128.load(at + columnBytes));
    }
    if (isBetweenZ) {
        const behind = at + planeBytes;
        let other = v128.load(behind);
        if (isBetweenX) {
            other = f32x4.add(other, v128.load(behind + columnBytes));
        }
        sum = f32x4.add(sum, other);
    }
    return sum;
}

/**
 * Shapes the bare distances of groups of a column, and marks what lies in caves. Returns the column's kind.
 *
 * @param profile node of row 0; @param groups of eight rows, a bit each, from row `first` on
 */
export function shape(
    profile: usize,
    isBetweenX: bool,
    isBetweenZ: bool,
    groups: i32,
    first: i32,
    to: usize,
    mask: usize,
    cave: usize,
    column: usize,
): i32 {
    if (nodeBits !== 1) {
        return shapeGroups(ANY, profile, groups, first, to, mask, cave, column);
    }
    if (isBetweenX) {
        return isBetweenZ
            ? shapeGroups(BETWEEN_FOUR, profile, groups, first, to, mask, cave, column)
            : shapeGroups(BETWEEN_X, profile, groups, first, to, mask, cave, column);
    }
    return isBetweenZ
        ? shapeGroups(BETWEEN_Z, profile, groups, first, to, mask, cave, column)
        : shapeGroups(ON_NODES, profile, groups, first, to, mask, cave, column);
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function shapeGroups(
    place: i32,
    profile: usize,
    groups: i32,
    first: i32,
    to: usize,
    mask: usize,
    cave: usize,
    column: usize,
): i32 {
    const tunnel = v128.load32_splat(radius + column);
    const low = v128.load32_splat(bottomRow + column);
    const roof = v128.load32_splat(roofRow + column);
    const limit = v128.load32_splat(roofLimit + column);
    const mouth = load<i32>(mouthRows + column);
    const table = rowTable;
    let found = 0;
    let kind = 0;
    for (; groups !== 0; groups &= groups - 1) {
        const at = first + (<i32>ctz(groups) << 3);
        const row = v128.load(table + (<usize>at << 2));
        const nextRow = v128.load(table + (<usize>at << 2), 16);
        let a: v128;
        let b: v128;
        if (place !== ANY) {
            const isBetweenX = place === BETWEEN_X || place === BETWEEN_FOUR;
            const isBetweenZ = place === BETWEEN_Z || place === BETWEEN_FOUR;
            const node = profile + (<usize>at << 1);
            let n = sumOfNodes(node, isBetweenX, isBetweenZ);
            const m = sumOfNodes(node + 4, isBetweenX, isBetweenZ);
            const share = SHARES + (isBetweenX ? 16 : 0) + (isBetweenZ ? 16 : 0);
            const middle = f32x4.mul(f32x4.add(n, m), v128.load(share, 16));
            if (place !== ON_NODES) {
                n = f32x4.mul(n, v128.load(share));
            }
            a = v128.shuffle<f32>(n, middle, 0, 4, 1, 5);
            b = v128.shuffle<f32>(n, middle, 2, 6, 3, 7);
        } else if (nodeBits === 0) {
            a = v128.load(profile + (<usize>at << 2));
            b = v128.load(profile + (<usize>at << 2) + 16);
        } else {
            a = betweenNodes(profile, at);
            b = betweenNodes(profile, at + 4);
        }
        a = shaped(a, row, tunnel, low, roof, limit);
        b = shaped(b, nextRow, tunnel, low, roof, limit);
        v128.store(to + (<usize>at << 2), a);
        v128.store(to + (<usize>at << 2), b, 16);
        // Of the signs, 0 counts as air.
        const inside = i32x4.bitmask(f32x4.le(a, f32x4.splat(0))) | (i32x4.bitmask(f32x4.le(b, f32x4.splat(0))) << 4);
        const byte = <usize>at >> 3;
        const sky = <i32>load<u8>(mask + byte);
        const own = inside & ~sky;
        store<u8>(mask + byte, <u8>(sky | own));
        store<u8>(cave + byte, <u8>own);
        found |= own;
        if (at + 8 > mouth) {
            kind |= bentKind(a, b, row, nextRow, column);
        }
    }
    return found !== 0 ? kind | CAVE : kind;
}

/** What eight rows near open air make of a column: rock bends the surface where the cave term exceeds the terrain term there. */
function bentKind(a: v128, b: v128, row: v128, nextRow: v128, column: usize): i32 {
    const top = v128.load32_splat(surface + column);
    const bentA = f32x4.lt(a, f32x4.sub(top, row));
    const bentB = f32x4.lt(b, f32x4.sub(top, nextRow));
    if (!v128.any_true(v128.or(bentA, bentB))) {
        return 0;
    }
    const from = v128.load32_splat(bendRows + column);
    const isBent = v128.any_true(
        v128.or(v128.and(isBetween(row, from, top), bentA), v128.and(isBetween(nextRow, from, top), bentB)),
    );
    const start = f32x4.splat(<f32>load<i32>(mouthRows + column));
    const isMouth = v128.any_true(
        v128.or(v128.and(isBetween(row, start, top), bentA), v128.and(isBetween(nextRow, start, top), bentB)),
    );
    return (isBent ? BENT : 0) | (isMouth ? MOUTH : 0);
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function isBetween(row: v128, from: v128, end: v128): v128 {
    return v128.and(f32x4.ge(row, from), f32x4.lt(row, end));
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function shaped(bare: v128, row: v128, tunnel: v128, low: v128, roof: v128, limit: v128): v128 {
    const open = f32x4.pmax(f32x4.sub(bare, tunnel), f32x4.sub(low, row));
    return f32x4.pmax(open, f32x4.pmin(f32x4.sub(row, roof), limit));
}

/** Four samples between two nodes, where a node has four samples and more. */
function betweenNodes(profile: usize, sample: i32): v128 {
    const node = profile + (<usize>(sample >> nodeBits) << 2);
    const inverse = <f32>1 / <f32>(1 << nodeBits);
    const first = <f32>(sample & ((1 << nodeBits) - 1));
    const t = f32x4.mul(f32x4.add(f32x4.splat(first), f32x4(0, 1, 2, 3)), f32x4.splat(inverse));
    const below = v128.load32_splat(node);
    return f32x4.add(below, f32x4.mul(t, f32x4.sub(v128.load32_splat(node, 4), below)));
}
