import { STAGES, type BakeOutcome, type Stage } from "../bake/protocol.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import { createTiming, DURATION, START } from "../profiler/timing.js";

/** The profiler's names of the stages. */
export const OPERATION_OF_STAGE: Readonly<Record<Stage, string>> = {
    noise: "bakeNoise",
    heightfield: "bakeHeightfield",
    sdf: "bakeCaves",
    fusion: "bakeFusion",
    tangents: "bakeTangents",
    serialize: "serializeBuffer",
    hash: "hashBuffer",
};

const timing = createTiming();

/**
 * Records what a worker measured: `bakeTerrain` for the whole, and one operation for each stage that ran.
 *
 * @param thread 0 for the main thread, workers from 1
 */
export function recordBakeSpans(
    profiler: PerformanceProfiler,
    outcome: Extract<BakeOutcome, { ok: true }>,
    thread: number,
): void {
    const { stageMs } = outcome;
    timing[START] = outcome.startedMs;
    timing[DURATION] = outcome.endedMs - outcome.startedMs;
    profiler.recordTiming("bakeTerrain", timing, thread);
    for (let i = 0; i < STAGES.length; i++) {
        timing[DURATION] = stageMs[i] ?? 0;
        if (timing[DURATION]! > 0) {
            profiler.recordTiming(OPERATION_OF_STAGE[STAGES[i]!], timing, thread);
            timing[START] = timing[START]! + timing[DURATION]!;
        }
    }
}
