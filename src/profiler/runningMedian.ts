import { SampleWindow, WINDOW_SIZE } from "./samples.js";
import type { Numbers } from "./timing.js";

/** Keeps the median of the latest `WINDOW_SIZE` numbers, exact after each of them: they are kept sorted. */
export class RunningMedian {
    /** The median; 0 if there are no numbers; of an even count, the mean of the two in the middle. */
    public median = 0;

    private readonly _latest = new SampleWindow();
    private readonly _sorted = new Float64Array(WINDOW_SIZE);

    public get count(): number {
        return this._latest.length;
    }

    /** Adds the finite number at `at`. Allocates nothing. */
    public add(values: Numbers, at: number): void {
        const sorted = this._sorted;
        let { count } = this;
        if (count === WINDOW_SIZE) {
            const gone = this._rankOf(this._latest.values, this._latest.placeOf(0), count);
            sorted.copyWithin(gone, gone + 1, count);
            count--;
        }
        const rank = this._rankOf(values, at, count);
        sorted.copyWithin(rank + 1, rank, count);
        sorted[rank] = values[at]!;
        this._latest.add(values, at);
        this.median = (sorted[count >> 1]! + sorted[(count + 1) >> 1]!) / 2;
    }

    /** Returns how many of the first `count` sorted numbers are below the one at `at`. */
    private _rankOf(values: Numbers, at: number, count: number): number {
        let low = 0;
        let high = count;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this._sorted[middle]! < values[at]!) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
