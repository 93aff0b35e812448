// Terrain heights: macro fields, then detail octaves damped where the slope gathered by the octaves before is steep; in mountains
// gullies and beds (gullies.ts).
//
// Gradient noise on a lattice that is aligned with the samples. Within a cell each corner's share is linear along a line,
// so all that depends on the corners is set up once a cell and line; a sample costs a few multiply-adds. Lines are walked
// cell by cell, four samples at a time, from up to three samples before the line on, so that vectors fill whole cells.

import { reserve } from "../base/arena";
import { ones } from "../base/simd";
import { fade, fadeSlope, gradient2, gradient2Z, gradientX, wrapCell } from "../noise/lattice";
import { AMPLITUDE, BASE, countX, countZ, lineBytes, macroPlane, quanta, RIDGE, smooth } from "./grid";
import { beginGullies, carveLine, isLineCarved, wideOctaves } from "./gullies";
import { keepBorderCarving, keepBorderSums, layoutBorderSums } from "./levelGaps";
import { damping, MAX_OCTAVES, Octave, octaveAt, octaveCount } from "./octaves";

/** Floats before a line buffer's first sample: vectors may begin there. */
const PAD: i32 = 4;
const PAD_BYTES: usize = 16;

/** Rounds ridges whose slopes gullies follow: else they would all begin at once along a crest, which would stand as a wall. */
const SOFT_FOLD: f32 = 0.06;

/** Samples along a line at most: a chunk's 129, and those around. */
const MOST_SAMPLES: i32 = 144;
/**
 * A line's f32, and those that vectors reach to both sides. A constant, so that three lines are reached from one address.
 */
const BUFFER_BYTES: usize = (<usize>MOST_SAMPLES << 2) + PAD_BYTES * 2;

/** What is kept of an octave from line to line. */
@unmanaged
class Walk {
    /** f32 tables over the line, `BUFFER_BYTES` apart: fraction within the cell, its fade, the fade's slope. */
    fractions: usize;
    /** f32 arrays over the corners along x, `cornerBytes` apart: gradient x and z at the cell's low z, then at its high z. */
    gradients: usize;
    /** First cell along x, wrapped. */
    cellX: i32;
    corners: i32;
    /** Samples a cell. */
    width: i32;
    /** First sample of the walk: 0 or a little less, so that vectors fill cells. */
    first: i32;
    /** Where `first` lies within its cell. */
    phase: i32;
    /** The cell that `gradients` stands for. */
    cellZ: f64;
}

let walks: usize = 0;
let cornerBytes: usize = 0;

// Over the corners of one line: `along` times the fraction plus `constant` is the corner's share; likewise its slope by z.
let along: usize = 0;
let constant: usize = 0;
let alongZ: usize = 0;
let constantZ: usize = 0;
// From one corner to the next, noise is a t + c and a1 (t - 1) + c1, faded from one to the other: what they differ by is
// turn t + rise, where turn is a1 - a, and rise c1 - a1 - c.
let turn: usize = 0;
let rise: usize = 0;
let turnZ: usize = 0;
let riseZ: usize = 0;

/** Over the samples of one line, after the octaves so far: the sum of their values, and of their slopes along x and z. */
let sums: usize = 0;
const SLOPE_X: usize = BUFFER_BYTES;
const SLOPE_Z: usize = BUFFER_BYTES * 2;
// Where land is carved: sum and slopes of the octaves that gullies follow, folded and damped.
const WIDE_SUM: usize = BUFFER_BYTES * 3;
const WIDE_X: usize = BUFFER_BYTES * 4;
const WIDE_Z: usize = BUFFER_BYTES * 5;

/** Returns the walk of an octave. */
@inline
function walkAt(i: i32): Walk {
    return changetype<Walk>(walks + <usize>i * offsetof<Walk>());
}

/**
 * Fills heights from the macro fields and the octaves, in metres and in quanta.
 *
 * @param x, z the first sample, in level-0 samples
 * @param step level-0 samples between samples, a power of two
 * @param spacing metres between samples
 * @param metersToQuanta a power of two
 * @param margin columns around a chunk whose border `levelGap` is asked of; less than 0 where it is not
 */
