// The second half of a vertex between columns or on a cave's wall, for four at once: unit normal, mapping, tangent, packing.
//
// The first half (fusionVertices.ts) gathers from all over the volume; this half is arithmetic alone, so each of its
// vectors holds one quantity of four vertices.

import { fail, reserve } from "../base/arena";
import { TOO_MANY_CROSSINGS } from "../base/shared";
import { roundToInt, storeTransposed, toUnorm8 } from "../base/simd";
import { countX } from "../heightfield/grid";
import { rows } from "../caves/caveSlices";
import { CAVE_BIT, MAPPING_SHIFT, UNTURNED_BIT } from "../surface/packedIndex";
import { CAVE_BYTE, storeFourRecords, storePosition, VERTEX_BYTES } from "../surface/packedVertex";
import {
    linkAt,
    linkFour,
    needVertices,
    packPosition,
    setVertexCount,
    snorm8,
    unitNormalAt,
    vertexAt,
    vertexCount,
} from "../surface/surface";
import { FACING_X, FACING_Z, HALF_SIDE, halfSides, uvScale } from "../surface/uvMapping";
import { LISTED_AT_ONCE, MOST_LISTED } from "./crossedEdges";

/** A draft: gradient, position in quanta, weights, each as f32 x 4; address of the slot. */
export const DRAFT_BYTES: usize = 64;
const DRAFT_GRADIENT: usize = 0;
const DRAFT_QUANTA: usize = 16;
const DRAFT_WEIGHTS: usize = 32;
const DRAFT_SLOT: usize = 48;
/** Drafts are finished so many at once: behind the last, as many more are read, and as many vertices written. */
export const DRAFTS_AT_ONCE: i32 = 4;

/** The drafts of one list, which whoever drafts fills from the start. */
export let drafts: usize = 0;
let mostDrafted: usize = 0;
/** The slot of vertices that are finished in vain. */
let spareSlot: usize = 0;

/** Makes room for as many drafts as edges are listed at most. */
export function layoutDrafts(): void {
    mostDrafted = <usize>min(rows * countX, MOST_LISTED) * DRAFT_BYTES;
    drafts = reserve(mostDrafted + <usize>(LISTED_AT_ONCE + DRAFTS_AT_ONCE) * DRAFT_BYTES);
    spareSlot = reserve(4);
}

/** Fails where there are too many drafts before `end`. */
@inline
export function checkDrafts(end: usize): void {
    if (end - drafts > mostDrafted) {
        fail(TOO_MANY_CROSSINGS);
    }
}

/**
 * Stores a draft.
 *
 * @param gradient towards air
 * @param slot address at which the vertex is written down
 */
@inline
export function storeDraft(draft: usize, gradient: v128, quanta: v128, weights: v128, slot: usize): void {
    v128.store(draft, gradient, DRAFT_GRADIENT);
    v128.store(draft, quanta, DRAFT_QUANTA);
    v128.store(draft, weights, DRAFT_WEIGHTS);
    store<usize>(draft, slot, DRAFT_SLOT);
}

/** Makes vertices of the drafts up to `end`, and room for them. */
export function makeDrafted(end: usize, isGround: bool): void {
    needVertices(<i32>((end - drafts) / DRAFT_BYTES) + DRAFTS_AT_ONCE);
    endDrafts(end);
    finishDrafts(drafts, end, isGround);
}

/** Gives what is finished in vain behind the last draft a slot to write to. */
@inline
export function endDrafts(end: usize): void {
    for (let i: usize = 0; i < <usize>DRAFTS_AT_ONCE; i++) {
        store<usize>(end + i * DRAFT_BYTES, spareSlot, DRAFT_SLOT);
    }
}

/** Returns the gradient of a draft. */
@inline
function gradientOf(draft: usize): v128 {
    return v128.load(draft, DRAFT_GRADIENT);
}

/** Returns the position of a draft, in quanta. */
@inline
function quantaOf(draft: usize): v128 {
    return v128.load(draft, DRAFT_QUANTA);
}

/** Returns the weights of a draft. */
@inline
function weightsOf(draft: usize): v128 {
    return v128.load(draft, DRAFT_WEIGHTS);
}

