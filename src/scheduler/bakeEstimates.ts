import { MAX_LEVEL } from "../space/chunkAddress.js";

/** Weight of the newest measurement in the moving average. */
const NEWEST = 0.2;
/** How much of what a level's largest chunk exceeds the present one is forgotten. */
const SHRINK = 0.1;

/** What a chunk will cost, by its level: fine levels have caves, coarse ones do not. */
export class BakeEstimates {
    /** NaN: not measured yet. */
    private readonly _ms = new Float64Array(MAX_LEVEL + 1).fill(NaN);
    private readonly _bytes = new Float64Array(MAX_LEVEL + 1);
    private _msOfAll = NaN;

    /** @param firstBytes the guess for a chunk of a level that was not baked yet */
    public constructor(firstBytes: number) {
        this._bytes.fill(firstBytes);
    }

    public add(level: number, ms: number, bytes: number): void {
        this._ms[level] = blend(this._ms[level]!, ms);
        this._msOfAll = blend(this._msOfAll, ms);
        // A buffer that is too small costs an allocation in the worker, one that is too large lies about in caches: follow
        // the larger chunks at once and come down slowly.
        const known = this._bytes[level]!;
        this._bytes[level] = bytes >= known ? bytes : known - (known - bytes) * SHRINK;
    }

    /** Milliseconds to bake a chunk; `fallback` until any is measured. */
    public msOf(level: number, fallback: number): number {
        const ms = this._ms[level]!;
        if (ms === ms) {
            return ms;
        }
        return this._msOfAll === this._msOfAll ? this._msOfAll : fallback;
    }

    /** Bytes that hold most chunks of the level. */
    public bytesOf(level: number): number {
        return Math.ceil(this._bytes[level]!);
    }
}

function blend(average: number, newest: number): number {
    return average === average ? average + (newest - average) * NEWEST : newest;
}
