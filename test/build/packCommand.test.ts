import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
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

describe("an archive for each block", () => {
    const files = (folder: string): Map<string, Buffer> =>
        new Map(
            readdirSync(at(folder), { recursive: true, encoding: "utf8" })
                .sort()
                .filter((name) => statSync(at(folder, name)).isFile())
                .map((name) => [name, readFileSync(at(folder, name))]),
        );

    test("is packed into a folder, beside the manifest; what is there already stays", () => {
        const { code, out, err } = run("pack", "bake", "--blocks", "--out", "blocks/");
        expect([code, err]).toEqual([0, ""]);
        expect(out).toMatch(/^16 chunks in blocks\/\{block\}\.pmtiles: 4 blocks, \d+ KB\nroot hash [0-9a-f]{64}\n$/);
        const written = files("blocks");
        expect([...written.keys()].filter((name) => !name.startsWith("manifest"))).toEqual(
            ["-1/-1", "-1/0", "0/-1", "0/0"].map((block) => `0/${block}.pmtiles`),
        );
        expect(written.get("manifest.json")).toEqual(readFileSync(at("bake", "manifest.json")));
        rmSync(at("blocks", "0/0/0.pmtiles"));
        const again = run("pack", "bake", "--blocks", "--out", "blocks", "--json");
        const bytes = [...written].reduce((sum, [name, { length }]) => sum + (/pmtiles/.test(name) ? length : 0), 0);
        const archives = "blocks/{block}.pmtiles";
        expect(again.json).toEqual({ archives, chunks: 16, blocks: 4, kept: 3, bytes, rootHash });
        expect(files("blocks")).toEqual(written);
        expect(run("pack", "bake", "--blocks", "--out", "blocks").out).toContain("4 blocks, 4 were there, ");
    });

    test("is verified, and packed into one, by a path with {block} in it", () => {
        const { code, json } = run("verify", "blocks/{block}.pmtiles", "--rebake", "2", "--json");
        expect([code, json]).toEqual([0, { chunks: 16, bad: 0, rebaked: 2, rootHash, faults: [] }]);
        expect(run("verify", "blocks/{block}.pmtiles", "--block", "0/-1/0").code).toBe(0);
        expect(run("pack", "blocks/{block}.pmtiles", "--out", "one.pmtiles").code).toBe(0);
        expect(readFileSync(at("one.pmtiles"))).toEqual(readFileSync(at("other.pmtiles")));
    });

    test("that lies in a folder is told to who verifies the folder", () => {
        const { code, err } = run("verify", "blocks", "--rebake", "0");
        expect(code).toBe(1);
        expect(err).toContain("0/0/0.trn is missing\n");
        expect(err).toContain(
            'The folder has archives of blocks: to check what is in those, verify "blocks/{block}.pmtiles".\n',
        );
    });

    test("wants a folder; what is wrong is one line", () => {
        expect(run("pack", "bake", "--blocks")).toMatchObject({
            code: 2,
            err: "error: --out is undefined; allowed: the folder to write to. Pass --out DIR beside --blocks.\n",
        });
        expect(run("verify", "{block}/{block}.pmtiles")).toMatchObject({
            code: 2,
            err: expect.stringMatching(
                /^error: path is "\{block\}\/\{block\}\.pmtiles"; allowed: a path with \{block\}/,
            ),
        });
        rmSync(at("blocks", "0/-1/0.pmtiles"));
        const { code, err } = run("verify", "blocks/{block}.pmtiles", "--rebake", "0");
        expect([code, err.includes("archives of blocks")]).toEqual([1, false]);
        expect(err.match(/0\/-\d\/\d\.trn is missing/g)).toHaveLength(4);
    });
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
