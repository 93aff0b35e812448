import type { OperationStats } from "./operationTrack.js";
import type { OperationTarget } from "./targets.js";

export type Severity = "critical" | "warning" | "overTarget";

/** An operation whose recent p95 misses its target. */
export interface Bottleneck extends OperationTarget {
    /** Name of the operation. */
    readonly operation: string;
    /** The highest of its limits that is exceeded. */
    readonly severity: Severity;
    /** Milliseconds: the p95 of the latest 256 samples. */
    readonly measuredMs: number;
    /** `measuredMs` over `targetMs`, above 1. */
    readonly overTarget: number;
    /** The finding as a sentence, with its numbers. */
    readonly message: string;
}

const ORDER: readonly Severity[] = ["critical", "warning", "overTarget"];

/**
 * Returns the operations whose recent p95 misses their target, worst first: by severity, then by how far they miss it.
 * An operation without a target is never listed.
 */
export function findBottlenecks(
    operations: readonly OperationStats[],
    targets: Readonly<Record<string, OperationTarget>>,
): Bottleneck[] {
    const found: Bottleneck[] = [];
    for (const { operation, recent } of operations) {
        const target = targets[operation];
        const measuredMs = recent.p95Ms;
        if (target === undefined || measuredMs <= target.targetMs) {
            continue;
        }
        const overTarget = measuredMs / target.targetMs;
        const message = `${operation}: p95 ${measuredMs.toFixed(2)} ms, ${overTarget.toFixed(1)} times its target of ${target.targetMs} ms`;
        found.push({ operation, severity: severityOf(measuredMs, target), measuredMs, overTarget, message, ...target });
    }
    return found.sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || b.overTarget - a.overTarget);
}

/** Returns the severity of a time that misses its target. */
export function severityOf(measuredMs: number, target: OperationTarget): Severity {
    return measuredMs > target.criticalMs ? "critical" : measuredMs > target.warningMs ? "warning" : "overTarget";
}
