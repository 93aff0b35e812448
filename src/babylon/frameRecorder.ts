import { heapBytes } from "../base/heap.js";
import { FrameNumbers } from "../profiler/frameNumbers.js";
import { FrameStep, placeOfStep, type FrameRecord } from "../profiler/frameRecord.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { ChunkMeshPool } from "./chunkMeshPool.js";
import type { DrawnCount } from "./chunkMeshContext.js";

/** Places of a moment or a duration that one call leaves for another, in milliseconds. */
const Kept = {
    resumedAt: 0,
    updatedAt: 1,
    /** Of the frame before. */
    lastStart: 2,
    lastDraw: 3,
    lastUpdate: 4,
} as const;

const UPDATE = placeOfStep(0, FrameStep.updateWorld);
const DRAW = placeOfStep(0, FrameStep.drawFrame);

/** Tells the profiler what each frame of a world took. Allocates nothing once it stands. */
export class FrameRecorder {
    /** Of the last frame, in all main views. */
    public readonly drawn: DrawnCount = { drawCalls: 0, chunksInView: 0, triangles: 0 };

    /** In one array, as the frame's numbers: a class's fields of this kind lie each in a place of its own. */
    private readonly _kept = new Float64Array(5).fill(Number.NaN);

    public constructor(
        private readonly _pool: ChunkMeshPool,
        private readonly _profiler: PerformanceProfiler,
        private readonly _frame: FrameRecord,
    ) {}

    /** The world's share of the frame begins. */
    public begin(): void {
        this._frame.clearSteps();
        this.resume();
    }

    public resume(): void {
        this._kept[Kept.resumedAt] = this._profiler.now();
    }

    /** Another world has its turn. */
    public pause(): void {
        const nowMs = this._profiler.now();
        this._frame.addToStep(FrameStep.updateWorld, this._kept[Kept.resumedAt]!, nowMs);
        this._kept[Kept.updatedAt] = nowMs;
    }

    /**
     * The scene has drawn. `memoryBytes` is what the world holds beside the pool's GPU buffers; `poolMisses` counts the
     * buffers that it had to allocate.
     */
    public end(memoryBytes: number, poolMisses: number): void {
        const { _kept: kept, drawn } = this;
        const { numbers } = this._frame;
        const { gpuBytes, chunksShown, gpuBuffersCreated } = this._pool;
        this._pool.takeDrawn(drawn);
        this._frame.setStep(FrameStep.drawFrame, kept[Kept.updatedAt]!, this._profiler.now());
        // A frame's length is known when the next one has begun. The first has none before it, and one of 0 ms was drawn twice
        // for the same moment: neither is counted.
        const frameTimeMs = numbers[UPDATE]! - kept[Kept.lastStart]!;
        numbers[FrameNumbers.frameTimeMs] = frameTimeMs > 0 ? frameTimeMs : Number.NaN;
        numbers[FrameNumbers.startMs] = kept[Kept.lastStart]!;
        numbers[FrameNumbers.drawTimeMs] = kept[Kept.lastDraw]!;
        numbers[FrameNumbers.updateTimeMs] = kept[Kept.lastUpdate]!;
        numbers[FrameNumbers.memoryBytes] = memoryBytes + gpuBytes;
        numbers[FrameNumbers.chunkCount] = chunksShown;
        numbers[FrameNumbers.triangleCount] = drawn.triangles;
        numbers[FrameNumbers.drawCalls] = drawn.drawCalls;
        numbers[FrameNumbers.heapBytes] = this._profiler.tracksHeap ? heapBytes() : Number.NaN;
        numbers[FrameNumbers.poolMisses] = poolMisses;
        numbers[FrameNumbers.gpuBuffersCreated] = gpuBuffersCreated;
        this._profiler.recordFrame(this._frame);
        kept[Kept.lastStart] = numbers[UPDATE]!;
        kept[Kept.lastUpdate] = numbers[UPDATE + 1]!;
        kept[Kept.lastDraw] = numbers[DRAW + 1]!;
    }
}
