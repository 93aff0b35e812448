import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { TerraneError } from "../../../src/base/errors.js";
import { BUFFER_ELEMENTS, BUFFER_KINDS } from "../../../src/memory/bufferKinds.js";
import { BufferPoolManager } from "../../../src/memory/bufferPoolManager.js";
import type { BufferLeak } from "../../../src/memory/leakWatch.js";
import { MemoryLimitError } from "../../../src/memory/memoryLedger.js";

test("a lease gives an array of its shape, and gives itself back", () => {
    const pools = new BufferPoolManager({ memoryLimitBytes: 2 ** 31 });
    let first: ArrayBufferLike;
    {
        using lease = pools.getBuffer("heightfield2d", [512, 512]);
        const heights = lease.array();
        expect(heights).toBeInstanceOf(Float32Array);
        expect(heights.length).toBe(512 * 512);
        expect(lease).toMatchObject({ kind: "heightfield2d", shape: [512, 512] });
        first = heights.buffer;
        expect(pools.getStats("heightfield2d")).toMatchObject({ leases: 1, bytesAsked: 2 ** 20, bytesIdle: 0 });
    }
    expect(pools.getStats("heightfield2d")).toMatchObject({ leases: 0, bytesAsked: 0, bytesIdle: 2 ** 20 });
    expect(pools.getBuffer("heightfield2d", [500, 512]).array().buffer).toBe(first);
    expect(pools.getStats("heightfield2d")).toMatchObject({ hits: 1, misses: 1, hitRate: 0.5 });
});

test("there are nine kinds, each with a pool and an element of its own", () => {
    const pools = new BufferPoolManager();
    expect(BUFFER_KINDS).toHaveLength(9);
    for (const kind of BUFFER_KINDS) {
        const array = pools.getBuffer(kind, [3, 5]).array();
        expect(array).toBeInstanceOf(BUFFER_ELEMENTS[kind]);
        expect(array.length).toBe(15);
        expect(pools.getStats(kind)).toMatchObject({ misses: 1, leases: 1 });
    }
    expect(pools.getGlobalStats()).toMatchObject({ misses: 9, leases: 9, hits: 0, hitRate: 0 });
});

test("a lease used after its release throws, a second release too", () => {
    const pools = new BufferPoolManager();
    const lease = pools.getBuffer("workspace", [100]);
    lease.release();
    expect(() => lease.array()).toThrow(/lease of workspace is "released"/);
    expect(() => lease.release()).toThrow(TerraneError);
    expect(() => lease[Symbol.dispose]()).not.toThrow();
    expect(pools.getStats("workspace").leases).toBe(0);
});

test("near the limit idle buffers go; what does not fit even then is refused, and fits once there is room", () => {
    const pools = new BufferPoolManager({ memoryLimitBytes: 1_000_000 });
    const pressure: boolean[] = [];
    pools.onPressureObservable.add(({ isShort }) => pressure.push(isShort));
    pools.getBuffer("vertex", [400_000]).release();
    pools.ledger.set("gpu", 300_000);
    // 400,000 idle bytes of another kind are in the way, and go.
    const lease = pools.getBuffer("sdfField3d", [50, 50, 50]);
    expect(pools.getStats("vertex").bytesIdle).toBe(0);
    expect(() => pools.getBuffer("vertex", [400_000])).toThrow(MemoryLimitError);
    expect(() => pools.getBuffer("vertex", [400_000])).toThrow(
        /bytes more would exceed the memory limit: \d+ of 1000000 are used. Release leases, or raise/,
    );
    lease.release();
    expect(() => pools.getBuffer("vertex", [400_000])).not.toThrow();
    pools.ledger.set("gpu", 600_000);
    expect(pressure).toEqual([true]);
    expect(pools.getGlobalStats()).toMatchObject({ accounts: { gpu: 600_000 }, pressureEvents: 1 });
});

test("a cleanup drops all that is idle, and says how much", () => {
    const pools = new BufferPoolManager();
    const kept = pools.getBuffer("index", [1024]);
    pools.getBuffer("index", [2048]).release();
    pools.getBuffer("normal", [4096]).release();
    expect(pools.forceCleanup()).toBe(8192 + 4096);
    expect(pools.getGlobalStats()).toMatchObject({ bytesIdle: 0, bytesOut: 4096, usedBytes: 4096 });
    expect(pools.forceCleanup()).toBe(0);
    kept.release();
});

test("rounding and what lies idle cost little: a sixteenth at most, a thirtieth on average", () => {
    const pools = new BufferPoolManager({ memoryLimitBytes: Infinity });
    for (let i = 0; i < 400; i++) {
        pools.getBuffer("serialization", [20_000 + i * 4321]);
    }
    const { overhead } = pools.getGlobalStats();
    expect(overhead).toBeGreaterThan(0);
    expect(overhead).toBeLessThan(0.04);
});

test("leases that are forgotten are found, with their kind and place", async () => {
    // `gc` exists behind a flag that may be set late.
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const leaks: BufferLeak[] = [];
    const pools = new BufferPoolManager({ trackLeaks: true, onLeak: (leak) => leaks.push(leak) });
    const forget = (): void => void pools.getBuffer("tangent", [777]);
    forget();
    const kept = pools.getBuffer("normal", [10]);
    pools.getBuffer("index", [10]).release();
    for (let i = 0; i < 50 && leaks.length === 0; i++) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        collect();
    }
    expect(leaks).toHaveLength(1);
    expect(leaks[0]).toMatchObject({ kind: "tangent", bytes: 777 });
    expect(leaks[0]!.place).toMatch(/forget.*bufferPoolManager\.test/);
    expect(pools.getGlobalStats().leaks).toEqual(leaks);
    kept.release();
});

test.each<[unknown, unknown, RegExp]>([
    ["colour", [1], /kind is "colour"; allowed: heightfield2d, sdfField3d/],
    ["vertex", [], /shape is "\[\]"; allowed: a list of whole numbers/],
    ["vertex", [0], /shape is "\[0\]"/],
    ["vertex", [1.5, 2], /shape is "\[1.5, 2\]"/],
    ["vertex", 7, /shape is 7/],
    ["heightfield2d", [2 ** 16, 2 ** 16], /shape is "17179869184 bytes"/],
])("refuses %p of %p", (kind, shape, message) => {
    expect(() => new BufferPoolManager().getBuffer(kind as "vertex", shape as number[])).toThrow(message);
});

test("refuses a limit that is none", () => {
    expect(() => new BufferPoolManager({ memoryLimitBytes: -1 })).toThrow(/memoryLimitBytes is -1/);
});

test("options are checked, all at once", () => {
    const wrong = { memoryLimitBytes: 0, trackLeaks: "yes", onLeak: 1, memoryLimit: 5 };
    expect(() => new BufferPoolManager(wrong as never)).toThrow(
        expect.objectContaining({
            code: "TERRANE_INVALID",
            problems: [
                expect.objectContaining({ field: "memoryLimitBytes", value: 0 }),
                expect.objectContaining({ field: "trackLeaks", value: "yes" }),
                expect.objectContaining({ field: "onLeak", value: 1 }),
                expect.objectContaining({ field: "memoryLimit", remedy: "Did you mean memoryLimitBytes?" }),
            ],
        }),
    );
});
