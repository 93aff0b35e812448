// How far the ground along a chunk's border may lie above that of another level: so deep its skirts must be.
//
// A coarser level is straight between its samples, which are some of the chunk's, and lacks octaves. What the sum of octaves is
// without the last ones is known on the way to it, and kept along the border. What finer levels have the chunk cannot know: between
// two of its samples they hardly differ by more than the steepest step and the octaves that it lacks (measured: docs/adr/0012).

import { reserve } from "../base/arena";
import { bedAt, depthOfLedges, haveBeds } from "./beds";
import { AMPLITUDE, BASE, countX, countZ, lineBytes, macroPlane, quanta, RELIEF } from "./grid";
import {
    bedShares,
    floorsFrom,
    gulliesAt,
    gullySums,
    hasBedsAt,
    isDetailReplaced,
    MAX_GULLIES,
    replacedDetail,
    shareOfRelief,
    wideOctaves,
} from "./gullies";
import { MAX_OCTAVES, octaveAt, octaveCount } from "./octaves";

/** Behind the sums of octaves: the share of beds, and sums of 1 octave of gullies and more. */
const BED_SHARE: i32 = MAX_OCTAVES;
const GULLIES: i32 = MAX_OCTAVES;
const KEPT: i32 = MAX_OCTAVES + 1 + MAX_GULLIES;

/** Borders of a chunk: those at low and high z, then at low and high x. */
const BORDERS: i32 = 4;

/** f32 along each border, octave by octave: the sum of octaves up to that one. Then what is kept of gullies and beds. */
let sums: usize = 0;
let borderBytes: usize = 0;
let octaveBytes: usize = 0;
/** Columns around the chunk. */
let margin: i32 = 0;
/** The first sample, and level-0 samples between samples. */
let firstX: f64 = 0;
let firstZ: f64 = 0;
let step: f64 = 1;
/** Metres between samples. */
let spacing: f32 = 1;
let scale: f32 = 1;

/** The border's samples, f32: height in quanta, and in quanta what a coarser level has. */
let own: usize = 0;
let coarse: usize = 0;

/**
 * Makes room for the sums along a chunk's border.
 *
 * @param around columns of the grid around the chunk
 * @param x, z the first sample, in level-0 samples
 * @param samples level-0 samples between samples
 * @param metres between samples
 */
export function layoutBorderSums(around: i32, x: f64, z: f64, samples: f64, metres: f32, metersToQuanta: f32): void {
    margin = around;
    firstX = x;
    firstZ = z;
    step = samples;
    spacing = metres;
    scale = metersToQuanta;
    borderBytes = <usize>((max(countX, countZ) + 7) & ~3) << 2;
    octaveBytes = borderBytes * <usize>BORDERS;
    sums = reserve(octaveBytes * <usize>KEPT);
    // Lines that are not carved keep nothing.
    memory.fill(borderSums(BED_SHARE, 0), 0, octaveBytes * <usize>(KEPT - MAX_OCTAVES));
    own = reserve(borderBytes);
    coarse = reserve(borderBytes);
}

/** Returns the address of the sums along a border up to an octave. */
@inline
function borderSums(octave: i32, border: i32): usize {
    return sums + <usize>octave * octaveBytes + <usize>border * borderBytes;
}

/**
 * Keeps what a line of samples has of the border.
 *
 * @param line its number
 * @param octave the last that `values` have
 * @param values f32 a sample
 */
@inline
export function keepBorderSums(line: i32, octave: i32, values: usize): void {
    const at = <usize>line << 2;
    store<f32>(borderSums(octave, 2) + at, load<f32>(values + (<usize>margin << 2)));
    store<f32>(borderSums(octave, 3) + at, load<f32>(values + (<usize>(countX - 1 - margin) << 2)));
    if (line === margin || line === countZ - 1 - margin) {
        memory.copy(borderSums(octave, line === margin ? 0 : 1), values, <usize>countX << 2);
    }
}

/** Keeps what a line that was carved has of the border. */
export function keepBorderCarving(line: i32): void {
    keepBorderSums(line, BED_SHARE, bedShares());
    for (let octaves = gulliesAt(step); octaves > 0; octaves--) {
        keepBorderSums(line, GULLIES + octaves, gullySums(octaves));
    }
}

/** Returns how many octaves a level has. */
function octavesAt(samples: f64): i32 {
    let used = 0;
    while (used < octaveCount && octaveAt(used).period >= 2 * samples) {
        used++;
    }
    return used;
}

/**
 * Returns the most by which the border may lie above the ground of another level, in quanta before rounding: of coarser levels
 * whose samples the chunk has, exactly.
 */
