/** How many of the latest samples a window keeps. */
export const WINDOW_SIZE = 256;

const scratch = new Float64Array(WINDOW_SIZE);

/** The latest `WINDOW_SIZE` numbers, older ones overwritten. */
export class SampleWindow {
    private readonly _values = new Float64Array(WINDOW_SIZE);
    private _written = 0;

    public get length(): number {
        return Math.min(this._written, WINDOW_SIZE);
    }

    /** Adds one sample. Allocates nothing. */
    public add(value: number): void {
        this._values[this._written++ % WINDOW_SIZE] = value;
    }

    /** The sample `index` places from the oldest kept. */
    public at(index: number): number {
        const oldest = this._written > WINDOW_SIZE ? this._written % WINDOW_SIZE : 0;
        return this._values[(oldest + index) % WINDOW_SIZE]!;
    }

    /** The newest sample, 0 where there is none. */
    public get last(): number {
        return this._written === 0 ? 0 : this._values[(this._written - 1) % WINDOW_SIZE]!;
    }

    public summarise(): WindowSummary {
        const count = this.length;
        if (count === 0) {
            return { count, mean: 0, variance: 0, p50: 0, p95: 0, p99: 0, max: 0 };
        }
        const sorted = scratch.subarray(0, count);
        sorted.set(this._values.subarray(0, count));
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

/** Percentiles by nearest rank: each is a sample that occurred. All 0 where the window is empty. */
export interface WindowSummary {
    readonly count: number;
    readonly mean: number;
    /** Of the whole window, not of a sample drawn from it. */
    readonly variance: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly max: number;
}

function nearestRank(sorted: Float64Array, fraction: number): number {
    return sorted[Math.max(1, Math.ceil(fraction * sorted.length)) - 1]!;
}
