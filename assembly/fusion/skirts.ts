// Skirts of fused chunks: along every edge of the surface in the chunk's border planes, in these planes, into the rock.

import { reserve } from "../base/arena";
import { roundToFloat, sumOfLanes } from "../base/simd";
import { countX, countZ, lineBytes } from "../heightfield/grid";
import { coarseAir, maskBytes, maskSlice, rows } from "../caves/caveSlices";
import { quantaPerSample } from "../caves/caveWorld";
import { evenX, evenZ, firstFineRowOfCell } from "../caves/coarseCells";
import { surfaceRows } from "../caves/columns";
import { vertexOf } from "../surface/packedIndex";
import { loadY, storePosition } from "../surface/packedVertex";
import {
    addSplit,
    addTriangle,
    copyVertex,
    indexCount,
    lowerOf,
    mappingOf,
    needIndices,
    normalOf,
    packPosition,
    positionOf,
    setLower,
    setMapping,
    vertexAt,
} from "../surface/surface";
import { FLAT, planeOf, shiftOf, writeUv } from "../surface/uvMapping";

/** A segment: the vertices where the edge of a triangle begins and ends, in the triangle's own sense, as i32. */
const SEGMENT_BYTES: usize = 8;
const SEGMENT_END: usize = 4;
/** Share of a normal that lies in the border at least where a skirt is to reach all its depth. */
const LEAST_LENGTH: f32 = 0.5;
let segments: usize = 0;
let segmentCapacity: i32 = 0;
export let skirtCount: i32 = 0;

/**
 * Forgets all segments.
 *
 * @param most what a chunk has at most without caves; more are made room for
 */
export function layoutSkirts(most: i32): void {
    segmentCapacity = most;
    segments = reserve(<usize>most * SEGMENT_BYTES);
    skirtCount = 0;
}

/** Returns the address of a segment. */
@inline
function segmentAt(i: i32): usize {
    return segments + <usize>i * SEGMENT_BYTES;
}

/**
 * Remembers an edge of the surface that lies in a border plane.
 *
 * @param from, to slots: see fusionSlots.ts
 */
export function addSkirtSegment(from: u32, to: u32): void {
    if (skirtCount === segmentCapacity) {
        segmentCapacity *= 2;
        const grown = reserve(<usize>segmentCapacity * SEGMENT_BYTES);
        memory.copy(grown, segments, <usize>skirtCount * SEGMENT_BYTES);
        segments = grown;
    }
    const segment = segmentAt(skirtCount);
    store<i32>(segment, vertexOf(from));
    store<i32>(segment, vertexOf(to), SEGMENT_END);
    skirtCount++;
}

/**
 * Adds the skirts. A skirt reaches against the normal, as far as that lies in the border, and ends where rock ends, so that none
 * hangs in a tunnel or sticks out of the ground above one.
 *
 * @param depth quanta
 * @param margin columns around the chunk
 * @param originY quanta from row 0 to the positions' y = 0
 */
export function addSkirts(depth: f32, margin: i32, originY: f32): void {
    needIndices(skirtCount * 6);
    for (let i = 0; i < skirtCount; i++) {
        const a = load<i32>(segmentAt(i));
        const b = load<i32>(segmentAt(i), SEGMENT_END);
        const c = lowerVertex(a, depth, margin, originY);
        const d = lowerVertex(b, depth, margin, originY);
        // The triangle runs from a to b; the skirt continues it beyond that edge, so it runs from b to a.
        addSkirtTriangle(b, a, c);
        addSkirtTriangle(b, c, d);
    }
}

/** Adds a triangle, and lists it where its corners are mapped differently. */
function addSkirtTriangle(a: i32, b: i32, c: i32): void {
    const mapping = mappingOf(a);
    if (mapping !== mappingOf(b) || mapping !== mappingOf(c)) {
        addSplit(indexCount);
    }
    addTriangle(a, b, c);
}

/** Returns the vertex of the skirt below a vertex, and makes it where there is none yet. */
function lowerVertex(vertex: i32, depth: f32, margin: i32, originY: f32): i32 {
    let lower = lowerOf(vertex);
    if (lower >= 0) {
        return lower;
    }
    lower = copyVertex(vertex, mappingOf(vertex));
    setLower(vertex, lower);
    const from = positionOf(vertex);
    const normal = withinBorder(normalOf(vertex), from, <f32>(countX - 1 - 2 * margin) * quantaPerSample);
    const toSamples = f32x4.splat(<f32>1 / quantaPerSample);
    const origin = f32x4(<f32>margin * quantaPerSample, originY, <f32>margin * quantaPerSample, 0);
    // The deepest first: walls between caves, and roofs, may be thin.
    for (let share: f32 = 1; share > 0.05; share = share > 0.25 ? share * 0.5 : share - 0.15) {
        const point = f32x4.sub(from, f32x4.mul(f32x4.splat(depth * share), normal));
        const sample = f32x4.mul(f32x4.add(point, origin), toSamples);
        const deeper = f32x4.sub(sample, f32x4.mul(f32x4.splat(depth * share * 0.5), f32x4.mul(normal, toSamples)));
        const isIn = share >= 0.25 ? isDeepInRock(sample, deeper) : isNearestRock(sample);
        if (isIn) {
            storePosition(vertexAt(lower), packPosition(point));
            const plane = planeOf(mappingOf(vertex));
            setMapping(lower, plane === FLAT ? FLAT : plane | shiftOf(<f32>loadY(vertexAt(lower))));
            writeUv(lower, mappingOf(lower));
            break;
        }
    }
    return lower;
}

