// Gullies: what water makes of mountains, place by place, without a memory of what lies uphill.
//
// Octave by octave stripes run down the slope (stripes.ts) and turn it by their own, so that the next, finer ones branch off. The
// slope that they begin with is that of the land's wide shapes. Where it is gentle there are none: summits and floors
// stay as they are.
//
// Cells and slope are of a plane here. On a sphere cells are cubes and the slope lies in the tangent plane: what stripes.ts makes of
// distances and phases stays as it is.

import { reserve, reserveTable } from "../base/arena";
import { ones } from "../base/simd";
import { bedsOf, haveBeds } from "./beds";
import { AMPLITUDE, BASE, countX, lineBytes, macroPlane, quanta, RELIEF, smooth } from "./grid";
import { octaveAt, octaveCount } from "./octaves";
import { Gully, layoutPoints, LEAST_WIDTH, LIST_HEAD_BYTES, listAt, listPoints, POINT_BYTES } from "./gullyPoints";
import { fillMacroSlopes, layoutMacroSlopes, macroSlopesX, macroSlopesZ } from "./macroFields";
import { agreement, cosineOf, fractionOf, REACH, sineOf, stripeOf, weightOf } from "./stripes";

export const MAX_GULLIES: i32 = 8;

/** Slope up to which the land is not carved, and what it rises by until it is in full. */
const LEAST_SLOPE: f32 = 0.06;
const SLOPE_RANGE: f32 = 0.25;
/** Slope below which stripes fade that have lost their direction: those before have turned it away. */
const LOST_SLOPE: f32 = 0.25;
/** Share of their depth that gullies have on level land; it grows by the slope, up to all of it. */
const LEVEL_SHARE: f32 = 0.35;

const table: usize = reserveTable(offsetof<Gully>() * <usize>MAX_GULLIES);
let gullyCount: i32 = 0;
/** How far floors of gullies lie below the land, in amplitudes. */
let floorDepth: f32 = 0;
/** Side of the widest cells in level-0 samples, whether there are gullies or not. */
let widestPeriod: f64 = 0;
/** Slope of macro fields that rise by a metre a node, and of detail of a metre's amplitude, by cell of its first octave. */
let slopeByNode: f32 = 0;
let slopeByCell: f32 = 0;
/** Relief up to which the land is not carved, and what it rises by until it is in full. */
let leastRelief: f32 = 0;
let reliefRange: f32 = 1;
/** Share of finer detail that gives way to gullies. */
let replaced: f32 = 0;

// On the present grid.
let firstX: f64 = 0;
let sampleStep: f64 = 0;
let used: i32 = 0;
let hasBeds: bool = false;
/** Samples before a line at which vectors begin. */
let early: i32 = 0;
/** Whether the tables below are laid out: that waits for a line that is carved. */
let isLaidOut: bool = false;
/** f32 over the samples of a line, from where vectors begin: metres that gullies add, and the share of beds. */
let carved: usize = 0;
let shares: usize = 0;
/** The same of what gullies add, for each number of octaves. */
let prefixes: usize = 0;
let prefixBytes: usize = 0;

@inline
function gullyAt(i: i32): Gully {
    return changetype<Gully>(table + <usize>i * offsetof<Gully>());
}

/**
 * Sets where gullies of the world lie, and what they follow.
 *
 * @param octaves 0 is none
 * @param period side of the widest cells in level-0 samples
 * @param byNode slope, metres a metre, of a macro field that rises by a metre a node
 * @param byCell slope of detail of a metre's amplitude that rises by that over a cell of its first octave
 * @param floor how far their floors lie below the land, in amplitudes
 */
export function setGullies(octaves: i32, period: f64, byNode: f32, byCell: f32, floor: f32): void {
    gullyCount = octaves;
    widestPeriod = period;
    slopeByNode = byNode;
    slopeByCell = byCell;
    floorDepth = floor;
}

