import { initChunkCodecAsync } from "../../../src/format/chunkFile.js";
import {
    createManifest,
    GeneratorVersionError,
    ManifestError,
    manifestFiles,
    writeManifest,
    type Manifest,
    type ManifestChunk,
} from "../../../src/format/manifest.js";
import { worldKeyOf } from "../../../src/format/worldKey.js";
import { Presets } from "../../../src/recipe/presets.js";
import { flatAddress, NO_FACE, parseAddress } from "../../../src/space/chunkAddress.js";
import { BLOCK_HEIGHT, chunkInBlock, compareSquares, slotInBlock, squareOf } from "../../../src/space/chunkSquare.js";
import { StoreError } from "../../../src/store/chunkStore.js";
import { ManifestReader, type BlockAnswer, type ManifestReaderOptions } from "../../../src/store/manifestReader.js";
import { listedText } from "../../support/listedManifest.js";
import { madeUpChunk, madeUpRectangle } from "../../support/manifestChunks.js";
import { WatchedStore } from "../../support/watchedStore.js";

await initChunkCodecAsync();

const VERSION = 7;
const recipe = Presets.endless({ seed: 3 });
/** 12 blocks around the origin and one far away, below four nodes of height 15, and two levels above. */
const manifest = createManifest(recipe, VERSION, [
    ...madeUpRectangle(0, [-35, -3], [80, 40]),
    madeUpChunk(flatAddress(0, 5000, -5000)),
    ...madeUpRectangle(1, [-18, -2], [41, 21]),
    madeUpChunk(flatAddress(6, -1, 0)),
]);
const filesOf = (of: Manifest): [string, Uint8Array][] =>
    Array.from(manifestFiles(of), ({ name, bytes }) => [name, bytes]);
const files = filesOf(manifest);
const listed: [string, Uint8Array][] = [["manifest.json", new TextEncoder().encode(listedText(manifest))]];
const open = (store: WatchedStore, options: Partial<ManifestReaderOptions> = {}): Promise<ManifestReader> =>
    ManifestReader.openAsync(store, { generatorVersion: VERSION, ...options });
const byAddress = new Map(manifest.chunks.map((chunk) => [chunk.address, chunk]));
const nodesRead = ({ read }: WatchedStore): string[] => read.filter((key) => key !== "manifest.json");

async function listAsync(reader: ManifestReader): Promise<BlockAnswer[]> {
    const answers: BlockAnswer[] = [];
    for await (const answer of reader.blocksAsync()) {
        answers.push(answer);
    }
    return answers;
}
const entriesIn = (answers: readonly BlockAnswer[]): ManifestChunk[] =>
    answers.flatMap((answer) => (answer.status === "found" ? answer.entries : []));

describe.each([
    ["of version 2", files, {}],
    ["of version 2, pinned", files, { rootHash: manifest.rootHash.toUpperCase() }],
    ["of version 1", listed, {}],
])("a manifest %s", (_, content, options) => {
    test("tells of each chunk that it has, and of others that they are missing", async () => {
        const reader = await open(new WatchedStore(content), options);
        expect(reader).toMatchObject({ recipe, generatorVersion: VERSION, chunkCount: manifest.chunks.length });
        expect(reader.world.key).toBe(worldKeyOf(recipe, VERSION));
        expect(reader.levels.map(({ face, level, chunkCount }) => [face, level, chunkCount])).toEqual([
            [NO_FACE, 0, 3201],
            [NO_FACE, 1, 861],
            [NO_FACE, 6, 1],
        ]);
        for (const chunk of manifest.chunks) {
            expect(await reader.entryOfAsync(parseAddress(chunk.address))).toEqual({ status: "found", entry: chunk });
            expect(reader.entryOf(parseAddress(chunk.address))).toEqual(chunk);
        }
        for (const missing of ["0/45/0", "0/-36/0", "0/5001/-5000", "0/8388607/8388607", "2/0/0", "6/0/0", "24/0/0"]) {
            expect(await reader.entryOfAsync(parseAddress(missing))).toEqual({ status: "missing" });
            expect(reader.entryOf(parseAddress(missing))).toBeNull();
        }
        expect(await reader.entryOfAsync({ face: 0, level: 0, x: 0, z: 0 })).toEqual({ status: "missing" });
    });

    test("tells which chunks of a block there are", async () => {
        const reader = await open(new WatchedStore(content), options);
        for (const name of ["0/0/0", "0/-1/-1", "0/5000/-5000", "1/0/0", "0/100/0", "0/-5000/0"]) {
            const block = squareOf(parseAddress(name), BLOCK_HEIGHT);
            const answer = await reader.presenceOfAsync(block);
            const bits = answer.status === "found" ? answer.bits : new Uint32Array(32);
            expect(answer.status === "found" ? answer.bits : null).toBe(reader.presenceOf(block));
            for (let slot = 0; slot < 1024; slot++) {
                const { level, x, z } = chunkInBlock(block, slot);
                expect((bits[slot >> 5]! >>> (slot & 31)) & 1).toBe(byAddress.has(`${level}/${x}/${z}`) ? 1 : 0);
            }
        }
    });

    test("lists its blocks and their chunks in order", async () => {
        const reader = await open(new WatchedStore(content), options);
        const answers = await listAsync(reader);
        expect(entriesIn(answers)).toEqual(manifest.chunks);
        expect(answers).toHaveLength(13 + 4 + 1);
        const ofLevel: BlockAnswer[] = [];
        for await (const answer of reader.blocksAsync({ isOfLevel: (_face, level) => level === 1 })) {
            ofLevel.push(answer);
        }
        expect(entriesIn(ofLevel)).toHaveLength(861);
    });
});

