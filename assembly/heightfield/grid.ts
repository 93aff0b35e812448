// The grid of samples that a chunk or a tile stands on: one plane of f32 for each quantity, line by line (z outer, x
// inner). Lines begin on 16-byte borders; what lies between the last sample of one and the next line is never read as a result.

import { reserve, resetArena } from "../base/arena";

/** Samples along x and z. */
export let countX: i32 = 0;
export let countZ: i32 = 0;
/** Bytes from one line of samples along x to the next. */
export let lineBytes: usize = 0;

/** Macro fields, in the order of `MacroChannel`: `MACRO_CHANNELS` planes, one behind the other. */
export let macroPlanes: usize = 0;
/** Bytes from one plane to the next. */
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

/** Begins a job: forgets the last one and lays out a grid of samples. */
export function layoutGrid(samplesX: i32, samplesZ: i32): void {
    resetArena();
    countX = samplesX;
    countZ = samplesZ;
    lineBytes = <usize>((samplesX + 3) & ~3) << 2;
    planeBytes = lineBytes * <usize>samplesZ + 16;
    macroPlanes = reserve(planeBytes * <usize>MACRO_CHANNELS);
    smooth = reserve(planeBytes);
    quanta = reserve(planeBytes);
}

/** Returns the address of the plane of a macro field. */
@inline
export function macroPlane(channel: usize): usize {
    return macroPlanes + channel * planeBytes;
}

/** Returns the address of the heights before rounding, f32 in metres, one plane of samples. */
export function smoothPlane(): usize {
    return smooth;
}

/** Returns the address of the heights, f32 in whole quanta of the level, one plane of samples. */
export function quantaPlane(): usize {
    return quanta;
}

/** Returns the bytes from one line of samples (equal z) to the next in a plane. */
export function planeLineBytes(): usize {
    return lineBytes;
}

/** Returns the address of the macro fields: f32, one plane of samples a channel. */
export function macroPlanesStart(): usize {
    return macroPlanes;
}

/** Returns the bytes from one macro field to the next. */
export function planeSize(): usize {
    return planeBytes;
}
