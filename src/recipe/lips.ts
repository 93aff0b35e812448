/** Samples of the finest level over which a cave's wall and the ground round the edge where they meet. */
const FINEST_WIDTH = 1.5;
/** Samples of the level above it: fewer by about the square root of two, and exact in binary. */
const NEXT_WIDTH = 1.0625;

/**
 * Returns over how many samples of a level a cave's wall and the ground round the edge where they meet. In metres lips grow half as fast
 * as samples do: rounding opens mouths, so that those of coarse levels were much too wide, and narrower lips show the cells' saw teeth.
 */
export function lipWidthAt(level: number): number {
    return (level % 2 === 0 ? FINEST_WIDTH : NEXT_WIDTH) / 2 ** Math.floor(level / 2);
}

/** Returns the most metres by which the rounding opens a cave, where samples of a level are `spacing` metres apart. */
export function lipOpeningAt(level: number, spacing: number): number {
    return (lipWidthAt(level) / 4) * spacing;
}
