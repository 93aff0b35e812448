import { STAGES } from "../bake/protocol.js";
import type { BakeReport, LongTaskReport, StageReport } from "../profiler/bakeReport.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import { OPERATION_OF_STAGE } from "../scheduler/bakeSpans.js";
import type { BakeDetails } from "../scheduler/bakeSchedulerOptions.js";
import type { ResourceMonitor } from "../scheduler/resourceMonitor.js";
import { formatAddress, type ChunkAddress } from "../space/chunkAddress.js";

/** Number of tasks that a report names. */
const LONGEST = 10;

/** What a report tells that the recorder does not see itself. */
export interface BakeSurroundings {
    /** Work items of what was baked. */
    readonly workItems: number;
    /** Milliseconds of the whole bake, start-up included. */
    readonly totalMs: number;
    readonly poolHitRate: number;
    readonly retried: number;
    readonly quarantined: number;
    readonly recycled: number;
    readonly monitor: ResourceMonitor;
    readonly profiler: PerformanceProfiler;
}

/** Counts what a bake cost while it runs. */
export class BakeRecorder {
    private readonly _busyMs: number[];
    private readonly _longest: LongTaskReport[] = [];
    private _firstStartMs = Infinity;
    private _lastEndMs = 0;
    private _chunks = 0;
    private _bytes = 0;
    private _storedBytes = 0;

    /** @param workers number of threads that bake, the calling one where it bakes itself */
    public constructor(workers: number) {
        this._busyMs = new Array<number>(workers).fill(0);
    }

    /**
     * Counts a chunk.
     *
     * @param bytes of its chunk data
     * @param storedBytes of its file
     */
    public add(address: ChunkAddress, details: BakeDetails, bytes: number, storedBytes: number): void {
        const { startedMs, endedMs, worker, stageMs } = details;
        const ms = endedMs - startedMs;
        this._busyMs[Math.max(0, worker)]! += ms;
        this._firstStartMs = Math.min(this._firstStartMs, startedMs);
        this._lastEndMs = Math.max(this._lastEndMs, endedMs);
        this._chunks++;
        this._bytes += bytes;
        this._storedBytes += storedBytes;
        const shortest = this._longest.at(-1);
        if (this._longest.length < LONGEST || ms > shortest!.ms) {
            const stage = STAGES[stageMs.indexOf(Math.max(...stageMs))] ?? "noise";
            this._longest.push({ address: formatAddress(address), ms, stage });
            this._longest.sort((a, b) => b.ms - a.ms);
            this._longest.length = Math.min(this._longest.length, LONGEST);
        }
    }

    public report(around: BakeSurroundings): BakeReport {
        const { monitor } = around;
        const bakingMs = Math.max(0, this._lastEndMs - this._firstStartMs);
        const utilisation = this._busyMs.map((ms) => (bakingMs > 0 ? Math.min(1, ms / bakingMs) : 0));
        return {
            chunks: this._chunks,
            workItems: around.workItems,
            totalBakingTime: around.totalMs / 1000,
            bakingTime: bakingMs / 1000,
            chunksPerSecond: bakingMs > 0 ? (this._chunks / bakingMs) * 1000 : 0,
            workers: this._busyMs.length,
            parallelEfficiency: utilisation.reduce((sum, share) => sum + share, 0) / utilisation.length,
            workerUtilisation: utilisation,
            stages: stagesIn(around.profiler),
            longestTasks: this._longest,
            poolHitRate: around.poolHitRate,
            peakMemoryBytes: monitor.peakBytes,
            memoryLimitBytes: Number.isFinite(monitor.memoryLimitBytes) ? monitor.memoryLimitBytes : 0,
            mostInFlight: monitor.maxTasksInFlight,
            fewestInFlight: monitor.fewestInFlight,
            decisions: { ...monitor.counts },
            retried: around.retried,
            quarantined: around.quarantined,
            recycled: around.recycled,
            bytes: this._bytes,
            storedBytes: this._storedBytes,
        };
    }
}

function stagesIn(profiler: PerformanceProfiler): Record<string, StageReport> {
    const stages: Record<string, StageReport> = {};
    for (const stage of STAGES) {
        const stats = profiler.getOperationStats(OPERATION_OF_STAGE[stage]);
        if (stats !== undefined) {
            const { count, totalMs, meanMs, p95Ms, maxMs } = stats;
            stages[stage] = { count, totalMs, meanMs, p95Ms, maxMs };
        }
    }
    return stages;
}
