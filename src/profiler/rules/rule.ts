import type { FrameStats } from "../frameTrack.js";
import type { Hitch } from "../hitches.js";
import type { OperationStats } from "../operationTrack.js";
import type { OperationTarget } from "../targets.js";
import type { WorldSnapshot } from "../worldSnapshot.js";

/** What rules judge by. */
export interface RuleInput {
    readonly operations: readonly OperationStats[];
    readonly targets: Readonly<Record<string, OperationTarget>>;
    readonly frames: FrameStats;
    readonly hitches: readonly Hitch[];
    readonly snapshot: WorldSnapshot;
}

export type RecommendationSeverity = "critical" | "warning" | "hint";

/** An option to change, and why. */
export interface Recommendation {
    /** The rule that found it. */
    readonly rule: string;
    /** The pressure in a word. */
    readonly severity: RecommendationSeverity;
    /** How many times over its limit the saturated resource is, from 1 up. 4 is critical, 2 a warning. */
    readonly pressure: number;
    /** The saturated resource, in a few words. */
    readonly saturated: string;
    /** The finding as a sentence, with its numbers. */
    readonly message: string;
    /** Name of the world's option to change. */
    readonly option: string;
    /** The option's value now. */
    readonly from: number;
    /** The value to try. */
    readonly to: number;
    /** `WorldSnapshot.world`, if the world has a name. */
    readonly world?: string;
}

/** Judges a world. Returns null where the rule does not apply. */
export type Rule = (input: RuleInput) => Recommendation | null;

const CRITICAL_PRESSURE = 4;
const WARNING_PRESSURE = 2;
/** The greatest pressure that is only a warning: for what may well follow from another fault. */
export const MOST_AS_CONSEQUENCE = CRITICAL_PRESSURE * 0.99;

export function severityOf(pressure: number): RecommendationSeverity {
    return pressure >= CRITICAL_PRESSURE ? "critical" : pressure >= WARNING_PRESSURE ? "warning" : "hint";
}

/** Builds a recommendation. Returns null if the pressure is below 1 or the option would not change. */
export function recommendationOf(
    found: Omit<Recommendation, "severity" | "world">,
    { world }: WorldSnapshot,
): Recommendation | null {
    if (!(found.pressure >= 1) || found.from === found.to) {
        return null;
    }
    return { ...found, severity: severityOf(found.pressure), ...(world === undefined ? {} : { world }) };
}

/** Returns the statistics of an operation's latest runs; undefined if it did not run. */
export function recentOf({ operations }: RuleInput, operation: string): OperationStats["recent"] | undefined {
    return operations.find((stats) => stats.operation === operation)?.recent;
}

/** Returns the milliseconds of a chunk's whole way, from the request to the picture. */
export function latencyMs({ latency }: WorldSnapshot): number {
    const { queuedMs, bakingMs, returningMs, waitingMs, uploadMs } = latency;
    return queuedMs + bakingMs + returningMs + waitingMs + uploadMs;
}

/** Formats a number with as many digits as are worth reading. */
export function digits(value: number): string {
    return String(Number(value.toPrecision(value >= 1000 ? 4 : 3)));
}

export function mebibytes(bytes: number): string {
    return `${digits(bytes / 2 ** 20)} MiB`;
}
