// The vertices of a fused chunk, each on an edge of the sample grid whose ends differ in sign.
//
// Words of crossed edges are split into those whose end in air lies below the ground, which are caves', and the rest: so
// each loop runs without a branch that the processor would have to guess.

import { distanceBytes, distanceSlice } from "./caveSlices";
import { quantaPerSample } from "./caveWorld";
import { surface, surfaceRows } from "./columns";
import { ALONG_X, ALONG_Y, ALONG_Z, slotsOf } from "./fusionSlots";
import { countX, rowBytes } from "./grid";
import { groundNormals, groundRecords, groundWeights } from "./ground";
import { addVertex, INDEX_BITS, needVertices, packPosition, packSnorm8, packUnorm8, vertexCount } from "./surface";
import { FLAT, mappingFor, packBasis, packUv } from "./uvMapping";

let margin: i32 = 0;
/** Quanta from row 0 to the positions' y = 0. */
let originY: f32 = 0;
/** Samples to shares: of the darkness that cave walls lie in, and of the lip of a mouth. */
let perDaylight: f32 = 0;
let perLip: f32 = 0;
/** Whether the slices at hand hold no cave, nor rock that bends the surface: distances are not looked at. */
let isPlain: bool = true;

export function beginVertices(around: i32, origin: f32, daylight: f32, lip: f32): void {
    margin = around;
    originY = origin;
    perDaylight = <f32>1 / daylight;
    perLip = <f32>1 / lip;
    isPlain = true;
}

export function endPlain(): void {
    isPlain = false;
}

/** Rows from `row` on that are air above the ground, as a word. */
// @ts-ignore: decorator
@inline
function openAir(column: usize, row: i32): u32 {
    const below = min(max(load<i32>(surfaceRows + column) - row, 0), 32);
    return <u32>(<u64>-1 << below);
}

// @ts-ignore: decorator
@inline
function columnOf(x: i32, z: i32): usize {
    return <usize>z * rowBytes + (<usize>x << 2);
}

/** @param bits crossed edges upwards from row + bit; @param air mask of 64 rows */
export function addUpright(bits: u32, air: u64, x: i32, row: i32, z: i32): void {
    const column = columnOf(x, z);
    const inside = <u32>air & ~openAir(column, row);
    const insideNext = <u32>(air >> 32) & ~openAir(column, row + 32);
    const caves = bits & (inside | (inside >> 1) | (insideNext << 31));
    addEdges(bits & ~caves, caves, ALONG_Y, x, row, z);
}

/** @param here, next masks of column x and of the one behind it along x */
export function addAcross(here: u32, next: u32, x: i32, row: i32, z: i32): void {
    const bits = here ^ next;
    const open = openAir(columnOf(x, z), row);
    const caves = bits & ((here & ~open) | (next & ~openAir(columnOf(x + 1, z), row)));
    addEdges(bits & ~caves, caves, ALONG_X, x, row, z);
}

/** @param here, next masks of column x in slice z and in the one behind it along z */
export function addAlong(here: u32, next: u32, x: i32, row: i32, z: i32): void {
    const bits = here ^ next;
    const open = openAir(columnOf(x, z), row);
    const caves = bits & ((here & ~open) | (next & ~openAir(columnOf(x, z + 1), row)));
    addEdges(bits & ~caves, caves, ALONG_Z, x, row, z);
}

// @ts-ignore: decorator
@inline
function addEdges(ground: u32, caves: u32, axis: i32, x: i32, row: i32, z: i32): void {
    needVertices(popcnt(ground | caves));
    if (ground !== 0) {
        addGround(ground, axis, x, row, z);
    }
    if (caves !== 0) {
        addCaves(caves, axis, x, row, z);
    }
}

/** Behind column x of slice z along the axis: by planes of the grid, and by distances. */
// @ts-ignore: decorator
@inline
function nextColumn(axis: i32): usize {
    return axis === ALONG_X ? 4 : axis === ALONG_Z ? rowBytes : 0;
}

// @ts-ignore: decorator
@inline
function nextSide(axis: i32, x: i32, z: i32): usize {
    return axis === ALONG_Z
        ? distanceSlice(z + 1) + <usize>x * distanceBytes
        : distanceSlice(z) + <usize>(axis === ALONG_X ? x + 1 : x) * distanceBytes;
}

// @ts-ignore: decorator
@inline
function slotsFrom(axis: i32, x: i32, z: i32): usize {
    return slotsOf(axis, <usize>(z & 1)) + <usize>x * distanceBytes;
}

/** Position in samples of the chunk: the edge's low end, and `t` along the axis. */
// @ts-ignore: decorator
@inline
function positionAt(axis: i32, low: v128, row: i32, t: f32): v128 {
    if (axis === ALONG_Y) {
        return f32x4.replace_lane(low, 1, <f32>row + t);
    }
    const step = axis === ALONG_X ? f32x4(1, 0, 0, 0) : f32x4(0, 0, 1, 0);
    return f32x4.add(f32x4.replace_lane(low, 1, <f32>row), f32x4.mul(step, f32x4.splat(t)));
}

