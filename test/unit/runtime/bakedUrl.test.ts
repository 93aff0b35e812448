import { jest } from "@jest/globals";
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { GENERATOR_VERSION } from "../../../src/bake/generatorVersion.js";
import { hash64Hex } from "../../../src/base/hash.js";
import { packBlocksAsync } from "../../../src/baker/packBlocks.js";
import { WorldBaker } from "../../../src/baker/worldBaker.js";
import { decodeChunkFile, encodeChunkFile } from "../../../src/format/chunkFile.js";
import { chunkFileName } from "../../../src/format/chunkStoreKey.js";
import { writeManifest, type Manifest, type ManifestChunk } from "../../../src/format/manifest.js";
import { worldKeyOf } from "../../../src/format/worldKey.js";
import { Presets } from "../../../src/recipe/presets.js";
import { CreateTerrainCoreAsync, type TerrainCoreOptions } from "../../../src/runtime/createTerrainCore.js";
import type { TerrainCore } from "../../../src/runtime/terrainCore.js";
import { formatAddress, parseAddress } from "../../../src/space/chunkAddress.js";
import { openBlockFolder } from "../../../src/store/blockFolder.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import type { Store } from "../../../src/store/store.js";
import { wasmFile } from "../../support/kernels.js";
import { ListSink, type Handle } from "./fakeWorld.js";

const recipe = Presets.caves({ seed: 5, terrain: { resolution: 16 } });
const viewers = [{ position: { x: 10, y: 100, z: 10 } }];

/** A bake of 4 x 4 chunks and what lies above them. */
const bake = new MemoryStore();
const manifest: Manifest = await new WorldBaker({ workers: 0, wasmUrl: wasmFile }).bakeAsync(recipe, {
    chunks: { countX: 4, countZ: 4 },
    levels: [0, 3],
    store: bake,
});

/** A web server that has the files of a store, and writes down what it is asked for. */
class FakeServer {
    public readonly asked: string[] = [];
    /** Files that it says it does not have. */
    public readonly missing = new Set<string>();
    public isGone = false;

    public constructor(private readonly _files: Store = bake) {}

    public readonly fetch = async (url: string, { signal }: RequestInit = {}): Promise<Response> => {
        await new Promise((resolve) => setImmediate(resolve));
        signal?.throwIfAborted();
        const key = new URL(url).pathname.replace("/world/", "");
        this.asked.push(key);
        if (this.isGone) {
            throw new TypeError("Failed to fetch");
        }
        const result = this.missing.has(key) ? null : await this._files.getAsync({ key });
        return result?.status === "found"
            ? new Response(new Uint8Array(result.bytes), { headers: { "content-length": String(result.bytes.length) } })
            : new Response(null, { status: 404 });
    };
}

/** A web server of a folder, which gives parts of files. */
class FileHost {
    public constructor(private readonly _directory: string) {}

    public readonly fetch = async (url: string, { headers, signal }: RequestInit): Promise<Response> => {
        await new Promise((resolve) => setImmediate(resolve));
        signal?.throwIfAborted();
        const file = path.join(this._directory, new URL(url).pathname.replace("/world/", ""));
        if (!existsSync(file)) {
            return new Response(null, { status: 404 });
        }
        const bytes = readFileSync(file);
        const range = /bytes=(\d+)-(\d+)/.exec(new Headers(headers).get("range") ?? "");
        if (range === null) {
            return new Response(bytes, { headers: { "content-length": `${bytes.length}` } });
        }
        const [from, to] = [Number(range[1]), Math.min(Number(range[2]), bytes.length - 1)];
        return new Response(bytes.subarray(from, to + 1), {
            status: 206,
            headers: { "content-range": `bytes ${from}-${to}/${bytes.length}`, "content-length": `${to + 1 - from}` },
        });
    };
}

const createAsync = (options: Partial<TerrainCoreOptions<Handle>> = {}, sink = new ListSink()) =>
    CreateTerrainCoreAsync<Handle>({
        ...{ bakedUrl: "https://bake.test/world/", workers: 0, wasmUrl: wasmFile, sink, viewers },
        ...{ viewDistance: 400, screenSpaceError: 6, prefetchTime: 0 },
        ...options,
    });

