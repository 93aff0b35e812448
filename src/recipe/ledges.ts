import type { CaveRecipe } from "./recipe.js";

/** Metres by which the beds that stand out of cave walls rise for each metre along x and z. */
export const LEDGE_TILT_X = 0.11;
export const LEDGE_TILT_Z = 0.06;
/** Nodes of the cave lattice that a bed must have at least, to be on a level at all. */
const LEAST_NODES = 2.5;
/** How far a bed of full hardness moves walls at most, in thicknesses: see `bedStep` of the kernels. */
const MOST_MOVED = 0.24;
/** Most that a bed between two nodes is missed by, in nodes: slopes differ by up to 1 where beds meet, and turn within a bed. */
const KINK_ERROR = 0.25;
const CURVATURE_ERROR = 1.3;

/** Ledges of cave walls at one step of the lattice. */
export interface Ledges {
    /** Metres from one bed to the next. */
    readonly thickness: number;
    /** Metres by which walls follow the steps of the hardest bed, in thicknesses of one. 0 is none. */
    readonly depth: number;
}

/** Returns the ledges of cave walls where nodes of the lattice are `step` metres apart: none where a bed has too few. */
export function ledgesAt(step: number, { radius, ledges }: Pick<CaveRecipe, "radius" | "ledges">): Ledges {
    return { thickness: radius, depth: radius >= LEAST_NODES * step ? ledges * radius : 0 };
}

/** Returns the most metres by which ledges at a step of the lattice are off: those that it has, and those that it lacks. */
export function ledgeErrorAt(step: number, caves: Pick<CaveRecipe, "radius" | "ledges">): number {
    const { thickness, depth } = ledgesAt(step, caves);
    const most = MOST_MOVED * thickness * caves.ledges;
    return depth === 0
        ? most
        : Math.min(most, caves.ledges * step * (KINK_ERROR + (CURVATURE_ERROR * step) / thickness));
}