/**
 * Sets which land is carved, and how far gullies take the place of the octaves of detail that are finer than what they follow.
 *
 * @param least relief from which on there are gullies and beds
 * @param range what relief rises by from there until they are in full
 * @param replacedShare share of finer detail that gives way there, 0 to 1
 */
export function setCarvedLand(least: f32, range: f32, replacedShare: f32): void {
    leastRelief = least;
    reliefRange = range;
    replaced = replacedShare;
}

/**
 * Sets an octave of gullies.
 *
 * @param period cell side in level-0 samples, a power of two
 * @param depth metres
 * @param turn by how much a stripe of one metre turns the slope
 */
export function setGully(i: i32, seed: u32, period: f64, depth: f32, turn: f32): void {
    const gully = gullyAt(i);
    gully.seed = seed;
    gully.period = period;
    gully.depth = depth;
    gully.turn = turn;
}

/** Returns how many octaves of detail gullies follow: those of twice the widest gullies and more. */
export function wideOctaves(): i32 {
    let wide = 0;
    while (wide < octaveCount && octaveAt(wide).period >= 2 * widestPeriod) {
        wide++;
    }
    return wide;
}

/** Returns how many octaves of gullies a level has, given level-0 samples between its samples. */
export function gulliesAt(step: f64): i32 {
    let count = 0;
    while (count < gullyCount && gullyAt(count).period >= LEAST_WIDTH * step) {
        count++;
    }
    return count;
}

/** Tells whether finer detail gives way to gullies on a level: on all that have any. */
export function isDetailReplaced(step: f64): bool {
    return gullyCount > 0 && widestPeriod >= 2 * step;
}

/** Tells whether a level shows beds: of two samples and more, where it has all octaves that gullies and beds follow. */
export function hasBedsAt(step: f64, spacing: f32): bool {
    const wide = wideOctaves();
    return haveBeds(2 * spacing) && (wide === 0 || octaveAt(wide - 1).period >= 2 * step);
}

/**
 * Begins a grid of heights.
 *
 * @param x the first sample, in level-0 samples
 * @param step level-0 samples between samples, a power of two
 * @param spacing metres between samples
 * @returns whether anything may be carved
 */
export function beginGullies(x: f64, step: f64, spacing: f32): bool {
    isLaidOut = false;
    firstX = x;
    sampleStep = step;
    used = gulliesAt(step);
    hasBeds = hasBedsAt(step, spacing);
    return isDetailReplaced(step) || hasBeds;
}

/** Returns the share of gullies and beds that land of a relief has where it is steep. */
export function shareOfRelief(relief: f32): f32 {
    return f32x4.extract_lane(ramp(f32x4.splat(relief), leastRelief, reliefRange), 0);
}

/** Returns the share of finer detail that gives way where gullies are in full. */
export function replacedDetail(): f32 {
    return replaced;
}

/** Returns the metres by which floors of all octaves of gullies from one on lie below the land together. */
export function floorsFrom(octave: i32): f32 {
    let depth: f32 = 0;
    for (let i = octave; i < gullyCount; i++) {
        depth += gullyAt(i).depth;
    }
    return floorDepth * depth;
}

/** Returns the address of what the first `octaves` octaves add to the samples of the line that was carved last, f32. */
export function gullySums(octaves: i32): usize {
    return prefixes + <usize>octaves * prefixBytes;
}

/** Returns the address of the share of beds of the samples of that line, f32. */
export function bedShares(): usize {
    return shares;
}

/** Tells whether any ground of a line is carved. */
export function isLineCarved(line: i32): bool {
    let at = macroPlane(RELIEF) + <usize>line * lineBytes;
    const end = at + lineBytes;
    let most = f32x4.splat(0);
    for (; at < end; at += 16) {
        most = f32x4.pmax(most, v128.load(at));
    }
    return v128.any_true(f32x4.gt(most, f32x4.splat(leastRelief)));
}

