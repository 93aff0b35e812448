import { tileOfChunk } from "../../../src/format/archiveTiles.js";
import { parseChunkFileName } from "../../../src/format/chunkStoreKey.js";
import { formatAddress, NO_FACE, type ChunkAddress } from "../../../src/space/chunkAddress.js";
import { ArchiveStore, type ArchiveStoreOptions } from "../../../src/store/archiveStore.js";
import type { StoreRequest, StoreResult } from "../../../src/store/store.js";
import { archiveOf, randomOf } from "../../support/archives.js";
import { MemoryRanges } from "../../support/memoryRanges.js";
import { testSeed } from "../../support/randomRecipe.js";
import { TestClock } from "./testClock.js";

const seed = testSeed();
/** Longer than what the first request brings. */
const MANIFEST = `{"kind":"terrane-manifest","text":"${"Ä".repeat(9000)}"}`;

/** Chunk files of a square of level 0, of `byteLength` bytes each that tell them apart. */
function squareFiles(side: number, byteLength: number): Map<string, Uint8Array> {
    const files = new Map<string, Uint8Array>();
    for (let i = 0; i < side * side; i++) {
        const bytes = new Uint8Array(byteLength).fill(i % 256);
        new DataView(bytes.buffer).setUint32(0, i);
        files.set(`0/${i % side}/${Math.floor(i / side)}.trn`, bytes);
    }
    return files;
}

function storeOf(files: ReadonlyMap<string, Uint8Array>, options: ArchiveStoreOptions = {}, leafEntries?: number) {
    const ranges = new MemoryRanges(archiveOf(files, MANIFEST, leafEntries));
    return { ranges, store: new ArchiveStore(ranges, options) };
}

async function getManyAsync(store: ArchiveStore, requests: readonly StoreRequest[]): Promise<StoreResult[]> {
    const results: StoreResult[] = [];
    let calls = 0;
    await store.getManyAsync(requests, (i, result) => {
        results[i] = result;
        calls++;
    });
    expect(calls).toBe(requests.length);
    return results;
}

const keysOf = (keys: Iterable<string>): StoreRequest[] => [...keys].map((key) => ({ key }));

