// node scripts/cracks.mjs [--seed N] [--count N]: builds the page that draws where it is missing, and looks for holes at length.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { buildPartAsync } from "./buildParts.mjs";
import { findOrInstallChromium } from "./chromium.mjs";

const root = path.resolve(import.meta.dirname, "..");
await buildPartAsync("testPages");
const { status } = spawnSync(
    process.execPath,
    ["--import", "./scripts/typescript.mjs", "test/cracks/main.ts", ...process.argv.slice(2)],
    { cwd: root, stdio: "inherit", env: { ...process.env, CHROME_PATH: findOrInstallChromium() } },
);
process.exitCode = status ?? 1;
