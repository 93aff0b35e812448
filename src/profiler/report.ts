import type { BakeReport } from "./bakeReport.js";
import type { Bottleneck } from "./bottlenecks.js";
import type { FrameStats } from "./frameTrack.js";
import type { Hitch } from "./hitches.js";
import type { OperationStats } from "./operationTrack.js";
import type { Recommendation } from "./rules/rule.js";
import type { OperationTarget } from "./targets.js";
import type { WorldSnapshot } from "./worldSnapshot.js";

export const REPORT_KIND = "terrane-performance-report";
/** Version of the report: rises when a key changes its meaning or goes, not when a key is added. */
export const REPORT_VERSION = 1;

/** A report as plain JSON, which survives `JSON.stringify` and back. */
export interface PerformanceReport {
    /** Tells a report from other JSON. */
    readonly kind: typeof REPORT_KIND;
    /** Version of the report's format. */
    readonly version: typeof REPORT_VERSION;
    /** When recording began: milliseconds since the epoch, on the profiler's clock. */
    readonly startedMs: number;
    /** When the report was made, on the same clock. */
    readonly createdMs: number;
    /** Statistics of every operation that ran. */
    readonly operations: readonly OperationStats[];
    /** Statistics of the latest frames. */
    readonly frames: FrameStats;
    /** Targets by operation. */
    readonly targets: Readonly<Record<string, OperationTarget>>;
    /** Operations that miss their targets, worst first. */
    readonly bottlenecks: readonly Bottleneck[];
    /** The latest hitches, oldest first. */
    readonly hitches: readonly Hitch[];
    /** Snapshots of the worlds that it measured. */
    readonly worlds: readonly WorldSnapshot[];
    /** Recommendations, worst first. */
    readonly recommendations: readonly Recommendation[];
    /** What a bake ahead of time cost, in its report alone. */
    readonly bake?: BakeReport;
}
