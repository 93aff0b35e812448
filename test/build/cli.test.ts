import { spawn, spawnSync } from "node:child_process";
import {
    cpSync,
    existsSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    renameSync,
    rmSync,
    truncateSync,
    writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { BAKE_OPTIONS, BAKER_OPTIONS, BLOCK_FIELDS, VERIFY_OPTIONS } from "../../src/baker/bakerOptionTables.js";
import type { Field } from "../../src/base/fieldTable.js";
import { flagText } from "../../src/cli/flagText.js";

const root = path.resolve(import.meta.dirname, "../..");
const cli = path.join(root, "dist/cli.js");
const small = path.join(root, "samples/recipes/small.json");
const bigWorld = path.join(root, "samples/recipes/big-world.json");

let directory: string;
const at = (...parts: string[]): string => path.join(directory, ...parts);

beforeAll(() => (directory = mkdtempSync(path.join(os.tmpdir(), "terrane-cli-"))));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Run {
    readonly code: number | null;
    readonly out: string;
    readonly err: string;
    /** The last line, as JSON. */
    readonly json: Record<string, unknown>;
}

function run(...args: string[]): Run {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
        encoding: "utf8",
        cwd: directory,
    });
    const last = stdout.trim().split("\n").at(-1)!;
    const isJson = last.startsWith("{") && last.endsWith("}");
    return { code: status, out: stdout, err: stderr, json: isJson ? (JSON.parse(last) as Run["json"]) : {} };
}

function filesIn(folder: string): string[] {
    return existsSync(folder)
        ? readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.[a-z]+$/.test(name))
        : [];
}

