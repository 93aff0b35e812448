import { TerraneError } from "./errors.js";
import type { Vec3Like } from "./vec3Like.js";

/** Tells whether `value` is an object with three finite numbers x, y and z. */
export function isVector(value: unknown): boolean {
    const { x, y, z } = (value ?? {}) as Record<string, unknown>;
    return Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(z);
}

/** Throws a `TerraneError` where `value` is no number from `least` to `greatest`. */
export function assertNumber(field: string, value: unknown, least: number, greatest: number): asserts value is number {
    if (typeof value !== "number" || !(value >= least && value <= greatest)) {
        const isAnyFinite = greatest === Number.MAX_VALUE;
        const allowed = isAnyFinite ? "a finite number" : `a number from ${least} to ${greatest}`;
        throw new TerraneError(field, value, allowed, "Check where it comes from.");
    }
}

/** Throws a `TerraneError` where `position` is not three finite numbers. */
export function assertPosition(field: string, position: Vec3Like): void {
    if (!isVector(position)) {
        throw new TerraneError(field, position, "an object with finite numbers x, y and z", "A Vector3 will do.");
    }
}

/** Throws a `TerraneError` where `bounds` are not two corners, the lesser of each coordinate first. */
export function assertBounds(field: string, bounds: { minimum: Vec3Like; maximum: Vec3Like }): void {
    const { minimum, maximum } = bounds ?? {};
    assertPosition(`${field}.minimum`, minimum);
    assertPosition(`${field}.maximum`, maximum);
    if (!(minimum.x <= maximum.x && minimum.y <= maximum.y && minimum.z <= maximum.z)) {
        const allowed = "a corner that is nowhere beyond the other";
        throw new TerraneError(`${field}.minimum`, minimum, allowed, "Exchange what is the wrong way round.");
    }
}
