import type { LevelFade } from "../../../src/lod/levelFade.js";
import { formatAddress, type ChunkAddress } from "../../../src/space/chunkAddress.js";
import { Random, testSeed } from "../../support/randomRecipe.js";
import { assertCovered, coverage, createRuntime, ListSink, settleWorldAsync, VIEW, type Handle } from "./fakeWorld.js";

const STEP_MS = 1000 / 60;
const FADE_TIME = 0.4;

interface Leaving {
    readonly address: ChunkAddress;
    readonly fade: LevelFade;
}

/** Fades, and throws where the ground would have a hole, or two landscapes that do not belong together. */
class FadingSink extends ListSink {
    public canFade = true;
    public leaving: Leaving[] = [];
    public readonly fadeOf = new Map<Handle, LevelFade>();
    /** Of all fades that began: how many chunks each had, shown and hidden. */
    public readonly sizes = new Map<LevelFade, { shown: number; hidden: number }>();
    public begun = 0;
    public switched = 0;

    public override show(handle: Handle, fade: LevelFade | null = null): void {
        super.show(handle);
        this._count(fade, "shown");
        if (fade !== null) {
            this.fadeOf.set(handle, fade);
        }
    }

    public override hide(handle: Handle, fade: LevelFade | null = null): void {
        super.hide(handle);
        this._count(fade, "hidden");
        if (this.fadeOf.has(handle)) {
            throw new Error(`${formatAddress(handle.address)} goes while it comes`);
        }
        if (fade !== null) {
            this.leaving.push({ address: handle.address, fade });
        }
    }

    public endFade(fade: LevelFade): void {
        this.leaving = this.leaving.filter((each) => each.fade !== fade);
        for (const [handle, each] of this.fadeOf) {
            if (each === fade) {
                this.fadeOf.delete(handle);
            }
        }
        this.sizes.delete(fade);
    }

    /** Exchanges under way. */
    public get fades(): Set<LevelFade> {
        return new Set([...this.fadeOf.values(), ...this.leaving.map(({ fade }) => fade)]);
    }

    /** Throws unless what comes by a fade lies where what goes by it lay, chunk by chunk of the finer side. */
    public assertPaired(when: string): void {
        for (const fade of this.fades) {
            const comes = [...this.fadeOf].filter(([, each]) => each === fade).map(([handle]) => handle.address);
            const goes = this.leaving.filter((each) => each.fade === fade).map(({ address }) => address);
            const areas = [comes, goes].map((list) => list.reduce((sum, { level }) => sum + 4 ** level, 0));
            const [coarse, fine] = comes.length < goes.length ? [comes, goes] : [goes, comes];
            const isWithin = fine.every((address) => coarse.some((above) => isUnder(address, above)));
            if (coarse.length !== 1 || areas[0] !== areas[1] || !isWithin) {
                const texts = [comes, goes].map((list) => list.map(formatAddress).join(" "));
                throw new Error(`${when}: ${texts[0]} in place of ${texts[1]}`);
            }
        }
    }

    private _count(fade: LevelFade | null, side: "shown" | "hidden"): void {
        if (fade === null) {
            this.switched++;
            return;
        }
        if (!this.sizes.has(fade)) {
            this.begun++;
            this.sizes.set(fade, { shown: 0, hidden: 0 });
        }
        this.sizes.get(fade)![side]++;
    }
}

function isUnder(address: ChunkAddress, above: ChunkAddress): boolean {
    const levels = above.level - address.level;
    return address.x >> levels === above.x && address.z >> levels === above.z;
}

/** A world of fake chunks that fade, with a clock and a log of what was told. */
function createFadingWorld(settings: Parameters<typeof createRuntime>[0] = {}) {
    const clock = { ms: 1000 };
    const told: string[] = [];
    const drawn = new Set<string>();
    const sink = new FadingSink();
    const world = createRuntime(
        { levelFadeTime: FADE_TIME, ...settings },
        {
            onShown: (address) => {
                const name = formatAddress(address);
                told.push(`+${name}`);
                drawn.add(name);
            },
            onHidden: (address) => {
                const name = formatAddress(address);
                if (!drawn.delete(name)) {
                    throw new Error(`${name} was hidden twice`);
                }
                told.push(`-${name}`);
            },
        },
        () => clock.ms,
        null,
        sink,
    );
    const frameAsync = async (): Promise<void> => {
        clock.ms += STEP_MS;
        world.runtime.updateFrame(VIEW);
        while (world.executor.waiting.length > 0) {
            await world.executor.finishAsync();
        }
    };
    const readyAsync = async (): Promise<number> => {
        for (let frame = 1; frame < 1000; frame++) {
            await frameAsync();
            if (world.runtime.isReady()) {
                return frame;
            }
        }
        throw new Error("not ready after 1000 frames");
    };
    return { ...world, sink, clock, told, drawn, frameAsync, readyAsync };
}

