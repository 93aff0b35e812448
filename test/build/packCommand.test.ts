import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { PMTiles } from "pmtiles";

const root = path.resolve(import.meta.dirname, "../..");
const cli = path.join(root, "dist/cli.js");
const small = path.join(root, "samples/recipes/small.json");

let directory: string;
const at = (...parts: string[]): string => path.join(directory, ...parts);

function run(...args: string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
        encoding: "utf8",
        cwd: directory,
    });
    const last = stdout.trim().split("\n").at(-1)!;
    const json = last.startsWith("{") ? (JSON.parse(last) as Record<string, unknown>) : {};
    return { code: status, out: stdout, err: stderr, json };
}

let rootHash: unknown;

beforeAll(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), "terrane-pack-"));
    ({ rootHash } = run("bake", small, "--out", "bake", "--workers", "0", "--json").json);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test("packs a bake into its own folder, or another file, byte for byte the same", async () => {
    const packed = run("pack", "bake");
    expect([packed.code, packed.err]).toEqual([0, ""]);
    expect(packed.out).toMatch(/^16 chunks in bake\/bake\.pmtiles: \d+ KB\nroot hash [0-9a-f]{64}\n$/);
    const other = run("pack", "bake", "--out", "other.pmtiles", "--json");
    const bytes = statSync(at("other.pmtiles")).size;
    expect(other.json).toMatchObject({ archive: "other.pmtiles", chunks: 16, bytes, rootHash });
    const archive = readFileSync(at("other.pmtiles"));
    expect(readFileSync(at("bake", "bake.pmtiles"))).toEqual(archive);
    expect(run("pack", "other.pmtiles", "--out", "again.pmtiles").code).toBe(0);
    expect(readFileSync(at("again.pmtiles"))).toEqual(archive);
    const tiles = new PMTiles({
        getKey: () => "bake",
        getBytes: (offset, length) =>
            Promise.resolve({ data: new Uint8Array(archive.subarray(offset, offset + length)).buffer }),
    });
    expect(await tiles.getMetadata()).toMatchObject({ kind: "terrane-manifest", rootHash });
});

test("an archive is verified as its folder is", () => {
    const { code, json } = run("verify", "other.pmtiles", "--rebake", "2", "--json");
    expect([code, json]).toEqual([0, { chunks: 16, bad: 0, rebaked: 2, rootHash, faults: [] }]);
});

test("a bake is packed as it ends, when that is asked for", () => {
    const { code, json } = run("bake", small, "--out", "bake", "--pack", "--json");
    const archive = path.join("bake", "bake.pmtiles");
    expect([code, json]).toMatchObject([0, { baked: 0, rootHash, archive, archiveBytes: statSync(at(archive)).size }]);
    expect(run("bake", small, "--out", "bake", "--pack").out).toMatch(/packed into bake\/bake\.pmtiles: \d+ KB/);
});

test("what is wrong is one line, and no archive is left behind", () => {
    expect(run("pack")).toMatchObject({ code: 2, err: expect.stringMatching(/missing required argument/) });
    expect(run("pack", "nowhere")).toMatchObject({ code: 3, err: expect.stringMatching(/no manifest\.json/) });
    expect(run("pack", "bake", "--out", "bake")).toMatchObject({
        code: 3,
        err: expect.stringMatching(/could not be written/),
    });
    truncateSync(at("bake", "0/0/0.trn"), 50);
    const { code, err } = run("pack", "bake", "--out", "bad.pmtiles");
    expect(err).toMatch(/^error: The bake cannot be packed: 0\/0\/0\.trn has 50 bytes; the manifest says \d+\.\n$/);
    expect(code).toBe(1);
    expect(existsSync(at("bad.pmtiles"))).toBe(false);
});
