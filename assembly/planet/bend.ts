// The last step of a planet's chunk. Up to here its surface is that of a flat world: x and z count samples along the face, y is the
// altitude. Now positions, normals and tangents turn to the planet's axes.
//
// Two chunks have the same vertices along the border that they share in their charts, and get the same here: positions are rounded in
// the planet's axes, and whatever is added up has the same terms on both sides, be their charts turned against each other.

import { reserve } from "../base/arena";
import { toSnorm8, unit } from "../base/simd";
import { countX, countZ, lineBytes, smooth } from "../heightfield/grid";
import {
    loadNormalFloats,
    loadTangentFloats,
    loadX,
    loadY,
    loadZ,
    storeX,
    storeY,
    storeZ,
    turnVertex,
} from "../surface/packedVertex";
import { normalOf, vertexAt, vertexCount } from "../surface/surface";
import { placeLineBytes, placesX, placesY, placesZ } from "./places";

/**
 * For each column of the chunk, f32 x 4 each: what takes the x of a chart's normal to the planet's axes, its y, and its z. They are the
 * cofactors of how far a metre along the chart's axes goes there.
 */
const FRAME_BYTES: usize = 48;
const FRAME_Y: usize = 16;
const FRAME_Z: usize = 32;
let frames: usize = 0;
let frameLineBytes: usize = 0;

/** Columns of the grid around the chunk. */
let margin: i32 = 0;
/** Metres: of the planet, and of a quantum. */
let radius: f64 = 0;
let quantum: f64 = 0;
/** Quanta from altitude 0 up to positions' y = 0. */
let base: f64 = 0;
/** Quanta from column to column, as a power of two, and as a number. */
let stepBits: i32 = 0;
let step: f64 = 0;
let perStep: f32 = 0;
// The origin of the bent chunk in quanta along the planet's axes.
let anchorX: f64 = 0;
let anchorY: f64 = 0;
let anchorZ: f64 = 0;
let fits: bool = true;

/**
 * Bends the surface. `fillPlaces` has filled the places of its grid.
 *
 * @param around columns of the grid around the chunk
 * @param metres of the planet's radius
 * @param metresOfQuantum a power of two
 * @param quantaOfStep quanta from column to column, a power of two
 * @param altitude quanta from altitude 0 up to positions' y = 0
 * @param x, y, z the bent chunk's origin, in quanta along the planet's axes
 * @param gridSlopes 1 / (two samples in metres) where the surface is a height grid, whose normals are its slopes'; else 0
 * @returns whether all positions fit int16
 */
export function bendSurface(
    around: i32,
    metres: f64,
    metresOfQuantum: f64,
    quantaOfStep: i32,
    altitude: f64,
    x: f64,
    y: f64,
    z: f64,
    gridSlopes: f32,
): bool {
    margin = around;
    radius = metres;
    quantum = metresOfQuantum;
    base = altitude;
    stepBits = ctz(quantaOfStep);
    step = <f64>quantaOfStep;
    perStep = <f32>1 / <f32>quantaOfStep;
    anchorX = x;
    anchorY = y;
    anchorZ = z;
    fits = true;
    fillFrames(metres / (2 * metresOfQuantum * step));
    const side = countX - 2 * around;
    const onGrid = gridSlopes > 0 ? side * (countZ - 2 * around) : 0;
    for (let vertex = 0; vertex < onGrid; vertex++) {
        bendGridVertex(vertex, side, gridSlopes);
    }
    for (let vertex = onGrid; vertex < vertexCount; vertex++) {
        const at = vertexAt(vertex);
        const normal = gridSlopes > 0 ? loadNormalFloats(at) : normalOf(vertex);
        bendVertex(at, normal, loadTangentFloats(at));
    }
    return fits;
}

/**
 * Fills the frames of the chunk's columns.
 *
 * @param scale what takes the difference of two places that lie two columns apart to metres by metre
 */
function fillFrames(scale: f64): void {
    const sideX = countX - 2 * margin;
    const sideZ = countZ - 2 * margin;
    frameLineBytes = <usize>sideX * FRAME_BYTES;
    frames = reserve(frameLineBytes * <usize>sideZ);
    let to = frames;
    for (let line = 0; line < sideZ; line++) {
        let at = <usize>(line + margin) * placeLineBytes + (<usize>margin << 3);
        for (let column = 0; column < sideX; column++, at += 8, to += FRAME_BYTES) {
            const along = across(at - 8, at + 8, scale);
            const ahead = across(at - placeLineBytes, at + placeLineBytes, scale);
            const up = f32x4(<f32>load<f64>(placesX + at), <f32>load<f64>(placesY + at), <f32>load<f64>(placesZ + at), 0);
            v128.store(to, cross(up, ahead));
            v128.store(to, cross(ahead, along), FRAME_Y);
            v128.store(to, cross(along, up), FRAME_Z);
        }
    }
}

/** Returns the way from one place to another, scaled. The fourth lane is 0. */
@inline
function across(from: usize, to: usize, scale: f64): v128 {
    return f32x4(
        <f32>((load<f64>(placesX + to) - load<f64>(placesX + from)) * scale),
        <f32>((load<f64>(placesY + to) - load<f64>(placesY + from)) * scale),
        <f32>((load<f64>(placesZ + to) - load<f64>(placesZ + from)) * scale),
        0,
    );
}

