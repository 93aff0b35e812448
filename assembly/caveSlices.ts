// Cave distance on the samples, a slice of constant z at a time: shaped by what columns.ts knows, and the sign of the
// density as masks of 32 rows a word.
//
// Slices lie in a ring, which stays in the processor's cache, or all one behind the other where they are to be kept.

import { reserve } from "./arena";
import { columnBytes, firstX, firstY, firstZ, nodes, planeBytes } from "./caveLattice";
import { clearGroups, FAR, layoutNear, nearBytes, nearPlane, nearPlaneBytes, usedBytes, usedSlice, wantedGroups } from "./caveNear";
import { BENT, CAVE, MOUTH, layoutShape, nodeBits, shape } from "./caveShape";
import { endRows, firstRows, NO_TUNNEL, radius, surfaceRows } from "./columns";
import { countX, countZ, rowBytes } from "./grid";

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
/** The same where air is a cave's, in a ring, and behind it a slice without caves: what there is before `firstCaves`. */
let insides: usize = 0;
let firstCaves: i32 = 0;
/** u8 a column, `kindBytes` a slice: whether it holds a cave, and whether caves may change the ground there. */
export let kinds: usize = 0;
export let kindBytes: usize = 0;
let slicesKept: i32 = 0;

/** Nodes of the present slice, blended along z; of the present column, along x too. */
let sliceNodes: usize = 0;
let columnNodes: usize = 0;
/** The box's first sample and row. */
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
    insides = reserve(maskSliceBytes * <usize>(RING + 1) + 8);
    memory.fill(insides + maskSliceBytes * <usize>RING, 0, maskSliceBytes + 8);
    firstCaves = i32.MAX_VALUE;
    kindBytes = <usize>(countX + 16) & ~15;
    kinds = reserve(kindBytes * <usize>countZ + 32);
    memory.fill(kinds, 0, kindBytes * <usize>countZ + 32);
    boxX = x;
    boxY = firstRow;
    boxZ = z;
    layoutShape(ctz(samplesPerNode), rows);
    isCaveFound = false;
    margin = around;
}

