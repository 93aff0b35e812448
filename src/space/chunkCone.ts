import { gridLine } from "./cubeSphere.js";

// A planet's chunk is part of a cone from the planet's middle whose four sides are planes, since a line of a face's grid is
// straight on the cube, and a great circle on the sphere. All here lies along a face's axes: right, forward, up.

/** Sine of half an angle above which `arcOfChord` halves it twice. */
const LONG = 0.38;

/** The numbers of a cone, as `coneToRef` writes them. */
export const CONE_LENGTH = 6;

/** Scratch: the square of the shortest chord so far, and where along a side a place lies. */
const nearest = new Float64Array(1);
const end = new Float64Array(1);

/**
 * Writes the cone of a cell into `ref`: right / up of its sides, forward / up of its sides, and both of its middle.
 *
 * @param count cells along the face's edge
 */
export function coneToRef(x: number, z: number, count: number, ref: Float64Array): void {
    ref[0] = gridLine(x, count);
    ref[1] = gridLine(x + 1, count);
    ref[2] = gridLine(z, count);
    ref[3] = gridLine(z + 1, count);
    ref[4] = gridLine(2 * x + 1, 2 * count);
    ref[5] = gridLine(2 * z + 1, 2 * count);
}

/**
 * Writes the angle between a direction and the nearest one in a cone into `ref[at]`, radians: 0 in the cone, else too small
 * by at most a part in 5,000.
 *
 * @param direction a unit vector
 */
export function coneAngleToRef(cone: Float64Array, direction: Float64Array, ref: Float64Array, at: number): void {
    const right = direction[0]!;
    const forward = direction[1]!;
    const up = direction[2]!;
    nearest[0] = Infinity;
    // The nearest place is on a side that the direction lies beyond.
    if (right < cone[0]! * up) {
        approachSide(cone, 0, direction);
    }
    if (right > cone[1]! * up) {
        approachSide(cone, 1, direction);
    }
    if (forward < cone[2]! * up) {
        approachSide(cone, 2, direction);
    }
    if (forward > cone[3]! * up) {
        approachSide(cone, 3, direction);
    }
    ref[at] = nearest[0] === Infinity ? 0 : arcOfChord(Math.sqrt(nearest[0]!));
}

/**
 * Writes a sphere that holds all of a cone between two radii into `ref`: its centre and its radius.
 *
 * @param radii metres from the planet's middle, the least first; none negative
 */
export function coneSphereToRef(cone: Float64Array, radii: Float64Array, ref: Float64Array): void {
    const u = cone[4]!;
    const v = cone[5]!;
    const shrink = 1 / Math.sqrt(u * u + v * v + 1);
    ref[0] = u * shrink;
    ref[1] = v * shrink;
    ref[2] = shrink;
    let chord = 0;
    for (let corner = 0; corner < 4; corner++) {
        const cornerU = cone[corner & 1]!;
        const cornerV = cone[2 + (corner >> 1)]!;
        const cornerShrink = 1 / Math.sqrt(cornerU * cornerU + cornerV * cornerV + 1);
        const right = cornerU * cornerShrink - ref[0]!;
        const forward = cornerV * cornerShrink - ref[1]!;
        const up = cornerShrink - ref[2]!;
        chord = Math.max(chord, right * right + forward * forward + up * up);
    }
    // The round cone through the farthest corner holds the chunk. Of the spheres about its axis that pass through its outer
    // rim, this is the smallest that holds the inner rim, too.
    const cosine = 1 - chord / 2;
    const least = radii[0]!;
    const greatest = radii[1]!;
    const rim = greatest * cosine;
    const height = Math.min(rim, (least + greatest) / (2 * cosine));
    const aside = greatest * greatest * chord * (1 - chord / 4);
    ref[0]! *= height;
    ref[1]! *= height;
    ref[2]! *= height;
    ref[3] = Math.sqrt((height - rim) * (height - rim) + aside);
}