// @ts-ignore: decorator
@inline
function toQuanta(samples: v128): v128 {
    const origin = f32x4.replace_lane(f32x4.splat(0), 1, originY);
    return f32x4.nearest(f32x4.sub(f32x4.mul(samples, f32x4.splat(quantaPerSample)), origin));
}

// @ts-ignore: decorator
@inline
function lowEnd(x: i32, z: i32): v128 {
    return f32x4(<f32>(x - margin), 0, <f32>(z - margin), 0);
}

// @ts-ignore: decorator
@inline
function addGround(bits: u32, axis: i32, x: i32, row: i32, z: i32): void {
    const columnA = columnOf(x, z);
    const sideA = distanceSlice(z) + <usize>x * distanceBytes;
    const sideB = nextSide(axis, x, z);
    const tops = f32x4.replace_lane(
        f32x4.splat(load<f32>(surface + columnA)),
        1,
        load<f32>(surface + columnA + nextColumn(axis)),
    );
    const slot = slotsFrom(axis, x, z);
    const low = lowEnd(x, z);
    const at = <usize>(z * countX + x) << 4;
    const next = axis === ALONG_X ? 16 : <usize>countX << 4;
    const up = f32x4.replace_lane(f32x4.splat(0), 1, axis === ALONG_Y ? 1 : 0);
    do {
        const rowA = row + <i32>ctz(bits);
        bits &= bits - 1;
        const terrain = f32x4.sub(f32x4.add(f32x4.splat(<f32>rowA), up), tops);
        let density = terrain;
        if (!isPlain) {
            // The cave term counts below the surface alone: above it there is air already.
            const a = load<f32>(sideA + (<usize>rowA << 2));
            const b = load<f32>(sideB + (<usize>(axis === ALONG_Y ? rowA + 1 : rowA) << 2));
            const caves = f32x4.neg(f32x4.replace_lane(f32x4.splat(a), 1, b));
            const isBelow = f32x4.lt(terrain, f32x4.splat(0));
            density = f32x4.pmax(terrain, v128.bitselect(caves, terrain, isBelow));
        }
        const a = f32x4.extract_lane(density, 0);
        const t = a / (a - f32x4.extract_lane(density, 1));
        store<u32>(slot + (<usize>rowA << 2), vertexCount);
        const quanta = toQuanta(positionAt(axis, low, rowA, t));
        const normal = v128.load(groundNormals + at);
        if (axis === ALONG_Y) {
            addVertex(packPosition(quanta), normal, v128.load(groundRecords + at), FLAT);
        } else {
            const between = unit(mix(normal, v128.load(groundNormals + at + next), t));
            const weights = mix(v128.load(groundWeights + at), v128.load(groundWeights + at + next), t);
            addVertex(packPosition(quanta), between, groundRecord(quanta, between, weights), FLAT);
        }
    } while (bits !== 0);
}

function groundRecord(quanta: v128, normal: v128, weights: v128): v128 {
    // Ground never hangs over: its tangent is (y, -x, 0), and v grows against cross(normal, tangent).
    const turned = f32x4.mul(v128.shuffle<f32>(normal, normal, 1, 0, 3, 3), f32x4(1, -1, 0, 0));
    const square = f32x4.mul(turned, turned);
    const length = f32x4.sqrt(f32x4.add(square, v128.shuffle<f32>(square, square, 1, 0, 1, 0)));
    const tangent = f32x4.replace_lane(f32x4.div(turned, length), 3, -1);
    const packed = packUnorm8(f32x4.add(weights, f32x4(0, 0, 0, 1)));
    return recordOf(packSnorm8(normal, tangent), packUv(quanta, FLAT), packed);
}

// @ts-ignore: decorator
@inline
function recordOf(basis: u64, uv: u32, weights: u32): v128 {
    return i64x2.replace_lane(i64x2.splat(basis), 1, <u64>uv | (<u64>weights << 32));
}

