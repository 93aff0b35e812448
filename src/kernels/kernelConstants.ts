// Made from assembly/ by `node scripts/kernelTypes.mjs`. Do not edit it.

/** Memory ran out, or 128 MB of it are used up. */
export const MEMORY_FULL = 1;

/** A chunk would have more vertices, or indices, than it may. */
export const TOO_MANY_VERTICES = 2;

/** The surface crosses more edges, or cells, than a list holds. */
export const TOO_MANY_CROSSINGS = 3;

/** Slices of cave distance that meshing keeps at once: a cell lies between two, and differences reach one further to both sides. */
export const SLICES_KEPT = 4;

/**
 * Rows above the highest ground around a column of which its vertices may ask: the whole row above the ground, and two more that
 * differences reach.
 */
export const ASKED_ABOVE_GROUND = 3;

/** Rows more of which vertices on coarse cells may ask, at least: edges and differences are twice as long there. */
export const LEAST_COARSE_REACH = 8;
