import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { chunkFileName } from "../../../src/format/chunkStoreKey.js";
import { NO_FACE } from "../../../src/space/chunkAddress.js";
import { BLOCK_HEIGHT, formatBlock, parseBlock, squareOf, type ChunkSquare } from "../../../src/space/chunkSquare.js";
import { ArchiveStore } from "../../../src/store/archiveStore.js";
import { BlockArchives } from "../../../src/store/blockArchives.js";
import { isBlockUrl } from "../../../src/store/blockTemplate.js";
import { ChainStore } from "../../../src/store/chainStore.js";
import type { Fetch } from "../../../src/store/httpClient.js";
import type { HttpRangesOptions } from "../../../src/store/httpRanges.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import { openBakeFiles } from "../../../src/store/openBakeFiles.js";
import { openHttpBlockArchives } from "../../../src/store/openBlockArchives.js";
import { openStoreAsync } from "../../../src/store/openStore.js";
import type { Store, StoreRequest, StoreResult } from "../../../src/store/store.js";
import { archiveOf } from "../../support/archives.js";
import { MemoryRanges } from "../../support/memoryRanges.js";
import { HOUR_MS, spoiled, walkAsync, type Fault, type Faults } from "./faultyStore.js";
import { TestClock } from "./testClock.js";

/** Chunk files of 5 x 4 blocks about the origin, 4 x 4 in each, in the corner that touches the others. */
const files = new Map<string, Uint8Array>();
/** Those of each block, by the block's text. */
const blocks = new Map<string, Map<string, Uint8Array>>();
for (let x = -40; x < 120; x++) {
    for (let z = -64; z < 64; z++) {
        const [inX, inZ] = [x & 31, z & 31];
        if (inX >= 4 || inZ >= 4) {
            continue;
        }
        const address = { face: NO_FACE, level: 0, x, z };
        const bytes = new Uint8Array(300).fill(files.size % 256);
        new DataView(bytes.buffer).setUint32(0, files.size);
        const block = formatBlock(squareOf(address, BLOCK_HEIGHT));
        blocks.set(block, (blocks.get(block) ?? new Map<string, Uint8Array>()).set(chunkFileName(address), bytes));
        files.set(chunkFileName(address), bytes);
    }
}
const MANIFEST_FILES = new Map([
    ["manifest.json", new TextEncoder().encode("{}")],
    ["manifest/0/5/-1/0.trm", Uint8Array.of(1, 2, 3)],
]);
/** Longer than what the first request brings. */
const METADATA = `{"text":"${"x".repeat(20_000)}"}`;
const archives = new Map(Array.from(blocks, ([block, inBlock]) => [block, archiveOf(inBlock, METADATA)] as const));
const all = [...MANIFEST_FILES, ...files];

interface Opened {
    readonly block: string;
    readonly ranges: MemoryRanges;
}

/** Archives in memory; `opened` has each opening of one. */
async function storeOf(mostOpen?: number) {
    const folder = new MemoryStore();
    await Promise.all(Array.from(MANIFEST_FILES, ([key, bytes]) => folder.putAsync(key, bytes)));
    const opened: Opened[] = [];
    const open = (square: ChunkSquare): Store => {
        const block = formatBlock(square);
        const ranges = new MemoryRanges(archives.get(block) ?? null);
        opened.push({ block, ranges });
        return new ArchiveStore(ranges, { isOneOfMany: true });
    };
    const store = new BlockArchives(folder, open, mostOpen === undefined ? {} : { mostOpen });
    return { store, folder, opened };
}

async function getManyAsync(store: Store, requests: readonly StoreRequest[]): Promise<StoreResult[]> {
    const results: StoreResult[] = [];
    let calls = 0;
    await store.getManyAsync(requests, (i, result) => {
        results[i] = result;
        calls++;
    });
    expect(calls).toBe(requests.length);
    return results;
}

const requestsOf = (keys: Iterable<string>): StoreRequest[] => [...keys].map((key) => ({ key }));
const found = (bytes: Uint8Array | undefined): StoreResult => ({ status: "found", bytes: bytes! });
const turnsAsync = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) {
        await new Promise((resolve) => setImmediate(resolve));
    }
};

