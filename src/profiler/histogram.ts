import type { Numbers } from "./timing.js";

/** Sub-buckets per power of two: a bucket is 3.1 percent wide, so a percentile is within 1.6 percent of the truth. */
const SUB_BITS = 5;
/** From 2^-10 ms (about a microsecond) to 2^20 ms (about 17 minutes); the ends catch what lies beyond. */
const FIRST_EXPONENT = -10;
const LAST_EXPONENT = 20;
const BUCKETS = (LAST_EXPONENT - FIRST_EXPONENT) << SUB_BITS;

/** A float32 keeps its exponent and the top of its mantissa side by side: shifted, they are a log-linear bucket number. */
const asFloat = new Float32Array(1);
const asBits = new Int32Array(asFloat.buffer);
const MANTISSA_SHIFT = 23 - SUB_BITS;
const FIRST_BITS = (FIRST_EXPONENT + 127) << SUB_BITS;

/** Counts milliseconds in buckets of equal ratio, in 3.8 KB whatever is added. */
export class Histogram {
    private readonly _counts = new Uint32Array(BUCKETS);
    private _total = 0;

    public get count(): number {
        return this._total;
    }

    /** Adds the sample at `at`. Allocates nothing. */
    public add(values: Numbers, at: number): void {
        asFloat[0] = values[at]!;
        const bucket = (asBits[0]! >> MANTISSA_SHIFT) - FIRST_BITS;
        this._counts[bucket < 0 ? 0 : bucket < BUCKETS ? bucket : BUCKETS - 1]!++;
        this._total++;
    }

    /**
     * Returns the milliseconds below which `fraction` (0 to 1) of all samples lie, by nearest rank; 0 if there are
     * none.
     */
    public percentile(fraction: number): number {
        if (this._total === 0) {
            return 0;
        }
        const rank = Math.max(1, Math.ceil(fraction * this._total));
        let seen = 0;
        let bucket = 0;
        while (bucket < BUCKETS - 1 && (seen += this._counts[bucket]!) < rank) {
            bucket++;
        }
        return bucketCentre(bucket);
    }

    public clear(): void {
        this._counts.fill(0);
        this._total = 0;
    }
}

function bucketCentre(bucket: number): number {
    asBits[0] = ((bucket + FIRST_BITS) << MANTISSA_SHIFT) + (1 << (MANTISSA_SHIFT - 1));
    return asFloat[0]!;
}
