import type { BufferPool } from "../memory/bufferPool.js";
import { WAITING, type PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { ChunkFlight } from "../residency/chunkRecord.js";
import type { ChunkSource, SourceAnswer, SourceClient } from "../residency/chunkSource.js";
import { BakeEstimates } from "../scheduler/bakeEstimates.js";
import type { ChunkSquare } from "../space/chunkSquare.js";
import type { LoadAnswer, LoadTask, PutTask } from "../store/loadProtocol.js";
import { bandOfPriority } from "../streaming/bands.js";
import type { LoadTimes } from "./loadTimes.js";
import { returnBuffers } from "./returnBuffers.js";
import type { StoreContents } from "./storeContents.js";
import type { StoreLink } from "./storeLink.js";
import { StoreUnavailableError } from "./storeUnavailableError.js";
import type { StoreWriter } from "./storeWriter.js";

export interface StoreSourceOptions {
    readonly link: StoreLink;
    /** What stores have. */
    readonly contents: StoreContents;
    /** Puts chunks into stores; its messages go with the source's. */
    readonly writer: StoreWriter;
    readonly times: LoadTimes;
    readonly pool: BufferPool;
    readonly profiler: PerformanceProfiler;
    /** First guess of a chunk's bytes; measured from then on. */
    readonly bufferBytes: number;
    /** Whether no other source comes after it. */
    readonly isLast: boolean;
    /** Returns whether so many bytes more fit the memory limit. */
    hasRoomFor(bytes: number): boolean;
}

/** Most chunks that are being loaded at once: enough to join neighbours' requests, and few to wait behind. */
const MOST_LOADING = 48;
/** Most chunks that are asked for in one go: each needs a buffer, which may have to be made, and a frame has little time. */
const MOST_AT_ONCE = 8;
/** Milliseconds between two looks for what is late, at least and at most. */
const LEAST_LOOK_MS = 10;
const MOST_LOOK_MS = 1000;
/** Milliseconds after which what does not come is given up, and those after which the thread that loads is. */
const GIVE_UP_MS = 60_000;
const ABANDON_MS = 10_000;
/** Milliseconds until what could not be had is tried again, at first and at most; doubled from time to time. */
const FIRST_RETRY_MS = 2000;
const LAST_RETRY_MS = 60_000;
/** Milliseconds between two times that it is tried because something else came. */
const LEAST_RECOVERY_MS = 1000;

/** A chunk on its way from a store. */
interface Load {
    readonly id: number;
    readonly flight: ChunkFlight;
    readonly requestedMs: number;
    sentMs: number;
    sentBytes: number;
    isLate: boolean;
    /** Whether nobody waits for it any more: its buffer comes back even so. */
    isAborted: boolean;
}

/**
 * The source of chunks that rest in stores. What no store has is answered at once, without a message; what may be there is
 * asked for once a frame, the most urgent first, of the thread that fetches, hashes and unpacks it.
 */
export class StoreSource implements ChunkSource {
    public readonly name = "store";
    /** Number of chunks that came from stores. */
    public loadedCount = 0;

    private _client!: SourceClient;
    private readonly _waiting: Load[] = [];
    private readonly _loading = new Map<number, Load>();
    private readonly _byFlight = new Map<ChunkFlight, Load>();
    private readonly _estimates: BakeEstimates;
    /** What goes out with the next message. */
    private _aborts: number[] = [];
    private _asks: ChunkSquare[] = [];
    /** Flights that no store has, where there is nobody else to ask. */
    private readonly _absent = new Set<ChunkFlight>();
    private _lastId = 0;
    private _lookTimer: ReturnType<typeof setTimeout> | null = null;
    /** When it looks, on the profiler's clock. */
    private _lookAtMs = 0;
    private _retryTimer: ReturnType<typeof setTimeout> | null = null;
    private _retryMs = FIRST_RETRY_MS;
    private _recoveredMs = Number.NEGATIVE_INFINITY;
    private _failedMs = Number.NEGATIVE_INFINITY;
    /** Whether a store was out of reach: what it lost or damaged does not come sooner because others give. */
    private _isOut = false;
    private _isPumping = false;
    private _isDisposed = false;

    public constructor(private readonly _options: StoreSourceOptions) {
        this._estimates = new BakeEstimates(_options.bufferBytes);
    }

    /** Number of chunks that wait to be asked for. */
    public get pendingCount(): number {
        return this._waiting.length;
    }

    /** Number of chunks that are being loaded. */
    public get loadingCount(): number {
        return this._loading.size;
    }

    public connect(client: SourceClient): void {
        this._client = client;
    }

    /** Sends what is to be sent, soon: for whoever has no frames. */
    public pumpSoon(): void {
        if (!this._isPumping) {
            this._isPumping = true;
            queueMicrotask(() => {
                this._isPumping = false;
                this._send(true);
            });
        }
    }

    public request(flight: ChunkFlight): void {
        const { contents, isLast, profiler } = this._options;
        if (!contents.mayHave(flight.address)) {
            if (isLast) {
                // Who asks is in the middle of it, and may not be told within the call.
                this._absent.add(flight);
            } else {
                this._client.onAnswered(flight, MISSING);
            }
            return;
        }
        const load: Load = {
            id: ++this._lastId,
            flight,
            requestedMs: profiler.now(),
            sentMs: 0,
            sentBytes: 0,
            isLate: isLast,
            isAborted: false,
        };
        this._waiting.push(load);
        this._byFlight.set(flight, load);
        this._lookSoon();
    }

    public cancel(flight: ChunkFlight): boolean {
        const load = this._byFlight.get(flight);
        if (load === undefined) {
            return this._absent.delete(flight);
        }
        this._byFlight.delete(flight);
        if (this._loading.has(load.id)) {
            load.isAborted = true;
            this._aborts.push(load.id);
        } else {
            const at = this._waiting.indexOf(load);
            // It is neither where all are being passed on, and this one's turn has not come.
            if (at >= 0) {
                this._takeWaiting(at);
            }
        }
        return true;
    }

    /** Sends what is asked, once a frame. What is to be stored is copied between frames, when others have answered. */
    public pump(): void {
        this._send(false);
    }

    /** Takes what was loaded, or why it was not. */
    public onAnswer(answer: LoadAnswer): void {
        const { pool, profiler, times } = this._options;
        const load = this._loading.get(answer.id);
        if (load === undefined) {
            return;
        }
        this._loading.delete(load.id);
        const { flight, sentMs, requestedMs } = load;
        const { buffer, byteLength, status } = answer;
        returnBuffers(pool, load.sentBytes, answer);
        if (load.isAborted || status !== "found") {
            pool.takeBack(buffer);
        }
        this._byFlight.delete(flight);
        if (status === "found") {
            profiler.record("loadBuffer", sentMs, profiler.now() - sentMs, WAITING);
            times.addLoad(requestedMs, profiler.now(), answer.loadMs, buffer);
            this._estimates.add(flight.address.level, answer.unpackMs, byteLength);
            this._recover();
        }
        if (load.isAborted) {
            return;
        }
        if (status === "found") {
            this.loadedCount++;
            this._client.onAnswered(flight, { status, buffer, byteLength });
        } else if (status === "aborted") {
            this._fail(flight, "unavailable", "Loading it was aborted.");
        } else {
            this._fail(flight, status, answer.reason);
        }
    }

    /** Some answers have come: others may be asked for. */
    public onHandled(): void {
        if (this._waiting.length > 0) {
            this._client.refreshPriorities();
            this._send(true);
        } else if (this._options.writer.pendingCount > 0) {
            this._send(true);
        }
    }

    /** Tries again after a while what could not be had, and asks again what could not be told. */
    public retryLater(): void {
        this._failedMs = this._options.profiler.now();
        if (this._retryTimer === null) {
            this._retryTimer = setTimeout(this._retry, this._retryMs);
            this._retryMs = Math.min(LAST_RETRY_MS, 2 * this._retryMs);
        }
    }

    /** The thread that loads has died: what it was asked is asked elsewhere. */
    public onLost(): void {
        const { pool } = this._options;
        const reason = "The worker that loads from stores has died.";
        for (const load of this._loading.values()) {
            pool.reportLost(load.sentBytes);
        }
        const lost = [...this._loading.values()].filter(({ isAborted }) => !isAborted);
        this._loading.clear();
        this._aborts = [];
        this._failAll(lost, reason);
    }

    public dispose(): void {
        this._isDisposed = true;
        this._waiting.length = 0;
        this._byFlight.clear();
        this._absent.clear();
        for (const timer of [this._lookTimer, this._retryTimer]) {
            if (timer !== null) {
                clearTimeout(timer);
            }
        }
        for (const { sentBytes } of this._loading.values()) {
            this._options.pool.reportLost(sentBytes);
        }
        this._loading.clear();
    }

    private _send(withPuts: boolean): void {
        if (this._isDisposed) {
            return;
        }
        this._answerAbsent();
        const { link, contents, writer } = this._options;
        if (!link.isOpen) {
            this._passOnAll();
            return;
        }
        contents.takeAsks(this._asks);
        const loads = this._takeLoads();
        const puts = withPuts ? writer.takePuts() : NO_PUTS;
        if (loads.length + puts.length + this._aborts.length + this._asks.length === 0) {
            return;
        }
        const buffers = [...loads, ...puts].map(({ buffer }) => buffer);
        link.post({ kind: "work", world: link.world, loads, aborts: this._aborts, puts, blocks: this._asks }, buffers);
        this._aborts = [];
        this._asks = [];
    }

    private _answerAbsent(): void {
        if (this._absent.size === 0) {
            return;
        }
        for (const flight of this._absent) {
            this._absent.delete(flight);
            const error = new StoreUnavailableError(flight.address, "no store has it, and nothing is baked");
            this._client.onAnswered(flight, { status: "missing", error });
        }
    }

    /** Nothing can be asked: whoever waits asks elsewhere. */
    private _passOnAll(): void {
        this._failAll(this._waiting.splice(0), "Nothing can be loaded from stores at the moment.");
    }

    /** Leases buffers for the most urgent of what waits, as many as may be loaded at once. */
    private _takeLoads(): readonly LoadTask[] {
        if (this._waiting.length === 0 || this._loading.size >= MOST_LOADING) {
            return NO_LOADS;
        }
        const { pool, profiler, hasRoomFor } = this._options;
        const tasks: LoadTask[] = [];
        const most = Math.min(MOST_AT_ONCE, MOST_LOADING - this._loading.size);
        while (this._waiting.length > 0 && tasks.length < most) {
            const at = mostUrgent(this._waiting);
            const load = this._waiting[at]!;
            const { address } = load.flight;
            const bytes = this._estimates.bytesOf(address.level);
            if (this._loading.size > 0 && !hasRoomFor(pool.newBytesFor(bytes))) {
                break;
            }
            let buffer: ArrayBuffer;
            try {
                buffer = pool.leaseOut(bytes);
            } catch {
                // Memory has run out: what waits goes on waiting, and what is leased already is sent.
                break;
            }
            this._takeWaiting(at);
            load.sentMs = profiler.now();
            load.sentBytes = buffer.byteLength;
            this._loading.set(load.id, load);
            this._client.onLoading(load.flight);
            tasks.push({ id: load.id, address, buffer });
        }
        return tasks;
    }

    private _takeWaiting(at: number): void {
        const last = this._waiting.pop()!;
        if (at < this._waiting.length) {
            this._waiting[at] = last;
        }
    }

    /** Answers that chunks did not come. Who is told of one may call off others. */
    private _failAll(loads: readonly Load[], reason: string): void {
        for (const { flight } of loads) {
            if (this._byFlight.delete(flight)) {
                this._fail(flight, "unavailable", reason);
            }
        }
    }

    /** Answers that a chunk did not come. Where nobody else has it either, it is tried again later. */
    private _fail(flight: ChunkFlight, status: "missing" | "damaged" | "unavailable", reason: string): void {
        const { isLast, contents } = this._options;
        const { address } = flight;
        const isListed = contents.has(address);
        if (status !== "unavailable" && !isLast) {
            // It is baked, and stored anew.
            contents.remove(address);
        }
        this._isOut ||= status === "unavailable";
        if (status === "missing" && !isListed) {
            this._client.onAnswered(flight, MISSING);
            return;
        }
        const text = status === "unavailable" ? reason : `its file ${status === "missing" ? NOT_THERE : reason}`;
        const error = new StoreUnavailableError(address, text);
        const answer: SourceAnswer = { status: isLast ? "unavailable" : status, error };
        this._client.onAnswered(flight, answer);
        if (isLast) {
            this.retryLater();
        }
    }

    /**
     * A store gives: what another could not is tried at once, but not again with each chunk, for it may be that other which is
     * still out of reach.
     */
    private _recover(): void {
        const nowMs = this._options.profiler.now();
        if (this._retryTimer === null) {
            this._retryMs = nowMs >= this._failedMs + LAST_RETRY_MS ? FIRST_RETRY_MS : this._retryMs;
        } else if (this._isOut && nowMs >= this._recoveredMs + LEAST_RECOVERY_MS) {
            this._isOut = false;
            this._recoveredMs = nowMs;
            clearTimeout(this._retryTimer);
            this._retryTimer = null;
            this._options.contents.askAgain();
            this._client.onRecovered();
        }
    }

    private readonly _retry = (): void => {
        this._retryTimer = null;
        this._options.contents.askAgain();
        this._client.onRecovered();
        this.pump();
    };

    /** Looks when the first of what is under way may be late. */
    private _lookSoon(inMs = this._options.times.lateMs): void {
        const atMs = this._options.profiler.now() + inMs;
        if (this._lookTimer !== null && atMs < this._lookAtMs) {
            clearTimeout(this._lookTimer);
            this._lookTimer = null;
        }
        if (this._lookTimer === null) {
            this._lookAtMs = atMs;
            this._lookTimer = setTimeout(this._look, Math.max(LEAST_LOOK_MS, inMs));
        }
    }

    /** Has those that are `immediate` and late baked beside, and gives up what does not come. */
    private readonly _look = (): void => {
        this._lookTimer = null;
        const { profiler, times, link } = this._options;
        const nowMs = profiler.now();
        let nextMs = MOST_LOOK_MS;
        for (const load of this._byFlight.values()) {
            const leftMs = load.requestedMs + times.lateMs - nowMs;
            if (!load.isLate && leftMs > 0) {
                nextMs = Math.min(nextMs, leftMs);
            } else if (!load.isLate && bandOfPriority(load.flight.priority) === 0) {
                load.isLate = true;
                this._client.onLate(load.flight);
            } else if (!load.isLate) {
                // It may become urgent yet.
                nextMs = Math.min(nextMs, times.lateMs);
            }
        }
        let isSilent = false;
        for (const load of this._loading.values()) {
            if (load.sentMs <= nowMs - GIVE_UP_MS && !load.isAborted) {
                this.cancel(load.flight);
                this.pumpSoon();
                this._fail(load.flight, "unavailable", `It did not come within ${GIVE_UP_MS / 1000} s.`);
            }
            isSilent ||= load.sentMs <= nowMs - GIVE_UP_MS - ABANDON_MS;
        }
        if (isSilent) {
            link.abandon(`it gave no answer for ${(GIVE_UP_MS + ABANDON_MS) / 1000} s`);
        }
        if (this._byFlight.size + this._loading.size > 0) {
            this._lookSoon(nextMs);
        }
    };
}

const NOT_THERE = "is not there, though the store lists it";
const NO_LOADS: readonly LoadTask[] = [];
const NO_PUTS: readonly PutTask[] = [];
const MISSING: SourceAnswer = { status: "missing" };

/** Returns the place of the most urgent. NaN is last: it is not less than anything. */
function mostUrgent(loads: readonly Load[]): number {
    let best = 0;
    for (let i = 1; i < loads.length; i++) {
        const [one, other] = [loads[i]!.flight.priority, loads[best]!.flight.priority];
        if (one < other || (other !== other && one === one)) {
            best = i;
        }
    }
    return best;
}
