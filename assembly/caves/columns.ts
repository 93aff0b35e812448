// What caves need to know of each column of the grid. All lengths are in samples; rows count from the volume's first row,
// so that they are exact in f32, and the same columns give the same bits in every chunk.

import { reserve } from "../base/arena";
import { ASKED_ABOVE_GROUND, LEAST_COARSE_REACH } from "../base/shared";
import { roundToInt } from "../base/simd";
import { CAVES, countX, countZ, lineBytes, macroPlane, MOUTHS, planeBytes, quanta } from "../heightfield/grid";
import { aboveSea, deepest, mouthScale, quantaPerSample, tunnelRadius } from "./caveWorld";

/** Columns whose macro field says less have no caves; by then tunnels have tapered away. */
const COUNTRY_EDGE: f32 = -0.2;
/** How fast tunnels reach their full radius from the edge of cave country inwards. */
const TAPER: f32 = 4;
/** A radius, in samples, that makes every sample rock. */
export const NO_TUNNEL: f32 = -1e4;
/**
 * Least roof over a cave, in steps in height to the neighbour that differs most: no end of an edge that the surface crosses
 * lies deeper than that step, so that under twice as much the cave term changes none of them (measured: 1.5 times is not
 * enough).
 */
const ROOF: f32 = 2.1;
/** Samples below the ground from which on nothing is rounded: what changes there is farther from any wall than vertices look. */
export const LIP_DEPTH: f32 = 6;
/** Samples of rock that roofs need for it besides: its greatest width, and a quantum. */
export const LIP_ROCK: f32 = 1.6;
/** Least roof over a cave, in radii of a tunnel. */
const ROOF_RADII: f32 = 0.6;

/** Row of the surface, and the lowest whole row that is not below it, as i32. */
export let surface: usize = 0;
export let surfaceRows: usize = 0;
/** Radius of tunnels. */
export let radius: usize = 0;
/** Row below which caves are closed, and row above which their roof begins. */
export let bottomRow: usize = 0;
export let roofRow: usize = 0;
/** Distance that the roof adds at most. */
export let roofLimit: usize = 0;
/**
 * i32: the rows of which a vertex on fine cells may ask, from the first up to before the second. It lies on an edge whose
 * end in air may be two columns away, and below the ground there.
 */
export let firstRows: usize = 0;
export let endRows: usize = 0;
/** Rows beyond those, of which a vertex on coarse cells may ask. */
export let coarseReach: i32 = 0;
/** The row from which up rock may touch open air; and as i32 that of the columns of the cells around, two rows lower. */
export let bendRows: usize = 0;
export let mouthRows: usize = 0;

let lowest: f32 = 0;
let highest: f32 = 0;

/** Measures the lowest and the highest quantum of the grid, `margin` columns around aside. */
export function measureHeights(margin: i32): void {
    let low = f32x4.splat(Infinity);
    let high = f32x4.splat(-Infinity);
    const last = <usize>(countX - 2 * margin - 4) << 2;
    for (let line = margin; line < countZ - margin; line++) {
        const from = quanta + <usize>line * lineBytes + (<usize>margin << 2);
        // The last four overlap those before where the number of columns is no multiple of four.
        for (let at: usize = 0; ; at = min(at + 16, last)) {
            const height = v128.load(from + at);
            low = f32x4.pmin(low, height);
            high = f32x4.pmax(high, height);
            if (at === last) {
                break;
            }
        }
    }
    lowest = -horizontalMax(f32x4.neg(low));
    highest = horizontalMax(high);
}

/** Returns the lowest height that `measureHeights` found, in quanta. */
export function lowestQuantum(): f32 {
    return lowest;
}

/** Returns the highest height that `measureHeights` found, in quanta. */
export function highestQuantum(): f32 {
    return highest;
}

/** Returns whether any column has caves. The outermost columns of the grid do not count. */
export function touchesCaveCountry(): bool {
    const caves = macroPlane(CAVES);
    let most = f32x4.splat(-Infinity);
    const last = <usize>(countX - 6) << 2;
    for (let line: usize = 1; line < <usize>(countZ - 1); line++) {
        const from = caves + line * lineBytes + 4;
        for (let at: usize = 0; ; at = min(at + 16, last)) {
            most = f32x4.pmax(most, v128.load(from + at));
            if (at === last) {
                break;
            }
        }
    }
    return horizontalMax(most) > COUNTRY_EDGE;
}

