import type { Place } from "./topology.js";

// A planet is a cube whose faces bulge to a sphere. This file alone knows how the faces lie.
//
// A face has a chart: x runs right along it, z forward, both from -1 to 1, and up is away from the planet's middle. Each
// chart is a proper rotation of the flat world's, turned so that right and forward run along positive axes of the planet.
// So the two charts that share an edge count their samples along it in the same sense.
//
//   face     0 +X   1 -X   2 +Y   3 -Y   4 +Z   5 -Z
//   right     Z      Y      X      Z      Y      X
//   forward   Y      Z      Z      X      X      Y

export const FACE_COUNT = 6;

const RIGHT_AXIS = Int8Array.of(2, 1, 0, 2, 1, 0);
const FORWARD_AXIS = Int8Array.of(1, 2, 2, 0, 0, 1);
const UP_AXIS = Int8Array.of(0, 0, 1, 1, 2, 2);
const UP_SIGN = Int8Array.of(1, -1, 1, -1, 1, -1);

/** Newton's steps to a double's precision. The first guess is off by less than 0.03, and a step squares that and halves it. */
const UNWARP_STEPS = 4;

/**
 * Returns how far from a face's middle, on the flat side of a cube from -1 to 1, a chart's coordinate lies. It spreads the
 * samples: the largest cells of a face have 1.45 times the area of the smallest. Odd, and exact at -1, 0 and 1.
 */
export function warp(s: number): number {
    return s * (3 + s * s) * 0.25;
}

/** Returns the chart's coordinate, -1 to 1, that `warp` takes to `u`, -1 to 1. For questions: baked bytes need only `warp`. */
export function unwarp(u: number): number {
    let s = (u * (4 - u * u)) / 3;
    for (let step = 0; step < UNWARP_STEPS; step++) {
        s -= (warp(s) - u) / (0.75 * (1 + s * s));
    }
    return s;
}

/** Returns the side of the cube, -1 to 1, along which line `i` of a face's grid runs. `count` cells, a power of two. */
export function gridLine(i: number, count: number): number {
    return warp((2 * i) / count - 1);
}

/**
 * Writes the direction from the planet's middle to a sample into `ref`: x, y, z of a unit vector along the planet's axes.
 * Samples beyond a face's border are those of its neighbour, bit for bit; beyond a corner, where there is none, they are
 * those of the edge between the two neighbours, as far along as the larger overshoot.
 *
 * @param i sample along the chart's x: 0 to `count` on the face; up to `count` beyond one border
 * @param k sample along the chart's z
 * @param count cells along the face's edge, a power of two
 */
export function placeToRef(face: number, i: number, k: number, count: number, ref: Float64Array): void {
    const s = (2 * i) / count - 1;
    const t = (2 * k) / count - 1;
    const fold = Math.min(1, 2 - Math.max(Math.abs(s), Math.abs(t)));
    ref[RIGHT_AXIS[face]!] = warp(Math.max(-1, Math.min(1, s)));
    ref[FORWARD_AXIS[face]!] = warp(Math.max(-1, Math.min(1, t)));
    // Zero has no sign: half a face beyond a border the neighbour's has none.
    ref[UP_AXIS[face]!] = 0 + UP_SIGN[face]! * warp(fold);
    normalizeInPlace(ref);
}

/**
 * Writes the direction to a sample of a face's chart into `ref`, where beyond its borders the chart runs on over the other
 * faces as it does on its own. On the face those are the places that `placeToRef` writes, bit for bit; beyond it they are
 * none of the neighbour's. But on the line along which an edge of the cube runs, and beyond the edge's ends, two charts agree.
 */
export function continuedPlaceToRef(face: number, i: number, k: number, count: number, ref: Float64Array): void {
    ref[RIGHT_AXIS[face]!] = warp((2 * i) / count - 1);
    ref[FORWARD_AXIS[face]!] = warp((2 * k) / count - 1);
    ref[UP_AXIS[face]!] = UP_SIGN[face]!;
    normalizeInPlace(ref);
}

/**
 * Writes the direction from the planet's middle to a position into `ref`: x, y, z of a unit vector. The middle itself has
 * +Y, which is up on flat worlds.
 */
export function directionToRef({ x, y, z }: Place, ref: Float64Array): void {
    const length = Math.sqrt(x * x + y * y + z * z);
    const isMiddle = length === 0;
    ref[0] = isMiddle ? 0 : x / length;
    ref[1] = isMiddle ? 1 : y / length;
    ref[2] = isMiddle ? 0 : z / length;
}

/** Returns the face that a direction meets. An edge, and a corner, belongs to its first face in the order Y, X, Z. */
export function faceOf(direction: Float64Array): number {
    const x = Math.abs(direction[0]!);
    const y = Math.abs(direction[1]!);
    const z = Math.abs(direction[2]!);
    const axis = y >= x && y >= z ? 1 : x >= z ? 0 : 2;
    return 2 * axis + (direction[axis]! < 0 ? 1 : 0);
}

/** Writes the coordinates, -1 to 1, of a direction in the chart of the face that it meets into `ref`: x and z. */
export function chartToRef(face: number, direction: Float64Array, ref: Float64Array): void {
    const up = Math.abs(direction[UP_AXIS[face]!]!);
    ref[0] = unwarp(direction[RIGHT_AXIS[face]!]! / up);
    ref[1] = unwarp(direction[FORWARD_AXIS[face]!]! / up);
}

