/**
 * Metres of error a metre of sample spacing: how far a level's surface lies from the finest one, at most places. Measured
 * on the `endless` preset: the 95th percentile of the distance between a level's triangles and level 0 is 0.2 to 0.35 of
 * the level's spacing.
 */
const ERROR_PER_SPACING = 0.3;

/** A node that is split merges only beyond this many times its split distance: no flicker at the edge. */
export const MERGE_FACTOR = 1.15;

/**
 * Returns the pixels that 1 m takes at a distance of 1 m.
 *
 * @param verticalFov radians
 * @param viewportHeight pixels
 */
export function pixelsPerMetre(verticalFov: number, viewportHeight: number): number {
    return viewportHeight / (2 * Math.tan(verticalFov / 2));
}

/**
 * Metres at which each level is as fine as the picture can show: a chunk of level n nearer than `ref[n]` is split. Level
 * 0 has 0.
 *
 * @param sides metres by level: see `Topology`
 * @param resolution cells along a chunk's side
 * @param verticalFov radians
 * @param viewportHeight pixels
 * @param screenSpaceError pixels
 */
export function fillSplitDistances(
    sides: Float64Array,
    resolution: number,
    verticalFov: number,
    viewportHeight: number,
    screenSpaceError: number,
    ref: Float64Array,
): void {
    const pixels = pixelsPerMetre(verticalFov, viewportHeight);
    ref[0] = 0;
    for (let level = 1; level < sides.length; level++) {
        ref[level] = (ERROR_PER_SPACING * (sides[level]! / resolution) * pixels) / screenSpaceError;
    }
}