test("nodes are read as they are needed, each once, and shared by those who ask at once", async () => {
    const store = new WatchedStore(files);
    const reader = await open(store);
    expect(store.read).toEqual(["manifest.json"]);
    expect(reader.entryOf(flatAddress(0, 0, 0))).toBeUndefined();
    expect(reader.presenceOf(squareOf(flatAddress(0, 0, 0), BLOCK_HEIGHT))).toBeUndefined();
    // No level of that kind, and no node on the way: known at once.
    expect(reader.entryOf(flatAddress(3, 0, 0))).toBeNull();
    expect(reader.entryOf(flatAddress(0, -40_000, 0))).toBeNull();
    await Promise.all(
        Array.from({ length: 40 }, (_, i) => reader.entryOfAsync(flatAddress(0, i % 32, Math.floor(i / 32)))),
    );
    expect(nodesRead(store)).toEqual(["manifest/0/15/0/0.trm", "manifest/0/10/0/0.trm", "manifest/0/5/0/0.trm"]);
    expect(store.maxBytesOf.get("manifest/0/5/0/0.trm")).toBe(
        files.find(([name]) => name.endsWith("0/5/0/0.trm"))![1].length,
    );
    expect(reader.entryOf(flatAddress(0, 3, 3))).not.toBeNull();
    await reader.entryOfAsync(flatAddress(0, 32, 0));
    expect(nodesRead(store)).toHaveLength(4);
    // Absent children of a node that is known.
    expect(reader.entryOf(flatAddress(0, 200, 200))).toBeNull();
    expect(nodesRead(store)).toHaveLength(4);
});

test("nodes are kept up to a limit, and read again beyond it", async () => {
    const store = new WatchedStore(files);
    const reader = await open(store, { cacheBytes: 60_000 });
    for (let round = 0; round < 2; round++) {
        for (const chunk of manifest.chunks) {
            expect((await reader.entryOfAsync(parseAddress(chunk.address))).status).toBe("found");
            expect(reader.cachedBytes).toBeLessThanOrEqual(60_000);
        }
    }
    expect(nodesRead(store).length).toBeGreaterThan(2 * 18);
});

test("a store that is out of reach is no absence; asked again, it is read again", async () => {
    const store = new WatchedStore(files);
    const reader = await open(store);
    store.isOut = true;
    const address = flatAddress(0, 0, 0);
    const out = { status: "unavailable", file: "manifest/0/15/0/0.trm", reason: "The store is out of reach." };
    expect(await reader.entryOfAsync(address)).toEqual(out);
    expect(await reader.presenceOfAsync(squareOf(address, BLOCK_HEIGHT))).toEqual(out);
    expect(reader.entryOf(address)).toBeUndefined();
    expect((await listAsync(reader)).map(({ status }) => status)).toEqual(new Array(9).fill("unavailable"));
    store.isOut = false;
    expect((await reader.entryOfAsync(address)).status).toBe("found");
});

