import { TerraneError } from "../base/errors.js";
import type { BufferPool } from "../memory/bufferPool.js";
import { formatAddress, type ChunkAddress } from "../space/chunkAddress.js";
import type { DownloadAnswer, StoredAnswer } from "../store/loadProtocol.js";
import type { ChunkRequestCallback } from "./chunkRequests.js";
import type { StoreLink } from "./storeLink.js";

/** How far a download is. */
export interface DownloadProgress {
    /** Chunks that are done with, whatever came of them. */
    readonly completedChunks: number;
    /** All chunks of the download. */
    readonly totalChunks: number;
    /** Bytes of the files that are in the store now. */
    readonly bytes: number;
}

/** What a download has brought. */
export interface DownloadResult extends DownloadProgress {
    /** Chunks that came now. */
    readonly storedChunks: number;
    /** Chunks that were there before. */
    readonly presentChunks: number;
    /** Chunks that there are none of: beyond the edge of a bake, where nothing is baked. */
    readonly absentChunks: number;
    /** Chunks that could not be had, and why. Download again for them. */
    readonly failed: readonly { readonly address: ChunkAddress; readonly reason: string }[];
}

export interface DownloadsOptions {
    readonly link: StoreLink;
    readonly pool: BufferPool;
    /** Whether what no store gives is baked, and kept. */
    readonly bakes: boolean;
    /** Asks for a chunk's data after everything that viewers need. */
    request(address: ChunkAddress, callback: ChunkRequestCallback): void;
    /** A store has a chunk from now on. */
    onStored(address: ChunkAddress): void;
}

/** Chunks under way at once. */
const WINDOW = 24;

/** Brings chunks into the store that keeps them for when all other sources are out of reach. */
export class Downloads {
    private readonly _waiting = new Map<number, (answer: DownloadAnswer) => void>();
    private readonly _puts = new Map<number, { sentBytes: number; settle(answer: StoredAnswer | null): void }>();
    /** Below 0: loads and puts of other kinds count upwards. */
    private _lastId = 0;
    private _isDisposed = false;

    public constructor(private readonly _options: DownloadsOptions) {}

    /**
     * Brings chunks into the store, some at a time.
     *
     * @throws TerraneError where the store has no room for all
     * @throws the signal's reason where that ended it: what has come stays
     */
    public async runAsync(
        addresses: readonly ChunkAddress[],
        onProgress: (progress: DownloadProgress) => void,
        signal: AbortSignal | undefined,
    ): Promise<DownloadResult> {
        const { link } = this._options;
        const run = new DownloadRun(addresses.length, link.limitBytes, onProgress);
        let next = 0;
        const workAsync = async (): Promise<void> => {
            while (next < addresses.length && run.fault === null && !run.isEnded) {
                signal?.throwIfAborted();
                const address = addresses[next++]!;
                await this._bringAsync(address, run, signal);
            }
        };
        const abort = (): void =>
            link.post({ kind: "work", world: link.world, loads: [], aborts: [...run.asked], puts: [], blocks: [] }, []);
        signal?.addEventListener("abort", abort, { once: true });
        try {
            await Promise.all(Array.from({ length: WINDOW }, workAsync));
        } finally {
            run.isEnded = true;
            signal?.removeEventListener("abort", abort);
        }
        if (run.fault !== null) {
            throw run.fault;
        }
        return run.result;
    }

    public onDownloaded(answer: DownloadAnswer): void {
        const settle = this._waiting.get(answer.id);
        this._waiting.delete(answer.id);
        settle?.(answer);
    }

    /** Takes the answer to a put, if it is one of a download's. */
    public onStored(answer: StoredAnswer): boolean {
        const put = this._puts.get(answer.id);
        if (put === undefined) {
            return false;
        }
        this._puts.delete(answer.id);
        this._options.pool.receive(answer.buffer);
        this._options.pool.takeBack(answer.buffer);
        put.settle(answer);
        return true;
    }

    /** Whatever was asked is lost. */
    public onLost(): void {
        const waiting = [...this._waiting];
        this._waiting.clear();
        for (const [id, settle] of waiting) {
            settle({ kind: "downloaded", id, status: "unavailable", bytes: 0, reason: LOST });
        }
        const puts = [...this._puts.values()];
        this._puts.clear();
        for (const { sentBytes, settle } of puts) {
            this._options.pool.reportLost(sentBytes);
            settle(null);
        }
    }

