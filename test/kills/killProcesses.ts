import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DirectoryStore } from "../../src/store/directoryStore.js";
import { Ledger, randomOf, type Counts } from "./record.js";
import { findRecordsAsync } from "./writeRecords.js";

const root = path.resolve(import.meta.dirname, "../..");
/** Most milliseconds from the first acknowledged write to the kill. */
const MOST_MS = 120;
/** Most files that dead writers may leave behind: those that were under way at the last two kills. */
const MOST_LEFT = 16;

/** Kills a process that writes into a folder, again and again, and looks each time what is there. */
export async function killProcessesAsync(
    count: number,
    seed: number,
    say: (line: string) => void = console.log,
): Promise<Counts> {
    const directory = mkdtempSync(path.join(os.tmpdir(), "terrane-kills-"));
    const [ledger, random] = [new Ledger(), randomOf(seed)];
    try {
        for (let cycle = 0; cycle < count; cycle++) {
            await killOneAsync(directory, ledger, random);
            ledger.check(await findRecordsAsync(new DirectoryStore(directory)), say);
        }
        const left = readdirSync(directory).filter((name) => name.startsWith("."));
        if (left.length > MOST_LEFT) {
            throw new Error(`${left.length} temporary files are left, and nobody sweeps them up.`);
        }
        return ledger.counts;
    } finally {
        rmSync(directory, { recursive: true, force: true });
    }
}

async function killOneAsync(directory: string, ledger: Ledger, random: () => number): Promise<void> {
    const args = [directory, ledger.nextVersion, Math.floor(random() * 2 ** 31)].map(String);
    const writer = spawn(
        process.execPath,
        ["--import", "./scripts/typescript.mjs", "test/kills/writerProcess.ts", ...args],
        { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NODE_OPTIONS: "" } },
    );
    let [output, errors, isKilled] = ["", "", false];
    writer.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    writer.stdout.setEncoding("utf8").on("data", (text: string) => {
        if (output === "") {
            setTimeout(() => {
                isKilled = true;
                writer.kill("SIGKILL");
            }, random() * MOST_MS);
        }
        output += text;
    });
    await new Promise((resolve) => writer.on("close", resolve));
    if (!isKilled) {
        throw new Error(`The writer ended by itself: ${errors}`);
    }
    // The last line may be cut, and was not acknowledged whole.
    for (const line of output.split("\n").slice(0, -1)) {
        const [key, version] = line.split(" ");
        ledger.acknowledge(key!, Number(version));
    }
}
