import { nameOfTile, tileOfName } from "../format/archiveNames.js";
import { Ask } from "./archiveAsk.js";
import { ArchiveIndex, type ArchiveFault, type Located } from "./archiveIndex.js";
import { joinRanges, type JoinBounds, type JoinedRange } from "./archiveRanges.js";
import { assertName, MAX_FILE_BYTES } from "./chunkStore.js";
import type { RangeReader } from "./rangeReader.js";
import type {
    DeleteResult,
    ListResult,
    PutResult,
    Store,
    StoreClock,
    StoreDescription,
    StoreOptions,
    StoreRequest,
    StoreResult,
    StoreResultCallback,
} from "./store.js";
import { linkAbort, systemClock } from "./storeClock.js";
import { damagedByLength, resultOfAsync } from "./storeRequests.js";

/** How an archive is read. */
export interface ArchiveStoreOptions extends Partial<JoinBounds> {
    /** Default: `archive` */
    readonly name?: string;
    /** What another thread opens it by. Default: null, it cannot */
    readonly description?: StoreDescription | null;
    /** Most bytes of memory for directories, beside the root's. Default: 2^23, some 250,000 files */
    readonly cacheBytes?: number;
    /**
     * Milliseconds for which an archive that is missing is not looked for again, nor the index read anew of one that gave something
     * damaged, or has nothing of what is listed elsewhere. Default: 30,000
     */
    readonly missingMs?: number;
    /** Whether others hold the rest: where there is no archive all is `missing`. Default: false, all is `unavailable` */
    readonly isOneOfMany?: boolean;
    /** Default: the system's */
    readonly clock?: StoreClock | undefined;
}

/** The file of a bake that an archive keeps outside its tiles. */
const MANIFEST = "manifest.json";
const READ_ONLY = { status: "refused", reason: "An archive takes nothing: pack the bake again." } as const;
/** Editions of an archive that one call reads from: it is replaced while it is read, but not all the time. */
const MOST_EDITIONS = 2;

/**
 * Reads the files of a bake from the one file that `terrane pack` made of it, below the names that they have in a folder.
 * Files that are wanted together and lie near each other are read together. Where the archive is replaced meanwhile, its
 * index is read anew, once.
 */
export class ArchiveStore implements Store {
    public readonly name: string;
    public readonly isWritable = false;
    public readonly description: StoreDescription | null;

    private readonly _cacheBytes: number;
    private readonly _missingMs: number;
    private readonly _isOneOfMany: boolean;
    private readonly _clock: StoreClock;
    private readonly _bounds: JoinBounds;
    private readonly _closing = new AbortController();
    private _index: ArchiveIndex | null = null;
    private _opening: Promise<ArchiveIndex | ArchiveFault> | null = null;
    private _isStale = false;
    private _openedMs = 0;
    private _fault: { readonly fault: ArchiveFault; readonly untilMs: number } | null = null;

    /** @param _ranges of the archive; closed with the store */
    public constructor(
        private readonly _ranges: RangeReader,
        options: ArchiveStoreOptions = {},
    ) {
        this.name = options.name ?? "archive";
        this.description = options.description ?? null;
        this._cacheBytes = options.cacheBytes ?? 2 ** 23;
        this._missingMs = options.missingMs ?? 30_000;
        this._isOneOfMany = options.isOneOfMany ?? false;
        this._clock = options.clock ?? systemClock;
        this._bounds = { gapBytes: options.gapBytes ?? 2 ** 16, mostBytes: options.mostBytes ?? 2 ** 20 };
    }

    public get retries(): number {
        return this._ranges.retries;
    }

    public has(key: string): boolean | undefined {
        const tile = tileOfName(key);
        if (tile === null || key === MANIFEST) {
            return key === MANIFEST;
        }
        const located = this._index?.locate(tile);
        return located === undefined ? undefined : located.status === "found";
    }

    public async getAsync(request: StoreRequest): Promise<StoreResult> {
        let answer: StoreResult | undefined;
        await this.getManyAsync([request], (_, result) => (answer = result));
        return answer!;
    }

