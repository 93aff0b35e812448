import { verifyBakeAsync, type VerifyOptions } from "../../../src/baker/verifyBake.js";
import { hash64Hex } from "../../../src/base/hash.js";
import {
    createManifest,
    manifestFiles,
    stringifyManifest,
    type Manifest,
    type ManifestChunk,
} from "../../../src/format/manifest.js";
import { asStore } from "../../../src/store/asStore.js";
import { StoreError, type ChunkStore } from "../../../src/store/chunkStore.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import type { Store } from "../../../src/store/store.js";
import { chunkStoreOf } from "../../support/chunkStoreOf.js";
import { wasmFile } from "../../support/kernels.js";
import { listedText } from "../../support/listedManifest.js";
import { bakeAsync, CHUNKS, makeBaker, recipe, block } from "./fixtures.js";

const store = chunkStoreOf(new MemoryStore());
const manifest = await bakeAsync({ store });
const baker = { workers: 0, wasmUrl: wasmFile };

async function copyAsync(): Promise<ChunkStore> {
    const copy = chunkStoreOf(new MemoryStore());
    for (const name of await store.listAsync()) {
        await copy.writeAsync(name, (await store.readAsync(name))!);
    }
    return copy;
}

/** The folder as a release before wrote it: all chunks in one list. */
async function listedCopyAsync(edited = manifest): Promise<ChunkStore> {
    const copy = await copyAsync();
    for (const name of (await copy.listAsync()).filter((other) => other.startsWith("manifest/"))) {
        await copy.deleteAsync(name);
    }
    await copy.writeAsync("manifest.json", text(listedText(edited)));
    return copy;
}

const recipeOf = manifest.recipe;
const verifyAsync = (at: ChunkStore, options: VerifyOptions = {}) => verifyBakeAsync(at, { baker, ...options });
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

test("a good bake is good, and what is baked again comes out the same", async () => {
    const seen: string[] = [];
    const result = await verifyAsync(store, { onProgress: (checked, total) => seen.push(`${checked}/${total}`) });
    expect(result).toEqual({ chunks: CHUNKS, bad: [], rebaked: 8, rootHash: manifest.rootHash });
    expect(seen).toHaveLength(CHUNKS);
    expect(seen.at(-1)).toBe("12/12");
    expect(await verifyAsync(store, { rebake: 100, root: manifest.rootHash })).toMatchObject({ bad: [], rebaked: 12 });
    expect(await verifyAsync(store, { rebake: 0, root: manifest.rootHash.toUpperCase() })).toMatchObject({
        bad: [],
        rebaked: 0,
    });
});

test("chunks on faces that the manifest's world lacks are faults, and the others are baked again", async () => {
    const copy = chunkStoreOf(new MemoryStore());
    const [first, second] = manifest.chunks;
    const strange = { ...first!, address: `3/${first!.address.replaceAll("-", "")}` };
    const files = manifestFiles(createManifest(recipeOf, manifest.generatorVersion, [second!, strange]));
    for (const { name, bytes } of files) {
        await copy.writeAsync(name, bytes);
    }
    await copy.writeAsync(second!.file, (await store.readAsync(second!.file))!);
    const { bad, rebaked } = await verifyAsync(copy);
    expect(rebaked).toBe(2);
    expect(bad.map(({ address }) => address)).toEqual([strange.address]);
});

