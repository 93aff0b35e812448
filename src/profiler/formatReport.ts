import { printable } from "../base/printable.js";
import type { BakeReport } from "./bakeReport.js";
import { MAIN_THREAD_NAME } from "./hitches.js";
import type { OperationStats } from "./operationTrack.js";
import { sortRecommendations } from "./recommend.js";
import type { PerformanceReport } from "./report.js";
import { recommendForBake } from "./rules/bakeReportRules.js";
import type { Recommendation } from "./rules/rule.js";
import type { OperationTarget } from "./targets.js";
import { formatNumber, formatTable } from "./textTable.js";
import type { WorldSnapshot } from "./worldSnapshot.js";

const DEFAULT_WIDTH = 100;
const MB = 1e6;
const MOST_HITCHES = 8;

/**
 * Formats a report as tables for a terminal. Texts in it break no line and move no cursor.
 *
 * @param width columns of the terminal. Default 100
 */
export function formatReport(report: PerformanceReport, width = DEFAULT_WIDTH): string {
    const seconds = (report.createdMs - report.startedMs) / 1000;
    return [
        `Recorded over ${formatNumber(seconds)} s, until ${new Date(report.createdMs).toISOString()}.`,
        ...(report.bake === undefined ? [] : bakeTables(report.bake, width)),
        operationTable(report, width),
        ...(report.frames.frames > 0 ? [frameTable(report, width)] : []),
        ...(report.hitches.length > 0 ? [hitchTable(report, width)] : []),
        ...(report.worlds.some(hasStores) ? [storeTable(report, width)] : []),
        findings(report),
    ].join("\n\n");
}

function operationTable({ operations, targets }: PerformanceReport, width: number): string {
    const rows = [...operations]
        .sort((a, b) => b.totalMs - a.totalMs)
        .map((stats) => {
            const target = Object.hasOwn(targets, stats.operation) ? targets[stats.operation] : undefined;
            const { operation, count, totalMs, meanMs, p50Ms, p95Ms, p99Ms, maxMs } = stats;
            const limit = target === undefined ? "-" : formatNumber(target.targetMs);
            return [operation, count, totalMs, meanMs, p50Ms, p95Ms, p99Ms, maxMs, limit, verdictOf(stats, target)];
        });
    const columns = ["operation", "count", "total", "mean", "p50", "p95", "p99", "max", "target", "verdict"];
    return formatTable({ title: "Operations (ms)", columns, rows }, width);
}

/** Judges an operation by its latest samples, as bottlenecks are found. */
function verdictOf({ recent }: OperationStats, target: OperationTarget | undefined): string {
    if (target === undefined) {
        return "-";
    }
    const { p95Ms } = recent;
    if (p95Ms > target.criticalMs) {
        return "critical";
    }
    return p95Ms > target.warningMs ? "warning" : p95Ms > target.targetMs ? "over target" : "good";
}

function frameTable({ frames }: PerformanceReport, width: number): string {
    const rows: [string, number][] = [
        ["frames", frames.frames],
        ["frames a second", frames.fps],
        ["mean (ms)", frames.meanMs],
        ["p95 (ms)", frames.p95Ms],
        ["p99 (ms)", frames.p99Ms],
        ["longest (ms)", frames.longestMs],
        ["over budget", frames.framesOverBudget],
        ["smoothness", frames.smoothness],
        ["Terrane's share, mean (ms)", frames.updateMeanMs],
        ["Terrane's share, p95 (ms)", frames.updateP95Ms],
        ["draw calls", frames.drawCalls],
        ["hitches", frames.hitches],
    ];
    return formatTable({ title: `Frames: ${frames.tier}`, columns: ["", "latest"], rows }, width);
}

/** Formats the longest hitches that were kept, and what ran in each. */
function hitchTable({ hitches }: PerformanceReport, width: number): string {
    const longest = [...hitches].sort((a, b) => b.frameTimeMs - a.frameTimeMs).slice(0, MOST_HITCHES);
    const rows = longest.map(({ frame, frameTimeMs, medianMs, ran }) => {
        const shares = ran.map(({ operation, thread, count, totalMs }) => {
            const where = thread === MAIN_THREAD_NAME ? "" : ` (${thread})`;
            return `${operation}${where} ${formatNumber(totalMs)}${count > 1 ? ` in ${count}` : ""}`;
        });
        return [frame, frameTimeMs, medianMs, shares.join(", ")];
    });
    return formatTable({ title: "Hitches (ms)", columns: ["frame", "took", "median", "in which ran"], rows }, width);
}