async function readyAsync(core: TerrainCore<Handle>): Promise<void> {
    let isReady = false;
    void core.whenReadyAsync().then(() => (isReady = true));
    // What stores did is told twenty times a second.
    const tellsMs = performance.now() + 120;
    const endMs = performance.now() + 30_000;
    while (!isReady || performance.now() < tellsMs) {
        core.update();
        await new Promise((resolve) => setTimeout(resolve, 1));
        if (performance.now() > endMs) {
            throw new Error(`never ready: ${JSON.stringify(core.getStats())}`);
        }
    }
}

/** Copies a bake, each file as `change` returns it. */
async function copyAsync(change: (key: string, bytes: Uint8Array) => Uint8Array): Promise<MemoryStore> {
    const copy = new MemoryStore();
    const list = await bake.listAsync();
    for (const key of list.status === "listed" ? list.keys : []) {
        const result = await bake.getAsync({ key });
        if (result.status === "found") {
            await copy.putAsync(key, change(key, result.bytes));
        }
    }
    return copy;
}

/** Bakes the same chunks as another version of the generator would, or with other chunk data in the place of some. */
async function rebakedAsync(generatorVersion: number, change: (chunk: Uint8Array) => Uint8Array): Promise<MemoryStore> {
    const files = new MemoryStore();
    const chunks: ManifestChunk[] = [];
    for (const entry of manifest.chunks) {
        const result = await bake.getAsync({ key: entry.file });
        const chunk = result.status === "found" ? change(decodeChunkFile(result.bytes)) : new Uint8Array(0);
        const file = encodeChunkFile(chunk, worldKeyOf(recipe, generatorVersion));
        await files.putAsync(entry.file, file);
        chunks.push({ ...entry, storedByteLength: file.byteLength, checksum: hash64Hex(file) });
    }
    for (const { name, bytes } of writeManifest(recipe, generatorVersion, chunks)) {
        await files.putAsync(name, bytes);
    }
    return files;
}

test("from the address of a bake alone the world is shown, and nothing is baked", async () => {
    const server = new FakeServer();
    const sink = new ListSink();
    const core = await createAsync({ fetch: server.fetch, bakes: false }, sink);
    expect(core.recipe).toEqual(recipe);
    expect(core.store!.bake).toMatchObject({ rootHash: manifest.rootHash, chunkCount: manifest.chunks.length });
    await readyAsync(core);
    expect(core.getStats()).toMatchObject({ bakedChunks: 0, failedChunks: 0 });
    const baked = new Set(manifest.chunks.map(({ address }) => address));
    const shown = sink.shown.map(formatAddress);
    expect(shown.filter((address) => !baked.has(address))).toEqual([]);
    expect(shown).toEqual(expect.arrayContaining(["0/0/0", "0/-1/-1"]));
    expect(core.getStats().stores).toMatchObject([{ name: "baked", misses: 0, damaged: 0, failed: 0 }]);
    await core.disposeAsync();
});

