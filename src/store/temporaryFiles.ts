import { nodeBuiltin } from "../base/host.js";
import type { FileHandle, Fs } from "./boundedFile.js";

/**
 * Names of temporary files. They say whose they are: 128 random bits, so that none is there twice whatever machines,
 * containers and threads share a folder; then the host, the process and when that began, so that others can tell later
 * whether the owner still lives.
 */
const NAME = /^\.terrane-[0-9a-f]{32}-([0-9a-f]{16})-([0-9]{1,10})-([0-9]{1,20})-[0-9]+\.tmp$/;
/** Milliseconds after which a file is stale whose owner cannot be asked: writing one takes moments. */
const STALE_MS = 3_600_000;

/**
 * Writes files whole: under a name of the writer's own, then moved to their places. What a writer leaves when its
 * process dies, the next one sweeps up.
 */
export class TemporaryFiles {
    private _prefix: Promise<string> | null = null;
    private _hasSwept = false;
    private _count = 0;

    /** @param base a folder that is there when something is written, on the file system of what is written */
    public constructor(
        private readonly _fs: Fs,
        private readonly _base: string,
    ) {}

    /**
     * Writes a file.
     *
     * @param isDurable whether it waits until the file and its name are on the disk itself. Default: a system that goes down
     *   may lose it
     * @throws the system's error; ENOENT too where a folder, or the file itself, was cleared away meanwhile
     */
    public writeAsync(target: string, bytes: Uint8Array, isDurable = false): Promise<void> {
        return this._replaceAsync(target, isDurable, (path) =>
            this._fs.writeFile(path, bytes, { flag: "wx", flush: isDurable }),
        );
    }

    /**
     * Writes a file part by part.
     *
     * @param writeAsync writes the parts; where it rejects, nothing changes
     * @throws as `writeAsync` does, and what its own callback rejects with
     */
    public writePartsAsync(target: string, writeAsync: (file: FileHandle) => Promise<void>): Promise<void> {
        return this._replaceAsync(target, false, async (path) => {
            const file = await this._fs.open(path, "wx");
            try {
                await writeAsync(file);
            } finally {
                await file.close();
            }
        });
    }

    private async _replaceAsync(
        target: string,
        isDurable: boolean,
        writeAsync: (path: string) => Promise<void>,
    ): Promise<void> {
        const prefix = await (this._prefix ??= prefixAsync(this._fs));
        const file = `${this._base}/${prefix}-${this._count++}.tmp`;
        try {
            await writeAsync(file);
            if (!this._hasSwept) {
                this._hasSwept = true;
                // By the file system's clock, which may be another machine's.
                await sweepAsync(this._fs, this._base, (await this._fs.lstat(file)).mtimeMs);
            }
            await this._fs.rename(file, target);
            if (isDurable) {
                await syncFolderAsync(this._fs, target.slice(0, target.lastIndexOf("/")));
            }
        } catch (error) {
            await this._fs.unlink(file).catch(() => {});
            throw error;
        }
    }
}

/** Brings the names of a folder to the disk, where the system can: Windows cannot open folders. */
async function syncFolderAsync(fs: Fs, folder: string): Promise<void> {
    const handle = await fs.open(folder, fs.constants.O_RDONLY).catch(() => null);
    try {
        await handle?.sync();
    } finally {
        await handle?.close();
    }
}

async function prefixAsync(fs: Fs): Promise<string> {
    const { host, pid, start } = await ownerAsync(fs);
    const id = nodeBuiltin<typeof import("node:crypto")>("node:crypto")!.randomBytes(16).toString("hex");
    return `.terrane-${id}-${host}-${pid}-${start}`;
}

/** Deletes what dead writers left in `base`: files with a name as above, nothing else, and no links. */
async function sweepAsync(fs: Fs, base: string, nowMs: number): Promise<void> {
    for (const entry of await fs.readdir(base, { withFileTypes: true }).catch(() => [])) {
        const file = `${base}/${entry.name}`;
        if (entry.isFile() && NAME.test(entry.name) && (await isLeftAsync(fs, file, entry.name, nowMs))) {
            await fs.unlink(file).catch(() => {});
        }
    }
}

async function isLeftAsync(fs: Fs, file: string, name: string, nowMs: number): Promise<boolean> {
    const [, host, pid, start] = NAME.exec(name)!;
    if (host === (await ownerAsync(fs)).host) {
        return !(await isAliveAsync(fs, Number(pid), start!));
    }
    const stats = await fs.lstat(file).catch(() => null);
    return stats !== null && nowMs - stats.mtimeMs > STALE_MS;
}

async function isAliveAsync(fs: Fs, pid: number, start: string): Promise<boolean> {
    try {
        process.kill(pid, 0);
    } catch (error) {
        // Else it lives and belongs to somebody else.
        if ((error as { code?: unknown }).code !== "EPERM") {
            return false;
        }
    }
    const found = await startOfAsync(fs, pid);
    return found === null || found === start;
}

interface Owner {
    /** This machine since it was started, and the container: process numbers mean something within these alone. */
    readonly host: string;
    readonly pid: number;
    readonly start: string;
}

async function ownerAsync(fs: Fs): Promise<Owner> {
    const { hostname } = nodeBuiltin<typeof import("node:os")>("node:os")!;
    const { createHash } = nodeBuiltin<typeof import("node:crypto")>("node:crypto")!;
    const [boot, space] = await Promise.all([
        fs.readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => ""),
        fs.readlink("/proc/self/ns/pid").catch(() => ""),
    ]);
    const host = createHash("sha256").update(`${hostname()}\n${boot}\n${space}`).digest("hex").slice(0, 16);
    return { host, pid: process.pid, start: (await startOfAsync(fs, process.pid)) ?? "0" };
}

/** Returns when a process began, in the system's own count, on Linux; null elsewhere. */
async function startOfAsync(fs: Fs, pid: number): Promise<string | null> {
    const stat = await fs.readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    // The second field is a name that may hold anything, in brackets; the start is the 22nd.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}
