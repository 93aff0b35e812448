import type { Hitch } from "../../../src/profiler/hitches.js";
import { recommend, RULES } from "../../../src/profiler/recommend.js";
import type { RuleInput } from "../../../src/profiler/rules/rule.js";
import { ruleInput, healthySnapshot } from "../../support/healthyWorld.js";

const MIB = 2 ** 20;

/** A case in which each rule fires, what it says, and one near it in which it does not. */
interface RuleCase {
    readonly fires: RuleInput;
    readonly says: { option: string; from: number; to: number; severity: string; saturated: string };
    readonly names: RegExp;
    readonly silent: RuleInput;
}

function hitch(frameTimeMs: number, operation: string, totalMs: number): Hitch {
    const ran = [{ operation, thread: "main" as const, count: 9, totalMs }];
    return { frame: 1, startMs: 0, frameTimeMs, medianMs: 16, updateTimeMs: 1, drawTimeMs: 1, ran };
}

const lateQueue = { queuedMs: 1500, bakingMs: 100 };

const CASES: Readonly<Record<string, RuleCase>> = {
    memoryShort: {
        fires: ruleInput(healthySnapshot({ usedBytes: 250 * MIB, effectiveScreenSpaceError: 6 })),
        says: {
            option: "memoryLimitBytes",
            from: 256 * MIB,
            to: 1024 * MIB,
            severity: "critical",
            saturated: "memory",
        },
        names: /250 MiB are used of a limit of 256 MiB, .* 6 pixels in place of 3\./,
        // A cache fills up to the limit: that alone is what it is for.
        silent: ruleInput(healthySnapshot({ usedBytes: 255 * MIB, effectiveScreenSpaceError: 3.3 })),
    },
    poolMisses: {
        fires: ruleInput(healthySnapshot({ usedBytes: 240 * MIB, poolHitRate: 0.5 })),
        says: {
            option: "memoryLimitBytes",
            from: 256 * MIB,
            to: 512 * MIB,
            severity: "warning",
            saturated: "buffer pools",
        },
        names: /Only 50 percent of buffers come from the pools/,
        // While memory is free, buffers are new because they are kept.
        silent: ruleInput(healthySnapshot({ usedBytes: 100 * MIB, poolHitRate: 0.1 })),
    },
    workersSaturated: {
        fires: ruleInput(healthySnapshot({ queueLength: 90, inFlight: 8 }, lateQueue)),
        says: { option: "workers", from: 4, to: 8, severity: "critical", saturated: "workers" },
        names: /waits 1500 ms for a worker and 100 ms for its bake; 90 wait now, 8 are at 4 workers\./,
        // The time goes elsewhere.
        silent: ruleInput(healthySnapshot({ queueLength: 90, inFlight: 8 }, { ...lateQueue, waitingMs: 2000 })),
    },
    processorSaturated: {
        fires: ruleInput(healthySnapshot({ queueLength: 90, cores: 4 }, lateQueue)),
        says: {
            option: "screenSpaceError",
            from: 3,
            to: 4.5,
            severity: "critical",
            saturated: "workers and processor",
        },
        names: /The device has no core for more\./,
        silent: ruleInput(healthySnapshot({ queueLength: 90, cores: 5 }, lateQueue)),
    },
    slowBakes: {
        fires: ruleInput(healthySnapshot(), { bakeTerrain: 120 }),
        says: { option: "workers", from: 4, to: 8, severity: "warning", saturated: "workers" },
        names: /takes 120 ms to bake \(p95\), 2\.4 times its target of 50 ms, on 4 workers\./,
        silent: ruleInput(healthySnapshot(), { bakeTerrain: 50 }),
    },
    bakesOnMainThread: {
        fires: ruleInput(healthySnapshot({ workers: 0 }), { bakeTerrain: 25 }),
        says: { option: "workers", from: 0, to: 2, severity: "critical", saturated: "main thread" },
        names: /baked on the main thread, 25 ms each/,
        silent: ruleInput(healthySnapshot({ workers: 0 }), { bakeTerrain: 3 }),
    },
    uploadTimeShort: {
        fires: ruleInput(healthySnapshot({ applyBudgetMs: 0.5, waitingForUpload: 60 }, { waitingMs: 900 })),
        says: { option: "applyBudgetMs", from: 0.5, to: 2, severity: "critical", saturated: "upload time" },
        names: /waits 900 ms for its upload; 60 wait now\. 0\.5 ms a frame are for uploads, one of which takes 0\.2 ms\./,
        silent: ruleInput(healthySnapshot({ applyBudgetMs: 0.5, waitingForUpload: 60 }, { waitingMs: 45 })),
    },
    uploadBytesShort: {
        fires: ruleInput(healthySnapshot({ applyBudgetBytes: 65_536, waitingForUpload: 60 }, { waitingMs: 150 })),
        says: { option: "applyBudgetBytes", from: 65_536, to: MIB, severity: "warning", saturated: "upload bytes" },
        names: /0\.0625 MiB a frame are for uploads, 1\.31 chunks/,
        // Bytes for 20 chunks, but milliseconds for 10.
        silent: ruleInput(healthySnapshot({ waitingForUpload: 60 }, { waitingMs: 150 })),
    },
    prefetchShort: {
        fires: ruleInput(healthySnapshot({ prefetchTime: 1 }, { returningMs: 2935 })),
        says: { option: "prefetchTime", from: 1, to: 4, severity: "warning", saturated: "prefetch" },
        names: /followed 1 s ahead, but a chunk takes 3 s to come\./,
        // Whoever sets 0 wants none.
        silent: ruleInput(healthySnapshot({ prefetchTime: 0 }, { returningMs: 2935 })),
    },
    uploadsTooLong: {
        fires: ruleInput(
            healthySnapshot({ applyBudgetMs: 8 }),
            { uploadChunk: 8 },
            { frameMs: 17, updateMs: 9, drawMs: 4 },
        ),
        says: { option: "applyBudgetMs", from: 8, to: 4, severity: "warning", saturated: "main thread" },
        names: /takes 9 ms of a frame \(p95\), of a budget of 17\.2 ms\. Up to 8 ms of it are for uploads\./,
        silent: ruleInput(
            healthySnapshot({ applyBudgetMs: 8 }),
            { uploadChunk: 3 },
            { frameMs: 17, updateMs: 4, drawMs: 4 },
        ),
    },
    selectionTooLong: {
        fires: ruleInput(healthySnapshot(), { selectLevels: 5 }, { frameMs: 17, updateMs: 6, drawMs: 4 }),
        says: { option: "screenSpaceError", from: 3, to: 4.5, severity: "hint", saturated: "main thread" },
        names: /takes 6 ms of a frame .* Choosing levels takes most of it\./,
        silent: ruleInput(healthySnapshot(), { selectLevels: 2 }, { frameMs: 17, updateMs: 6, drawMs: 4 }),
    },
    uploadsHitch: {
        fires: {
            ...ruleInput(),
            hitches: [
                ...Array.from({ length: 7 }, () => hitch(40, "uploadChunk", 25)),
                hitch(90, "uploadChunk", 60),
                hitch(200, "collectGarbage", 190),
            ],
        },
        says: { option: "applyBudgetMs", from: 2, to: 1, severity: "warning", saturated: "main thread" },
        names: /^8 of the latest 9 hitches are uploads: the longest took 90 ms, 60 ms of them uploads\./,
        silent: { ...ruleInput(), hitches: Array.from({ length: 9 }, () => hitch(40, "uploadChunk", 5)) },
    },
    drawCallsSaturated: {
        fires: ruleInput(healthySnapshot(), {}, { frameMs: 40, updateMs: 1, drawMs: 30 }),
        says: { option: "viewDistance", from: 10_000, to: 7_500, severity: "warning", saturated: "draw calls" },
        names: /takes 40 ms, over its budget of 17\.2 ms\. Drawing takes 30 ms of it on the main thread, for 400 chunks\./,
        silent: ruleInput(healthySnapshot(), {}, { frameMs: 16.7, updateMs: 1, drawMs: 15 }),
    },
    graphicsSaturated: {
        fires: ruleInput(healthySnapshot(), {}, { frameMs: 40, updateMs: 1, drawMs: 5 }),
        says: { option: "screenSpaceError", from: 3, to: 4.75, severity: "warning", saturated: "graphics" },
        names: /The main thread is busy for 6 ms of it; 900000 triangles are drawn\./,
        silent: ruleInput(healthySnapshot(), {}, { frameMs: 16.7, updateMs: 1, drawMs: 5 }),
    },
};