export function levelGap(): f32 {
    const used = octavesAt(step);
    let finer: f32 = 0;
    for (let octave = used; octave < octaveCount; octave++) {
        finer += octaveAt(octave).amplitude;
    }
    let most: f32 = 0;
    for (let border = 0; border < BORDERS; border++) {
        const isX = border >= 2;
        const cells = (isX ? countZ : countX) - 1 - 2 * margin;
        const across = (border & 1) === 0 ? margin : (isX ? countX : countZ) - 1 - margin;
        const stride: usize = isX ? lineBytes : 4;
        const first = isX ? <usize>margin * lineBytes + (<usize>across << 2) : <usize>across * lineBytes + (<usize>margin << 2);
        let steepest: f32 = 0;
        let amplitude: f32 = 0;
        let relief: f32 = 0;
        for (let i = 0, at = first; i <= cells; i++, at += stride) {
            const height = load<f32>(quanta + at);
            store<f32>(own + (<usize>i << 2), height);
            amplitude = max(amplitude, load<f32>(macroPlane(AMPLITUDE) + at));
            relief = max(relief, load<f32>(macroPlane(RELIEF) + at));
            if (i > 0) {
                steepest = max(steepest, abs(height - load<f32>(own + (<usize>(i - 1) << 2))));
            }
        }
        most = max(most, steepest + (amplitude * finer + shareOfRelief(relief) * lackedDepth()) * scale);
        for (let width = 2; width <= cells; width <<= 1) {
            const octaves = octavesAt(step * <f64>width);
            const from = borderSums(octaves - 1, border) + (<usize>margin << 2);
            for (let i = 0; i <= cells; i += width) {
                const at = first + <usize>i * stride;
                const sum: f32 = octaves > 0 ? load<f32>(from + (<usize>i << 2)) : 0;
                const detail = load<f32>(macroPlane(AMPLITUDE) + at) * sum;
                const height = carvedAt(border, i, at, width, octaves, load<f32>(macroPlane(BASE) + at) + detail);
                store<f32>(coarse + (<usize>i << 2), height * scale);
            }
            most = max(most, gapAbove(cells, width));
        }
    }
    return most;
}

/** Returns the metres by which finer levels may lie lower for gullies and beds that this one lacks. */
function lackedDepth(): f32 {
    const gullies = floorsFrom(gulliesAt(step));
    return haveBeds(0) && !hasBedsAt(step, spacing) ? gullies + depthOfLedges() : gullies;
}

/**
 * Returns the height that a coarser level has at a sample of the border, once it is carved.
 *
 * @param i the sample
 * @param at where it lies in a plane
 * @param width samples between those of that level
 * @param octaves that it has of detail
 * @param height metres, before
 */
function carvedAt(border: i32, i: i32, at: usize, width: i32, octaves: i32, height: f32): f32 {
    const coarseStep = step * <f64>width;
    const hasBeds = hasBedsAt(coarseStep, spacing * <f32>width);
    const isReplaced = isDetailReplaced(coarseStep);
    const share = isReplaced || hasBeds ? shareOfRelief(load<f32>(macroPlane(RELIEF) + at)) : 0;
    if (share === 0) {
        return height;
    }
    const place = <usize>(i + margin) << 2;
    const wide = wideOctaves();
    const wideSum: f32 = wide > 0 ? load<f32>(borderSums(wide - 1, border) + place) : 0;
    const all: f32 = octaves > 0 ? load<f32>(borderSums(octaves - 1, border) + place) : 0;
    const fine = load<f32>(macroPlane(AMPLITUDE) + at) * (all - wideSum);
    const count = gulliesAt(coarseStep);
    const gullies: f32 = count > 0 ? load<f32>(borderSums(GULLIES + count, border) + place) : 0;
    const carved = height + (gullies - fine * share * replacedDetail());
    if (!hasBeds) {
        return carved;
    }
    const isX = border >= 2;
    const across = (border & 1) === 0 ? margin : (isX ? countX : countZ) - 1 - margin;
    const x = firstX + <f64>(isX ? across : i + margin) * step;
    const z = firstZ + <f64>(isX ? i + margin : across) * step;
    return carved + load<f32>(borderSums(BED_SHARE, border) + place) * bedAt(x, z, carved);
}

/**
 * Returns the most by which the border's samples lie above the straight lines between those of a coarser level.
 *
 * @param width samples between those
 */
function gapAbove(cells: i32, width: i32): f32 {
    if (width === 2) {
        return gapAbovePairs(cells);
    }
    let most = f32x4.splat(0);
    const share = <f32>1 / <f32>width;
    for (let i = 0; i < cells; i += width) {
        const start = load<f32>(coarse + (<usize>i << 2));
        const slope = (load<f32>(coarse + (<usize>(i + width) << 2)) - start) * share;
        const rise = f32x4.splat(slope * 4);
        let line = f32x4.add(f32x4.splat(start), f32x4.mul(f32x4.splat(slope), f32x4(0, 1, 2, 3)));
        const end = own + (<usize>(i + width) << 2);
        for (let at = own + (<usize>i << 2); at < end; at += 16) {
            most = f32x4.pmax(most, f32x4.sub(v128.load(at), line));
            line = f32x4.add(line, rise);
        }
    }
    const two = f32x4.pmax(most, v128.shuffle<f32>(most, most, 2, 3, 0, 1));
    const last = load<f32>(own + (<usize>cells << 2)) - load<f32>(coarse + (<usize>cells << 2));
    return max(max(f32x4.extract_lane(two, 0), f32x4.extract_lane(two, 1)), last);
}

/** Returns what `gapAbove` does for samples that lie two apart. */
function gapAbovePairs(cells: i32): f32 {
    let most: f32 = 0;
    let before = load<f32>(coarse);
    for (let at: usize = 0, end = <usize>cells << 2; at < end; at += 8) {
        const here = load<f32>(coarse + at, 8);
        most = max(most, load<f32>(own + at) - before);
        most = max(most, load<f32>(own + at, 4) - <f32>0.5 * (before + here));
        before = here;
    }
    return max(most, load<f32>(own + (<usize>cells << 2)) - before);
}