export function fillHeights(x: f64, z: f64, step: f64, spacing: f32, metersToQuanta: f32, margin: i32): void {
    walks = reserve(offsetof<Walk>() * <usize>MAX_OCTAVES);
    if (countX > MOST_SAMPLES) {
        unreachable();
    }
    // Cells are at least two samples wide.
    cornerBytes = (<usize>((countX >> 1) + 8) & ~3) << 2;
    sums = reserve(BUFFER_BYTES * 6) + PAD_BYTES;
    along = reserve(cornerBytes);
    constant = reserve(cornerBytes);
    alongZ = reserve(cornerBytes);
    constantZ = reserve(cornerBytes);
    turn = reserve(cornerBytes);
    rise = reserve(cornerBytes);
    turnZ = reserve(cornerBytes);
    riseZ = reserve(cornerBytes);
    let used = 0;
    while (used < octaveCount && octaveAt(used).period >= 2 * step) {
        startWalk(octaveAt(used), walkAt(used), x, step);
        used++;
    }
    if (margin >= 0) {
        layoutBorderSums(margin, x, z, step, spacing, metersToQuanta);
    }
    // The first octave writes what others add to; where there is none the sum stays 0.
    memory.fill(sums - PAD_BYTES, 0, BUFFER_BYTES * 6);
    const mayCarve = beginGullies(x, step, spacing);
    const wide = wideOctaves();
    for (let line = 0; line < countZ; line++) {
        const ridge = macroPlane(RIDGE) + <usize>line * lineBytes;
        const isCarved = mayCarve && isLineCarved(line);
        for (let i = 0; i < used; i++) {
            const octave = octaveAt(i);
            const walk = walkAt(i);
            setUpCorners(octave, walk, z + <f64>line * step + octave.offsetZ);
            if (isCarved && i < wide) {
                walkWide(octave, walk, ridge, i === 0);
            } else if (walk.width === 2) {
                walkPairs(octave, walk, ridge, i === 0, false);
            } else {
                walkCells(octave, walk, ridge, i === 0, false);
            }
            if (isCarved && i === wide - 1) {
                memory.copy(sums + WIDE_SUM - PAD_BYTES, sums - PAD_BYTES, BUFFER_BYTES);
            }
            if (margin >= 0) {
                keepBorderSums(line, i, sums);
            }
        }
        finishLine(sums, <usize>line * lineBytes, metersToQuanta);
        if (isCarved) {
            carveLine(line, z + <f64>line * step, sums, sums + WIDE_SUM, sums + WIDE_X, sums + WIDE_Z, metersToQuanta);
            if (margin >= 0) {
                keepBorderCarving(line);
            }
        }
    }
}

/** Begins the walk of an octave: fills its tables over a line. */
function startWalk(octave: Octave, walk: Walk, x: f64, step: f64): void {
    const inverse = 1 / octave.period;
    const start = (x + octave.offsetX) * inverse;
    const cell = floor(start);
    const within = (start - cell) * octave.period;
    const width = <i32>min(octave.period / step, <f64>(1 << 28));
    const phase = <i32>(within / step);
    const early = width === 2 ? phase & 1 : phase & 3;
    walk.width = width;
    walk.first = -early;
    walk.phase = phase - early;
    walk.cellX = wrapCell(cell);
    walk.corners = (phase + countX - 1) / width + 2;
    walk.cellZ = NaN;
    walk.fractions = reserve(BUFFER_BYTES * 3) + PAD_BYTES;
    walk.gradients = reserve(cornerBytes * 4);
    // How far samples lie behind the borders of samples: offsets need not be multiples of a coarse level's step.
    const rest = within - <f64>phase * step;
    const last = <i32>(lineBytes >> 2) + PAD;
    for (let i = walk.first; i < last; i++) {
        const sample = (walk.phase + (i - walk.first)) & (width - 1);
        const t = <f32>((rest + <f64>sample * step) * inverse);
        const at = walk.fractions + <usize>(i << 2);
        store<f32>(at, t);
        store<f32>(at, fade(t), BUFFER_BYTES);
        store<f32>(at, fadeSlope(t), BUFFER_BYTES * 2);
    }
}

/** Hashes the gradients of the cells that a line crosses, and blends what its samples need of them. */
function setUpCorners(octave: Octave, walk: Walk, z: f64): void {
    const inverse = 1 / octave.period;
    const cellZ = floor(z * inverse);
    const low = walk.gradients;
    const high = low + cornerBytes * 2;
    if (cellZ !== walk.cellZ) {
        if (cellZ === walk.cellZ + 1) {
            memory.copy(low, high, cornerBytes * 2);
        } else {
            hashCorners(octave, walk, wrapCell(cellZ), low);
        }
        hashCorners(octave, walk, wrapCell(cellZ + 1), high);
        walk.cellZ = cellZ;
    }
    const t = <f32>(z * inverse - cellZ);
    const tz = f32x4.splat(t);
    const uz = f32x4.splat(t - 1);
    const wz = f32x4.splat(fade(t));
    const dz = f32x4.splat(fadeSlope(t));
    const end = <usize>walk.corners << 2;
    for (let at: usize = 0; at < end; at += 16) {
        const x0 = v128.load(low + at);
        const z0 = v128.load(low + cornerBytes + at);
        const acrossX = f32x4.sub(v128.load(high + at), x0);
        const z1 = v128.load(high + cornerBytes + at);
        const near = f32x4.mul(z0, tz);
        const across = f32x4.sub(f32x4.mul(z1, uz), near);
        v128.store(along + at, f32x4.add(x0, f32x4.mul(wz, acrossX)));
        v128.store(constant + at, f32x4.add(near, f32x4.mul(wz, across)));
        v128.store(alongZ + at, f32x4.mul(dz, acrossX));
        const slope = f32x4.add(z0, f32x4.mul(wz, f32x4.sub(z1, z0)));
        v128.store(constantZ + at, f32x4.add(slope, f32x4.mul(dz, across)));
    }
    for (let at: usize = 0; at < end; at += 16) {
        fillDifference(along + at, constant + at, turn + at, rise + at);
        fillDifference(alongZ + at, constantZ + at, turnZ + at, riseZ + at);
    }
}

