// Cave distance of one column of a slice: between nodes, shaped by what columns.ts knows, and marked where it is air.

import { reserve } from "../base/arena";
import { lipWidth } from "./caveWorld";
import { bendRows, bottomRow, LIP_DEPTH, mouthRows, radius, roofLimit, roofRow, surface } from "./columns";

/**
 * Kinds of columns, as bits: caves may change the ground; it holds a cave; its rock bends the surface where open air touches
 * it.
 */
export const MOUTH: i32 = 1;
export const CAVE: i32 = 2;
export const BENT: i32 = 4;

/** Share of the distance to a tunnel's axis by which its floor rises: a floor that is cut off level would look poured. */
const DISH: f32 = 0.3;

/** Samples from node to node, as a power of two. */
export let nodeBits: i32 = 0;
/** Share of the step between nodes that one sample is. */
export let nodeShare: f32 = 1;
/** f32: the numbers of the rows, and those of every other row. */
let rowTable: usize = 0;
let coarseRowTable: usize = 0;

/** Sets the step between nodes, and fills the tables of rows. */
export function layoutShape(bits: i32, rows: i32): void {
    nodeBits = bits;
    nodeShare = <f32>1 / <f32>(1 << bits);
    rowTable = reserve(<usize>rows << 2);
    coarseRowTable = reserve(<usize>rows << 1);
    for (let row = 0; row < rows; row++) {
        store<f32>(rowTable + (<usize>row << 2), <f32>row);
        store<f32>(coarseRowTable + (<usize>(row >> 1) << 2), <f32>(row & ~1));
    }
}

/**
 * Shapes the bare distances of groups of a column, and marks what lies in caves. Returns the column's kind.
 *
 * @param profile node of row 0
 * @param groups of eight rows, a bit each, from row `first` on
 * @param lowest caves below this row do not count for the kind
 */
export function shape(
    profile: usize,
    groups: i32,
    first: i32,
    lowest: i32,
    to: usize,
    mask: usize,
    cave: usize,
    column: usize,
): i32 {
    const tunnel = v128.load32_splat(radius + column);
    const low = v128.load32_splat(bottomRow + column);
    const roof = v128.load32_splat(roofRow + column);
    const limit = v128.load32_splat(roofLimit + column);
    const top = v128.load32_splat(surface + column);
    const lip = lipRow(column);
    const mouth = load<i32>(mouthRows + column);
    const table = rowTable;
    let found = 0;
    let kind = 0;
    for (; groups !== 0; groups &= groups - 1) {
        const at = first + (<i32>ctz(groups) << 3);
        const row = v128.load(table + (<usize>at << 2));
        const nextRow = v128.load(table + (<usize>at << 2), 16);
        let a = shaped(bareAt(profile, at), row, tunnel, low, roof, limit);
        let b = shaped(bareAt(profile, at + 4), nextRow, tunnel, low, roof, limit);
        if (at + 8 > lip) {
            a = rounded(a, row, top);
            b = rounded(b, nextRow, top);
        }
        v128.store(to + (<usize>at << 2), a);
        v128.store(to + (<usize>at << 2), b, 16);
        const inside = airOf(a) | (airOf(b) << 4);
        const byte = <usize>at >> 3;
        const sky = <i32>load<u8>(mask + byte);
        const own = inside & ~sky;
        store<u8>(mask + byte, <u8>(sky | own));
        store<u8>(cave + byte, <u8>own);
        found |= own & (0xff << min(8, max(0, lowest - at)));
        if (at + 8 > mouth) {
            kind |= bentKind(a, b, row, nextRow, column);
        }
    }
    return (found & 0xff) !== 0 ? kind | CAVE : kind;
}

/**
 * Shapes the bare distances of groups of a column on every other row, and stores them without those between. Returns which
 * are air, a bit each.
 */
