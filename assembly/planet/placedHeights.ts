// Heights of a planet's grid: as heights.ts has them, of octaves of simplex noise at the samples' places. A sphere is not aligned with
// any lattice.

import { reserve } from "../base/arena";
import { ones } from "../base/simd";
import { countZ, lineBytes, macroPlane, RIDGE } from "../heightfield/grid";
import { finishLine, foldRidges } from "../heightfield/heights";
import { keepBorderSums, layoutBorderSums } from "../heightfield/levelGaps";
import { damping, Octave, octaveAt, octaveCount } from "../heightfield/octaves";
import { layoutPoints, simplex3Points } from "../noise/simplex";
import { placeLineBytes, placesX, placesY, placesZ } from "./places";

/**
 * Cells of simplex noise for one of lattice noise, and its values for those: both have the same slopes and the same spread then, so
 * that a recipe means the same on planets (measured over 200,000 points: slopes 6.40 and 4.10 times the spread, which is 0.385 and
 * 0.305).
 */
const CELLS: f64 = 0.64;
const VALUES: f32 = 0.792;
const SLOPES: f32 = 0.792 * 0.64;

/** Over the samples of a line, f32: the sum of octaves so far, and of their slopes along the planet's axes. */
let sums: usize = 0;
/** The same of up's three parts. */
let ups: usize = 0;

/**
 * Fills heights from the macro fields and the octaves, in metres and in quanta. `fillPlaces` comes first.
 *
 * @param radius of the planet, in level-0 samples
 * @param step level-0 samples between samples, a power of two
 * @param spacing metres between samples
 * @param metersToQuanta a power of two
 * @param margin columns around a chunk whose border `levelGap` is asked of; less than 0 where it is not
 */
export function fillPlacedHeights(radius: f64, step: f64, spacing: f32, metersToQuanta: f32, margin: i32): void {
    const count = <i32>(lineBytes >> 2);
    const points = layoutPoints(count);
    sums = reserve(lineBytes * 4);
    ups = reserve(lineBytes * 3);
    let used = 0;
    while (used < octaveCount && octaveAt(used).period >= 2 * step) {
        used++;
    }
    if (margin >= 0) {
        layoutBorderSums(margin, 0, 0, step, spacing, metersToQuanta);
    }
    for (let line = 0; line < countZ; line++) {
        const places = <usize>line * placeLineBytes;
        memory.copy(points, placesX + places, placeLineBytes);
        memory.copy(points + placeLineBytes, placesY + places, placeLineBytes);
        memory.copy(points + placeLineBytes * 2, placesZ + places, placeLineBytes);
        demoteLine(points);
        memory.fill(sums, 0, lineBytes * 4);
        const ridge = macroPlane(RIDGE) + <usize>line * lineBytes;
        for (let i = 0; i < used; i++) {
            const octave = octaveAt(i);
            simplex3Points(points, count, octave.seed, (radius * CELLS) / octave.period, true);
            addOctave(octave, points + placeLineBytes * 3, ridge, i === 0);
            if (margin >= 0) {
                keepBorderSums(line, i, sums);
            }
        }
        finishLine(sums, <usize>line * lineBytes, metersToQuanta);
    }
}

/** Keeps the places of a line as f32. */
function demoteLine(points: usize): void {
    for (let at: usize = 0, end = lineBytes * 3; at < end; at += 16) {
        const low = f32x4.demote_f64x2_zero(v128.load(points + at * 2));
        const high = f32x4.demote_f64x2_zero(v128.load(points + at * 2, 16));
        v128.store(ups + at, v128.shuffle<f32>(low, high, 0, 1, 4, 5));
    }
}

/**
 * Adds an octave to a line.
 *
 * @param noise f32 a sample: values, then slopes by cell along the planet's axes
 * @param ridge how far it turns into ridges
 */
function addOctave(octave: Octave, noise: usize, ridge: usize, isFirst: bool): void {
    const amplitude = f32x4.splat(octave.amplitude);
    const scale = f32x4.splat(octave.slopeScale * SLOPES);
    const bytes = lineBytes;
    for (let at: usize = 0; at < bytes; at += 16) {
        const from = noise + at;
        const to = sums + at;
        let value = f32x4.mul(v128.load(from), f32x4.splat(VALUES));
        if (octave.isRidged) {
            value = foldRidges(value, v128.load(ridge + at));
        }
        const gx = v128.load(to + bytes);
        const gy = v128.load(to + bytes * 2);
        const gz = v128.load(to + bytes * 3);
        let weight = amplitude;
        if (!isFirst) {
            // Steepness is that over the ground: what slopes have along up does not count.
            const up = ups + at;
            const along = dot(gx, gy, gz, v128.load(up), v128.load(up + bytes), v128.load(up + bytes * 2));
            const steepness = f32x4.sub(dot(gx, gy, gz, gx, gy, gz), f32x4.mul(along, along));
            const held = f32x4.pmax(f32x4.splat(0), steepness);
            weight = f32x4.div(amplitude, f32x4.add(ones(), f32x4.mul(f32x4.splat(damping), held)));
        }
        v128.store(to, f32x4.add(v128.load(to), f32x4.mul(weight, value)));
        v128.store(to + bytes, f32x4.add(gx, f32x4.mul(scale, v128.load(from + bytes))));
        v128.store(to + bytes * 2, f32x4.add(gy, f32x4.mul(scale, v128.load(from + bytes * 2))));
        v128.store(to + bytes * 3, f32x4.add(gz, f32x4.mul(scale, v128.load(from + bytes * 3))));
    }
}

/** Returns four scalar products. */
@inline
function dot(ax: v128, ay: v128, az: v128, bx: v128, by: v128, bz: v128): v128 {
    return f32x4.add(f32x4.add(f32x4.mul(ax, bx), f32x4.mul(ay, by)), f32x4.mul(az, bz));
}
