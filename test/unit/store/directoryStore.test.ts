import { spawn, spawnSync } from "node:child_process";
import {
    existsSync,
    lstatSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
    truncateSync,
    utimesSync,
    writeFileSync,
} from "node:fs";
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { jest } from "@jest/globals";
import { FileTooLargeError, StoreError } from "../../../src/store/chunkStore.js";
import { DirectoryStore } from "../../../src/store/directoryStore.js";
import { RunFolder } from "../../../src/store/runFolder.js";

let directory: string;
let outside: string;
const at = (...parts: string[]): string => path.join(directory, ...parts);

beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), "terrane-store-"));
    outside = mkdtempSync(path.join(os.tmpdir(), "terrane-outside-"));
});
afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
    rmSync(outside, { recursive: true, force: true });
});

const everything = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((name) => !lstatSync(path.join(folder, name)).isDirectory())
        .sort();

/** The name of a run's folder, as a run makes it while it writes. */
async function runNameAsync(): Promise<string> {
    const base = at("names");
    mkdirSync(base);
    let name = "";
    const spy = {
        ...fs,
        rename: (from: string, to: string) => {
            name = path.basename(path.dirname(from));
            return fs.rename(from, to);
        },
    } as unknown as typeof fs;
    await new RunFolder(spy, base).writeAsync(path.join(base, "a.trn"), Uint8Array.of(1));
    rmSync(base, { recursive: true });
    return name;
}

describe("files that others have made", () => {
    test("stay, whatever they are called and however deep, and so does what links lead to", async () => {
        // A name as the runs of earlier versions used it, of a process that is dead: theirs says nobody.
        const names = [
            "a.99999999-1.tmp",
            "b.trn.2147480000-3.tmp",
            "deep/er/c.99999999-1.tmp",
            ".hidden",
            "notes.txt",
        ];
        for (const folder of [directory, outside]) {
            mkdirSync(path.join(folder, "deep/er"), { recursive: true });
            for (const name of names) {
                writeFileSync(path.join(folder, name), "mine");
            }
        }
        symlinkSync(outside, at("link"));
        const run = await runNameAsync();
        const dead = run.replace(/-\d+-\d+$/, "-2147480000-1");
        mkdirSync(path.join(outside, "target"));
        writeFileSync(path.join(outside, "target/0.tmp"), "mine");
        symlinkSync(path.join(outside, "target"), at(dead));
        const before = [everything(directory), everything(outside)];
        const store = new DirectoryStore(directory);
        expect((await store.listAsync()).sort()).toEqual(
            ["a.99999999-1.tmp", "b.trn.2147480000-3.tmp", "deep/er/c.99999999-1.tmp", "notes.txt"].sort(),
        );
        await store.writeAsync("0/0/0.trn", Uint8Array.of(1));
        await store.deleteAsync("0/0/0.trn");
        expect([everything(directory), everything(outside)]).toEqual(before);
    });

    test("in a folder that a dead run left stay, while its own are swept up", async () => {
        const run = await runNameAsync();
        const dead = run.replace(/-\d+-\d+$/, "-2147480000-1");
        // Of this very process number, begun at another time: the number was given anew.
        const reborn = run.replace(/-\d+$/, "-1").replace(/-[0-9a-f]{32}-/, `-${"a".repeat(32)}-`);
        for (const folder of [dead, reborn]) {
            mkdirSync(at(folder));
            writeFileSync(at(folder, "7.tmp"), "half");
        }
        writeFileSync(at(dead, "mine.txt"), "mine");
        writeFileSync(path.join(outside, "1.tmp"), "mine");
        symlinkSync(path.join(outside, "1.tmp"), at(dead, "1.tmp"));
        await new DirectoryStore(directory).writeAsync("a.trn", Uint8Array.of(1));
        expect(readdirSync(directory).sort()).toEqual([dead, "a.trn"].sort());
        expect(readdirSync(at(dead)).sort()).toEqual(["1.tmp", "mine.txt"]);
        expect(existsSync(path.join(outside, "1.tmp"))).toBe(true);
    });

    test("of runs that live, or may live elsewhere, stay for an hour", async () => {
        const run = await runNameAsync();
        const [living, away, old] = [
            run.replace(/-[0-9a-f]{32}-/, `-${"a".repeat(32)}-`),
            run.replace(/-[0-9a-f]{16}-/, `-${"b".repeat(16)}-`),
            run.replace(/-[0-9a-f]{16}-/, `-${"c".repeat(16)}-`),
        ];
        for (const folder of [living, away, old]) {
            mkdirSync(at(folder));
            writeFileSync(at(folder, "0.tmp"), "half");
        }
        const hoursAgo = Date.now() / 1000 - 2 * 3600;
        utimesSync(at(old), hoursAgo, hoursAgo);
        await new DirectoryStore(directory).writeAsync("a.trn", Uint8Array.of(1));
        expect(readdirSync(directory).sort()).toEqual([living, away, "a.trn"].sort());
    });
});

