// The grid of samples that a chunk or a tile stands on: one plane of f32 for each quantity, row by row (z outer, x inner).
// Rows begin on 16-byte borders; what lies between the last sample of a row and the next row is never read as a result.

import { reserve, resetArena } from "../base/arena";

/** Samples along x and z. */
export let countX: i32 = 0;
export let countZ: i32 = 0;
/** Bytes from one row to the next. */
export let rowBytes: usize = 0;

/** Macro fields, in the order of `MacroChannel`: `MACRO_CHANNELS` planes, one behind the other. */
export let macroPlanes: usize = 0;
export let planeBytes: usize = 0;
/** Metres, before rounding: what normals are taken from. */
export let smooth: usize = 0;
/** Height in whole quanta of the level. */
export let quanta: usize = 0;

export const MACRO_CHANNELS: i32 = 7;
export const BASE: usize = 0;
export const AMPLITUDE: usize = 1;
export const RIDGE: usize = 2;
export const RELIEF: usize = 3;
export const MOISTURE: usize = 4;
export const CAVES: usize = 5;
export const MOUTHS: usize = 6;

/** Begins a job: forgets the last one and lays out the grid's planes. */
export function layoutGrid(x: i32, z: i32): void {
    resetArena();
    countX = x;
    countZ = z;
    rowBytes = <usize>((x + 3) & ~3) << 2;
    planeBytes = rowBytes * <usize>z + 16;
    macroPlanes = reserve(planeBytes * <usize>MACRO_CHANNELS);
    smooth = reserve(planeBytes);
    quanta = reserve(planeBytes);
}

@inline
export function macroPlane(channel: usize): usize {
    return macroPlanes + channel * planeBytes;
}

export function smoothPlane(): usize {
    return smooth;
}

export function quantaPlane(): usize {
    return quanta;
}

export function planeRowBytes(): usize {
    return rowBytes;
}

export function macroPlanesStart(): usize {
    return macroPlanes;
}

export function planeSize(): usize {
    return planeBytes;
}