test("a chunk's file comes from its block's archive, the manifest's from the folder", async () => {
    const { store, opened } = await storeOf();
    expect(blocks.size).toBe(20);
    expect(await getManyAsync(store, requestsOf(all.map(([key]) => key)))).toEqual(
        all.map(([, bytes]) => found(bytes)),
    );
    expect(opened.map(({ block }) => block).sort()).toEqual([...blocks.keys()].sort());
    for (const [key, bytes] of all) {
        expect(await store.getAsync({ key })).toEqual(found(bytes));
        expect(store.has(key)).not.toBe(false);
    }
    expect(opened).toHaveLength(blocks.size);
    expect(await getManyAsync(store, [])).toEqual([]);
});

test("opens no archive before it is needed, and none for what lies in the folder", async () => {
    const { store, opened } = await storeOf();
    await store.getAsync({ key: "manifest.json" });
    expect(await store.getAsync({ key: "report.json" })).toEqual({ status: "missing" });
    expect(store.has("0/0/0.trn")).toBeUndefined();
    expect(opened).toEqual([]);
    await store.getAsync({ key: "0/-32/0.trn" });
    expect(opened.map(({ block }) => block)).toEqual(["0/-1/0"]);
    expect([store.has("0/-31/0.trn"), store.has("0/-20/0.trn"), store.openCount]).toEqual([true, false, 1]);
});

test("neighbours in a block are read together, those of two blocks apart", async () => {
    const { store, opened } = await storeOf();
    const keys = [...blocks.get("0/0/0")!.keys(), ...blocks.get("0/1/0")!.keys()];
    expect(await getManyAsync(store, requestsOf(keys))).toEqual(keys.map((key) => found(files.get(key))));
    // The index, and the sixteen files in one part.
    expect(opened.map(({ ranges }) => ranges.asked.length)).toEqual([2, 2]);
});

test("where a block has no archive its files are missing, and all others come", async () => {
    const { store, opened } = await storeOf();
    const keys = ["0/500/0.trn", "0/0/0.trn", "3/0/0.trn", "manifest.json"];
    expect((await getManyAsync(store, requestsOf(keys))).map(({ status }) => status)).toEqual([
        ...["missing", "found", "missing", "found"],
    ]);
    await store.getAsync({ key: "0/500/0.trn" });
    // Remembered for a while.
    expect(opened[0]!.ranges.asked).toHaveLength(1);
});

test("a damaged archive harms its own block alone", async () => {
    const { store, opened } = await storeOf();
    await store.getAsync({ key: "0/0/0.trn" });
    opened[0]!.ranges.replace(new Uint8Array(archives.get("0/0/0")!).fill(0, 0, 7));
    const results = await getManyAsync(store, requestsOf(["0/1/0.trn", "0/32/0.trn"]));
    expect(results).toMatchObject([
        { status: "damaged", reason: expect.stringMatching(/^lies in an archive that/) },
        { status: "found" },
    ]);
});

describe("of many archives", () => {
    test("those that were not read for the longest are closed, and opened again", async () => {
        const { store, opened } = await storeOf(2);
        const readAsync = async (...keys: string[]): Promise<string[]> => {
            for (const key of keys) {
                expect(await store.getAsync({ key })).toEqual(found(files.get(key)));
            }
            return opened.filter(({ ranges }) => !ranges.isClosed).map(({ block }) => block);
        };
        expect(await readAsync("0/0/0.trn", "0/32/0.trn", "0/1/1.trn")).toEqual(["0/0/0", "0/1/0"]);
        expect(await readAsync("0/64/0.trn")).toEqual(["0/0/0", "0/2/0"]);
        expect(await readAsync("0/33/0.trn")).toEqual(["0/2/0", "0/1/0"]);
        expect([opened.length, store.openCount]).toEqual([4, 2]);
    });

    test("none is closed in the middle of an answer, however many that are", async () => {
        const { store, opened } = await storeOf(1);
        const waiting: (() => void)[] = [];
        const keys = ["0/0/0.trn", "0/32/0.trn", "0/64/0.trn"];
        // Each archive's files wait, its index does not.
        const slowly = async (key: string): Promise<StoreResult> => {
            const under = store.getAsync({ key });
            opened.at(-1)!.ranges.before = async ({ expected }) => {
                if (expected !== null) {
                    await new Promise<void>((resolve) => waiting.push(resolve));
                }
                return null;
            };
            await turnsAsync();
            return under;
        };
        const under = keys.map((key) => slowly(key));
        await turnsAsync();
        await turnsAsync();
        expect([waiting.length, store.openCount, opened.some(({ ranges }) => ranges.isClosed)]).toEqual([3, 3, false]);
        waiting.forEach((go) => go());
        expect(await Promise.all(under)).toEqual(keys.map((key) => found(files.get(key))));
        expect([store.openCount, opened.map(({ ranges }) => ranges.isClosed)]).toEqual([1, [true, true, false]]);
    });

    test("all are closed with the store; what is under way ends, and nothing is answered after", async () => {
        const { store, folder, opened } = await storeOf();
        await getManyAsync(store, requestsOf(["0/0/0.trn", "0/32/0.trn"]));
        opened[0]!.ranges.before = ({ signal }) =>
            new Promise((resolve) => signal?.addEventListener("abort", () => resolve({ status: "aborted" })));
        const under = store.getAsync({ key: "0/3/3.trn" });
        await turnsAsync();
        await store.closeAsync();
        expect(await under).toMatchObject({ status: "unavailable" });
        expect(opened.map(({ ranges }) => ranges.isClosed)).toEqual([true, true]);
        const after = await getManyAsync(store, requestsOf(["0/0/0.trn", "0/99/0.trn", "manifest.json"]));
        expect(new Set(after.map(({ status }) => status))).toEqual(new Set(["unavailable"]));
        expect([opened.length, store.openCount]).toEqual([2, 0]);
        expect(await folder.getAsync({ key: "manifest.json" })).toMatchObject({ status: "unavailable" });
    });
});

