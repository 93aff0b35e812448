import { formatAddress } from "../../../src/space/chunkAddress.js";
import { Presets } from "../../../src/recipe/presets.js";
import { CreateTerrainCoreAsync } from "../../../src/runtime/createTerrainCore.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import type { StoreClock } from "../../../src/store/store.js";
import { wasmFile } from "../../support/kernels.js";
import { FaultyStore, walkAsync, type Fault } from "../store/faultyStore.js";
import { ListSink, type Handle } from "./fakeWorld.js";

const recipe = Presets.caves({ seed: 5, terrain: { resolution: 16 } });
const viewers = [{ position: { x: 10, y: 100, z: 10 } }];

/** Timers run so many times as fast: retries wait for seconds, then for ever longer. */
const HASTE = 50;
const setRealTimeout = globalThis.setTimeout;
const turnAsync = (): Promise<void> => new Promise((resolve) => void setRealTimeout(resolve, 1));

beforeAll(() => {
    const haste = (run: () => void, ms = 0): unknown => setRealTimeout(run, ms / HASTE);
    globalThis.setTimeout = haste as typeof setTimeout;
});

afterAll(() => {
    globalThis.setTimeout = setRealTimeout;
});

/** Hours pass in a moment. */
const clock: StoreClock = {
    now: () => performance.now(),
    waitAsync: (_, signal) =>
        new Promise((resolve) => {
            const timer = setTimeout(resolve, 1000);
            signal?.addEventListener("abort", () => {
                clearTimeout(timer);
                resolve();
            });
        }),
};

/** Shows a small world until `isWhole` of what is shown. */
async function showAsync(
    options: { store: MemoryStore | FaultyStore; bakes: boolean },
    isWhole: (shown: readonly string[]) => boolean,
): Promise<string[]> {
    const sink = new ListSink();
    const core = await CreateTerrainCoreAsync<Handle>({
        ...{ recipe, workers: 0, wasmUrl: wasmFile, sink, viewers },
        ...{ viewDistance: 70, screenSpaceError: 12, storeBakes: true, prefetchTime: 0 },
        ...options,
    });
    const shownNow = (): string[] => sink.shown.map(formatAddress).sort();
    const endMs = performance.now() + 20_000;
    for (;;) {
        core.update();
        await turnAsync();
        if (core.runtime.isReady() && core.store!.progress.unstoredChunks === 0 && isWhole(shownNow())) {
            break;
        }
        if (performance.now() > endMs) {
            throw new Error(`never whole: ${JSON.stringify([shownNow(), core.getStats()])}`);
        }
    }
    core.runtime.assertAccounts();
    const shown = shownNow();
    await core.disposeAsync();
    expect(sink.held.size).toBe(0);
    return shown;
}

const whole = await showAsync({ store: new MemoryStore(), bakes: true }, () => true);
const isWhole = (shown: readonly string[]): boolean => shown.join() === whole.join();

const FAULTS: readonly Fault[] = ["fail", "gone", "delay", "truncate", "flip", "full"];

describe.each(FAULTS)("where an operation of its store goes wrong: %s", (fault) => {
    test("a world that bakes is whole in the end, whichever it was, and so is one that reads what that stored", async () => {
        expect(whole.length).toBeGreaterThan(5);
        expect(whole.length).toBeLessThanOrEqual(30);
        const happened = await walkAsync(fault, async (faults) => {
            const store = new FaultyStore(new MemoryStore(), faults, clock);
            await showAsync({ store, bakes: true }, isWhole);
            await showAsync({ store, bakes: true }, isWhole);
        });
        expect(happened).toBeGreaterThan(3);
    }, 120_000);

    test("a world that does not bake is whole as soon as the store gives again", async () => {
        const memory = new MemoryStore();
        await showAsync({ store: memory, bakes: true }, isWhole);
        const happened = await walkAsync(fault, async (faults) => {
            // What the store has is listed first of all, and without a list there is no world to begin.
            const isListed = faults.nth > 1;
            const shown = showAsync({ store: new FaultyStore(memory, faults, clock), bakes: false }, isWhole);
            await (isListed || fault === "delay" || fault === "full" || fault === "flip" || fault === "truncate"
                ? shown
                : expect(shown).rejects.toThrow("No store could tell what it has"));
        });
        expect(happened).toBeGreaterThan(1);
    }, 120_000);
});
