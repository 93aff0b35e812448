import type { Steps } from "./canvas.js";

/** Values read between two steps. */
const VALUES_A_STEP = 200_000;

/** For each line of one side, the lines of the other that it takes part in. */
interface Shares {
    /** Where each line's shares begin; one more at the end. */
    readonly starts: Int32Array;
    readonly lines: Int32Array;
    readonly weights: Float32Array;
}

/**
 * Returns a square picture of another size, as means where it is smaller and straight between texels where it is larger. It
 * repeats at its borders. Its rows go from the bottom up.
 *
 * @param width texels of the source, as `height` are
 * @param read returns the value of a texel of the source, whose rows go from the top down. Called once for each
 */
export function* resample(
    width: number,
    height: number,
    size: number,
    read: (at: number) => number,
): Steps<Float32Array> {
    const columns = sharesOf(width, size, false);
    const rows = sharesOf(height, size, true);
    const result = new Float32Array(size * size);
    const line = new Float32Array(size);
    for (let y = 0, at = 0, budget = VALUES_A_STEP; y < height; y++) {
        if ((budget -= width) < 0) {
            budget = VALUES_A_STEP;
            yield;
        }
        line.fill(0);
        for (let x = 0; x < width; x++, at++) {
            const value = read(at);
            for (let i = columns.starts[x]!; i < columns.starts[x + 1]!; i++) {
                line[columns.lines[i]!]! += value * columns.weights[i]!;
            }
        }
        for (let i = rows.starts[y]!; i < rows.starts[y + 1]!; i++) {
            const weight = rows.weights[i]!;
            const to = rows.lines[i]! * size;
            for (let x = 0; x < size; x++) {
                result[to + x]! += line[x]! * weight;
            }
        }
    }
    return result;
}

/** Returns what each line of `from` gives to lines of `to`. What comes together in one of these weighs 1. */
function sharesOf(from: number, to: number, isFlipped: boolean): Shares {
    const ratio = from / to;
    const reach = Math.max(1, ratio);
    const given: [line: number, weight: number][][] = Array.from({ length: from }, () => []);
    for (let line = 0; line < to; line++) {
        const middle = (line + 0.5) * ratio - 0.5;
        const taken: [at: number, weight: number][] = [];
        let sum = 0;
        for (let at = Math.ceil(middle - reach); at <= middle + reach; at++) {
            const weight = 1 - Math.abs(at - middle) / reach;
            taken.push([((at % from) + from) % from, weight]);
            sum += weight;
        }
        for (const [at, weight] of taken) {
            given[isFlipped ? from - 1 - at : at]!.push([line, weight / sum]);
        }
    }
    const starts = new Int32Array(from + 1);
    given.forEach((shares, at) => (starts[at + 1] = starts[at]! + shares.length));
    const flat = given.flat();
    return {
        starts,
        lines: Int32Array.from(flat, ([line]) => line),
        weights: Float32Array.from(flat, ([, weight]) => weight),
    };
}
