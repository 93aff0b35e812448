import type { FrameStats } from "../frameTrack.js";
import type { Hitch } from "../hitches.js";
import type { OperationStats } from "../operationTrack.js";
import type { OperationTarget } from "../targets.js";
import type { WorldFacts } from "../worldFacts.js";

/** What rules go by. */
export interface RuleInput {
    readonly operations: readonly OperationStats[];
    readonly targets: Readonly<Record<string, OperationTarget>>;
    readonly frames: FrameStats;
    readonly hitches: readonly Hitch[];
    readonly facts: WorldFacts;
}

export type RecommendationSeverity = "critical" | "warning" | "hint";

/** An option to change, and why. */
export interface Recommendation {
    /** The rule that found it. */
    readonly rule: string;
    readonly severity: RecommendationSeverity;
    /** How many times over its limit what is saturated is: from 1 up. 4 is critical, 2 a warning. */
    readonly pressure: number;
    /** What is short, in a few words. */
    readonly saturated: string;
    /** A sentence with the numbers. */
    readonly message: string;
    /** Name of the world's option to change. */
    readonly option: string;
    readonly from: number;
    readonly to: number;
    /** `WorldFacts.world`, where it is named. */
    readonly world?: string;
}

/** Null where the rule does not apply. */
export type Rule = (input: RuleInput) => Recommendation | null;

const CRITICAL_PRESSURE = 4;
const WARNING_PRESSURE = 2;
/** The greatest pressure that is but a warning: for what may well be another fault's consequence. */
export const MOST_AS_CONSEQUENCE = CRITICAL_PRESSURE * 0.99;

export function severityOf(pressure: number): RecommendationSeverity {
    return pressure >= CRITICAL_PRESSURE ? "critical" : pressure >= WARNING_PRESSURE ? "warning" : "hint";
}

/** @returns null where the pressure is below 1 or the option would not change */
export function recommendationOf(
    found: Omit<Recommendation, "severity" | "world">,
    { world }: WorldFacts,
): Recommendation | null {
    if (!(found.pressure >= 1) || found.from === found.to) {
        return null;
    }
    return { ...found, severity: severityOf(found.pressure), ...(world === undefined ? {} : { world }) };
}

/** The latest runs of an operation; undefined where it did not run. */
export function recentOf({ operations }: RuleInput, operation: string): OperationStats["recent"] | undefined {
    return operations.find((stats) => stats.operation === operation)?.recent;
}

/** The whole way of a chunk, milliseconds. */
export function latencyMs({ latency }: WorldFacts): number {
    const { queuedMs, bakingMs, returningMs, waitingMs, uploadMs } = latency;
    return queuedMs + bakingMs + returningMs + waitingMs + uploadMs;
}

/** With as many digits as are worth reading. */
export function digits(value: number): string {
    return String(Number(value.toPrecision(value >= 1000 ? 4 : 3)));
}

export function mebibytes(bytes: number): string {
    return `${digits(bytes / 2 ** 20)} MiB`;
}
