import type { BakeReport } from "./bakeReport.js";
import type { Bottleneck } from "./bottlenecks.js";
import type { FrameStats } from "./frameTrack.js";
import type { Hitch } from "./hitches.js";
import type { OperationStats } from "./operationTrack.js";
import type { Recommendation } from "./rules/rule.js";
import type { OperationTarget } from "./targets.js";
import type { WorldFacts } from "./worldFacts.js";

export const REPORT_KIND = "terrane-performance-report";
/** Rises when a key of the report changes its meaning or goes; new keys do not raise it. */
export const REPORT_VERSION = 1;

/** Plain JSON: survives `JSON.stringify` and back. */
export interface PerformanceReport {
    readonly kind: typeof REPORT_KIND;
    readonly version: typeof REPORT_VERSION;
    /** Milliseconds since the epoch, on the profiler's clock: when recording began, when the report was made. */
    readonly startedMs: number;
    readonly createdMs: number;
    readonly operations: readonly OperationStats[];
    readonly frames: FrameStats;
    readonly targets: Readonly<Record<string, OperationTarget>>;
    readonly bottlenecks: readonly Bottleneck[];
    /** The latest, oldest first. */
    readonly hitches: readonly Hitch[];
    /** What each world told of itself. */
    readonly facts: readonly WorldFacts[];
    /** Worst first. */
    readonly recommendations: readonly Recommendation[];
    /** Of a bake ahead of time alone. */
    readonly bake?: BakeReport;
}