export function shapeCoarse(profile: usize, groups: i32, first: i32, to: usize, column: usize): u64 {
    const tunnel = v128.load32_splat(radius + column);
    const low = v128.load32_splat(bottomRow + column);
    const roof = v128.load32_splat(roofRow + column);
    const limit = v128.load32_splat(roofLimit + column);
    const top = v128.load32_splat(surface + column);
    const lip = lipRow(column);
    const table = coarseRowTable;
    const isNode = nodeBits === 1;
    let air: u64 = 0;
    for (; groups !== 0; groups &= groups - 1) {
        const group = ctz(groups);
        const at = first + (<i32>group << 3);
        const row = v128.load(table + (<usize>at << 1));
        const bare = isNode ? v128.load(profile + (<usize>at << 1)) : everyOther(bareAt(profile, at), bareAt(profile, at + 4));
        let a = shaped(bare, row, tunnel, low, roof, limit);
        if (at + 8 > lip) {
            a = rounded(a, row, top);
        }
        v128.store(to + (<usize>at << 1), a);
        air |= <u64>airOf(a) << <u64>(group << 2);
    }
    return air;
}

/** Returns whether caves may change the ground of a column, as groups of its rows tell. */
export function hasMouth(profile: usize, groups: i32, first: i32, column: usize): bool {
    const tunnel = v128.load32_splat(radius + column);
    const low = v128.load32_splat(bottomRow + column);
    const roof = v128.load32_splat(roofRow + column);
    const limit = v128.load32_splat(roofLimit + column);
    const top = v128.load32_splat(surface + column);
    const lip = lipRow(column);
    const table = rowTable;
    let kind = 0;
    for (; groups !== 0; groups &= groups - 1) {
        const at = first + (<i32>ctz(groups) << 3);
        const row = v128.load(table + (<usize>at << 2));
        const nextRow = v128.load(table + (<usize>at << 2), 16);
        let a = shaped(bareAt(profile, at), row, tunnel, low, roof, limit);
        let b = shaped(bareAt(profile, at + 4), nextRow, tunnel, low, roof, limit);
        if (at + 8 > lip) {
            a = rounded(a, row, top);
            b = rounded(b, nextRow, top);
        }
        kind |= bentKind(a, b, row, nextRow, column);
    }
    return (kind & MOUTH) !== 0;
}

/** Returns the row up to which no edge of a column is rounded. */
@inline
function lipRow(column: usize): i32 {
    return <i32>floor(load<f32>(surface + column) - LIP_DEPTH);
}

/** Returns which of four distances are air, a bit each. 0 counts as air. */
@inline
function airOf(distances: v128): i32 {
    return i32x4.bitmask(f32x4.le(distances, f32x4.splat(0)));
}

/** Returns every other of eight numbers. */
@inline
function everyOther(a: v128, b: v128): v128 {
    return v128.shuffle<f32>(a, b, 0, 2, 4, 6);
}

/** Returns the bare distances of four rows of a column. */
@inline
function bareAt(profile: usize, row: i32): v128 {
    return nodeBits === 0 ? v128.load(profile + (<usize>row << 2)) : betweenNodes(profile, row);
}

/**
 * Returns what eight rows near open air make of a column. Rock bends the surface where it is an edge away from open air and
 * the cave term exceeds the terrain term; a cave's own surface meets the ground where its air comes nearer to open air than
 * two rows.
 */