const seed = testSeed();

test(`in flight each exchange covers its ground from both sides, and ends (seed ${seed})`, async () => {
    const { sink, runtime, viewer, frameAsync, readyAsync, drawn } = createFadingWorld();
    const random = new Random(seed);
    await readyAsync();
    expect(sink.begun).toBe(0);
    let heading = 0;
    let most = 0;
    for (let frame = 0; frame < 900; frame++) {
        heading += (random.next() - 0.5) * 0.3;
        viewer.position.x += Math.cos(heading) * 3;
        viewer.position.z += Math.sin(heading) * 3;
        await frameAsync();
        sink.assertPaired(`frame ${frame}`);
        most = Math.max(most, sink.fades.size);
        expect(runtime.getStats().fadingExchanges).toBe(sink.fades.size);
    }
    expect(sink.begun).toBeGreaterThan(50);
    expect(most).toBeLessThanOrEqual(64);
    await readyAsync();
    expect(sink.fades.size).toBe(0);
    expect([...drawn].sort()).toEqual(sink.shown.map(formatAddress).sort());
    await runtime.disposeAsync();
});

test("where chunks have caves a fade takes three times as long", async () => {
    const { executor, sink, runtime, viewer, clock, frameAsync, readyAsync } = createFadingWorld();
    await readyAsync();
    executor.hasCaves = true;
    runtime.regenerate();
    await readyAsync();
    viewer.position.x += 60;
    while (sink.fades.size === 0) {
        await frameAsync();
    }
    const startMs = clock.ms;
    const [fade] = sink.fades;
    clock.ms = startMs + 400 - STEP_MS;
    await frameAsync();
    expect(fade!.progress).toBeCloseTo(1 / 3);
    clock.ms = startMs + 1199 - STEP_MS;
    await frameAsync();
    expect(fade!.progress).toBeLessThan(1);
    clock.ms = startMs + 1200 - STEP_MS;
    await frameAsync();
    expect(fade!.progress).toBe(1);
    await runtime.disposeAsync();
});

test("a fade takes its time on the world's clock, however long frames are; ready is who has faded", async () => {
    const { sink, runtime, viewer, clock, frameAsync, readyAsync, told } = createFadingWorld();
    await readyAsync();
    told.length = 0;
    viewer.position.x += 60;
    while (sink.fades.size === 0) {
        await frameAsync();
    }
    const startMs = clock.ms;
    const [fade] = sink.fades;
    expect(fade!.progress).toBe(0);
    expect(told.some((line) => line.startsWith("-"))).toBe(false);
    expect(told.some((line) => line.startsWith("+"))).toBe(true);
    clock.ms = startMs + 100 - STEP_MS;
    await frameAsync();
    expect(fade!.progress).toBeCloseTo(0.25);
    expect(runtime.isReady()).toBe(false);
    clock.ms = startMs + 399 - STEP_MS;
    await frameAsync();
    expect(fade!.progress).toBeCloseTo(0.9975);
    clock.ms = startMs + 400 - STEP_MS;
    await frameAsync();
    expect(fade!.progress).toBe(1);
    expect(told.some((line) => line.startsWith("-"))).toBe(true);
    await readyAsync();
    expect(sink.fades.size).toBe(0);
    await runtime.disposeAsync();
});

test("who turns back in mid-fade waits for its end: no chunk goes while it comes", async () => {
    const { sink, runtime, viewer, frameAsync, readyAsync } = createFadingWorld({ levelFadeTime: 2 });
    await readyAsync();
    for (let turn = 0; turn < 6; turn++) {
        for (let frame = 0; frame < 30; frame++) {
            viewer.position.x += turn % 2 === 0 ? 4 : -4;
            await frameAsync();
            sink.assertPaired(`turn ${turn}`);
        }
    }
    expect(sink.begun).toBeGreaterThan(4);
    await readyAsync();
    await runtime.disposeAsync();
});

