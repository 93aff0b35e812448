import fc from "fast-check";
import { formatReport } from "../../../src/profiler/formatReport.js";
import { parseReport } from "../../../src/profiler/parseReport.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import { recommendForBake } from "../../../src/profiler/rules/bakeReportRules.js";
import type { PerformanceReport } from "../../../src/profiler/report.js";
import { formatNumber, formatTable } from "../../../src/profiler/textTable.js";
import { testSeed } from "../../support/randomRecipe.js";
import { healthySnapshot } from "../../support/healthyWorld.js";

const seed = testSeed();

function makeReport(): PerformanceReport {
    let now = 1_700_000_000_000;
    const profiler = new PerformanceProfiler({ now: () => now });
    for (let i = 1; i <= 100; i++) {
        profiler.record("bakeTerrain", now, i * 4);
        profiler.record("countTrees", now, 0.25);
    }
    for (const frameTimeMs of [16, 16, 16, 16, 48]) {
        profiler.recordFrameMetrics({
            frameTimeMs,
            drawTimeMs: 9,
            updateTimeMs: 0.5,
            memoryBytes: 1,
            chunkCount: 2,
            triangleCount: 3,
            drawCalls: 77,
            startMs: now,
        });
    }
    profiler.addSnapshotSource(() => healthySnapshot({ world: "north", applyBudgetMs: 0.1 }, { waitingMs: 900 }));
    now += 2500;
    const bake = {
        chunks: 16,
        workItems: 112,
        totalBakingTime: 0.5,
        bakingTime: 0.4,
        chunksPerSecond: 40,
        workers: 2,
        parallelEfficiency: 0.93,
        workerUtilisation: [0.9, 0.96],
        stages: { noise: { count: 16, totalMs: 30, meanMs: 1.875, p95Ms: 3, maxMs: 4 } },
        longestTasks: [{ address: "0/1/1", ms: 12.5, stage: "fusion" }],
        poolHitRate: 0.5,
        peakMemoryBytes: 5e6,
        memoryLimitBytes: 64e6,
        mostInFlight: 16,
        fewestInFlight: 3,
        decisions: { lowered: 2, raised: 1, held: 0 },
        retried: 1,
        quarantined: 0,
        recycled: 0,
        bytes: 1e6,
        storedBytes: 4e5,
    };
    return { ...profiler.exportReport(), bake };
}

test("a report is read as it was written", () => {
    const report = makeReport();
    const json = JSON.parse(JSON.stringify(report)) as PerformanceReport;
    expect(parseReport(JSON.stringify(report))).toEqual(json);
    const { bake, ...session } = json;
    expect(bake).toBeDefined();
    expect(parseReport(JSON.stringify(session))).toEqual(session);
    expect(parseReport(JSON.stringify({ ...json, later: 1 }))).toMatchObject({ later: 1 });
});

const STORE = {
    name: "browser",
    hits: 1200,
    misses: 34,
    damaged: 2,
    failed: 1,
    retries: 5,
    bytesRead: 60e6,
    bytesWritten: 7e6,
    latencyMsP50: 0.8,
    latencyMsP95: 4.25,
};

test("what stores did is kept in the report, finite, and printed store by store", () => {
    const profiler = new PerformanceProfiler({ now: () => 1_700_000_000_000 });
    const unread = { ...STORE, name: "cdn", hits: 0, latencyMsP95: Number.NaN };
    profiler.addSnapshotSource(() => healthySnapshot({ world: "north", stores: [STORE, unread] }));
    const report = parseReport(JSON.stringify(profiler.exportReport()));
    expect(report.worlds[0]!.stores).toEqual([STORE, { ...unread, latencyMsP95: 0 }]);
    const text = formatReport(report);
    expect(text).toMatch(
        /^store +hits +misses +damaged +failed +retries +read \(MB\) +written \(MB\) +p50 \(ms\) +p95/m,
    );
    expect(text).toMatch(/^browser +1200 +34 +2 +1 +5 +60 +7 +0\.800 +4\.25$/m);
    expect(text).toMatch(/^cdn +0 +34 /m);
    // Of several worlds each store says whose it is.
    profiler.addSnapshotSource(() => healthySnapshot({ world: "south", stores: [STORE] }));
    expect(formatReport(profiler.exportReport())).toMatch(/^north: browser .*\nnorth: cdn .*\nsouth: browser /m);
    // Without stores there is no table.
    expect(formatReport(makeReport())).not.toMatch(/^Stores$/m);
});

test("a report of stores that are none is refused", () => {
    const read = (stores: unknown) => () => {
        const report = JSON.parse(JSON.stringify(makeReport())) as { worlds: Record<string, unknown>[] };
        report.worlds[0]!.stores = stores;
        return parseReport(JSON.stringify(report));
    };
    expect(read([STORE])).not.toThrow();
    expect(read([{ ...STORE, hits: "many" }])).toThrow(
        /report\.worlds\.0\.stores\.0\.hits is "many"; allowed: a finite/,
    );
    expect(read([{ ...STORE, name: 1 }])).toThrow(/report\.worlds\.0\.stores\.0\.name is 1; allowed: a text/);
    expect(read({})).toThrow(/report\.worlds\.0\.stores/);
});

