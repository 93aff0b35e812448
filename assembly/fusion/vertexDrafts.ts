// The second half of a vertex between columns or on a cave's wall, for four at once: unit normal, mapping, tangent, packing.
//
// The first half (fusionVertices.ts) gathers from all over the volume; this half is arithmetic alone, so each of its
// vectors holds one quantity of four vertices.

import { roundToInt, storeTransposed, toUnorm8 } from "../base/simd";
import {
    CAVE_BIT,
    linkAt,
    MAPPING_SHIFT,
    NORMAL,
    noteAt,
    POSITION,
    setVertexCount,
    snorm8,
    UNTURNED_BIT,
    vertexAt,
    vertexCount,
    VERTEX_BYTES,
} from "../surface/surface";
import { FACING_X, FACING_Z, halfSides, HALF_SIDE, uvScale } from "../surface/uvMapping";

/** What the first half leaves: gradient, position in quanta, weights, each as f32 x 4; address of the slot. */
export const DRAFT_BYTES: usize = 64;
export const DRAFT_GRADIENT: usize = 0;
export const DRAFT_QUANTA: usize = 16;
export const DRAFT_WEIGHTS: usize = 32;
export const DRAFT_SLOT: usize = 48;
/** Drafts are finished so many at once: behind the last, as many more are read, and as many vertices written. */
export const DRAFTS_AT_ONCE: i32 = 4;

/** Appends a vertex for each draft, of open ground or a cave's wall; `needVertices` for `DRAFTS_AT_ONCE` more first. */
export function finishDrafts(from: usize, end: usize, isGround: bool): void {
    const count = vertexCount;
    const ground = i32x4.splat(isGround ? -1 : 0);
    const caveBit = i32x4.splat(isGround ? 0 : 1 << CAVE_BIT);
    let vertex = count;
    for (let draft = from; draft < end; draft += DRAFT_BYTES * 4, vertex += 4) {
        finishFour(draft, vertex, ground, caveBit);
    }
    setVertexCount(count + <i32>((end - from) / DRAFT_BYTES));
}

@inline
function finishFour(draft: usize, vertex: i32, ground: v128, caveBit: v128): void {
    const d1 = draft + DRAFT_BYTES;
    const d2 = draft + DRAFT_BYTES * 2;
    const d3 = draft + DRAFT_BYTES * 3;
    const one = f32x4.splat(1);
    const zero = f32x4.splat(0);
    const signBit = i32x4.splat(0x80000000);

    const g01 = v128.shuffle<f32>(v128.load(draft), v128.load(d1), 0, 4, 1, 5);
    const g23 = v128.shuffle<f32>(v128.load(d2), v128.load(d3), 0, 4, 1, 5);
    const x = v128.shuffle<f64>(g01, g23, 0, 2);
    // A gradient without a length looks up.
    const y = f32x4.add(v128.shuffle<f64>(g01, g23, 1, 3), f32x4.splat(1e-9));
    const z = v128.shuffle<f32>(
        v128.shuffle<f32>(v128.load(draft), v128.load(d1), 2, 6, 2, 6),
        v128.shuffle<f32>(v128.load(d2), v128.load(d3), 2, 6, 2, 6),
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
    storeTransposed(noteAt(vertex), nx, ny, nz, i32x4.splat(-1));

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

    const q01 = v128.shuffle<f32>(v128.load(draft, DRAFT_QUANTA), v128.load(d1, DRAFT_QUANTA), 0, 4, 1, 5);
    const q23 = v128.shuffle<f32>(v128.load(d2, DRAFT_QUANTA), v128.load(d3, DRAFT_QUANTA), 0, 4, 1, 5);
    const qx = v128.shuffle<f64>(q01, q23, 0, 2);
    const qy = v128.shuffle<f64>(q01, q23, 1, 3);
    const qz = v128.shuffle<f32>(
        v128.shuffle<f32>(v128.load(draft, DRAFT_QUANTA), v128.load(d1, DRAFT_QUANTA), 2, 6, 2, 6),
        v128.shuffle<f32>(v128.load(d2, DRAFT_QUANTA), v128.load(d3, DRAFT_QUANTA), 2, 6, 2, 6),
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
        toUnorm8(v128.load(draft, DRAFT_WEIGHTS)),
        toUnorm8(v128.load(d1, DRAFT_WEIGHTS)),
    );
    const w23 = i16x8.narrow_i32x4_s(toUnorm8(v128.load(d2, DRAFT_WEIGHTS)), toUnorm8(v128.load(d3, DRAFT_WEIGHTS)));
    const to = vertexAt(vertex);
    storeRecords(
        to + NORMAL,
        v128.or(v128.or(snorm8(nx, 0), snorm8(ny, 8)), snorm8(nz, 16)),
        v128.or(v128.or(snorm8(tx, 0), snorm8(ty, 8)), v128.or(snorm8(tz, 16), snorm8(turned, 24))),
        v128.or(wholeU, i32x4.shl(wholeV, 16)),
        i8x16.narrow_i16x8_u(w01, w23),
    );
    storePosition(to, draft);
    storePosition(to + VERTEX_BYTES, d1);
    storePosition(to + VERTEX_BYTES * 2, d2);
    storePosition(to + VERTEX_BYTES * 3, d3);

    const plane = v128.or(v128.and(isX, i32x4.splat(FACING_X)), v128.and(isZ, i32x4.splat(FACING_Z)));
    const wholeShift = roundToInt(shift);
    const mapping = v128.or(plane, i32x4.shl(wholeShift, 16));
    const none = i32x4.splat(-1);
    v128.store(linkAt(vertex), v128.shuffle<i32>(mapping, none, 0, 4, 1, 5));
    v128.store(linkAt(vertex), v128.shuffle<i32>(mapping, none, 2, 6, 3, 7), 16);
    // The slot tells how the vertex is mapped, so that triangles whose corners differ are found as they are made.
    const unturned = v128.andnot(i32x4.splat(1 << UNTURNED_BIT), i32x4.shr_s(turned, 31));
    const kind = v128.or(unturned, caveBit);
    const code = v128.or(i32x4.shl(v128.or(plane, i32x4.shl(wholeShift, 2)), MAPPING_SHIFT), kind);
    const slots = v128.or(code, i32x4.add(i32x4.splat(vertex), i32x4(0, 1, 2, 3)));
    v128.store32_lane(load<u32>(draft, DRAFT_SLOT), slots, 0);
    v128.store32_lane(load<u32>(d1, DRAFT_SLOT), slots, 1);
    v128.store32_lane(load<u32>(d2, DRAFT_SLOT), slots, 2);
    v128.store32_lane(load<u32>(d3, DRAFT_SLOT), slots, 3);
}

/** The position, and a morph of 0. */
@inline
function storePosition(to: usize, draft: usize): void {
    const whole = roundToInt(v128.load(draft, DRAFT_QUANTA));
    v128.store(to, i16x8.narrow_i32x4_s(whole, i32x4.splat(0)), POSITION);
}

/** As `storeTransposed` does, a vertex apart. */
@inline
function storeRecords(to: usize, a: v128, b: v128, c: v128, d: v128): void {
    const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5);
    const abHigh = v128.shuffle<i32>(a, b, 2, 6, 3, 7);
    const cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
    const cdHigh = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
    v128.store(to, v128.shuffle<i64>(ab, cd, 1, 3), VERTEX_BYTES);
    v128.store(to, v128.shuffle<i64>(abHigh, cdHigh, 0, 2), VERTEX_BYTES * 2);
    v128.store(to, v128.shuffle<i64>(abHigh, cdHigh, 1, 3), VERTEX_BYTES * 3);
}
