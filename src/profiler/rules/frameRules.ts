import { MAIN_THREAD_NAME, type Hitch } from "../hitches.js";
import { digits, recommendationOf, type Recommendation, type RuleInput } from "./rule.js";

/** Frames before their means mean anything. */
const LEAST_FRAMES = 30;
/** Share of a frame's budget that a world's own work may take. */
const GOOD_UPDATE_SHARE = 0.25;
/** A device may be slow whatever the options are: this ranks below what options cause. */
const MOST_FRAME_PRESSURE = 4;
const LEAST_BUDGET_MS = 0.5;
const LEAST_VIEW_DISTANCE = 500;
const MOST_SCREEN_SPACE_ERROR = 64;
/** Hitches before the budget is to blame, and the share of the frame that uploads must take in each. */
const LEAST_HITCHES = 3;
const HITCH_SHARE = 0.3;
const UPLOAD = "uploadChunk";

/** Finds uploads that take most of a world's share of the frame, where that is too long. */
export function uploadsTooLong(input: RuleInput): Recommendation | null {
    const { snapshot } = input;
    const { applyBudgetMs: from } = snapshot;
    if (shareOf(input, UPLOAD) < 0.5 || from <= LEAST_BUDGET_MS) {
        return null;
    }
    const to = Math.max(LEAST_BUDGET_MS, from / 2);
    const found = { rule: "uploadsTooLong", pressure: updatePressure(input), saturated: "main thread" };
    const message = `${updateMessage(input)} Up to ${digits(from)} ms of it are for uploads.`;
    return recommendationOf({ ...found, message, option: "applyBudgetMs", from, to }, snapshot);
}

/** Finds a choice of levels that takes most of a world's share of the frame, where that is too long. */
export function selectionTooLong(input: RuleInput): Recommendation | null {
    const { snapshot } = input;
    const { screenSpaceError: from } = snapshot;
    if (shareOf(input, "selectLevels") < 0.5) {
        return null;
    }
    const to = Math.min(MOST_SCREEN_SPACE_ERROR, 1.5 * from);
    const found = { rule: "selectionTooLong", pressure: updatePressure(input), saturated: "main thread" };
    const message = `${updateMessage(input)} Choosing levels takes most of it.`;
    return recommendationOf({ ...found, message, option: "screenSpaceError", from, to }, snapshot);
}

/** Finds draw calls that take most of frames over budget: fewer chunks help. */
export function drawCallsSaturated(input: RuleInput): Recommendation | null {
    const { snapshot, frames } = input;
    if (frames.drawMeanMs < frames.meanMs / 2) {
        return null;
    }
    const { viewDistance: from } = snapshot;
    const to = from <= LEAST_VIEW_DISTANCE ? from : Math.max(LEAST_VIEW_DISTANCE, Math.round(from * 0.75));
    const message =
        `${frameMessage(input)} Drawing takes ${digits(frames.drawMeanMs)} ms of it on the main thread, for ` +
        `${frames.chunkCount} chunks.`;
    const found = { rule: "drawCallsSaturated", pressure: framePressure(input), saturated: "draw calls", message };
    return recommendationOf({ ...found, option: "viewDistance", from, to }, snapshot);
}

/** Finds frames over budget for which the main thread does not account: the GPU does. */
export function graphicsSaturated(input: RuleInput): Recommendation | null {
    const { snapshot, frames } = input;
    if (frames.drawMeanMs + frames.updateMeanMs >= frames.meanMs / 2) {
        return null;
    }
    const pressure = framePressure(input);
    const { screenSpaceError: from } = snapshot;
    const factor = Math.min(2, Math.sqrt(Math.max(1, frames.meanMs / frames.budgetMs)));
    const to = Math.min(MOST_SCREEN_SPACE_ERROR, Math.ceil(from * factor * 4) / 4);
    const message =
        `${frameMessage(input)} The main thread is busy for ${digits(frames.drawMeanMs + frames.updateMeanMs)} ms of ` +
        `it; ${frames.triangleCount} triangles are drawn.`;
    const found = { rule: "graphicsSaturated", pressure, saturated: "graphics", message };
    return recommendationOf({ ...found, option: "screenSpaceError", from, to }, snapshot);
}

/** Finds hitches in which mostly uploads ran. */
export function uploadsHitch({ snapshot, hitches }: RuleInput): Recommendation | null {
    const { applyBudgetMs: from } = snapshot;
    const caused = hitches.filter((hitch) => uploadMsIn(hitch) >= HITCH_SHARE * hitch.frameTimeMs);
    if (caused.length < LEAST_HITCHES || from <= LEAST_BUDGET_MS) {
        return null;
    }
    const longest = caused.reduce((a, b) => (b.frameTimeMs > a.frameTimeMs ? b : a));
    const message =
        `${caused.length} of the latest ${hitches.length} hitches are uploads: the longest took ` +
        `${digits(longest.frameTimeMs)} ms, ${digits(uploadMsIn(longest))} ms of them uploads.`;
    const pressure = Math.min(MOST_FRAME_PRESSURE, caused.length / LEAST_HITCHES);
    const to = Math.max(LEAST_BUDGET_MS, from / 2);
    const found = { rule: "uploadsHitch", pressure, saturated: "main thread", message };
    return recommendationOf({ ...found, option: "applyBudgetMs", from, to }, snapshot);
}

function uploadMsIn({ ran }: Hitch): number {
    return ran.find(({ operation, thread }) => operation === UPLOAD && thread === MAIN_THREAD_NAME)?.totalMs ?? 0;
}

function updatePressure({ frames }: RuleInput): number {
    const pressure = frames.updateP95Ms / (GOOD_UPDATE_SHARE * frames.budgetMs);
    return frames.frames >= LEAST_FRAMES ? Math.min(MOST_FRAME_PRESSURE, pressure) : 0;
}

/** Returns an operation's share of a world's time in all frames, 0 to 1. */
function shareOf({ operations, frames }: RuleInput, operation: string): number {
    const totalMs = operations.find((stats) => stats.operation === operation)?.totalMs ?? 0;
    return totalMs > 0 ? totalMs / Math.max(totalMs, frames.updateMeanMs * frames.frames) : 0;
}

function framePressure({ frames }: RuleInput): number {
    const pressure = frames.meanMs / frames.budgetMs;
    return frames.frames >= LEAST_FRAMES ? Math.min(MOST_FRAME_PRESSURE, pressure) : 0;
}

function updateMessage({ frames }: RuleInput): string {
    return `The world takes ${digits(frames.updateP95Ms)} ms of a frame (p95), of a budget of ${digits(frames.budgetMs)} ms.`;
}

function frameMessage({ frames }: RuleInput): string {
    return `A frame takes ${digits(frames.meanMs)} ms, over its budget of ${digits(frames.budgetMs)} ms.`;
}
