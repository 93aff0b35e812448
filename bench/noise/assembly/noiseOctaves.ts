// The octaves of plain grid noise: a table that the host fills before a grid.

import { reserveTable } from "../../../assembly/base/arena";

/** One entry of the table. */
@unmanaged
export class NoiseOctave {
    /** Cell side in samples along x and z, and along y: powers of two from 2 up. */
    period: f64;
    periodY: f64;
    /** Whole numbers of samples. */
    offsetX: f64;
    offsetY: f64;
    offsetZ: f64;
    seed: u32;
    gain: f32;
}

const MAX_NOISE_OCTAVES: i32 = 12;

const table: usize = reserveTable(offsetof<NoiseOctave>() * <usize>MAX_NOISE_OCTAVES);

@inline
export function noiseOctaveAt(i: i32): NoiseOctave {
    return changetype<NoiseOctave>(table + <usize>i * offsetof<NoiseOctave>());
}

export function setNoiseOctave(
    i: i32,
    seed: u32,
    period: f64,
    periodY: f64,
    offsetX: f64,
    offsetY: f64,
    offsetZ: f64,
    gain: f32,
): void {
    const octave = noiseOctaveAt(i);
    octave.seed = seed;
    octave.period = period;
    octave.periodY = periodY;
    octave.offsetX = offsetX;
    octave.offsetY = offsetY;
    octave.offsetZ = offsetZ;
    octave.gain = gain;
}
