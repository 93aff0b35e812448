import type { BakeReport } from "../bakeReport.js";
import { digits, mebibytes, severityOf, type Recommendation } from "./rule.js";

/** Share of the workers' time below which there is a worker too many. */
const GOOD_EFFICIENCY = 0.7;

/** Returns what would have sped up a bake ahead of time, judged by its report alone. */
export function recommendForBake(bake: BakeReport): Recommendation[] {
    return [heldBack(bake), idleWorkers(bake)].filter((recommendation) => recommendation !== null);
}

/** Finds a memory limit that kept chunks from being baked side by side. */
export function heldBack(bake: BakeReport): Recommendation | null {
    const { memoryLimitBytes: from, decisions, fewestInFlight, mostInFlight, peakMemoryBytes } = bake;
    const times = (decisions.held ?? 0) + (decisions.lowered ?? 0);
    if (from === 0 || times === 0) {
        return null;
    }
    const pressure = Math.max(1, mostInFlight / Math.max(1, fewestInFlight));
    const message =
        `Memory's limit of ${mebibytes(from)} held chunks back ${times} times, down to ${fewestInFlight} in flight; ` +
        `${mebibytes(peakMemoryBytes)} were used.`;
    const found = { rule: "heldBack", severity: severityOf(pressure), pressure, saturated: "memory", message };
    return { ...found, option: "memoryLimitBytes", from, to: 2 * from };
}

/** Finds idle workers: the main thread could not send and store chunks as fast as they bake. */
export function idleWorkers({ workers: from, parallelEfficiency }: BakeReport): Recommendation | null {
    const to = Math.max(1, Math.ceil(from * parallelEfficiency));
    if (parallelEfficiency >= GOOD_EFFICIENCY || to >= from) {
        return null;
    }
    const pressure = GOOD_EFFICIENCY / Math.max(0.01, parallelEfficiency);
    const message = `${from} workers baked for ${digits(parallelEfficiency * 100)} percent of their time: fewer would do.`;
    const found = { rule: "idleWorkers", severity: severityOf(pressure), pressure, saturated: "main thread", message };
    return { ...found, option: "workers", from, to };
}