function bentKind(a: v128, b: v128, row: v128, nextRow: v128, column: usize): i32 {
    const top = v128.load32_splat(surface + column);
    const depth = f32x4.sub(top, row);
    const nextDepth = f32x4.sub(top, nextRow);
    const zero = f32x4.splat(0);
    const from = v128.load32_splat(bendRows + column);
    const bentA = v128.and(f32x4.lt(a, depth), f32x4.ge(row, from));
    const bentB = v128.and(f32x4.lt(b, nextDepth), f32x4.ge(nextRow, from));
    const isBent = v128.or(v128.and(bentA, f32x4.gt(depth, zero)), v128.and(bentB, f32x4.gt(nextDepth, zero)));
    const start = f32x4.splat(<f32>load<i32>(mouthRows + column));
    const airA = v128.and(f32x4.le(a, zero), f32x4.ge(row, start));
    const airB = v128.and(f32x4.le(b, zero), f32x4.ge(nextRow, start));
    const isOpen = v128.or(v128.and(airA, f32x4.gt(depth, zero)), v128.and(airB, f32x4.gt(nextDepth, zero)));
    if (!v128.any_true(v128.or(isBent, isOpen))) {
        return 0;
    }
    return MOUTH | (v128.any_true(isBent) ? BENT : 0);
}

/** Returns distances that are held within what the column allows: its radius, its floor and its roof. */
@inline
function shaped(bare: v128, row: v128, tunnel: v128, low: v128, roof: v128, limit: v128): v128 {
    const floor = f32x4.add(f32x4.sub(low, row), f32x4.mul(f32x4.pmax(bare, f32x4.splat(0)), f32x4.splat(DISH)));
    const open = f32x4.pmax(f32x4.sub(bare, tunnel), floor);
    return f32x4.pmax(open, f32x4.pmin(f32x4.sub(row, roof), limit));
}

/**
 * Returns the distances of four rows of a column with the edge rounded where the cave meets the ground: density, which is the larger of
 * the negated distance and the negated depth, becomes the smooth maximum of both (Quilez, Smooth minimum, 2013). Where neither is the
 * cave's any more, distances return to what they were.
 */
@inline
function rounded(sharp: v128, row: v128, top: v128): v128 {
    const depth = f32x4.sub(top, row);
    const apart = f32x4.sub(sharp, depth);
    const isNear = f32x4.lt(f32x4.abs(apart), f32x4.splat(2 * lipWidth));
    const isLip = v128.and(isNear, f32x4.lt(depth, f32x4.splat(LIP_DEPTH)));
    return v128.any_true(isLip) ? f32x4.add(sharp, v128.and(changeAt(apart), isLip)) : sharp;
}

/** Returns what rounding adds to distances, given by how much they are more than the depths. */
function changeAt(apart: v128): v128 {
    const zero = f32x4.splat(0);
    const near = f32x4.pmax(zero, f32x4.sub(f32x4.splat(1), f32x4.mul(f32x4.abs(apart), f32x4.splat(1 / lipWidth))));
    const cut = f32x4.mul(f32x4.splat(lipWidth / 4), f32x4.mul(near, near));
    const beyond = f32x4.pmax(zero, f32x4.sub(apart, f32x4.splat(lipWidth)));
    const over = f32x4.pmin(f32x4.add(beyond, beyond), f32x4.pmax(zero, apart));
    return f32x4.sub(f32x4.sub(f32x4.add(f32x4.pmin(apart, zero), over), cut), apart);
}

/** Interpolates the distances of four rows between nodes. */
@inline
function betweenNodes(profile: usize, row: i32): v128 {
    const node = profile + (<usize>(row >> nodeBits) << 2);
    let below: v128;
    let above: v128;
    let t: v128;
    if (nodeBits === 1) {
        const pair = v128.load64_zero(node);
        const next = v128.load64_zero(node, 4);
        below = v128.shuffle<f32>(pair, pair, 0, 0, 1, 1);
        above = v128.shuffle<f32>(next, next, 0, 0, 1, 1);
        t = f32x4(0, 0.5, 0, 0.5);
    } else {
        const first = <f32>(row & ((1 << nodeBits) - 1));
        below = v128.load32_splat(node);
        above = v128.load32_splat(node, 4);
        t = f32x4.mul(f32x4.add(f32x4.splat(first), f32x4(0, 1, 2, 3)), f32x4.splat(nodeShare));
    }
    return f32x4.add(below, f32x4.mul(t, f32x4.sub(above, below)));
}