/** Fills what four corners differ by from those behind. */
@inline
function fillDifference(a: usize, c: usize, toTurn: usize, toRise: usize): void {
    const a1 = v128.load(a, 4);
    v128.store(toTurn, f32x4.sub(a1, v128.load(a)));
    v128.store(toRise, f32x4.sub(f32x4.sub(v128.load(c, 4), a1), v128.load(c)));
}

/** Fills the gradients of a line of corners. */
function hashCorners(octave: Octave, walk: Walk, cellZ: i32, to: usize): void {
    for (let corner = 0; corner < walk.corners; corner++) {
        const gradient = gradient2(octave.seed, walk.cellX + corner, cellZ);
        store<f32>(to + (<usize>corner << 2), gradientX(gradient));
        store<f32>(to + cornerBytes + (<usize>corner << 2), gradient2Z(gradient));
    }
}

/** Adds an octave whose slopes gullies follow, and keeps these. A function of its own: others pay nothing for it. */
function walkWide(octave: Octave, walk: Walk, ridge: usize, isFirst: bool): void {
    if (walk.width === 2) {
        walkPairs(octave, walk, ridge, isFirst, true);
    } else {
        walkCells(octave, walk, ridge, isFirst, true);
    }
}

/** Adds an octave whose cells have four samples and more: the corners' shares are the same for whole vectors. */
@inline
function walkCells(octave: Octave, walk: Walk, ridge: usize, isFirst: bool, isWide: bool): void {
    const steepening = f32x4.splat(<f32>(octaveAt(0).period / octave.period));
    const amplitude = f32x4.splat(octave.amplitude);
    const scale = f32x4.splat(octave.slopeScale);
    const isRidged = octave.isRidged;
    const fractions = walk.fractions;
    let at = walk.first;
    let left = walk.width - walk.phase;
    for (let corner: usize = 0; at < countX; corner += 4) {
        const a = v128.load32_splat(along + corner);
        const c = v128.load32_splat(constant + corner);
        const az = v128.load32_splat(alongZ + corner);
        const cz = v128.load32_splat(constantZ + corner);
        const ta = v128.load32_splat(turn + corner);
        const tc = v128.load32_splat(rise + corner);
        const taz = v128.load32_splat(turnZ + corner);
        const tcz = v128.load32_splat(riseZ + corner);
        const end = min(at + left, countX);
        for (; at < end; at += 4) {
            addOctave(amplitude, scale, steepening, isRidged, isFirst, isWide, fractions, ridge, at, a, c, ta, tc, az, cz, taz, tcz);
        }
        left = walk.width;
    }
}

/** Adds an octave whose cells have two samples: a vector spans two cells, which lie between three corners. */
@inline
function walkPairs(octave: Octave, walk: Walk, ridge: usize, isFirst: bool, isWide: bool): void {
    const amplitude = f32x4.splat(octave.amplitude);
    const scale = f32x4.splat(octave.slopeScale);
    const steepening = f32x4.splat(<f32>(octaveAt(0).period / octave.period));
    for (let at = walk.first, corner: usize = 0; at < countX; at += 4, corner += 8) {
        const a = twoCells(along + corner);
        const c = twoCells(constant + corner);
        const az = twoCells(alongZ + corner);
        const cz = twoCells(constantZ + corner);
        const ta = twoCells(turn + corner);
        const tc = twoCells(rise + corner);
        const taz = twoCells(turnZ + corner);
        const tcz = twoCells(riseZ + corner);
        const fractions = walk.fractions;
        addOctave(amplitude, scale, steepening, octave.isRidged, isFirst, isWide, fractions, ridge, at, a, c, ta, tc, az, cz, taz, tcz);
    }
}

/** Returns the numbers of two corners, twice each. */
@inline
function twoCells(from: usize): v128 {
    const two = v128.load64_zero(from);
    return v128.shuffle<f32>(two, two, 0, 0, 1, 1);
}

