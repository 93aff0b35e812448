import { createBatchBaker } from "../../../src/bake/bakeBatch.js";
import { FieldSampler } from "../../../src/generators/fieldSampler.js";
import { Presets } from "../../../src/recipe/presets.js";
import { CreateTerrainCoreAsync, type TerrainCoreOptions } from "../../../src/runtime/createTerrainCore.js";
import { InlineExecutor } from "../../../src/scheduler/inlineExecutor.js";
import { formatAddress } from "../../../src/space/chunkAddress.js";
import { loadKernelsAsync, wasmFile } from "../../support/kernels.js";
import { ListSink } from "./fakeWorld.js";

const kernels = await loadKernelsAsync();
const recipe = Presets.caves({ seed: 5, terrain: { resolution: 16 } });

const createAsync = (options: Partial<TerrainCoreOptions> = {}) =>
    CreateTerrainCoreAsync({ recipe, workers: 0, wasmUrl: wasmFile, ...options });

const turnAsync = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a core answers as chunks are baked, before anything is loaded", async () => {
    const core = await createAsync();
    const sampler = new FieldSampler(recipe, kernels);
    expect(core.sampleHeight(100, -30)).toBe(sampler.sampleHeight(100, -30));
    expect(core.sampleDensity(100, 0, -30)).toBe(sampler.sampleDensity(100, 0, -30));
    const ray = [{ x: 5, y: 900, z: 5 }, { x: 0.1, y: -1, z: 0 }, 3000] as const;
    expect(core.raycast(...ray)).toEqual(sampler.raycast(...ray));
    expect(core.getStats()).toMatchObject({ visibleChunks: 0, bakedChunks: 0, workers: 0 });
    core.dispose();
});

test("chunks come to who asks, though nobody runs frames", async () => {
    const core = await createAsync();
    const loaded: string[] = [];
    core.onChunkLoadedObservable.add(({ address }) => loaded.push(formatAddress(address)));
    const status = await new Promise((resolve) => {
        expect(core.requestChunk("0/1/2", "high", (result) => resolve(result.status))).toBe(false);
    });
    expect([status, loaded]).toEqual(["done", ["0/1/2"]]);
    // Memory answers within the call.
    const answers: string[] = [];
    expect(core.requestChunk("0/1/2", "low", (result) => answers.push(result.status))).toBe(true);
    expect(answers).toEqual(["done"]);
    expect(await core.preload([{ x: 0, y: 0, z: 0 }])).toBeGreaterThan(20);
    core.dispose();
});

test("a sink among the options draws what viewers see, whatever engine it stands for", async () => {
    const sink = new ListSink();
    const viewer = { position: { x: 0, y: 100, z: 0 } };
    const core = await createAsync({ sink, viewDistance: 300, viewers: [viewer] });
    let isReady = false;
    void core.whenReadyAsync().then(() => (isReady = true));
    while (!isReady) {
        core.update();
        await turnAsync();
    }
    expect(sink.shown.length).toBe(core.getStats().visibleChunks);
    expect(sink.shown.length).toBeGreaterThan(4);
    const near = core.groundReadyAsync({ x: 1500, y: 0, z: 0 }, 20);
    let isNear = false;
    void near.then(() => (isNear = true));
    while (!isNear) {
        core.update();
        await turnAsync();
    }
    core.dispose();
    expect(sink.held.size).toBe(0);
});

test("bodies have the finest ground around them, and lose it with their sink", async () => {
    const core = await createAsync();
    const sink = new ListSink();
    const body = { position: { x: 8, y: 0, z: 8 } };
    const held = core.addSink(sink, { radius: 5, viewers: [body] });
    for (let i = 0; i < 20; i++) {
        core.update();
        await turnAsync();
    }
    expect([...sink.held].map(({ address }) => formatAddress(address))).toEqual(expect.arrayContaining(["0/0/0"]));
    held.dispose();
    expect(sink.held.size).toBe(0);
    expect(() => core.addSink(sink, { radius: Number.NaN, viewers: [] })).toThrow(/nearby\.radius/);
    expect(() => core.addSink(sink, { radius: 5, level: 99, viewers: [] })).toThrow(/nearby\.level/);
    expect(() => core.addSink(sink, { radius: 5 } as never)).toThrow(/nearby\.viewers/);
    expect(() => core.addSink(sink, undefined as never)).toThrow(/nearby/);
    expect(() => core.addSink({ upload() {} } as never, { radius: 5, vewers: [] } as never)).toThrow(
        /sink[\s\S]*nearby\.vewers[\s\S]*nearby\.viewers/,
    );
    // More chunks than a body can need, each frame anew, would hang.
    expect(() => core.addSink(sink, { radius: 1e6, viewers: [] })).toThrow(/nearby\.radius.* 0 to 2048/);
    expect(() => core.regenerate({ cald: true } as never)).toThrow(/options\.cald.*options\.cold/);
    core.dispose();
});

