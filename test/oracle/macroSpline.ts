/** The splines of assembly/heightfield/macroFields.ts between nodes, plainly and in f64. */

/** Weights of the node before a place, of the one at or before it, and of the next two, and their derivatives. */
export interface SplineWeights {
    readonly values: readonly number[];
    readonly slopes: readonly number[];
}

/** The weights at t in [0, 1) from a node to the next. */
export type MacroSpline = (t: number) => SplineWeights;

/** The uniform cubic B-spline. */
export const bSpline: MacroSpline = (t) => {
    const s = 1 - t;
    return {
        values: [
            (s * s * s) / 6,
            (4 - 6 * t * t + 3 * t * t * t) / 6,
            (4 - 6 * s * s + 3 * s * s * s) / 6,
            (t * t * t) / 6,
        ],
        slopes: [-(s * s) / 2, t * (1.5 * t - 2), s * (2 - 1.5 * s), (t * t) / 2],
    };
};

/** The Catmull-Rom spline: a cubic from node to node whose slope at each is that of the line between those beside it. */
export const catmullRom: MacroSpline = (t) => {
    const [t2, t3] = [t * t, t * t * t];
    return {
        values: [(-t3 + 2 * t2 - t) / 2, (3 * t3 - 5 * t2 + 2) / 2, (-3 * t3 + 4 * t2 + t) / 2, (t3 - t2) / 2],
        slopes: [(-3 * t2 + 4 * t - 1) / 2, (9 * t2 - 10 * t) / 2, (-9 * t2 + 8 * t + 1) / 2, (3 * t2 - 2 * t) / 2],
    };
};