test("it takes nothing, cannot list, and takes no odd keys", async () => {
    const { store } = await storeOf();
    expect(await store.putAsync("0/0/0.trn")).toMatchObject({ status: "refused" });
    expect(await store.deleteAsync("0/0/0.trn")).toMatchObject({ status: "refused" });
    expect(await store.listAsync()).toMatchObject({ status: "unavailable" });
    await expect(store.getAsync({ key: "../x" })).rejects.toMatchObject({ code: "TERRANE_STORE" });
    const aborted = { key: "0/0/0.trn", signal: AbortSignal.abort() };
    expect(await store.getAsync(aborted)).toEqual({ status: "aborted" });
});

const clock = new TestClock();

/** A server of the archives and the folder, whose Nth answer goes wrong. */
class Host {
    public readonly asked: string[] = [];
    public busy = 0;
    public mostBusy = 0;

    public constructor(private readonly _faults: Faults | null = null) {}

    public readonly fetch: Fetch = async (url, init) => {
        this.asked.push(url);
        this.mostBusy = Math.max(this.mostBusy, ++this.busy);
        try {
            await new Promise((resolve) => setImmediate(resolve));
            return await this._answerAsync(url, init);
        } finally {
            this.busy--;
        }
    };

    private async _answerAsync(url: string, { headers, signal }: RequestInit): Promise<Response> {
        const fault = this._faults?.next() ?? null;
        if (fault === "fail" || fault === "close") {
            throw new TypeError("fetch failed");
        }
        if (fault === "gone" || fault === "full") {
            return new Response("", { status: 503 });
        }
        if (fault === "delay") {
            await clock.waitAsync(HOUR_MS, signal!);
            signal!.throwIfAborted();
        }
        const { pathname, search } = new URL(url);
        expect(search).toBe("?key=1");
        const name = pathname.replace("/a%20world/", "");
        const whole = MANIFEST_FILES.get(name);
        if (whole !== undefined) {
            return new Response(new Uint8Array(spoiled(whole, fault)), {
                headers: { "content-length": `${whole.length}` },
            });
        }
        const block = /^tiles-(.+)\.pmtiles$/.exec(name)?.[1] ?? "";
        const archive = archives.get(block);
        if (archive === undefined) {
            return new Response("", { status: 404 });
        }
        const range = /(\d+)-(\d+)/.exec(new Headers(headers).get("range")!)!;
        const [from, to] = [Number(range[1]), Math.min(Number(range[2]), archive.length - 1)];
        return new Response(new Uint8Array(spoiled(archive.slice(from, to + 1), fault)), {
            status: 206,
            headers: {
                ...{ "content-range": `bytes ${from}-${to}/${archive.length}`, "content-length": `${to + 1 - from}` },
                etag: `"${block}"`,
            },
        });
    }
}

const URL_OF_BLOCKS = "https://host.example/a world/tiles-{block}.pmtiles?key=1";

