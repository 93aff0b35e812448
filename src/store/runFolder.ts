import { nodeBuiltin } from "../base/host.js";
import type { Fs } from "./boundedFile.js";

/**
 * Names say whose they are: 128 random bits, so that none is there twice whatever machines, containers and threads share a
 * folder; then the host, the process and when that began, so that who comes later can tell whether the owner still lives.
 */
const NAME = /^\.terrane-[0-9a-f]{32}-([0-9a-f]{16})-([0-9]{1,10})-([0-9]{1,20})$/;
const FILE = /^[0-9]+\.tmp$/;
/** Of an owner that cannot be asked: writes are a matter of moments, and the folder is there only while they last. */
const STALE_MS = 3_600_000;

/**
 * A folder of a writer's own, beside what it writes: files are made in it and moved to their places when they are whole. It
 * is there only while something is being written. What it leaves when its process dies, the next writer sweeps up.
 */
export class RunFolder {
    private _folder: Promise<string> | null = null;
    private _hasSwept = false;
    private _writing = 0;
    private _files = 0;

    /** @param base a folder that is there when something is written, on the file system of what is written */
    public constructor(
        private readonly _fs: Fs,
        private readonly _base: string,
    ) {}

    /** @throws the system's error */
    public async writeAsync(target: string, bytes: Uint8Array): Promise<void> {
        this._writing++;
        try {
            const making = (this._folder ??= this._makeAsync());
            const folder = await making;
            const file = `${folder}/${this._files++}.tmp`;
            try {
                await this._fs.writeFile(file, bytes, { flag: "wx" });
                await this._fs.rename(file, target);
            } catch (error) {
                await this._fs.unlink(file).catch(() => {});
                // Cleared away by somebody: the next write makes another, while those under way may still fail.
                if (this._folder === making && (await isGoneAsync(this._fs, folder))) {
                    this._folder = null;
                }
                throw error;
            }
        } finally {
            if (--this._writing === 0) {
                // A write that begins meanwhile has a folder of another name.
                const folder = this._folder;
                this._folder = null;
                await folder?.then((path) => this._fs.rmdir(path)).catch(() => {});
            }
        }
    }

    private async _makeAsync(): Promise<string> {
        const { host, pid, start } = await ownerAsync(this._fs);
        const id = nodeBuiltin<typeof import("node:crypto")>("node:crypto")!.randomBytes(16).toString("hex");
        const folder = `${this._base}/.terrane-${id}-${host}-${pid}-${start}`;
        await this._fs.mkdir(folder);
        if (!this._hasSwept) {
            this._hasSwept = true;
            // By the file system's clock, which may be another machine's.
            const { mtimeMs } = await this._fs.lstat(folder);
            await sweepAsync(this._fs, this._base, mtimeMs);
        }
        return folder;
    }
}

/**
 * Deletes what dead runs left in `base`: folders with a name as above, in them files with names as above, nothing else, and
 * through no link. A run that is held for dead and lives makes its folder anew and writes once more.
 */
async function sweepAsync(fs: Fs, base: string, nowMs: number): Promise<void> {
    for (const entry of await fs.readdir(base, { withFileTypes: true }).catch(() => [])) {
        const folder = `${base}/${entry.name}`;
        if (entry.isDirectory() && NAME.test(entry.name) && (await isLeftAsync(fs, folder, entry.name, nowMs))) {
            for (const file of await fs.readdir(folder, { withFileTypes: true }).catch(() => [])) {
                if (file.isFile() && FILE.test(file.name)) {
                    await fs.unlink(`${folder}/${file.name}`).catch(() => {});
                }
            }
            await fs.rmdir(folder).catch(() => {});
        }
    }
}

async function isLeftAsync(fs: Fs, folder: string, name: string, nowMs: number): Promise<boolean> {
    const [, host, pid, start] = NAME.exec(name)!;
    if (host === (await ownerAsync(fs)).host) {
        return !(await isAliveAsync(fs, Number(pid), start!));
    }
    const stats = await fs.lstat(folder).catch(() => null);
    return stats !== null && nowMs - stats.mtimeMs > STALE_MS;
}

async function isGoneAsync(fs: Fs, folder: string): Promise<boolean> {
    return (await fs.lstat(folder).catch(() => null)) === null;
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

/** When a process began, in the system's own count, on Linux; null elsewhere. */
async function startOfAsync(fs: Fs, pid: number): Promise<string | null> {
    const stat = await fs.readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    // The second field is a name that may hold anything, in brackets; the start is the 22nd.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}
