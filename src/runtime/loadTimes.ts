import { movingMean } from "../base/movingMean.js";
import { isFusedChunk } from "../format/chunkData.js";
import { SampleWindow } from "../profiler/samples.js";

/** Milliseconds: nothing is late before. */
const LEAST_LATE_MS = 30;
/** Loads between two looks at the tail. */
const LOADS_A_LOOK = 16;

/** Milliseconds that chunks of the two kinds take, recent means; NaN before the first. */
class KindTimes {
    public grid = Number.NaN;
    public fused = Number.NaN;

    public of(isFused: boolean): number {
        return isFused ? this.fused : this.grid;
    }

    public add(isFused: boolean, ms: number): void {
        const last = this.of(isFused);
        const mean = last === last ? movingMean(last, ms) : ms;
        if (isFused) {
            this.fused = mean;
        } else {
            this.grid = mean;
        }
    }
}

/** How long chunks take to load and to bake on this device: what is late, and what is not worth storing. */
export class LoadTimes {
    /** Milliseconds after which a load is late: 30, or the time within which 19 of 20 come. */
    public lateMs = LEAST_LATE_MS;
    private readonly _loads = new KindTimes();
    private readonly _bakes = new KindTimes();
    private readonly _latencies = new SampleWindow();
    private _count = 0;

    /** Counts a chunk that was loaded. `loadMs` is the loading itself, without what it waited before. */
    public addLoad(requestedMs: number, nowMs: number, loadMs: number, chunk: ArrayBuffer): void {
        this._loads.add(isFusedChunk(chunk), loadMs);
        scratch[0] = nowMs - requestedMs;
        this._latencies.add(scratch, 0);
        if (this._count++ % LOADS_A_LOOK === 0) {
            this.lateMs = Math.max(LEAST_LATE_MS, this._latencies.summarise().p95);
        }
    }

    /** Counts a chunk that was baked. */
    public addBake(bakeMs: number, chunk: ArrayBuffer): void {
        this._bakes.add(isFusedChunk(chunk), bakeMs);
    }

    /** Tells whether chunks of a kind load sooner than they bake, as far as that was measured. */
    public isWorthStoring(chunk: ArrayBuffer): boolean {
        const isFused = isFusedChunk(chunk);
        return !(this._bakes.of(isFused) < this._loads.of(isFused));
    }
}

const scratch = new Float64Array(1);
