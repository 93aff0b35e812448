import { FrameNumbers } from "./frameNumbers.js";
import { SampleWindow } from "./samples.js";
import type { Numbers } from "./timing.js";

/** What frames allocated, over the latest 256 that told it. All 0 where the host tells nothing of it. */
export interface AllocationStats {
    /** Number of buffers that pools had to allocate. */
    readonly poolMisses: number;
    /** Number of buffers created on the GPU. */
    readonly gpuBuffersCreated: number;
    /** Bytes of JavaScript's heap at the last frame. */
    readonly heapBytes: number;
    /**
     * Mean bytes by which the heap grew from frame to frame, leaving out frames in which it shrank: garbage and what
     * stays.
     */
    readonly heapGrowthBytesPerFrame: number;
    /** Number of frames in which the heap shrank: the collector ran. */
    readonly heapCollections: number;
}

/** Turns a host's running totals into what each frame added. */
export class AllocationTrack {
    private readonly _poolMisses = new TotalTrack();
    private readonly _gpuBuffers = new TotalTrack();
    private readonly _heap = new TotalTrack();

    /** Adds the frame whose numbers begin at `at`. Allocates nothing. */
    public add(numbers: Numbers, at: number): void {
        this._poolMisses.add(numbers, at + FrameNumbers.poolMisses);
        this._gpuBuffers.add(numbers, at + FrameNumbers.gpuBuffersCreated);
        this._heap.add(numbers, at + FrameNumbers.heapBytes);
    }

    public getStats(): AllocationStats {
        const { steps } = this._heap;
        let falls = 0;
        for (let i = 0; i < steps.length; i++) {
            falls += steps.at(i) < 0 ? 1 : 0;
        }
        const rises = steps.length - falls;
        return {
            poolMisses: this._poolMisses.risen,
            gpuBuffersCreated: this._gpuBuffers.risen,
            heapBytes: this._heap.last,
            heapGrowthBytesPerFrame: rises > 0 ? this._heap.risen / rises : 0,
            heapCollections: falls,
        };
    }
}

/** A running total that a host reports now and then, with the steps between its reports. */
class TotalTrack {
    public readonly steps = new SampleWindow();
    /** The number before the last one, the last one, and the step between them. */
    private readonly _numbers = new Float64Array([Number.NaN, Number.NaN, 0]);

    public get last(): number {
        return Number.isNaN(this._numbers[1]!) ? 0 : this._numbers[1]!;
    }

    public add(values: Numbers, at: number): void {
        const numbers = this._numbers;
        if (!Number.isFinite(values[at]!)) {
            return;
        }
        numbers[0] = numbers[1]!;
        numbers[1] = values[at]!;
        numbers[2] = numbers[1] - numbers[0];
        if (!Number.isNaN(numbers[2])) {
            this.steps.add(numbers, 2);
        }
    }

    /** Returns the sum of the upward steps. */
    public get risen(): number {
        let sum = 0;
        for (let i = 0; i < this.steps.length; i++) {
            sum += Math.max(0, this.steps.at(i));
        }
        return sum;
    }
}