    public dispose(): void {
        this._isDisposed = true;
        this.onLost();
    }

    private async _bringAsync(address: ChunkAddress, run: DownloadRun, signal: AbortSignal | undefined): Promise<void> {
        const answer = await this._askAsync(address, run);
        signal?.throwIfAborted();
        const isNotHad = answer.status === "missing" || answer.status === "unavailable";
        if (isNotHad && this._options.bakes && !this._isDisposed) {
            await this._bakeAsync(address, run);
        } else {
            run.add(address, answer.status, answer.bytes, answer.reason);
        }
    }

    private _askAsync(address: ChunkAddress, { asked }: DownloadRun): Promise<DownloadAnswer> {
        const { link } = this._options;
        const id = --this._lastId;
        if (!link.isOpen || this._isDisposed) {
            return Promise.resolve({ kind: "downloaded", id, status: "unavailable", bytes: 0, reason: LOST });
        }
        return new Promise((resolve) => {
            asked.add(id);
            this._waiting.set(id, (answer) => {
                asked.delete(id);
                resolve(answer);
            });
            link.post({ kind: "download", world: link.world, id, address }, []);
        });
    }

    private async _bakeAsync(address: ChunkAddress, run: DownloadRun): Promise<void> {
        const stored = await new Promise<StoredAnswer | string | null>((resolve) => {
            this._options.request(address, (result) => {
                if (result.status === "done") {
                    this._put(result.bytes, resolve);
                } else {
                    resolve(result.status === "failed" ? result.error.message : LOST);
                }
            });
        });
        if (stored === null || typeof stored === "string") {
            run.add(address, "unavailable", 0, stored ?? LOST);
            return;
        }
        const status = stored.status === "stored" || stored.status === "refused" ? stored.status : "unavailable";
        if (status === "stored") {
            this._options.onStored(address);
        }
        run.add(address, status, stored.bytes, stored.reason);
    }

    private _put(bytes: Uint8Array, settle: (answer: StoredAnswer | null) => void): void {
        const { link, pool } = this._options;
        if (!link.isOpen || this._isDisposed) {
            settle(null);
            return;
        }
        const { byteLength } = bytes;
        const buffer = pool.leaseOut(byteLength);
        new Uint8Array(buffer).set(bytes);
        const id = --this._lastId;
        this._puts.set(id, { sentBytes: buffer.byteLength, settle });
        const puts = [{ id, buffer, byteLength }];
        link.post({ kind: "work", world: link.world, loads: [], aborts: [], puts, blocks: [] }, [buffer]);
    }
}

const LOST = "What loads from stores has ended.";

/** Counts what one download brings. */
class DownloadRun {
    /** What is being asked for, by number. */
    public readonly asked = new Set<number>();
    /** Whether nobody waits for it any more. */
    public isEnded = false;
    /** Why nothing more can come. */
    public fault: TerraneError | null = null;
    private _completed = 0;
    private _bytes = 0;
    private _stored = 0;
    private _present = 0;
    private _absent = 0;
    private readonly _failed: { address: ChunkAddress; reason: string }[] = [];

    public constructor(
        private readonly _total: number,
        private readonly _limitBytes: number,
        private readonly _onProgress: (progress: DownloadProgress) => void,
    ) {}

    public get result(): DownloadResult {
        const { _stored: storedChunks, _present: presentChunks, _absent: absentChunks, _failed: failed } = this;
        return { ...this._progress, storedChunks, presentChunks, absentChunks, failed };
    }

    public add(address: ChunkAddress, status: DownloadAnswer["status"], bytes: number, reason: string): void {
        this._completed++;
        this._bytes += bytes;
        this._stored += Number(status === "stored");
        this._present += Number(status === "had");
        this._absent += Number(status === "missing");
        if (status === "unavailable" || status === "refused") {
            this._failed.push({ address, reason });
        }
        if (status === "refused" || this._bytes > this._limitBytes) {
            const remedy = "Raise storeLimitBytes, free room on the device, or download less.";
            const allowed = `what fits the store, which takes no more after ${formatAddress(address)} (${reason.replace(/\.$/, "")})`;
            this.fault ??= new TerraneError("download", `${this._total} chunks`, allowed, remedy);
        }
        this._onProgress(this._progress);
    }

    private get _progress(): DownloadProgress {
        return { completedChunks: this._completed, totalChunks: this._total, bytes: this._bytes };
    }
}
