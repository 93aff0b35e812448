// node scripts/sampleBake.mjs: bakes the world that the sample `/baked` streams, and packs it, by the command line.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const out = "dist/samples/bakes/archipelago";

// A bake of another recipe would leave its files behind.
rmSync(path.join(root, out), { recursive: true, force: true });
const { status } = spawnSync(
    process.execPath,
    ["dist/cli.js", "bake", "samples/recipes/baked.json", "--out", out, "--levels", "0-6", "--pack"],
    { cwd: root, stdio: ["ignore", "inherit", "inherit"] },
);
process.exitCode = status ?? 1;
