import { spawn, spawnSync } from "node:child_process";
import {
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
import { FileTooLargeError, StoreError, type ChunkStore } from "../../../src/store/chunkStore.js";
import { DirectoryStore } from "../../../src/store/directoryStore.js";
import { TemporaryFiles } from "../../../src/store/temporaryFiles.js";
import { chunkStoreOf } from "../../support/chunkStoreOf.js";

const storeAt = (at: string): ChunkStore => chunkStoreOf(new DirectoryStore(at));

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

/** The name under which this process begins a file. */
async function temporaryNameAsync(): Promise<string> {
    const base = at("names");
    mkdirSync(base);
    let name = "";
    const spy = {
        ...fs,
        rename: (from: string, to: string) => {
            name = path.basename(from);
            return fs.rename(from, to);
        },
    } as unknown as typeof fs;
    await new TemporaryFiles(spy, base).writeAsync(path.join(base, "a.trn"), Uint8Array.of(1));
    rmSync(base, { recursive: true });
    return name;
}

const DEAD = "-2147480000-1-";
const withOwner = (name: string, owner: string): string => name.replace(/-\d+-\d+-(?=\d+\.tmp$)/, owner);

describe("files that others have made", () => {
    test("stay, whatever they are called and however deep, and so does what links lead to", async () => {
        // Names as earlier versions used them, of a process that is dead: they do not say whose they are.
        const dead = withOwner(await temporaryNameAsync(), DEAD);
        const names = [
            "a.99999999-1.tmp",
            "b.trn.2147480000-3.tmp",
            "deep/er/c.99999999-1.tmp",
            ".hidden",
            "notes.txt",
        ];
        for (const folder of [directory, outside]) {
            mkdirSync(path.join(folder, "deep/er"), { recursive: true });
            for (const name of [...names, `deep/${dead}`]) {
                writeFileSync(path.join(folder, name), "mine");
            }
        }
        symlinkSync(outside, at("link"));
        symlinkSync(path.join(outside, "notes.txt"), at(dead));
        mkdirSync(at(dead.replace(/-[0-9a-f]{32}-/, `-${"d".repeat(32)}-`)));
        const entriesBefore = readdirSync(directory);
        const before = [everything(directory), everything(outside)];
        const store = storeAt(directory);
        expect((await store.listAsync()).sort()).toEqual(
            ["a.99999999-1.tmp", "b.trn.2147480000-3.tmp", "deep/er/c.99999999-1.tmp", "notes.txt"].sort(),
        );
        await store.writeAsync("0/0/0.trn", Uint8Array.of(1));
        await store.deleteAsync("0/0/0.trn");
        expect([everything(directory), everything(outside)]).toEqual(before);
        expect(readdirSync(directory).filter((name) => name !== "0")).toEqual(entriesBefore);
    });

    test("stay while their owner lives, or may live elsewhere, for an hour", async () => {
        const name = await temporaryNameAsync();
        const [living, away, old] = [
            name.replace(/-[0-9a-f]{32}-/, `-${"a".repeat(32)}-`),
            name.replace(/-[0-9a-f]{16}-/, `-${"b".repeat(16)}-`),
            name.replace(/-[0-9a-f]{16}-/, `-${"c".repeat(16)}-`),
        ];
        for (const file of [living, away, old]) {
            writeFileSync(at(file), "half");
        }
        const hoursAgo = Date.now() / 1000 - 2 * 3600;
        utimesSync(at(old), hoursAgo, hoursAgo);
        const store = storeAt(directory);
        await store.writeAsync("a.trn", Uint8Array.of(1));
        expect(readdirSync(directory).sort()).toEqual([living, away, "a.trn"].sort());
        expect(await store.listAsync()).toEqual(["a.trn"]);
    });
});

test("what a killed process left half written is swept up by the next", async () => {
    const name = await temporaryNameAsync();
    const child = spawn("sleep", ["60"]);
    const { pid } = child;
    const start = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ")[19]!;
    const left = withOwner(name, `-${pid}-${start}-`);
    writeFileSync(at(left), "half");
    // This very process number, in use by one that began at another time.
    writeFileSync(at(withOwner(name, `-${process.pid}-1-`)), "half");
    await storeAt(directory).writeAsync("a.trn", Uint8Array.of(1));
    expect(readdirSync(directory).sort()).toEqual([left, "a.trn"].sort());
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    await storeAt(directory).writeAsync("a.trn", Uint8Array.of(1));
    expect(readdirSync(directory)).toEqual(["a.trn"]);
});

test("what is cleared away while it is written, and folders, are written once more", async () => {
    const store = storeAt(directory);
    const { rename } = fs;
    const renaming = jest.spyOn(fs, "rename").mockImplementationOnce(async (from, to) => {
        rmSync(from as string);
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
        if (path.dirname(from as string) !== path.dirname(to as string)) {
            throw Object.assign(new Error("EXDEV"), { code: "EXDEV" });
        }
        await rename(from, to);
    });
    try {
        await storeAt(directory).writeAsync("0/1/1.trn", Uint8Array.of(5));
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
        const store = storeAt(directory);
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
        await storeAt(directory).writeAsync("0/0/0.trn", Uint8Array.of(3));
        symlinkSync("0", at("1"));
        symlinkSync(directory, path.join(outside, "store"));
        const store = storeAt(path.join(outside, "store"));
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
    const store = storeAt(directory);
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
        await expect(storeAt(folder).writeAsync("0/0/0.trn", Uint8Array.of(1))).rejects.toThrow(StoreError);
    },
);

test("links to themselves and to nowhere are no folders, and an empty path is none", async () => {
    symlinkSync("loop", at("loop"));
    symlinkSync("nowhere", at("dangling"));
    for (const name of ["loop", "dangling"]) {
        await expect(storeAt(at(name)).writeAsync("a.trn", Uint8Array.of(1))).rejects.toThrow(StoreError);
    }
    expect(readdirSync(directory).sort()).toEqual(["dangling", "loop"]);
    expect(() => new DirectoryStore("")).toThrow(/directory is ""; allowed: the path of a folder/);
});