describe.each([
    ["version 2", copyAsync],
    ["version 1", listedCopyAsync],
])("in a bake whose manifest is of %s", (_version, makeAsync) => {
    test.each<[string, (copy: ChunkStore) => Promise<void>, RegExp]>([
        [
            "one flipped bit",
            async (copy) => {
                const bytes = (await copy.readAsync("0/0/0.trn"))!;
                bytes[bytes.length - 5]! ^= 8;
                await copy.writeAsync("0/0/0.trn", bytes);
            },
            /has another checksum/,
        ],
        [
            "one truncated file",
            async (copy) => copy.writeAsync("0/0/0.trn", (await copy.readAsync("0/0/0.trn"))!.slice(0, -1)),
            /has \d+ bytes; the manifest says \d+/,
        ],
        ["one missing file", (copy) => copy.deleteAsync("0/0/0.trn"), /is missing/],
        ["one empty file", (copy) => copy.writeAsync("0/0/0.trn", new Uint8Array(0)), /is empty/],
    ])("%s is found, and nothing else", async (_, harm, message) => {
        const copy = await makeAsync();
        await harm(copy);
        const { bad, rootHash } = await verifyAsync(copy);
        expect(bad).toEqual([{ address: "0/0/0", file: "0/0/0.trn", fault: expect.stringMatching(message) }]);
        expect(rootHash).toBe((await verifyAsync(await makeAsync(), { rebake: 0 })).rootHash);
    });
});

test("two files swapped with each other are both found", async () => {
    const copy = await copyAsync();
    const [a, b] = [(await copy.readAsync("0/0/0.trn"))!, (await copy.readAsync("0/1/0.trn"))!];
    await copy.writeAsync("0/0/0.trn", b);
    await copy.writeAsync("0/1/0.trn", a);
    expect((await verifyAsync(copy)).bad.map(({ address }) => address)).toEqual(["0/0/0", "0/1/0"]);
});

/** Writes the manifest of changed chunks, as a bake of them would do. */
async function editAsync(copy: ChunkStore, change: (edited: Manifest) => Manifest): Promise<void> {
    const { recipe: world, generatorVersion, chunks } = change(manifest);
    for (const { name, bytes } of manifestFiles(createManifest(world, generatorVersion, chunks))) {
        await copy.writeAsync(name, bytes);
    }
}

test("a file swapped for another chunk's, the manifest's checksum put right, is found by what the file says", async () => {
    const copy = await copyAsync();
    const other = (await copy.readAsync("0/1/0.trn"))!;
    await copy.writeAsync("0/0/0.trn", other);
    const swap = (edited: Manifest): Manifest => ({
        ...edited,
        chunks: edited.chunks.map((entry) =>
            entry.address === "0/0/0"
                ? { ...entry, storedByteLength: other.length, checksum: hash64Hex(other) }
                : entry,
        ),
    });
    await editAsync(copy, swap);
    const { bad } = await verifyAsync(copy, { root: manifest.rootHash });
    expect(bad).toEqual([{ address: "0/0/0", file: "0/0/0.trn", fault: "is the file of chunk 0/1/0, not 0/0/0" }]);
});

