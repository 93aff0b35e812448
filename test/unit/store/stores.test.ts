import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { StoreError, type ChunkStore } from "../../../src/store/chunkStore.js";
import { DirectoryStore } from "../../../src/store/directoryStore.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";

let directory: string;

beforeEach(() => (directory = mkdtempSync(path.join(os.tmpdir(), "terrane-store-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe.each<[string, () => ChunkStore]>([
    ["MemoryStore", () => new MemoryStore()],
    ["DirectoryStore", () => new DirectoryStore(path.join(directory, "not/yet/there"))],
])("a %s", (_, make) => {
    test("gives back what was written, lists it, and forgets what is deleted", async () => {
        const store = make();
        expect(await store.listAsync()).toEqual([]);
        expect(await store.readAsync("0/1/-2.trn")).toBeNull();
        const bytes = Uint8Array.of(1, 2, 3);
        await store.writeAsync("0/1/-2.trn", bytes);
        bytes[0] = 99;
        await store.writeAsync("manifest.json", Uint8Array.of(7));
        await store.writeAsync("manifest.json", Uint8Array.of(8, 9));
        expect([...(await store.readAsync("0/1/-2.trn"))!]).toEqual([1, 2, 3]);
        expect([...(await store.readAsync("manifest.json"))!]).toEqual([8, 9]);
        expect((await store.listAsync()).sort()).toEqual(["0/1/-2.trn", "manifest.json"]);
        await store.deleteAsync("0/1/-2.trn");
        await store.deleteAsync("0/1/-2.trn");
        expect(await store.listAsync()).toEqual(["manifest.json"]);
    });

    test("reads nothing that is longer than it was asked for", async () => {
        const store = make();
        await store.writeAsync("a.trn", new Uint8Array(100));
        expect(await store.readAsync("a.trn", 100)).toHaveLength(100);
        await expect(store.readAsync("a.trn", 99)).rejects.toMatchObject({ code: "TERRANE_STORE", byteLength: 100 });
    });

    test.each(["../x.trn", "/etc/passwd", "a/../../b", "", "a//b", ".hidden", "a\\b", "a b", `${"x".repeat(300)}`])(
        "takes no name like %p",
        async (name) => {
            await expect(make().writeAsync(name, Uint8Array.of(1))).rejects.toThrow(StoreError);
        },
    );
});

test("many writes to one name at once leave one of them whole", async () => {
    const store = new DirectoryStore(directory);
    const writes = Array.from({ length: 20 }, (_, i) => store.writeAsync("a.trn", new Uint8Array(50_000).fill(i)));
    await Promise.all(writes);
    const bytes = (await store.readAsync("a.trn"))!;
    expect(bytes.length).toBe(50_000);
    expect(new Set(bytes).size).toBe(1);
    expect(readdirSync(directory)).toEqual(["a.trn"]);
});

test("what cannot be read or written is told with its path", async () => {
    const file = path.join(directory, "file");
    writeFileSync(file, "in the way");
    mkdirSync(path.join(directory, "folder.trn"));
    await expect(new DirectoryStore(file).writeAsync("a.trn", Uint8Array.of(1))).rejects.toThrow(
        expect.objectContaining({ code: "TERRANE_STORE", message: expect.stringContaining(file) }),
    );
    await expect(new DirectoryStore(directory).readAsync("folder.trn")).rejects.toThrow(
        /folder\.trn could not be read/,
    );
});
