import type { BufferPool } from "../memory/bufferPool.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import { createTiming } from "../profiler/timing.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { ChunkCache } from "./chunkCache.js";
import {
    NEVER,
    RecordState,
    type ChunkBytes,
    type ChunkClaim,
    type ChunkFlight,
    type ChunkRecord,
    type ClaimListener,
} from "./chunkRecord.js";
import { ChunkRecords } from "./chunkRecords.js";
import { ENDED, FlightList } from "./flightList.js";
import { GivenUp } from "./givenUp.js";
import { HeldAccount } from "./heldAccount.js";
import type { ChunkSource, SourceAnswer, SourceClient } from "./chunkSource.js";
import { isClaimed, isKept, refreshPriority, type ClaimClock } from "./claims.js";
import { assertAccounts } from "./residencyAccounts.js";
import * as transitions from "./transitions.js";

export interface ResidencyOptions {
    /** Holds all chunk data that is out. */
    readonly pool: BufferPool;
    /** Asked in this order for what memory does not have. They are the residency's, which disposes them. */
    readonly sources: readonly ChunkSource[];
    readonly profiler: PerformanceProfiler;
    readonly events: ResidencyEvents;
    /** See `ByteLru`: how little a chunk that nobody uses is worth keeping. */
    costOf(key: number, ref: Float64Array): void;
    /** Writes the least and the greatest height of chunk data. */
    readHeightsToRef(buffer: ArrayBuffer, ref: ChunkRecord): void;
}

export interface ResidencyEvents {
    /** Data has come from a source; `record.bytes` has it. */
    onLoaded(record: ChunkRecord): void;
    /** A chunk is given up. */
    onFailed(record: ChunkRecord, error: Error): void;
}

/** Counted since the world began. */
export interface ResidencyCounts {
    /** Chunks that the view began to want, and that were in memory, or were not. */
    hits: number;
    misses: number;
    /** Chunks that were called off before a source set to work on them. */
    cancelled: number;
    failed: number;
}

const timing = createTiming();

/**
 * Owns all that is known of chunks. Whoever wants one claims it; a claimed chunk comes from memory or from the first source
 * that has it, and stays while anybody claims it or uses its data. After that its data rests in memory, as long as there is
 * room. `docs/life-of-a-chunk.md` has the picture.
 */
export class Residency implements ClaimClock {
    public readonly records = new ChunkRecords((key) => this._givenUp.has(key));
    public readonly counts: ResidencyCounts = { hits: 0, misses: 0, cancelled: 0, failed: 0 };
    /** Data that rests in memory. */
    public readonly cache: ChunkCache;
    /** Data that is claimed or used. */
    public readonly held = new HeldAccount();
    /** The view's present pass. */
    public viewPass = 1;
    /** Prefetch's present round. */
    public prefetchRound = 1;

    private readonly _flights = new FlightList();
    private readonly _givenUp = new GivenUp();
    /** Whether a chunk is being asked for, and a source that does not have it says so within the call. */
    private _isRequesting = false;
    private _isDisposed = false;

    public constructor(private readonly _options: ResidencyOptions) {
        this.cache = new ChunkCache((record) => this._evict(record), _options.costOf);
        _options.sources.forEach((source, place) => source.connect(this._clientOf(place)));
    }

    public get isDisposed(): boolean {
        return this._isDisposed;
    }

    /** Returns why a chunk was given up; null where it was not. */
    public errorOf(record: ChunkRecord): Error | null {
        return this._givenUp.errorOf(record.key);
    }

    /** The view wants a chunk in its present pass. A claim that is not renewed in the next lapses. */
    public claimForView(record: ChunkRecord, priority: number, nowMs: number): void {
        const isNew = record.viewPass !== this.viewPass - 1 && record.viewPass !== this.viewPass;
        record.viewPass = this.viewPass;
        record.viewPriority = priority;
        if (isNew) {
            if (record.state === RecordState.ready) {
                this.counts.hits++;
            } else {
                this.counts.misses++;
                record.requestedMs = nowMs;
            }
        }
        this._fetch(record);
    }

    /** The view wants a chunk no more. */
    public releaseView(record: ChunkRecord): void {
        record.viewPass = NEVER;
        record.requestedMs = Number.NaN;
        this.settle(record);
    }

    /** Prefetch wants a chunk in its present round. A claim that is not renewed in the next lapses. */
    public claimForPrefetch(record: ChunkRecord, priority: number): void {
        record.prefetchRound = this.prefetchRound;
        record.prefetchPriority = priority;
        if (record.state === RecordState.absent) {
            this._request(record);
        }
    }

