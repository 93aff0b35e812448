// npm run test:kills [-- --seed N] [--count N]: the long form of what `npm test` does ten times. In each cycle a process that
// writes into a folder and a tab that writes into the browser's database are killed; what was acknowledged must be there.
import { parseArgs } from "node:util";
import { killProcessesAsync } from "./killProcesses.js";
import { killTabsAsync } from "./killTabs.js";
import type { Counts } from "./record.js";

const CYCLES = 200;

const { values } = parseArgs({ options: { seed: { type: "string" }, count: { type: "string" } } });
const seed = numberOf("seed", values.seed, Math.floor(Date.now() / 1000));
const count = numberOf("count", values.count, CYCLES);

console.log(`seed ${seed}`);
const all: Counts[] = [];
for (const [what, killAsync] of [
    ["processes", killProcessesAsync],
    ["tabs", killTabsAsync],
] as const) {
    const startMs = performance.now();
    const counts = await killAsync(count, seed);
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
    console.log(`${counts.kills} ${what}, ${counts.writes} acknowledged writes, ${seconds} s`);
    all.push(counts);
}
const [kills, damaged, lost] = (["kills", "damaged", "lost"] as const).map((name) =>
    all.reduce((sum, counts) => sum + counts[name], 0),
);
console.log(`${kills} kills, ${damaged} damaged, ${lost} lost`);
process.exitCode = damaged! + lost! > 0 ? 1 : 0;

function numberOf(name: string, text: string | undefined, usual: number): number {
    const value = text === undefined ? usual : Number(text);
    if (!Number.isInteger(value) || value < 1 || value > 2 ** 32 - 1) {
        console.error(`--${name} is ${text}; allowed: an integer from 1 to ${2 ** 32 - 1}.`);
        process.exit(2);
    }
    return value;
}
