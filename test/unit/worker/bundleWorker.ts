import path from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const root = path.resolve(import.meta.dirname, "../../..");

/** Bundles the worker as the build does, into another folder. */
export async function bundleWorkerAsync(outputPath: string): Promise<void> {
    const webpack = path.join(root, "node_modules/webpack-cli/bin/cli.js");
    await promisify(execFile)(
        process.execPath,
        [webpack, "build", "--config-name", "worker", "--output-path", outputPath],
        { cwd: root },
    );
}