function httpStoreOf(faults: Faults | null = null, options: HttpRangesOptions = {}) {
    const host = new Host(faults);
    return { host, store: openHttpBlockArchives(URL_OF_BLOCKS, { fetch: host.fetch, clock, ...options }) };
}

describe("on a server", () => {
    test("each file comes from the archive of its block, whose address is the template's", async () => {
        const { host, store } = httpStoreOf();
        expect(await getManyAsync(store, requestsOf(all.map(([key]) => key)))).toEqual(
            all.map(([, bytes]) => found(bytes)),
        );
        const of = (name: string): number => host.asked.filter((url) => url.includes(name)).length;
        expect(of("https://host.example/a%20world/tiles-0/-1/1.pmtiles?key=1")).toBe(2);
        expect(of("https://host.example/a%20world/manifest.json?key=1")).toBe(1);
        expect(await store.getAsync({ key: "0/500/0.trn" })).toEqual({ status: "missing" });
        expect(host.asked).toHaveLength(2 * blocks.size + MANIFEST_FILES.size + 1);
    });

    test("one client asks for all: no more at once than it may, and a host that fails is left alone for all", async () => {
        const { host, store } = httpStoreOf(null, { concurrency: 3 });
        await getManyAsync(store, requestsOf(files.keys()));
        expect(host.mostBusy).toBe(3);

        const asked: string[] = [];
        const failing = openHttpBlockArchives(URL_OF_BLOCKS, {
            fetch: (url) => {
                asked.push(url);
                return Promise.resolve(new Response("", { status: 503 }));
            },
            ...{ clock, maxRetries: 0, failuresUntilOpen: 2 },
        });
        for (const key of ["0/0/0.trn", "0/32/0.trn", "0/64/0.trn", "manifest.json"]) {
            expect(await failing.getAsync({ key })).toMatchObject({ status: "unavailable" });
        }
        expect(asked).toHaveLength(2);
        expect(store.retries).toBe(0);
    });

    test("an archive that is closed leaves the client open, and retries are counted once", async () => {
        const host = new Host();
        let failures = 1;
        const store = openHttpBlockArchives(URL_OF_BLOCKS, {
            fetch: (url, init) =>
                failures-- > 0 ? Promise.resolve(new Response("", { status: 503 })) : host.fetch(url, init),
            ...{ clock, mostOpen: 1 },
        });
        const keys = [...blocks.values()].map((inBlock) => [...inBlock.keys()][0]!);
        for (let round = 0; round < 2; round++) {
            for (const key of keys) {
                expect(await clock.runAsync(store.getAsync({ key }))).toEqual(found(files.get(key)));
            }
        }
        expect([store.retries, store.openCount]).toEqual([1, 1]);
        await store.closeAsync();
        expect(await store.getAsync({ key: keys[0]! })).toMatchObject({ status: "unavailable" });
    });

    const ALL: Fault[] = ["fail", "gone", "delay", "truncate", "flip", "full", "close"];
    const keys = [...files.keys()].filter((_, i) => i % 7 === 0);
    const requests = [...MANIFEST_FILES.keys(), ...keys].map((key) => ({
        key,
        isListed: true,
        inspectAsync: async (bytes: Uint8Array) =>
            Buffer.compare(bytes, files.get(key) ?? MANIFEST_FILES.get(key)!) === 0 ? null : "is not what was packed",
    }));
    const statusesAsync = async (store: Store): Promise<string[]> =>
        (await clock.runAsync(getManyAsync(store, requests))).map(({ status }) => status);

    test.each(ALL)("%s at each answer: nothing wrong is given, and all is well afterwards", async (fault) => {
        const happened = await walkAsync(fault, async (faults) => {
            const { store } = httpStoreOf(faults);
            let now = await statusesAsync(store);
            // A bit that flips in an index may hide a file; `manifest.json` is asked for once.
            const odd = fault === "flip" ? ["damaged", "missing"] : fault === "truncate" ? ["damaged"] : [];
            const allowed = ["found", "unavailable", ...odd];
            expect(allowed).toEqual(expect.arrayContaining(now));
            for (let rounds = 0; rounds < 3 && now.some((status) => status !== "found"); rounds++) {
                clock.advance(600_000);
                now = await statusesAsync(store);
            }
            expect(new Set(now)).toEqual(new Set(["found"]));
            await store.closeAsync();
        });
        expect(happened).toBeGreaterThan(5);
    });

    test.each(ALL)("a chain with the good source behind it gives everything: %s", async (fault) => {
        const source = new MemoryStore();
        await Promise.all(all.map(([key, bytes]) => source.putAsync(key, bytes)));
        const happened = await walkAsync(fault, async (faults) => {
            const chain = new ChainStore([httpStoreOf(faults).store, source], { clock });
            expect(new Set(await statusesAsync(chain))).toEqual(new Set(["found"]));
        });
        expect(happened).toBeGreaterThan(5);
    });
});

