import type { SplinePoints } from "./recipe.js";

/** A monotone cubic through points, with flat ends; it is constant beyond them. */
export interface Spline {
    readonly inputs: Float64Array;
    readonly outputs: Float64Array;
    readonly slopes: Float64Array;
}

/**
 * Creates a spline. Source: Fritsch and Carlson, Monotone piecewise cubic interpolation, 1980; tangents by Steffen's
 * harmonic rule.
 */
export function createSpline(points: SplinePoints): Spline {
    const count = points.length;
    const inputs = Float64Array.from(points, (point) => point[0]);
    const outputs = Float64Array.from(points, (point) => point[1]);
    const slopes = new Float64Array(count);
    for (let i = 1; i < count - 1; i++) {
        const before = (outputs[i]! - outputs[i - 1]!) / (inputs[i]! - inputs[i - 1]!);
        const after = (outputs[i + 1]! - outputs[i]!) / (inputs[i + 1]! - inputs[i]!);
        slopes[i] = before * after > 0 ? (2 * before * after) / (before + after) : 0;
    }
    return { inputs, outputs, slopes };
}

export function evaluateSpline(spline: Spline, input: number): number {
    const { inputs, outputs, slopes } = spline;
    const last = inputs.length - 1;
    if (input <= inputs[0]!) {
        return outputs[0]!;
    }
    if (input >= inputs[last]!) {
        return outputs[last]!;
    }
    let i = 0;
    while (input > inputs[i + 1]!) {
        i++;
    }
    const width = inputs[i + 1]! - inputs[i]!;
    const t = (input - inputs[i]!) / width;
    const s = 1 - t;
    return (
        s * s * ((1 + 2 * t) * outputs[i]! + t * width * slopes[i]!) +
        t * t * ((1 + 2 * s) * outputs[i + 1]! - s * width * slopes[i + 1]!)
    );
}

/** Returns 0 below `from`, 1 above `to`, and a smooth cubic between. */
export function smoothstep(from: number, to: number, input: number): number {
    const t = Math.min(1, Math.max(0, (input - from) / (to - from)));
    return t * t * (3 - 2 * t);
}

export function mix(a: number, b: number, t: number): number {
    return a + (b - a) * t;
}
