// The detail octaves of a world's terrain: a table that the host fills when it turns to a world.

import { reserveTable } from "../base/arena";

export const MAX_OCTAVES: i32 = 12;

/** One entry of the table. */
@unmanaged
export class Octave {
    /** Cell side in level-0 samples, a power of two. */
    period: f64;
    /** Seeded whole numbers of samples: without them all octaves vanish together at shared lattice points. */
    offsetX: f64;
    offsetZ: f64;
    seed: u32;
    amplitude: f32;
    /** Slope by cell to slope in the sum's noise space. */
    slopeScale: f32;
    isRidged: bool;
}

const table: usize = reserveTable(offsetof<Octave>() * <usize>MAX_OCTAVES);

export let octaveCount: i32 = 0;
export let damping: f32 = 0;

/** Returns an octave of the table. */
@inline
export function octaveAt(i: i32): Octave {
    return changetype<Octave>(table + <usize>i * offsetof<Octave>());
}

/** Sets how many octaves the terrain has, and how much slope damps them. */
export function setTerrain(octaves: i32, slopeDamping: f32): void {
    octaveCount = octaves;
    damping = slopeDamping;
}

/** Sets an octave of the terrain. Lengths are in level-0 samples: see `Octave`. */
export function setOctave(
    i: i32,
    seed: u32,
    period: f64,
    offsetX: f64,
    offsetZ: f64,
    amplitude: f32,
    slopeScale: f32,
    isRidged: bool,
): void {
    const octave = octaveAt(i);
    octave.seed = seed;
    octave.period = period;
    octave.offsetX = offsetX;
    octave.offsetZ = offsetZ;
    octave.amplitude = amplitude;
    octave.slopeScale = slopeScale;
    octave.isRidged = isRidged;
}