describe("bake", () => {
    test("bakes the block that the recipe file names, and prints one JSON object", () => {
        const { code, json, err } = run("bake", small, "--out", at("first"), "--workers", "2", "--json");
        expect([code, err]).toEqual([0, ""]);
        expect(json).toMatchObject({ chunks: 16, baked: 16, workItems: 112, workers: 2 });
        expect(json.rootHash).toMatch(/^[0-9a-f]{64}$/);
        for (const key of ["seconds", "chunksPerSecond", "parallelEfficiency", "bytes", "storedBytes"]) {
            expect(json[key]).toBeGreaterThan(0);
        }
        expect(json.storedBytes).toBeLessThan(json.bytes as number);
        // 16 chunks, four nodes of the manifest, which begins with a file, and the report.
        expect(filesIn(at("first"))).toHaveLength(22);
    });

    test("has the same root hash on one worker, on none, in any order, in batches of one, with little memory", () => {
        const { rootHash } = run("verify", at("first"), "--json", "--rebake", "0").json;
        const variants = [
            ["--workers", "1"],
            ["--workers", "0"],
            ["--workers", "2", "--shuffle", "99"],
            ["--batch", "1"],
            ["--memory", "16"],
        ];
        for (const [i, args] of variants.entries()) {
            expect(run("bake", small, "--out", at(`variant${i}`), "--json", ...args).json).toMatchObject({
                baked: 16,
                rootHash,
            });
        }
    });

    test("bakes a pyramid into one manifest, which the recipe file may say too", () => {
        const args = ["--chunks", "4x2", "--center", "2,1", "--workers", "0", "--json"];
        const { code, json } = run("bake", small, "--out", at("pyramid"), "--levels", "0-2", ...args);
        expect(code).toBe(0);
        expect(json).toMatchObject({ chunks: 8 + 4 + 1, baked: 13 });
        expect(run("verify", at("pyramid"), "--root", json.rootHash as string, "--json").json).toMatchObject({
            chunks: 13,
            bad: 0,
            rebaked: 8,
        });
        const recipe = JSON.parse(readFileSync(small, "utf8")) as Record<string, object>;
        const section = { chunks: { countX: 4, countZ: 2, centerX: 2, centerZ: 1 }, levels: [0, 2] };
        writeFileSync(at("pyramid.json"), JSON.stringify({ ...recipe, bake: section }));
        const again = run("bake", at("pyramid.json"), "--out", at("pyramid"), "--json", "--shuffle", "3");
        expect(again.json).toMatchObject({ chunks: 13, baked: 0, rootHash: json.rootHash });
        // A level on the command line is one level.
        expect(run("bake", at("pyramid.json"), "--plan", "--json", "--level", "1").json).toMatchObject({ chunks: 8 });
        expect(run("bake", small, "--plan", "--json", "--chunks", "512x512", "--levels", "0-6").json).toMatchObject({
            chunks: 349_504,
        });
    });

    test("goes on over a bake whose manifest lists all chunks, and writes a tree", () => {
        cpSync(at("pyramid"), at("listed"), { recursive: true });
        rmSync(at("listed/manifest"), { recursive: true });
        const { rootHash } = run("verify", at("pyramid"), "--json", "--rebake", "0").json;
        writeFileSync(at("listed/manifest.json"), '{"kind":"terrane-manifest","version":1}');
        expect(run("bake", at("pyramid.json"), "--out", at("listed"), "--json").json).toMatchObject({
            baked: 0,
            rootHash,
        });
        expect(run("verify", at("listed"), "--rebake", "0").code).toBe(0);
    });

    test("run again bakes only what is missing or damaged", () => {
        rmSync(at("first/0/0/0.trn"));
        truncateSync(at("first/0/1/1.trn"), 100);
        const { out, code } = run("bake", small, "--out", at("first"));
        expect(code).toBe(0);
        expect(out).toMatch(/^16 chunks in .*: 2 baked, 14 were there$/m);
        expect(run("verify", at("first")).code).toBe(0);
    });

    test("killed half-way leaves whole files alone; run again it ends with the root hash of an undisturbed bake", async () => {
        const args = [bigWorld, "--chunks", "10x10", "--workers", "2", "--json"];
        const { rootHash } = run("bake", ...args, "--out", at("whole")).json;
        for (const [signal, code] of [
            ["SIGKILL", null],
            ["SIGINT", 130],
        ] as const) {
            const out = at(signal);
            const child = spawn(process.execPath, [cli, "bake", ...args, "--out", out], { stdio: "ignore" });
            const ended = new Promise((resolve) => child.on("exit", resolve));
            while (filesIn(out).length < 12) {
                await new Promise((resolve) => setTimeout(resolve, 5));
            }
            child.kill(signal);
            expect(await ended).toBe(code);
            const left = filesIn(out);
            expect(left).not.toContain("manifest.json");
            const chunks = left.filter((name) => name.endsWith(".trn"));
            expect(chunks.length).toBeLessThan(100);
            const whole = (name: string): boolean =>
                Buffer.compare(readFileSync(path.join(out, name)), readFileSync(at("whole", name))) === 0;
            expect(chunks.filter((name) => !whole(name))).toEqual([]);
            const again = run("bake", ...args, "--out", out).json;
            expect(again).toMatchObject({ chunks: 100, rootHash });
            expect(again.baked).toBeLessThanOrEqual(100 - chunks.length);
            expect(filesIn(out).filter((name) => name.endsWith(".tmp"))).toEqual([]);
            rmSync(out, { recursive: true });
        }
    });

    test("prints the plan instead, where that is asked for", () => {
        const { out, code } = run("bake", small, "--plan");
        expect(code).toBe(0);
        expect(out).toMatch(/^112 work items of 16 chunks\nby kind: noise 16, heightfield 16, sdf 16, fusion 16/);
        expect(run("bake", small, "--plan", "--json", "--chunks", "2x1").json).toMatchObject({
            workItems: 14,
            chunks: 2,
            countOf: { fusion: 2 },
        });
    });

    test("plans a million chunks with little memory", () => {
        const args = ["bake", small, "--plan", "--json", "--chunks", "1024x1024"];
        const { status, stdout } = spawnSync(process.execPath, ["--max-old-space-size=64", cli, ...args], {
            encoding: "utf8",
        });
        expect(status).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({ workItems: 7 * 2 ** 20, chunks: 2 ** 20 });
    });
});

