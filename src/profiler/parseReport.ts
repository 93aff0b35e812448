import * as v from "valibot";
import { messageOf, TerraneError } from "../base/errors.js";
import { REPORT_KIND, REPORT_VERSION, type PerformanceReport } from "./report.js";

/** Most characters of a report: a hundred times what one takes. */
const MAX_TEXT = 2 ** 24;

/** Milliseconds that a date may hold. */
const MAX_DATE_MS = 8.64e15;
/** Deepest nesting of braces and brackets: a report has six, and JSON of a million can be read but not written. */
const MAX_DEPTH = 64;

const numberRule = v.custom<number>((value) => typeof value === "number" && Number.isFinite(value), "a finite number");
const dateRule = v.custom<number>(
    (value) => typeof value === "number" && Math.abs(value) <= MAX_DATE_MS,
    `a finite number within ${MAX_DATE_MS} of 0, as dates are`,
);
const textRule = v.custom<string>((value) => typeof value === "string" && value.length <= 500, "a text");
const numbersRule = v.record(v.string(), numberRule);

const recentRule = v.looseObject({ count: numberRule, meanMs: numberRule, maxMs: numberRule, p95Ms: numberRule });

const operationRule = v.looseObject({
    operation: textRule,
    count: numberRule,
    totalMs: numberRule,
    selfMs: numberRule,
    meanMs: numberRule,
    maxMs: numberRule,
    p50Ms: numberRule,
    p95Ms: numberRule,
    p99Ms: numberRule,
    recent: recentRule,
});

const framesRule = v.looseObject({
    frames: numberRule,
    fps: numberRule,
    meanMs: numberRule,
    p95Ms: numberRule,
    p99Ms: numberRule,
    longestMs: numberRule,
    framesOverBudget: numberRule,
    smoothness: numberRule,
    tier: textRule,
    updateMeanMs: numberRule,
    updateP95Ms: numberRule,
    // Reports of earlier builds have none of these.
    drawCalls: v.optional(numberRule, 0),
    hitches: v.optional(numberRule, 0),
    allocations: v.optional(numbersRule, {}),
});

const targetRule = v.looseObject({ targetMs: numberRule, warningMs: numberRule, criticalMs: numberRule });

const bottleneckRule = v.looseObject({
    operation: textRule,
    severity: textRule,
    measuredMs: numberRule,
    message: textRule,
});

const hitchRule = v.looseObject({
    frame: numberRule,
    startMs: numberRule,
    frameTimeMs: numberRule,
    medianMs: numberRule,
    updateTimeMs: numberRule,
    drawTimeMs: numberRule,
    ran: v.array(v.looseObject({ operation: textRule, thread: textRule, count: numberRule, totalMs: numberRule })),
});

const recommendationRule = v.looseObject({
    rule: textRule,
    severity: textRule,
    pressure: numberRule,
    saturated: textRule,
    message: textRule,
    option: textRule,
    from: numberRule,
    to: numberRule,
    world: v.optional(textRule),
});

const storeRule = v.looseObject({
    name: textRule,
    hits: numberRule,
    misses: numberRule,
    damaged: numberRule,
    failed: numberRule,
    retries: numberRule,
    bytesRead: numberRule,
    bytesWritten: numberRule,
    latencyMsP50: numberRule,
    latencyMsP95: numberRule,
});

const snapshotRule = v.looseObject({
    queueLength: numberRule,
    workers: numberRule,
    inFlight: numberRule,
    waitingForUpload: numberRule,
    applyBudgetMs: numberRule,
    applyBudgetBytes: numberRule,
    memoryLimitBytes: numberRule,
    usedBytes: numberRule,
    poolHitRate: numberRule,
    latency: numbersRule,
    screenSpaceError: numberRule,
    effectiveScreenSpaceError: numberRule,
    viewDistance: numberRule,
    world: v.optional(textRule),
    stores: v.optional(v.array(storeRule)),
});

const stageRule = v.looseObject({
    count: numberRule,
    totalMs: numberRule,
    meanMs: numberRule,
    p95Ms: numberRule,
    maxMs: numberRule,
});

const bakeRule = v.looseObject({
    chunks: numberRule,
    workItems: numberRule,
    totalBakingTime: numberRule,
    bakingTime: numberRule,
    chunksPerSecond: numberRule,
    workers: numberRule,
    parallelEfficiency: numberRule,
    workerUtilisation: v.array(numberRule),
    stages: v.record(v.string(), stageRule),
    longestTasks: v.array(v.looseObject({ address: textRule, ms: numberRule, stage: textRule })),
    poolHitRate: numberRule,
    peakMemoryBytes: numberRule,
    memoryLimitBytes: numberRule,
    mostInFlight: numberRule,
    fewestInFlight: numberRule,
    decisions: numbersRule,
    retried: numberRule,
    quarantined: numberRule,
    recycled: numberRule,
    bytes: numberRule,
    storedBytes: numberRule,
});

/** Loose, since later reports may say more. */
const reportSchema = v.looseObject({
    kind: v.custom<typeof REPORT_KIND>((value) => value === REPORT_KIND, JSON.stringify(REPORT_KIND)),
    version: v.custom<typeof REPORT_VERSION>((value) => value === REPORT_VERSION, String(REPORT_VERSION)),
    startedMs: dateRule,
    createdMs: dateRule,
    operations: v.array(operationRule),
    frames: framesRule,
    targets: v.record(v.string(), targetRule),
    bottlenecks: v.array(bottleneckRule),
    hitches: v.optional(v.array(hitchRule), []),
    worlds: v.optional(v.array(snapshotRule), []),
    recommendations: v.optional(v.array(recommendationRule), []),
    bake: v.optional(bakeRule),
});

/**
 * Parses a report that `exportReport` made or a bake left.
 *
 * @throws TerraneError naming the field, its value and what is allowed
 */
export function parseReport(text: string): PerformanceReport {
    if (text.length > MAX_TEXT) {
        throw new TerraneError("report", `${text.length} characters`, `at most ${MAX_TEXT}`, "Is this the right file?");
    }
    if (depthOf(text) > MAX_DEPTH) {
        throw new TerraneError("report", "deeper", `at most ${MAX_DEPTH} levels`, "Is this the right file?");
    }
    let json: unknown;
    try {
        // Editors may leave a byte order mark, which JSON does not know.
        json = JSON.parse(text.replace(/^\uFEFF/, ""));
    } catch (error) {
        throw new TerraneError("report", messageOf(error), "JSON", "Export the report again.");
    }
    const result = v.safeParse(reportSchema, json, { abortEarly: true });
    if (!result.success) {
        const issue = result.issues[0];
        const path = v.getDotPath(issue);
        // Of a field that is missing the schema knows no more than its name.
        const allowed = issue.type === "custom" ? issue.message : "a field of docs/specs/performanceReport.md";
        throw new TerraneError(
            path === null ? "report" : `report.${path}`,
            issue.input,
            allowed,
            "Pass a report that this version of Terrane exported.",
        );
    }
    return result.output as unknown as PerformanceReport;
}

/** Returns how deep braces and brackets are nested, outside of strings. */
function depthOf(json: string): number {
    let depth = 0;
    let deepest = 0;
    let isText = false;
    for (let i = 0; i < json.length; i++) {
        const character = json[i];
        if (character === '"') {
            isText = !isText;
        } else if (isText) {
            i += character === "\\" ? 1 : 0;
        } else if (character === "{" || character === "[") {
            deepest = Math.max(deepest, ++depth);
        } else if (character === "}" || character === "]") {
            depth--;
        }
    }
    return deepest;
}
