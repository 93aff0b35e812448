// `node --import ./scripts/typescript.mjs FILE.ts`: runs TypeScript as it stands, without a bundle. Types are not checked.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { register } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isMainThread } from "node:worker_threads";
import { transform } from "@swc/core";

if (isMainThread) {
    register(import.meta.url);
}

/** Sources name what they import as it will be called when it is built: `.js`. */
export async function resolve(specifier, context, nextResolve) {
    if (/^\.{1,2}\//.test(specifier) && specifier.endsWith(".js") && context.parentURL !== undefined) {
        const file = fileURLToPath(new URL(specifier, context.parentURL)).replace(/\.js$/, ".ts");
        if (existsSync(file)) {
            return { url: pathToFileURL(file).href, shortCircuit: true };
        }
    }
    return nextResolve(specifier, context);
}

export async function load(url, context, nextLoad) {
    if (!url.endsWith(".ts")) {
        return nextLoad(url, context);
    }
    const filename = fileURLToPath(url);
    const { code } = await transform(await readFile(filename, "utf8"), {
        filename,
        jsc: { target: "es2022", parser: { syntax: "typescript" } },
        module: { type: "es6" },
        sourceMaps: "inline",
    });
    return { format: "module", source: code, shortCircuit: true };
}