describe("from an archive for each block", () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "terrane-baked-blocks-"));
    afterAll(() => rmSync(directory, { recursive: true, force: true }));
    beforeAll(async () => void (await packBlocksAsync(bake, openBlockFolder(directory))));

    const shownAsync = async (options: Partial<TerrainCoreOptions<Handle>>): Promise<string[]> => {
        const sink = new ListSink();
        const core = await createAsync({ bakes: false, ...options }, sink);
        await readyAsync(core);
        expect(core.getStats()).toMatchObject({ bakedChunks: 0, failedChunks: 0 });
        await core.disposeAsync();
        return sink.shown.map(formatAddress).sort();
    };

    test("the same world is shown, from a server and from disk", async () => {
        const shown = await shownAsync({ fetch: new FakeServer().fetch });
        const asked: string[] = [];
        const host = new FileHost(directory);
        const bakedUrl = "https://bake.test/world/{block}.pmtiles";
        const fetch = (url: string, init: RequestInit): Promise<Response> => {
            asked.push(new URL(url).pathname);
            return host.fetch(url, init);
        };
        expect(await shownAsync({ bakedUrl, fetch, rootHash: manifest.rootHash })).toEqual(shown);
        expect(asked).toContain("/world/manifest.json");
        expect(asked).toContain("/world/0/-1/0.pmtiles");
        expect(asked.filter((name) => name.endsWith(".trn"))).toEqual([]);
        expect(await shownAsync({ bakedUrl: path.join(directory, "{block}.pmtiles") })).toEqual(shown);
        expect(await shownAsync({ bakedUrl: pathToFileURL(path.join(directory, "{block}.pmtiles")).href })).toEqual(
            shown,
        );
        // No file stays open after its world, where the system tells.
        const open = existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd") : [];
        const names = open.map((file) => {
            try {
                return readlinkSync(`/proc/self/fd/${file}`);
            } catch {
                return "";
            }
        });
        expect(names.filter((name) => name.startsWith(directory))).toEqual([]);
    });

    test("a block whose archive is gone is baked", async () => {
        const host = new FileHost(directory);
        const fetch = (url: string, init: RequestInit): Promise<Response> =>
            /\/0\/-1\/0\.pmtiles$/.test(url)
                ? Promise.resolve(new Response("", { status: 404 }))
                : host.fetch(url, init);
        const core = await createAsync({ bakedUrl: "https://bake.test/world/{block}.pmtiles", fetch });
        await readyAsync(core);
        expect(core.getStats()).toMatchObject({ failedChunks: 0 });
        expect(core.getStats().bakedChunks).toBeGreaterThan(0);
        expect(core.getStats().loadedChunks).toBeGreaterThan(0);
        await core.disposeAsync();
    });

    test("an address that names no block is an error that says what is allowed", async () => {
        for (const bakedUrl of ["https://bake.test/{x}.pmtiles", "https://bake.test/{block}/{block}.pmtiles"]) {
            await expect(createAsync({ bakedUrl })).rejects.toMatchObject({
                ...{ code: "TERRANE_INVALID", field: "options.bakedUrl", value: bakedUrl },
                allowed: expect.stringContaining("{block} in its path, once"),
            });
        }
    });
});

test("what the bake does not hold is baked, without a request for it", async () => {
    const server = new FakeServer();
    const core = await createAsync({ fetch: server.fetch });
    await readyAsync(core);
    const { bakedChunks, loadedChunks } = core.getStats();
    expect(bakedChunks).toBeGreaterThan(5);
    expect(loadedChunks).toBeGreaterThan(5);
    const known = new Set(manifest.chunks.map(({ file }) => file));
    expect(server.asked.filter((file) => file.endsWith(".trn") && !known.has(file))).toEqual([]);
    await core.disposeAsync();
});

test("a recipe that is not the bake's is refused, and the field named in which it differs", async () => {
    const { fetch } = new FakeServer();
    await expect(
        createAsync({ fetch, recipe: Presets.caves({ seed: 6, terrain: { resolution: 16 } }) }),
    ).rejects.toThrow(
        "options.recipe.seed is 6; allowed: 5, as the bake has it. Leave the recipe out, or bake this one.",
    );
    await (await createAsync({ fetch, recipe })).disposeAsync();
});

test("a bake that reaches less far than the view is refused, and so is a view distance that is set later", async () => {
    const { fetch } = new FakeServer();
    await expect(createAsync({ fetch, bakes: false, viewDistance: 20_000 })).rejects.toThrow(
        /options\.viewDistance is 20000; allowed: up to \d+ m with a bake of levels 0 to 3.*--levels 0-8/,
    );
    const core = await createAsync({ fetch, bakes: false });
    expect(() => (core.viewDistance = 20_000)).toThrow("viewDistance is 20000");
    expect(core.viewDistance).toBe(400);
    await core.disposeAsync();
});

