// Where the samples of a planet's grid lie, as directions from its middle: what src/space/cubeSphere.ts says of faces, bit for bit.

import { reserve } from "../base/arena";
import { countZ, lineBytes } from "../heightfield/grid";

/** f64 for each sample: x, y and z of unit vectors along the planet's axes. Lines lie as in grid.ts, and are twice as long. */
export let placesX: usize = 0;
export let placesY: usize = 0;
export let placesZ: usize = 0;
export let placeLineBytes: usize = 0;

/** For each face the axes that right and forward run along. Up runs along the third, on odd faces backwards. */
const RIGHT: usize = memory.data<u8>([2, 1, 0, 2, 1, 0]);
const FORWARD: usize = memory.data<u8>([1, 2, 2, 0, 0, 1]);

/**
 * Fills the places of the grid's samples. Those beyond the face's border are the neighbour's.
 *
 * @param face 0 to 5
 * @param x, z the first sample, in samples of the level
 * @param count samples from edge to edge of the face, a power of two
 */
export function fillPlaces(face: i32, x: f64, z: f64, count: f64): void {
    placeLineBytes = lineBytes << 1;
    const bytes = placeLineBytes * <usize>countZ;
    placesX = reserve(bytes);
    placesY = reserve(bytes);
    placesZ = reserve(bytes);
    writePlaces(face, x, z, count, countZ, placeLineBytes, placesX, placesY, placesZ);
}

/**
 * Writes the places of a grid's samples.
 *
 * @param face, x, z, count see `fillPlaces`
 * @param lines of samples
 * @param bytes of a line, a multiple of 16
 * @param toX, toY, toZ where the lines of x, y and z begin
 */
export function writePlaces(face: i32, x: f64, z: f64, count: f64, lines: i32, bytes: usize, toX: usize, toY: usize, toZ: usize): void {
    const right = load<u8>(RIGHT + <usize>face);
    const forward = load<u8>(FORWARD + <usize>face);
    const sign = f64x2.splat((face & 1) === 0 ? 1 : -1);
    const one = f64x2.splat(1);
    const minusOne = f64x2.splat(-1);
    const toSide = f64x2.splat(2 / count);
    for (let line = 0; line < lines; line++) {
        const t = f64x2.splat((2 / count) * (z + <f64>line) - 1);
        const ahead = warp(f64x2.pmax(minusOne, f64x2.pmin(one, t)));
        const beyond = f64x2.abs(t);
        const from = <usize>line * bytes;
        for (let at: usize = 0; at < bytes; at += 16) {
            const sample = f64x2.add(f64x2.splat(x + <f64>(at >> 3)), f64x2(0, 1));
            const s = f64x2.sub(f64x2.mul(sample, toSide), one);
            const along = warp(f64x2.pmax(minusOne, f64x2.pmin(one, s)));
            const overshoot = f64x2.pmax(f64x2.abs(s), beyond);
            const fold = f64x2.pmin(one, f64x2.sub(f64x2.splat(2), overshoot));
            // Zero has no sign: half a face beyond a border the neighbour's has none.
            const up = f64x2.add(f64x2.splat(0), f64x2.mul(sign, warp(fold)));
            const px = right === 0 ? along : forward === 0 ? ahead : up;
            const py = right === 1 ? along : forward === 1 ? ahead : up;
            const pz = right === 2 ? along : forward === 2 ? ahead : up;
            // The sum runs over the planet's axes, so that all faces round alike.
            const square = f64x2.add(f64x2.add(f64x2.mul(px, px), f64x2.mul(py, py)), f64x2.mul(pz, pz));
            const length = f64x2.sqrt(square);
            v128.store(toX + from + at, f64x2.div(px, length));
            v128.store(toY + from + at, f64x2.div(py, length));
            v128.store(toZ + from + at, f64x2.div(pz, length));
        }
    }
}

/** Returns how far from a face's middle, on the flat side of a cube, coordinates of a chart lie. */
@inline
function warp(s: v128): v128 {
    return f64x2.mul(f64x2.mul(s, f64x2.add(f64x2.splat(3), f64x2.mul(s, s))), f64x2.splat(0.25));
}

/** Returns the address of the places' x: f64 for each sample, lines twice as long as the grid's. Those of y and z follow. */
export function placesStart(): usize {
    return placesX;
}