    /**
     * Wants a chunk until `release`, at least as urgently as `priority` says. What is here already is not told of: look at
     * `record.state` first.
     */
    public claim(record: ChunkRecord, priority: number, listener: ClaimListener): ChunkClaim {
        const claim: ChunkClaim = { record, priority, listener };
        record.claims.push(claim);
        this._fetch(record);
        if (record.flight !== null) {
            refreshPriority(record, this);
        }
        return claim;
    }

    public release(claim: ChunkClaim): void {
        const { claims } = claim.record;
        const index = claims.indexOf(claim);
        if (index >= 0) {
            claims.splice(index, 1);
            this.settle(claim.record);
        }
    }

    /** A sink uses a record's data from now on, until it gives it back by `giveBack`. */
    public hold(record: ChunkRecord): ChunkBytes {
        const bytes = record.bytes!;
        this._takeFromCache(record);
        bytes.holders++;
        return bytes;
    }

    /** A sink uses data no more that `hold` gave it. */
    public giveBack(record: ChunkRecord, bytes: ChunkBytes): void {
        bytes.holders--;
        const isSuperseded = bytes !== record.bytes;
        if (bytes.holders === 0 && isSuperseded) {
            record.superseded.splice(record.superseded.indexOf(bytes), 1);
        }
        if (bytes.holders === 0 && (isSuperseded || this._isDisposed)) {
            this._free(bytes);
        }
        this.settle(record);
    }

    /**
     * Lets go what nobody wants any more: data that is not used goes to memory, and if it is stale it goes for good; what
     * waits is called off; a record of nothing leaves.
     */
    public settle(record: ChunkRecord): void {
        if (this._isDisposed) {
            return;
        }
        const { flight, bytes } = record;
        if (flight !== null && !isClaimed(record, this)) {
            this._cancel(flight);
        }
        if (bytes !== null && !record.isCached && bytes.holders === 0 && !isKept(record, this)) {
            this.held.leave(bytes);
            if (record.state === RecordState.stale) {
                transitions.evict(record);
                this._options.pool.takeBack(bytes.buffer);
            } else {
                const { profiler } = this._options;
                profiler.startTiming(timing);
                this.cache.put(record);
                profiler.endTiming("storeBuffer", timing);
            }
        }
        this.records.removeUnused(record);
    }

    /** Sends what waits on its way, the most urgent first. Call it once a frame. */
    public pump(): void {
        this.refreshPriorities();
        for (let i = 0; i < this._options.sources.length; i++) {
            this._options.sources[i]!.pump();
        }
    }

    /**
     * Wants a new revision of all chunks for which `isTouched` holds. Data that is used serves on until the new is here, and
     * what was given up has another chance.
     */
    public invalidate(isTouched: (record: ChunkRecord) => boolean): void {
        const revision = ++this.records.revision;
        const { all } = this.records;
        for (let i = all.length - 1; i >= 0; i--) {
            const record = all[i]!;
            if (!isTouched(record)) {
                continue;
            }
            this._givenUp.delete(record.key);
            transitions.expire(record, revision);
            if (record.isCached) {
                this.cache.take(record);
                this._evict(record);
            } else if (record.bytes?.holders === 0) {
                this._drop(record);
            }
            this._fetchAnew(record);
        }
    }

    /** Throws away all data that no sink uses, and gives what was given up another chance. What is loading still comes. */
    public reset(): void {
        this._givenUp.clear();
        this.cache.clear();
        const { all } = this.records;
        for (let i = all.length - 1; i >= 0; i--) {
            const record = all[i]!;
            if (record.isGivenUp) {
                transitions.clearFailure(record);
            }
            if (record.bytes?.holders === 0) {
                this._drop(record);
            }
            this._fetchAnew(record);
        }
    }

    /** Ends all sources. Nobody is told of anything from now on; what sinks use stays theirs until they give it back. */
    public dispose(): void {
        this._isDisposed = true;
        for (const source of this._options.sources) {
            source.dispose();
        }
        this.cache.clear();
        for (const record of this.records.all) {
            if (record.bytes?.holders === 0) {
                this.held.leave(record.bytes);
                this._options.pool.takeBack(record.bytes.buffer);
                record.bytes = null;
            }
        }
    }

    /** Calls back with each claimed chunk that is on its way. */
    public forEachFlight(visit: (address: ChunkAddress, priority: number, isLoading: boolean) => void): void {
        for (let i = 0; i < this._flights.count; i++) {
            const { address, priority, isLoading } = this._flights.at(i);
            visit(address, priority, isLoading);
        }
    }