describe("verify", () => {
    let rootHash: string;
    const edit = (change: (text: string) => string): void => {
        writeFileSync(at("bake/manifest.json"), change(readFileSync(at("bake/manifest.json"), "utf8")));
    };

    beforeEach(() => {
        rmSync(at("bake"), { recursive: true, force: true });
        rootHash = run("bake", small, "--out", at("bake"), "--json").json.rootHash as string;
    });

    test("of a good bake: nothing is bad, and what is baked again agrees", () => {
        const { code, json, err } = run("verify", at("bake"), "--rebake", "8", "--root", rootHash, "--json");
        expect([code, err]).toEqual([0, ""]);
        expect(json).toMatchObject({ chunks: 16, bad: 0, rebaked: 8, rootHash });
    });

    test("of one block reads that block alone", () => {
        const { json } = run("verify", at("bake"), "--block", "0/-1/0", "--root", rootHash, "--json");
        expect(json).toMatchObject({ chunks: 4, bad: 0, rebaked: 4, rootHash });
        rmSync(at("bake/manifest/0/5/0/0.trm"));
        rmSync(at("bake/0/0/0.trn"));
        expect(run("verify", at("bake"), "--block", "0/-1/0", "--rebake", "0").code).toBe(0);
        rmSync(at("bake/0/-1/0.trn"));
        const { code, err } = run("verify", at("bake"), "--block", "0/-1/0");
        expect([code, err]).toEqual([1, "0/-1/0.trn is missing\n"]);
    });

    test.each<[string, () => void, string[], RegExp]>([
        [
            "one flipped bit in a node of the manifest",
            () => {
                const bytes = readFileSync(at("bake/manifest/0/5/0/0.trm"));
                bytes[bytes.length - 3]! ^= 16;
                writeFileSync(at("bake/manifest/0/5/0/0.trm"), bytes);
            },
            ["--rebake", "0"],
            /^manifest\/0\/5\/0\/0\.trm has another checksum/m,
        ],
        [
            "one flipped bit",
            () => {
                const bytes = readFileSync(at("bake/0/0/0.trn"));
                bytes[bytes.length >> 1]! ^= 16;
                writeFileSync(at("bake/0/0/0.trn"), bytes);
            },
            [],
            /^0\/0\/0\.trn has another checksum/m,
        ],
        ["one truncated file", () => truncateSync(at("bake/0/0/0.trn"), 1000), [], /^0\/0\/0\.trn has 1000 bytes/m],
        ["one missing file", () => rmSync(at("bake/0/0/0.trn")), [], /^0\/0\/0\.trn is missing/m],
        [
            "one file swapped with another",
            () => {
                renameSync(at("bake/0/0/0.trn"), at("bake/0/0/other"));
                renameSync(at("bake/0/1/1.trn"), at("bake/0/0/0.trn"));
                renameSync(at("bake/0/0/other"), at("bake/0/1/1.trn"));
            },
            [],
            /^0\/1\/1\.trn has/m,
        ],
        [
            "one manifest edited",
            () => edit((text) => text.replace(/"seed":12345/, '"seed":12346')),
            ["--rebake", "0"],
            /^manifest\.json was edited/m,
        ],
    ])("finds %s", (_, harm, args, message) => {
        harm();
        const { code, err, json } = run("verify", at("bake"), "--json", ...args);
        expect(code).toBe(1);
        expect(err).toMatch(message);
        expect(json.bad).toBeGreaterThan(0);
    });

    test("finds a manifest that was edited consistently, given the root hash", () => {
        // A bake of another seed is the most consistent edit there is.
        const recipe = JSON.parse(readFileSync(small, "utf8")) as Record<string, unknown>;
        writeFileSync(at("other.json"), JSON.stringify({ ...recipe, seed: 777 }));
        rmSync(at("bake"), { recursive: true });
        run("bake", at("other.json"), "--out", at("bake"));
        expect(run("verify", at("bake")).code).toBe(0);
        const { code, err } = run("verify", at("bake"), "--root", rootHash);
        expect(code).toBe(1);
        expect(err).toMatch(
            /^manifest\.json is another bake's, or was edited: its root hash is [0-9a-f]{64}, expected/,
        );
    });
});

