// What a world's recipe says of caves. The host sets it when it turns to a world, and the lengths anew for each level.

import { reserveTable } from "../base/arena";

export const MAX_CAVE_OCTAVES: i32 = 6;

const seeds: usize = reserveTable(4 * <usize>MAX_CAVE_OCTAVES);

export let caveOctaves: i32 = 0;

/** Sets the seed of octave i, and that there are i + 1 octaves. */
export function setCaveOctave(i: i32, seed: u32): void {
    store<u32>(seeds + (<usize>i << 2), seed);
    caveOctaves = i + 1;
}

/** Returns the seed of an octave. */
@inline
export function caveSeed(i: i32): u32 {
    return load<u32>(seeds + (<usize>i << 2));
}

/** Quanta from sample to sample, a power of two. As i32, too: engines would check each conversion. */
export let quantaPerSample: f32 = 1;
export let wholeQuanta: i32 = 1;
/** Radius of tunnels, in samples of the level. */
export let tunnelRadius: f32 = 0;
/** Samples below the surface at which caves end, and samples from y = 0 above which they begin: whole quanta both. */
export let deepest: f32 = 0;
export let aboveSea: f32 = 0;
/** Samples of cave distance for each unit that mouths are short of opening. */
export let mouthScale: f32 = 0;
/** Share of the noise in a tunnel's distance, and in its walls' roughness, in samples. */
export let distanceScale: f32 = 0;
export let roughness: f32 = 0;
/**
 * Samples over which a cave's wall and the ground round the edge where they meet. Cells chamfer sharp edges here and there, as
 * samples fall, which shows as saw teeth.
 */
export let lipWidth: f32 = 1.5;

/**
 * Sets what caves are like on a level. Lengths are in samples of the level.
 *
 * @param samplesToQuanta quanta from sample to sample, a power of two
 * @param radius of tunnels
 * @param maxDepth below the surface at which caves end; whole quanta
 * @param sea height above y = 0 from which caves begin; whole quanta
 * @param mouth samples of cave distance for each unit that mouths are short of opening
 * @param distance samples of distance for each unit of noise
 * @param rough samples by which the coarsest octave makes walls rough
 * @param lip samples over which the edges of mouths are rounded, 1.5 at most
 */
export function setCaves(
    samplesToQuanta: f32,
    radius: f32,
    maxDepth: f32,
    sea: f32,
    mouth: f32,
    distance: f32,
    rough: f32,
    lip: f32,
): void {
    quantaPerSample = samplesToQuanta;
    wholeQuanta = <i32>samplesToQuanta;
    tunnelRadius = radius;
    deepest = maxDepth;
    aboveSea = sea;
    mouthScale = mouth;
    distanceScale = distance;
    roughness = rough;
    lipWidth = lip;
}
