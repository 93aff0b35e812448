import type { FrameStats } from "../frameTrack.js";
import type { WorldSnapshot } from "../worldSnapshot.js";
import { memoryPressure } from "./memoryRules.js";
import {
    digits,
    latencyMs,
    mebibytes,
    MOST_AS_CONSEQUENCE,
    recentOf,
    recommendationOf,
    type Recommendation,
    type RuleInput,
} from "./rule.js";

/** Milliseconds that a baked chunk may wait unseen; or three frames, where they take longer. */
const GOOD_WAIT_MS = 50;
const GOOD_WAIT_FRAMES = 3;
/** Share of a chunk's whole time that waiting must take before it is to blame. */
const LEAST_SHARE = 0.3;
/** What a chunk takes where nothing was measured. */
const ASSUMED_CHUNK_BYTES = 50 * 1024;
const ASSUMED_UPLOAD_MS = 0.1;
/** Half a frame at 60 Hz, and what a bus takes in that time: more would be missing elsewhere. */
const MOST_BUDGET_MS = 8;
const MOST_BUDGET_BYTES = 16 * 2 ** 20;
const DEFAULT_BUDGET_MS = 2;
const DEFAULT_BUDGET_BYTES = 2 ** 20;
/** Frames in which what waits should be gone. */
const DRAIN_FRAMES = 30;

/** Baked chunks wait, and it is the milliseconds of the budget that they wait for. */
export function uploadTimeShort(input: RuleInput): Recommendation | null {
    const { snapshot, frames } = input;
    const { applyBudgetMs: from, waitingForUpload } = snapshot;
    const uploadMs = uploadMsOf(input);
    if (chunksByTime(input) > chunksByBytes(snapshot) || from >= MOST_BUDGET_MS) {
        return null;
    }
    const message = `${waitMessage(snapshot)} ${digits(from)} ms a frame are for uploads, one of which takes ${digits(uploadMs)} ms.`;
    const wanted = Math.ceil((2 * uploadMs * waitingForUpload) / DRAIN_FRAMES) / 2;
    const to = Math.min(MOST_BUDGET_MS, Math.max(DEFAULT_BUDGET_MS, 2 * from, wanted));
    const found = {
        rule: "uploadTimeShort",
        pressure: waitPressure(snapshot, frames),
        saturated: "upload time",
        message,
    };
    return recommendationOf({ ...found, option: "applyBudgetMs", from, to }, snapshot);
}

/** Baked chunks wait, and it is the bytes of the budget that they wait for. */
export function uploadBytesShort(input: RuleInput): Recommendation | null {
    const { snapshot, frames } = input;
    const { applyBudgetBytes: from, waitingForUpload, chunkBytes = ASSUMED_CHUNK_BYTES } = snapshot;
    if (chunksByBytes(snapshot) >= chunksByTime(input) || from >= MOST_BUDGET_BYTES) {
        return null;
    }
    const message =
        `${waitMessage(snapshot)} ${mebibytes(from)} a frame are for uploads, ${digits(chunksByBytes(snapshot))} chunks of ` +
        `${mebibytes(chunkBytes)}.`;
    const wanted = (chunkBytes * waitingForUpload) / DRAIN_FRAMES;
    const bytes = Math.max(DEFAULT_BUDGET_BYTES, 2 * from, wanted);
    const to = Math.min(MOST_BUDGET_BYTES, 2 ** Math.ceil(Math.log2(bytes)));
    const found = {
        rule: "uploadBytesShort",
        pressure: waitPressure(snapshot, frames),
        saturated: "upload bytes",
        message,
    };
    return recommendationOf({ ...found, option: "applyBudgetBytes", from, to }, snapshot);
}

/** Chunks come later than viewers' motion is followed ahead: it does not help them. */
export function prefetchShort({ snapshot }: RuleInput): Recommendation | null {
    const { prefetchTime: from } = snapshot;
    const seconds = latencyMs(snapshot) / 1000;
    // 0 is the wish not to prefetch.
    if (from === undefined || from === 0) {
        return null;
    }
    const message = `Viewers' motion is followed ${digits(from)} s ahead, but a chunk takes ${digits(seconds)} s to come.`;
    // What makes chunks come late is the greater fault.
    const pressure = Math.min(seconds / from, MOST_AS_CONSEQUENCE);
    const to = Math.min(30, Math.ceil(seconds) + 1);
    const found = { rule: "prefetchShort", pressure, saturated: "prefetch", message };
    return recommendationOf({ ...found, option: "prefetchTime", from, to }, snapshot);
}

function waitPressure(snapshot: WorldSnapshot, frames: FrameStats): number {
    const { latency, waitingForUpload } = snapshot;
    if (latency.waitingMs < LEAST_SHARE * latencyMs(snapshot)) {
        return 0;
    }
    const goodMs = Math.max(GOOD_WAIT_MS, GOOD_WAIT_FRAMES * frames.meanMs);
    // Where none waits any more, it is the past's trouble.
    const pressure = latency.waitingMs / goodMs / (waitingForUpload >= 2 ? 1 : 2);
    return memoryPressure(snapshot) >= 1 ? Math.min(pressure, MOST_AS_CONSEQUENCE) : pressure;
}

/** Chunks a frame that the budget's milliseconds allow, and its bytes. */
function chunksByTime(input: RuleInput): number {
    return input.snapshot.applyBudgetMs / uploadMsOf(input);
}

function chunksByBytes({ applyBudgetBytes, chunkBytes = ASSUMED_CHUNK_BYTES }: WorldSnapshot): number {
    return applyBudgetBytes / chunkBytes;
}

function uploadMsOf(input: RuleInput): number {
    return recentOf(input, "uploadChunk")?.meanMs || input.snapshot.latency.uploadMs || ASSUMED_UPLOAD_MS;
}

function waitMessage({ latency, waitingForUpload }: WorldSnapshot): string {
    return `A baked chunk waits ${digits(latency.waitingMs)} ms for its upload; ${waitingForUpload} wait now.`;
}
