import { PerformanceProfiler } from "../../src/profiler/performanceProfiler.js";
import type { RuleInput } from "../../src/profiler/rules/rule.js";
import type { LatencyChain, WorldSnapshot } from "../../src/profiler/worldSnapshot.js";

const MIB = 2 ** 20;

/** A world that is well: a short queue, chunks within a tenth of a second, memory to spare. */
export function healthySnapshot(
    changes: Partial<WorldSnapshot> = {},
    latency: Partial<LatencyChain> = {},
): WorldSnapshot {
    return {
        queueLength: 1,
        workers: 4,
        cores: 16,
        inFlight: 3,
        waitingForUpload: 1,
        applyBudgetMs: 2,
        applyBudgetBytes: MIB,
        chunkBytes: 50_000,
        memoryLimitBytes: 256 * MIB,
        usedBytes: 120 * MIB,
        poolHitRate: 0.97,
        latency: { queuedMs: 30, bakingMs: 20, returningMs: 5, waitingMs: 10, uploadMs: 0.2, ...latency },
        screenSpaceError: 3,
        effectiveScreenSpaceError: 3,
        viewDistance: 10_000,
        prefetchTime: 4,
        ...changes,
    };
}

/** What frames were like. Milliseconds. */
export interface FrameTimes {
    readonly frameMs: number;
    readonly updateMs: number;
    readonly drawMs: number;
}

/** What rules see after 100 frames and some runs of operations, by the milliseconds of one run. */
export function ruleInput(
    snapshot: WorldSnapshot = healthySnapshot(),
    operations: Readonly<Record<string, number>> = {},
    { frameMs, updateMs, drawMs }: FrameTimes = { frameMs: 16.7, updateMs: 1, drawMs: 4 },
): RuleInput {
    const profiler = new PerformanceProfiler({ now: () => 0 });
    for (let i = 0; i < 100; i++) {
        for (const [operation, ms] of Object.entries({ bakeTerrain: 10, uploadChunk: 0.2, ...operations })) {
            profiler.record(operation, 0, ms);
        }
        profiler.recordFrameMetrics({
            frameTimeMs: frameMs,
            updateTimeMs: updateMs,
            drawTimeMs: drawMs,
            memoryBytes: 0,
            chunkCount: 400,
            triangleCount: 900_000,
        });
    }
    return {
        operations: profiler.getOperationNames().map((operation) => profiler.getOperationStats(operation)!),
        targets: profiler.targets,
        frames: profiler.getFrameStats(),
        hitches: profiler.getHitches(),
        snapshot,
    };
}