function hasStores({ stores = [] }: WorldSnapshot): boolean {
    return stores.length > 0;
}

/** Formats what the stores of all worlds did, each world's in the order in which they are asked. */
function storeTable({ worlds }: PerformanceReport, width: number): string {
    const isOne = worlds.filter(hasStores).length === 1;
    const rows = worlds.flatMap(({ world, stores = [] }) =>
        stores.map((stats) => {
            const { name, hits, misses, damaged, failed, retries, bytesRead, bytesWritten } = stats;
            return [
                isOne || world === undefined ? name : `${world}: ${name}`,
                hits,
                misses,
                damaged,
                failed,
                retries,
                bytesRead / MB,
                bytesWritten / MB,
                stats.latencyMsP50,
                stats.latencyMsP95,
            ];
        }),
    );
    const counts = ["hits", "misses", "damaged", "failed", "retries"];
    const columns = ["store", ...counts, "read (MB)", "written (MB)", "p50 (ms)", "p95 (ms)"];
    return formatTable({ title: "Stores", columns, rows }, width);
}

function findings({ bottlenecks, recommendations, bake }: PerformanceReport): string {
    const advice = sortRecommendations([...recommendations, ...(bake === undefined ? [] : recommendForBake(bake))]);
    const misses = bottlenecks.map(({ severity, message }) => `  ${severity}: ${message}`);
    return [
        ...(misses.length > 0 ? ["Bottlenecks", ...misses] : ["No operation misses its target."]),
        ...(advice.length > 0 ? ["Recommendations", ...advice.map(adviceLine)] : []),
    ]
        .map(printable)
        .join("\n");
}

function adviceLine({ severity, message, option, from, to, world }: Recommendation): string {
    const name = world === undefined ? "" : `${world}: `;
    return `  ${severity}: ${name}${message} Change ${option} from ${formatNumber(from)} to ${formatNumber(to)}.`;
}

function formatShare(share: number): string {
    return Number.isFinite(share) ? `${formatNumber(Math.round(share * 100))}%` : "?";
}

function bakeTables(bake: BakeReport, width: number): string[] {
    const busy = bake.workerUtilisation.map(formatShare).join(" ");
    const held = Object.entries(bake.decisions).map(([kind, count]) => `${kind} ${count}`);
    const limit = bake.memoryLimitBytes > 0 ? `${formatNumber(bake.memoryLimitBytes / MB)} MB` : "none";
    const rows: [string, string | number][] = [
        ["chunks", bake.chunks],
        ["work items", bake.workItems],
        ["total time (s)", bake.totalBakingTime],
        ["baking (s)", bake.bakingTime],
        ["chunks a second", bake.chunksPerSecond],
        ["workers", bake.workers],
        ["parallel efficiency", bake.parallelEfficiency],
        ["workers' utilisation", busy],
        ["pool hit rate", bake.poolHitRate],
        ["peak memory (MB)", bake.peakMemoryBytes / MB],
        ["memory limit", limit],
        ["chunks in flight", `${bake.fewestInFlight} to ${bake.mostInFlight}`],
        ["decisions", held.join(", ")],
        ["retried", bake.retried],
        ["quarantined", bake.quarantined],
        ["workers replaced", bake.recycled],
        ["chunk data (MB)", bake.bytes / MB],
        ["files (MB)", bake.storedBytes / MB],
    ];
    const text = rows.map(([name, value]) => [name, typeof value === "number" ? formatNumber(value) : value]);
    const whole = Object.values(bake.stages).reduce((sum, { totalMs }) => sum + totalMs, 0);
    const stages = Object.entries(bake.stages).map(([stage, { count, totalMs, meanMs, p95Ms, maxMs }]) => [
        stage,
        count,
        totalMs,
        formatShare(totalMs / whole),
        meanMs,
        p95Ms,
        maxMs,
    ]);
    const longest = bake.longestTasks.map(({ address, ms, stage }) => [address, ms, stage]);
    return [
        formatTable({ title: "Bake", columns: ["", ""], rows: text }, width),
        formatTable(
            { title: "Stages (ms)", columns: ["stage", "count", "total", "share", "mean", "p95", "max"], rows: stages },
            width,
        ),
        formatTable({ title: "Longest", columns: ["chunk", "ms", "mostly"], rows: longest }, width),
    ];
}
