// The open ground of a chunk that caves cross, column by column: what vertices on it look like, ready to be copied.

import { reserve } from "./arena";
import { quantaPerSample } from "./caveWorld";
import { countX, countZ, macroPlane, MOISTURE, RELIEF, rowBytes, smooth } from "./grid";
import { roundToInt, storeTransposed } from "./simd";
import { snorm8, unorm8 } from "./surface";
import { uvScale } from "./uvMapping";

/**
 * 16 bytes a column: unit normals as f32 x 3, by slopes over two samples; the packed vertex from its normal on; and relief
 * and moisture as f32 x 2, as vertices between columns mix them.
 */
export let groundNormals: usize = 0;
export let groundRecords: usize = 0;
export let groundWeights: usize = 0;

/** @param margin columns of the grid around the chunk; @param slopeScale 1 / (two samples in metres) */
export function fillGround(margin: i32, slopeScale: f32): void {
    const last = countX - 1 - margin;
    const wholeQuanta = <i32>quantaPerSample;
    groundNormals = reserve(<usize>(countX * countZ + 4) << 4);
    groundRecords = reserve(<usize>(countX * countZ + 4) << 4);
    groundWeights = reserve(<usize>(countX * countZ + 4) << 4);
    const scale = f32x4.splat(-slopeScale);
    const one = f32x4.splat(1);
    const zero = f32x4.splat(0);
    for (let z = margin; z <= last; z++) {
        const v = i32x4.splat(<i32>nearest(<f32>((z - margin) * wholeQuanta) * uvScale) << 16);
        for (let x = 0; x < countX; x += 4) {
            const sample = <usize>z * rowBytes + (<usize>x << 2);
            const at = smooth + sample;
            const nx = f32x4.mul(f32x4.sub(v128.load(at + 4), v128.load(at - 4)), scale);
            const nz = f32x4.mul(f32x4.sub(v128.load(at + rowBytes), v128.load(at - rowBytes)), scale);
            const flat = f32x4.add(f32x4.mul(nx, nx), one);
            const ny = f32x4.div(one, f32x4.sqrt(f32x4.add(flat, f32x4.mul(nz, nz))));
            const a = f32x4.mul(nx, ny);
            const c = f32x4.mul(nz, ny);
            const to = <usize>(z * countX + x) << 4;
            storeTransposed(groundNormals + to, a, ny, c, zero);
            const relief = v128.load(macroPlane(RELIEF) + sample);
            const moisture = v128.load(macroPlane(MOISTURE) + sample);
            storeTransposed(groundWeights + to, relief, moisture, zero, zero);
            // Along the surface where z is constant; v grows against cross(normal, tangent).
            const tx = f32x4.div(one, f32x4.sqrt(flat));
            const ty = f32x4.neg(f32x4.mul(nx, tx));
            const steps = i32x4.add(i32x4.splat(x - margin), i32x4(0, 1, 2, 3));
            const quanta = f32x4.convert_i32x4_s(i32x4.mul(steps, i32x4.splat(wholeQuanta)));
            const u = roundToInt(f32x4.mul(quanta, f32x4.splat(uvScale)));
            storeTransposed(
                groundRecords + to,
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
}

