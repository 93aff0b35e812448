// How low caves of any level may reach in a chunk's border planes. Levels cut the same caves on samples of their own, and a tunnel
// of one may be too thin for another; but the lattice tells that one is near, up to what interpolation moves it by.

import { reserve } from "../base/arena";
import { countX, lineBytes } from "../heightfield/grid";
import { profileOf, turnToColumn, turnToSlice } from "./caveColumn";
import { nodeBits } from "./caveShape";
import { quantaPerSample } from "./caveWorld";
import { bottomRow, NO_TUNNEL, radius, surface } from "./columns";

/** Columns from one that is asked for caves to the next, as a power of two. */
const ASKED_BITS: i32 = 2;

/** f32 a column that is asked: the row below which no cave is near; Infinity where there is none at all. */
let rows: usize = 0;
/** Bytes to the border's first column in planes of the grid, and from one column to the next. */
let firstColumn: usize = 0;
let stride: usize = 0;

/** Returns bytes to column i of the present border in planes of the grid. */
@inline
export function borderColumn(i: i32): usize {
    return firstColumn + <usize>i * stride;
}

/**
 * Makes a border the present one.
 *
 * @param isX whether it lies across x, else across z; `isHigh` at the chunk's high end
 * @param margin columns around the chunk
 * @param reach samples from a tunnel's wall up to which another level may have it
 */
export function turnToBorder(isX: bool, isHigh: bool, margin: i32, reach: f32): void {
    const cells = countX - 1 - 2 * margin;
    const across = isHigh ? margin + cells : margin;
    firstColumn = isX ? <usize>margin * lineBytes + (<usize>across << 2) : <usize>across * lineBytes + (<usize>margin << 2);
    stride = isX ? lineBytes : 4;
    rows = reserve(<usize>((cells >> ASKED_BITS) + 1) << 2);
    for (let i = 0; i <= cells; i += 1 << ASKED_BITS) {
        const x = isX ? across : margin + i;
        const z = isX ? margin + i : across;
        store<f32>(rows + (<usize>(i >> ASKED_BITS) << 2), lowestNear(x, z, borderColumn(i), reach));
    }
}

/** Returns the row of a column below which no cave is near. */
function lowestNear(x: i32, z: i32, column: usize, reach: f32): f32 {
    const tunnel = load<f32>(radius + column);
    if (tunnel <= NO_TUNNEL) {
        return Infinity;
    }
    const low = max(0, <i32>floor(load<f32>(bottomRow + column)));
    const high = <i32>ceil(load<f32>(surface + column));
    turnToSlice(z);
    turnToColumn(x);
    const profile = profileOf(low, high);
    const most = tunnel + reach;
    for (let node = low >> nodeBits; node << nodeBits < high; node++) {
        if (load<f32>(profile + (<usize>node << 2)) <= most) {
            return <f32>((node - 1) << nodeBits);
        }
    }
    return Infinity;
}

/** Returns the lowest row at which air may be in column i of the present border, at any level. */
@inline
export function lowestAir(i: i32): f32 {
    const column = borderColumn(i);
    const near = load<f32>(rows + (<usize>((i + (1 << ASKED_BITS >> 1)) >> ASKED_BITS) << 2));
    return min(load<f32>(surface + column), max(load<f32>(bottomRow + column), near));
}

/**
 * Returns how far below the ground of the chunk's borders air may be at any level, in quanta.
 *
 * @param margin columns around the chunk
 * @param reach see `turnToBorder`
 */
export function deepestAir(margin: i32, reach: f32): f32 {
    const cells = countX - 1 - 2 * margin;
    let deepest: f32 = 0;
    for (let border = 0; border < 4; border++) {
        turnToBorder(border < 2, (border & 1) !== 0, margin, reach);
        for (let i = 0; i <= cells; i++) {
            deepest = max(deepest, load<f32>(surface + borderColumn(i)) - lowestAir(i));
        }
    }
    return deepest * quantaPerSample;
}