test("what cannot be reached, or is no bake, is a named error", async () => {
    const server = new FakeServer(new MemoryStore());
    await expect(createAsync({ fetch: server.fetch })).rejects.toMatchObject({ name: "StoreError" });
    const files = await copyAsync((key, bytes) => (key === "manifest.json" ? bytes.slice(0, 100) : bytes));
    await expect(createAsync({ fetch: new FakeServer(files).fetch })).rejects.toMatchObject({ name: "ManifestError" });
});

test("a chunk that the server has lost is baked, or else its parent stays", async () => {
    const server = new FakeServer();
    server.missing.add("0/0/0.trn").add("0/-1/0.trn");
    const core = await createAsync({ fetch: server.fetch });
    await readyAsync(core);
    expect(core.getStats()).toMatchObject({ failedChunks: 0 });
    await core.disposeAsync();
    const sink = new ListSink();
    const bare = await createAsync({ fetch: server.fetch, bakes: false }, sink);
    const failed: string[] = [];
    bare.onChunkFailedObservable.add(({ error }) => failed.push(error.message));
    await readyAsync(bare);
    const shown = sink.shown.map(formatAddress);
    expect(shown).toEqual(expect.arrayContaining(["1/0/0", "1/-1/0"]));
    expect(shown).not.toContain("0/1/0");
    expect(failed.sort()).toEqual([
        "Chunk 0/-1/0 could not be loaded: its file is not there, though the store lists it.",
        "Chunk 0/0/0 could not be loaded: its file is not there, though the store lists it.",
    ]);
    // Remembered for a while: neither is asked for again.
    expect(server.asked.filter((file) => file === "0/0/0.trn").length).toBeLessThanOrEqual(2);
    await bare.disposeAsync();
});

describe("a root hash", () => {
    test("is compared with the manifest's", async () => {
        const { fetch } = new FakeServer();
        const rootHash = manifest.rootHash.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
        await expect(createAsync({ fetch, rootHash })).rejects.toThrow(
            `its root hash is ${manifest.rootHash}, expected was ${rootHash}`,
        );
    });

    test("lets the world pass that was published", async () => {
        const core = await createAsync({
            ...{ fetch: new FakeServer().fetch, rootHash: manifest.rootHash.toUpperCase(), bakes: false },
        });
        await readyAsync(core);
        expect(core.getStats()).toMatchObject({ bakedChunks: 0, failedChunks: 0 });
        await core.disposeAsync();
    });

    test("lets no chunk pass that was forged, though every checksum is right", async () => {
        // The manifest says of each chunk what was published, and of each file what its forger made of it.
        const forge = (chunk: Uint8Array): Uint8Array => {
            const forged = chunk.slice();
            // A weight of the first vertex, which nothing else compares.
            forged[128 + 20]! ^= 1;
            new DataView(forged.buffer).setBigUint64(16, BigInt(`0x${hash64Hex(forged.subarray(24))}`), true);
            return forged;
        };
        const { fetch } = new FakeServer(await rebakedAsync(GENERATOR_VERSION, forge));
        const trusting = await createAsync({ fetch, bakes: false });
        await readyAsync(trusting);
        expect(trusting.getStats().failedChunks).toBe(0);
        await trusting.disposeAsync();

        const pinned = await createAsync({ fetch, rootHash: manifest.rootHash });
        await readyAsync(pinned);
        const [stats] = pinned.getStats().stores;
        expect(pinned.getStats()).toMatchObject({ loadedChunks: 0, failedChunks: 0 });
        expect(stats).toMatchObject({ hits: 0 });
        expect(stats!.damaged).toBeGreaterThan(5);
        await pinned.disposeAsync();
    });

    test("trusts no store before the bake either", async () => {
        // Somebody's forged bake was cached while nobody knew the root hash.
        const forge = (chunk: Uint8Array): Uint8Array => {
            const forged = chunk.slice();
            forged[128 + 20]! ^= 1;
            new DataView(forged.buffer).setBigUint64(16, BigInt(`0x${hash64Hex(forged.subarray(24))}`), true);
            return forged;
        };
        const cache = new MemoryStore();
        const forged = await createAsync({
            ...{
                fetch: new FakeServer(await rebakedAsync(GENERATOR_VERSION, forge)).fetch,
                bakes: false,
                store: cache,
            },
        });
        await readyAsync(forged);
        await forged.disposeAsync();
        const pinned = await createAsync({
            ...{ fetch: new FakeServer().fetch, bakes: false, store: cache, rootHash: manifest.rootHash },
        });
        await readyAsync(pinned);
        expect(pinned.getStats()).toMatchObject({ failedChunks: 0 });
        const [memory, baked] = pinned.getStats().stores;
        expect([memory!.hits, memory!.damaged > 5, baked!.hits > 5]).toEqual([0, true, true]);
        await pinned.disposeAsync();
    });
});