test("it is printed as tables with a verdict for each operation", () => {
    const text = formatReport(makeReport());
    expect(text).toMatch(/^Recorded over 2\.50 s, until 2023-11-14T22:13:22\.500Z\./);
    expect(text).toMatch(/^bakeTerrain +100 +20200 +202 +\d+ +\d+ +\d+ +400 +50 +critical$/m);
    expect(text).toMatch(/^countTrees +100 +25 .* - +-$/m);
    expect(text).toMatch(/^Frames: Fair$/m);
    expect(text).toMatch(/^draw calls +77$/m);
    expect(text).toMatch(/^hitches +1$/m);
    expect(text).toMatch(/^ +5 +48 +16 +bakeTerrain 4536 in 100, countTrees 25 in 100$/m);
    expect(text).toMatch(/^ {2}critical: bakeTerrain: p95 380\.00 ms, 7\.6 times its target of 50 ms$/m);
    expect(text).toMatch(/^noise +16 +30 +100% +1\.88 +3 +4$/m);
    expect(text).toMatch(/^0\/1\/1 +12\.5 +fusion$/m);
    expect(text).toMatch(/^chunks in flight +3 to 16$/m);
    expect(text).toMatch(/^workers' utilisation +90% 96%$/m);
});

test("recommendations stand below the bottlenecks, with the option to change, worst first", () => {
    const lines = formatReport(makeReport()).split("\n");
    const from = lines.indexOf("Recommendations");
    expect(from).toBeGreaterThan(lines.indexOf("Bottlenecks"));
    expect(lines.slice(from + 1)).toEqual([
        expect.stringMatching(/^ {2}critical: north: A chunk takes 380 ms to bake .* Change workers from 4 to 8\.$/),
        expect.stringMatching(
            /^ {2}critical: north: A baked chunk waits 900 ms .* Change applyBudgetMs from 0\.100 to 2\.$/,
        ),
        expect.stringMatching(
            /^ {2}critical: Memory's limit of 61 MiB held chunks back 2 times, .* Change memoryLimitBytes /,
        ),
    ]);
});

test("a report of before hitches and recommendations is read and printed as one without any", () => {
    const report = JSON.parse(JSON.stringify(makeReport())) as Record<string, unknown>;
    for (const field of ["hitches", "worlds", "recommendations", "bake"]) {
        delete report[field];
    }
    const frames = report.frames as Record<string, unknown>;
    delete frames.hitches;
    delete frames.drawCalls;
    delete frames.allocations;
    const read = parseReport(JSON.stringify(report));
    expect(read).toMatchObject({ hitches: [], worlds: [], recommendations: [], frames: { hitches: 0, drawCalls: 0 } });
    expect(formatReport(read)).not.toContain("Recommendations");
});

test("a bake that was well gets no advice, idle workers do", () => {
    const { bake } = makeReport();
    expect(recommendForBake({ ...bake!, decisions: { lowered: 0, raised: 0, held: 0 } })).toEqual([]);
    expect(recommendForBake({ ...bake!, memoryLimitBytes: 0 })).toEqual([]);
    expect(recommendForBake({ ...bake!, decisions: {}, workers: 8, parallelEfficiency: 0.3 })).toMatchObject([
        { rule: "idleWorkers", severity: "warning", option: "workers", from: 8, to: 3 },
    ]);
});

test("no line is longer than the terminal is wide", () => {
    for (const width of [40, 72, 200]) {
        const tables = formatReport(makeReport(), width).split("\n\n").slice(1, -1);
        for (const line of tables.join("\n").split("\n")) {
            expect(line.length).toBeLessThanOrEqual(width);
        }
    }
});

test.each<[string, (report: Record<string, unknown>) => void, RegExp]>([
    ["another kind", (report) => (report.kind = "x"), /report\.kind is "x"; allowed: "terrane-performance-report"/],
    ["a later version", (report) => (report.version = 2), /report\.version is 2; allowed: 1/],
    ["a missing field", (report) => delete report.operations, /report\.operations is undefined/],
    [
        "a text for a number",
        (report) => (report.createdMs = "now"),
        /report\.createdMs is "now"; allowed: a finite number/,
    ],
    [
        "a date beyond all dates",
        (report) => (report.createdMs = 1e308),
        /report\.createdMs is 1e\+308; allowed: a finite/,
    ],
    ["half a bake", (report) => (report.bake = { chunks: 1 }), /report\.bake\.workItems is undefined/],
    [
        "a hitch in which nothing is known to have run",
        (report) =>
            (report.hitches = [{ frame: 1, startMs: 0, frameTimeMs: 9, medianMs: 1, updateTimeMs: 0, drawTimeMs: 0 }]),
        /report\.hitches\.0\.ran is undefined/,
    ],
    [
        "advice without a number",
        (report) => ((report.recommendations as Record<string, unknown>[])[0]!.to = "more"),
        /report\.recommendations\.0\.to is "more"; allowed: a finite number/,
    ],
    ["a snapshot of no world", (report) => (report.worlds = [{}]), /report\.worlds\.0\.queueLength is undefined/],
    [
        "an operation that is none",
        (report) => ((report.operations as Record<string, unknown>[])[0]!.count = null),
        /report\.operations\.0\.count is null/,
    ],
])("%s is named", (_, change, message) => {
    const report = JSON.parse(JSON.stringify(makeReport())) as Record<string, unknown>;
    change(report);
    expect(() => parseReport(JSON.stringify(report))).toThrow(message);
});

test(`whatever JSON is given is refused with a reason or can be printed (seed ${seed})`, () => {
    const text = JSON.stringify(makeReport());
    expect(() => parseReport("")).toThrow(/report is .*allowed: JSON/);
    fc.assert(
        fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), fc.nat(4), (at, put, cut) => {
            let report: PerformanceReport;
            try {
                report = parseReport(text.slice(0, at) + put + text.slice(at + cut));
            } catch (error) {
                expect((error as { code?: string }).code).toBe("TERRANE_INVALID");
                return;
            }
            expect(formatReport(report)).toContain("Operations");
        }),
        { seed, numRuns: 2000 },
    );
});

