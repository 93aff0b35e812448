import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { readTextFileAsync } from "../../../src/cli/textFile.js";

const directory = mkdtempSync(path.join(os.tmpdir(), "terrane-text-"));
const at = (name: string): string => path.join(directory, name);
const readAsync = (name: string, maxBytes = 1000) => readTextFileAsync(at(name), "The recipe", maxBytes);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test.each<[string, Uint8Array]>([
    ["UTF-8", Buffer.from("{größe: 山}")],
    ["UTF-8 with a byte order mark", Buffer.from("\uFEFF{größe: 山}")],
    ["UTF-16, low byte first, with its mark", Buffer.from("\uFEFF{größe: 山}", "utf16le")],
    ["UTF-16, high byte first, with its mark", Buffer.from("\uFEFF{größe: 山}", "utf16le").swap16()],
])("%s is read", async (name, bytes) => {
    writeFileSync(at(name), bytes);
    expect(await readAsync(name)).toBe("{größe: 山}");
});

test("other bytes are no text, and that is said", async () => {
    writeFileSync(at("latin1"), Buffer.from("größe", "latin1"));
    await expect(readAsync("latin1")).rejects.toThrow(/latin1 is "no text"; allowed: UTF-8, or UTF-16/);
});

test("what is too long is refused by its length, what has none once more came than is allowed", async () => {
    writeFileSync(at("long"), "");
    truncateSync(at("long"), 1e8);
    await expect(readAsync("long")).rejects.toMatchObject({ code: "TERRANE_INVALID", value: "100000000 bytes" });
    truncateSync(at("long"), 1001);
    await expect(readAsync("long")).rejects.toThrow(/allowed: at most 1000 bytes/);
    truncateSync(at("long"), 1000);
    expect(await readAsync("long")).toHaveLength(1000);
    // The system says that it has none.
    await expect(readTextFileAsync("/proc/self/smaps", "The recipe", 1000)).rejects.toMatchObject({ value: "longer" });
    expect(await readTextFileAsync("/proc/self/status", "The recipe", 1e6)).toMatch(/^Name:/);
});

test.each(["/dev/zero", "/dev/null", os.tmpdir()])("%p is no file", async (name) => {
    await expect(readTextFileAsync(name, "The recipe", 1000)).rejects.toMatchObject({ code: "TERRANE_STORE" });
});

test("a pipe is read to its end, however slowly it comes, and to its limit where it has none", async () => {
    spawnSync("mkfifo", [at("pipe")]);
    const slow = spawn("sh", ["-c", `sleep 0.2; { printf '{"a":'; sleep 0.2; printf '1}'; } > "${at("pipe")}"`]);
    expect(await readAsync("pipe")).toBe('{"a":1}');
    const endless = spawn("sh", ["-c", `cat /dev/zero > "${at("pipe")}"`]);
    await expect(readAsync("pipe", 1e6)).rejects.toMatchObject({ code: "TERRANE_INVALID", value: "longer" });
    for (const child of [slow, endless]) {
        child.kill();
    }
});
