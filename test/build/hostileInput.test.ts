import { spawn, spawnSync } from "node:child_process";
import {
    cpSync,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
    truncateSync,
    writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const cli = path.join(root, "dist/cli.js");
const small = path.join(root, "samples/recipes/small.json");
const bigWorld = path.join(root, "samples/recipes/big-world.json");

let directory: string;
const at = (...parts: string[]): string => path.join(directory, ...parts);

/** Milliseconds after which a command counts as one that never ends. */
const ENDLESS_MS = 30_000;

interface Run {
    readonly code: number | null;
    readonly out: string;
    readonly err: string;
}

function run(...args: string[]): Run {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
        encoding: "utf8",
        cwd: directory,
        timeout: ENDLESS_MS,
        killSignal: "SIGKILL",
    });
    return { code: status, out: stdout, err: stderr };
}

/** `node cli ...` within a shell's line: `$0` is Node, `$1` the command. */
function shell(line: string): Run {
    const { status, stdout, stderr } = spawnSync("bash", ["-c", line, process.execPath, cli], {
        encoding: "utf8",
        cwd: directory,
        timeout: ENDLESS_MS,
        killSignal: "SIGKILL",
    });
    return { code: status, out: stdout, err: stderr };
}

beforeAll(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), "terrane-hostile-"));
    expect(run("bake", small, "--out", "bake").code).toBe(0);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("what others wrote moves no cursor and forges no line", () => {
    const hostile = "\x1b[2J\nerror: forged\x9b31m\x7f\u202e\u2028";
    // eslint-disable-next-line no-control-regex -- these are what is looked for
    const raw = /[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]|^error: forged/m;

    const reportWith = (text: string): string => {
        const report = JSON.parse(readFileSync(at("bake/report.json"), "utf8")) as Record<string, never>;
        const [operation] = report.operations as unknown as [object];
        return JSON.stringify({
            ...report,
            operations: [{ ...operation, operation: text }],
            bottlenecks: [{ operation: text, severity: text, measuredMs: 1, message: text }],
            frames: { ...(report.frames as object), frames: 1, tier: text },
            [text]: text,
        });
    };
    const manifestWith = (from: string | RegExp, to: string): void => {
        rmSync(at("forged"), { recursive: true, force: true });
        cpSync(at("bake"), at("forged"), { recursive: true });
        writeFileSync(
            at("forged/manifest.json"),
            readFileSync(at("bake/manifest.json"), "utf8").replace(from, () => to),
        );
    };
    const quoted = JSON.stringify(hostile);

    test.each<[string, number, () => string[]]>([
        [
            "a recipe's keys",
            2,
            () => {
                writeFileSync(at("key.json"), `{${quoted}:1}`);
                return ["bake", "key.json", "--out", "x"];
            },
        ],
        [
            "a recipe's values",
            2,
            () => {
                writeFileSync(at("value.json"), `{"topology":${quoted}}`);
                return ["bake", "value.json", "--out", "x"];
            },
        ],
        [
            "a recipe's syntax",
            2,
            () => {
                writeFileSync(at("syntax.json"), `{"id":${hostile}`);
                return ["bake", "syntax.json", "--out", "x"];
            },
        ],
        ["a file's name", 3, () => ["bake", `missing${hostile}.json`, "--out", "x"]],
        ["a folder's name", 0, () => ["bake", small, "--chunks", "1x1", "--workers", "0", "--out", `out${hostile}`]],
        ["an option", 2, () => ["bake", small, `--out${hostile}`]],
        ["an option's value", 2, () => ["bake", small, "--chunks", hostile]],
        ["a command", 2, () => [hostile]],
        [
            "a manifest's keys",
            1,
            () => {
                manifestWith('"kind"', `${quoted}:1,"kind"`);
                return ["verify", "forged"];
            },
        ],
        [
            "a manifest's values",
            1,
            () => {
                manifestWith('"terrane-manifest"', quoted);
                return ["verify", "forged"];
            },
        ],
        [
            "a manifest's nodes",
            1,
            () => {
                manifestWith(/"checksum":"[^"]*"/, `"checksum":${quoted}`);
                return ["verify", "forged", "--json"];
            },
        ],
        [
            "a report's texts",
            0,
            () => {
                writeFileSync(at("report.json"), reportWith(hostile));
                return ["report", "report.json"];
            },
        ],
    ])("%s (exit code %i)", (_, expected, prepare) => {
        const { code, out, err } = run(...prepare());
        expect(code).toBe(expected);
        expect(out + err).not.toMatch(raw);
        expect(out + err).toMatch(/\S/);
    });

    test("and JSON stays JSON", () => {
        writeFileSync(at("report.json"), reportWith(hostile));
        const { out } = run("report", "report.json", "--json");
        expect(out).not.toMatch(raw);
        expect(JSON.parse(out)).toMatchObject({ frames: { tier: hostile }, [hostile]: hostile });
    });
});

