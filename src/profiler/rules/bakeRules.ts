import type { WorldSnapshot } from "../worldSnapshot.js";
import { memoryPressure } from "./memoryRules.js";
import {
    digits,
    latencyMs,
    MOST_AS_CONSEQUENCE,
    recentOf,
    recommendationOf,
    type Recommendation,
    type RuleInput,
} from "./rule.js";

/** Milliseconds until a chunk is baked that nobody notices. */
const GOOD_BAKE_LATENCY_MS = 200;
/** Milliseconds of a frame that a bake on the main thread may take unseen. */
const GOOD_MAIN_THREAD_MS = 4;
const MOST_WORKERS = 64;
const MOST_SCREEN_SPACE_ERROR = 64;

/** Finds chunks that wait for a worker while the device has cores for more workers. */
export function workersSaturated({ snapshot }: RuleInput): Recommendation | null {
    const pressure = bakePressure(snapshot);
    const to = moreWorkers(snapshot, pressure);
    if (to === snapshot.workers) {
        return null;
    }
    const found = { rule: "workersSaturated", pressure, saturated: "workers", message: waitMessage(snapshot) };
    return recommendationOf({ ...found, option: "workers", from: snapshot.workers, to }, snapshot);
}

/** Finds chunks that wait for a worker while every core bakes already: only fewer chunks help. */
export function processorSaturated({ snapshot }: RuleInput): Recommendation | null {
    const pressure = bakePressure(snapshot);
    if (pressure < 1 || moreWorkers(snapshot, pressure) !== snapshot.workers) {
        return null;
    }
    const { screenSpaceError: from } = snapshot;
    const to = Math.min(MOST_SCREEN_SPACE_ERROR, 1.5 * from);
    const message = `${waitMessage(snapshot)} The device has no core for more.`;
    const found = { rule: "processorSaturated", pressure, saturated: "workers and processor", message };
    return recommendationOf({ ...found, option: "screenSpaceError", from, to }, snapshot);
}

/** Finds bakes that miss their target: more of them at once make up for it. */
export function slowBakes(input: RuleInput): Recommendation | null {
    const { snapshot, targets } = input;
    const recent = recentOf(input, "bakeTerrain");
    const target = targets.bakeTerrain;
    if (recent === undefined || target === undefined || recent.p95Ms <= target.targetMs || snapshot.workers === 0) {
        return null;
    }
    const pressure = recent.p95Ms / target.targetMs;
    const message =
        `A chunk takes ${digits(recent.p95Ms)} ms to bake (p95), ${digits(pressure)} times its target of ` +
        `${digits(target.targetMs)} ms, on ${snapshot.workers} workers.`;
    const to = moreWorkers(snapshot, pressure);
    const found = { rule: "slowBakes", pressure, saturated: "workers", message };
    return recommendationOf({ ...found, option: "workers", from: snapshot.workers, to }, snapshot);
}

/** Finds chunks that are baked between frames, on the main thread. */
export function bakesOnMainThread(input: RuleInput): Recommendation | null {
    const { snapshot } = input;
    const recent = recentOf(input, "bakeTerrain");
    if (snapshot.workers > 0 || recent === undefined) {
        return null;
    }
    const message = `Chunks are baked on the main thread, ${digits(recent.p95Ms)} ms each (p95), in which nothing is drawn.`;
    const pressure = recent.p95Ms / GOOD_MAIN_THREAD_MS;
    const found = { rule: "bakesOnMainThread", pressure, saturated: "main thread", message };
    const to = Math.max(1, Math.min(2, (snapshot.cores ?? 2) - 1));
    return recommendationOf({ ...found, option: "workers", from: 0, to }, snapshot);
}

/**
 * Returns how many times too long chunks wait for workers and their bakes; 0 if there are no workers, or if a chunk's
 * time goes elsewhere.
 */
function bakePressure(snapshot: WorldSnapshot): number {
    const { workers, queueLength, latency } = snapshot;
    const ms = latency.queuedMs + latency.bakingMs;
    if (workers === 0 || ms < latencyMs(snapshot) / 2) {
        return 0;
    }
    // Where the queue has gone, it was long once: that is the past's trouble.
    const pressure = ms / GOOD_BAKE_LATENCY_MS / (queueLength >= workers ? 1 : 2);
    // Chunks that memory lets go of are baked again and again.
    return memoryPressure(snapshot) >= 1 ? Math.min(pressure, MOST_AS_CONSEQUENCE) : pressure;
}

function moreWorkers({ workers, cores }: WorldSnapshot, pressure: number): number {
    const wanted = Math.max(workers + 1, Math.ceil(workers * Math.min(2, pressure)));
    return Math.max(workers, Math.min(wanted, cores ?? MOST_WORKERS, MOST_WORKERS));
}

function waitMessage({ latency, queueLength, inFlight, workers }: WorldSnapshot): string {
    return (
        `A chunk waits ${digits(latency.queuedMs)} ms for a worker and ${digits(latency.bakingMs)} ms for its bake; ` +
        `${queueLength} wait now, ${inFlight} are at ${workers} workers.`
    );
}