/** Writes the face that a direction meets, and x and z of the cell that it meets there, into `ref`. Lines belong to the greater cell. */
export function cellAtToRef(direction: Float64Array, count: number, ref: Int32Array): void {
    const face = faceOf(direction);
    const up = Math.abs(direction[UP_AXIS[face]!]!);
    ref[0] = face;
    ref[1] = cellAlong(direction[RIGHT_AXIS[face]!]!, up, count);
    ref[2] = cellAlong(direction[FORWARD_AXIS[face]!]!, up, count);
}

/**
 * Writes face, x and z of a cell into `ref`, on the face that has it: `x` or `z` may be one beyond the border. Returns false
 * where both are: a corner of the cube has no cell across.
 */
export function foldCellToRef(face: number, x: number, z: number, count: number, ref: Int32Array): boolean {
    const isBesides = x < 0 || x >= count;
    const isAhead = z < 0 || z >= count;
    ref[0] = face;
    ref[1] = x;
    ref[2] = z;
    if (!isBesides && !isAhead) {
        return true;
    }
    const across = isBesides ? x : z;
    const along = isBesides ? z : x;
    const axis = (isBesides ? RIGHT_AXIS : FORWARD_AXIS)[face]!;
    const next = 2 * axis + (across < 0 ? 1 : 0);
    // The first row beyond an edge, counted along the axis that was up.
    const row = UP_SIGN[face]! > 0 ? count - 1 : 0;
    const isRowX = RIGHT_AXIS[next] === UP_AXIS[face];
    ref[0] = next;
    ref[1] = isRowX ? row : along;
    ref[2] = isRowX ? along : row;
    return isBesides !== isAhead;
}

/**
 * Writes where a sample beyond one border of a face lies on the face that has it into `ref`: that face, i and k of the sample
 * there, and 1 if its chart is turned by a quarter, so that it counts along i what this one counts along k; else 0.
 *
 * @param i sample along the chart's x: 0 to `count` where `k` is beyond a border, else -`count` to 2 `count`
 */
export function foldSampleToRef(face: number, i: number, k: number, count: number, ref: Int32Array): void {
    const isBesides = i < 0 || i > count;
    const across = isBesides ? i : k;
    const along = isBesides ? k : i;
    const axis = (isBesides ? RIGHT_AXIS : FORWARD_AXIS)[face]!;
    const next = 2 * axis + (across < 0 ? 1 : 0);
    const overshoot = across < 0 ? -across : across - count;
    // The row, counted along the axis that was up.
    const row = UP_SIGN[face]! > 0 ? count - overshoot : overshoot;
    const isRowX = RIGHT_AXIS[next] === UP_AXIS[face];
    ref[0] = next;
    ref[1] = isRowX ? row : along;
    ref[2] = isRowX ? along : row;
    ref[3] = isRowX === isBesides ? 0 : 1;
}

/** Writes a vector along the planet's axes into `ref` along a face's: right, forward, up. */
export function toFaceToRef(face: number, vector: Float64Array, ref: Float64Array): void {
    const right = vector[RIGHT_AXIS[face]!]!;
    const forward = vector[FORWARD_AXIS[face]!]!;
    const up = UP_SIGN[face]! * vector[UP_AXIS[face]!]!;
    ref[0] = right;
    ref[1] = forward;
    ref[2] = up;
}

/** Writes a box along the planet's axes, least and greatest x, y, z, into `ref` along a face's. */
export function boxToFaceToRef(face: number, box: Float64Array, ref: Float64Array): void {
    const up = UP_AXIS[face]!;
    const isTurned = UP_SIGN[face]! < 0;
    ref[0] = box[RIGHT_AXIS[face]!]!;
    ref[1] = box[FORWARD_AXIS[face]!]!;
    ref[2] = isTurned ? -box[up + 3]! : box[up]!;
    ref[3] = box[RIGHT_AXIS[face]! + 3]!;
    ref[4] = box[FORWARD_AXIS[face]! + 3]!;
    ref[5] = isTurned ? -box[up]! : box[up + 3]!;
}

/** Writes a box along a face's axes, least and greatest right, forward, up, into `ref` along the planet's. */
export function boxFromFaceToRef(face: number, box: Float64Array, ref: Float64Array): void {
    const up = UP_AXIS[face]!;
    const isTurned = UP_SIGN[face]! < 0;
    ref[RIGHT_AXIS[face]!] = box[0]!;
    ref[FORWARD_AXIS[face]!] = box[1]!;
    ref[up] = isTurned ? -box[5]! : box[2]!;
    ref[RIGHT_AXIS[face]! + 3] = box[3]!;
    ref[FORWARD_AXIS[face]! + 3] = box[4]!;
    ref[up + 3] = isTurned ? -box[2]! : box[5]!;
}

function normalizeInPlace(ref: Float64Array): void {
    const x = ref[0]!;
    const y = ref[1]!;
    const z = ref[2]!;
    const length = Math.sqrt(x * x + y * y + z * z);
    ref[0] = x / length;
    ref[1] = y / length;
    ref[2] = z / length;
}

/** Returns the cell of a row that holds `right` / `up`. Lines decide as `gridLine` has them, not as `unwarp` rounds. */
function cellAlong(right: number, up: number, count: number): number {
    const x = Math.max(0, Math.min(count - 1, Math.floor((unwarp(right / up) + 1) * 0.5 * count)));
    if (right < gridLine(x, count) * up) {
        return Math.max(0, x - 1);
    }
    return x + 1 < count && right >= gridLine(x + 1, count) * up ? x + 1 : x;
}