/** Lays out the tables of the present grid. */
function layoutGullies(): void {
    isLaidOut = true;
    layoutMacroSlopes();
    early = <i32>(firstX / sampleStep - floor(firstX / (sampleStep * LEAST_WIDTH)) * LEAST_WIDTH);
    const samples = countX + early;
    const bytes = (<usize>(samples + 3) & ~3) << 2;
    carved = reserve(bytes + 16) + (<usize>early << 2);
    shares = reserve(bytes + 16) + (<usize>early << 2);
    prefixBytes = bytes + 16;
    prefixes = reserve(prefixBytes * <usize>(used + 1)) + (<usize>early << 2);
    for (let i = 0; i < used; i++) {
        layoutPoints(gullyAt(i), firstX - <f64>early * sampleStep, sampleStep, samples);
    }
}

/** Returns how far values have come from `least` on to `least` + `range`, 0 to 1, smoothly. */
@inline
function ramp(values: v128, least: f32, range: f32): v128 {
    const t = f32x4.mul(f32x4.sub(values, f32x4.splat(least)), f32x4.splat(1 / range));
    const within = f32x4.pmin(ones(), f32x4.pmax(f32x4.splat(0), t));
    return f32x4.mul(f32x4.mul(within, within), f32x4.sub(f32x4.splat(3), f32x4.add(within, within)));
}

/**
 * Carves a line whose heights are filled. Of its samples' detail it takes f32, by amplitude.
 *
 * @param z of the line, in level-0 samples
 * @param sums of all octaves
 * @param wideSums of those that gullies follow
 * @param slopesX, slopesZ slopes of `wideSums`, by cell of the first octave
 */
export function carveLine(
    line: i32,
    z: f64,
    sums: usize,
    wideSums: usize,
    slopesX: usize,
    slopesZ: usize,
    metersToQuanta: f32,
): void {
    if (!isLaidOut) {
        layoutGullies();
    }
    fillMacroSlopes(line);
    for (let i = 0; i < used; i++) {
        listPoints(gullyAt(i), z);
    }
    const lineAt = <usize>line * lineBytes;
    for (let sample = -early; sample < countX; sample += 4) {
        carve(sample, lineAt, sums, wideSums, slopesX, slopesZ);
    }
    const scale = f32x4.splat(metersToQuanta);
    for (let sample = 0; sample < countX; sample += 4) {
        const at = <usize>sample << 2;
        const to = lineAt + at;
        let height = f32x4.add(v128.load(smooth + to), v128.load(carved + at));
        if (hasBeds) {
            const share = v128.load(shares + at);
            if (v128.any_true(f32x4.gt(share, f32x4.splat(0)))) {
                const beds = bedsOf(firstX + <f64>sample * sampleStep, z, sampleStep, height);
                height = f32x4.add(height, f32x4.mul(share, beds));
            }
        }
        v128.store(smooth + to, height);
        v128.store(quanta + to, f32x4.nearest(f32x4.mul(height, scale)));
    }
}

