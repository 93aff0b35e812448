import type { BakeOutcome, BakeTask } from "../bake/protocol.js";

/** An outcome that can be worked with, or why there is none. */
export type CheckedOutcome = { readonly outcome: BakeOutcome } | { readonly fault: string };

/**
 * What a thread answered to each of `tasks`, in their order. A worker that runs wild may answer anything: nothing is
 * believed that is not of the right type and range, and no buffer counts twice.
 */
export function checkAnswer(tasks: readonly BakeTask[], response: unknown): CheckedOutcome[] {
    const given: unknown = (response as { outcomes?: unknown } | null)?.outcomes;
    const outcomes: readonly unknown[] = Array.isArray(given) ? given : [];
    const seen = new Set<unknown>();
    return tasks.map(({ id }, i) => {
        const isOwn = (outcome: unknown): boolean => (outcome as { id?: unknown } | null)?.id === id;
        // Executors keep the order, but need not.
        const outcome = isOwn(outcomes[i]) ? outcomes[i] : outcomes.find(isOwn);
        const fault = outcome === undefined ? "gave no outcome for the chunk" : faultOf(outcome as BakeOutcome, seen);
        return fault === null ? { outcome: outcome as BakeOutcome } : { fault };
    });
}

function faultOf(outcome: BakeOutcome, seen: Set<unknown>): string | null {
    if (!isLiveBuffer(outcome.buffer) || seen.has(outcome.buffer)) {
        return "gave a buffer that is none, or gave one twice";
    }
    seen.add(outcome.buffer);
    if (!outcome.ok) {
        const isTold = typeof outcome.message === "string" && typeof outcome.code === "string";
        return isTold ? null : "gave a failure without message or code";
    }
    const { buffer, byteLength, unused, stageMs, startedMs, endedMs } = outcome;
    if (unused !== null) {
        if (!isLiveBuffer(unused) || seen.has(unused)) {
            return "gave a buffer that is none, or gave one twice";
        }
        seen.add(unused);
    }
    if (!Number.isInteger(byteLength) || byteLength < 1 || byteLength > buffer.byteLength) {
        return `gave ${String(byteLength)} bytes in a buffer of ${buffer.byteLength}`;
    }
    if (!Array.isArray(stageMs) || !stageMs.every(isTime) || !isTime(startedMs) || !isTime(endedMs)) {
        return "gave times that are none";
    }
    return null;
}

function isTime(ms: unknown): boolean {
    return typeof ms === "number" && ms >= 0 && ms < Infinity;
}

/** Lists made in another realm are no instances of this one's classes; a detached buffer has no bytes. */
function isLiveBuffer(buffer: unknown): boolean {
    return Object.prototype.toString.call(buffer) === "[object ArrayBuffer]" && (buffer as ArrayBuffer).byteLength > 0;
}
