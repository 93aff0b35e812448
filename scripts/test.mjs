// node scripts/test.mjs [SUITE ...]: builds what the suites need, runs them, and adds up. The last line is
// `N passed, N failed` (and `, N skipped` where any were). A build that fails counts as a failure.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { buildPartAsync } from "./buildParts.mjs";
import { findOrInstallChromium } from "./chromium.mjs";

const root = path.resolve(import.meta.dirname, "..");
const SUITES = ["unit", "golden", "repro", "build", "browser"];
const INSPECTOR_TESTS = "test/browser/inspector";

const LONGEST_RUN_MS = 30 * 60_000;

const totals = { passed: 0, failed: 0, skipped: 0 };
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !SUITES.includes(name));
if (unknown.length > 0) {
    console.error(`${unknown.join(", ")}: no such suite; there are ${SUITES.join(", ")}.`);
    process.exit(2);
}
const suites = (asked.length > 0 ? asked : SUITES).filter(hasTests);

if (suites.includes("browser") || suites.includes("golden")) {
    try {
        process.env.CHROME_PATH = findOrInstallChromium();
        console.log(`browser: ${process.env.CHROME_PATH}`);
    } catch (error) {
        console.error(error.message);
        totals.failed++;
        finish();
    }
}

await tryBuildAsync("kernels");
await tryBuildAsync("worker");
if (suites.includes("unit")) {
    await tryBuildAsync("noiseBench");
}
if (suites.includes("build")) {
    await tryBuildAsync("library");
    await tryBuildAsync("cli");
    await tryBuildAsync("types");
}
if (suites.includes("golden") || suites.includes("browser")) {
    await tryBuildAsync("testPages");
}
if (suites.includes("browser")) {
    await tryBuildAsync("samples");
}

const parallel = suites.filter((name) => name !== "browser");
if (parallel.length > 0) {
    runJest(["--selectProjects", ...parallel]);
}
if (suites.includes("browser")) {
    // One browser at a time: a software renderer takes every core that it gets.
    runJest(["--selectProjects", "browser", "--runInBand", "--testPathIgnorePatterns", INSPECTOR_TESTS]);
    if (readdirSync(path.join(root, "test/browser")).some((name) => name.startsWith("inspector"))) {
        // Last, because the inspector's bundle takes longest to build.
        await tryBuildAsync("samplesWithInspector");
        runJest(["--selectProjects", "browser", "--runInBand", "--testPathPatterns", INSPECTOR_TESTS]);
    }
}
finish();

async function tryBuildAsync(part) {
    try {
        await buildPartAsync(part);
    } catch (error) {
        console.error(`build of ${part} failed: ${error.message}`);
        totals.failed++;
    }
}

function runJest(args) {
    const folder = mkdtempSync(path.join(tmpdir(), "terrane-test-"));
    const outputFile = path.join(folder, "result.json");
    const jest = path.join(root, "node_modules/jest/bin/jest.js");
    const { status } = spawnSync(
        process.execPath,
        [
            "--experimental-vm-modules",
            "--disable-warning=ExperimentalWarning",
            jest,
            ...args,
            "--json",
            "--outputFile",
            outputFile,
        ],
        {
            cwd: root,
            stdio: ["ignore", "ignore", "inherit"],
            env: { ...process.env, NODE_OPTIONS: workerOptions() },
            // A test that fails may leave something open, which jest waits for.
            timeout: LONGEST_RUN_MS,
            killSignal: "SIGKILL",
        },
    );
    addUp(outputFile, status);
    rmSync(folder, { recursive: true, force: true });
}

/** jest's own child processes need the flag too. */
function workerOptions() {
    return `${process.env.NODE_OPTIONS ?? ""} --experimental-vm-modules`.trim();
}

function addUp(outputFile, status) {
    if (!existsSync(outputFile)) {
        console.error(`jest ended with ${status} and left no result`);
        totals.failed++;
        return;
    }
    const result = JSON.parse(readFileSync(outputFile, "utf8"));
    totals.passed += result.numPassedTests;
    // A file that does not even load holds no test that could fail.
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    totals.failed += failed > 0 || result.success ? failed : 1;
    totals.skipped += result.numPendingTests + result.numTodoTests;
}

function hasTests(suite) {
    const folder = path.join(root, "test", suite);
    return existsSync(folder) && readdirSync(folder, { recursive: true }).some((name) => /\.test\.tsx?$/.test(name));
}

function finish() {
    const { passed, failed, skipped } = totals;
    console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
    process.exit(failed > 0 || passed === 0 ? 1 : 0);
}
