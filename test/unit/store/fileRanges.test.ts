import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { FileRanges } from "../../../src/store/fileRanges.js";
import type { FileIdentity } from "../../../src/store/rangeReader.js";

let directory: string;
const at = (name = "bake.pmtiles"): string => path.join(directory, name);
const FILE = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

beforeEach(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), "terrane-ranges-"));
    writeFileSync(at(), FILE);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function openAsync() {
    const ranges = new FileRanges(at());
    const head = await ranges.readRangeAsync({ offset: 0, length: 5000, expected: null });
    expect(head).toMatchObject({ status: "read", identity: { byteLength: 1000 } });
    const { bytes, identity: expected } = head as { bytes: Uint8Array; identity: FileIdentity };
    expect(bytes).toEqual(FILE);
    return { ranges, expected, readAsync: () => ranges.readRangeAsync({ offset: 100, length: 50, expected }) };
}

test("parts of a file are read", async () => {
    const { ranges, readAsync } = await openAsync();
    expect(await readAsync()).toMatchObject({ status: "read", bytes: FILE.slice(100, 150) });
    await ranges.closeAsync();
    expect(await readAsync()).toMatchObject({ status: "unavailable", reason: `${at()} was closed.` });
});

test.each<[string, () => void]>([
    ["grew", () => appendFileSync(at(), "x")],
    ["was cut off", () => truncateSync(at(), 120)],
    ["was written over", () => writeFileSync(at(), new Uint8Array(1000))],
])("a file that %s has changed", async (_, change) => {
    const { ranges, readAsync } = await openAsync();
    await new Promise((resolve) => setTimeout(resolve, 20));
    change();
    expect(await readAsync()).toEqual({ status: "changed" });
    await ranges.closeAsync();
});

test("a file that was replaced is read to its end as it was, and anew when that is asked for", async () => {
    const { ranges, readAsync } = await openAsync();
    writeFileSync(at("new"), new Uint8Array(2000));
    renameSync(at("new"), at());
    expect(await readAsync()).toMatchObject({ status: "read", bytes: FILE.slice(100, 150) });
    expect(await ranges.readRangeAsync({ offset: 0, length: 9, expected: null, isFresh: true })).toMatchObject({
        identity: { byteLength: 2000 },
    });
    expect(await readAsync()).toEqual({ status: "changed" });
    await ranges.closeAsync();
});

test("what is no file is out of reach, and nothing is opened that could block", async () => {
    spawnSync("mkfifo", [at("pipe")]);
    for (const name of [".", "pipe", "bake.pmtiles/x"]) {
        const ranges = new FileRanges(at(name));
        expect(await ranges.readRangeAsync({ offset: 0, length: 9, expected: null })).toMatchObject({
            status: "unavailable",
        });
        await ranges.closeAsync();
    }
    const ranges = new FileRanges(at("none"));
    expect(await ranges.readRangeAsync({ offset: 0, length: 9, expected: null })).toEqual({ status: "missing" });
    writeFileSync(at("none"), FILE);
    expect(await ranges.readRangeAsync({ offset: 0, length: 9, expected: null })).toMatchObject({ status: "read" });
    await ranges.closeAsync();
});
