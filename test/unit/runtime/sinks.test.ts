import { NearChunks } from "../../../src/runtime/nearChunks.js";
import { FlatTopology } from "../../../src/space/flatTopology.js";
import { TerrainRuntime } from "../../../src/runtime/terrainRuntime.js";
import { PerformanceProfiler } from "../../../src/profiler/performanceProfiler.js";
import { formatAddress } from "../../../src/space/chunkAddress.js";
import { FakeExecutor } from "../../support/fakeBake.js";
import { createRuntime, ListSink, recipe, settleWorldAsync, VIEW } from "./fakeWorld.js";

const { chunkSize } = recipe;
const topology = new FlatTopology(chunkSize);

/** Addresses of the level-0 chunks within `radius` of a place. */
function around(x: number, z: number, radius: number): string[] {
    const found: string[] = [];
    for (let j = -20; j <= 160; j++) {
        for (let i = -20; i <= 160; i++) {
            const dx = Math.max(0, i * chunkSize - x, x - (i + 1) * chunkSize);
            const dz = Math.max(0, j * chunkSize - z, z - (j + 1) * chunkSize);
            if (Math.hypot(dx, dz) <= radius) {
                found.push(`0/${i}/${j}`);
            }
        }
    }
    return found.sort();
}

const heldBy = (sink: ListSink): string[] => [...sink.held].map(({ address }) => formatAddress(address)).sort();

test("a second sink holds level 0 within 100 m of its body, whatever the screen shows", async () => {
    const world = createRuntime();
    const { runtime, viewer } = world;
    // So high that the screen shows nothing fine.
    viewer.position.y = 20_000;
    const sink = new ListSink();
    const body = { position: { x: 30, y: 0, z: 30 } };
    runtime.addSink(sink, new NearChunks({ topology, radius: 100, viewers: [body] }));
    await settleWorldAsync(world);
    for (let i = 0; i < 40; i++) {
        await world.executor.finishAsync();
        runtime.updateFrame(VIEW);
    }
    expect(Math.min(...world.sink.shown.map(({ level }) => level))).toBeGreaterThan(2);
    expect(heldBy(sink)).toEqual(around(30, 30, 100));
    body.position.x = 300;
    for (let i = 0; i < 40; i++) {
        runtime.updateFrame(VIEW);
        await world.executor.finishAsync();
    }
    expect(heldBy(sink)).toEqual(around(300, 30, 100));
    runtime.assertAccounts();
    await runtime.disposeAsync();
    expect(sink.held.size).toBe(0);
});

test("a sink keeps its chunks when the view has gone, and shares the view's data while both have it", async () => {
    const world = createRuntime();
    const { runtime, viewer, executor } = world;
    await settleWorldAsync(world);
    const { bakedChunks } = runtime.getStats();
    const sink = new ListSink();
    const stream = runtime.addSink(
        sink,
        new NearChunks({ topology, radius: 50, viewers: [{ position: { x: 10, y: 0, z: 20 } }] }),
    );
    runtime.updateFrame(VIEW);
    expect(heldBy(sink)).toEqual(around(10, 20, 50));
    expect(runtime.getStats().bakedChunks).toBe(bakedChunks);
    viewer.position.x += 30_000;
    await settleWorldAsync(world);
    runtime.flushCache();
    runtime.assertAccounts();
    expect(heldBy(sink)).toEqual(around(10, 20, 50));
    // Newer ground comes to it as well.
    runtime.setRecipe({ ...recipe, seed: 99 }, { sampleHeight: () => 0 });
    await settleWorldAsync(world);
    for (let i = 0; i < 20; i++) {
        runtime.updateFrame(VIEW);
        await executor.finishAsync();
    }
    expect([...new Set([...sink.held].map(({ seed }) => seed))]).toEqual([99]);
    expect(heldBy(sink)).toEqual(around(10, 20, 50));
    stream.dispose();
    stream.dispose();
    expect(sink.held.size).toBe(0);
    runtime.assertAccounts();
    await runtime.disposeAsync();
});

