import { TerraneError } from "../../../src/base/errors.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import { DEFAULT_TARGETS, OWN_TARGETS } from "../../../src/profiler/targets.js";

const good = { targetMs: 1, warningMs: 2, criticalMs: 4 };

test("a profiler begins with the defaults and Terrane's own, and takes a caller's in their place", () => {
    expect(DEFAULT_TARGETS).toEqual({
        bakeTerrain: { targetMs: 50, warningMs: 100, criticalMs: 200 },
        bakeCaves: { targetMs: 80, warningMs: 150, criticalMs: 300 },
        loadBuffer: { targetMs: 20, warningMs: 50, criticalMs: 100 },
        drawFrame: { targetMs: 16.67, warningMs: 33.33, criticalMs: 50 },
    });
    const { targets } = new PerformanceProfiler({ targets: { drawFrame: good, stackStones: good } });
    expect({ ...targets }).toEqual({ ...DEFAULT_TARGETS, ...OWN_TARGETS, drawFrame: good, stackStones: good });
    expect(DEFAULT_TARGETS.drawFrame!.targetMs).toBe(16.67);
});

test("each own target rises, and the stages of a bake stay below the whole", () => {
    for (const { targetMs, warningMs, criticalMs } of Object.values(OWN_TARGETS)) {
        expect(targetMs).toBeLessThan(warningMs);
        expect(warningMs).toBeLessThan(criticalMs);
        expect(criticalMs).toBeLessThan(DEFAULT_TARGETS.bakeTerrain!.criticalMs);
    }
});

test.each([
    [null, "targets.x", "an object with targetMs, warningMs, criticalMs"],
    [7, "targets.x", "an object with targetMs, warningMs, criticalMs"],
    [{ ...good, targetMs: 0 }, "targets.x.targetMs", "milliseconds above 0"],
    [{ ...good, targetMs: Number.NaN }, "targets.x.targetMs", "milliseconds above 0"],
    [{ ...good, targetMs: "1" }, "targets.x.targetMs", "milliseconds above 0"],
    [{ ...good, warningMs: 1 }, "targets.x.warningMs", "milliseconds above 1"],
    [{ ...good, criticalMs: 1.5 }, "targets.x.criticalMs", "milliseconds above 2"],
    [{ ...good, criticalMs: Infinity }, "targets.x.criticalMs", "milliseconds above 2"],
    [{ targetMs: 1, warningMs: 2 }, "targets.x.criticalMs", "milliseconds above 2"],
])("%j is refused, in the options and later, with the field and what is allowed", (target, field, allowed) => {
    const profiler = new PerformanceProfiler();
    const wrong = target as never;
    for (const set of [() => (profiler.targets.x = wrong), () => new PerformanceProfiler({ targets: { x: wrong } })]) {
        let caught: unknown;
        try {
            set();
        } catch (error) {
            caught = error;
        }
        expect(caught).toBeInstanceOf(TerraneError);
        expect(caught).toMatchObject({ field, allowed });
        expect((caught as TerraneError).remedy).not.toBe("");
    }
    expect(profiler.targets.x).toBeUndefined();
});

test("a target set is a copy that cannot be changed around the check, and may be deleted", () => {
    const profiler = new PerformanceProfiler();
    const own = { ...good };
    profiler.targets.x = own;
    own.targetMs = 100;
    expect(profiler.targets.x).toEqual(good);
    expect(() => ((profiler.targets.x as { targetMs: number }).targetMs = -1)).toThrow(TypeError);
    expect(() => Object.defineProperty(profiler.targets, "y", { value: null })).toThrow(TypeError);
    delete profiler.targets.x;
    profiler.record("x", 0, 1000);
    expect(profiler.analyzeBottlenecks()).toEqual([]);
});

test.each([
    [{ frameBudgetMs: 0 }, "options.frameBudgetMs"],
    [{ frameBudgetMs: Number.NaN }, "options.frameBudgetMs"],
    [{ traceCapacity: -1 }, "options.traceCapacity"],
    [{ traceCapacity: 1.5 }, "options.traceCapacity"],
    [{ traceCapacity: 2 ** 20 + 1 }, "options.traceCapacity"],
])("the option %j is refused", (options, field) => {
    expect(() => new PerformanceProfiler(options)).toThrow(field);
});

test("options and targets that are wrong are named at once", () => {
    const targets = { x: { ...good, warningMs: 0 }, y: null };
    const options = { frameBudgetMs: -1, enabled: 1, traceCapacity: 0.5, targets, traceCapacty: 3 };
    let caught: unknown;
    try {
        new PerformanceProfiler(options as never);
    } catch (error) {
        caught = error;
    }
    expect((caught as TerraneError).problems.map(({ field, value }) => [field, value])).toEqual([
        ["options.enabled", 1],
        ["options.frameBudgetMs", -1],
        ["options.traceCapacity", 0.5],
        ["options.traceCapacty", 3],
        ["targets.x.warningMs", 0],
        ["targets.y", null],
    ]);
});