// @ts-ignore: decorator
@inline
function addCaves(bits: u32, axis: i32, x: i32, row: i32, z: i32): void {
    const columnA = columnOf(x, z);
    const columnB = columnA + nextColumn(axis);
    const sideA = distanceSlice(z) + <usize>x * distanceBytes;
    const sideB = nextSide(axis, x, z);
    const before = distanceSlice(z - 1) + <usize>x * distanceBytes;
    const behind = distanceSlice(z + 1) + <usize>x * distanceBytes;
    const slot = slotsFrom(axis, x, z);
    const low = lowEnd(x, z);
    const topA = load<f32>(surface + columnA);
    const topB = load<f32>(surface + columnB);
    const at = <usize>(z * countX + x) << 4;
    const weightsA = v128.load(groundWeights + at);
    const weightsB = v128.load(groundWeights + at + (axis === ALONG_X ? 16 : axis === ALONG_Z ? <usize>countX << 4 : 0));
    do {
        const rowA = row + <i32>ctz(bits);
        bits &= bits - 1;
        const offset = <usize>rowA << 2;
        const rowB = axis === ALONG_Y ? rowA + 1 : rowA;
        // Both ends lie below the ground.
        const caveA = f32x4.splat(-load<f32>(sideA + offset));
        const caveB = f32x4.splat(-load<f32>(sideB + (<usize>rowB << 2)));
        const a = f32x4.extract_lane(f32x4.pmax(f32x4.splat(<f32>rowA - topA), caveA), 0);
        const b = f32x4.extract_lane(f32x4.pmax(f32x4.splat(<f32>rowB - topB), caveB), 0);
        const t = a / (a - b);
        let gradient: v128;
        if (axis === ALONG_X) {
            gradient = mix(
                differences(sideA + offset, before + offset, behind + offset),
                differences(sideB + offset, before + distanceBytes + offset, behind + distanceBytes + offset),
                t,
            );
        } else if (axis === ALONG_Y) {
            gradient = differencesUp(sideA + offset, before + offset, behind + offset, t);
        } else {
            const beyond = distanceSlice(z + 2) + <usize>x * distanceBytes;
            gradient = mix(
                differences(sideA + offset, before + offset, behind + offset),
                differences(sideB + offset, sideA + offset, beyond + offset),
                t,
            );
        }
        const samples = positionAt(axis, low, rowA, t);
        const depth = topA + t * (topB - topA) - f32x4.extract_lane(samples, 1);
        const weights = axis === ALONG_Y ? weightsA : mix(weightsA, weightsB, t);
        addCave(slot + offset, unit(gradient), toQuanta(samples), depth, weights);
    } while (bits !== 0);
}

/** @param depth samples below the open ground */
function addCave(slot: usize, normal: v128, quanta: v128, depth: f32, ground: v128): void {
    const mapping = mappingFor(normal, quanta);
    // From the lip inwards: cave grows to 1, and the sky's light falls to 0, by its square.
    const slopes = f32x4.replace_lane(f32x4.replace_lane(f32x4.splat(0), 2, perLip), 3, -perDaylight);
    const lines = f32x4.add(f32x4.add(ground, f32x4(0, 0, 0, 1)), f32x4.mul(f32x4.splat(depth), slopes));
    const weights = f32x4.pmin(f32x4.pmax(lines, f32x4.splat(0)), f32x4.splat(1));
    const packed = packUnorm8(v128.shuffle<f32>(weights, f32x4.mul(weights, weights), 0, 1, 2, 7));
    // The slot tells how the vertex is mapped, so that triangles whose corners differ are found as they are made.
    store<u32>(slot, vertexCount | (((mapping & 3) | (mapping >> 14)) << INDEX_BITS));
    const record = recordOf(packBasis(normal, mapping), packUv(quanta, mapping), packed);
    addVertex(packPosition(quanta), normal, record, mapping);
}

/** Towards air, of any length: against the differences of cave distance over two samples. */
// @ts-ignore: decorator
@inline
function differences(here: usize, before: usize, behind: usize): v128 {
    const low = f32x4(load<f32>(here - distanceBytes), load<f32>(here - 4), load<f32>(before), 0);
    const high = f32x4(load<f32>(here + distanceBytes), load<f32>(here + 4), load<f32>(behind), 0);
    return f32x4.sub(low, high);
}

/** The same at `t` between a sample and the one above it. */
// @ts-ignore: decorator
@inline
function differencesUp(here: usize, before: usize, behind: usize, t: f32): v128 {
    const x = f32x4.sub(v128.load64_zero(here - distanceBytes), v128.load64_zero(here + distanceBytes));
    const z = f32x4.sub(v128.load64_zero(before), v128.load64_zero(behind));
    const column = v128.load(here - 4);
    const y = f32x4.sub(column, v128.shuffle<f32>(column, column, 2, 3, 2, 3));
    const xy = v128.shuffle<f32>(x, y, 0, 4, 1, 5);
    return mix(v128.shuffle<f32>(xy, z, 0, 1, 4, 6), v128.shuffle<f32>(xy, z, 2, 3, 5, 7), t);
}

// @ts-ignore: decorator
@inline
function mix(a: v128, b: v128, t: f32): v128 {
    return f32x4.add(a, f32x4.mul(f32x4.splat(t), f32x4.sub(b, a)));
}

/** The unit vector along `vector`, whose fourth lane is 0; straight up where that has no length. */
// @ts-ignore: decorator
@inline
function unit(vector: v128): v128 {
    const square = f32x4.mul(vector, vector);
    const pairs = f32x4.add(square, v128.shuffle<f32>(square, square, 2, 3, 0, 1));
    const total = f32x4.add(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2));
    const isLong = f32x4.gt(total, f32x4.splat(1e-12));
    return v128.bitselect(f32x4.div(vector, f32x4.sqrt(total)), f32x4(0, 1, 0, 0), isLong);
}
