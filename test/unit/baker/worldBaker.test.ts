import type { BakeBatchRequest } from "../../../src/bake/protocol.js";
import { createBatchBaker } from "../../../src/bake/bakeBatch.js";
import { BakeCancelledError, WorldBakeError } from "../../../src/baker/bakerErrors.js";
import { addressesOfBlock, type ChunkBlock } from "../../../src/baker/chunkBlock.js";
import type { BakeProgress } from "../../../src/baker/progressMeter.js";
import { verifyBakeAsync } from "../../../src/baker/verifyBake.js";
import { WorldBaker, type BakeOptions, type WorldBakerOptions } from "../../../src/baker/worldBaker.js";
import { decodeChunkFile } from "../../../src/format/chunkFile.js";
import { readChunkHeader } from "../../../src/format/chunkData.js";
import type { BakeExecutor } from "../../../src/scheduler/bakeExecutor.js";
import { flatAddress, formatAddress, parseAddress, type ChunkAddress } from "../../../src/space/chunkAddress.js";
import { StoreError, type ChunkStore } from "../../../src/store/chunkStore.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import { chunkStoreOf } from "../../support/chunkStoreOf.js";
import { loadKernelsAsync, wasmFile } from "../../support/kernels.js";
import { bakeAsync, block, CHUNKS, makeBaker, recipe } from "./fixtures.js";

const kernels = await loadKernelsAsync();
const rootHash = (await bakeAsync()).rootHash;

/** Bakes on this thread, and lets a test come between. */
function executorOf(between: (request: BakeBatchRequest) => void | Promise<void>): BakeExecutor {
    const bake = createBatchBaker(kernels);
    return {
        maxBatchesInFlight: 2,
        workerCount: 1,
        runBatchAsync: async (request) => {
            await between(request);
            return bake(request);
        },
        disposeAsync: async () => {},
    };
}

test("a manifest lists what was baked, the store holds it, and it unpacks to the chunk that it names", async () => {
    const store = chunkStoreOf(new MemoryStore());
    const manifest = await bakeAsync({ store });
    expect(manifest.chunks).toHaveLength(CHUNKS);
    expect(manifest.recipe.terrain.octaves).toBe(8);
    expect((await store.listAsync()).sort()).toEqual(
        [
            ...manifest.chunks.map(({ file }) => file),
            ...["-1/-1", "-1/0", "0/-1", "0/0"].map((place) => `manifest/0/5/${place}.trm`),
            "manifest.json",
            "report.json",
        ].sort(),
    );
    for (const { address, file, byteLength, storedByteLength } of manifest.chunks) {
        const bytes = (await store.readAsync(file))!;
        expect(bytes.length).toBe(storedByteLength);
        const chunk = decodeChunkFile(bytes);
        expect(chunk.length).toBe(byteLength);
        expect(formatAddress(readChunkHeader(chunk).address)).toBe(address);
    }
});

test("the root hash is the same in any order, in batches of any size, with little memory, and of its addresses alone", async () => {
    const addresses = addressesOfBlock(block);
    expect((await bakeAsync({ chunks: undefined, addresses: [...addresses].reverse() })).rootHash).toBe(rootHash);
    expect((await bakeAsync({ chunkBatchSize: 1 })).rootHash).toBe(rootHash);
    const priorityOf = ({ x }: { x: number }) => (x === 0 ? "immediate" : "low") as "immediate" | "low";
    expect((await bakeAsync({ priorityOf })).rootHash).toBe(rootHash);
    const baker = makeBaker({ memoryLimitBytes: 20_000 });
    expect((await bakeAsync({}, baker)).rootHash).toBe(rootHash);
    expect(baker.getPerformanceReport()).toMatchObject({ fewestInFlight: 1, memoryLimitBytes: 20_000 });
    const other = await makeBaker().bakeAsync({ ...recipe, seed: 6 }, { chunks: block });
    expect(other.rootHash).not.toBe(rootHash);
    expect((await bakeAsync({ chunks: { ...block, centerX: 1 } })).rootHash).not.toBe(rootHash);
});

test("what is urgent is baked first", async () => {
    const order: number[] = [];
    const baker = makeBaker();
    baker.onChunkBakedObservable.add(({ address }) => order.push(address.x));
    await bakeAsync({ priorityOf: ({ x }) => (x === 1 ? "immediate" : x === 0 ? "high" : "normal") }, baker);
    expect(order.slice(0, 6)).toEqual([1, 1, 1, 0, 0, 0]);
});