describe("folders to write to", () => {
    beforeAll(() => {
        symlinkSync("loop", at("loop"));
        symlinkSync("nowhere", at("dangling"));
        spawnSync("mkfifo", [at("pipe")]);
        writeFileSync(at("file"), "mine");
    });

    test.each(["loop", "dangling", "pipe", "file", "/proc/terrane", "/proc/terrane/deeper", "/dev/null", "/dev/zero"])(
        "%p cannot be one, and that is said in one line",
        (out) => {
            const { code, err } = run("bake", small, "--chunks", "1x1", "--workers", "0", "--out", out);
            expect(code).toBe(3);
            expect(err).toMatch(/^error: .* could not be (written|listed): .*\n$/);
        },
    );

    test.each([
        // Of a recipe that is not there: else the root itself would be written to, were it ever taken.
        ["bake", "missing.json", "--out", ""],
        ["bake", "", "--out", "x"],
        ["verify", ""],
        ["report", ""],
    ])("an empty path is none: %p %p %p %p", (...args) => {
        const { code, err } = run(...args.filter((arg) => arg !== undefined));
        expect(code).toBe(2);
        expect(err).toMatch(/--out|recipe\.json|dir/);
        expect(err).toMatch(/It must be a path/);
    });

    test("keep what others put there, and what links in them lead to", () => {
        const theirs = ["a.99999999-1.tmp", "0/0/b.trn.99999999-1.tmp", ".terrane-old/0.tmp"];
        cpSync(at("bake"), at("shared"), { recursive: true });
        for (const folder of ["shared", "elsewhere"]) {
            for (const name of theirs) {
                mkdirSync(path.dirname(at(folder, name)), { recursive: true });
                writeFileSync(at(folder, name), "mine");
            }
        }
        symlinkSync("../elsewhere", at("shared/link"));
        rmSync(at("shared/0/0/0.trn"));
        expect(run("bake", small, "--out", "shared")).toMatchObject({ code: 0, err: "" });
        for (const name of theirs) {
            expect(existsSync(at("shared", name))).toBe(true);
            expect(existsSync(at("elsewhere", name))).toBe(true);
        }
    });

    test("may be written to by two bakes at once", async () => {
        const bakes = [1, 2].map(() => {
            const args = [cli, "bake", bigWorld, "--chunks", "4x4", "--workers", "1", "--out", "both"];
            const child = spawn(process.execPath, args, { cwd: directory, stdio: "ignore" });
            return new Promise((resolve) => child.on("exit", resolve));
        });
        expect(await Promise.all(bakes)).toEqual([0, 0]);
        expect(run("verify", "both", "--rebake", "0").code).toBe(0);
        expect(readdirSync(at("both")).sort()).toEqual(["0", "manifest", "manifest.json", "report.json"]);
    });
});

describe("files to read", () => {
    test("that are none, or none that ends, are one line each and hide no other", () => {
        cpSync(at("bake"), at("odd"), { recursive: true });
        for (const name of ["0/0/0.trn", "0/0/1.trn", "0/1/0.trn", "0/1/1.trn"]) {
            rmSync(at("odd", name));
        }
        spawnSync("mkfifo", [at("odd/0/0/0.trn")]);
        symlinkSync("/dev/zero", at("odd/0/0/1.trn"));
        writeFileSync(at("odd/0/1/0.trn"), "");
        truncateSync(at("odd/0/1/0.trn"), 1.5e9);
        mkdirSync(at("odd/0/1/1.trn"));
        truncateSync(at("odd/0/-1/-1.trn"), 100);
        const { code, err } = run("verify", "odd", "--rebake", "0");
        expect(code).toBe(1);
        expect(
            err
                .trim()
                .split("\n")
                .map((line) => line.split(" ")[0])
                .sort(),
        ).toEqual(["0/-1/-1.trn", "0/0/0.trn", "0/0/1.trn", "0/1/0.trn", "0/1/1.trn"].sort());
    });

    test.each<[number, RegExp, string, () => void]>([
        [3, /is a device, not a file/, "/dev/zero", () => {}],
        [3, /is a folder, not a file/, "bake", () => {}],
        [3, /ELOOP/, "self", () => symlinkSync("self", at("self"))],
        [
            2,
            /is "100000000 bytes"; allowed: at most 1048576 bytes/,
            "long",
            () => {
                writeFileSync(at("long"), "");
                truncateSync(at("long"), 1e8);
            },
        ],
        [
            2,
            /is "no text"; allowed: UTF-8/,
            "latin1",
            () => writeFileSync(at("latin1"), Buffer.from('{"id":"ä"}', "latin1")),
        ],
    ])("as recipes: exit code %i and %p for %p", (expected, message, name, prepare) => {
        prepare();
        const { code, err } = run("bake", name, "--plan");
        expect([code, err]).toEqual([expected, expect.stringMatching(message)]);
    });

    test("may begin with a byte order mark, and come through a pipe", () => {
        const text = readFileSync(small, "utf8");
        writeFileSync(at("bom.json"), `\uFEFF${text}`);
        writeFileSync(at("utf16.json"), Buffer.from(`\uFEFF${text}`, "utf16le"));
        writeFileSync(at("plain.json"), text);
        const lines = [
            '"$0" "$1" bake bom.json --plan --json',
            '"$0" "$1" bake utf16.json --plan --json',
            '"$0" "$1" bake <(sleep 0.1; cat plain.json) --plan --json',
            'cat plain.json | "$0" "$1" bake /dev/stdin --plan --json',
        ];
        for (const line of lines) {
            expect(shell(line)).toMatchObject({ code: 0, err: "", out: expect.stringContaining('"chunks":16') });
        }
    });

    test("that never come do not hold the process", async () => {
        spawnSync("mkfifo", [at("silent")]);
        const child = spawn(process.execPath, [cli, "bake", "silent", "--plan"], { cwd: directory, stdio: "ignore" });
        const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve(code ?? signal)));
        await new Promise((resolve) => setTimeout(resolve, 1500));
        child.kill("SIGTERM");
        expect(await ended).toBe("SIGTERM");
    });
});

