import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

test("docstrings, manifest, readme and docs/recipe.md are as the tables of settings have them", () => {
    const args = ["--import", "./scripts/typescript.mjs", "scripts/settings.mjs"];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
});