/** Returns the vector product; its fourth lane is 0 where theirs are. */
@inline
function cross(a: v128, b: v128): v128 {
    const left = f32x4.mul(v128.shuffle<f32>(a, a, 1, 2, 0, 3), v128.shuffle<f32>(b, b, 2, 0, 1, 3));
    const right = f32x4.mul(v128.shuffle<f32>(a, a, 2, 0, 1, 3), v128.shuffle<f32>(b, b, 1, 2, 0, 3));
    return f32x4.sub(left, right);
}

/** Bends a vertex of a height grid, whose slopes tell its normal and tangent. */
function bendGridVertex(vertex: i32, side: i32, slopeScale: f32): void {
    const z = vertex / side;
    const x = vertex - z * side;
    const at = smooth + <usize>(z + margin) * lineBytes + (<usize>(x + margin) << 2);
    const slopeX = (load<f32>(at, 4) - load<f32>(at - 4)) * slopeScale;
    const slopeZ = (load<f32>(at + lineBytes) - load<f32>(at - lineBytes)) * slopeScale;
    bendVertex(vertexAt(vertex), f32x4(-slopeX, 1, -slopeZ, 0), f32x4(1, slopeX, 0, 0));
}

/**
 * Bends a vertex.
 *
 * @param normal, tangent in the chart, of any length; their fourth lanes are 0
 */
function bendVertex(vertex: usize, normal: v128, tangent: v128): void {
    const x = loadX(vertex);
    const z = loadZ(vertex);
    const columnX = x >> stepBits;
    const columnZ = z >> stepBits;
    const restX = x - (columnX << stepBits);
    const restZ = z - (columnZ << stepBits);
    const height = radius + (base + <f64>loadY(vertex)) * quantum;
    movePosition(vertex, columnX, columnZ, <f64>restX, <f64>restZ, height);

    const frame = frames + <usize>columnZ * frameLineBytes + <usize>columnX * FRAME_BYTES;
    let frameX = v128.load(frame);
    let frameY = v128.load(frame, FRAME_Y);
    let frameZ = v128.load(frame, FRAME_Z);
    if ((restX | restZ) !== 0) {
        // Of a vertex within a cell the column along z counts: only those within the chunk lie there.
        const next = restX !== 0 ? frame + FRAME_BYTES : frame + frameLineBytes;
        const share = f32x4.splat(<f32>(restX !== 0 ? restX : restZ) * perStep);
        frameX = f32x4.add(frameX, f32x4.mul(share, f32x4.sub(v128.load(next), frameX)));
        frameY = f32x4.add(frameY, f32x4.mul(share, f32x4.sub(v128.load(next, FRAME_Y), frameY)));
        frameZ = f32x4.add(frameZ, f32x4.mul(share, f32x4.sub(v128.load(next, FRAME_Z), frameZ)));
    }
    // At an altitude the ground is wider than at altitude 0.
    const wider = f32x4.splat(<f32>(height / radius));
    const nx = v128.shuffle<f32>(normal, normal, 0, 0, 0, 0);
    const ny = v128.shuffle<f32>(normal, normal, 1, 1, 1, 1);
    const nz = v128.shuffle<f32>(normal, normal, 2, 2, 2, 2);
    // x and z first: a chart that is turned has their terms in another order.
    const flat = f32x4.add(f32x4.mul(frameX, nx), f32x4.mul(frameZ, nz));
    const bent = unit(f32x4.add(flat, f32x4.mul(frameY, f32x4.mul(ny, wider))));
    const tx = v128.shuffle<f32>(tangent, tangent, 0, 0, 0, 0);
    const ty = v128.shuffle<f32>(tangent, tangent, 1, 1, 1, 1);
    const tz = v128.shuffle<f32>(tangent, tangent, 2, 2, 2, 2);
    const alongX = f32x4.mul(cross(frameY, frameZ), f32x4.mul(tx, wider));
    const alongZ = f32x4.mul(cross(frameX, frameY), f32x4.mul(tz, wider));
    const along = f32x4.add(f32x4.add(alongX, alongZ), f32x4.mul(cross(frameZ, frameX), ty));
    turnVertex(vertex, toSnorm8(bent), toSnorm8(unit(along)));
}

/** Moves a vertex to its place on the planet: between columns, to where the four around lead, by whole-number weights. */
@inline
function movePosition(vertex: usize, columnX: i32, columnZ: i32, restX: f64, restZ: f64, height: f64): void {
    const at = <usize>(columnZ + margin) * placeLineBytes + (<usize>(columnX + margin) << 3);
    const far = at + placeLineBytes;
    const a = (step - restX) * (step - restZ);
    const b = restX * (step - restZ);
    const c = (step - restX) * restZ;
    const d = restX * restZ;
    const scale = height / (quantum * step * step);
    const x = nearest(blend(placesX + at, placesX + far, a, b, c, d) * scale) - anchorX;
    const y = nearest(blend(placesY + at, placesY + far, a, b, c, d) * scale) - anchorY;
    const z = nearest(blend(placesZ + at, placesZ + far, a, b, c, d) * scale) - anchorZ;
    fits = fits && max(max(abs(x), abs(y)), abs(z)) <= <f64>i16.MAX_VALUE;
    storeX(vertex, <i32>x);
    storeY(vertex, <i32>y);
    storeZ(vertex, <i32>z);
}

/** Returns the weighted sum of four columns' numbers. */
@inline
function blend(near: usize, far: usize, a: f64, b: f64, c: f64, d: f64): f64 {
    return load<f64>(near) * a + load<f64>(near, 8) * b + (load<f64>(far) * c + load<f64>(far, 8) * d);
}