/** Returns the greatest of four lanes. */
function horizontalMax(a: v128): f32 {
    const b = f32x4.pmax(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
    return f32x4.extract_lane(f32x4.pmax(b, v128.shuffle<f32>(b, b, 1, 0, 3, 2)), 0);
}

/**
 * Fills the planes above for all columns but the outermost.
 *
 * @param firstRow samples from y = 0
 */
export function fillColumns(firstRow: i32): void {
    surface = reserve(planeBytes);
    surfaceRows = reserve(planeBytes);
    radius = reserve(planeBytes);
    bottomRow = reserve(planeBytes);
    roofRow = reserve(planeBytes);
    roofLimit = reserve(planeBytes);
    firstRows = reserve(planeBytes);
    endRows = reserve(planeBytes);
    bendRows = reserve(planeBytes);
    mouthRows = reserve(planeBytes);
    const caves = macroPlane(CAVES);
    const mouths = macroPlane(MOUTHS);
    const perQuantum = f32x4.splat(<f32>1 / quantaPerSample);
    const first = f32x4.splat(<f32>firstRow);
    const sea = f32x4.splat(aboveSea - <f32>firstRow);
    const depth = f32x4.splat(deepest);
    const leastRoof = f32x4.splat(ROOF_RADII * tunnelRadius * quantaPerSample);
    const inner = i32x4.splat(countX - 2);
    let steepest = f32x4.splat(0);
    for (let line: usize = 0; line < <usize>countZ; line++) {
        // The outermost lines have a surface, and nothing else that is used.
        const before = line > 0 ? line - 1 : line;
        const behind = line < <usize>(countZ - 1) ? line + 1 : line;
        for (let at: usize = 0; at < lineBytes; at += 16) {
            const to = line * lineBytes + at;
            const height = v128.load(quanta + to);
            let step = f32x4.abs(f32x4.sub(v128.load(quanta + to - 4), height));
            step = f32x4.pmax(step, f32x4.abs(f32x4.sub(v128.load(quanta + to + 4), height)));
            step = f32x4.pmax(step, f32x4.abs(f32x4.sub(v128.load(quanta + before * lineBytes + at), height)));
            step = f32x4.pmax(step, f32x4.abs(f32x4.sub(v128.load(quanta + behind * lineBytes + at), height)));
            // Of the outermost columns half of it is not the grid's.
            const place = i32x4.add(i32x4.splat((<i32>at >> 2) - 1), i32x4(0, 1, 2, 3));
            steepest = f32x4.pmax(steepest, v128.and(step, i32x4.lt_u(place, inner)));
            step = f32x4.pmax(step, f32x4.splat(quantaPerSample));
            const thick = f32x4.add(f32x4.mul(f32x4.splat(ROOF), step), f32x4.splat(LIP_ROCK * quantaPerSample));
            const roof = f32x4.floor(f32x4.pmax(thick, leastRoof));
            const surfaceRow = f32x4.sub(f32x4.mul(height, perQuantum), first);
            v128.store(surface + to, surfaceRow);
            v128.store(surfaceRows + to, roundToInt(f32x4.ceil(surfaceRow)));
            v128.store(bottomRow + to, f32x4.pmax(f32x4.sub(surfaceRow, depth), sea));
            v128.store(roofRow + to, f32x4.sub(surfaceRow, f32x4.mul(roof, perQuantum)));
            const short = f32x4.sub(f32x4.splat(0.5), v128.load(mouths + to));
            v128.store(roofLimit + to, f32x4.mul(short, f32x4.splat(mouthScale)));
            const country = v128.load(caves + to);
            const full = f32x4.pmin(f32x4.splat(1), f32x4.mul(f32x4.splat(TAPER), country));
            v128.store(
                radius + to,
                v128.bitselect(
                    f32x4.mul(f32x4.splat(tunnelRadius), full),
                    f32x4.splat(NO_TUNNEL),
                    f32x4.gt(country, f32x4.splat(COUNTRY_EDGE)),
                ),
            );
        }
    }
    const rise = <i32>ceil(horizontalMax(steepest) / quantaPerSample);
    // Rows by which what lies two columns away is further up or down than the columns beside; two are allowed for anyway.
    const slack = f32x4.splat(<f32>max(0, rise - 2));
    for (let line: usize = 1; line < <usize>(countZ - 1); line++) {
        for (let at: usize = 0; at < lineBytes; at += 16) {
            fillRanges(line * lineBytes + at, slack);
        }
    }
    coarseReach = max(LEAST_COARSE_REACH, 3 * rise - 2);
}

/** Fills the rows of which vertices may ask, of four columns. */
@inline
function fillRanges(at: usize, slack: v128): void {
    const here = v128.load(surface + at);
    const left = v128.load(surface + at - 4);
    const right = v128.load(surface + at + 4);
    const near = v128.load(surface + at - lineBytes);
    const far = v128.load(surface + at + lineBytes);
    const low = f32x4.pmin(f32x4.pmin(f32x4.pmin(left, right), f32x4.pmin(near, far)), here);
    const high = f32x4.pmax(f32x4.pmax(f32x4.pmax(left, right), f32x4.pmax(near, far)), here);
    const depth = f32x4.sub(here, v128.load(bottomRow + at));
    const one = f32x4.splat(1);
    store4(firstRows + at, f32x4.sub(f32x4.sub(low, depth), f32x4.add(slack, f32x4.splat(2))));
    store4(endRows + at, f32x4.ceil(f32x4.add(high, f32x4.add(slack, f32x4.splat(<f32>ASKED_ABOVE_GROUND)))));
    const bends = f32x4.pmin(low, f32x4.sub(here, one));
    v128.store(bendRows + at, bends);
    const before = surface + at - lineBytes;
    const behind = surface + at + lineBytes;
    const lowBefore = f32x4.pmin(v128.load(before - 4), v128.load(before + 4));
    const lowBehind = f32x4.pmin(v128.load(behind - 4), v128.load(behind + 4));
    store4(mouthRows + at, f32x4.sub(f32x4.pmin(bends, f32x4.pmin(lowBefore, lowBehind)), f32x4.splat(2)));
}

/** Stores rows, rounded down, as i32. */
@inline
function store4(to: usize, rows: v128): void {
    v128.store(to, roundToInt(f32x4.floor(rows)));
}
