import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    statSync,
    truncateSync,
    utimesSync,
    writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { PMTiles } from "pmtiles";
import { PackError, type PackOptions } from "../../../src/baker/packBake.js";
import { packBlocksAsync } from "../../../src/baker/packBlocks.js";
import { verifyBakeAsync } from "../../../src/baker/verifyBake.js";
import { initDigestAsync } from "../../../src/base/digest.js";
import { hash64Hex, initHashAsync } from "../../../src/base/hash.js";
import { NO_FACE, parseAddress, type ChunkAddress } from "../../../src/space/chunkAddress.js";
import { BLOCK_HEIGHT, formatBlock, squareOf } from "../../../src/space/chunkSquare.js";
import { blocksIn, openBlockFolder } from "../../../src/store/blockFolder.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import { openBakeFiles } from "../../../src/store/openBakeFiles.js";
import type { Store } from "../../../src/store/store.js";
import { filesOfAsync, madeUpBakeAsync } from "../../support/madeUpBake.js";
import { wasmFile } from "../../support/kernels.js";
import { bakeAsync, CHUNKS } from "./fixtures.js";

await Promise.all([initHashAsync(), initDigestAsync()]);

let directory: string;
beforeEach(() => void (directory = mkdtempSync(path.join(os.tmpdir(), "terrane-blocks-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const packAsync = (files: Store, out = directory, options?: PackOptions) =>
    packBlocksAsync(files, openBlockFolder(out), options);

/** Returns all files below a folder, by their paths in it. */
function filesIn(folder: string): Map<string, Buffer> {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
    return new Map(
        names
            .filter((name) => statSync(path.join(folder, name)).isFile())
            .map((name) => [name.split(path.sep).join("/"), readFileSync(path.join(folder, name))]),
    );
}

/** 9 blocks of two levels, and one of a level far above. */
const ADDRESSES: ChunkAddress[] = [parseAddress("9/0/0")];
for (const level of [0, 1]) {
    for (let x = -40; x < 40; x += 3 + level * 30) {
        for (let z = -20; z < 20; z += 5) {
            ADDRESSES.push({ face: NO_FACE, level, x, z });
        }
    }
}
const BLOCKS = [...new Set(ADDRESSES.map((address) => formatBlock(squareOf(address, BLOCK_HEIGHT))))];

test("all files come out of the blocks' archives as they went in", async () => {
    const { store, manifest } = await madeUpBakeAsync(ADDRESSES);
    const seen: string[] = [];
    const result = await packAsync(store, directory, { onProgress: (...counts) => seen.push(counts.join("/")) });
    const { length } = ADDRESSES;
    expect(seen).toEqual(ADDRESSES.map((_, i) => `${i + 1}/${length}`));
    const written = filesIn(directory);
    const archives = [...written].filter(([name]) => name.endsWith(".pmtiles"));
    expect(archives.map(([name]) => name).sort()).toEqual(BLOCKS.map((block) => `${block}.pmtiles`).sort());
    const byteLength = archives.reduce((sum, [, bytes]) => sum + bytes.byteLength, 0);
    const { rootHash } = manifest;
    expect(result).toEqual({ chunks: length, blocks: BLOCKS.length, kept: 0, byteLength, rootHash });

    const files = await filesOfAsync(store);
    const packed = openBakeFiles(blocksIn(directory));
    for (const [key, bytes] of files) {
        expect(await packed.getAsync({ key })).toEqual({ status: "found", bytes });
        expect(written.has(key)).toBe(key.startsWith("manifest"));
    }
    // And packed from those, the same.
    const again = path.join(directory, "again");
    await packAsync(packed, again);
    await packed.closeAsync();
    expect(filesIn(again)).toEqual(written);
});

test("an archive says whose it is, to tools of PMTiles too", async () => {
    const { store } = await madeUpBakeAsync(ADDRESSES);
    await packAsync(store);
    const bytes = readFileSync(path.join(directory, "0/-1/0.pmtiles"));
    const tiles = new PMTiles({
        getKey: () => "block",
        getBytes: (offset, length) =>
            Promise.resolve({ data: new Uint8Array(bytes.subarray(offset, offset + length)).buffer }),
    });
    const node = readFileSync(path.join(directory, "manifest/0/5/-1/0.trm"));
    expect(await tiles.getMetadata()).toEqual({
        ...{ kind: "terrane-block", version: 1, world: expect.stringMatching(/^[0-9a-f]{16}$/), block: "0/-1/0" },
        ...{ chunkCount: expect.any(Number), checksum: hash64Hex(new Uint8Array(node)) },
    });
});

test("what is there and whole stays; what is missing, cut off, changed or another's is packed again", async () => {
    const { store } = await madeUpBakeAsync(ADDRESSES);
    await packAsync(store);
    const whole = filesIn(directory);
    const at = (block: string): string => path.join(directory, `${block}.pmtiles`);
    const longAgo = new Date(1_000_000_000_000);
    BLOCKS.forEach((block) => utimesSync(at(block), longAgo, longAgo));

    rmSync(at(BLOCKS[0]!));
    truncateSync(at(BLOCKS[1]!), 100);
    const flipped = readFileSync(at(BLOCKS[2]!));
    flipped[flipped.length - 3]! ^= 1;
    writeFileSync(at(BLOCKS[2]!), flipped);
    writeFileSync(at(BLOCKS[3]!), readFileSync(at(BLOCKS[4]!)));
    // An index that lists nothing that is there.
    const hidden = readFileSync(at(BLOCKS[5]!));
    hidden[128]! ^= 1;
    writeFileSync(at(BLOCKS[5]!), hidden);
    rmSync(path.join(directory, "manifest.json"));

    const seen: number[] = [];
    const result = await packAsync(store, directory, { onProgress: (packed) => seen.push(packed) });
    expect(result).toMatchObject({ blocks: BLOCKS.length, kept: BLOCKS.length - 5, chunks: ADDRESSES.length });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(ADDRESSES.length);
    expect(filesIn(directory)).toEqual(whole);
    const kept = BLOCKS.filter((block) => statSync(at(block)).mtimeMs === longAgo.getTime());
    expect(kept).toEqual(BLOCKS.filter((_, i) => ![0, 1, 2, 3, 5].includes(i)));
});

test("another bake's archives are replaced", async () => {
    const { store } = await madeUpBakeAsync(ADDRESSES);
    const { store: other } = await madeUpBakeAsync(ADDRESSES.slice(0, -1));
    await packAsync(other);
    const last = formatBlock(squareOf(ADDRESSES.at(-1)!, BLOCK_HEIGHT));
    expect(await packAsync(store)).toMatchObject({ kept: BLOCKS.length - 1 });
    const fresh = path.join(directory, "fresh");
    await packAsync(store, fresh);
    expect(readFileSync(path.join(directory, `${last}.pmtiles`))).toEqual(
        readFileSync(path.join(fresh, `${last}.pmtiles`)),
    );
});

test("a bake in blocks is verified as one in a folder is, as a whole and block by block", async () => {
    const store = new MemoryStore();
    const { rootHash, chunks } = await bakeAsync({ store });
    await packAsync(store);
    const options = { rebake: 2, baker: { workers: 0, wasmUrl: wasmFile } };
    const verifyAsync = async (more: object = {}) => {
        const files = openBakeFiles(blocksIn(directory));
        const result = await verifyBakeAsync(files, { ...options, ...more });
        await files.closeAsync();
        return result;
    };
    expect(await verifyAsync()).toEqual({ chunks: CHUNKS, bad: [], rebaked: 2, rootHash });
    const blocks = [
        ...new Set(chunks.map(({ address }) => formatBlock(squareOf(parseAddress(address), BLOCK_HEIGHT)))),
    ];
    expect((await verifyAsync({ block: blocks[0] })).bad).toEqual([]);
    rmSync(path.join(directory, `${blocks[0]}.pmtiles`));
    const { bad } = await verifyAsync({ block: blocks[0] });
    expect(new Set(bad.map(({ fault }) => fault))).toEqual(new Set(["is missing"]));
    const flipped = readFileSync(path.join(directory, `${blocks[1]}.pmtiles`));
    flipped[flipped.length - 3]! ^= 1;
    writeFileSync(path.join(directory, `${blocks[1]}.pmtiles`), flipped);
    expect((await verifyAsync({ block: blocks[1] })).bad).toHaveLength(1);
});

test("a bake with a file that is not right is not packed, and has no manifest then", async () => {
    const { store } = await madeUpBakeAsync(ADDRESSES);
    await store.putAsync("9/0/0.trn", Uint8Array.of(1));
    const error = await packAsync(store).then(null, (thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PackError);
    expect(error).toMatchObject({ file: "9/0/0.trn", fault: expect.stringMatching(/^has 1 bytes/) });
    expect(existsSync(path.join(directory, "manifest.json"))).toBe(false);
    expect([...filesIn(directory).keys()].filter((name) => /tmp|9\/0\/0/.test(name))).toEqual([]);
    await expect(packAsync(new MemoryStore())).rejects.toMatchObject({ code: "TERRANE_STORE" });
});

test("ended early it leaves whole archives, and goes on from there", async () => {
    const { store } = await madeUpBakeAsync(ADDRESSES);
    const controller = new AbortController();
    const onProgress = (packed: number): void => void (packed === 60 && controller.abort());
    await expect(packAsync(store, directory, { onProgress, signal: controller.signal })).rejects.toMatchObject({
        name: "AbortError",
    });
    const archives = [...filesIn(directory).keys()].filter((name) => name.endsWith(".pmtiles"));
    expect(archives.length).toBeGreaterThan(0);
    expect(archives.length).toBeLessThan(BLOCKS.length);
    expect(await packAsync(store)).toMatchObject({ kept: archives.length });
});

test("what cannot be written is told", async () => {
    const { store } = await madeUpBakeAsync(ADDRESSES);
    writeFileSync(path.join(directory, "0"), "");
    await expect(packAsync(store)).rejects.toMatchObject({ code: "TERRANE_STORE" });
    rmSync(path.join(directory, "0"));
    mkdirSync(path.join(directory, "manifest.json"));
    await expect(packAsync(store)).rejects.toThrow("manifest.json could not be written");
});
