// Format, lint, arrows and circles of imports, types, tables of settings, retired words and documented names, at once: they
// share nothing but the disk.
import { spawn } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const CHECKS = {
    format: ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "--cache", "."],
    lint: ["node_modules/eslint/bin/eslint.js", "--max-warnings", "0", "."],
    imports: ["scripts/checkImports.mjs"],
    types: ["node_modules/typescript/bin/tsc", "-p", ".", "--noEmit", "--pretty", "false"],
    words: ["scripts/checkWords.mjs"],
    names: ["scripts/checkNames.mjs"],
    settings: ["--import", "./scripts/typescript.mjs", "scripts/settings.mjs"],
};

function runAsync(name) {
    const startedMs = performance.now();
    return new Promise((resolve) => {
        const child = spawn(process.execPath, CHECKS[name], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
        let output = "";
        child.stdout.on("data", (chunk) => (output += chunk));
        child.stderr.on("data", (chunk) => (output += chunk));
        child.on("close", (code) => {
            const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
            console.log(`${output}${name}: ${code === 0 ? "good" : "not good"} (${seconds} s)`);
            resolve(code === 0);
        });
    });
}

const results = await Promise.all(Object.keys(CHECKS).map(runAsync));
process.exitCode = results.every(Boolean) ? 0 : 1;
