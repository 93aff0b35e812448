import type { Vec3Like } from "../base/vec3Like.js";

/**
 * The sky in closed form: light that is scattered once, by air (Rayleigh) and by haze (Mie), and a share that is scattered more
 * often. `skyShader.ts` draws what this file computes, from the same numbers. Colours are linear red, green, blue; white paper in
 * full sunlight has about 3.
 */

/** A linear colour that is written in place. */
export type Rgb = [red: number, green: number, blue: number];

/** Optical depths of the air above, straight up: what it scatters, and what its ozone takes, more than real, to make dusk as violet as it looks. */
export const RAYLEIGH: Readonly<Rgb> = [0.058, 0.132, 0.345];
export const OZONE: Readonly<Rgb> = [0.012, 0.06, 0.002];
/** Of the haze above, in all colours alike. */
export const MIE = 0.055;
/** How much of the haze's light goes on nearly straight (Henyey and Greenstein's g). */
export const MIE_FORWARD = 0.78;
/** Light of the sun above the air, and of a full moon, which is far brighter here than it is, as it is to the eye at night. */
export const SUN_LIGHT = 3.3;
export const MOON_LIGHT: Readonly<Rgb> = [0.028, 0.034, 0.043];
/** The share of scattered light that reaches the eye. */
export const SCATTERED = 0.36;
/** Light that was scattered more often, by its share in the sky's whole light. */
export const MANY: Readonly<Rgb> = [0.124, 0.149, 0.19];
/** Light of the night sky without a moon. */
export const AIRGLOW: Readonly<Rgb> = [0.0011, 0.0015, 0.0026];
/**
 * How fast twilight falls with the square of the sine of the sun's depth: the Earth's radius over twice the height in which the air
 * thins out by e is 400; light that is scattered on makes it less.
 */
export const TWILIGHT = 230;
/** The sine by which the sun stands higher over the place that is seen, low above the horizon, towards the sun. */
export const TOWARDS_SUN = 0.045;

/** The light of an hour. */
export interface Daylight {
    /** Unit vectors. */
    readonly sun: Vec3Like;
    readonly moon: Vec3Like;
    /** Light that is scattered more often: 1 by day. */
    many: number;
    /** Light of the night sky, moonlight included, straight up. */
    readonly night: Rgb;
}

export function smoothstep(from: number, to: number, value: number): number {
    const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
    return t * t * (3 - 2 * t);
}

/** Writes what share of the sun's light comes through the air, with the sun at the sine `y` above the horizon. */
export function throughAirToRef(y: number, ref: Rgb): Rgb {
    const mass = 0.85 / (Math.max(y, 0) + 0.07);
    for (let i = 0; i < 3; i++) {
        ref[i] = Math.exp(-(RAYLEIGH[i]! + OZONE[i]! + MIE * 0.8) * mass);
    }
    return ref;
}

/** Returns how much of twilight is left with the sun at the sine `y` above the horizon: 1 where it is up. */
export function twilight(y: number): number {
    const low = Math.min(y, 0);
    return Math.exp(-TWILIGHT * low * low);
}

/** Sets what follows from where sun and moon are. */
export function updateDaylight(daylight: Daylight): void {
    const { sun, moon, night } = daylight;
    daylight.many = (0.25 + 0.75 * smoothstep(-0.05, 0.4, sun.y)) * twilight(sun.y);
    const dark = 1 - smoothstep(-0.16, -0.02, sun.y);
    const moonlit = smoothstep(-0.05, 0.35, moon.y);
    for (let i = 0; i < 3; i++) {
        night[i] = dark * (AIRGLOW[i]! + 0.16 * MOON_LIGHT[i]! * moonlit);
    }
}

const through: Rgb = [0, 0, 0];

/**
 * Writes the light of the sky from the direction (x, y, z), clouds, stars, sun and moon left out. Below the horizon it is that of
 * the horizon.
 */
export function skyLightToRef({ sun, many, night }: Daylight, x: number, y: number, z: number, ref: Rgb): Rgb {
    const height = Math.max(y, 0);
    const length = Math.hypot(x, height, z);
    const up = height / length;
    const level = (x * sun.x + z * sun.z) / length;
    const mu = level + up * sun.y;
    const mass = 1 / (up + 0.055 + 0.09 * Math.exp(-9 * up));
    const elevation = sun.y + TOWARDS_SUN * level * Math.exp(-3 * up);
    const lit = twilight(elevation);
    throughAirToRef(elevation + 0.1 + 0.25 * up, through);
    const forward = 1 + MIE_FORWARD * MIE_FORWARD - 2 * MIE_FORWARD * mu;
    const mie = ((1 - MIE_FORWARD * MIE_FORWARD) / (forward * Math.sqrt(forward))) * 0.32 * MIE;
    const rayleigh = 0.75 * (1 + mu * mu);
    for (let i = 0; i < 3; i++) {
        const depth = RAYLEIGH[i]! + MIE;
        const seen = 1 - Math.exp(-depth * mass);
        const single = ((RAYLEIGH[i]! * rayleigh + mie) / depth) * through[i]! * lit;
        ref[i] = seen * (SUN_LIGHT * SCATTERED * (single + MANY[i]! * many) + night[i]!);
    }
    return ref;
}

/** Writes the light that comes straight from the sun to the ground. */
export function sunLightToRef({ y }: Vec3Like, ref: Rgb): Rgb {
    const seen = SUN_LIGHT * smoothstep(-0.02, 0.015, y);
    throughAirToRef(y, ref);
    ref[0] *= seen;
    ref[1] *= seen * 0.96;
    ref[2] *= seen * 0.92;
    return ref;
}

/** Writes the light that comes straight from the moon to the ground, which comes once the last of the day is gone. */
export function moonLightToRef({ sun, moon }: Daylight, ref: Rgb): Rgb {
    const seen = (1 - smoothstep(-0.16, -0.09, sun.y)) * smoothstep(-0.02, 0.15, moon.y);
    throughAirToRef(moon.y + 0.25, ref);
    for (let i = 0; i < 3; i++) {
        ref[i] = ref[i]! * MOON_LIGHT[i]! * seen;
    }
    return ref;
}

/** Sines of the sun's height, and the exposure that the eye has got used to there. */
const EXPOSURES = [
    [-0.2, 11],
    [-0.12, 7.6],
    [-0.06, 4.7],
    [0, 2.6],
    [0.14, 2.05],
    [0.45, 1.55],
] as const;

/** Returns by how much light is to be multiplied for the eye, with the sun at the sine `y` above the horizon. */
export function exposureAt(y: number): number {
    for (let i = 1; i < EXPOSURES.length; i++) {
        const [from, dark] = EXPOSURES[i - 1]!;
        const [to, bright] = EXPOSURES[i]!;
        if (y < to) {
            return dark * Math.pow(bright / dark, smoothstep(from, to, y));
        }
    }
    return EXPOSURES.at(-1)![1];
}

/** Writes what white light is multiplied by, so that paper looks white: cool light is made warmer by day, less so at dusk. */
export function whiteBalanceToRef(y: number, ref: Rgb): Rgb {
    const share = 0.33 + 0.67 * smoothstep(0.08, 0.4, y);
    ref[0] = 1 - 0.07 * share;
    ref[1] = 1;
    ref[2] = 1 + 0.13 * share;
    return ref;
}
