import { STAGES, type BakeOutcome, type Stage } from "../bake/protocol.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";

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

/**
 * Records what a worker measured, as `bakeTerrain` for the whole and one operation for each stage that ran.
 *
 * @param thread 0 for the main thread, workers from 1
 */
export function recordBakeSpans(
    profiler: PerformanceProfiler,
    outcome: Extract<BakeOutcome, { ok: true }>,
    thread: number,
): void {
    const { startedMs, endedMs, stageMs } = outcome;
    profiler.record("bakeTerrain", startedMs, endedMs - startedMs, thread);
    let stageStartMs = startedMs;
    for (let i = 0; i < STAGES.length; i++) {
        const ms = stageMs[i] ?? 0;
        if (ms > 0) {
            profiler.record(OPERATION_OF_STAGE[STAGES[i]!], stageStartMs, ms, thread);
            stageStartMs += ms;
        }
    }
}