    /** Throws where a buffer stands in no account, or in two. For tests: it visits every record. */
    public assertAccounts(): void {
        assertAccounts(this.records.all, this.cache, this.held.bytes, this._options.pool);
    }

    public refreshPriorities(): void {
        for (let i = this._flights.count - 1; i >= 0; i--) {
            const flight = this._flights.at(i);
            if (!refreshPriority(flight.record, this)) {
                const { record } = flight;
                this._cancel(flight);
                this.records.removeUnused(record);
            }
        }
    }

    /** Has another look at what no source could give while one of them was out of reach. */
    public retryUnavailable(): void {
        for (const key of this._givenUp.takeUnavailable()) {
            const record = this.records.find(key);
            if (record?.isGivenUp === true) {
                transitions.clearFailure(record);
                this._fetchAnew(record);
            }
        }
    }

    /** Returns who a source tells what becomes of chunks. */
    private _clientOf(place: number): SourceClient {
        const bit = 1 << place;
        return {
            refreshPriorities: () => this.refreshPriorities(),
            onLoading: (flight) => this._onLoading(flight, bit),
            onReturned: (flight) => this._onReturned(flight, bit, place),
            onLate: (flight) => this._onLate(flight),
            onAnswered: (flight, answer) => this._onAnswered(flight, bit, answer),
            onRecovered: () => this.retryUnavailable(),
        };
    }

    private _onLoading(flight: ChunkFlight, bit: number): void {
        if (flight.index === ENDED) {
            return;
        }
        if (!flight.isLoading) {
            transitions.load(flight.record);
        }
        flight.working |= bit;
    }

    private _onReturned(flight: ChunkFlight, bit: number, place: number): void {
        if (flight.index === ENDED) {
            this._options.sources[place]!.cancel(flight);
            return;
        }
        this._stopWork(flight, bit);
    }

    private _onLate(flight: ChunkFlight): void {
        if (flight.index !== ENDED && flight.asked < this._options.sources.length) {
            this._askNext(flight);
            this._options.sources[flight.asked - 1]!.pump();
        }
    }

    private _onAnswered(flight: ChunkFlight, bit: number, answer: SourceAnswer): void {
        if (flight.index === ENDED) {
            // Another source was sooner.
            if (answer.status === "found") {
                this._options.pool.takeBack(answer.buffer);
            }
            return;
        }
        flight.open &= ~bit;
        const isOutdated = flight.isLoading && flight.revision < flight.record.revision;
        if (isOutdated) {
            this._discard(flight, answer);
            return;
        }
        if (answer.status === "found") {
            this._receive(flight, answer.buffer, answer.byteLength);
            return;
        }
        if ("error" in answer && answer.error !== undefined) {
            flight.error = answer.error;
        }
        flight.isUnavailable ||= answer.status === "unavailable";
        const isAsked = flight.asked === this._options.sources.length;
        if (flight.open === 0 && (answer.status === "failed" || isAsked)) {
            this._giveUp(flight, flight.error ?? new Error("No source has the chunk."));
            return;
        }
        this._stopWork(flight, bit);
        if (flight.open === 0) {
            this._askNext(flight);
            if (!this._isRequesting) {
                // There may be no frame that does it.
                this._options.sources[flight.asked - 1]!.pump();
            }
        }
    }

    private _askNext(flight: ChunkFlight): void {
        const place = flight.asked++;
        flight.open |= 1 << place;
        this._options.sources[place]!.request(flight);
    }

    private _stopWork(flight: ChunkFlight, bit: number): void {
        const wasLoading = flight.isLoading;
        flight.working &= ~bit;
        if (wasLoading && !flight.isLoading) {
            transitions.returnToQueue(flight.record);
        }
    }

    /** Calls off what sources have yet to answer. Returns whether none of them will finish what it began. */
    private _callOff(flight: ChunkFlight): boolean {
        const { sources } = this._options;
        for (let place = 0; place < flight.asked; place++) {
            const bit = 1 << place;
            if ((flight.open & bit) !== 0 && sources[place]!.cancel(flight)) {
                flight.open &= ~bit;
                flight.working &= ~bit;
            }
        }
        return flight.open === 0;
    }

    /** Ends a flight, which a source that is at work on it still answers, to nobody. */
    private _end(flight: ChunkFlight): void {
        this._flights.remove(flight);
        this._callOff(flight);
    }