test("at the start, after a jump and after regenerate() all switches at once, until the view is ready", async () => {
    const { sink, runtime, viewer, frameAsync, readyAsync } = createFadingWorld();
    await readyAsync();
    viewer.position.x += 60;
    while (sink.fades.size === 0) {
        await frameAsync();
    }
    const { begun } = sink;
    viewer.position.x += 900;
    await frameAsync();
    expect(sink.fades.size).toBe(0);
    await readyAsync();
    expect(sink.begun).toBe(begun);

    runtime.regenerate();
    await readyAsync();
    expect(sink.begun).toBe(begun);

    viewer.position.x += 60;
    await readyAsync();
    expect(sink.begun).toBeGreaterThan(begun);
    await runtime.disposeAsync();
});

test("more exchanges than 64 at once switch at once", async () => {
    const { sink, runtime, frameAsync, readyAsync } = createFadingWorld();
    await readyAsync();
    const { switched } = sink;
    runtime.settings.screenSpaceError = 0.6;
    let most = 0;
    for (let frame = 0; frame < 200; frame++) {
        await frameAsync();
        sink.assertPaired(`frame ${frame}`);
        most = Math.max(most, sink.fades.size);
    }
    expect(most).toBe(64);
    expect(sink.switched).toBeGreaterThan(switched);
    await runtime.disposeAsync();
});

test.each([
    ["with a fade time of 0", 0, true],
    ["where the sink cannot fade", FADE_TIME, false],
])("%s nothing fades", async (_, levelFadeTime, canFade) => {
    const { sink, runtime, viewer, readyAsync } = createFadingWorld({ levelFadeTime });
    sink.canFade = canFade;
    await readyAsync();
    viewer.position.x += 300;
    await readyAsync();
    expect(sink.begun).toBe(0);
    expect(sink.switched).toBeGreaterThan(10);
    await runtime.disposeAsync();
});

test("fades go on while streaming is paused, and end where the fade time becomes 0", async () => {
    const { sink, runtime, viewer, frameAsync, readyAsync } = createFadingWorld();
    await readyAsync();
    viewer.position.x += 60;
    while (sink.fades.size === 0) {
        await frameAsync();
    }
    // All that is wanted is there, and fades in.
    while (runtime.getStats().waitingForUpload + runtime.getStats().pendingRequests > 0) {
        await frameAsync();
    }
    await frameAsync();
    expect(sink.fades.size).toBeGreaterThan(0);
    runtime.isStreamingPaused = true;
    for (let frame = 0; frame < 25; frame++) {
        await frameAsync();
    }
    expect(sink.fades.size).toBe(0);
    expect(runtime.isReady()).toBe(true);

    runtime.isStreamingPaused = false;
    viewer.position.x += 80;
    while (sink.fades.size === 0) {
        await frameAsync();
    }
    runtime.settings.levelFadeTime = 0;
    await frameAsync();
    expect(sink.fades.size).toBe(0);
    await runtime.disposeAsync();
});

test("newer ground of a chunk that comes is there at once: its exchange is cut short", async () => {
    const { sink, runtime, viewer, frameAsync, readyAsync, executor } = createFadingWorld({ levelFadeTime: 10 });
    await readyAsync();
    viewer.position.x += 60;
    while (sink.fades.size === 0) {
        await frameAsync();
    }
    runtime.invalidate();
    for (let frame = 0; frame < 60; frame++) {
        await frameAsync();
        sink.assertPaired(`frame ${frame}`);
    }
    expect(executor.waiting).toHaveLength(0);
    expect(sink.fades.size).toBe(0);
    await runtime.disposeAsync();
});

test("who waits for a picture while a viewer flies on gets it; who asks whether all fades are over does not", async () => {
    const { runtime, viewer, frameAsync, readyAsync } = createFadingWorld();
    await readyAsync();
    const waits: number[] = [];
    let isReady = runtime.createReadyCheck();
    let since = 0;
    let strictly = 0;
    for (let frame = 0; frame < 600; frame++) {
        viewer.position.x += 3;
        await frameAsync();
        since++;
        strictly += runtime.isReady() ? 1 : 0;
        if (isReady()) {
            waits.push(since);
            since = 0;
            isReady = runtime.createReadyCheck();
        }
    }
    expect(strictly).toBeLessThan(60);
    expect(Math.max(since, ...waits)).toBeLessThan(100);
    expect(Math.min(...waits.slice(1))).toBeGreaterThan(5);
    await runtime.disposeAsync();
});