test("a bake of an older format is refused by name, and its files are baked again", () => {
    cpSync(at("bake"), at("older"), { recursive: true });
    const manifest = readFileSync(at("older/manifest.json"), "utf8");
    expect(manifest).toContain('"chunkFormatVersion": 2');
    writeFileSync(at("older/manifest.json"), manifest.replace('"chunkFormatVersion": 2', '"chunkFormatVersion": 1'));
    const { code, err } = run("verify", "older");
    expect(code).toBe(1);
    expect(err).toMatch(/^[^\n]*chunk format version 1; this library has 2\. Bake it again[^\n]*\n$/);
    const file = readFileSync(at("older/0/0/0.trn"));
    file[4] = 1;
    writeFileSync(at("older/0/0/0.trn"), file);
    expect(run("bake", small, "--out", "older").code).toBe(0);
    expect(run("verify", "older", "--rebake", "0")).toMatchObject({ code: 0, err: "" });
    expect(readFileSync(at("older/0/0/0.trn"))).toEqual(readFileSync(at("bake/0/0/0.trn")));
});

describe("results that cannot be written", () => {
    const noTrace = /\n\s+at |node:/;

    test("to a full device: exit code 3 and one line", () => {
        for (const args of ["report bake", "verify bake --rebake 0 --json", "--help"]) {
            const { code, err } = shell(`"$0" "$1" ${args} > /dev/full`);
            expect([code, err]).toEqual([
                3,
                expect.stringMatching(/^error: the results could not be written: ENOSPC.*\n$/),
            ]);
        }
    });

    test("to a pipe that is closed: exit code 3 and not a word", () => {
        const { code, err } = shell('"$0" "$1" report bake | sleep 0; exit ${PIPESTATUS[0]}');
        expect([code, err]).toEqual([3, ""]);
        const first = shell('set -o pipefail; "$0" "$1" report bake | head -1');
        expect(first.out).toMatch(/^Recorded over .*\n$/);
        expect(first.err).not.toMatch(noTrace);
    });

    test("what a check has found counts for more", () => {
        cpSync(at("bake"), at("cut"), { recursive: true });
        truncateSync(at("cut/0/0/0.trn"), 10);
        expect(shell('"$0" "$1" verify cut --rebake 0 > /dev/full').code).toBe(1);
        expect(shell('"$0" "$1" verify cut --rebake 0 > /dev/full 2>&1').code).toBe(1);
        expect(shell('"$0" "$1" verify bake --rebake 0 2> /dev/full').code).toBe(0);
    });
});

test("SIGTERM ends a bake in order, with exit code 143, and twice at once", async () => {
    const args = [cli, "bake", bigWorld, "--chunks", "20x20", "--workers", "2", "--out", "ended"];
    for (const times of [1, 2]) {
        rmSync(at("ended"), { recursive: true, force: true });
        const child = spawn(process.execPath, args, { cwd: directory, stdio: "ignore" });
        const ended = new Promise((resolve) => child.on("exit", (code, signal) => resolve(code ?? signal)));
        while (!existsSync(at("ended/0"))) {
            await new Promise((resolve) => setTimeout(resolve, 5));
        }
        for (let i = 0; i < times; i++) {
            child.kill("SIGTERM");
            await new Promise((resolve) => setTimeout(resolve, 5));
        }
        // The second may come when the first has done its work.
        expect(times === 1 ? [143] : [143, "SIGTERM"]).toContain(await ended);
    }
    const left = readdirSync(at("ended"));
    expect(left).not.toContain("manifest.json");
    expect(run("bake", bigWorld, "--chunks", "4x4", "--out", "ended").code).toBe(0);
    expect(readdirSync(at("ended")).sort()).toEqual(["0", "manifest", "manifest.json", "report.json"]);
});