    private _fetch(record: ChunkRecord): void {
        const { profiler } = this._options;
        if (record.isCached) {
            profiler.startTiming(timing);
            this._takeFromCache(record);
            profiler.endTiming("loadBuffer", timing);
        } else if (record.flight === null) {
            const isOutdated = record.state === RecordState.stale && !record.isGivenUp;
            if (record.state === RecordState.absent || isOutdated) {
                this._request(record);
            }
        }
    }

    /** Views and prefetch say anew with each frame what they want; other claims stand. */
    private _fetchAnew(record: ChunkRecord): void {
        if (record.claims.length > 0) {
            this._fetch(record);
        } else {
            this.settle(record);
        }
    }

    private _request(record: ChunkRecord): void {
        if (this._isDisposed) {
            return;
        }
        const flight = this._flights.add(record);
        transitions.request(record, flight);
        refreshPriority(record, this);
        this._isRequesting = true;
        this._askNext(flight);
        this._isRequesting = false;
    }

    /** Ends a flight that nobody wants any more, unless a source will finish it all the same. */
    private _cancel(flight: ChunkFlight): void {
        if (this._callOff(flight)) {
            this.counts.cancelled++;
            this._flights.remove(flight);
            transitions.cancel(flight.record);
        }
    }

    /** What a source says of an older revision, be it that it failed, tells nothing of the one that is wanted. */
    private _discard(flight: ChunkFlight, answer: SourceAnswer): void {
        const { record } = flight;
        this._end(flight);
        if (answer.status === "found") {
            this._options.pool.takeBack(answer.buffer);
        }
        transitions.discard(record);
        if (isClaimed(record, this)) {
            this._request(record);
        }
        this.settle(record);
    }

    private _receive(flight: ChunkFlight, buffer: ArrayBuffer, byteLength: number): void {
        const { record, revision } = flight;
        this._end(flight);
        this._givenUp.markReceived(record.key);
        const old = record.bytes;
        const bytes: ChunkBytes = { buffer, byteLength, revision, holders: 0 };
        transitions.receive(record, bytes, this._options.profiler.now());
        this.held.enter(bytes);
        if (old !== null && old.holders === 0) {
            this._free(old);
        }
        this._options.readHeightsToRef(buffer, record);
        try {
            this._tell(record, null);
        } finally {
            this.settle(record);
        }
    }

    private _giveUp(flight: ChunkFlight, error: Error): void {
        const { record } = flight;
        this._end(flight);
        const isNews = this._givenUp.add(record.key, error, flight.isUnavailable);
        if (isNews) {
            this.counts.failed++;
        }
        transitions.giveUp(record);
        try {
            this._tell(record, error, isNews);
        } finally {
            this.settle(record);
        }
    }

    /**
     * Whoever is told may claim, release, invalidate or end it all: what has lost its data by that is told of no further, and
     * claims that stand are told of what comes next. What one throws is rethrown once all have been told.
     */
    private _tell(record: ChunkRecord, error: Error | null, isNews = true): void {
        const { bytes } = record;
        let thrown: unknown;
        let hasThrown = false;
        for (const claim of record.claims.length > 0 ? [...record.claims] : NO_CLAIMS) {
            if (record.bytes !== bytes) {
                break;
            }
            try {
                if (error === null) {
                    claim.listener.onReady(record);
                } else {
                    claim.listener.onFailed(record, error);
                }
            } catch (caught) {
                thrown = hasThrown ? thrown : caught;
                hasThrown = true;
            }
        }
        if (!this._isDisposed && record.bytes === bytes) {
            if (error === null) {
                this._options.events.onLoaded(record);
            } else if (isNews) {
                this._options.events.onFailed(record, error);
            }
        }
        if (hasThrown) {
            throw thrown;
        }
    }

    private _takeFromCache(record: ChunkRecord): void {
        if (record.isCached) {
            this.cache.take(record);
            this.held.enter(record.bytes!);
        }
    }

    /** Frees data that no sink uses and that is not in the cache. */
    private _drop(record: ChunkRecord): void {
        this.held.leave(record.bytes!);
        this._evict(record);
    }

    private _evict(record: ChunkRecord): void {
        const { buffer } = record.bytes!;
        if (this._isDisposed) {
            record.bytes = null;
        } else {
            transitions.evict(record);
            this.records.removeUnused(record);
        }
        this._options.pool.takeBack(buffer);
    }

    private _free(bytes: ChunkBytes): void {
        this.held.leave(bytes);
        this._options.pool.takeBack(bytes.buffer);
    }
}

const NO_CLAIMS: readonly ChunkClaim[] = [];
