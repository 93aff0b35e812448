import type { Vec3Like } from "../base/vec3Like.js";

const RADIANS = Math.PI / 180;
const TURN_A_HOUR = Math.PI / 12;
/** Radians: how far the Earth's axis leans. */
const TILT = 23.44 * RADIANS;
/** The day of the year on which day and night are equally long, in March. */
const EQUINOX = 80;
const DAYS = 365.25;
/** Hours: how far the moon, almost full, is past the place opposite to the sun. It rises while it is still dusk. */
const MOON_LEAD = 1.6;
/** Radians: how far the moon's path leans towards the sun's. */
const MOON_TILT = 5 * RADIANS;

/** When and where on Earth the sky is seen. */
export interface SkyTime {
    /** Hours of solar time, 0 to 24: the sun stands highest at 12. */
    readonly timeOfDay: number;
    /** Degrees, positive in the north. */
    readonly latitude: number;
    /** 1 to 365. */
    readonly dayOfYear: number;
}

/** Writes the unit vector to the sun into `ref`: +x is east, +y up, +z north. */
export function sunDirectionToRef<T extends Vec3Like>({ timeOfDay, latitude, dayOfYear }: SkyTime, ref: T): T {
    return directionToRef((timeOfDay - 12) * TURN_A_HOUR, declinationOf(dayOfYear), latitude * RADIANS, ref);
}

/** Writes the unit vector to the moon into `ref`. It stands nearly opposite to the sun, high in winter. */
export function moonDirectionToRef<T extends Vec3Like>({ timeOfDay, latitude, dayOfYear }: SkyTime, ref: T): T {
    const hourAngle = (timeOfDay + MOON_LEAD) * TURN_A_HOUR;
    return directionToRef(hourAngle, MOON_TILT - declinationOf(dayOfYear), latitude * RADIANS, ref);
}

/** Returns the angle by which the stars have turned about the pole, in radians. */
export function starAngle({ timeOfDay, dayOfYear }: SkyTime): number {
    return timeOfDay * TURN_A_HOUR + ((dayOfYear - EQUINOX) / DAYS) * 2 * Math.PI;
}

/** Returns the angle between the sun and the plane of the equator, in radians. */
function declinationOf(dayOfYear: number): number {
    return Math.asin(Math.sin(TILT) * Math.sin(((dayOfYear - EQUINOX) / DAYS) * 2 * Math.PI));
}

function directionToRef<T extends Vec3Like>(hourAngle: number, declination: number, latitude: number, ref: T): T {
    const across = Math.cos(declination) * Math.cos(hourAngle);
    const along = Math.sin(declination);
    ref.x = -Math.cos(declination) * Math.sin(hourAngle);
    ref.y = Math.sin(latitude) * along + Math.cos(latitude) * across;
    ref.z = Math.cos(latitude) * along - Math.sin(latitude) * across;
    return ref;
}