test(`whatever a forged report says is printed in harmless lines, or refused (seed ${seed})`, () => {
    const numbers = [1e308, -1e308, 8.64e15, -8.64e15, 8.7e15, 5e-324, 0, -1, 2 ** 53];
    const texts = [
        "\x1b[2J",
        "a\nBottlenecks\n  critical: forged",
        "\x9b31m",
        "\u202e",
        "constructor",
        "__proto__",
        "",
    ];
    const forge = (value: unknown, next: () => number): unknown => {
        if (typeof value === "number") {
            return next() % 3 === 0 ? numbers[next() % numbers.length] : value;
        }
        if (typeof value === "string") {
            return value.startsWith("terrane-") || next() % 3 > 0 ? value : texts[next() % texts.length];
        }
        if (Array.isArray(value)) {
            return value.map((item) => forge(item, next));
        }
        if (typeof value === "object" && value !== null) {
            const entries = Object.entries(value).map(([key, item]) => [
                key,
                key === "version" ? item : forge(item, next),
            ]);
            return JSON.parse(
                `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${JSON.stringify(item)}`).join()}}`,
            );
        }
        return value;
    };
    const original = JSON.parse(JSON.stringify(makeReport())) as unknown;
    let [printed, refused] = [0, 0];
    fc.assert(
        fc.property(fc.nat(), (start) => {
            let state = start;
            const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) >>> 8;
            const forged = forge(original, next);
            let report: PerformanceReport;
            try {
                report = parseReport(JSON.stringify(forged));
            } catch (error) {
                expect((error as { code?: string }).code).toBe("TERRANE_INVALID");
                refused++;
                return;
            }
            const text = formatReport(report);
            // eslint-disable-next-line no-control-regex -- these are what is looked for
            expect(text.replaceAll("\n", "")).not.toMatch(/[\0-\x1f\x7f-\x9f\u2028-\u202e]/);
            expect(text.split("\n").filter((line) => line === "Bottlenecks").length).toBeLessThanOrEqual(1);
            expect(text).not.toMatch(/NaN|undefined/);
            printed++;
        }),
        { seed, numRuns: 500 },
    );
    expect(Math.min(printed, refused)).toBeGreaterThan(20);
});

test("a report with more rows than a call has arguments is printed", () => {
    const report = makeReport();
    const longestTasks = Array.from({ length: 300_000 }, () => ({ address: "0/0/0", ms: 1, stage: "sdf" }));
    const json = JSON.stringify({ ...report, bake: { ...report.bake!, longestTasks } });
    expect(formatReport(parseReport(json))).toMatch(/^0\/0\/0 +1 +sdf$/m);
});

test("a report that is nested without end is refused; a byte order mark is not", () => {
    const text = JSON.stringify(makeReport());
    const deep = `${"[".repeat(1e6)}${"]".repeat(1e6)}`;
    expect(() => parseReport(text.replace("{", `{"later":${deep},`))).toThrow(
        /report is "deeper"; allowed: at most 64/,
    );
    expect(parseReport(text.replace("{", `{"later":${JSON.stringify(`\\"${deep}`)},`))).toMatchObject({ version: 1 });
    expect(parseReport(`\uFEFF${text}`)).toEqual(JSON.parse(text));
});

test("numbers have three digits, tables stand in columns", () => {
    const numbers: [number, string][] = [
        [0, "0"],
        [12345.6, "12346"],
        [12.345, "12.3"],
        [1.2345, "1.23"],
        [0.01234, "0.012"],
        [NaN, "?"],
    ];
    for (const [value, text] of numbers) {
        expect(formatNumber(value)).toBe(text);
    }
    const rows = [
        ["ab", 5],
        ["c", 123],
    ];
    expect(formatTable({ title: "T", columns: ["name", "n"], rows }, 80)).toBe(
        "T\nname    n\n----  ---\nab      5\nc     123",
    );
    expect(formatTable({ title: "T", columns: ["name"], rows: [] }, 80)).toBe("T\nname\n----");
});