    public async getManyAsync(requests: readonly StoreRequest[], onResult: StoreResultCallback): Promise<void> {
        requests.forEach(({ key }) => assertName(key));
        if (requests.length === 0) {
            return;
        }
        await new Promise<void>((resolve, reject) => {
            let left = requests.length;
            const asks = requests.map(
                (request, i) =>
                    new Ask(request, (result) => {
                        onResult(i, result);
                        if (--left === 0) {
                            resolve();
                        }
                    }),
            );
            this._answerAsync(asks).catch(reject);
        });
    }

    public putAsync(key: string): Promise<PutResult> {
        assertName(key);
        return Promise.resolve(READ_ONLY);
    }

    public deleteAsync(key: string): Promise<DeleteResult> {
        assertName(key);
        return Promise.resolve(READ_ONLY);
    }

    /** Reads the whole index, and lists what begins with `prefix`. */
    public async listAsync(prefix = "", { signal }: StoreOptions = {}): Promise<ListResult> {
        const index = await this._openAsync();
        if (!(index instanceof ArchiveIndex)) {
            return listFault(index, this._ranges.location);
        }
        const keys = MANIFEST.startsWith(prefix) ? [MANIFEST] : [];
        const directories = index.idsAsync();
        for (;;) {
            const step = await directories.next();
            if (signal?.aborted === true) {
                return { status: "aborted" };
            }
            if (step.done === true) {
                return step.value === null
                    ? { status: "listed", keys }
                    : listFault(this._noted(index, step.value), this._ranges.location);
            }
            for (const id of step.value) {
                const name = nameOfTile(id);
                if (name?.startsWith(prefix) === true) {
                    keys.push(name);
                }
            }
        }
    }

    public async closeAsync(): Promise<void> {
        this._closing.abort();
        this._index = null;
        await this._ranges.closeAsync();
    }

    private async _answerAsync(asks: readonly Ask[]): Promise<void> {
        if (this._index !== null && asks.some(isSuspect)) {
            this._doubt(this._index);
        }
        for (let edition = 0; edition < MOST_EDITIONS; edition++) {
            const index = await this._openAsync();
            const open = asks.filter((ask) => !ask.isSettled);
            if (!(index instanceof ArchiveIndex)) {
                open.forEach((ask) => ask.settle(this._resultOf(index)));
                return;
            }
            await Promise.all(open.map((ask) => this._locateAsync(index, ask)));
            const wanted = open.filter((ask) => !ask.isSettled && ask.section !== null);
            await Promise.all(joinRanges(wanted, this._bounds).map((joined) => this._readAsync(index, joined)));
            if (asks.every((ask) => ask.isSettled)) {
                return;
            }
        }
        const reason = `${this._ranges.location} was replaced again while it was read.`;
        asks.forEach((ask) => ask.settle({ status: "unavailable", reason }));
    }

    private async _locateAsync(index: ArchiveIndex, ask: Ask): Promise<void> {
        ask.section = null;
        const { key, maxBytes = MAX_FILE_BYTES } = ask.request;
        const tile = tileOfName(key);
        const located: Located | ArchiveFault =
            key === MANIFEST
                ? { status: "found", section: index.header.manifest }
                : tile === null
                  ? { status: "absent" }
                  : await index.locateAsync(tile);
        if (located.status === "absent") {
            if (ask.request.isListed === true) {
                this._doubt(index);
            }
            ask.settle({ status: "missing" });
        } else if (located.status !== "found") {
            this._settleFault(index, ask, located);
        } else if (located.section.byteLength > maxBytes) {
            ask.settle(damagedByLength(located.section.byteLength, maxBytes));
        } else {
            const bytes = index.inHead(located.section);
            if (bytes === null) {
                ask.section = located.section;
            } else {
                await this._takeAsync(index, ask, bytes);
            }
        }
    }

    /** Hands bytes out, once they are inspected. Where they are not the right ones, the index may be at fault. */
    private async _takeAsync(index: ArchiveIndex, ask: Ask, bytes: Uint8Array): Promise<void> {
        if (ask.isSettled) {
            return;
        }
        const result = await resultOfAsync(ask.request, bytes);
        if (result.status === "damaged") {
            this._doubt(index);
        }
        ask.settle(result);
    }

    /** Lets an index be read anew that may be at fault, unless that was done a moment ago. */
    private _doubt(index: ArchiveIndex): void {
        if (this._clock.now() >= this._openedMs + this._missingMs) {
            this._forget(index);
        }
    }

