import { nodeBuiltin } from "../base/host.js";
import type { Fs } from "./boundedFile.js";

/** Makes a folder and those above it, step by step: Node's own way to do that never ends in `/proc`. */
export async function makeFolderAsync(fs: Fs, folder: string): Promise<void> {
    const parent = nodeBuiltin<typeof import("node:path")>("node:path")!.dirname(folder);
    try {
        await makeOneFolderAsync(fs, folder);
    } catch (error) {
        if ((error as { code?: unknown }).code !== "ENOENT" || parent === folder) {
            throw error;
        }
        await makeFolderAsync(fs, parent);
        await makeOneFolderAsync(fs, folder);
    }
}

/** Makes one folder. Does nothing where it is there already, as a folder or a link to one. */
export async function makeOneFolderAsync(fs: Fs, folder: string): Promise<void> {
    try {
        await fs.mkdir(folder);
    } catch (error) {
        const stats = await fs.stat(folder).catch(() => null);
        if (stats?.isDirectory() !== true) {
            throw error;
        }
    }
}
