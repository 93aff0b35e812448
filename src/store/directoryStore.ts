import { nodeBuiltin } from "../base/host.js";
import { messageOf, TerraneError } from "../base/errors.js";
import { readBoundedAsync, type Fs } from "./boundedFile.js";
import { assertName, FileTooLargeError, isName, MAX_FILE_BYTES, StoreError, type ChunkStore } from "./chunkStore.js";
import { TemporaryFiles } from "./temporaryFiles.js";

/**
 * Keeps files in a folder on disk, for Node. The folder is made with the first file. Nothing outside it is read,
 * written, listed or deleted: links that lead out of it are refused. Several stores, processes and machines may share
 * one folder.
 */
export class DirectoryStore implements ChunkStore {
    private readonly _fs: Fs;
    private readonly _made = new Set<string>();
    private readonly _temporary: TemporaryFiles;

    /**
     * @param directory path of the folder, which may be a link
     * @throws TerraneError where the path is empty
     * @throws StoreError in browsers, which have no folders
     */
    public constructor(public readonly directory: string) {
        if (directory === "") {
            throw new TerraneError("directory", directory, "the path of a folder", 'Pass "." for the one you are in.');
        }
        const fs = nodeBuiltin<Fs>("node:fs/promises");
        if (fs === undefined) {
            throw new StoreError("A DirectoryStore needs Node. In pages use a MemoryStore.", directory);
        }
        this._fs = fs;
        this._temporary = new TemporaryFiles(fs, directory);
    }

    public async readAsync(name: string, maxBytes = MAX_FILE_BYTES): Promise<Uint8Array | null> {
        assertName(name);
        const path = this._pathOf(name);
        try {
            return await readBoundedAsync(this._fs, await this._insideAsync(path), maxBytes);
        } catch (error) {
            if (isMissing(error)) {
                return null;
            }
            throw storeError("read", path, error);
        }
    }

    public async writeAsync(name: string, bytes: Uint8Array): Promise<void> {
        assertName(name);
        const target = this._pathOf(name);
        try {
            await this._writeAsync(target, bytes).catch(async (error: unknown) => {
                if (codeOf(error) !== "ENOENT") {
                    throw error;
                }
                // Somebody has cleared away folders, or a file that was being written: once more.
                this._made.clear();
                await this._writeAsync(target, bytes);
            });
        } catch (error) {
            throw storeError("written", target, error);
        }
    }

    /** Lists regular files alone, and those in folders that are not links. */
    public async listAsync(folder = ""): Promise<string[]> {
        const names: string[] = [];
        const open = [folder];
        for (let at = open.pop(); at !== undefined; at = open.pop()) {
            const path = at === "" ? this.directory : this._pathOf(at);
            try {
                const entries = await this._fs.readdir(await this._insideAsync(path), { withFileTypes: true });
                for (const entry of entries) {
                    const name = at === "" ? entry.name : `${at}/${entry.name}`;
                    if (isName(name) && entry.isFile()) {
                        names.push(name);
                    } else if (isName(name) && entry.isDirectory()) {
                        open.push(name);
                    }
                }
            } catch (error) {
                if (!isMissing(error)) {
                    throw storeError("listed", path, error);
                }
            }
        }
        return names;
    }

    public async deleteAsync(name: string): Promise<void> {
        assertName(name);
        const path = this._pathOf(name);
        try {
            // A link is deleted itself; the folder that it is in must be here.
            const end = path.lastIndexOf("/");
            await this._fs.unlink((await this._insideAsync(path.slice(0, end))) + path.slice(end));
        } catch (error) {
            if (!isMissing(error)) {
                throw storeError("deleted", path, error);
            }
        }
    }

    private _pathOf(name: string): string {
        return `${this.directory}/${name}`;
    }

    /**
     * Returns a path without links.
     *
     * @throws the system's error, ENOENT where nothing is there; an error where it lies outside
     */
    private async _insideAsync(path: string): Promise<string> {
        const { sep } = nodeBuiltin<typeof import("node:path")>("node:path")!;
        const [root, real] = await Promise.all([this._fs.realpath(this.directory), this._fs.realpath(path)]);
        const isInside = real === root || real.startsWith(/[\\/]$/.test(root) ? root : root + sep);
        if (!isInside) {
            throw new Error("it is a link, or lies behind one, that leads out of the folder");
        }
        return real;
    }

    private async _writeAsync(target: string, bytes: Uint8Array): Promise<void> {
        const folder = target.slice(0, target.lastIndexOf("/"));
        await this._makeFolderAsync(folder);
        try {
            await this._temporary.writeAsync(target, bytes);
        } catch (error) {
            // Another file system may be mounted inside, and files move within one alone.
            if (codeOf(error) !== "EXDEV") {
                throw error;
            }
            await new TemporaryFiles(this._fs, folder).writeAsync(target, bytes);
        }
    }

    private async _makeFolderAsync(folder: string): Promise<void> {
        if (this._made.has(folder)) {
            return;
        }
        if (folder === this.directory) {
            await makePathAsync(this._fs, folder);
        } else {
            await this._makeFolderAsync(folder.slice(0, folder.lastIndexOf("/")));
            await makeOneAsync(this._fs, folder);
            await this._insideAsync(folder);
        }
        this._made.add(folder);
    }
}

/** Makes a folder and those above it, step by step: Node's own way to do that never ends in `/proc`. */
async function makePathAsync(fs: Fs, folder: string): Promise<void> {
    const parent = nodeBuiltin<typeof import("node:path")>("node:path")!.dirname(folder);
    try {
        await makeOneAsync(fs, folder);
    } catch (error) {
        if (codeOf(error) !== "ENOENT" || parent === folder) {
            throw error;
        }
        await makePathAsync(fs, parent);
        await makeOneAsync(fs, folder);
    }
}

/** Makes one folder. Does nothing where it is there already, as a folder or a link to one. */
async function makeOneAsync(fs: Fs, folder: string): Promise<void> {
    try {
        await fs.mkdir(folder);
    } catch (error) {
        const stats = await fs.stat(folder).catch(() => null);
        if (stats?.isDirectory() !== true) {
            throw error;
        }
    }
}

function isMissing(error: unknown): boolean {
    const code = codeOf(error);
    return code === "ENOENT" || code === "ENOTDIR";
}

function codeOf(error: unknown): unknown {
    return (error as { code?: unknown } | null)?.code;
}

function storeError(what: string, path: string, cause: unknown): StoreError {
    if (cause instanceof FileTooLargeError) {
        return cause;
    }
    const reason = cause instanceof StoreError ? cause.reason : messageOf(cause);
    return new StoreError(`${path} could not be ${what}: ${reason}`, path, cause, reason);
}
