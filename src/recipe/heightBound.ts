import { carvedRange, carvedShare, REPLACED_DETAIL, replacedFrom } from "./carving.js";
import type { Recipe, SplinePoints } from "./recipe.js";
import { createSpline, evaluateSpline } from "./spline.js";

/*
 * A bound by measurement: that of theory, all slopes at their steepest in one place, is twice as high, and would cost every world
 * a bit of its positions. Constants were chosen so that none of 6,000 wild recipes, each at the steepest of 24 places,
 * rises by more than is said. `npm run test:fuzz` repeats that with other recipes. What rises by
 * more all the same, and by more than int16 holds, fails to bake by name (`ChunkLimitError`): no vertex is ever held at a limit.
 */

/*
 * By how much noise changes over the side of a square at a wavelength of 1. Sums of octaves are scaled as `macroField.ts` does.
 * Alone, found by climbing from the steepest of 150,000 squares: 6.2 for two octaves, 8.4 for four, 19 for crests, on a few metres.
 */
const SLOPE_OF_DETAIL = 3.2;
const SLOPE_OF_TWO_OCTAVES = 4.6;
const SLOPE_OF_FOUR_OCTAVES = 8.9;
const SLOPE_OF_CREST = 10;
/** Distance from 0 within which the noise lies that macro splines are asked for: on planets up to 1.41 was met. */
const MACRO_REACH = { flat: 1.3, planet: 1.5 } as const;
/** A domain warp stretches slopes by this times its strength over its wavelength. */
const WARP_STRETCH = 2;
/** Ridges are this many times steeper than the noise that they fold. */
const RIDGE_STRETCH = 1.6;
/** How far the weight of an octave changes with the slopes gathered before it, at damping 1. */
const DAMPING_STRETCH = 0.6;
/** Most that ranges and detail reach where crests, main and spur, are at their highest (1.14). */
const CREST_OF_RANGES = 0.08 + 0.92 * 1.14;
const CREST_OF_DETAIL = 0.45 + 0.55 * 1.14;
/** Largest sum of octaves met where amplitude changes, over the root of their squares' sum. */
const SUM_OF_OCTAVES = 1.3;
/** Causes of height do not all change together: the whole is this many times the root of their squares' sum. */
const TOGETHER = 1.28;
/** Share of the sum of their octaves that ridges reach, which run together octave by octave. */
const RIDGES_TOGETHER = 0.9;

/** Lowest and highest ground of a recipe, caves aside, in metres. */
export interface HeightBound {
    readonly lowest: number;
    readonly highest: number;
}

/** Returns bounds that no height of the recipe exceeds: the sum of all amplitudes. */
export function heightBoundOf(recipe: Recipe): HeightBound {
    const { terrain } = recipe;
    const reach = MACRO_REACH[recipe.topology];
    const { lowest, highest } = reachOf(terrain.macro.continentSpline, reach);
    const relief = reachOf(terrain.macro.reliefSpline, reach).highest;
    const detail = detailAmplitude(recipe, relief) * sumOf(octavesOf(recipe).map(({ share }) => share));
    const carved = carvedRange(recipe);
    const share = carvedShare(relief);
    return {
        lowest: lowest - detail + share * carved.lowest,
        highest: highest + CREST_OF_RANGES * terrain.rangeHeight * relief + detail + share * carved.highest,
    };
}

/**
 * Returns the metres by which the ground may rise within a square: at most what its steepest slopes add up to, and at
 * most the whole range of its heights.
 *
 * @param side metres
 */
export function riseWithin(recipe: Recipe, side: number): number {
    const { terrain } = recipe;
    const { macro } = terrain;
    const reach = MACRO_REACH[recipe.topology];
    const warp = 1 + (WARP_STRETCH * macro.warpStrength) / macro.warpWavelength;
    const change = (slope: number, wavelength: number) => (slope * warp * side) / wavelength;
    const continent = Math.min(2 * reach, change(SLOPE_OF_FOUR_OCTAVES, macro.continentWavelength));
    const erosion = Math.min(2 * reach, change(SLOPE_OF_TWO_OCTAVES, macro.erosionWavelength));
    const valley = Math.min(2 * reach, change(SLOPE_OF_TWO_OCTAVES, macro.valleyWavelength));
    // Shares of what they scale, from the slopes of the smooth steps that `macroField.ts` takes of them.
    const inland = Math.min(1, 3.3 * continent);
    const openness = terrain.valleyDepth * Math.min(1, 3.7 * valley);
    const crest = Math.min(CREST_OF_RANGES, change(SLOPE_OF_CREST, macro.rangeWavelength));
    const relief = reachOf(macro.reliefSpline, reach).highest;

    const octaves = octavesOf(recipe);
    const detailRise = together(detailRises(recipe, relief, side), terrain.ridgeOctaves);
    const shares = octaves.map(({ share }) => share);
    const detail = Math.min(sumOf(shares), SUM_OF_OCTAVES * lengthOf(shares));
    const { plainsHeight, mountainHeight, rangeHeight } = terrain;
    const mountains = CREST_OF_RANGES * rangeHeight + CREST_OF_DETAIL * mountainHeight * detail;
    const carved = carvedRange(recipe);
    const rises = [
        detailRise,
        splineRise(macro.continentSpline, continent, reach),
        mountains * Math.min(relief, splineRise(macro.reliefSpline, erosion, reach)),
        (0.75 * mountains * relief + 0.5 * plainsHeight * detail) * inland,
        (mountains * relief + 0.7 * plainsHeight * detail) * openness,
        (0.92 * rangeHeight + 0.55 * mountainHeight * detail) * relief * crest,
        // Where land is steep and bends sharply, gullies begin all at once.
        carvedShare(relief) * (carved.highest - carved.lowest),
    ];
    const { lowest, highest } = heightBoundOf(recipe);
    return Math.min(sumOf(rises), TOGETHER * lengthOf(rises), highest - lowest);
}

