import type { Numbers } from "./timing.js";

/** One frame, as the host measured it. The object may be reused: the profiler copies what it needs. */
export interface FrameMetrics {
    /** Milliseconds from this frame's start to the next one's. */
    readonly frameTimeMs: number;
    /** Milliseconds spent on draw calls. */
    readonly drawTimeMs: number;
    /** Milliseconds that Terrane took on the main thread. */
    readonly updateTimeMs: number;
    /** Bytes that the host counts as used. */
    readonly memoryBytes: number;
    /** Chunks shown. */
    readonly chunkCount: number;
    /** Triangles drawn. */
    readonly triangleCount: number;
    /** When this frame began, on the profiler's clock. Default: `frameTimeMs` before it is recorded. */
    readonly startMs?: number;
    /** Draw calls, where they are counted. */
    readonly drawCalls?: number;
    /** Bytes of JavaScript's heap in use. */
    readonly heapBytes?: number;
    /** Buffers that pools had to allocate since the host started. */
    readonly poolMisses?: number;
    /** Buffers created on the GPU since the host started. */
    readonly gpuBuffersCreated?: number;
}

/** Indices of a frame's numbers, which lie side by side. What a host does not tell is NaN. */
export const FrameNumbers = {
    frameTimeMs: 0,
    drawTimeMs: 1,
    updateTimeMs: 2,
    memoryBytes: 3,
    chunkCount: 4,
    triangleCount: 5,
    startMs: 6,
    drawCalls: 7,
    heapBytes: 8,
    poolMisses: 9,
    gpuBuffersCreated: 10,
} as const satisfies Record<keyof FrameMetrics, number>;

/** How many numbers a frame has. */
export const FRAME_WIDTH = 11;

/**
 * Writes a frame's numbers to the start of `numbers`.
 *
 * @param now called where the host does not tell when the frame began
 */
export function writeFrame(metrics: FrameMetrics, now: () => number, numbers: Numbers): void {
    numbers[FrameNumbers.frameTimeMs] = metrics.frameTimeMs;
    numbers[FrameNumbers.drawTimeMs] = metrics.drawTimeMs;
    numbers[FrameNumbers.updateTimeMs] = metrics.updateTimeMs;
    numbers[FrameNumbers.memoryBytes] = metrics.memoryBytes;
    numbers[FrameNumbers.chunkCount] = metrics.chunkCount;
    numbers[FrameNumbers.triangleCount] = metrics.triangleCount;
    numbers[FrameNumbers.startMs] = metrics.startMs ?? now() - metrics.frameTimeMs;
    numbers[FrameNumbers.drawCalls] = metrics.drawCalls ?? Number.NaN;
    numbers[FrameNumbers.heapBytes] = metrics.heapBytes ?? Number.NaN;
    numbers[FrameNumbers.poolMisses] = metrics.poolMisses ?? Number.NaN;
    numbers[FrameNumbers.gpuBuffersCreated] = metrics.gpuBuffersCreated ?? Number.NaN;
}