test("a signal ends the wait of its own asker alone", async () => {
    const store = new WatchedStore(files);
    const reader = await open(store);
    const controller = new AbortController();
    const address = flatAddress(0, 0, 0);
    const first = reader.entryOfAsync(address, { signal: controller.signal });
    const second = reader.entryOfAsync(address);
    controller.abort();
    expect(await first).toEqual({ status: "aborted" });
    expect((await second).status).toBe("found");
    expect(await reader.entryOfAsync(address, { signal: controller.signal })).toEqual({ status: "aborted" });
    await expect(open(store, { signal: controller.signal })).rejects.toThrow(/aborted/);
});

describe("what cannot be opened", () => {
    test("has no manifest, or is out of reach", async () => {
        await expect(open(new WatchedStore())).rejects.toThrow(StoreError);
        await expect(open(new WatchedStore())).rejects.toThrow(/no manifest.json: the bake did not end/);
        const store = new WatchedStore(files);
        store.isOut = true;
        await expect(open(store)).rejects.toThrow(/manifest.json could not be read: The store is out of reach/);
    });

    test("is of another generator, unless any will do", async () => {
        await expect(open(new WatchedStore(files), { generatorVersion: 8 })).rejects.toThrow(GeneratorVersionError);
        expect(await open(new WatchedStore(files), { generatorVersion: null })).toMatchObject({ generatorVersion: 7 });
    });

    test("is no manifest", async () => {
        const store = new WatchedStore([["manifest.json", new TextEncoder().encode("{}")]]);
        await expect(open(store)).rejects.toThrow(ManifestError);
        await expect(open(store)).rejects.toThrow(/manifest.kind is undefined/);
    });

    test.each([
        ["version 2", files],
        ["version 1", listed],
    ])("is pinned to another root hash: %s", async (_, content) => {
        const store = new WatchedStore(content);
        await expect(open(store, { rootHash: "0".repeat(64) })).rejects.toThrow(ManifestError);
        await expect(open(store, { rootHash: "0".repeat(64) })).rejects.toThrow(/is another bake's, or was edited/);
    });
});

test("a world of over a million chunks is written and read in parts, a few nodes at a time", async () => {
    const blocks = Array.from({ length: 33 * 32 }, (_, i) =>
        squareOf(flatAddress(0, 32 * ((i % 33) - 16), 32 * (Math.floor(i / 33) - 16)), BLOCK_HEIGHT),
    ).sort(compareSquares);
    const checksum = "0123456789abcdef";
    const hash = checksum.repeat(4);
    let most = 0;
    function* chunks(): Generator<ManifestChunk> {
        for (const block of blocks) {
            for (let slot = 0; slot < 1024; slot++) {
                const { x, z } = chunkInBlock(block, slot);
                const address = `0/${x}/${z}`;
                yield { address, file: `${address}.trn`, byteLength: 9, hash, storedByteLength: 5, checksum };
            }
        }
    }
    const store = new WatchedStore();
    const writing = writeManifest(recipe, VERSION, chunks());
    let taken = 0;
    let step = writing.next();
    for (; step.done !== true; step = writing.next()) {
        // What comes at once is at most the path that a block closes, not what was written before.
        taken += step.value.bytes.length;
        most = Math.max(most, step.value.bytes.length);
        await store.putAsync(step.value.name, step.value.bytes);
    }
    const root = step.value;
    expect(root.chunkCount).toBe(33 * 32 * 1024);
    expect(root.chunkCount).toBeGreaterThan(2 ** 20);
    expect(most).toBeLessThan(60_000);
    expect(taken).toBeLessThan(root.chunkCount * 49);
    const reader = await open(store, { rootHash: root.rootHash, cacheBytes: 2 ** 20 });
    for (const block of [blocks[0]!, blocks[500]!, blocks.at(-1)!]) {
        const address = chunkInBlock(block, 777);
        const answer = await reader.entryOfAsync(address);
        expect(answer).toMatchObject({ status: "found", entry: { address: `0/${address.x}/${address.z}` } });
        expect(slotInBlock(address)).toBe(777);
    }
    expect((await reader.entryOfAsync(flatAddress(0, 600, 0))).status).toBe("missing");
    expect(reader.cachedBytes).toBeLessThanOrEqual(2 ** 20);
    expect(nodesRead(store).length).toBeLessThanOrEqual(8);
}, 60_000);