test("another recipe answers at once, and its chunks are other ones", async () => {
    const core = await createAsync();
    const askAsync = () =>
        new Promise<Uint8Array>((resolve) => {
            core.requestChunk("0/0/0", "normal", (result) => {
                resolve(result.status === "done" ? result.bytes.slice() : new Uint8Array());
            });
        });
    const before = await askAsync();
    const height = core.sampleHeight(10, 10);
    const { workingBytes } = core.getStats();
    core.setRecipe(Presets.caves({ seed: 6, terrain: { resolution: 16 } }));
    expect(core.recipe.seed).toBe(6);
    expect(core.sampleHeight(10, 10)).not.toBe(height);
    const after = await askAsync();
    expect(after.byteLength).toBeGreaterThan(1000);
    expect(Buffer.compare(before, after)).not.toBe(0);
    for (let seed = 7; seed < 30; seed++) {
        core.setRecipe(Presets.caves({ seed, terrain: { resolution: 16 } }));
        core.sampleHeight(10, 10);
    }
    // What the last recipes' answers took is given back.
    expect(core.getStats().workingBytes).toBeLessThan(workingBytes * 2 + 2 ** 20);
    core.dispose();
});

test("a recipe of another grid is refused, and so is what is wrong at all", async () => {
    const core = await createAsync();
    const set = (change: object) => (): void => core.setRecipe({ ...recipe, ...change });
    expect(set({ chunkSize: recipe.chunkSize * 2 })).toThrow(/recipe\.chunkSize.*as the world has it/);
    expect(set({ terrain: { ...recipe.terrain, resolution: 32 } })).toThrow(/recipe\.terrain\.resolution/);
    expect(set({ seed: {} })).toThrow(/seed/);
    expect(core.recipe.seed).toBe(5);
    expect(() => core.invalidate({ minimum: { x: 1, y: 0, z: 0 }, maximum: { x: 0, y: 0, z: 0 } })).toThrow(/bounds/);
    expect(() => core.invalidate({ minimum: { x: 1, y: 0, z: Number.NaN } } as never)).toThrow(/bounds\.minimum/);
    core.dispose();
});

test("settings are those of a world, and options that are about a scene are not", async () => {
    const core = await createAsync({ memoryLimitBytes: 2 ** 25 });
    expect(core.memoryLimitBytes).toBe(2 ** 25);
    core.prefetchTime = 2;
    expect(core.prefetchTime).toBe(2);
    expect(() => (core.viewDistance = -1)).toThrow(/viewDistance/);
    await expect(core.whenReadyAsync()).rejects.toThrow(/sink/);
    core.dispose();
    await expect(createAsync({ mergeSiblings: true } as never)).rejects.toThrow(/options\.mergeSiblings/);
    await expect(createAsync({ sink: {} as never, workers: -1 })).rejects.toThrow(
        /options\.sink[\s\S]*workers|workers[\s\S]*options\.sink/,
    );
});

test("after dispose nothing is asked any more, and who waits is told", async () => {
    const executor = new InlineExecutor(createBatchBaker(kernels));
    const core = await createAsync({ executor });
    const answers: string[] = [];
    core.requestChunk("0/9/9", "low", ({ status }) => answers.push(status));
    await core.disposeAsync();
    await core.disposeAsync();
    core.dispose();
    expect(answers).toEqual(["cancelled"]);
    expect(core.isDisposed).toBe(true);
    for (const use of [
        () => core.requestChunk("0/0/0"),
        () => core.invalidate(),
        () => core.update(),
        () => core.setRecipe(recipe),
        () => core.addViewer({ position: { x: 0, y: 0, z: 0 } }),
    ]) {
        expect(use).toThrow(/was disposed/);
    }
});