describe("what is in the store", () => {
    async function rebakedAsync(store: ChunkStore, options = {}): Promise<string[]> {
        const baker = makeBaker();
        const baked: string[] = [];
        baker.onChunkBakedObservable.add(({ address }) => baked.push(formatAddress(address)));
        const manifest = await bakeAsync({ store, ...options }, baker);
        expect(manifest.rootHash).toBe(rootHash);
        return baked;
    }

    test("and whole is not baked again; what is missing, damaged, swapped or another world's is", async () => {
        const store = chunkStoreOf(new MemoryStore());
        await bakeAsync({ store });
        expect(await rebakedAsync(store)).toEqual([]);

        await store.deleteAsync("0/0/0.trn");
        const damaged = (await store.readAsync("0/1/0.trn"))!;
        damaged[200]! ^= 1;
        await store.writeAsync("0/1/0.trn", damaged);
        const cut = (await store.readAsync("0/-1/0.trn"))!;
        await store.writeAsync("0/-1/0.trn", cut.subarray(0, cut.length - 1));
        await store.writeAsync("0/-2/0.trn", (await store.readAsync("0/1/1.trn"))!);
        await store.writeAsync("0/-2/1.trn", Uint8Array.of());
        const elsewhere = chunkStoreOf(new MemoryStore());
        await makeBaker().bakeAsync({ ...recipe, seed: 6 }, { chunks: block, store: elsewhere });
        await store.writeAsync("0/0/-1.trn", (await elsewhere.readAsync("0/0/-1.trn"))!);
        expect((await rebakedAsync(store)).sort()).toEqual(
            ["0/0/0", "0/1/0", "0/-1/0", "0/-2/0", "0/-2/1", "0/0/-1"].sort(),
        );
        expect(await rebakedAsync(store)).toEqual([]);
    });

    test("of a larger block is left alone, and counts for it", async () => {
        const store = chunkStoreOf(new MemoryStore());
        await bakeAsync({ store, chunks: { countX: 2, countZ: 3 } });
        expect(await rebakedAsync(store)).toHaveLength(6);
    });
});

