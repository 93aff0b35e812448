import type { Numbers } from "./timing.js";

/** Number of latest samples that a window keeps. */
export const WINDOW_SIZE = 256;

const scratch = new Float64Array(WINDOW_SIZE);

/** Keeps the latest `WINDOW_SIZE` numbers; new ones overwrite the oldest. */
export class SampleWindow {
    /** The numbers by their indices. */
    public readonly values: Numbers = new Float64Array(WINDOW_SIZE);
    private _written = 0;

    public get length(): number {
        return Math.min(this._written, WINDOW_SIZE);
    }

    /** Adds the sample at `at` and returns its index, 0 to `WINDOW_SIZE - 1`. Allocates nothing. */
    public add(values: Numbers, at: number): number {
        const place = this._written++ % WINDOW_SIZE;
        this.values[place] = values[at]!;
        return place;
    }

    /** Returns the sample `index` places after the oldest. */
    public at(index: number): number {
        return this.values[this.placeOf(index)]!;
    }

    /** Returns the index in `values` of the sample `index` places after the oldest. */
    public placeOf(index: number): number {
        const oldest = this._written > WINDOW_SIZE ? this._written % WINDOW_SIZE : 0;
        return (oldest + index) % WINDOW_SIZE;
    }

    /** Returns the newest sample; 0 if there is none. */
    public get last(): number {
        return this._written === 0 ? 0 : this.values[(this._written - 1) % WINDOW_SIZE]!;
    }

    public summarise(): WindowSummary {
        const count = this.length;
        if (count === 0) {
            return { count, mean: 0, variance: 0, p50: 0, p95: 0, p99: 0, max: 0 };
        }
        const sorted = scratch.subarray(0, count);
        sorted.set(this.values.subarray(0, count));
        sorted.sort();
        let sum = 0;
        for (let i = 0; i < count; i++) {
            sum += sorted[i]!;
        }
        const mean = sum / count;
        let squares = 0;
        for (let i = 0; i < count; i++) {
            squares += (sorted[i]! - mean) ** 2;
        }
        return {
            count,
            mean,
            variance: squares / count,
            p50: nearestRank(sorted, 0.5),
            p95: nearestRank(sorted, 0.95),
            p99: nearestRank(sorted, 0.99),
            max: sorted[count - 1]!,
        };
    }

    public clear(): void {
        this._written = 0;
    }
}

/**
 * Summary of a window, with percentiles by nearest rank: each is a sample that occurred. All 0 if the window is empty.
 */
export interface WindowSummary {
    readonly count: number;
    readonly mean: number;
    /** Variance of the whole window, as a population. */
    readonly variance: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
}

function nearestRank(sorted: Float64Array, fraction: number): number {
    return sorted[Math.max(1, Math.ceil(fraction * sorted.length)) - 1]!;
}