test("report prints what a bake cost", () => {
    const { code, out } = run("report", at("first"));
    expect(code).toBe(0);
    expect(out).toMatch(/bakeTerrain/);
    expect(run("report", at("first", "report.json"), "--json").json).toMatchObject({ bake: { chunks: 2 } });
});

describe("wrong input", () => {
    beforeAll(() => {
        writeFileSync(at("broken.json"), "{");
        writeFileSync(at("list.json"), "[]");
        writeFileSync(at("wrong.json"), '{"chunkSize":5}');
        writeFileSync(at("field.json"), '{"colour":1}');
        writeFileSync(at("bake.json"), '{"bake":{"chunk":1}}');
        writeFileSync(at("batch.json"), '{"bake":{"chunkBatchSize":100}}');
        writeFileSync(
            at("many.json"),
            JSON.stringify({
                chunkSize: 5,
                caves: { octave: 3 },
                "a\nb": 1,
                bake: { chunks: { originX: 1 }, chunkBatchSize: 0 },
            }),
        );
        writeFileSync(at("levels.json"), JSON.stringify({ bake: { levels: "0-6" } }));
        writeFileSync(at("level.json"), JSON.stringify({ bake: { levels: [0, 6], chunks: { level: 1 } } }));
        writeFileSync(at("file"), "no folder");
    });

    test.each<[number, RegExp, string[]]>([
        [2, /recipe\.chunkSize is 5; allowed: a power of two from 4 to 1024/, ["bake", "wrong.json", "--out", "x"]],
        [2, /colour/, ["bake", "field.json", "--out", "x"]],
        [2, /broken\.json is .*allowed: JSON/, ["bake", "broken.json", "--out", "x"]],
        [2, /list\.json is an array of 0; allowed: a JSON object/, ["bake", "list.json", "--out", "x"]],
        [
            2,
            /bake\.chunk is unknown \(given: 1\); allowed: only chunks, levels, chunkBatchSize\. Did you mean bake\.chunks/,
            ["bake", "bake.json", "--out", "x"],
        ],
        [2, /chunkBatchSize is 100; allowed: an integer from 1 to 64/, ["bake", "batch.json", "--out", "x"]],
        [2, /--out is undefined/, ["bake", small]],
        [2, /two counts of 1 or more, as in 16x16/, ["bake", small, "--out", "x", "--chunks", "16"]],
        [2, /whole number of 0 or more/, ["bake", small, "--out", "x", "--workers", "two"]],
        [2, /workers is 65; allowed: an integer from 0 to 64/, ["bake", small, "--out", "x", "--workers", "65"]],
        [2, /chunks\.level is 99; allowed: an integer from 0 to 24/, ["bake", small, "--out", "x", "--level", "99"]],
        [2, /levels is an array of 2; allowed: two integers from 0/, ["bake", small, "--out", "x", "--levels", "6-0"]],
        [2, /levels is an array of 2; allowed: two integers from 0/, ["bake", small, "--out", "x", "--levels", "0-25"]],
        [2, /lowest and the highest level, as in 0-6/, ["bake", small, "--out", "x", "--levels", "6"]],
        [
            2,
            /--level is 0; allowed: none beside --levels/,
            ["bake", small, "--plan", "--levels", "0-6", "--level", "0"],
        ],
        [2, /bake\.levels is "0-6"; allowed: two integers/, ["bake", "levels.json", "--out", "x"]],
        [2, /bake\.chunks\.level is 1; allowed: 0, the lowest/, ["bake", "level.json", "--out", "x"]],
        [2, /block is "0\/1"; allowed: level\/x\/z/, ["verify", ".", "--block", "0/1"]],
        [2, /block is "0\/99\/0"; allowed: a block of which/, ["verify", "first", "--block", "0/99/0"]],
        [2, /unknown option '--colour'/, ["bake", small, "--colour"]],
        [2, /unknown command 'cook'/, ["cook"]],
        [2, /missing required argument/, ["verify"]],
        [2, /root is "abc"/, ["verify", ".", "--root", "abc"]],
        [2, /JSON|report/, ["report", "broken.json"]],
        [3, /missing\.json/, ["bake", "missing.json", "--out", "x"]],
        [3, /file\/0\/-?\d+\/-?\d+\.trn could not be written/, ["bake", small, "--out", "file"]],
        [3, /no manifest\.json/, ["verify", "nowhere"]],
        [3, /nowhere/, ["report", "nowhere"]],
    ])("ends with %i and says %p: %p", (code, message, args) => {
        const result = run(...args);
        expect(result.err).toMatch(message);
        expect(result.err).not.toMatch(/\n\s+at /);
        expect(result.code).toBe(code);
    });

    test("everything that is wrong is one line each: the recipe, its section bake, and the flags", () => {
        const { code, err } = run("bake", "many.json", "--workers", "65", "--memory", "0");
        expect(code).toBe(2);
        expect(err.trimEnd().split("\n")).toEqual([
            expect.stringMatching(/^error: bake\.chunks\.originX is unknown \(given: 1\); allowed: only countX, /),
            expect.stringMatching(/^error: bake\.chunkBatchSize is 0; allowed: an integer from 1 to 64/),
            expect.stringMatching(/^error: recipe\.chunkSize is 5; allowed: a power of two from 4 to 1024/),
            expect.stringMatching(/^error: recipe\.caves\.octave is unknown .* Did you mean recipe\.caves\.octaves\?$/),
            expect.stringMatching(/^error: recipe\.a\\u000ab is unknown \(given: 1\)/),
            expect.stringMatching(/^error: workers is 65/),
            expect.stringMatching(/^error: memoryLimitBytes is 0/),
            expect.stringMatching(/^error: --out is undefined/),
        ]);
        const flags = ["--chunks", "2000x2000", "--level", "99", "--batch", "99", "--out", "x"];
        expect(
            run("bake", small, ...flags)
                .err.trimEnd()
                .split("\n"),
        ).toEqual([
            expect.stringMatching(/^error: chunks\.level is 99/),
            expect.stringMatching(/^error: chunkBatchSize is 99/),
        ]);
        expect(run("verify", ".", "--root", "abc", "--workers", "65").err.trimEnd().split("\n")).toEqual([
            expect.stringMatching(/^error: root is "abc"/),
            expect.stringMatching(/^error: baker\.workers is 65/),
        ]);
    });

    test.each<[string, string, Field, string | undefined]>([
        ["bake", "--workers <n>", BAKER_OPTIONS.workers, undefined],
        ["bake", "--memory <MiB>", BAKER_OPTIONS.memoryLimitBytes, undefined],
        ["bake", "--batch <n>", BAKE_OPTIONS.chunkBatchSize, "the recipe file's, else 8"],
        ["bake", "--level <n>", BLOCK_FIELDS.level, "the recipe file's, else 0"],
        ["bake", "--levels <lowest-highest>", BAKE_OPTIONS.levels, "the recipe file's, else one level"],
        ["verify", "--block <[face/]level/x/z>", VERIFY_OPTIONS.block, undefined],
        ["verify", "--workers <n>", BAKER_OPTIONS.workers, undefined],
        ["verify", "--rebake <n>", VERIFY_OPTIONS.rebake, undefined],
        ["verify", "--root <hash>", VERIFY_OPTIONS.root, undefined],
    ])("%s --help says of %s what its option's table says", (command, flag, field, fallback) => {
        const help = run(command, "--help").out.replace(/\s+/g, " ");
        expect(help).toContain(`${flag} ${flagText(field, fallback)}`);
    });

    test("help and version are no errors", () => {
        expect(run("--help")).toMatchObject({
            code: 0,
            out: expect.stringMatching(/bake .*verify .*report .*Exit codes/s),
        });
        expect(run("bake", "--help").code).toBe(0);
        const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };
        expect(run("--version")).toMatchObject({ code: 0, out: `${version}\n` });
    });
});