/** Adds one octave to four samples of the line. */
@inline
function addOctave(
    amplitude: v128,
    scale: v128,
    steepening: v128,
    isRidged: bool,
    isFirst: bool,
    isWide: bool,
    fractions: usize,
    ridge: usize,
    sample: i32,
    a: v128,
    c: v128,
    ta: v128,
    tc: v128,
    az: v128,
    cz: v128,
    taz: v128,
    tcz: v128,
): void {
    const at = <usize>(sample << 2);
    const from = fractions + at;
    const to = sums + at;
    const t = v128.load(from);
    const w = v128.load(from, BUFFER_BYTES);
    const slope = v128.load(from, BUFFER_BYTES * 2);
    const across = f32x4.add(f32x4.mul(ta, t), tc);
    let value = f32x4.add(f32x4.add(f32x4.mul(a, t), c), f32x4.mul(w, across));
    const slopeX = f32x4.add(f32x4.add(a, f32x4.mul(w, ta)), f32x4.mul(slope, across));
    const acrossZ = f32x4.add(f32x4.mul(taz, t), tcz);
    const slopeZ = f32x4.add(f32x4.add(f32x4.mul(az, t), cz), f32x4.mul(w, acrossZ));

    let folding = ones();
    if (isRidged) {
        if (isWide) {
            const wide = f32x4.sqrt(f32x4.add(f32x4.mul(value, value), f32x4.splat(SOFT_FOLD)));
            const flank = f32x4.div(f32x4.mul(f32x4.splat(1.6), value), wide);
            folding = f32x4.sub(ones(), f32x4.mul(v128.load(ridge + at), f32x4.add(ones(), flank)));
        }
        value = foldRidges(value, v128.load(ridge + at));
    }
    if (isFirst) {
        // Nothing is steep yet.
        v128.store(to, f32x4.mul(amplitude, value));
        v128.store(to, f32x4.mul(scale, slopeX), SLOPE_X);
        v128.store(to, f32x4.mul(scale, slopeZ), SLOPE_Z);
        if (isWide) {
            const pitch = f32x4.mul(f32x4.mul(amplitude, steepening), folding);
            v128.store(to, f32x4.mul(pitch, slopeX), WIDE_X);
            v128.store(to, f32x4.mul(pitch, slopeZ), WIDE_Z);
        }
        return;
    }
    const gx = v128.load(to, SLOPE_X);
    const gz = v128.load(to, SLOPE_Z);
    const steepness = f32x4.add(f32x4.mul(gx, gx), f32x4.mul(gz, gz));
    const weight = f32x4.div(amplitude, f32x4.add(ones(), f32x4.mul(f32x4.splat(damping), steepness)));
    v128.store(to, f32x4.add(v128.load(to), f32x4.mul(weight, value)));
    v128.store(to, f32x4.add(gx, f32x4.mul(scale, slopeX)), SLOPE_X);
    v128.store(to, f32x4.add(gz, f32x4.mul(scale, slopeZ)), SLOPE_Z);
    if (isWide) {
        const pitch = f32x4.mul(f32x4.mul(weight, steepening), folding);
        v128.store(to, f32x4.add(v128.load(to, WIDE_X), f32x4.mul(pitch, slopeX)), WIDE_X);
        v128.store(to, f32x4.add(v128.load(to, WIDE_Z), f32x4.mul(pitch, slopeZ)), WIDE_Z);
    }
}

/** Returns values of noise with ridges where they change sign, as far as a share says. */
@inline
export function foldRidges(value: v128, share: v128): v128 {
    const length = f32x4.sqrt(f32x4.add(f32x4.mul(value, value), f32x4.splat(0.0036)));
    const folded = f32x4.sub(f32x4.splat(0.95), f32x4.mul(f32x4.splat(1.6), length));
    return f32x4.add(value, f32x4.mul(share, f32x4.sub(folded, value)));
}

/**
 * Turns sums of octaves into heights, in metres and in quanta.
 *
 * @param octaves f32 a sample of a line
 * @param line bytes to it in a plane
 */
export function finishLine(octaves: usize, line: usize, metersToQuanta: f32): void {
    const base = macroPlane(BASE) + line;
    const amplitude = macroPlane(AMPLITUDE) + line;
    const scale = f32x4.splat(metersToQuanta);
    for (let at: usize = 0; at < lineBytes; at += 16) {
        const detail = f32x4.mul(v128.load(octaves + at), v128.load(amplitude + at));
        const height = f32x4.add(v128.load(base + at), detail);
        v128.store(smooth + line + at, height);
        v128.store(quanta + line + at, f32x4.nearest(f32x4.mul(height, scale)));
    }
}