test("progress counts work items up to all of them", async () => {
    const seen: BakeProgress[] = [];
    const store = chunkStoreOf(new MemoryStore());
    await bakeAsync({ store, chunks: { countX: 1, countZ: 3 } });
    const baker = makeBaker();
    baker.onProgressObservable.add((progress) => seen.push(progress));
    await bakeAsync({ store }, baker);
    expect(seen.map(({ completedChunks }) => completedChunks)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(seen[0]).toMatchObject({ completedItems: 21, totalWorkItems: 84, estimatedTimeRemaining: Infinity });
    expect(seen.at(-1)).toMatchObject({ completedItems: 84, estimatedTimeRemaining: 0 });
    expect(seen.at(-1)!.chunksPerSecond).toBeGreaterThan(0);
});

test("a signal ends the bake: what was under way is kept, the next bake goes on from there", async () => {
    const store = chunkStoreOf(new MemoryStore());
    const controller = new AbortController();
    const baker = makeBaker();
    baker.onProgressObservable.add(({ completedChunks }) => completedChunks === 4 && controller.abort("enough"));
    const error = await bakeAsync({ store, signal: controller.signal, chunkBatchSize: 2 }, baker).catch(
        (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(BakeCancelledError);
    expect(error).toMatchObject({ name: "AbortError", code: "TERRANE_CANCELLED", cause: "enough" });
    const left = (await store.listAsync()).filter((name) => name.endsWith(".trn"));
    expect(left.length).toBeGreaterThanOrEqual(4);
    expect(left.length).toBeLessThan(CHUNKS);
    expect(await store.readAsync("manifest.json")).toBeNull();
    const second = makeBaker();
    expect((await bakeAsync({ store }, second)).rootHash).toBe(rootHash);
    expect(second.getPerformanceReport().chunks).toBe(CHUNKS - left.length);
    await expect(bakeAsync({ signal: AbortSignal.abort() })).rejects.toThrow(/cancelled after 0 of 12/);
});

test("a chunk that cannot be baked is told of; all others are done, and the next bake tries it alone", async () => {
    const store = chunkStoreOf(new MemoryStore());
    const bake = createBatchBaker(kernels);
    const executor: BakeExecutor = {
        ...executorOf(() => {}),
        runBatchAsync: async (request) => {
            const { outcomes } = await bake(request);
            return {
                outcomes: outcomes.map((outcome, i) =>
                    request.tasks[i]!.address.x === 1
                        ? {
                              id: outcome.id,
                              ok: false as const,
                              message: "broken",
                              code: "TEST",
                              buffer: outcome.buffer,
                          }
                        : outcome,
                ),
            };
        },
    };
    const baker = makeBaker({ executor });
    const told: string[] = [];
    baker.onChunkFailedObservable.add(({ address, attempts }) => told.push(`${formatAddress(address)} ${attempts}`));
    const error = (await bakeAsync({ store }, baker).catch((reason: unknown) => reason)) as WorldBakeError;
    expect(error).toBeInstanceOf(WorldBakeError);
    expect(error.message).toMatch(/3 of 12 chunks could not be baked: 0\/1\/-1, .*broken.*Bake again/s);
    expect(error.failures).toHaveLength(3);
    expect(told.sort()).toEqual(["0/1/-1 2", "0/1/0 2", "0/1/1 2"]);
    expect(baker.getPerformanceReport()).toMatchObject({ chunks: 9, quarantined: 3, retried: 3 });
    const second = makeBaker();
    expect((await bakeAsync({ store }, second)).rootHash).toBe(rootHash);
    expect(second.getPerformanceReport().chunks).toBe(3);
});

test("a worker whose files are another chunk's, or damaged, is not believed", async () => {
    const bake = createBatchBaker(kernels);
    let faults = 0;
    const executor: BakeExecutor = {
        ...executorOf(() => {}),
        runBatchAsync: async (request) => {
            const answer = await bake(request);
            const first = answer.outcomes[0]!;
            if (faults < 4 && first.ok) {
                const bytes = new Uint8Array(first.buffer, 0, first.byteLength);
                bytes[faults++ % 2 === 0 ? 40 : 300]! ^= 4;
            }
            return answer;
        },
    };
    const baker = makeBaker({ executor });
    expect((await bakeAsync({}, baker)).rootHash).toBe(rootHash);
    expect(baker.getPerformanceReport().retried).toBe(4);
});

test("a store that cannot be written ends the bake with its error, after what is under way has come back", async () => {
    const store = chunkStoreOf(new MemoryStore());
    let writes = 0;
    let pending = 0;
    store.writeAsync = async (name) => {
        pending++;
        await new Promise((resolve) => setTimeout(resolve, 1));
        pending--;
        if (++writes > 3) {
            throw new StoreError("The disk is full.", name);
        }
    };
    await expect(bakeAsync({ store })).rejects.toThrow("The disk is full.");
    expect(pending).toBe(0);
    expect(writes).toBeLessThan(CHUNKS + 2);
});

test("an observer that throws ends the bake with what it threw", async () => {
    const baker = makeBaker();
    baker.onChunkBakedObservable.add(() => {
        throw new Error("the observer's own");
    });
    await expect(bakeAsync({}, baker)).rejects.toThrow("the observer's own");
    // And leaves the baker as it was.
    baker.onChunkBakedObservable.clear();
    expect((await bakeAsync({}, baker)).rootHash).toBe(rootHash);
});

test("one bake at a time", async () => {
    const baker = makeBaker();
    const first = bakeAsync({}, baker);
    await expect(bakeAsync({}, baker)).rejects.toThrow(/one bake at a time/);
    expect((await first).rootHash).toBe(rootHash);
    expect(() => makeBaker().getPerformanceReport()).toThrow(/Await bakeAsync first/);
});

test("chunks of several levels may be baked together", async () => {
    const addresses = [flatAddress(2, 0, 0), flatAddress(0, 1, 1), flatAddress(1, -1, 0)];
    const manifest = await bakeAsync({ chunks: undefined, addresses });
    expect(manifest.chunks.map(({ address }) => address)).toEqual(["0/1/1", "1/-1/0", "2/0/0"]);
});

describe("a pyramid", () => {
    const addressesOf = (chunks: ChunkBlock, levels: [number, number]): ChunkAddress[] =>
        makeBaker()
            .plan(recipe, { chunks, levels })
            .chunks.map(({ address }) => address);

    test.each<[string, ChunkBlock, [number, number], [number, number, number, number, number][]]>([
        [
            "above an even block",
            { countX: 4, countZ: 4 },
            [0, 2],
            [
                [0, -2, 1, -2, 1],
                [1, -2, 1, -2, 1],
                [2, -1, 0, -1, 0],
            ],
        ],
        [
            "above an odd block",
            { countX: 3, countZ: 1, centerX: 10, centerZ: 7 },
            [0, 3],
            [
                [0, 8, 11, 6, 7],
                [1, 4, 5, 2, 3],
                [2, 2, 3, 0, 1],
                [3, 1, 1, 0, 0],
            ],
        ],
        ["of one level", { countX: 3, countZ: 1 }, [2, 2], [[2, -1, 1, 0, 0]]],
        [
            "above a block at the world's end",
            { countX: 1, countZ: 1, centerX: -(2 ** 23) + 1 },
            [0, 1],
            [
                [0, -(2 ** 23) + 1, -(2 ** 23) + 1, 0, 1],
                [1, -(2 ** 22), -(2 ** 22), 0, 0],
            ],
        ],
    ])("%s has what covers it, and the siblings of that", (_, chunks, levels, ends) => {
        const addresses = addressesOf(chunks, levels);
        expect(addresses).toEqual(
            ends.flatMap(([level, left, right, near, far]) =>
                addressesOfBlock({
                    level,
                    countX: right - left + 1,
                    countZ: far - near + 1,
                    centerX: left + Math.floor((right - left + 1) / 2),
                    centerZ: near + Math.floor((far - near + 1) / 2),
                }),
            ),
        );
    });

    test("that a chunk is split in has all four children wherever it has one, and reaches the block", () => {
        for (const chunks of [block, { countX: 5, countZ: 9, centerX: 3, centerZ: -8 }]) {
            const names = new Set(addressesOf(chunks, [0, 4]).map(formatAddress));
            for (const name of names) {
                const { level, x, z } = parseAddress(name);
                const children = [0, 1, 2, 3].map((i) => `${level - 1}/${2 * x + (i & 1)}/${2 * z + (i >> 1)}`);
                const there = children.filter((child) => names.has(child));
                expect([0, 4]).toContain(there.length);
                if (level < 4) {
                    expect(names.has(`${level + 1}/${x >> 1}/${z >> 1}`) || level === 3).toBe(true);
                }
            }
            for (const address of addressesOfBlock(chunks)) {
                expect(names.has(formatAddress(address))).toBe(true);
            }
        }
    });

    test("over 512 x 512 chunks can be planned", () => {
        const plan = makeBaker().plan(recipe, { chunks: { countX: 512, countZ: 512 }, levels: [0, 6] });
        expect(plan.chunks).toHaveLength(4 ** 9 + 4 ** 8 + 4 ** 7 + 4 ** 6 + 4 ** 5 + 4 ** 4 + 4 ** 3);
    });

    test("is baked into one manifest, which is verified, and gone on with", async () => {
        const store = chunkStoreOf(new MemoryStore());
        const manifest = await bakeAsync({ store, chunks: { countX: 2, countZ: 2 }, levels: [0, 2] });
        const levels = manifest.chunks.map(({ address }) => parseAddress(address).level);
        expect([0, 1, 2].map((level) => levels.filter((other) => other === level).length)).toEqual([16, 16, 4]);
        const { bad, chunks } = await verifyBakeAsync(store, { baker: { workers: 0, wasmUrl: wasmFile }, rebake: 2 });
        expect([bad, chunks]).toEqual([[], 36]);
        const reversed = [...manifest.chunks].reverse().map(({ address }) => parseAddress(address));
        expect((await bakeAsync({ chunks: undefined, addresses: reversed })).rootHash).toBe(manifest.rootHash);
        const second = makeBaker();
        await bakeAsync({ store, chunks: { countX: 2, countZ: 2 }, levels: [0, 3] }, second);
        // Twelve siblings of level 2, and four chunks above.
        expect(second.getPerformanceReport().chunks).toBe(16);
    });
});

test.each<[object, RegExp]>([
    [{ chunks: undefined }, /chunks is undefined; allowed: chunks or addresses\. Name what to bake/],
    [{ addresses: [] }, /chunks is an object; allowed: either chunks or addresses, not both/],
    [{ chunks: undefined, addresses: [] }, /addresses is an array of 0; allowed: at least one address/],
    [{ chunks: undefined, addresses: 5 }, /addresses is 5; allowed: addresses, as in an array/],
    [{ chunks: { countX: 0, countZ: 1 } }, /chunks.countX is 0/],
    [{ chunks: { countX: 2, countZ: 1.5 } }, /chunks.countZ is 1.5/],
    [{ chunks: { countX: 2 } }, /chunks.countZ is undefined/],
    [{ chunks: { countX: 2 ** 12, countZ: 2 ** 12 } }, /chunks is "4096x4096"; allowed: at most 1048576 chunks/],
    [{ chunks: { countX: 1, countZ: 1, level: 25 } }, /chunks.level is 25; allowed: an integer from 0 to 24/],
    [{ chunks: { countX: 1, countZ: 1, centerX: 2 ** 23 } }, /chunks.centerX is 8388608/],
    [{ chunks: { countX: 1, countZ: 3, centerZ: 2 ** 23 - 1 } }, /chunks.centerZ is 8388607; allowed: so that all 3/],
    [
        { chunks: { countX: 1, countZ: 1, originX: 5 } },
        /chunks.originX is unknown \(given: 5\); allowed: only countX, /,
    ],
    [{ levels: [2] }, /levels is an array of 1; allowed: two integers from 0 to 24, the lower first/],
    [{ levels: [3, 2] }, /levels is an array of 2; allowed: two integers/],
    [{ levels: [0, 25] }, /levels is an array of 2; allowed: two integers/],
    [{ levels: [0.5, 2] }, /levels is an array of 2; allowed: two integers/],
    [{ levels: "0-6" }, /levels is "0-6"; allowed: two integers/],
    [{ levels: [1, 2], chunks: { ...block, level: 0 } }, /chunks.level is 0; allowed: 1, the lowest of the levels/],
    [{ levels: [0, 1], chunks: undefined, addresses: [flatAddress(0, 0, 0)] }, /levels is .*none beside addresses/],
    [{ chunkBatchSize: 0 }, /chunkBatchSize is 0; allowed: an integer from 1 to 64/],
    [{ chunkBatchSize: 65 }, /chunkBatchSize is 65/],
    [{ chunkBatchsize: 4 }, /chunkBatchsize is unknown \(given: 4\); .* Did you mean chunkBatchSize\?/],
    [{ priorityOf: () => "soon" }, /priority is "soon"/],
    [{ priorityOf: "high" }, /priorityOf is "high"; allowed: a function/],
    [{ store: {} }, /store is an object; allowed: a Store or a ChunkStore/],
    [{ signal: true }, /signal is true; allowed: an AbortSignal/],
])("refuses %p", async (options, message) => {
    await expect(bakeAsync(options)).rejects.toThrow(message);
});

test("a recipe that is wrong names its field", async () => {
    await expect(makeBaker().bakeAsync({ chunkSize: 5 }, { chunks: block })).rejects.toThrow(/recipe.chunkSize is 5/);
    expect(() => new WorldBaker({ memoryLimitBytes: -1 })).toThrow(/memoryLimitBytes is -1/);
    expect(() => makeBaker({ workers: 65 })).toThrow(/workers is 65/);
});

test("everything that is wrong is named at once: recipe, options and what is in them", async () => {
    const chunks = { countX: 0, countZ: 2, originX: 3 };
    const recipe = { chunkSize: 5, caves: { octaves: 9 } };
    await expect(
        makeBaker().bakeAsync(recipe, { chunks, chunkBatchSize: 100, batch: 1 } as BakeOptions),
    ).rejects.toMatchObject({
        field: "recipe.chunkSize",
        problems: [
            { field: "recipe.chunkSize", value: 5 },
            { field: "recipe.caves.octaves", value: 9 },
            { field: "chunks.countX", value: 0 },
            { field: "chunks.originX", value: 3, isUnknown: true },
            { field: "chunkBatchSize", value: 100 },
            { field: "batch", value: 1, isUnknown: true },
        ],
    });
    await expect(makeBaker().bakeAsync({}, undefined as never)).rejects.toThrow(
        /^options is undefined; allowed: an object/,
    );
    const problems = [{ field: "workers" }, { field: "wasmUrl" }, { field: "memory", isUnknown: true }];
    expect(() => new WorldBaker({ workers: -1, wasmUrl: "", memory: 5 } as WorldBakerOptions)).toThrow(
        expect.objectContaining({ problems: problems.map((problem) => expect.objectContaining(problem)) }),
    );
});

test("each address that is wrong is named", async () => {
    const addresses = [
        flatAddress(0, 0, 0),
        { ...flatAddress(0, 1, 0), level: 99 },
        null,
        { face: -1, level: 0, x: 0.5, z: "1" },
    ];
    await expect(bakeAsync({ chunks: undefined, addresses: addresses as ChunkAddress[] })).rejects.toMatchObject({
        problems: [
            { field: "addresses[1].level", value: 99 },
            { field: "addresses[2]", value: null },
            { field: "addresses[3].x", value: 0.5 },
            { field: "addresses[3].z", value: "1" },
        ],
    });
});
