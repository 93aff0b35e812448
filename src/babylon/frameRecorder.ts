import type { Scene } from "@babylonjs/core/scene.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { ChunkMeshPool } from "./chunkMeshPool.js";
import type { DrawnCount } from "./chunkMeshStats.js";

/** Tells the profiler what each frame of a world took. Allocates nothing once it stands. */
export class FrameRecorder {
    /** Of the last frame, in the scene's main view. */
    public readonly drawn: DrawnCount = { drawCalls: 0, chunksInView: 0, triangles: 0 };

    private readonly _metrics = {
        frameTimeMs: 0,
        drawTimeMs: 0,
        updateTimeMs: 0,
        memoryBytes: 0,
        chunkCount: 0,
        triangleCount: 0,
        startMs: 0,
        drawCalls: 0,
        poolMisses: 0,
        gpuBuffersCreated: 0,
    };
    private _lastStartMs = Number.NaN;
    private _lastDrawMs = 0;
    private _lastUpdateMs = 0;
    private _startMs = 0;
    private _resumedMs = 0;
    private _updateMs = 0;
    private _updatedMs = 0;

    public constructor(
        private readonly _scene: Scene,
        private readonly _pool: ChunkMeshPool,
        private readonly _profiler: PerformanceProfiler,
    ) {}

    /** The world's share of the frame begins. */
    public begin(): void {
        this._startMs = this._profiler.now();
        this._resumedMs = this._startMs;
        this._updateMs = 0;
    }

    /** Another world has its turn. */
    public pause(): void {
        this._updateMs += this._profiler.now() - this._resumedMs;
    }

    public resume(): void {
        this._resumedMs = this._profiler.now();
    }

    /** The world has done its share; the scene goes on to draw. */
    public endUpdate(): void {
        this._updatedMs = this._profiler.now();
        this._updateMs += this._updatedMs - this._resumedMs;
        this._profiler.record("updateWorld", this._startMs, this._updateMs);
    }

    /**
     * The scene has drawn. `memoryBytes` is what the world holds beside the pool's GPU buffers; `poolMisses` counts the
     * buffers that it had to allocate.
     */
    public end(memoryBytes: number, poolMisses: number): void {
        this._pool.countDrawn(this._scene.getActiveMeshes(), this.drawn);
        const drawTimeMs = this._profiler.now() - this._updatedMs;
        this._profiler.record("drawFrame", this._updatedMs, drawTimeMs);
        const frameTimeMs = this._startMs - this._lastStartMs;
        this._metrics.startMs = this._lastStartMs;
        this._lastStartMs = this._startMs;
        const lastDrawMs = this._lastDrawMs;
        const lastUpdateMs = this._lastUpdateMs;
        this._lastDrawMs = drawTimeMs;
        this._lastUpdateMs = this._updateMs;
        // The first frame has no frame before it, and one of 0 ms was drawn twice for the same moment.
        if (!(frameTimeMs > 0)) {
            return;
        }
        const metrics = this._metrics;
        metrics.frameTimeMs = frameTimeMs;
        // Of the frame whose length is known now: the one before.
        metrics.drawTimeMs = lastDrawMs;
        metrics.updateTimeMs = lastUpdateMs;
        metrics.memoryBytes = memoryBytes + this._pool.stats.gpuBytes;
        metrics.chunkCount = this._pool.stats.meshesShown;
        metrics.triangleCount = this.drawn.triangles;
        metrics.drawCalls = this.drawn.drawCalls;
        metrics.poolMisses = poolMisses;
        metrics.gpuBuffersCreated = this._pool.stats.gpuBuffersCreated;
        this._profiler.recordFrameMetrics(metrics);
    }
}
