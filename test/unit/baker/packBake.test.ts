import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { PMTiles } from "pmtiles";
import { packBakeAsync, PackError, type PackOptions } from "../../../src/baker/packBake.js";
import { verifyBakeAsync } from "../../../src/baker/verifyBake.js";
import { initDigestAsync } from "../../../src/base/digest.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { formatAddress, NO_FACE, parseAddress, type ChunkAddress } from "../../../src/space/chunkAddress.js";
import { writeArchiveFileAsync, type ArchiveTarget } from "../../../src/store/archiveFile.js";
import { ArchiveStore } from "../../../src/store/archiveStore.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import { openBakeFiles } from "../../../src/store/openBakeFiles.js";
import type { Store, StoreRequest, StoreResult } from "../../../src/store/store.js";
import { randomOf } from "../../support/archives.js";
import { filesOfAsync, madeUpBakeAsync } from "../../support/madeUpBake.js";
import { MemoryRanges } from "../../support/memoryRanges.js";
import { wasmFile } from "../../support/kernels.js";
import { testSeed } from "../../support/randomRecipe.js";
import { bakeAsync, CHUNKS } from "./fixtures.js";

const seed = testSeed();
await Promise.all([initHashAsync(), initDigestAsync()]);

/** Gathers an archive in memory. */
class MemoryTarget implements ArchiveTarget {
    private readonly _parts: Uint8Array[] = [];

    public writeAsync(bytes: Uint8Array): Promise<void> {
        this._parts.push(bytes.slice());
        return Promise.resolve();
    }

    public get bytes(): Uint8Array {
        return new Uint8Array(Buffer.concat(this._parts));
    }
}

async function packAsync(files: Store, options?: PackOptions) {
    const target = new MemoryTarget();
    const result = await packBakeAsync(files, target, options);
    expect(result.byteLength).toBe(target.bytes.byteLength);
    return { result, bytes: target.bytes };
}

describe(`with seed ${seed}`, () => {
    const random = randomOf(seed);
    const below = (count: number): number => Math.floor(random() * count);

    test.each([1, 40, 3000])("%p files come out of an archive as they went in, for PMTiles too", async (count) => {
        const addresses = new Map<string, ChunkAddress>();
        while (addresses.size < count) {
            const level = below(23);
            const reach = Math.min(60, 2 ** (23 - level));
            // Far apart, so that the manifest is a tree.
            const far = below(2) * Math.trunc(reach * 2 ** below(14));
            const [x, z] = [below(2 * reach) - reach + (level === 0 ? far : 0), below(2 * reach) - reach];
            addresses.set(formatAddress({ face: NO_FACE, level, x, z }), { face: NO_FACE, level, x, z });
        }
        const { store, manifest } = await madeUpBakeAsync([...addresses.values()]);
        const { bytes, result } = await packAsync(store);
        const files = await filesOfAsync(store);
        expect([...files.keys()].some((name) => name.startsWith("manifest/0/10/"))).toBe(count > 1000);
        expect(result).toMatchObject({ chunks: count, files: files.size - 1, rootHash: manifest.rootHash });
        const archive = new ArchiveStore(new MemoryRanges(bytes));
        expect(await filesOfAsync(archive)).toEqual(files);
        const tiles = new PMTiles({
            getKey: () => "bake",
            getBytes: (offset, length) =>
                Promise.resolve({ data: bytes.slice(offset, offset + length).buffer as ArrayBuffer }),
        });
        expect(await tiles.getMetadata()).toEqual(JSON.parse(new TextDecoder().decode(files.get("manifest.json"))));
        for (const { level, x, z } of addresses.values()) {
            const half = 2 ** (23 - level);
            // Block 6 of 4 x 4.
            const place = [26 - level, 2 * 2 * half + x + half, 2 * half + z + half] as const;
            const tile = await tiles.getZxy(...place);
            expect(new Uint8Array(tile!.data)).toEqual(files.get(`${level}/${x}/${z}.trn`));
        }
        // The same bake, the same archive, whatever it is packed from.
        expect((await packAsync(archive)).bytes).toEqual(bytes);
    });
});

test("a packed bake is verified as one in a folder is, with the same root hash", async () => {
    const store = new MemoryStore();
    const { rootHash } = await bakeAsync({ store });
    const seen: string[] = [];
    const { bytes, result } = await packAsync(store, { onProgress: (...counts) => seen.push(counts.join("/")) });
    expect(result).toMatchObject({ chunks: CHUNKS, rootHash });
    expect(seen).toEqual(Array.from({ length: result.files }, (_, i) => `${i + 1}/${result.files}`));
    const archive = new ArchiveStore(new MemoryRanges(bytes));
    const baker = { workers: 0, wasmUrl: wasmFile };
    expect(await verifyBakeAsync(archive, { baker, rebake: 2 })).toEqual({
        chunks: CHUNKS,
        bad: [],
        rebaked: 2,
        rootHash,
    });
    bytes[bytes.byteLength - 5]! ^= 1;
    const { bad } = await verifyBakeAsync(archive, { baker, rebake: 0 });
    expect(bad).toHaveLength(1);
});

