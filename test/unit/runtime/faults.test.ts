import { flatAddress, formatAddress } from "../../../src/space/chunkAddress.js";
import { assertCovered, coverage, createRuntime, settleWorldAsync, VIEW } from "./fakeWorld.js";

test("a callback that throws costs no chunk: the ground still comes, the buffer is not lost", async () => {
    const world = createRuntime();
    const { runtime, executor, sink } = world;
    const address = flatAddress(0, 0, 0);
    runtime.requestChunk(address, "immediate", () => {
        throw new Error("planned");
    });
    // The error surfaces as an unhandled rejection, which would end the test.
    const thrown: unknown[] = [];
    type Bake = { scheduler: { _end(...batch: unknown[]): void } };
    const { scheduler } = (runtime as unknown as { _loader: { _bake: Bake } })._loader._bake;
    const end = scheduler._end.bind(scheduler);
    scheduler._end = (...batch) => {
        try {
            end(...batch);
        } catch (error) {
            thrown.push(error);
        }
    };
    runtime.updateFrame(VIEW);
    await settleWorldAsync(world);
    expect(thrown).toEqual([new Error("planned")]);
    expect(executor.sent.filter((text) => text === formatAddress(address)).length).toBe(1);
    expect(sink.shown.some(({ level, x, z }) => level === 0 && x === 0 && z === 0)).toBe(true);
    await runtime.disposeAsync();
});

test("a world may be disposed from its own events and callbacks", async () => {
    for (const when of ["onShown", "onHidden", "onFailed"] as const) {
        const state: { end?: () => void; count: number } = { count: 0 };
        const world = createRuntime({}, { [when]: () => (state.count++, state.end?.()) });
        state.end = () => void world.runtime.disposeAsync();
        world.executor.failing.add("0/0/0");
        for (let frame = 0; frame < 200 && state.count === 0; frame++) {
            world.runtime.updateFrame(VIEW);
            await world.executor.finishAsync();
            world.viewer.position.x += frame > 50 ? 100 : 0;
        }
        expect([when, state.count]).toEqual([when, 1]);
        expect(world.sink.held.size).toBe(0);
        world.runtime.updateFrame(VIEW);
        expect(world.sink.held.size).toBe(0);
    }
    const world = createRuntime();
    let results = 0;
    world.runtime.requestChunk(flatAddress(0, 0, 0), "immediate", () => {
        results++;
        void world.runtime.disposeAsync();
    });
    for (let frame = 0; frame < 50 && results === 0; frame++) {
        world.runtime.updateFrame(VIEW);
        await world.executor.finishAsync();
    }
    expect(results).toBe(1);
    expect(world.sink.held.size).toBe(0);
});

test("of two who wait for a chunk the first may end the world or change its ground: each is told once", async () => {
    for (const [call, answer] of [
        ["disposeAsync", "cancelled"],
        ["invalidate", "done"],
    ] as const) {
        const world = createRuntime();
        const { runtime, executor } = world;
        const answers: string[] = [];
        let calls = 0;
        for (let i = 0; i < 2; i++) {
            runtime.requestChunk(flatAddress(0, 0, 0), "immediate", ({ status }) => {
                answers.push(status);
                if (calls++ === 0) {
                    void runtime[call]();
                }
            });
        }
        for (let frame = 0; frame < 60 && answers.length < 2; frame++) {
            runtime.updateFrame(VIEW);
            await executor.finishAsync(executor.waiting.length - 1);
        }
        expect([call, answers]).toEqual([call, ["done", answer]]);
        await runtime.disposeAsync();
    }
});

test("a sink that cannot take a chunk fails that chunk alone", async () => {
    const world = createRuntime();
    const upload = world.sink.upload.bind(world.sink);
    world.sink.upload = (address, bytes) => {
        if (formatAddress(address) === "0/0/0") {
            throw new Error("planned");
        }
        return upload(address, bytes);
    };
    await settleWorldAsync(world);
    expect(world.failed).toEqual(["0/0/0"]);
    assertCovered(coverage(world.sink.shown, world.viewer.position), () => false, "without it");
    for (let frame = 0; frame < 10; frame++) {
        world.runtime.updateFrame(VIEW);
    }
    expect(world.failed).toEqual(["0/0/0"]);
    await world.runtime.disposeAsync();
});

test("a root that fails is covered by its children", async () => {
    const world = createRuntime({ viewDistance: 300 });
    world.viewer.position.y = 100_000;
    world.runtime.updateFrame(VIEW);
    const roots = world.executor.waiting.flatMap(({ request }) => request.tasks.map(({ address }) => address));
    const root = roots.find(({ x, z }) => x === 0 && z === 0)!;
    expect(root.level).toBeGreaterThan(0);
    await world.runtime.disposeAsync();

    const again = createRuntime({ viewDistance: 300 });
    again.viewer.position.y = 100_000;
    again.executor.failing.add(formatAddress(root));
    await settleWorldAsync(again);
    const side = 64 * 2 ** root.level;
    const covered = again.sink.shown.filter(
        ({ level, x, z }) =>
            Math.floor((x * 64 * 2 ** level) / side) === 0 && Math.floor((z * 64 * 2 ** level) / side) === 0,
    );
    expect(covered.map(({ level }) => level)).toEqual([0, 0, 0, 0].fill(root.level - 1));
    await again.runtime.disposeAsync();
});