test("each rule has its cases", () => {
    expect(RULES.map(({ name }) => name).sort()).toEqual(Object.keys(CASES).sort());
});

describe.each(Object.entries(CASES))("%s", (name, { fires, says, names, silent }) => {
    const rule = RULES.find((other) => other.name === name)!;

    test("fires, and says which option to change", () => {
        const found = rule(fires);
        expect(found).toMatchObject({ rule: name, ...says });
        expect(found!.message).toMatch(names);
        expect(found!.pressure).toBeGreaterThanOrEqual(1);
        expect(found!.message).not.toMatch(/NaN|Infinity|undefined/);
    });

    test("does not fire where its limit is kept", () => {
        expect(rule(silent)).toBeNull();
    });

    test("is the only one to fire, or among those of the same trouble", () => {
        expect(recommend(fires)[0]).toMatchObject({ option: says.option });
    });
});

test("a world that is well gets no advice", () => {
    expect(recommend(ruleInput())).toEqual([]);
});

test("nor does one of which nothing is known yet", () => {
    const latency = { queuedMs: 0, bakingMs: 0, returningMs: 0, waitingMs: 0, uploadMs: 0 };
    const snapshot = healthySnapshot(
        { queueLength: 0, inFlight: 0, waitingForUpload: 0, usedBytes: 0, poolHitRate: 0 },
        latency,
    );
    const { frames } = ruleInput(snapshot);
    const empty = { ...frames, frames: 0, meanMs: 0, drawMeanMs: 0, updateMeanMs: 0, updateP95Ms: 0 };
    expect(recommend({ operations: [], targets: {}, frames: empty, hitches: [], snapshot })).toEqual([]);
});

test("what cannot be raised any further is not advised", () => {
    const snapshot = healthySnapshot(
        { applyBudgetMs: 8, applyBudgetBytes: 16 * MIB, waitingForUpload: 60 },
        { waitingMs: 900 },
    );
    expect(recommend(ruleInput(snapshot))).toEqual([]);
});

test("of several rules for one option only the worst speaks", () => {
    const input = ruleInput(healthySnapshot({ queueLength: 90, inFlight: 8 }, lateQueue), { bakeTerrain: 120 });
    expect(recommend(input).map(({ rule }) => rule)).toEqual(["workersSaturated"]);
});