test("what a killed process left half written is swept up by the next", async () => {
    const run = await runNameAsync();
    const child = spawn("sleep", ["60"]);
    const { pid } = child;
    const start = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ")[19]!;
    const folder = run.replace(/-\d+-\d+$/, `-${pid}-${start}`);
    mkdirSync(at(folder));
    writeFileSync(at(folder, "0.tmp"), "half");
    await new DirectoryStore(directory).writeAsync("a.trn", Uint8Array.of(1));
    expect(readdirSync(directory).sort()).toEqual([folder, "a.trn"].sort());
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    await new DirectoryStore(directory).writeAsync("a.trn", Uint8Array.of(1));
    expect(readdirSync(directory)).toEqual(["a.trn"]);
});

test("a run whose folder is cleared away, or whose chunks' folders are, makes them anew and goes on", async () => {
    const store = new DirectoryStore(directory);
    const { rename } = fs;
    const renaming = jest.spyOn(fs, "rename").mockImplementationOnce(async (from, to) => {
        rmSync(path.dirname(from as string), { recursive: true });
        rmSync(at("0"), { recursive: true });
        await rename(from, to);
    });
    try {
        // Others are under way all the while.
        const names = Array.from({ length: 9 }, (_, i) => `0/1/${i}.trn`);
        await Promise.all(names.map((name) => store.writeAsync(name, Uint8Array.of(5))));
        expect(renaming.mock.calls.length).toBeGreaterThan(9);
        expect(await store.readAsync(names[0]!)).toEqual(Uint8Array.of(5));
    } finally {
        renaming.mockRestore();
    }
    rmSync(at("0"), { recursive: true });
    await store.writeAsync("0/1/2.trn", Uint8Array.of(6));
    expect(everything(directory)).toEqual(["0/1/2.trn"]);
});

test("a file system that is mounted inside is written to within itself", async () => {
    const { rename } = fs;
    const renaming = jest.spyOn(fs, "rename").mockImplementation(async (from, to) => {
        if (path.dirname(path.dirname(from as string)) !== path.dirname(to as string)) {
            throw Object.assign(new Error("EXDEV"), { code: "EXDEV" });
        }
        await rename(from, to);
    });
    try {
        await new DirectoryStore(directory).writeAsync("0/1/1.trn", Uint8Array.of(5));
    } finally {
        renaming.mockRestore();
    }
    expect(readdirSync(directory, { recursive: true }).sort()).toEqual(["0", "0/1", "0/1/1.trn"]);
});