    /** Lets an index be read anew, past caches. */
    private _forget(index: ArchiveIndex): void {
        if (this._index === index) {
            this._index = null;
            this._isStale = true;
        }
    }

    /** Reads what several asked for. It goes on as long as one of them waits. */
    private async _readAsync(index: ArchiveIndex, { offset, length, parts }: JoinedRange<Ask>): Promise<void> {
        const ending = new AbortController();
        const unlink = linkAbort(ending, this._closing.signal);
        const onSettled = (): void => {
            if (parts.every((ask) => ask.isSettled)) {
                ending.abort();
            }
        };
        parts.forEach((ask) => (ask.onSettled = onSettled));
        try {
            const { identity } = index;
            const result = await this._ranges.readRangeAsync({
                offset,
                length,
                expected: identity,
                isFresh: parts.some(isSuspect),
                signal: ending.signal,
            });
            await Promise.all(
                parts.map(async (ask) => {
                    if (result.status !== "read") {
                        this._settleFault(index, ask, result);
                        return;
                    }
                    const from = ask.section!.offset - offset;
                    const isAll = parts.length === 1;
                    const { bytes } = result;
                    const own = isAll ? bytes : bytes.slice(from, from + ask.section!.byteLength);
                    await this._takeAsync(index, ask, own);
                }),
            );
        } finally {
            unlink();
            parts.forEach((ask) => (ask.onSettled = null));
        }
    }

    private _settleFault(index: ArchiveIndex, ask: Ask, fault: ArchiveFault): void {
        const noted = this._noted(index, fault);
        // Who finds that the archive was replaced is answered from the new one.
        if (noted.status !== "changed") {
            ask.settle(this._resultOf(noted));
        }
    }

    /** Forgets an index whose archive was replaced or taken away. */
    private _noted(index: ArchiveIndex, fault: ArchiveFault): ArchiveFault {
        if (fault.status === "changed" || fault.status === "missing") {
            this._forget(index);
        }
        return this._closing.signal.aborted ? this._closed() : fault;
    }

    private _openAsync(): Promise<ArchiveIndex | ArchiveFault> {
        if (this._closing.signal.aborted) {
            return Promise.resolve(this._closed());
        }
        if (this._index !== null) {
            return Promise.resolve(this._index);
        }
        if (this._fault !== null && this._clock.now() < this._fault.untilMs) {
            return Promise.resolve(this._fault.fault);
        }
        this._fault = null;
        return (this._opening ??= this._openOnceAsync().finally(() => (this._opening = null)));
    }

    private async _openOnceAsync(): Promise<ArchiveIndex | ArchiveFault> {
        const opened = await ArchiveIndex.openAsync(
            this._ranges,
            this._cacheBytes,
            this._closing.signal,
            this._isStale,
        );
        if (this._closing.signal.aborted) {
            return this._closed();
        }
        if (opened instanceof ArchiveIndex) {
            this._index = opened;
            this._openedMs = this._clock.now();
            this._isStale = false;
        } else if (opened.status === "missing" || opened.status === "damaged") {
            this._fault = { fault: opened, untilMs: this._clock.now() + this._missingMs };
        }
        return opened;
    }

    private _resultOf(fault: ArchiveFault): StoreResult {
        return fault.status === "missing" && this._isOneOfMany
            ? { status: "missing" }
            : resultOfFault(fault, this._ranges.location);
    }

    private _closed(): ArchiveFault {
        return { status: "unavailable", reason: `${this._ranges.location} was closed.` };
    }
}

function isSuspect({ request }: Ask): boolean {
    return request.isSuspect === true;
}

function resultOfFault(fault: ArchiveFault, location: string): StoreResult {
    switch (fault.status) {
        case "missing":
            return { status: "unavailable", reason: `There is no archive at ${location}.` };
        case "changed":
            return { status: "unavailable", reason: `${location} was replaced while it was read.` };
        case "damaged":
            return { status: "damaged", reason: `lies in an archive that ${fault.reason}` };
        case "unavailable":
        case "aborted":
            return fault;
    }
}

function listFault(fault: ArchiveFault, location: string): ListResult {
    const result = resultOfFault(fault, location);
    return result.status === "aborted" || result.status === "unavailable"
        ? result
        : {
              status: "unavailable",
              reason: `${location} could not be listed: it ${(fault as { reason: string }).reason}.`,
          };
}