describe("an edited manifest", () => {
    const forge = (edited: Manifest): Manifest => ({
        ...edited,
        chunks: edited.chunks.with(3, { ...edited.chunks[3]!, hash: "0".repeat(64) }),
    });
    const drop = (edited: Manifest): Manifest => ({ ...edited, chunks: edited.chunks.slice(1) });

    test("is found by its own hashes, of either version", async () => {
        const copy = await copyAsync();
        const edited = stringifyManifest(createManifest(recipeOf, manifest.generatorVersion, drop(manifest).chunks));
        await copy.writeAsync(
            "manifest.json",
            text(edited.replace(/"rootHash": "\w+"/, `"rootHash": "${manifest.rootHash}"`)),
        );
        expect((await verifyAsync(copy, { rebake: 0 })).bad[0]).toEqual({
            address: null,
            file: "manifest.json",
            fault: expect.stringMatching(/was edited: its levels and recipe/),
        });
        const listed = await listedCopyAsync();
        const listedWithout = listedText(drop(manifest)).replace(
            /"rootHash": "\w+"/,
            /"rootHash": "\w+"/.exec(listedText(manifest))![0],
        );
        await listed.writeAsync("manifest.json", text(listedWithout));
        expect((await verifyAsync(listed, { rebake: 0 })).bad).toEqual([
            { address: null, file: "manifest.json", fault: expect.stringMatching(/was edited: its chunks and recipe/) },
        ]);
    });

    test("whose nodes were edited is found node by node, and the other blocks are checked", async () => {
        const copy = await copyAsync();
        const node = (await copy.readAsync("manifest/0/5/0/0.trm"))!;
        node[300]! ^= 1;
        await copy.writeAsync("manifest/0/5/0/0.trm", node);
        await copy.deleteAsync("manifest/0/5/-1/0.trm");
        await copy.deleteAsync("0/-1/-1.trn");
        await copy.deleteAsync("0/0/0.trn");
        const { bad, chunks } = await verifyAsync(copy, { rebake: 0 });
        expect(chunks).toBe(CHUNKS);
        expect(bad).toEqual([
            { address: null, file: "manifest/0/5/-1/0.trm", fault: "is missing" },
            { address: null, file: "manifest/0/5/0/0.trm", fault: "has another checksum than what lists it says" },
            { address: "0/-1/-1", file: "0/-1/-1.trn", fault: "is missing" },
        ]);
    });

    test("that was edited consistently is found by the root hash from elsewhere", async () => {
        const copy = await copyAsync();
        await editAsync(copy, drop);
        expect((await verifyAsync(copy)).bad).toEqual([]);
        const { bad } = await verifyAsync(copy, { root: manifest.rootHash });
        expect(bad).toEqual([
            { address: null, file: "manifest.json", fault: expect.stringMatching(/is another bake's, or was edited/) },
        ]);
    });

    test("that names another hash than the chunk has is found chunk by chunk too", async () => {
        const copy = await copyAsync();
        await editAsync(copy, forge);
        const { bad } = await verifyAsync(copy, { rebake: 100 });
        expect(bad).toEqual([
            {
                address: manifest.chunks[3]!.address,
                file: manifest.chunks[3]!.file,
                fault: expect.stringMatching(/holds another chunk/),
            },
        ]);
    });

    test("of another recipe makes every file another world's", async () => {
        const copy = await copyAsync();
        await editAsync(copy, (edited) => ({ ...edited, recipe: { ...edited.recipe, seed: 99 } }));
        const { bad } = await verifyAsync(copy, { rebake: 0 });
        expect(bad).toHaveLength(CHUNKS);
        expect(bad[0]!.fault).toMatch(/is of another world/);
    });

    test.each([
        ["cut short", "{", /is not JSON/],
        ["another thing", "[]", /manifest.kind is undefined/],
        ["empty", "", /is not JSON/],
    ])("that is %s is one bad file", async (_, content, message) => {
        const copy = await copyAsync();
        await copy.writeAsync("manifest.json", text(content));
        expect(await verifyAsync(copy)).toEqual({
            chunks: 0,
            bad: [{ address: null, file: "manifest.json", fault: expect.stringMatching(message) }],
            rebaked: 0,
            rootHash: "",
        });
    });
});

test("files that agree with their manifest, but are not what the recipe gives, are found by baking again", async () => {
    const forged = chunkStoreOf(new MemoryStore());
    // A world of another seed under this world's name: as who forges a bake would do it, checksums and all.
    const other = await makeBaker().bakeAsync({ ...recipe, seed: 6 }, { chunks: block, store: forged });
    const { decodeChunkFile, encodeChunkFile } = await import("../../../src/format/chunkFile.js");
    const { worldKeyOf } = await import("../../../src/format/worldKey.js");
    const world = worldKeyOf(manifest.recipe, manifest.generatorVersion);
    const chunks: ManifestChunk[] = [];
    for (const entry of other.chunks) {
        const file = encodeChunkFile(decodeChunkFile((await forged.readAsync(entry.file))!), world);
        await forged.writeAsync(entry.file, file);
        chunks.push({ ...entry, storedByteLength: file.length, checksum: hash64Hex(file) });
    }
    await editAsync(forged, () => ({ ...manifest, chunks }));
    expect((await verifyAsync(forged, { rebake: 0 })).bad).toEqual([]);
    const { bad, rebaked } = await verifyAsync(forged, { rebake: 3 });
    expect(rebaked).toBe(3);
    expect(bad).toHaveLength(3);
    expect(bad[0]!.fault).toMatch(/comes out otherwise when baked again/);
});

describe("one block", () => {
    /** What is read while it is checked. */
    async function readAsync(at: ChunkStore, options: VerifyOptions) {
        const read: string[] = [];
        const inner = asStore(at);
        const watched: Store = Object.create(inner) as Store;
        watched.getAsync = (request) => {
            read.push(request.key);
            return inner.getAsync(request);
        };
        const result = await verifyBakeAsync(watched, { baker, ...options });
        return { ...result, read: read.sort() };
    }

    test("is checked by itself, with what leads to it alone", async () => {
        const { read, ...result } = await readAsync(await copyAsync(), { block: "0/-1/0", root: manifest.rootHash });
        expect(result).toEqual({ chunks: 4, bad: [], rebaked: 4, rootHash: manifest.rootHash });
        expect(read).toEqual([
            "0/-1/0.trn",
            "0/-1/1.trn",
            "0/-2/0.trn",
            "0/-2/1.trn",
            "manifest.json",
            "manifest/0/5/-1/0.trm",
        ]);
    });

    test("of a bake with a list alone is checked too", async () => {
        const { read, ...result } = await readAsync(await listedCopyAsync(), { block: "0/-1/0", rebake: 0 });
        expect(result).toMatchObject({ chunks: 4, bad: [], rebaked: 0 });
        expect(read).toHaveLength(5);
    });

    test("that is damaged is told of, and faults of other blocks are not", async () => {
        const copy = await copyAsync();
        await copy.deleteAsync("0/-1/0.trn");
        await copy.deleteAsync("0/0/0.trn");
        await copy.deleteAsync("manifest/0/5/0/0.trm");
        const { bad } = await verifyAsync(copy, { block: "0/-1/0", rebake: 0 });
        expect(bad).toEqual([{ address: "0/-1/0", file: "0/-1/0.trn", fault: "is missing" }]);
        expect(await verifyAsync(copy, { block: "0/0/0" })).toMatchObject({
            chunks: 0,
            bad: [{ address: null, file: "manifest/0/5/0/0.trm", fault: "is missing" }],
        });
    });

    test("that is forged consistently does not belong to the root hash", async () => {
        const copy = await copyAsync();
        await editAsync(copy, (edited) => ({ ...edited, chunks: edited.chunks.slice(1) }));
        const { bad } = await verifyAsync(copy, { block: "0/0/0", root: manifest.rootHash, rebake: 0 });
        expect(bad).toEqual([
            { address: null, file: "manifest.json", fault: expect.stringMatching(/is another bake's, or was edited/) },
        ]);
    });

    test("that the bake does not have, or that is none, is an error", async () => {
        await expect(verifyAsync(store, { block: "0/7/7" })).rejects.toThrow(
            /block is "0\/7\/7"; allowed: a block of which the bake has chunks/,
        );
        await expect(verifyAsync(store, { block: "0/7" })).rejects.toThrow(/block is "0\/7"; allowed: level\/x\/z/);
    });
});

test("no manifest, and options that are wrong, are errors", async () => {
    await expect(verifyAsync(chunkStoreOf(new MemoryStore()))).rejects.toThrow(StoreError);
    const wrong = { rebake: -1, root: "abc", roots: 1, baker: { workers: 65, worker: 1 }, onProgress: 5 };
    await expect(verifyAsync(store, wrong as unknown as VerifyOptions)).rejects.toMatchObject({
        problems: [
            { field: "rebake", value: -1 },
            { field: "root", value: "abc" },
            { field: "baker.workers", value: 65 },
            { field: "baker.worker", value: 1, remedy: "Did you mean baker.workers?" },
            { field: "onProgress", value: 5 },
            { field: "roots", value: 1, remedy: "Did you mean root?" },
        ],
    });
    await expect(verifyAsync(store, { rebake: -1 })).rejects.toThrow(/rebake is -1/);
    await expect(verifyAsync(store, { root: "abc" })).rejects.toThrow(/root is "abc"; allowed: 64 hexadecimal digits/);
    await expect(verifyAsync(store, { signal: AbortSignal.abort() })).rejects.toThrow(/aborted/);
});