describe("links", () => {
    test("that lead out are neither read, written through, listed nor deleted through", async () => {
        writeFileSync(path.join(outside, "secret.json"), "secret");
        mkdirSync(at("0"));
        symlinkSync(outside, at("0/1"));
        symlinkSync(path.join(outside, "secret.json"), at("manifest.json"));
        const store = new DirectoryStore(directory);
        const out = /is a link, or lies behind one, that leads out of the folder/;
        await expect(store.readAsync("manifest.json")).rejects.toThrow(out);
        await expect(store.readAsync("0/1/secret.json")).rejects.toThrow(out);
        await expect(store.writeAsync("0/1/0.trn", Uint8Array.of(1))).rejects.toThrow(out);
        await expect(store.writeAsync("0/1/2/0.trn", Uint8Array.of(1))).rejects.toThrow(out);
        await expect(store.deleteAsync("0/1/secret.json")).rejects.toThrow(out);
        expect(await store.listAsync()).toEqual([]);
        expect(await store.listAsync("0")).toEqual([]);
        await expect(store.listAsync("0/1")).rejects.toThrow(out);
        expect(everything(outside)).toEqual(["secret.json"]);
        // In the place of a link comes the file, and what the link led to stays as it was.
        await store.writeAsync("manifest.json", Uint8Array.of(7));
        expect([...(await store.readAsync("manifest.json"))!]).toEqual([7]);
        expect(readFileSync(path.join(outside, "secret.json"), "utf8")).toBe("secret");
    });

    test("to the folder itself, and within it, are followed", async () => {
        await new DirectoryStore(directory).writeAsync("0/0/0.trn", Uint8Array.of(3));
        symlinkSync("0", at("1"));
        symlinkSync(directory, path.join(outside, "store"));
        const store = new DirectoryStore(path.join(outside, "store"));
        expect([...(await store.readAsync("1/0/0.trn"))!]).toEqual([3]);
        await store.writeAsync("1/0/1.trn", Uint8Array.of(4));
        expect((await store.listAsync()).sort()).toEqual(["0/0/0.trn", "0/0/1.trn"]);
        await store.deleteAsync("1/0/1.trn");
        expect(await store.listAsync()).toEqual(["0/0/0.trn"]);
    });
});

test("what has no end, is no file, or is too long is refused before it is read", async () => {
    spawnSync("mkfifo", [at("pipe.trn")]);
    symlinkSync("/dev/zero", at("zero.trn"));
    symlinkSync("self.trn", at("self.trn"));
    mkdirSync(at("folder.trn"));
    writeFileSync(at("sparse.trn"), "");
    truncateSync(at("sparse.trn"), 1.5e9);
    const store = new DirectoryStore(directory);
    for (const [name, reason] of [
        ["pipe.trn", "it is a pipe, not a file"],
        ["zero.trn", "it is a link, or lies behind one, that leads out of the folder"],
        ["self.trn", expect.stringMatching(/ELOOP/)],
        ["folder.trn", "it is a folder, not a file"],
        ["sparse.trn", "it has 1500000000 bytes; at most 536870912 are read"],
    ] as const) {
        await expect(store.readAsync(name)).rejects.toMatchObject({ code: "TERRANE_STORE", reason });
    }
    await expect(store.readAsync("sparse.trn", 1000)).rejects.toBeInstanceOf(FileTooLargeError);
    expect(await store.listAsync()).toEqual(["sparse.trn"]);
    // A pipe or a link is no obstacle to a file of its name, a folder is.
    await store.writeAsync("pipe.trn", Uint8Array.of(1));
    await store.writeAsync("zero.trn", Uint8Array.of(2));
    expect([...(await store.readAsync("pipe.trn"))!, ...(await store.readAsync("zero.trn"))!]).toEqual([1, 2]);
    await expect(store.writeAsync("folder.trn", Uint8Array.of(1))).rejects.toThrow(/folder\.trn could not be written/);
    expect(readdirSync(directory).filter((name) => name.startsWith("."))).toEqual([]);
});

test.each(["/proc/terrane", "/proc/terrane/deeper", "/sys/terrane", "/dev/null", "/dev/null/deeper"])(
    "a folder that cannot be made, %p, is an error and no endless loop",
    async (folder) => {
        await expect(new DirectoryStore(folder).writeAsync("0/0/0.trn", Uint8Array.of(1))).rejects.toThrow(StoreError);
    },
);

test("links to themselves and to nowhere are no folders, and an empty path is none", async () => {
    symlinkSync("loop", at("loop"));
    symlinkSync("nowhere", at("dangling"));
    for (const name of ["loop", "dangling"]) {
        await expect(new DirectoryStore(at(name)).writeAsync("a.trn", Uint8Array.of(1))).rejects.toThrow(StoreError);
    }
    expect(readdirSync(directory).sort()).toEqual(["dangling", "loop"]);
    expect(() => new DirectoryStore("")).toThrow(/directory is ""; allowed: the path of a folder/);
});
