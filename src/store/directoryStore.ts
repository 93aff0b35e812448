import type { Dirent } from "node:fs";
import { nodeBuiltin } from "../base/host.js";
import { messageOf, TerraneError } from "../base/errors.js";
import { readBoundedAsync, type Fs } from "./boundedFile.js";
import { assertName, FileTooLargeError, isName, MAX_FILE_BYTES, StoreError } from "./chunkStore.js";
import { makeFolderAsync, makeOneFolderAsync } from "./makeFolder.js";
import type {
    DeleteResult,
    ListResult,
    PutOptions,
    PutResult,
    Store,
    StoreDescription,
    StoreOptions,
    StoreRequest,
    StoreResult,
    StoreResultCallback,
} from "./store.js";
import { getEachAsync, resultOfAsync } from "./storeRequests.js";
import { TemporaryFiles } from "./temporaryFiles.js";

/** Errors of a disk, or of a user's share of it, that is full. */
const NO_ROOM = ["ENOSPC", "EDQUOT"];

/**
 * Keeps files in a folder on disk, for Node. The folder is made with the first file. Nothing outside it is read,
 * written, listed or deleted: links that lead out of it are refused. Several stores, processes and machines may share
 * one folder. What a user made is on the disk itself before it counts.
 */
export class DirectoryStore implements Store {
    public readonly name = "directory";
    public readonly isWritable = true;
    public readonly description: StoreDescription;

    private readonly _fs: Fs;
    private readonly _made = new Set<string>();
    private readonly _temporary: TemporaryFiles;
    private _isClosed = false;

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
        this.description = { kind: "directory", directory };
        this._fs = fs;
        this._temporary = new TemporaryFiles(fs, directory);
    }

    public async getAsync(request: StoreRequest): Promise<StoreResult> {
        const { key, maxBytes = MAX_FILE_BYTES } = request;
        assertName(key);
        return this._answerAsync<StoreResult>(request, async () => {
            let bytes: Uint8Array;
            try {
                bytes = await readBoundedAsync(this._fs, await this._insideAsync(this._pathOf(key)), maxBytes);
            } catch (error) {
                if (error instanceof FileTooLargeError) {
                    return { status: "damaged", reason: error.reason.replace(/^it /, "") };
                }
                if (isMissing(error)) {
                    return { status: "missing" };
                }
                throw error;
            }
            return resultOfAsync(request, bytes);
        });
    }

    public getManyAsync(requests: readonly StoreRequest[], onResult: StoreResultCallback): Promise<void> {
        return getEachAsync(this, requests, onResult);
    }

    public async putAsync(key: string, bytes: Uint8Array, options: PutOptions = {}): Promise<PutResult> {
        assertName(key);
        const { isIrreplaceable = false } = options;
        const target = this._pathOf(key);
        return this._answerAsync<PutResult>(options, async () => {
            try {
                await this._writeAsync(target, bytes, isIrreplaceable).catch(async (error: unknown) => {
                    if (codeOf(error) !== "ENOENT") {
                        throw error;
                    }
                    // Somebody has cleared away folders, or a file that was being written: once more.
                    this._made.clear();
                    await this._writeAsync(target, bytes, isIrreplaceable);
                });
            } catch (error) {
                if (NO_ROOM.includes(String(codeOf(error)))) {
                    return { status: "refused", reason: `The disk of ${this.directory} has no more room.` };
                }
                throw error;
            }
            return { status: "stored" };
        });
    }

    /** Lists regular files alone, and those in folders that are not links. */
    public async listAsync(prefix = "", options: StoreOptions = {}): Promise<ListResult> {
        const top = prefix.slice(0, Math.max(prefix.lastIndexOf("/"), 0));
        if (top !== "") {
            assertName(top);
        }
        return this._answerAsync<ListResult>(options, async () => {
            const keys: string[] = [];
            const open = [top];
            for (let at = open.pop(); at !== undefined && options.signal?.aborted !== true; at = open.pop()) {
                for (const entry of await this._entriesAsync(at)) {
                    const name = at === "" ? entry.name : `${at}/${entry.name}`;
                    if (!isName(name) || !name.startsWith(prefix)) {
                        continue;
                    }
                    if (entry.isFile()) {
                        keys.push(name);
                    } else if (entry.isDirectory()) {
                        open.push(name);
                    }
                }
            }
            return options.signal?.aborted === true ? { status: "aborted" } : { status: "listed", keys };
        });
    }

    public async deleteAsync(key: string, options: StoreOptions = {}): Promise<DeleteResult> {
        assertName(key);
        const path = this._pathOf(key);
        return this._answerAsync<DeleteResult>(options, async () => {
            try {
                // A link is deleted itself; the folder that it is in must be here.
                const end = path.lastIndexOf("/");
                await this._fs.unlink((await this._insideAsync(path.slice(0, end))) + path.slice(end));
            } catch (error) {
                if (!isMissing(error)) {
                    throw error;
                }
            }
            return { status: "deleted" };
        });
    }

    /** Reads and writes that are under way go on to their end. */
    public closeAsync(): Promise<void> {
        this._isClosed = true;
        return Promise.resolve();
    }

    private async _answerAsync<T>(
        { signal }: StoreOptions,
        workAsync: () => Promise<T>,
    ): Promise<T | { status: "unavailable"; reason: string } | { status: "aborted" }> {
        if (this._isClosed || signal?.aborted === true) {
            return this._isClosed
                ? { status: "unavailable", reason: "The folder's store was closed." }
                : { status: "aborted" };
        }
        try {
            return await workAsync();
        } catch (error) {
            return { status: "unavailable", reason: error instanceof StoreError ? error.reason : messageOf(error) };
        }
    }

    private async _entriesAsync(folder: string): Promise<Dirent[]> {
        const path = folder === "" ? this.directory : this._pathOf(folder);
        try {
            return await this._fs.readdir(await this._insideAsync(path), { withFileTypes: true });
        } catch (error) {
            if (isMissing(error)) {
                return [];
            }
            throw error;
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

    private async _writeAsync(target: string, bytes: Uint8Array, isDurable: boolean): Promise<void> {
        const folder = target.slice(0, target.lastIndexOf("/"));
        await this._makeFolderAsync(folder);
        try {
            await this._temporary.writeAsync(target, bytes, isDurable);
        } catch (error) {
            // Another file system may be mounted inside, and files move within one alone.
            if (codeOf(error) !== "EXDEV") {
                throw error;
            }
            await new TemporaryFiles(this._fs, folder).writeAsync(target, bytes, isDurable);
        }
    }

    private async _makeFolderAsync(folder: string): Promise<void> {
        if (this._made.has(folder)) {
            return;
        }
        if (folder === this.directory) {
            await makeFolderAsync(this._fs, folder);
        } else {
            await this._makeFolderAsync(folder.slice(0, folder.lastIndexOf("/")));
            await makeOneFolderAsync(this._fs, folder);
            await this._insideAsync(folder);
        }
        this._made.add(folder);
    }
}

function isMissing(error: unknown): boolean {
    const code = codeOf(error);
    return code === "ENOENT" || code === "ENOTDIR";
}

function codeOf(error: unknown): unknown {
    return (error as { code?: unknown } | null)?.code;
}
