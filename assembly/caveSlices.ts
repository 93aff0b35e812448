// Cave distance on the samples, a slice of constant z at a time: shaped by what columns.ts knows, and the sign of the
// density as masks of 32 rows a word.
//
// Slices lie in a ring, which stays in the processor's cache, or all one behind the other where they are to be kept.

import { reserve } from "./arena";
import { columnBytes, firstX, firstY, firstZ, nodes, planeBytes } from "./caveLattice";
import {
    bendRows,
    bottomRow,
    endRows,
    firstRows,
    NO_TUNNEL,
    radius,
    roofLimit,
    roofRow,
    surface,
    surfaceRows,
} from "./columns";
import { countX, countZ, rowBytes } from "./grid";

/**
 * Samples of distance beyond which it need not be exact: vertices look at samples up to two away, and distance grows by
 * less than 4 a sample.
 */
export const FAR: f32 = 8;

/** Four of it are 12,689 as f32. */
const FAR_BYTE: u8 = 0x46;

/** Slices of a ring: a cell lies between two of them, and differences reach one further to both sides. */
export const RING: i32 = 4;

/** Rows of the volume, a multiple of 32. */
export let rows: i32 = 0;
/** Bytes of one column of distances and of masks. The mask has a word more: 64 bits may be read from its last. */
export let distanceBytes: usize = 0;
export let maskBytes: usize = 0;
export let sliceBytes: usize = 0;
export let maskSliceBytes: usize = 0;
/** f32: slice by slice, column by column, upwards. */
export let distances: usize = 0;
/** u32: one bit a row, set in air. */
export let masks: usize = 0;
let slicesKept: i32 = 0;

/** Nodes of the present slice, blended along z; of the present column, along x too. */
let sliceNodes: usize = 0;
let columnNodes: usize = 0;

/** Samples a node as a power of two, and the box's first sample and row. */
let nodeBits: i32 = 0;
let boxX: i32 = 0;
let boxY: i32 = 0;
let boxZ: i32 = 0;

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
    memory.fill(masks, 0, maskSliceBytes * <usize>countZ + 8);
    boxX = x;
    boxY = firstRow;
    boxZ = z;
    nodeBits = ctz(samplesPerNode);
    isCaveFound = false;
    margin = around;
}

