// node scripts/planets.mjs [--seed N] [--count N]: builds the kernels where they are missing, and compares neighbours on planets at length.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { buildPartAsync } from "./buildParts.mjs";

const root = path.resolve(import.meta.dirname, "..");
await buildPartAsync("kernels");
const { status } = spawnSync(
    process.execPath,
    ["--import", "./scripts/typescript.mjs", "test/planets/main.ts", ...process.argv.slice(2)],
    { cwd: root, stdio: "inherit" },
);
process.exitCode = status ?? 1;