test("without a picture chunks come to sinks and to who asks", async () => {
    const executor = new FakeExecutor();
    const runtime = new TerrainRuntime<never>({
        recipe,
        sink: null,
        ground: { sampleHeight: () => 0 },
        executor,
        profiler: new PerformanceProfiler(),
        settings: {
            viewDistance: 1000,
            screenSpaceError: 3,
            memoryLimitBytes: 2 ** 26,
            applyBudgetMs: 1000,
            applyBudgetBytes: 2 ** 30,
            prefetchTime: 4,
            levelFadeTime: 0,
        },
        events: { onShown() {}, onHidden() {}, onFailed() {} },
    });
    const sink = new ListSink();
    runtime.addSink(sink, new NearChunks({ topology, radius: 10, viewers: [{ position: { x: 32, y: 0, z: 32 } }] }));
    const answers: string[] = [];
    runtime.requestChunk({ face: -1, level: 3, x: 1, z: 1 }, "normal", ({ status }) => answers.push(status));
    for (let i = 0; i < 5; i++) {
        runtime.updateFrame(VIEW);
        await executor.finishAsync();
    }
    expect([heldBy(sink), answers]).toEqual([["0/0/0"], ["done"]]);
    expect(runtime.getStats()).toMatchObject({ visibleChunks: 0, bakedChunks: 2 });
    expect(runtime.readMap().chunks).toHaveLength(1);
    await runtime.disposeAsync();
    expect(sink.held.size).toBe(0);
});

test("a body that asks for the whole world gets what lies within 32 chunks of it, and one without a place gets nothing", () => {
    const named = new Set<string>();
    const bodies = [
        { position: { x: 10, y: 0, z: 10 }, radius: 1e9 },
        { position: { x: Number.NaN, y: 0, z: 0 } },
        { position: { x: 9000, y: 0, z: 0 }, radius: Number.NaN },
    ];
    const rule = new NearChunks({ topology, radius: 10, viewers: bodies });
    rule.forEachNeeded({ need: (_, level, x, z) => void named.add(`${level}/${x}/${z}`) });
    expect(named.size).toBeGreaterThan(3000);
    expect(named.size).toBeLessThan(3500);
    expect(named.has("0/32/0")).toBe(true);
    expect(named.has("0/34/0")).toBe(false);
});

test("a cold start throws away what waits for a sink, and it comes again", async () => {
    // One upload a frame: the others wait.
    const world = createRuntime({ applyBudgetBytes: 1, applyBudgetMs: 0.001 });
    const { runtime, executor } = world;
    const sink = new ListSink();
    runtime.addSink(
        sink,
        new NearChunks({ topology, radius: 100, viewers: [{ position: { x: 9000, y: 0, z: 9000 } }] }),
    );
    for (let i = 0; i < 4; i++) {
        runtime.updateFrame(VIEW);
        while (executor.waiting.length > 0) {
            await executor.finishAsync();
        }
    }
    expect(runtime.getStats().waitingForUpload).toBeGreaterThan(2);
    runtime.regenerate();
    const wanted = around(9000, 9000, 100);
    for (let i = 0; i < 3000 && sink.held.size < wanted.length; i++) {
        runtime.updateFrame(VIEW);
        runtime.assertAccounts();
        await executor.finishAsync();
    }
    expect(heldBy(sink)).toEqual(wanted);
    await runtime.disposeAsync();
});

test("a chunk that a sink cannot take is given up for that sink alone", async () => {
    const world = createRuntime();
    const sink = new ListSink();
    sink.upload = () => {
        throw new Error("planned");
    };
    world.runtime.addSink(
        sink,
        new NearChunks({ topology, radius: 10, viewers: [{ position: { x: 32, y: 0, z: 32 } }] }),
    );
    await settleWorldAsync(world);
    for (let i = 0; i < 5; i++) {
        world.runtime.updateFrame(VIEW);
    }
    expect(world.failed).toEqual(["0/0/0"]);
    expect(world.sink.shown.some(({ level, x, z }) => level === 0 && x === 0 && z === 0)).toBe(true);
    world.runtime.assertAccounts();
    await world.runtime.disposeAsync();
});