describe("on disk", () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "terrane-blocks-"));
    const template = path.join(directory, "{block}.pmtiles");
    afterAll(() => rmSync(directory, { recursive: true, force: true }));
    beforeAll(() => {
        const write = (name: string, bytes: Uint8Array): void => {
            mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
            writeFileSync(path.join(directory, name), bytes);
        };
        MANIFEST_FILES.forEach((bytes, name) => write(name, bytes));
        archives.forEach((bytes, block) => write(`${block}.pmtiles`, bytes));
    });

    test("archives and manifest are found, on any thread", async () => {
        const store = openBakeFiles(template);
        expect(store.description).toEqual({ kind: "blockArchiveFiles", path: template });
        const again = await openStoreAsync(structuredClone(store.description!));
        for (const opened of [store, again]) {
            expect(await getManyAsync(opened, requestsOf(all.map(([key]) => key)))).toEqual(
                all.map(([, bytes]) => found(bytes)),
            );
            expect(await opened.getAsync({ key: "0/500/0.trn" })).toEqual({ status: "missing" });
            await opened.closeAsync();
            expect(await opened.getAsync({ key: "0/0/0.trn" })).toMatchObject({ status: "unavailable" });
        }
    });
});

describe("a template", () => {
    const addressOf = (url: string): unknown => (openHttpBlockArchives(url).description as { url: string }).url;

    test("is an address, or what a URL made of it", () => {
        const address = "https://host.example/w/{block}.pmtiles";
        expect(addressOf(address)).toBe(address);
        expect(addressOf(new URL(`${address}?a=1#b`).href)).toBe(`${address}?a=1`);
        expect(addressOf("http://host.example/{block}")).toBe("http://host.example/{block}");
        expect(addressOf("http://host.example/a/b-{block}/c/d")).toBe("http://host.example/a/b-{block}/c/d");
        expect(openHttpBlockArchives(address, { headers: { a: "b" } }).description).toEqual({
            ...{ kind: "blockArchives", url: address, headers: { a: "b" } },
        });
        expect(openHttpBlockArchives(address, { fetch: globalThis.fetch }).description).toBeNull();
    });

    test.each([
        "https://host.example/w/bake.pmtiles",
        "https://host.example/{block}/{block}.pmtiles",
        "https://host.example/w/bake.pmtiles?block={block}",
        "https://host.example/w/{block}.pmtiles?block={block}",
        "https://{block}.example/w/bake.pmtiles",
        "https://host.example/{z}/{block}.pmtiles",
        "https://host.example/{Block}.pmtiles",
        "https://user:word@host.example/{block}.pmtiles",
        "ftp://host.example/{block}.pmtiles",
        "{block}.pmtiles",
        "",
    ])("is not %j", (url) => {
        expect(() => openHttpBlockArchives(url)).toThrow(
            expect.objectContaining({
                code: "TERRANE_INVALID",
                field: "url",
                allowed: expect.stringContaining("{block} in its path, once"),
                remedy: expect.stringContaining("https://example.com/world/{block}.pmtiles"),
            }),
        );
    });

    test("is told by its braces; those of a query are none", () => {
        expect(isBlockUrl("https://host.example/{blok}.pmtiles")).toBe(true);
        expect(isBlockUrl("https://host.example/%7Bblock%7D.pmtiles")).toBe(true);
        expect(isBlockUrl("https://host.example/world.pmtiles?a={b}")).toBe(false);
    });

    test("is a path in which blocks are named once", () => {
        expect(() => openBakeFiles("a/{block}/{block}.pmtiles")).toThrow("a path with {block} in it, once");
    });

    test("names blocks as the command line takes them", () => {
        for (const text of ["0/0/0", "3/-1/12", "23/-262144/262143", "5/0/4095/4095"]) {
            expect(formatBlock(parseBlock(text)!)).toBe(text);
        }
    });
});
