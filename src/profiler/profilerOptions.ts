import { throwProblems, type Problem } from "../base/errors.js";
import {
    flagField,
    functionField,
    integerField,
    positiveField,
    sectionField,
    type FieldTable,
} from "../base/fieldTable.js";
import { readField } from "../base/readFields.js";
import { DEFAULT_FRAME_BUDGET_MS } from "./frameTrack.js";
import { targetProblems, type OperationTarget } from "./targets.js";

/** What `PerformanceProfiler` takes. `npm run settings` writes what is said of each option from `PROFILER_OPTIONS`. */
export interface PerformanceProfilerOptions {
    /** Whether anything is recorded. Default: true. */
    enabled?: boolean;
    /** Returns the milliseconds since the epoch. Default: `epochNow`. */
    now?: () => number;
    /**
     * Milliseconds: frames that take more are over budget, above 0. Default: a frame at 60 Hz and half a millisecond.
     */
    frameBudgetMs?: number;
    /**
     * Targets by operation, which add to `DEFAULT_TARGETS` and `OWN_TARGETS` or replace theirs. Default: none beside
     * those.
     */
    targets?: Readonly<Record<string, OperationTarget>>;
    /**
     * Whether each span is also a measure `terrane:<operation>` of the User Timing API. It costs microseconds. Default:
     * false.
     */
    userTiming?: boolean;
    /**
     * Whether a world reads the size of JavaScript's heap in each frame. For `getFrameStats().allocations`, where the
     * host tells it (Chromium, Node); each reading leaves an object to collect. Default: false.
     */
    tracksHeap?: boolean;
    /**
     * Number of latest spans that are kept for `exportTrace` and for what ran in a hitch, 0 to 1,048,576. 19 bytes
     * each, or 27 where spans have contexts; 0 keeps none. Default: 16,384.
     */
    traceCapacity?: number;
}

/** Every option of a profiler. */
export const PROFILER_OPTIONS = {
    enabled: flagField({ default: true, meaning: "whether anything is recorded" }),
    now: functionField({
        meaning: "returns the milliseconds since the epoch",
        defaultText: "`epochNow`",
        remedy: "Pass a function, or leave it out.",
    }),
    frameBudgetMs: positiveField({
        unit: "ms",
        default: DEFAULT_FRAME_BUDGET_MS,
        defaultText: "a frame at 60 Hz and half a millisecond",
        meaning: "frames that take more are over budget, above 0",
        allowed: "milliseconds above 0",
        remedy: "16.67 is 60 Hz.",
    }),
    targets: {
        type: "targets",
        meaning: "targets by operation, which add to `DEFAULT_TARGETS` and `OWN_TARGETS` or replace theirs",
        defaultText: "none beside those",
        allowed: "an object of limits by operation",
        remedy: "Pass { operation: { targetMs, warningMs, criticalMs } }.",
        accepts: (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value),
    },
    userTiming: flagField({
        default: false,
        meaning: "whether each span is also a measure `terrane:<operation>` of the User Timing API",
        notes: "It costs microseconds.",
    }),
    tracksHeap: flagField({
        default: false,
        meaning: "whether a world reads the size of JavaScript's heap in each frame",
        notes: "For `getFrameStats().allocations`, where the host tells it (Chromium, Node); each reading leaves an object to collect.",
    }),
    traceCapacity: integerField({
        minimum: 0,
        maximum: 2 ** 20,
        default: 16_384,
        meaning: "number of latest spans that are kept for `exportTrace` and for what ran in a hitch",
        notes: "19 bytes each, or 27 where spans have contexts; 0 keeps none.",
        remedy: "Use 0 to keep no trace.",
    }),
} satisfies FieldTable;

const PROFILER = sectionField({ meaning: "options of a profiler", fields: PROFILER_OPTIONS });

type Completed = "enabled" | "frameBudgetMs" | "userTiming" | "tracksHeap" | "traceCapacity";

/**
 * Returns the options, completed by their defaults. Throws a `TerraneError` that names everything that is wrong, targets
 * included.
 */
export function readProfilerOptions(
    options: unknown,
): PerformanceProfilerOptions & Required<Pick<PerformanceProfilerOptions, Completed>> {
    const problems: Problem[] = [];
    const read = readField(PROFILER, options, "options", problems) as PerformanceProfilerOptions;
    for (const [operation, target] of Object.entries(read?.targets ?? {})) {
        problems.push(...targetProblems(operation, target));
    }
    throwProblems(problems);
    return read as ReturnType<typeof readProfilerOptions>;
}
