import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { withLockAsync } from "./buildLock.mjs";

const root = path.resolve(import.meta.dirname, "..");
const stampDirectory = path.join(root, ".cache/build");
const shared = ["package.json", "package-lock.json", "webpack.config.js", "tsconfig.json"];

/**
 * What can be built: the command, what it reads, and files that prove it ran. `needs` are built before it.
 * @type {Record<string, { command: string[], inputs: string[], outputs: string[], needs?: string[] }>}
 */
export const PARTS = {
    kernels: {
        command: assemblyScript("assembly/index.ts", "release"),
        inputs: ["assembly", "asconfig.json"],
        outputs: ["dist/terrane.wasm"],
    },
    noiseBench: {
        command: assemblyScript("bench/noise/assembly/index.ts", "noiseBench"),
        inputs: ["assembly", "bench/noise/assembly", "asconfig.json"],
        outputs: [".cache/bench/noise.wasm"],
    },
    worker: {
        command: webpack("worker"),
        inputs: ["src"],
        outputs: ["dist/terrane.worker.js"],
    },
    library: {
        command: webpack("library", "umd", "inspector", "environment"),
        inputs: ["src", "plugin-manifest.json"],
        outputs: [
            "dist/terrane.js",
            "dist/terrane.umd.js",
            "dist/inspector/terraneInspector.js",
            "dist/environment/terraneEnvironment.js",
        ],
        needs: ["kernels", "worker"],
    },
    cli: {
        command: webpack("baker", "core", "cli"),
        inputs: ["src"],
        outputs: ["dist/terrane.baker.js", "dist/terrane.core.js", "dist/cli.js"],
        needs: ["kernels", "worker"],
    },
    types: {
        command: ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"],
        inputs: ["src", "tsconfig.build.json"],
        outputs: ["dist/types/index.d.ts"],
    },
    sampleBake: {
        command: ["scripts/sampleBake.mjs"],
        // What bakes are made of and packed as: other changes of the library leave the same bytes.
        inputs: [
            "samples/recipes/baked.json",
            "scripts/sampleBake.mjs",
            "assembly",
            "src/bake/generatorVersion.ts",
            "src/format",
            "src/store/archiveFile.ts",
        ],
        outputs: ["dist/samples/bakes/archipelago/manifest.json", "dist/samples/bakes/archipelago/bake.pmtiles"],
        needs: ["cli"],
    },
    samples: {
        command: webpack("samples"),
        inputs: ["src", "samples", "dist/terrane.worker.js", "dist/terrane.wasm", "scripts/samplePages.mjs"],
        outputs: ["dist/samples/index.html", "dist/samples/terrane.worker.js", "dist/samples/terrane.wasm"],
        needs: ["kernels", "worker", "sampleBake"],
    },
    samplesWithInspector: {
        command: webpack("samplesWithInspector"),
        inputs: ["src", "samples", "scripts/samplePages.mjs"],
        outputs: ["dist/samples/endless.inspector.js"],
    },
    testPages: {
        command: webpack("testPages"),
        inputs: [
            "src",
            "test/browser/pages",
            "test/cracks",
            "test/support/randomRecipe.ts",
            "test/golden",
            "test/kills",
            "test/pops",
            "test/support/randomRecipe.ts",
            "samples/common",
            "dist/terrane.worker.js",
            "dist/terrane.wasm",
        ],
        outputs: [
            "goldenPage.html",
            "goldenPage.js",
            "bakerPage.html",
            "bakerPage.js",
            "cracksPage.js",
            "environmentPage.js",
            "faultsPage.js",
            "loadingPage.js",
            "passesPage.js",
            "popsPage.js",
            "fadesPage.js",
            "storePage.js",
            "texturesPage.js",
            "terrane.wasm",
        ].map((name) => `dist/testPages/${name}`),
        needs: ["kernels", "worker"],
    },
};

function assemblyScript(entry, target) {
    return ["node_modules/assemblyscript/bin/asc.js", entry, "--config", "asconfig.json", "--target", target];
}

function webpack(...names) {
    return ["node_modules/webpack-cli/bin/cli.js", ...names.flatMap((name) => ["--config-name", name])];
}

/**
 * Builds a part, and what it needs, unless its inputs are those of the last time.
 * @param {string} name
 * @param {{ log?: (line: string) => void, force?: boolean, signal?: AbortSignal }} [options]
 * @returns {Promise<boolean>} Whether anything had to be built.
 */
export async function buildPartAsync(name, options = {}) {
    const part = PARTS[name];
    if (!part) {
        throw new Error(`"${name}" cannot be built; there are ${Object.keys(PARTS).join(", ")}.`);
    }
    let didBuild = false;
    for (const need of part.needs ?? []) {
        didBuild = (await buildPartAsync(need, options)) || didBuild;
    }
    return withLockAsync(path.join(stampDirectory, `${name}.lock`), async () => {
        if (!options.force && isFresh(name)) {
            return didBuild;
        }
        const { log = console.log } = options;
        const stamp = fingerprint(part);
        const startedMs = performance.now();
        log(`building ${name} ...`);
        rmSync(stampFile(name), { force: true });
        await runNodeAsync(part.command, options.signal);
        writeFileSync(stampFile(name), stamp);
        log(`built ${name} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
        return true;
    });
}

/** Whether the outputs are there and were made from the inputs as they are now. */
export function isFresh(name) {
    const part = PARTS[name];
    return (
        part.outputs.every((file) => existsSync(path.join(root, file))) &&
        existsSync(stampFile(name)) &&
        readFileSync(stampFile(name), "utf8") === fingerprint(part)
    );
}

function stampFile(name) {
    return path.join(stampDirectory, `${name}.sha256`);
}

/** By content: a fresh checkout or a changed branch says nothing true by its file times. */
function fingerprint(part) {
    const hash = createHash("sha256");
    for (const input of [...shared, ...part.inputs]) {
        for (const file of listFiles(path.join(root, input))) {
            hash.update(`${path.relative(root, file)}\0`)
                .update(readFileSync(file))
                .update("\0");
        }
    }
    return hash.digest("hex");
}

function listFiles(file) {
    if (!existsSync(file)) {
        return [];
    }
    if (statSync(file).isFile()) {
        return [file];
    }
    return readdirSync(file)
        .sort()
        .flatMap((name) => listFiles(path.join(file, name)));
}

function runNodeAsync(command, signal) {
    return new Promise((resolve, reject) => {
        const child = spawn(process.execPath, command, { cwd: root, stdio: ["ignore", "inherit", "inherit"], signal });
        child.on("error", reject);
        child.on("exit", (code) => {
            if (code === 0) {
                resolve();
            } else {
                reject(new Error(`${path.basename(command[0])} ${command.slice(1).join(" ")} ended with ${code}`));
            }
        });
    });
}