describe(`with seed ${seed}`, () => {
    const random = randomOf(seed);
    const below = (count: number): number => Math.floor(random() * count);

    /** Files of chunks of any face and level. */
    function randomFiles(count: number): Map<string, Uint8Array> {
        const files = new Map<string, Uint8Array>();
        while (files.size < count) {
            const face = below(7) - 1;
            const level = below(24);
            const from = face === NO_FACE ? 2 ** (22 - level) : 0;
            const along = (): number => below(Math.min(40, 2 ** (23 - level))) - Math.min(20, from);
            const address: ChunkAddress = { face, level, x: Math.trunc(along()), z: Math.trunc(along()) };
            files.set(`${formatAddress(address)}.trn`, new Uint8Array(1 + below(300)).fill(below(256)));
        }
        return files;
    }

    test.each<[number, number | undefined, number | undefined]>([
        [50, undefined, undefined],
        [5000, undefined, undefined],
        [5000, 3, undefined],
        [5000, 100, 0],
    ])(
        "gives each of %p files, and says of others that there are none (leaves of %p, %p bytes of them kept)",
        async (count, leafEntries, cacheBytes) => {
            const files = randomFiles(count);
            const { store } = storeOf(files, { cacheBytes }, leafEntries);
            expect(new Set(((await store.listAsync()) as { keys: string[] }).keys)).toEqual(
                new Set([...files.keys(), "manifest.json"]),
            );
            const others = [...randomFiles(50).keys()].filter((key) => !files.has(key));
            const sample = [...files.keys()].filter((_, i) => i % Math.ceil(count / 200) === 0);
            const keys = ["manifest.json", ...sample, ...others, "report.json", "9/9.trn", "24/5/5.trn", "a/b"];
            const results = await getManyAsync(store, keysOf(keys));
            keys.forEach((key, i) => {
                const bytes = key === "manifest.json" ? new TextEncoder().encode(MANIFEST) : files.get(key);
                expect(results[i]).toEqual(bytes === undefined ? { status: "missing" } : { status: "found", bytes });
                expect([bytes !== undefined, undefined]).toContain(store.has(key));
            });
            const prefix = sample[0]!.slice(0, 3);
            expect(((await store.listAsync(prefix)) as { keys: string[] }).keys.sort()).toEqual(
                [...files.keys()].filter((key) => key.startsWith(prefix)).sort(),
            );
        },
    );

    test("whatever is wrong in its index, every question is answered", async () => {
        const files = randomFiles(4000);
        const good = archiveOf(files, "{}", 50);
        const indexBytes = good.byteLength - [...files.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
        const statuses = new Set<string>();
        for (let i = 0; i < 300; i++) {
            const bad = good.slice(0, random() < 0.1 ? below(good.byteLength) : undefined);
            for (let flips = 1 + below(8); flips > 0; flips--) {
                bad[below(Math.min(bad.length, random() < 0.3 ? 127 : indexBytes))] = below(256);
            }
            const store = new ArchiveStore(new MemoryRanges(bad));
            const keys = [...files.keys()].filter(() => random() < 0.01);
            (await getManyAsync(store, keysOf(keys))).forEach(({ status }) => statuses.add(status));
            statuses.add((await store.listAsync()).status);
        }
        expect([...statuses].sort()).toEqual(["damaged", "found", "listed", "missing", "unavailable"]);
    });
});

describe("what is wanted together", () => {
    test("is read together where it lies together", async () => {
        const files = squareFiles(32, 20_000);
        const { ranges, store } = storeOf(files);
        await store.getAsync({ key: "0/0/0.trn" });
        const keys = Array.from({ length: 64 }, (_, i) => `0/${8 + (i % 8)}/${8 + (i >> 3)}.trn`);
        ranges.asked.length = 0;
        const results = await getManyAsync(store, keysOf(keys));
        expect(results).toEqual(keys.map((key) => ({ status: "found", bytes: files.get(key) })));
        // An aligned square of 8 x 8 lies in one piece: 1.28 MB in ranges of 1 MiB at most.
        expect(ranges.asked).toHaveLength(2);
        expect(Math.max(...ranges.asked.map(({ length }) => length))).toBeLessThanOrEqual(2 ** 20);
    });

    test.each<[Partial<ArchiveStoreOptions>, number]>([
        [{ gapBytes: 0 }, 3],
        [{ gapBytes: 1000 }, 2],
        [{ gapBytes: 5000 }, 1],
        [{ gapBytes: 5000, mostBytes: 3000 }, 3],
        [{ gapBytes: 5000, mostBytes: 500 }, 4],
    ])("with bounds %p takes %p requests", async (bounds, requests) => {
        const { ranges, store } = storeOf(squareFiles(8, 1000), bounds);
        await store.getAsync({ key: "manifest.json" });
        ranges.asked.length = 0;
        // Along the curve these are files 40, 41, 43 and 48 of the 64: beyond the head.
        const keys = curveKeys([40, 41, 43, 48]);
        const results = await getManyAsync(store, keysOf(keys));
        expect(results.map(({ status }) => status)).toEqual(["found", "found", "found", "found"]);
        expect(ranges.asked).toHaveLength(requests);
    });

    test("is abandoned when nobody waits for it any longer, and not before", async () => {
        const { ranges, store } = storeOf(squareFiles(8, 1000));
        await store.getAsync({ key: "manifest.json" });
        let release = (): void => {};
        ranges.before = ({ signal }) =>
            new Promise((resolve) => {
                release = () => resolve(null);
                signal?.addEventListener("abort", () => resolve({ status: "aborted" }));
            });
        const keys = curveKeys([40, 41, 42]);
        const ask = () => {
            const controllers = keys.map(() => new AbortController());
            const results: string[] = [];
            const done = store.getManyAsync(
                keys.map((key, i) => ({ key, signal: controllers[i]!.signal })),
                (i, { status }) => (results[i] = status),
            );
            return { controllers, results, done };
        };
        const some = ask();
        await turnsAsync();
        some.controllers[0]!.abort();
        some.controllers[2]!.abort();
        expect(some.results).toEqual(["aborted", undefined, "aborted"]);
        expect(ranges.asked.at(-1)!.signal!.aborted).toBe(false);
        release();
        await some.done;
        expect(some.results).toEqual(["aborted", "found", "aborted"]);
        const all = ask();
        await turnsAsync();
        all.controllers.forEach((controller) => controller.abort());
        await all.done;
        expect(all.results).toEqual(["aborted", "aborted", "aborted"]);
        expect(ranges.asked.at(-1)!.signal!.aborted).toBe(true);
        const controller = new AbortController();
        controller.abort();
        expect(await store.getAsync({ key: keys[0]!, signal: controller.signal })).toEqual({ status: "aborted" });
    });

    test("takes one look into a leaf of the index, and what was seen is known", async () => {
        const { ranges, store } = storeOf(squareFiles(64, 10), {}, 100);
        expect(store.has("0/9/9.trn")).toBeUndefined();
        await store.getAsync({ key: "manifest.json" });
        expect([store.has("manifest.json"), store.has("report.json")]).toEqual([true, false]);
        ranges.asked.length = 0;
        await Promise.all([
            getManyAsync(store, keysOf(curveKeys([1000, 1001, 1002], 64))),
            getManyAsync(store, keysOf(curveKeys([1003], 64))),
        ]);
        // One leaf, and the files of each call.
        expect(ranges.asked).toHaveLength(3);
        expect(store.has(curveKeys([1004], 64)[0]!)).toBe(true);
    });
});

describe("an archive that is replaced", () => {
    test("is read anew, once, past caches", async () => {
        const { ranges, store } = storeOf(squareFiles(8, 1000));
        await store.getAsync({ key: "manifest.json" });
        const files = squareFiles(8, 2000);
        ranges.replace(archiveOf(files, "{}"));
        ranges.asked.length = 0;
        const keys = curveKeys([40, 63]);
        const results = await getManyAsync(store, keysOf(keys));
        expect(results).toEqual(keys.map((key) => ({ status: "found", bytes: files.get(key) })));
        expect(ranges.asked.filter(({ expected }) => expected === null)).toMatchObject([{ isFresh: true }]);
    });

    test("again and again is out of reach for now", async () => {
        const files = squareFiles(8, 1000);
        const { ranges, store } = storeOf(files);
        await store.getAsync({ key: "manifest.json" });
        ranges.before = ({ expected }) => {
            if (expected !== null) {
                ranges.replace(archiveOf(files, "{}"));
            }
            return null;
        };
        const key = curveKeys([40])[0]!;
        expect(await store.getAsync({ key })).toEqual({
            status: "unavailable",
            reason: "memory.pmtiles was replaced again while it was read.",
        });
        ranges.before = null;
        expect(await store.getAsync({ key })).toMatchObject({ status: "found" });
    });

    test("by nothing is out of reach, and looked for again after a while", async () => {
        const clock = new TestClock();
        const files = squareFiles(8, 1000);
        const ranges = new MemoryRanges(null);
        const store = new ArchiveStore(ranges, { clock, missingMs: 500 });
        const key = curveKeys([40])[0]!;
        const reason = "There is no archive at memory.pmtiles.";
        for (let i = 0; i < 3; i++) {
            expect(await store.getAsync({ key })).toEqual({ status: "unavailable", reason });
        }
        expect(ranges.asked).toHaveLength(1);
        ranges.replace(archiveOf(files, "{}"));
        clock.advance(600);
        expect(await store.getAsync({ key })).toMatchObject({ status: "found" });
        ranges.replace(null);
        expect(await store.getAsync({ key })).toEqual({ status: "unavailable", reason });
        expect(await store.listAsync()).toEqual({ status: "unavailable", reason });
    });
});

test("a file that is too long is not read, nor one that is refused handed out", async () => {
    const { ranges, store } = storeOf(squareFiles(8, 1000));
    await store.getAsync({ key: "manifest.json" });
    ranges.asked.length = 0;
    const key = curveKeys([40])[0]!;
    expect(await store.getAsync({ key, maxBytes: 999 })).toEqual({
        status: "damaged",
        reason: "has 1000 bytes; at most 999 are read",
    });
    expect(ranges.asked).toEqual([]);
    expect(await store.getAsync({ key, inspectAsync: () => Promise.resolve("is odd") })).toEqual({
        status: "damaged",
        reason: "is odd",
    });
});

test("where it gave something damaged the index is read anew, after a while", async () => {
    const clock = new TestClock();
    const ranges = new MemoryRanges(archiveOf(squareFiles(8, 1000), MANIFEST));
    const store = new ArchiveStore(ranges, { clock, missingMs: 500 });
    const [key] = curveKeys([40]);
    const getAsync = () => store.getAsync({ key: key!, inspectAsync: () => Promise.resolve("is odd") });
    const opened = (): number => ranges.asked.filter(({ expected }) => expected === null).length;
    await getAsync();
    await getAsync();
    expect(opened()).toBe(1);
    clock.advance(600);
    await getAsync();
    await getAsync();
    await getAsync();
    expect(opened()).toBe(2);
});

test("where it has nothing of what is listed elsewhere, too: a bit of the index may have flipped", async () => {
    const clock = new TestClock();
    const files = squareFiles(8, 1000);
    const [key] = curveKeys([40]);
    // Another file has come to stand in this one's place, and no file is damaged by that.
    const hiding = new Map([...files].map(([name, bytes]) => [name === key ? "0/99/99.trn" : name, bytes]));
    const ranges = new MemoryRanges(archiveOf(hiding, MANIFEST));
    const store = new ArchiveStore(ranges, { clock, missingMs: 500 });
    const getAsync = (isListed: boolean) => store.getAsync({ key: key!, isListed });
    expect(await getAsync(true)).toEqual({ status: "missing" });
    const bytes = archiveOf(files, MANIFEST);
    ranges.before = ({ offset, length, expected }) => ({
        status: "read",
        bytes: bytes.slice(offset, offset + length),
        identity: expected ?? { byteLength: bytes.byteLength, etag: '"1"', modified: null },
    });
    expect(await getAsync(true)).toEqual({ status: "missing" });
    clock.advance(600);
    expect(await getAsync(false)).toEqual({ status: "missing" });
    expect(await getAsync(false)).toEqual({ status: "missing" });
    expect(await getAsync(true)).toEqual({ status: "missing" });
    expect(await getAsync(true)).toEqual({ status: "found", bytes: files.get(key!) });
});

test("it takes nothing, and no odd keys", async () => {
    const { store } = storeOf(squareFiles(2, 10));
    expect(await store.putAsync("0/0/0.trn")).toMatchObject({ status: "refused" });
    expect(await store.deleteAsync("0/0/0.trn")).toMatchObject({ status: "refused" });
    await expect(store.getAsync({ key: "../x" })).rejects.toMatchObject({ code: "TERRANE_STORE" });
});

test("what is under way when it is closed ends, and nothing is answered after", async () => {
    const { ranges, store } = storeOf(squareFiles(8, 1000));
    await store.getAsync({ key: "manifest.json" });
    ranges.before = ({ signal }) =>
        new Promise((resolve) => signal?.addEventListener("abort", () => resolve({ status: "aborted" })));
    const closed = { status: "unavailable", reason: "memory.pmtiles was closed." };
    const under = store.getAsync({ key: curveKeys([40])[0]! });
    await turnsAsync();
    await store.closeAsync();
    expect(await under).toEqual(closed);
    expect(ranges.isClosed).toBe(true);
    expect(await store.getAsync({ key: "manifest.json" })).toEqual(closed);
    expect(await store.listAsync()).toEqual(closed);
});

test("of a small archive all comes with the first request", async () => {
    const files = squareFiles(8, 10);
    const ranges = new MemoryRanges(archiveOf(files, "{}"));
    const results = await getManyAsync(new ArchiveStore(ranges), keysOf(files.keys()));
    expect(results).toEqual([...files.values()].map((bytes) => ({ status: "found", bytes })));
    expect(ranges.asked).toMatchObject([{ offset: 0, length: 2 ** 14 }]);
});

/** Lets everything go on that waits for nothing. */
function turnsAsync(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
}

/** Keys of files of a square from the origin, by their places in the archive. */
function curveKeys(places: readonly number[], side = 8): string[] {
    const keys = [...squareFiles(side, 4).keys()];
    const tileOf = (key: string): number => tileOfChunk(parseChunkFileName(key)!)!;
    keys.sort((a, b) => tileOf(a) - tileOf(b));
    return places.map((place) => keys[place]!);
}
