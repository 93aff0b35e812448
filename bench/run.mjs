// npm run bench -- NAME [--json]: measures, prints tables, and with --json one object as its last line.
import { spawn } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import webpack from "webpack";
import { buildPartAsync } from "../scripts/buildParts.mjs";
import configurations, { OUTPUT } from "./webpack.config.mjs";

const root = path.resolve(import.meta.dirname, "..");
/** The benches, each a folder with a main.ts, and the parts of the build that they measure. */
const BENCHES = {
    noise: ["noiseBench"],
    mesh: ["kernels"],
    bake: ["kernels", "worker"],
    world: ["kernels", "worker"],
    flight: ["samples"],
    store: ["kernels", "worker"],
    profiler: ["kernels"],
    raycast: ["kernels"],
    load: ["kernels", "worker"],
    select: ["kernels", "worker"],
};
const NAMES = Object.keys(BENCHES);

try {
    const { name, ...flags } = readArguments();
    await bundleAsync();
    for (const part of BENCHES[name]) {
        await buildPartAsync(part);
    }
    await runAsync(pathToFileURL(path.join(OUTPUT, `${name}.mjs`)).href, flags);
} catch (error) {
    console.error(`bench failed: ${error.message}`);
    process.exitCode = error.exitCode ?? 1;
}

/** In a process of its own: collecting the bundler's garbage would be measured, too. */
function runAsync(url, flags) {
    const entry = path.join(root, "bench/entry.mjs");
    const child = spawn(process.execPath, ["--expose-gc", entry, url, JSON.stringify({ root, ...flags })], {
        stdio: "inherit",
    });
    return new Promise((resolve, reject) => {
        child.on("error", reject);
        child.on("exit", (status) => (status === 0 ? resolve() : reject(new Error(`it ended with ${status}`))));
    });
}

function readArguments() {
    const fail = (message) => Object.assign(new Error(message), { exitCode: 2 });
    const usage =
        `npm run bench -- NAME [--json] [--store] [--topology flat|planet], NAME one of: ${NAMES.join(", ")}; ` +
        "--store is of flight, --topology of bake";
    let parsed;
    try {
        const flag = { type: "boolean", default: false };
        const topology = { type: "string", default: "flat" };
        parsed = parseArgs({ options: { json: flag, store: flag, topology }, allowPositionals: true });
    } catch (error) {
        throw fail(`${error.message} Use ${usage}.`);
    }
    const [name, ...others] = parsed.positionals;
    const { json, store, topology } = parsed.values;
    const isTopology = topology === "flat" || (topology === "planet" && name === "bake");
    if (!NAMES.includes(name) || others.length > 0 || (store && name !== "flight") || !isTopology) {
        throw fail(
            `the bench is ${parsed.positionals.join(" ") || "not named"}, of topology ${topology}. Use ${usage}.`,
        );
    }
    return { name, json, store, topology };
}

/** Bundles the benches; rebuilt each time, so that no run measures yesterday's code. */
function bundleAsync() {
    return new Promise((resolve, reject) => {
        const compiler = webpack(configurations);
        compiler.run((error, stats) => {
            compiler.close((closeError) => {
                const failure = error ?? closeError;
                if (failure) {
                    reject(failure);
                } else if (stats.hasErrors()) {
                    reject(new Error(stats.toString({ all: false, errors: true })));
                } else {
                    resolve();
                }
            });
        });
    });
}
