// node scripts/updateGolden.mjs: writes test/golden/hashes.json anew. Only for a change that is meant to change bytes, and
// together with a step of GENERATOR_VERSION, or of CHUNK_FORMAT_VERSION where the layout alone changes, once a version has
// been released. test/golden/bodies.json is written anew where GENERATOR_VERSION has risen.
import { spawnSync } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const jest = path.join(root, "node_modules/jest/bin/jest.js");
const { status } = spawnSync(
    process.execPath,
    ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning", jest, "--selectProjects", "golden"],
    { cwd: root, stdio: "inherit", env: { ...process.env, TERRANE_UPDATE_GOLDEN: "1" } },
);
process.exitCode = status ?? 1;