describe("a bake of another generator version", () => {
    const other = GENERATOR_VERSION - 1;

    test("is a named error", async () => {
        const { fetch } = new FakeServer(await rebakedAsync(other, (chunk) => chunk));
        await expect(createAsync({ fetch })).rejects.toMatchObject({
            name: "GeneratorVersionError",
            generatorVersion: other,
            message: expect.stringContaining("Bake it again"),
        });
    });

    test("is shown where nothing is baked; heights and rays then are errors with a remedy", async () => {
        const { fetch } = new FakeServer(await rebakedAsync(other, (chunk) => chunk));
        const core = await createAsync({ fetch, bakes: false });
        await readyAsync(core);
        expect(core.getStats()).toMatchObject({ bakedChunks: 0, failedChunks: 0 });
        expect(() => core.sampleHeight(0, 0)).toThrow(
            new RegExp(
                `bake of generator version ${other}.*allowed: generator version ${GENERATOR_VERSION}.*Bake it again`,
            ),
        );
        expect(() => core.raycast({ x: 0, y: 500, z: 0 }, { x: 0, y: -1, z: 0 }, 900)).toThrow("generator version");
        await core.disposeAsync();
    });
});

test("with a store the world is shown again when the server is gone, manifest and all; and goes on when it is back", async () => {
    const server = new FakeServer();
    const store = new MemoryStore();
    const sink = new ListSink();
    const first = await createAsync({ fetch: server.fetch, store, bakes: false }, sink);
    await readyAsync(first);
    const shown = sink.shown.map(formatAddress).sort();
    await first.disposeAsync();

    server.isGone = true;
    const again = new ListSink();
    const second = await createAsync({ fetch: server.fetch, store, bakes: false }, again);
    await readyAsync(second);
    expect(again.shown.map(formatAddress).sort()).toEqual(shown);
    expect(second.getStats()).toMatchObject({ bakedChunks: 0, failedChunks: 0 });
    expect(second.getStats().stores.map(({ name, hits }) => [name, hits > 0])).toEqual([
        ["memory", true],
        ["baked", false],
    ]);
    await second.disposeAsync();

    await expect(createAsync({ fetch: server.fetch, bakes: false })).rejects.toMatchObject({ name: "StoreError" });
});

test("a server that accepts and is silent holds a world up for seconds alone, where a store has its manifest", async () => {
    const store = new MemoryStore();
    const first = await createAsync({ fetch: new FakeServer().fetch, store, bakes: false });
    await readyAsync(first);
    await first.disposeAsync();
    const silent = (_: string, { signal }: RequestInit): Promise<Response> =>
        new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(new Error("aborted"))));
    const startMs = performance.now();
    const core = await createAsync({ fetch: silent, store, bakes: false });
    expect(performance.now() - startMs).toBeLessThan(8000);
    await readyAsync(core);
    await core.disposeAsync();
}, 30_000);

test("a custom store of the old kind keeps chunks, too", async () => {
    const files = new Map<string, Uint8Array>();
    const store = {
        readAsync: (name: string) => Promise.resolve(files.get(name) ?? null),
        writeAsync: (name: string, bytes: Uint8Array) => Promise.resolve(void files.set(name, bytes.slice())),
        listAsync: () => Promise.resolve([...files.keys()]),
        deleteAsync: (name: string) => Promise.resolve(void files.delete(name)),
    };
    const core = await createAsync({ fetch: new FakeServer().fetch, store, bakes: false });
    await readyAsync(core);
    await core.disposeAsync();
    const key = worldKeyOf(recipe, GENERATOR_VERSION);
    expect([...files.keys()]).toEqual(
        expect.arrayContaining([`${key}/${chunkFileName(parseAddress("0/0/0"))}`, `${key}/0/-1/-1.trn`]),
    );
});