/** For slices that come from the lattice: where blended nodes go, and which nodes lie near caves. */
export function layoutBlend(): void {
    sliceNodes = reserve(planeBytes) + 16;
    columnNodes = reserve(columnBytes + 32);
    layoutNear(rows, slicesKept, boxY);
    const far = f32x4.splat(FAR);
    for (let at = distances, end = distances + sliceBytes * <usize>slicesKept; at < end; at += 16) {
        v128.store(at, far);
    }
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function slotOf(z: i32): i32 {
    return slicesKept === RING ? z & (RING - 1) : z;
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
export function distanceSlice(z: i32): usize {
    return distances + <usize>slotOf(z) * sliceBytes;
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
export function maskSlice(z: i32): usize {
    return masks + <usize>z * maskSliceBytes;
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
export function insideSlice(z: i32): usize {
    return insides + <usize>(z < firstCaves ? RING : z & (RING - 1)) * maskSliceBytes;
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
function clearedInside(z: i32): usize {
    const slice = insides + <usize>(z & (RING - 1)) * maskSliceBytes;
    memory.fill(slice, 0, maskSliceBytes);
    return slice;
}

// @ts-ignore: AssemblyScript decorates functions, TypeScript classes alone
@inline
export function kindSlice(z: i32): usize {
    return kinds + <usize>z * kindBytes;
}

/** Fills distances and masks of slice z, outermost columns aside, from the lattice. */
export function fillSlice(z: i32): void {
    const at = boxZ + z;
    const plane = nodes + <usize>((at >> nodeBits) - firstZ) * planeBytes;
    const near = nearPlane(at >> nodeBits);
    const share = fractionOf(at);
    const isBetween = share > 0;
    let from = plane;
    if (isBetween && nodeBits !== 1) {
        blend(plane, plane + planeBytes, share, sliceNodes, planeBytes - 16);
        from = sliceNodes;
    }
    const to = distanceSlice(z);
    const used = usedSlice(slotOf(z));
    const mask = maskSlice(z);
    const inside = clearedInside(z);
    const besideZ = isBetween ? nearPlaneBytes : 0;
    for (let x = 1; x < countX - 1; x++) {
        const offset = <usize>x * maskBytes;
        fillColumn(from, near, besideZ, x, z, to + <usize>x * distanceBytes, used + <usize>x * usedBytes, mask + offset, inside + offset);
    }
    if (isCaveFound) {
        firstCaves = min(firstCaves, z);
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

/** @param near the slice's nodes near caves; @param besideZ bytes from there to those behind along z, 0 on a plane of nodes */
function fillColumn(
    from: usize,
    near: usize,
    besideZ: usize,
    x: i32,
    z: i32,
    to: usize,
    used: usize,
    mask: usize,
    cave: usize,
): void {
    const column = <usize>z * rowBytes + (<usize>x << 2);
    fillMask(mask, load<i32>(surfaceRows + column));
    const lowest = max(0, load<i32>(firstRows + column)) & -(max(8, 1 << nodeBits));
    const highest = min(rows, (load<i32>(endRows + column) + 7) & ~7);
    if (load<f32>(radius + column) <= NO_TUNNEL) {
        memory.fill(to + (<usize>lowest << 2), FAR_BYTE, <usize>(highest - lowest) << 2);
        memory.fill(used, 0xff, usedBytes);
        return;
    }
    const at = boxX + x;
    const place = <usize>((at >> nodeBits) - firstX);
    const share = fractionOf(at);
    const node = from + place * columnBytes;
    const skipped = <usize>((boxY + lowest >> nodeBits) - firstY) << 2;
    let profile = node + skipped - (<usize>lowest << 2 >> nodeBits);
    if (share > 0 && nodeBits !== 1) {
        const count = (highest - lowest >> nodeBits) + 2;
        blend(node + skipped, node + columnBytes + skipped, share, columnNodes, <usize>count << 2);
        profile = columnNodes - (<usize>lowest << 2 >> nodeBits);
    }
    const groups = near + place * nearBytes;
    const besideX = share > 0 ? nearBytes : 0;
    let kind = 0;
    for (let word = 0; word < <i32>usedBytes >> 1; word++) {
        const wanted = wantedGroups(groups + (<usize>word << 4), besideX, besideZ, word << 4, lowest >> 3, highest >> 3, column);
        const last = used + (<usize>word << 1);
        // What lies far from caves is the same everywhere; the slice before in the ring left something else there.
        const stale = <i32>load<u16>(last) & ~wanted;
        const rowsTo = to + (<usize>word << 9);
        if (stale !== 0) {
            clearGroups(stale, rowsTo);
        }
        store<u16>(last, <u16>wanted);
        if (wanted !== 0) {
            kind |= shape(profile, share > 0, besideZ !== 0, wanted, word << 7, to, mask, cave, column);
        }
    }
    if (kind !== 0) {
        store<u8>(kindSlice(z) + <usize>x, <u8>(kind & (MOUTH | CAVE)));
        if ((kind & (CAVE | BENT)) !== 0 && x >= margin && z >= margin && x < countX - margin && z < countZ - margin) {
            isCaveFound = true;
        }
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
        fillMask(mask, load<i32>(surfaceRows + <usize>z * rowBytes + (<usize>x << 2)));
        const column = from + <usize>x * distanceBytes;
        for (let at = 0; at < rows; at += 8) {
            const zero = f32x4.splat(0);
            const a = f32x4.le(v128.load(column + (<usize>at << 2)), zero);
            const b = f32x4.le(v128.load(column + (<usize>at << 2), 16), zero);
            const bits = i32x4.bitmask(a) | (i32x4.bitmask(b) << 4);
            if (bits !== 0) {
                const byte = <usize>at >> 3;
                const sky = <i32>load<u8>(mask + byte);
                store<u8>(mask + byte, <u8>(sky | bits));
                store<u8>(cave + byte, <u8>(bits & ~sky));
            }
        }
    }
    isCaveFound = true;
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

export function columnDistanceBytes(): usize {
    return distanceBytes;
}

export function sliceDistanceBytes(): usize {
    return sliceBytes;
}