describe("what cannot be packed is named", () => {
    const address = parseAddress("0/1/1");

    test.each<[string, (store: MemoryStore) => Promise<unknown>, RegExp]>([
        ["a missing chunk", (store) => store.deleteAsync("0/1/1.trn"), /packed: 0\/1\/1\.trn is missing\.$/],
        [
            "a short one",
            (store) => store.putAsync("0/1/1.trn", new Uint8Array(19)),
            /has 19 bytes; the manifest says 20/,
        ],
        ["a long one", (store) => store.putAsync("0/1/1.trn", new Uint8Array(99)), /0\/1\/1\.trn has 99 bytes/],
        [
            "a flipped bit",
            (store) => store.putAsync("0/1/1.trn", new Uint8Array(20).fill(1)),
            /0\/1\/1\.trn is damaged/,
        ],
    ])("%s", async (_, change, message) => {
        const { store } = await madeUpBakeAsync([address]);
        await change(store);
        await expect(packAsync(store)).rejects.toThrow(PackError);
        await expect(packAsync(store)).rejects.toThrow(message);
    });

    test("a chunk beyond what level 0 reaches", async () => {
        const { store } = await madeUpBakeAsync([parseAddress("5/8388607/0")]);
        await expect(packAsync(store)).rejects.toThrow(/5\/8388607\/0\.trn lies beyond what an archive reaches/);
    });

    test("no manifest, and a store that is out of reach", async () => {
        await expect(packAsync(new MemoryStore())).rejects.toMatchObject({ code: "TERRANE_STORE" });
        const { store } = await madeUpBakeAsync([address]);
        const broken = storeThat(store, (request) =>
            request.key === "0/1/1.trn" ? { status: "unavailable", reason: "The disk is gone." } : null,
        );
        await expect(packAsync(broken)).rejects.toThrow("The disk is gone.");
    });
});

test("few files are in memory at once, and none is read after its end was asked for", async () => {
    const addresses = Array.from({ length: 300 }, (_, i) => parseAddress(`0/${i % 20}/${Math.floor(i / 20)}`));
    const { store } = await madeUpBakeAsync(addresses);
    let [open, most, reads] = [0, 0, 0];
    const counted = storeThat(store, async () => {
        most = Math.max(most, ++open);
        reads++;
        await new Promise((resolve) => setImmediate(resolve));
        open--;
        return null;
    });
    await packAsync(counted);
    expect(most).toBeLessThanOrEqual(5);
    const controller = new AbortController();
    reads = 0;
    const onProgress = (packed: number): void => void (packed === 10 && controller.abort());
    await expect(packAsync(counted, { onProgress, signal: controller.signal })).rejects.toMatchObject({
        name: "AbortError",
    });
    expect(reads).toBeLessThan(30);
    expect(open).toBe(0);
});

describe("the file", () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "terrane-pack-"));
    const file = path.join(directory, "bake.pmtiles");
    afterAll(() => rmSync(directory, { recursive: true, force: true }));

    test("takes its place when it is whole, and is opened by its path", async () => {
        const { store } = await madeUpBakeAsync([parseAddress("0/1/1"), parseAddress("1/0/0")]);
        await writeArchiveFileAsync(file, async (target) => void (await packBakeAsync(store, target)));
        expect(readdirSync(directory)).toEqual(["bake.pmtiles"]);
        const before = readFileSync(file);
        expect(new Uint8Array(before)).toEqual((await packAsync(store)).bytes);
        const opened = openBakeFiles(file);
        expect(opened.description).toEqual({ kind: "archiveFile", file });
        expect(await filesOfAsync(opened)).toEqual(await filesOfAsync(store));
        await opened.closeAsync();
        await store.deleteAsync("0/1/1.trn");
        await expect(
            writeArchiveFileAsync(file, async (target) => void (await packBakeAsync(store, target))),
        ).rejects.toThrow(PackError);
        expect(readdirSync(directory)).toEqual(["bake.pmtiles"]);
        expect(readFileSync(file)).toEqual(before);
    });

    test("that cannot be written is told with its path", async () => {
        writeFileSync(path.join(directory, "in-the-way"), "");
        for (const name of ["in-the-way/bake.pmtiles", "no/folder/bake.pmtiles", "."]) {
            const at = path.join(directory, name);
            await expect(
                writeArchiveFileAsync(at, (target) => target.writeAsync(Uint8Array.of(1))),
            ).rejects.toMatchObject({
                code: "TERRANE_STORE",
                message: expect.stringContaining(`${at} could not be written`),
            });
        }
    });

    test("a folder is opened as one, and what is not there by its name", async () => {
        expect(openBakeFiles(directory).description).toEqual({ kind: "directory", directory });
        expect(openBakeFiles(path.join(directory, "none")).description).toMatchObject({ kind: "directory" });
        const none = openBakeFiles(path.join(directory, "none.pmtiles"));
        expect(await none.getAsync({ key: "manifest.json" })).toMatchObject({
            reason: expect.stringMatching(/no archive at .*none\.pmtiles/),
        });
    });
});

/** A store whose reads are answered by `answerAsync`, or where that gives null by another store. */
function storeThat(
    store: Store,
    answerAsync: (request: StoreRequest) => Promise<StoreResult | null> | StoreResult | null,
): Store {
    return Object.assign(Object.create(store) as Store, {
        getAsync: async (request: StoreRequest) => (await answerAsync(request)) ?? store.getAsync(request),
    });
}
