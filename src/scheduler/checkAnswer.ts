import type { BakeOutcome, BakeTask } from "../bake/protocol.js";

/** An outcome that can be used, or why there is none. */
export type CheckedOutcome = BakeOutcome | string;

const NO_OUTCOME = "gave no outcome for the chunk";

/** The `ArrayBuffer` getter itself: it throws for whatever else there is, and knows buffers of other realms. */
const byteLengthOf = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength")!.get! as (
    this: unknown,
) => number;

/**
 * Writes what a thread answered to each of `tasks`, in their order, to the first places of `answers`. A worker that has
 * gone wrong may answer anything: nothing is believed that has not the right type and range, and no buffer counts
 * twice.
 */
export function checkAnswer(tasks: readonly BakeTask[], response: unknown, answers: CheckedOutcome[]): void {
    const given: unknown = (response as { outcomes?: unknown } | null)?.outcomes;
    const outcomes: readonly unknown[] = Array.isArray(given) ? given : [];
    for (let i = 0; i < tasks.length; i++) {
        const outcome = outcomeOf(outcomes, tasks[i]!.id, i);
        answers[i] = outcome === undefined ? NO_OUTCOME : (faultOf(outcome, answers, i) ?? outcome);
    }
}

/** Returns the outcome of a task. Executors keep the order, but need not. */
function outcomeOf(outcomes: readonly unknown[], id: number, expectedAt: number): BakeOutcome | undefined {
    if (isOutcomeOf(outcomes[expectedAt], id)) {
        return outcomes[expectedAt];
    }
    for (let i = 0; i < outcomes.length; i++) {
        const outcome = outcomes[i];
        if (isOutcomeOf(outcome, id)) {
            return outcome;
        }
    }
    return undefined;
}

function isOutcomeOf(outcome: unknown, id: number): outcome is BakeOutcome {
    return (outcome as { id?: unknown } | null | undefined)?.id === id;
}

function faultOf(outcome: BakeOutcome, answers: readonly CheckedOutcome[], before: number): string | null {
    if (!isLiveBuffer(outcome.buffer) || isIn(answers, before, outcome.buffer)) {
        return "gave a buffer that is none, or gave one twice";
    }
    if (!outcome.ok) {
        const isTold = typeof outcome.message === "string" && typeof outcome.code === "string";
        return isTold ? null : "gave a failure without message or code";
    }
    const { buffer, byteLength, unused, stageMs, startedMs, endedMs } = outcome;
    if (unused !== null && (!isLiveBuffer(unused) || unused === buffer || isIn(answers, before, unused))) {
        return "gave a buffer that is none, or gave one twice";
    }
    if (!Number.isInteger(byteLength) || byteLength < 1 || byteLength > buffer.byteLength) {
        return `gave ${String(byteLength)} bytes in a buffer of ${buffer.byteLength}`;
    }
    if (!Array.isArray(stageMs) || !stageMs.every(isTime) || !isTime(startedMs) || !isTime(endedMs)) {
        return "gave times that are none";
    }
    return null;
}

/** Batches are short: a set a batch would be garbage. */
function isIn(answers: readonly CheckedOutcome[], count: number, buffer: ArrayBuffer): boolean {
    for (let i = 0; i < count; i++) {
        const answer = answers[i]!;
        if (typeof answer !== "string" && (answer.buffer === buffer || (answer.ok && answer.unused === buffer))) {
            return true;
        }
    }
    return false;
}

function isTime(ms: unknown): boolean {
    return typeof ms === "number" && ms >= 0 && ms < Infinity;
}

/** Returns whether a buffer is not detached: a detached one has no bytes. */
function isLiveBuffer(buffer: unknown): boolean {
    try {
        return byteLengthOf.call(buffer) > 0;
    } catch {
        return false;
    }
}