test("ground is not ready while something finer is wanted there, and is where that was given up", async () => {
    const world = createRuntime();
    world.executor.failing.add("0/1/1");
    const { position } = world.viewer;
    const inFirst = { x: 20, y: 0, z: 20 };
    let frames = 0;
    for (; !world.runtime.isReady() && frames < 1000; frames++) {
        world.runtime.updateFrame(VIEW);
        if (world.runtime.isGroundReady(inFirst, 5)) {
            const outstanding = world.executor.waiting.flatMap(({ request }) =>
                request.tasks.map(({ address }) => address),
            );
            const isStandIn = world.sink.shown.some(({ level, x, z }) => level === 1 && x === 0 && z === 0);
            expect(isStandIn).toBe(true);
            expect(outstanding.some(({ level, x, z }) => level === 0 && x >> 1 === 0 && z >> 1 === 0)).toBe(false);
        }
        await world.executor.finishAsync(world.executor.waiting.length - 1);
    }
    expect(world.runtime.isGroundReady(inFirst, 5)).toBe(true);
    expect(world.runtime.isGroundReady(position, 1000)).toBe(true);
    await world.runtime.disposeAsync();
});

test("while any of four siblings is missing, the ground of the others is not ready", async () => {
    const world = createRuntime();
    for (let frame = 0; frame < 1000 && !world.runtime.isReady(); frame++) {
        world.runtime.updateFrame(VIEW);
        const at = { x: 20, y: 0, z: 20 };
        const isFinest = world.sink.shown.some(({ level, x, z }) => level === 0 && x === 0 && z === 0);
        expect(world.runtime.isGroundReady(at, 5)).toBe(isFinest);
        await world.executor.finishAsync(world.executor.waiting.length - 1);
    }
    expect(world.runtime.isReady()).toBe(true);
    await world.runtime.disposeAsync();
});

test("nonsense in radius and distance leaves the picture as it is", async () => {
    const world = createRuntime();
    await settleWorldAsync(world);
    const shown = world.sink.shown.map(formatAddress).sort();
    for (const radius of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
        world.viewer.radius = radius;
        world.runtime.updateFrame(VIEW);
        expect(world.sink.shown.map(formatAddress).sort()).toEqual(shown);
    }
    delete world.viewer.radius;
    for (const wrong of [
        { verticalFov: Number.NaN, viewportHeight: 720 },
        { verticalFov: 0.8, viewportHeight: 0 },
        { verticalFov: 0, viewportHeight: Number.POSITIVE_INFINITY },
    ]) {
        world.runtime.updateFrame(wrong);
        expect(world.sink.shown.map(formatAddress).sort()).toEqual(shown);
    }
    expect(() => createRuntime({ viewDistance: Number.NaN })).toThrow(/viewDistance/);
    await world.runtime.disposeAsync();
});

test("a paused world does not collect nodes wherever its viewer goes", async () => {
    const world = createRuntime();
    await settleWorldAsync(world);
    world.runtime.isStreamingPaused = true;
    const nodes = () => (world.runtime as unknown as { _view: { tree: { nodes: unknown[] } } })._view.tree.nodes.length;
    const counts: number[] = [];
    for (let frame = 0; frame < 100; frame++) {
        world.viewer.position.x += 3000;
        world.runtime.updateFrame(VIEW);
        counts.push(nodes());
    }
    expect(Math.max(...counts.slice(50))).toBeLessThanOrEqual(2 * Math.max(...counts.slice(0, 5)));
    await world.runtime.disposeAsync();
});

test("a viewer that trembles at the edge of a root's reach neither drops nor fetches it again and again", async () => {
    const world = createRuntime();
    const roots = () => world.sink.shown.filter(({ level, x }) => x * 64 * 2 ** level >= 2048).length;
    await settleWorldAsync(world);
    expect(roots()).toBe(0);
    // Roots are 1024 m wide: the row from 2048 m on comes into the reach of 2000 m at 48 m.
    world.viewer.position.x = 50;
    await settleWorldAsync(world);
    expect(roots()).toBeGreaterThan(0);
    const { uploads } = world.sink;
    for (let i = 0; i < 10; i++) {
        world.viewer.position.x = i % 2 === 0 ? 46 : 50;
        await settleWorldAsync(world);
    }
    expect(world.sink.uploads).toBe(uploads);
    expect(roots()).toBeGreaterThan(0);
    world.viewer.position.x = -200;
    await settleWorldAsync(world);
    expect(roots()).toBe(0);
    await world.runtime.disposeAsync();
});

test("whatever the sink throws, dispose gives everything back and ends the executor, and then tells", async () => {
    const world = createRuntime();
    await settleWorldAsync(world);
    const { sink, runtime, executor } = world;
    const { size } = sink.held;
    const hide = sink.hide.bind(sink);
    let calls = 0;
    sink.hide = (handle) => {
        hide(handle);
        if (calls++ % 2 === 0) {
            throw new Error(`planned ${calls}`);
        }
    };
    await expect(runtime.disposeAsync()).rejects.toThrow("planned 1");
    expect(size).toBeGreaterThan(4);
    expect([sink.held.size, executor.isDisposed]).toEqual([0, true]);
    await runtime.disposeAsync();
});

test("whatever callbacks throw, dispose tells all of them and ends the executor", async () => {
    const world = createRuntime();
    const told: number[] = [];
    for (let x = 0; x < 3; x++) {
        world.runtime.requestChunk(flatAddress(0, 9000 + x, 0), "low", () => {
            told.push(x);
            throw new Error(`planned ${x}`);
        });
    }
    await expect(world.runtime.disposeAsync()).rejects.toThrow("planned 0");
    expect(told).toEqual([0, 1, 2]);
    expect(world.executor.isDisposed).toBe(true);
    const late: string[] = [];
    expect(world.runtime.requestChunk(flatAddress(0, 1, 1), "low", ({ status }) => late.push(status))).toBe(false);
    expect(late).toEqual(["cancelled"]);
});