/** Writes the box that holds all of a cone between two radii into `ref`: least and greatest right, forward and up. */
export function coneBoxToRef(cone: Float64Array, radii: Float64Array, ref: Float64Array): void {
    const nearU = nearZero(cone[0]!, cone[1]!);
    const nearV = nearZero(cone[2]!, cone[3]!);
    const farU = Math.max(-cone[0]!, cone[1]!);
    const farV = Math.max(-cone[2]!, cone[3]!);
    for (let axis = 0; axis < 2; axis++) {
        const low = cone[2 * axis]!;
        const high = cone[2 * axis + 1]!;
        const near = axis === 0 ? nearV : nearU;
        const far = axis === 0 ? farV : farU;
        // The farther aside, the nearer to 0.
        ref[axis] = extreme(low, low < 0 ? near : far, radii, low < 0);
        ref[axis + 3] = extreme(high, high > 0 ? near : far, radii, high > 0);
    }
    ref[2] = radii[0]! / Math.sqrt(1 + farU * farU + farV * farV);
    ref[5] = radii[1]! / Math.sqrt(1 + nearU * nearU + nearV * nearV);
}

/** Tells whether any of a cone, from the planet's middle on, is in a box or at its border. */
export function isConeInBox(cone: Float64Array, box: Float64Array): boolean {
    let low = Math.max(0, box[2]!);
    let high = box[5]!;
    for (let axis = 0; axis < 2; axis++) {
        // At a height the cone reaches from `from` * height to `to` * height: heights where that meets the box.
        const from = cone[2 * axis]!;
        const to = cone[2 * axis + 1]!;
        const least = box[axis]!;
        const greatest = box[axis + 3]!;
        if ((from === 0 && greatest < 0) || (to === 0 && least > 0)) {
            return false;
        }
        high = from > 0 ? Math.min(high, greatest / from) : high;
        low = from < 0 ? Math.max(low, greatest / from) : low;
        low = to > 0 ? Math.max(low, least / to) : low;
        high = to < 0 ? Math.min(high, least / to) : high;
    }
    return low <= high;
}

/** Lowers `nearest` to the chord from a direction to the nearest place on a side of a cone: left, right, back, front. */
function approachSide(cone: Float64Array, side: number, direction: Float64Array): void {
    const tangent = cone[side]!;
    const across = direction[side >> 1]!;
    const along = direction[1 - (side >> 1)]!;
    const ends = side < 2 ? 2 : 0;
    const low = cone[ends]!;
    const high = cone[ends + 1]!;
    const above = across * tangent + direction[2]!;
    if (above > 0) {
        end[0] = Math.max(low, Math.min(high, (along * (1 + tangent * tangent)) / above));
        approachEnd(cone, side, direction);
    } else {
        // The side's great circle comes nearest on the planet's far half: of the side itself an end does.
        end[0] = low;
        approachEnd(cone, side, direction);
        end[0] = high;
        approachEnd(cone, side, direction);
    }
}

/** Lowers `nearest` to the chord from a direction to the place on a side that `end` tells. */
function approachEnd(cone: Float64Array, side: number, direction: Float64Array): void {
    const tangent = cone[side]!;
    const shrink = 1 / Math.sqrt(tangent * tangent + end[0]! * end[0]! + 1);
    const across = tangent * shrink - direction[side >> 1]!;
    const along = end[0]! * shrink - direction[1 - (side >> 1)]!;
    const up = shrink - direction[2]!;
    nearest[0] = Math.min(nearest[0]!, across * across + along * along + up * up);
}

/** Returns the arc over a chord, both in radii: the first terms of twice the arc sine of half the chord. */
function arcOfChord(chord: number): number {
    const sine = Math.min(1, chord / 2);
    return sine > LONG ? 8 * arcSine(halfSine(halfSine(sine))) : 2 * arcSine(sine);
}

/** Returns the sine of half the angle, at most a quarter turn, that has a sine. */
function halfSine(sine: number): number {
    return sine / Math.sqrt(2 * (1 + Math.sqrt(1 - sine * sine)));
}

/** Returns the arc sine, for sines up to 0.39 too small by at most a part in 7,000. */
function arcSine(sine: number): number {
    const square = sine * sine;
    return sine * (1 + square * (1 / 6 + square * 0.075));
}

function nearZero(low: number, high: number): number {
    return Math.max(low, Math.min(high, 0));
}

/** Returns how far out a cone comes along an axis: `tangent` of the axis' angle, `aside` of the other's. */
function extreme(tangent: number, aside: number, radii: Float64Array, isOutward: boolean): number {
    return ((isOutward ? radii[1]! : radii[0]!) * tangent) / Math.sqrt(1 + tangent * tangent + aside * aside);
}