/** Where blended nodes go. For slices that come from the lattice. */
export function layoutBlend(): void {
    sliceNodes = reserve(planeBytes) + 16;
    columnNodes = reserve(columnBytes + 32);
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
export function distanceSlice(z: i32): usize {
    return distances + <usize>(slicesKept === RING ? z & (RING - 1) : z) * sliceBytes;
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
export function maskSlice(z: i32): usize {
    return masks + <usize>z * maskSliceBytes;
}

/** Fills distances and masks of slice z, outermost columns aside, from the lattice. */
export function fillSlice(z: i32): void {
    const at = boxZ + z;
    const plane = nodes + <usize>((at >> nodeBits) - firstZ) * planeBytes;
    const share = fractionOf(at);
    let from = plane;
    if (share > 0) {
        blend(plane, plane + planeBytes, share, sliceNodes, planeBytes - 16);
        from = sliceNodes;
    }
    const to = distanceSlice(z);
    const mask = maskSlice(z);
    for (let x = 1; x < countX - 1; x++) {
        fillColumn(from, x, z, to + <usize>x * distanceBytes, mask + <usize>x * maskBytes);
    }
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function fractionOf(sample: i32): f32 {
    return <f32>(sample & ((1 << nodeBits) - 1)) / <f32>(1 << nodeBits);
}

function blend(a: usize, b: usize, share: f32, to: usize, bytes: usize): void {
    const t = f32x4.splat(share);
    for (let at: usize = 0; at < bytes; at += 16) {
        const near = v128.load(a + at);
        v128.store(to + at, f32x4.add(near, f32x4.mul(t, f32x4.sub(v128.load(b + at), near))));
    }
}

function fillColumn(from: usize, x: i32, z: i32, to: usize, mask: usize): void {
    const column = <usize>z * rowBytes + (<usize>x << 2);
    fillMask(mask, load<i32>(surfaceRows + column));
    const lowest = max(0, load<i32>(firstRows + column)) & -(max(8, 1 << nodeBits));
    const highest = min(rows, (load<i32>(endRows + column) + 7) & ~7);
    const tunnel = load<f32>(radius + column);
    if (tunnel <= NO_TUNNEL) {
        memory.fill(to + (<usize>lowest << 2), FAR_BYTE, <usize>(highest - lowest) << 2);
        return;
    }
    const at = boxX + x;
    const node = from + <usize>((at >> nodeBits) - firstX) * columnBytes;
    const skipped = <usize>((boxY + lowest >> nodeBits) - firstY) << 2;
    const share = fractionOf(at);
    let profile = node + skipped;
    if (share > 0) {
        profile = columnNodes;
        const count = (highest - lowest >> nodeBits) + 2;
        blend(node + skipped, node + columnBytes + skipped, share, profile, <usize>count << 2);
    }
    const isFound = shape(profile, to, mask, column, lowest, highest);
    if (isFound && x >= margin && z >= margin && x < countX - margin && z < countZ - margin) {
        isCaveFound = true;
    }
}

/** Rows from `surfaceRow` up are air. */
// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function fillMask(mask: usize, surfaceRow: i32): void {
    // Below, masks are 0 from the start.
    let word = mask + (<usize>(surfaceRow >> 5) << 2);
    store<u32>(word, <u32>-1 << (surfaceRow & 31));
    for (const end = mask + maskBytes; (word += 4) < end;) {
        store<u32>(word, <u32>-1);
    }
}

/** Shapes the bare distances of a column, and marks what lies in caves. Returns whether that changes the surface. */
// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function shape(profile: usize, to: usize, mask: usize, column: usize, lowest: i32, highest: i32): bool {
    const tunnel = v128.load32_splat(radius + column);
    const low = v128.load32_splat(bottomRow + column);
    const roof = v128.load32_splat(roofRow + column);
    const limit = v128.load32_splat(roofLimit + column);
    const from = v128.load32_splat(bendRows + column);
    const bendsFrom = <i32>floor(f32x4.extract_lane(from, 0));
    const eight = f32x4.splat(8);
    const far = f32x4.add(tunnel, f32x4.splat(FAR));
    let row = f32x4.add(f32x4.splat(<f32>lowest), f32x4(0, 1, 2, 3));
    let found = 0;
    for (let at = lowest; at < highest; at += 8) {
        const nextRow = f32x4.add(row, f32x4.splat(4));
        let a: v128;
        let b: v128;
        if (nodeBits === 1) {
            const n = v128.load(profile + (<usize>(at - lowest) << 1));
            const m = v128.load(profile + (<usize>(at - lowest) << 1) + 4);
            if (i32x4.all_true(f32x4.gt(f32x4.pmin(n, m), far)) && at + 8 <= bendsFrom) {
                v128.store(to + (<usize>at << 2), f32x4.splat(FAR));
                v128.store(to + (<usize>at << 2), f32x4.splat(FAR), 16);
                row = f32x4.add(row, eight);
                continue;
            }
            const middle = f32x4.mul(f32x4.add(n, m), f32x4.splat(0.5));
            a = v128.shuffle<f32>(n, middle, 0, 4, 1, 5);
            b = v128.shuffle<f32>(n, middle, 2, 6, 3, 7);
        } else if (nodeBits === 0) {
            a = v128.load(profile + (<usize>(at - lowest) << 2));
            b = v128.load(profile + (<usize>(at - lowest) << 2) + 16);
        } else {
            a = betweenNodes(profile, at - lowest);
            b = betweenNodes(profile, at - lowest + 4);
        }
        a = shaped(a, row, tunnel, low, roof, limit);
        b = shaped(b, nextRow, tunnel, low, roof, limit);
        v128.store(to + (<usize>at << 2), a);
        v128.store(to + (<usize>at << 2), b, 16);
        // Of the signs, 0 counts as air.
        const inside = i32x4.bitmask(f32x4.le(a, f32x4.splat(0))) | (i32x4.bitmask(f32x4.le(b, f32x4.splat(0))) << 4);
        const byte = mask + (<usize>at >> 3);
        const before = <i32>load<u8>(byte);
        store<u8>(byte, <u8>(before | inside));
        found |= inside & ~before;
        // Rock bends the surface where the cave term exceeds the terrain term there.
        if (at + 8 > bendsFrom && found === 0) {
            const top = v128.load32_splat(surface + column);
            found |= <i32>v128.any_true(v128.or(bends(a, row, top, from), bends(b, nextRow, top, from)));
        }
        row = f32x4.add(row, eight);
    }
    return found !== 0;
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function bends(distance: v128, row: v128, top: v128, from: v128): v128 {
    const isNear = v128.and(f32x4.ge(row, from), f32x4.lt(row, top));
    return v128.and(isNear, f32x4.lt(distance, f32x4.sub(top, row)));
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

/** Masks of slice z from distances that are given. */
export function maskGivenSlice(z: i32): void {
    const from = distanceSlice(z);
    for (let x = 1; x < countX - 1; x++) {
        const mask = maskSlice(z) + <usize>x * maskBytes;
        fillMask(mask, load<i32>(surfaceRows + <usize>z * rowBytes + (<usize>x << 2)));
        const column = from + <usize>x * distanceBytes;
        for (let at = 0; at < rows; at += 8) {
            const zero = f32x4.splat(0);
            const a = f32x4.le(v128.load(column + (<usize>at << 2)), zero);
            const b = f32x4.le(v128.load(column + (<usize>at << 2), 16), zero);
            const inside = i32x4.bitmask(a) | (i32x4.bitmask(b) << 4);
            if (inside !== 0) {
                const byte = mask + (<usize>at >> 3);
                store<u8>(byte, <u8>(<i32>load<u8>(byte) | inside));
            }
        }
    }
    isCaveFound = true;
}

/** Fills all slices but the outermost, where all are kept. What no vertex may ask for is far from caves. */
export function fillSlices(): void {
    memory.fill(distances, FAR_BYTE, sliceBytes * <usize>countZ);
    for (let z = 1; z < countZ - 1; z++) {
        fillSlice(z);
    }
}

export function distancesStart(): usize {
    return distances;
}

export function columnDistanceBytes(): usize {
    return distanceBytes;
}

export function sliceDistanceBytes(): usize {
    return sliceBytes;
}
