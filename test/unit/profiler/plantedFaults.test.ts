import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import type { LatencyChain, WorldSnapshot } from "../../../src/profiler/worldSnapshot.js";
import { healthySnapshot } from "../../support/healthyWorld.js";

const MIB = 2 ** 20;
const FRAME_MS = 1000 / 60;
const CHUNK_BYTES = 50_000;
const UPLOAD_MS = 0.3;

interface Settings {
    readonly workers: number;
    readonly bakeMs: number;
    readonly memoryLimitBytes: number;
    readonly applyBudgetMs: number;
}

const WELL: Settings = { workers: 2, bakeMs: 5, memoryLimitBytes: 256 * MIB, applyBudgetMs: 2 };

/**
 * A world of 600 chunks that comes in, step by step: workers bake what waits, uploads go as far as their budget, and where
 * memory is short fewer chunks are wanted and their buffers are not kept. Looked at when half of the chunks are shown, or after
 * ten seconds.
 */
function simulate(profiler: PerformanceProfiler, settings: Settings): void {
    const { workers, bakeMs, memoryLimitBytes, applyBudgetMs } = settings;
    const room = Math.floor(memoryLimitBytes / (2 * CHUNK_BYTES));
    const wanted = Math.min(600, room);
    const freeAt = new Array<number>(workers).fill(0);
    const baked: number[] = [];
    const queued: number[] = [];
    const waits: number[] = [];
    let sent = 0;
    let shown = 0;
    let nowMs = 0;
    while (shown < wanted / 2 && nowMs < 10_000) {
        nowMs += FRAME_MS;
        for (let worker = 0; worker < workers; worker++) {
            while (sent < wanted && freeAt[worker]! < nowMs) {
                queued.push(freeAt[worker]!);
                profiler.record("bakeTerrain", freeAt[worker]!, bakeMs, worker + 1);
                freeAt[worker]! += bakeMs;
                baked.push(freeAt[worker]!);
                sent++;
            }
        }
        let spentMs = 0;
        // One chunk always may.
        for (let first = true; shown < baked.length && (first || spentMs + UPLOAD_MS <= applyBudgetMs); first = false) {
            if (baked[shown]! > nowMs) {
                break;
            }
            waits.push(nowMs - baked[shown++]!);
            profiler.record("uploadChunk", nowMs + spentMs, UPLOAD_MS);
            spentMs += UPLOAD_MS;
        }
        profiler.record("updateWorld", nowMs, spentMs + 0.2);
        profiler.record("drawFrame", nowMs + spentMs, 6);
        profiler.recordFrameMetrics({
            frameTimeMs: FRAME_MS,
            updateTimeMs: spentMs + 0.2,
            drawTimeMs: 6,
            startMs: nowMs,
            memoryBytes: baked.length * 2 * CHUNK_BYTES,
            chunkCount: shown,
            triangleCount: shown * 2000,
        });
    }
    const latency: LatencyChain = {
        queuedMs: mean(queued),
        bakingMs: bakeMs,
        returningMs: 2,
        waitingMs: mean(waits),
        uploadMs: UPLOAD_MS,
    };
    const isShort = wanted < 600;
    const snapshot: WorldSnapshot = healthySnapshot(
        {
            ...settings,
            cores: 8,
            queueLength: wanted - sent,
            inFlight: Math.min(workers, wanted - sent),
            waitingForUpload: baked.filter((ms) => ms <= nowMs).length - shown,
            usedBytes: Math.min(memoryLimitBytes, baked.length * 2 * CHUNK_BYTES),
            poolHitRate: isShort ? 0.1 : 0.97,
            effectiveScreenSpaceError: isShort ? 3 * Math.min(8, Math.sqrt(600 / wanted)) : 3,
        },
        latency,
    );
    profiler.addSnapshotSource(() => snapshot);
}

function mean(values: readonly number[]): number {
    return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function adviceFor(changes: Partial<Settings>) {
    const profiler = new PerformanceProfiler({ now: () => 0 });
    simulate(profiler, { ...WELL, ...changes });
    return profiler.analyze();
}

test("nothing critical is found where no fault is planted", () => {
    expect(adviceFor({}).filter(({ severity }) => severity === "critical")).toEqual([]);
});

test("a worker slowed by 200 ms a chunk comes out on top", () => {
    expect(adviceFor({ bakeMs: 205 })[0]).toMatchObject({
        severity: "critical",
        saturated: "workers",
        option: "workers",
        from: 2,
        to: 4,
    });
});

test("so it does where every core has its worker", () => {
    const advice = adviceFor({ bakeMs: 205, workers: 8 });
    expect(advice[0]).toMatchObject({ severity: "critical", saturated: "workers and processor" });
});

test("a memory limit of 1 MB comes out on top", () => {
    expect(adviceFor({ memoryLimitBytes: MIB })[0]).toMatchObject({
        severity: "critical",
        saturated: "memory",
        option: "memoryLimitBytes",
        from: MIB,
    });
});

test("and stays there when chunks come late for it, and bakes are slow", () => {
    const advice = adviceFor({ memoryLimitBytes: MIB, bakeMs: 205, applyBudgetMs: 0.1 });
    expect(advice[0]).toMatchObject({ saturated: "memory", to: expect.any(Number) as number });
    expect(advice[0]!.to).toBeGreaterThanOrEqual(16 * MIB);
});

test("an upload budget of 0.1 ms comes out on top", () => {
    expect(adviceFor({ applyBudgetMs: 0.1 })[0]).toMatchObject({
        severity: "critical",
        saturated: "upload time",
        option: "applyBudgetMs",
        from: 0.1,
        to: expect.any(Number) as number,
    });
});

test("worlds that share a profiler are told apart, and one that is gone is no longer asked", () => {
    const profiler = new PerformanceProfiler({ now: () => 0 });
    const remove = profiler.addSnapshotSource(() => healthySnapshot({ world: "north", effectiveScreenSpaceError: 12 }));
    profiler.addSnapshotSource(() => healthySnapshot({ world: "south", effectiveScreenSpaceError: 4 }));
    expect(profiler.analyze().map(({ world, severity }) => [world, severity])).toEqual([
        ["north", "critical"],
        ["south", "hint"],
    ]);
    remove();
    remove();
    expect(profiler.analyze().map(({ world }) => world)).toEqual(["south"]);
    expect(profiler.exportReport().worlds).toMatchObject([{ world: "south" }]);
});

test("snapshots are asked for by reports and analyses alone, and numbers without an end become 0", () => {
    const profiler = new PerformanceProfiler({ now: () => 0 });
    let asked = 0;
    profiler.addSnapshotSource(() => {
        asked++;
        return healthySnapshot({ memoryLimitBytes: Infinity, poolHitRate: Number.NaN, world: undefined });
    });
    profiler.record("x", 0, 1);
    profiler.getFrameStats();
    profiler.analyzeBottlenecks();
    expect(asked).toBe(0);
    const report = profiler.exportReport();
    expect(asked).toBe(1);
    expect(report.worlds[0]).toMatchObject({ memoryLimitBytes: 0, poolHitRate: 0 });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});
