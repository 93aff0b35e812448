// The open ground of a chunk that caves cross, column by column: what vertices on it look like, ready to be copied. Slices
// lie in a ring, as many as are looked at together.

import { reserve } from "../base/arena";
import { roundToInt, storeTransposed } from "../base/simd";
import { countX, lineBytes, macroPlane, MOISTURE, RELIEF, smooth } from "../heightfield/grid";
import { wholeQuanta } from "../caves/caveWorld";
import { storeBareRecords } from "../surface/packedVertex";
import { snorm8, unorm8 } from "../surface/surface";
import { uvScale } from "../surface/uvMapping";

/** Slices in the ring: a coarse cell's, and those of the fine cells meshed before it. */
const KEPT: i32 = 4;

/**
 * 16 bytes a column: unit normals as f32 x 3, by slopes over two samples, and -1; the packed vertex from its normal on; and
 * relief and moisture as f32 x 2, as vertices between columns mix them.
 */
let normals: usize = 0;
let records: usize = 0;
let weights: usize = 0;
let sliceBytes: usize = 0;
/** Columns of the grid around the chunk. */
let margin: i32 = 0;
/** 1 / (two samples in metres). */
let slopes: f32 = 0;

/**
 * Lays out the ring.
 *
 * @param around columns of the grid around the chunk
 * @param slopeScale 1 / (two samples in metres)
 */
export function layoutGroundSlices(around: i32, slopeScale: f32): void {
    margin = around;
    slopes = slopeScale;
    sliceBytes = <usize>(countX + 4) << 4;
    normals = reserve(sliceBytes * <usize>KEPT);
    records = reserve(sliceBytes * <usize>KEPT);
    weights = reserve(sliceBytes * <usize>KEPT);
}

/** Returns the bytes to slice z in each part of the ring. */
@inline
function sliceOffset(z: i32): usize {
    return <usize>(z & (KEPT - 1)) * sliceBytes;
}

/** Returns the address of the unit normals of slice z, 16 bytes a column. */
@inline
export function groundNormals(z: i32): usize {
    return normals + sliceOffset(z);
}

/** Returns the address of the packed records of slice z, 16 bytes a column. */
@inline
export function groundRecords(z: i32): usize {
    return records + sliceOffset(z);
}

/** Returns the address of the unpacked weights of slice z, 16 bytes a column. */
@inline
export function groundWeights(z: i32): usize {
    return weights + sliceOffset(z);
}

/** Fills slice z. */
export function fillGround(z: i32): void {
    const scale = f32x4.splat(-slopes);
    const one = f32x4.splat(1);
    const zero = f32x4.splat(0);
    const offset = sliceOffset(z);
    const v = i32x4.shl(roundToInt(f32x4.splat(<f32>((z - margin) * wholeQuanta) * uvScale)), 16);
    for (let x = 0; x < countX; x += 4) {
        const sample = <usize>z * lineBytes + (<usize>x << 2);
        const at = smooth + sample;
        const nx = f32x4.mul(f32x4.sub(v128.load(at + 4), v128.load(at - 4)), scale);
        const nz = f32x4.mul(f32x4.sub(v128.load(at + lineBytes), v128.load(at - lineBytes)), scale);
        const flat = f32x4.add(f32x4.mul(nx, nx), one);
        const ny = f32x4.div(one, f32x4.sqrt(f32x4.add(flat, f32x4.mul(nz, nz))));
        const a = f32x4.mul(nx, ny);
        const c = f32x4.mul(nz, ny);
        const to = offset + (<usize>x << 4);
        storeTransposed(normals + to, a, ny, c, i32x4.splat(-1));
        const relief = v128.load(macroPlane(RELIEF) + sample);
        const moisture = v128.load(macroPlane(MOISTURE) + sample);
        storeTransposed(weights + to, relief, moisture, zero, zero);
        // Along the surface where z is constant; v grows against cross(normal, tangent).
        const tx = f32x4.div(one, f32x4.sqrt(flat));
        const ty = f32x4.neg(f32x4.mul(nx, tx));
        const steps = i32x4.add(i32x4.splat(x - margin), i32x4(0, 1, 2, 3));
        const quanta = f32x4.convert_i32x4_s(i32x4.mul(steps, i32x4.splat(wholeQuanta)));
        const u = roundToInt(f32x4.mul(quanta, f32x4.splat(uvScale)));
        storeBareRecords(
            records + to,
            v128.or(v128.or(snorm8(a, 0), snorm8(ny, 8)), snorm8(c, 16)),
            v128.or(v128.or(snorm8(tx, 0), snorm8(ty, 8)), i32x4.splat(0x81 << 24)),
            v128.or(v128.and(u, i32x4.splat(0xffff)), v),
            v128.or(
                v128.or(unorm8(relief), i32x4.shl(unorm8(moisture), 8)),
                i32x4.splat(0xff << 24),
            ),
        );
    }
}

