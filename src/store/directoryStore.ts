import { nodeBuiltin } from "../base/host.js";
import { assertName, StoreError, type ChunkStore } from "./chunkStore.js";

type Fs = typeof import("node:fs/promises");

/** Files that are being written bear this ending; what a run that was killed leaves is swept up by the next `listAsync`. */
const TEMPORARY = /\.[0-9]+-[0-9]+\.tmp$/;

let written = 0;

/** A folder on disk, for Node. It is made with the first file. */
export class DirectoryStore implements ChunkStore {
    private readonly _fs: Fs;
    private readonly _made = new Set<string>();

    /** @param directory its path @throws StoreError in browsers, which have no folders */
    public constructor(public readonly directory: string) {
        const fs = nodeBuiltin<Fs>("node:fs/promises");
        if (fs === undefined) {
            throw new StoreError("A DirectoryStore needs Node. In pages use a MemoryStore.", directory);
        }
        this._fs = fs;
    }

    public async readAsync(name: string): Promise<Uint8Array | null> {
        assertName(name);
        try {
            return await this._fs.readFile(this._pathOf(name));
        } catch (error) {
            if (isMissing(error)) {
                return null;
            }
            throw storeError("read", this._pathOf(name), error);
        }
    }

    public async writeAsync(name: string, bytes: Uint8Array): Promise<void> {
        assertName(name);
        const target = this._pathOf(name);
        const temporary = `${target}.${process.pid}-${written++}.tmp`;
        try {
            await this._makeFolderOf(target);
            await this._fs.writeFile(temporary, bytes);
            await this._fs.rename(temporary, target);
        } catch (error) {
            await this._fs.rm(temporary, { force: true }).catch(() => {});
            throw storeError("written", target, error);
        }
    }

    public async listAsync(): Promise<string[]> {
        let entries: string[];
        try {
            entries = await this._fs.readdir(this.directory, { recursive: true });
        } catch (error) {
            if (isMissing(error)) {
                return [];
            }
            throw storeError("listed", this.directory, error);
        }
        const names = entries.map((entry) => entry.replaceAll("\\", "/"));
        const stale = names.filter((name) => TEMPORARY.test(name) && !isOfLivingProcess(name));
        await Promise.all(stale.map((name) => this._fs.rm(this._pathOf(name), { force: true })));
        return names.filter((name) => !TEMPORARY.test(name) && /\.[a-z]+$/.test(name));
    }

    public async deleteAsync(name: string): Promise<void> {
        assertName(name);
        try {
            await this._fs.rm(this._pathOf(name), { force: true });
        } catch (error) {
            throw storeError("deleted", this._pathOf(name), error);
        }
    }

    private _pathOf(name: string): string {
        return `${this.directory}/${name}`;
    }

    private async _makeFolderOf(target: string): Promise<void> {
        const folder = target.slice(0, target.lastIndexOf("/"));
        if (!this._made.has(folder)) {
            await this._fs.mkdir(folder, { recursive: true });
            this._made.add(folder);
        }
    }
}

/** Another run may be writing to the same folder at this moment. */
function isOfLivingProcess(name: string): boolean {
    const pid = Number(/\.([0-9]+)-[0-9]+\.tmp$/.exec(name)![1]);
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        // It lives and belongs to somebody else.
        return (error as { code?: unknown }).code === "EPERM";
    }
}

function isMissing(error: unknown): boolean {
    const code = (error as { code?: unknown } | null)?.code;
    return code === "ENOENT" || code === "ENOTDIR";
}

function storeError(what: string, path: string, cause: unknown): StoreError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new StoreError(`${path} could not be ${what}: ${reason}`, path, cause);
}