/**
 * Returns the direction out of the rock within the border planes that a vertex lies in: a skirt that left its plane would be seen
 * past from aside. Of length 1, but for where the normal all but stands on the border, and says little of where rock is in it.
 *
 * @param side quanta
 */
function withinBorder(normal: v128, position: v128, side: f32): v128 {
    const isOnBorder = v128.or(f32x4.eq(position, f32x4.splat(0)), f32x4.eq(position, f32x4.splat(side)));
    const within = v128.andnot(normal, v128.and(isOnBorder, i32x4(-1, 0, -1, 0)));
    const length = f32x4.sqrt(sumOfLanes(f32x4.mul(within, within)));
    return f32x4.div(within, f32x4.max(length, f32x4.splat(LEAST_LENGTH)));
}

/**
 * Returns whether a skirt may end at a point: all samples around it are rock, of which a point in a border has four; beyond the
 * grid they count as at its edge. In coarse cells, where those reach as far as the skirt, the nearest sample must be rock, and
 * that nearest to a point half as deep again.
 */
function isDeepInRock(sample: v128, deeper: v128): bool {
    const low = i32x4.trunc_sat_f32x4_s(f32x4.floor(sample));
    const x = i32x4.extract_lane(low, 0);
    const row = i32x4.extract_lane(low, 1);
    const z = i32x4.extract_lane(low, 2);
    if (!isFineAt(x, row, z)) {
        return isNearestRock(sample) && isNearestRock(deeper);
    }
    const high = i32x4.trunc_sat_f32x4_s(f32x4.ceil(sample));
    return isRock(x, i32x4.extract_lane(high, 0), clamp(row, 0, rows - 2), z, i32x4.extract_lane(high, 2), 3);
}

/**
 * Returns whether four columns are rock.
 *
 * @param bits of rows from `row` on
 */
function isRock(x: i32, otherX: i32, row: i32, z: i32, otherZ: i32, bits: u64): bool {
    const nearZ = maskSlice(clamp(z, 1, countZ - 2)) + ((<usize>row >> 5) << 2);
    const farZ = maskSlice(clamp(otherZ, 1, countZ - 2)) + ((<usize>row >> 5) << 2);
    const nearX = <usize>clamp(x, 1, countX - 2) * maskBytes;
    const farX = <usize>clamp(otherX, 1, countX - 2) * maskBytes;
    const any = load<u64>(nearZ + nearX) | load<u64>(nearZ + farX) | load<u64>(farZ + nearX) | load<u64>(farZ + farX);
    return ((any >> (row & 31)) & bits) === 0;
}

/**
 * Returns whether a sample of coarse cells is rock.
 *
 * @param row an even one
 */
function isCoarseRock(x: i32, row: i32, z: i32): bool {
    const nearX = clamp(x, 1, countX - 2);
    const nearZ = clamp(z, 1, countZ - 2);
    const top = load<i32>(surfaceRows + <usize>nearZ * lineBytes + (<usize>nearX << 2));
    const air = load<u64>(coarseAir(nearX, nearZ) + (<usize>(row >> 6) << 2)) >> <u64>((row & 63) >> 1);
    return row < top && (air & 1) === 0;
}

/** Returns whether the nearest sample is rock. */
function isNearestRock(sample: v128): bool {
    const low = i32x4.trunc_sat_f32x4_s(f32x4.floor(sample));
    if (isFineAt(i32x4.extract_lane(low, 0), i32x4.extract_lane(low, 1), i32x4.extract_lane(low, 2))) {
        const nearest = i32x4.trunc_sat_f32x4_s(roundToFloat(sample));
        const x = i32x4.extract_lane(nearest, 0);
        const z = i32x4.extract_lane(nearest, 2);
        return isRock(x, x, clamp(i32x4.extract_lane(nearest, 1), 0, rows - 1), z, z, 1);
    }
    const first = i32x4(evenX(0), 0, evenZ(0), 0);
    const halves = f32x4.mul(f32x4.sub(sample, f32x4.convert_i32x4_s(first)), f32x4.splat(0.5));
    const nearest = i32x4.add(i32x4.shl(i32x4.trunc_sat_f32x4_s(roundToFloat(halves)), 1), first);
    const row = clamp(i32x4.extract_lane(nearest, 1), 0, rows - 2);
    return isCoarseRock(i32x4.extract_lane(nearest, 0), row & ~1, i32x4.extract_lane(nearest, 2));
}

/** Returns whether the cell that begins at a sample is fine; beyond the grid as at its border. */
function isFineAt(x: i32, row: i32, z: i32): bool {
    return row >= firstFineRowOfCell(clamp(x, 1, countX - 3), clamp(z, 1, countZ - 3));
}

/** Returns `value`, held between `low` and `high`. */
function clamp(value: i32, low: i32, high: i32): i32 {
    return value < low ? low : value > high ? high : value;
}