/** Fills the slots of four drafts, one behind the other: a lane each. */
@inline
function fillFourSlots(draft: usize, values: v128): void {
    v128.store32_lane(load<u32>(draft, DRAFT_SLOT), values, 0);
    v128.store32_lane(load<u32>(draft, DRAFT_BYTES + DRAFT_SLOT), values, 1);
    v128.store32_lane(load<u32>(draft, DRAFT_BYTES * 2 + DRAFT_SLOT), values, 2);
    v128.store32_lane(load<u32>(draft, DRAFT_BYTES * 3 + DRAFT_SLOT), values, 3);
}

/** Appends a vertex for each draft, of open ground or of cave walls. `needVertices` for `DRAFTS_AT_ONCE` more first. */
export function finishDrafts(from: usize, end: usize, isGround: bool): void {
    const count = vertexCount;
    const ground = i32x4.splat(isGround ? -1 : 0);
    let vertex = count;
    for (let draft = from; draft < end; draft += DRAFT_BYTES * 4, vertex += 4) {
        finishFour(draft, vertex, ground);
    }
    setVertexCount(count + <i32>((end - from) / DRAFT_BYTES));
}

/** Appends the vertices of four drafts. */
@inline
function finishFour(draft: usize, vertex: i32, ground: v128): void {
    const d1 = draft + DRAFT_BYTES;
    const d2 = draft + DRAFT_BYTES * 2;
    const d3 = draft + DRAFT_BYTES * 3;
    const one = f32x4.splat(1);
    const zero = f32x4.splat(0);
    const signBit = i32x4.splat(0x80000000);

    const g01 = v128.shuffle<f32>(gradientOf(draft), gradientOf(d1), 0, 4, 1, 5);
    const g23 = v128.shuffle<f32>(gradientOf(d2), gradientOf(d3), 0, 4, 1, 5);
    const x = v128.shuffle<f64>(g01, g23, 0, 2);
    // A gradient without a length looks up.
    const y = f32x4.add(v128.shuffle<f64>(g01, g23, 1, 3), f32x4.splat(1e-9));
    const z = v128.shuffle<f32>(
        v128.shuffle<f32>(gradientOf(draft), gradientOf(d1), 2, 6, 2, 6),
        v128.shuffle<f32>(gradientOf(d2), gradientOf(d3), 2, 6, 2, 6),
        0,
        1,
        4,
        5,
    );
    const square = f32x4.add(f32x4.add(f32x4.mul(x, x), f32x4.mul(z, z)), f32x4.mul(y, y));
    const length = f32x4.sqrt(square);
    const nx = f32x4.div(x, length);
    const ny = f32x4.div(y, length);
    const nz = f32x4.div(z, length);
    storeTransposed(unitNormalAt(vertex), nx, ny, nz, i32x4.splat(-1));

    // Ground is mapped flat, walls by the largest axis of the normal.
    const sizeX = f32x4.abs(nx);
    const sizeY = f32x4.abs(ny);
    const sizeZ = f32x4.abs(nz);
    const isFlat = v128.or(ground, v128.and(f32x4.ge(sizeY, sizeX), f32x4.ge(sizeY, sizeZ)));
    const isX = v128.andnot(f32x4.gt(sizeX, sizeZ), isFlat);
    const isZ = v128.not(v128.or(isFlat, isX));

    // Along the surface where v is constant and u grows: the facing part of the normal at u's axis, u's part, with the
    // other sign, at the facing axis.
    const facing = v128.bitselect(ny, v128.bitselect(nx, nz, isX), isFlat);
    const sign = v128.and(facing, signBit);
    const alongU = f32x4.add(f32x4.abs(facing), f32x4.splat(1e-6));
    const alongFacing = v128.xor(v128.xor(v128.bitselect(nz, nx, isX), signBit), sign);
    const tangentLength = f32x4.sqrt(f32x4.add(f32x4.mul(alongU, alongU), f32x4.mul(alongFacing, alongFacing)));
    const tu = f32x4.div(alongU, tangentLength);
    const tf = f32x4.div(alongFacing, tangentLength);
    const tx = v128.bitselect(tf, tu, isX);
    const ty = v128.and(tf, isFlat);
    const tz = v128.bitselect(tu, v128.and(tf, isZ), isX);
    const turned = v128.xor(v128.xor(one, v128.andnot(signBit, isZ)), sign);

    const q01 = v128.shuffle<f32>(quantaOf(draft), quantaOf(d1), 0, 4, 1, 5);
    const q23 = v128.shuffle<f32>(quantaOf(d2), quantaOf(d3), 0, 4, 1, 5);
    const qx = v128.shuffle<f64>(q01, q23, 0, 2);
    const qy = v128.shuffle<f64>(q01, q23, 1, 3);
    const qz = v128.shuffle<f32>(
        v128.shuffle<f32>(quantaOf(draft), quantaOf(d1), 2, 6, 2, 6),
        v128.shuffle<f32>(quantaOf(d2), quantaOf(d3), 2, 6, 2, 6),
        0,
        1,
        4,
        5,
    );
    // v begins anew with each half side, of faces mapped upright.
    const shift = v128.andnot(f32x4.floor(f32x4.mul(qy, f32x4.splat(halfSides))), isFlat);
    const scale = f32x4.splat(uvScale);
    const u = f32x4.mul(v128.bitselect(qz, qx, isX), scale);
    const v = f32x4.sub(f32x4.mul(v128.bitselect(qz, qy, isFlat), scale), f32x4.mul(shift, f32x4.splat(HALF_SIDE)));
    const most = i32x4.splat(0xffff);
    const wholeU = i32x4.min_s(i32x4.max_s(roundToInt(u), zero), most);
    const wholeV = i32x4.min_s(i32x4.max_s(roundToInt(v), zero), most);

    // Weights lie as vertices have them: they are only narrowed.
    const w01 = i16x8.narrow_i32x4_s(
        toUnorm8(weightsOf(draft)),
        toUnorm8(weightsOf(d1)),
    );
    const w23 = i16x8.narrow_i32x4_s(toUnorm8(weightsOf(d2)), toUnorm8(weightsOf(d3)));
    const packedWeights = i8x16.narrow_i16x8_u(w01, w23);
    const to = vertexAt(vertex);
    storeFourRecords(
        to,
        v128.or(v128.or(snorm8(nx, 0), snorm8(ny, 8)), snorm8(nz, 16)),
        v128.or(v128.or(snorm8(tx, 0), snorm8(ty, 8)), v128.or(snorm8(tz, 16), snorm8(turned, 24))),
        v128.or(wholeU, i32x4.shl(wholeV, 16)),
        packedWeights,
    );
    storePosition(to, packPosition(quantaOf(draft)));
    storePosition(to + VERTEX_BYTES, packPosition(quantaOf(d1)));
    storePosition(to + VERTEX_BYTES * 2, packPosition(quantaOf(d2)));
    storePosition(to + VERTEX_BYTES * 3, packPosition(quantaOf(d3)));

    const plane = v128.or(v128.and(isX, i32x4.splat(FACING_X)), v128.and(isZ, i32x4.splat(FACING_Z)));
    const wholeShift = roundToInt(shift);
    const mapping = v128.or(plane, i32x4.shl(wholeShift, 16));
    linkFour(linkAt(vertex), mapping);
    // The slot tells how the vertex is mapped, so that triangles whose corners differ are found as they are made.
    const unturned = v128.andnot(i32x4.splat(1 << UNTURNED_BIT), i32x4.shr_s(turned, 31));
    const isCave = i32x4.ne(v128.and(packedWeights, i32x4.splat(CAVE_BYTE)), zero);
    const kind = v128.or(unturned, v128.and(isCave, i32x4.splat(1 << CAVE_BIT)));
    const code = v128.or(i32x4.shl(v128.or(plane, i32x4.shl(wholeShift, 2)), MAPPING_SHIFT), kind);
    const slots = v128.or(code, i32x4.add(i32x4.splat(vertex), i32x4(0, 1, 2, 3)));
    fillFourSlots(draft, slots);
}