/**
 * Returns what octaves rise by together, before `TOGETHER`.
 *
 * @param rises of each octave
 * @param ridgeOctaves how many of the first are ridges
 */
function together(rises: readonly number[], ridgeOctaves: number): number {
    const ridges = (RIDGES_TOGETHER / TOGETHER) * sumOf(rises.slice(0, ridgeOctaves));
    return Math.max(lengthOf(rises), lengthOf([ridges, ...rises.slice(ridgeOctaves)]));
}

function sumOf(values: readonly number[]): number {
    return values.reduce((sum, value) => sum + value, 0);
}

function lengthOf(values: readonly number[]): number {
    return Math.sqrt(sumOf(values.map((value) => value * value)));
}

interface DetailOctave {
    /** Metres. */
    readonly wavelength: number;
    /** Share of the first octave's amplitude. */
    readonly share: number;
}

/** Returns the octaves that level 0 can show: coarser levels have fewer. */
function octavesOf({ chunkSize, terrain }: Recipe): DetailOctave[] {
    const finest = (2 * chunkSize) / terrain.resolution;
    const octaves: DetailOctave[] = [];
    let [wavelength, share] = [terrain.wavelength, 1];
    for (let i = 0; i < terrain.octaves && wavelength >= finest; i++) {
        octaves.push({ wavelength, share });
        wavelength /= 2;
        share *= terrain.gain;
    }
    return octaves;
}

function detailAmplitude({ terrain }: Recipe, relief: number): number {
    return terrain.plainsHeight + CREST_OF_DETAIL * terrain.mountainHeight * relief;
}

/** Returns the amplitude of the octaves that give way to gullies, the more so the higher the relief. */
function replacedAmplitude(recipe: Recipe, relief: number): number {
    let most = 0;
    for (let i = 0; i <= RELIEF_STEPS; i++) {
        const at = (relief * i) / RELIEF_STEPS;
        most = Math.max(most, detailAmplitude(recipe, at) * (1 - REPLACED_DETAIL * carvedShare(at)));
    }
    return most;
}

/** Returns the metres by which each octave may rise within a square. */
function detailRises(recipe: Recipe, relief: number, side: number): number[] {
    const { gain, damping, ridgeOctaves } = recipe.terrain;
    const amplitude = detailAmplitude(recipe, relief);
    const amplitudeOfFine = replacedAmplitude(recipe, relief);
    const replaced = replacedFrom(recipe);
    // How far the slopes that damp an octave may change, and an octave's share of them.
    let [gathered, slopeShare] = [0, 1];
    return octavesOf(recipe).map(({ wavelength, share }, i) => {
        const slope = SLOPE_OF_DETAIL * (i < ridgeOctaves ? RIDGE_STRETCH : 1);
        const weight = Math.min(1, DAMPING_STRETCH * Math.sqrt(damping) * gathered);
        gathered = lengthOf([gathered, slopeShare * Math.min(4, (8 * side) / wavelength)]);
        slopeShare *= 2 * gain;
        return (
            (wavelength < replaced ? amplitudeOfFine : amplitude) *
            share *
            Math.min(2, (slope * side) / wavelength + weight)
        );
    });
}

/** Steps at which relief is sampled. */
const RELIEF_STEPS = 64;
/** Steps at which splines are sampled, beside their own points. */
const SPLINE_STEPS = 256;

/** Returns the lowest and highest output that noise can ask for. */
function reachOf(points: SplinePoints, reach: number): HeightBound {
    const outputs = sampleSpline(points, reach).map(([, output]) => output);
    return { lowest: Math.min(...outputs), highest: Math.max(...outputs) };
}

/** Returns by how much a spline's output may change where its input changes by `width`. */
function splineRise(points: SplinePoints, width: number, reach: number): number {
    const samples = sampleSpline(points, reach);
    let rise = 0;
    for (let i = 0; i < samples.length; i++) {
        let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
        for (let j = i; j < samples.length && samples[j]![0] <= samples[i]![0] + width; j++) {
            lowest = Math.min(lowest, samples[j]![1]);
            highest = Math.max(highest, samples[j]![1]);
        }
        rise = Math.max(rise, highest - lowest);
        if (i > 0) {
            // Between samples, where the width is less than their distance.
            const distance = samples[i]![0] - samples[i - 1]![0];
            const change = Math.abs(samples[i]![1] - samples[i - 1]![1]);
            rise = Math.max(rise, change * Math.min(1, distance > 0 ? width / distance : 1));
        }
    }
    return rise;
}

/** Returns inputs and outputs by rising input. Between its points a spline is monotone: its extremes are among them. */
function sampleSpline(points: SplinePoints, reach: number): (readonly [input: number, output: number])[] {
    const spline = createSpline(points);
    const inputs = points.map(([input]) => input).filter((input) => Math.abs(input) <= reach);
    for (let i = 0; i <= SPLINE_STEPS; i++) {
        inputs.push(reach * ((2 * i) / SPLINE_STEPS - 1));
    }
    return inputs.sort((a, b) => a - b).map((input) => [input, evaluateSpline(spline, input)] as const);
}
