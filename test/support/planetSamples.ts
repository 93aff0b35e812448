import { chartToRef, faceOf, placeToRef } from "../../src/space/cubeSphere.js";

/** The place of a sample, as `placeToRef` writes it. */
export function placeOf(face: number, i: number, k: number, count: number): number[] {
    const place = new Float64Array(3);
    placeToRef(face, i, k, count, place);
    return [...place];
}

/** The sample of a grid that a direction is nearest to, asked of the direction alone: face, i, k. */
export function sampleAt(direction: number[], count: number): [number, number, number] {
    const place = Float64Array.from(direction);
    const face = faceOf(place);
    const chart = new Float64Array(2);
    chartToRef(face, place, chart);
    const [i, k] = [...chart].map((s) => ((s + 1) / 2) * count) as [number, number];
    if (Math.abs(i - Math.round(i)) + Math.abs(k - Math.round(k)) > 1e-4) {
        throw new Error(`No sample of ${count} is at ${direction.join(" ")}.`);
    }
    return [face, Math.round(i), Math.round(k)];
}