test("a check asked in mid-fade waits for the fade, and for what was put off because of it", async () => {
    const { sink, runtime, viewer, frameAsync, readyAsync } = createFadingWorld({ levelFadeTime: 2 });
    await readyAsync();
    viewer.position.x += 60;
    while (sink.fades.size === 0) {
        await frameAsync();
    }
    // Back: what comes must go again.
    viewer.position.x -= 60;
    const isReady = runtime.createReadyCheck();
    let frames = 0;
    do {
        await frameAsync();
        frames++;
    } while (!isReady());
    expect(frames).toBeGreaterThan(2 * (2000 / STEP_MS) - 5);
    expect(sink.fades.size).toBe(0);
    await runtime.disposeAsync();
});

test("who flies off before the first view is whole sees fades all the same", async () => {
    const { sink, runtime, viewer, clock, executor } = createFadingWorld();
    for (let frame = 0; frame < 400; frame++) {
        viewer.position.x += 2;
        clock.ms += STEP_MS;
        runtime.updateFrame(VIEW);
        if (frame % 6 === 0) {
            await executor.finishAsync();
        }
    }
    expect(runtime.isReady()).toBe(false);
    expect(sink.begun).toBeGreaterThan(5);
    await runtime.disposeAsync();
});

test("listeners may invalidate, regenerate and throw while fades end", async () => {
    let act: () => void = () => {};
    const clock = { ms: 0 };
    const sink = new FadingSink();
    const world: ReturnType<typeof createRuntime> = createRuntime(
        { levelFadeTime: FADE_TIME },
        { onHidden: () => act() },
        () => clock.ms,
        null,
        sink,
    );
    const { viewer, executor, runtime } = world;
    await settleWorldAsync(world);
    let turn = 0;
    let thrown = 0;
    act = () => {
        turn++;
        if (turn % 5 === 0) {
            runtime.invalidate();
        } else if (turn % 17 === 0) {
            runtime.regenerate();
        } else if (turn % 7 === 0) {
            throw new Error("a listener's own");
        }
    };
    for (let frame = 0; frame < 300; frame++) {
        viewer.position.x += 3;
        clock.ms += STEP_MS;
        try {
            runtime.updateFrame(VIEW);
        } catch (error) {
            expect((error as Error).message).toBe("a listener's own");
            thrown++;
        }
        while (executor.waiting.length > 0) {
            await executor.finishAsync();
        }
    }
    expect(thrown).toBeGreaterThan(0);
    act = () => {};
    for (let frame = 0; frame < 200 && !runtime.isReady(); frame++) {
        clock.ms += STEP_MS;
        runtime.updateFrame(VIEW);
        while (executor.waiting.length > 0) {
            await executor.finishAsync();
        }
    }
    expect(runtime.isReady()).toBe(true);
    const cover = coverage(sink.shown, viewer.position);
    assertCovered(cover, () => false, "in the end");
    await runtime.disposeAsync();
    expect(sink.held.size).toBe(0);
});

test.each(["onShown", "onHidden"] as const)("a world that %s ends in mid-fade gives every chunk back", async (when) => {
    const clock = { ms: 0 };
    const sink = new FadingSink();
    let isArmed = false;
    let after = 0;
    let isEnded = false;
    const end = (): void => {
        after += isEnded ? 1 : 0;
        if (isArmed && !isEnded) {
            isEnded = true;
            void world.runtime.disposeAsync();
        }
    };
    const world: ReturnType<typeof createRuntime> = createRuntime(
        { levelFadeTime: FADE_TIME },
        { [when]: end },
        () => clock.ms,
        null,
        sink,
    );
    const { viewer, executor, runtime } = world;
    await settleWorldAsync(world);
    isArmed = true;
    for (let frame = 0; frame < 200 && !isEnded; frame++) {
        viewer.position.x += 3;
        clock.ms += STEP_MS;
        runtime.updateFrame(VIEW);
        while (executor.waiting.length > 0) {
            await executor.finishAsync();
        }
    }
    expect(isEnded).toBe(true);
    for (let frame = 0; frame < 40; frame++) {
        clock.ms += STEP_MS;
        runtime.updateFrame(VIEW);
    }
    expect(sink.held.size).toBe(0);
    expect(after).toBe(0);
});