/** Fills what gullies add to four samples of a line, and the share of beds there. */
@inline
function carve(sample: i32, lineAt: usize, sums: usize, wideSums: usize, slopesX: usize, slopesZ: usize): void {
    const at = <usize>(sample << 2);
    const relief = v128.load(macroPlane(RELIEF) + lineAt + at);
    let share = ramp(relief, leastRelief, reliefRange);
    if (!v128.any_true(f32x4.gt(share, f32x4.splat(0)))) {
        v128.store(carved + at, share);
        v128.store(shares + at, share);
        for (let i = 0; i <= used; i++) {
            v128.store(gullySums(i) + at, share);
        }
        return;
    }
    const metres = v128.load(macroPlane(AMPLITUDE) + lineAt + at);
    const amplitude = f32x4.mul(metres, f32x4.splat(slopeByCell));
    const value = v128.load(wideSums + at);
    const byNode = f32x4.splat(slopeByNode);
    const macroX = f32x4.add(v128.load(macroSlopesX(BASE) + at), f32x4.mul(v128.load(macroSlopesX(AMPLITUDE) + at), value));
    const macroZ = f32x4.add(v128.load(macroSlopesZ(BASE) + at), f32x4.mul(v128.load(macroSlopesZ(AMPLITUDE) + at), value));
    let gx = f32x4.add(f32x4.mul(macroX, byNode), f32x4.mul(amplitude, v128.load(slopesX + at)));
    let gz = f32x4.add(f32x4.mul(macroZ, byNode), f32x4.mul(amplitude, v128.load(slopesZ + at)));
    let slope = f32x4.sqrt(f32x4.add(f32x4.mul(gx, gx), f32x4.mul(gz, gz)));
    const fine = f32x4.mul(metres, f32x4.sub(v128.load(sums + at), value));
    const givenWay = f32x4.mul(fine, f32x4.mul(share, f32x4.splat(-replaced)));
    let sum = f32x4.splat(0);
    v128.store(prefixes + at, sum);
    share = f32x4.mul(share, ramp(slope, LEAST_SLOPE, SLOPE_RANGE));
    v128.store(shares + at, share);
    // Shallower on gentle slopes than what a ramp of slope alone would leave.
    share = f32x4.mul(share, f32x4.pmin(ones(), f32x4.add(slope, f32x4.splat(LEVEL_SHARE))));
    for (let i = 0; i < used; i++) {
        const gully = gullyAt(i);
        const inverse = f32x4.div(ones(), f32x4.add(slope, f32x4.splat(1e-5)));
        const alongX = f32x4.neg(f32x4.mul(gz, inverse));
        const alongZ = f32x4.mul(gx, inverse);
        const x = v128.load(gully.fractions + <usize>((sample + early) << 2));
        const list = listAt(gully, sample + early);
        let point = list + LIST_HEAD_BYTES;
        const end = point + <usize>load<i32>(list);
        let cosines = f32x4.splat(0);
        let sines = f32x4.splat(0);
        let weights = f32x4.splat(0);
        for (; point < end; point += POINT_BYTES) {
            const ex = f32x4.sub(x, v128.load32_splat(point));
            const ez = v128.load32_splat(point, 4);
            const left = f32x4.sub(v128.load32_splat(point, 8), f32x4.mul(f32x4.splat(REACH), f32x4.mul(ex, ex)));
            const weight = weightOf(left);
            const turns = fractionOf(f32x4.add(f32x4.mul(ex, alongX), f32x4.mul(ez, alongZ)));
            const size = f32x4.abs(turns);
            cosines = f32x4.add(cosines, f32x4.mul(weight, cosineOf(size)));
            sines = f32x4.add(sines, f32x4.mul(weight, sineOf(turns, size)));
            weights = f32x4.add(weights, weight);
        }
        const squared = f32x4.add(f32x4.mul(cosines, cosines), f32x4.mul(sines, sines));
        const length = f32x4.add(f32x4.sqrt(squared), f32x4.splat(1e-5));
        const directed = f32x4.pmin(ones(), f32x4.mul(slope, f32x4.splat(1 / LOST_SLOPE)));
        const depth = f32x4.mul(f32x4.mul(share, f32x4.splat(gully.depth)), f32x4.mul(directed, agreement(length, weights)));
        sum = f32x4.add(sum, f32x4.mul(depth, stripeOf(f32x4.div(cosines, length))));
        v128.store(gullySums(i + 1) + at, sum);
        const turn = f32x4.mul(f32x4.mul(depth, f32x4.splat(-gully.turn)), f32x4.div(sines, length));
        gx = f32x4.add(gx, f32x4.mul(turn, alongX));
        gz = f32x4.add(gz, f32x4.mul(turn, alongZ));
        slope = f32x4.sqrt(f32x4.add(f32x4.mul(gx, gx), f32x4.mul(gz, gz)));
    }
    v128.store(carved + at, f32x4.add(givenWay, sum));
}
