import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { verifyBakeAsync } from "../../../src/baker/verifyBake.js";
import { createManifest, manifestFiles } from "../../../src/format/manifest.js";
import { DirectoryStore } from "../../../src/store/directoryStore.js";
import type { ListResult, StoreOptions } from "../../../src/store/store.js";
import { chunkStoreOf } from "../../support/chunkStoreOf.js";
import { wasmFile } from "../../support/kernels.js";
import { bakeAsync, CHUNKS, makeBaker } from "./fixtures.js";

const directory = mkdtempSync(path.join(os.tmpdir(), "terrane-odd-"));
const at = (...parts: string[]): string => path.join(directory, ...parts);
const store = chunkStoreOf(new DirectoryStore(directory));
const manifest = await bakeAsync({ store });
const { rootHash } = manifest;
const verifyAsync = () => verifyBakeAsync(store, { rebake: 0, baker: { workers: 0, wasmUrl: wasmFile } });

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("whatever lies in the place of a chunk is one fault and hides no other; the next bake puts it right", async () => {
    expect(readdirSync(directory).sort()).toEqual(["0", "manifest", "manifest.json", "report.json"]);
    for (const name of ["0/0/0.trn", "0/0/1.trn", "0/0/-1.trn", "0/1/0.trn", "0/1/1.trn", "0/-2/0.trn"]) {
        rmSync(at(name));
    }
    spawnSync("mkfifo", [at("0/0/0.trn")]);
    symlinkSync("/dev/zero", at("0/0/1.trn"));
    symlinkSync("-1.trn", at("0/0/-1.trn"));
    spawnSync("truncate", ["-s", "1500000000", at("0/1/0.trn")]);
    mkdirSync(at("0/1/1.trn"));
    truncateSync(at("0/1/-1.trn"), 100);
    const { bad, chunks } = await verifyAsync();
    expect(chunks).toBe(CHUNKS);
    const faults = bad.map(({ file, fault }) => `${file} ${fault.replaceAll(directory, "")}`);
    expect(faults.sort()).toEqual([
        "0/-2/0.trn is missing",
        expect.stringMatching(/^0\/0\/-1\.trn cannot be read: .*ELOOP/),
        "0/0/0.trn cannot be read: it is a pipe, not a file",
        "0/0/1.trn cannot be read: it is a link, or lies behind one, that leads out of the folder",
        expect.stringMatching(/^0\/1\/-1\.trn has 100 bytes; the manifest says \d+$/),
        expect.stringMatching(/^0\/1\/0\.trn has 1500000000 bytes; at most \d+ are read$/),
        "0/1/1.trn cannot be read: it is a folder, not a file",
    ]);
    // A folder is somebody's: it is not deleted.
    await expect(bakeAsync({ store })).rejects.toThrow(/0\/1\/1\.trn could not be written/);
    rmSync(at("0/1/1.trn"), { recursive: true });
    expect((await bakeAsync({ store })).rootHash).toBe(rootHash);
    expect(await verifyAsync()).toMatchObject({ bad: [], rootHash });
});

test("no manifest makes it read more than a chunk file can have", async () => {
    const { recipe, generatorVersion, chunks } = manifest;
    const entry = { ...chunks[0]!, storedByteLength: 2147483647 };
    const forged = createManifest(recipe, generatorVersion, chunks.with(0, entry));
    for (const { name, bytes } of manifestFiles(forged)) {
        await store.writeAsync(name, bytes);
    }
    const name = entry.file;
    const chunk = (await store.readAsync(name))!;
    truncateSync(at(name), 1.5e9);
    const { bad } = await verifyAsync();
    expect(bad.map(({ fault }) => fault)).toEqual(["has 1500000000 bytes; at most 67108864 are read"]);
    await store.writeAsync(name, chunk);
});

test("a bake looks at the folders of its own levels alone", async () => {
    const listed: (string | undefined)[] = [];
    class Watched extends DirectoryStore {
        public override listAsync(prefix?: string, options?: StoreOptions): Promise<ListResult> {
            listed.push(prefix);
            return super.listAsync(prefix, options);
        }
    }
    const baker = makeBaker();
    await bakeAsync({ store: new Watched(directory) }, baker);
    expect(listed).toEqual(["0/"]);
    expect(baker.getPerformanceReport().chunks).toBe(0);
});