test("ground that came into view while the server was gone is there some seconds after it is back", async () => {
    const server = new FakeServer();
    const sink = new ListSink();
    const viewer = { position: { x: -200, y: 60, z: -200 }, radius: 60 };
    const core = await createAsync({ fetch: server.fetch, bakes: false, viewers: [viewer], screenSpaceError: 3 }, sink);
    await readyAsync(core);
    expect(sink.shown.map(formatAddress)).not.toContain("0/1/1");
    server.isGone = true;
    viewer.position = { x: 90, y: 60, z: 90 };
    for (let i = 0; i < 300; i++) {
        core.update();
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(sink.shown.map(formatAddress)).not.toContain("0/1/1");
    server.isGone = false;
    const endMs = performance.now() + 40_000;
    while (!sink.shown.map(formatAddress).includes("0/1/1") && performance.now() < endMs) {
        core.update();
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await readyAsync(core);
    expect(sink.shown.map(formatAddress)).toContain("0/1/1");
    await core.disposeAsync();
}, 60_000);

test("a pinned download takes what is proven, and leaves out what lies beyond the bake", async () => {
    const { fetch } = new FakeServer();
    const store = new MemoryStore();
    const core = await createAsync({ fetch, store, rootHash: manifest.rootHash });
    const bounds = { minimum: { x: -200, y: 0, z: -200 }, maximum: { x: 200, y: 0, z: 200 } };
    const result = await core.downloadAsync(bounds, [0, 2]);
    const known = new Set(manifest.chunks.map(({ address }) => address));
    expect(result.failed).toEqual([]);
    expect(result.absentChunks).toBeGreaterThan(0);
    expect(result.storedChunks + result.presentChunks).toBeGreaterThan(8);
    const list = await store.listAsync(worldKeyOf(recipe, GENERATOR_VERSION));
    const stored = list.status === "listed" ? list.keys.map((key) => key.replace(/^[^/]*\/|\.trn$/g, "")) : [];
    expect(stored.filter((address) => !known.has(address))).toEqual([]);
    await core.disposeAsync();
});

test("a download tells of each file that the server has lost", async () => {
    const server = new FakeServer();
    server.missing.add("0/0/0.trn");
    const core = await createAsync({ fetch: server.fetch, store: new MemoryStore(), bakes: false });
    const bounds = { minimum: { x: 1, y: 0, z: 1 }, maximum: { x: 60, y: 0, z: 60 } };
    const { failed, completedChunks, totalChunks } = await core.downloadAsync(bounds, [0, 1]);
    expect(completedChunks).toBe(totalChunks);
    expect(failed).toMatchObject([{ address: { x: 0, z: 0, level: 0 }, reason: /though the bake lists it/ }]);
    await core.disposeAsync();
});

test("where nodes of the manifest come damaged, that is said, and not taken for the bake's edge", async () => {
    const warnings: unknown[] = [];
    const warn = jest.spyOn(console, "warn").mockImplementation((text) => void warnings.push(text));
    const server = new FakeServer();
    const fetch = async (url: string, init?: RequestInit): Promise<Response> => {
        const response = await server.fetch(url, init);
        return url.endsWith(".trm") ? new Response("nonsense") : response;
    };
    const sink = new ListSink();
    const core = await createAsync({ fetch, bakes: false }, sink);
    core.update();
    await new Promise((resolve) => setTimeout(resolve, 300));
    core.update();
    expect([core.runtime.isReady(), sink.shown.length]).toEqual([false, 0]);
    await core.disposeAsync();
    warn.mockRestore();
    expect(warnings.length).toBeGreaterThan(0);
    expect(new Set(warnings).size).toBe(warnings.length);
    expect(warnings[0]).toMatch(/^Terrane: manifest\/.*\.trm has 8 bytes/);
});
