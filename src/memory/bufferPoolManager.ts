import { TerraneError } from "../base/errors.js";
import type { Observable } from "../base/observable.js";
import { BUFFER_ELEMENTS, BUFFER_KINDS, type ArrayOf, type BufferKind } from "./bufferKinds.js";
import { BufferPool, type BufferLease } from "./bufferPool.js";
import { LeakWatch, type BufferLeak } from "./leakWatch.js";
import { MemoryLedger, MemoryLimitError, type MemoryPressureEvent } from "./memoryLedger.js";
import { readPoolOptions, type BufferPoolManagerOptions } from "./poolOptions.js";

export type { BufferPoolManagerOptions } from "./poolOptions.js";

/** An array on loan. Return it by `release`, or let `using` do so; every use after that throws. */
export interface TypedLease<Kind extends BufferKind = BufferKind> extends Disposable {
    /** The kind that was asked for. */
    readonly kind: Kind;
    /** The shape that was asked for. */
    readonly shape: readonly number[];
    /**
     * Returns the array, with as many elements as the shape asks for. They hold whatever their last user left.
     *
     * @throws TerraneError once the lease was released
     */
    array(): ArrayOf<Kind>;
    /**
     * Returns the array to its pool.
     *
     * @throws TerraneError where that was done before
     */
    release(): void;
}

/** What one kind's pool holds and has done. Sizes are bytes. */
export interface PoolStats {
    /** Leases that an idle buffer served. */
    readonly hits: number;
    /** Leases that needed a new buffer. */
    readonly misses: number;
    /** Share of leases that an idle buffer served, 0 to 1; 1 before the first lease. */
    readonly hitRate: number;
    /** Leases that are out. */
    readonly leases: number;
    /** Bytes of buffers that are on loan. */
    readonly bytesOut: number;
    /** Bytes of buffers that wait for a lease. */
    readonly bytesIdle: number;
    /** Bytes of buffers on their way between threads. */
    readonly bytesInTransit: number;
    /** Bytes on loan that were asked for: `bytesOut` without what rounding adds. */
    readonly bytesAsked: number;
}

/** What all pools hold and have done, and what else counts against the limit. */
export interface GlobalPoolStats extends PoolStats {
    /** Statistics by kind. */
    readonly kinds: Readonly<Record<BufferKind, PoolStats>>;
    /** What others hold under the same limit: caches, GPU buffers, wasm memory. Bytes by account. */
    readonly accounts: Readonly<Record<string, number>>;
    /** Bytes that count against the limit now. */
    readonly usedBytes: number;
    /** The most bytes that ever counted against it. */
    readonly peakBytes: number;
    /** The limit in bytes; Infinity for none. */
    readonly memoryLimitBytes: number;
    /** How often memory fell short. */
    readonly pressureEvents: number;
    /** Bytes lost to rounding and idle buffers, over bytes asked for; 0 where none are out. */
    readonly overhead: number;
    /** Leases that were never returned, where that is tracked. */
    readonly leaks: readonly BufferLeak[];
}

/** Elements of one lease at most: what a typed array may hold everywhere. */
const MAX_BYTES = 2 ** 31 - 1;

/**
 * Keeps a pool of buffers for each kind, under one memory limit with all that the ledger counts. Near the limit idle
 * buffers are dropped; a request that does not fit even then is refused with a `MemoryLimitError`, so that the caller
 * can wait.
 */
export class BufferPoolManager {
    /** The ledger of all bytes under the limit. */
    public readonly ledger: MemoryLedger;

    private readonly _pools = new Map<BufferKind, BufferPool>();
    private readonly _asked = new Map<BufferKind, number>();
    private readonly _leases = new Map<BufferKind, number>();
    private readonly _watch: LeakWatch | null;

    /** @throws TerraneError naming every option that is wrong or unknown */
    public constructor(options: BufferPoolManagerOptions = {}) {
        const { memoryLimitBytes, trackLeaks, onLeak = warn } = readPoolOptions(options);
        this.ledger = new MemoryLedger(memoryLimitBytes);
        for (const kind of BUFFER_KINDS) {
            this._pools.set(kind, new BufferPool());
            this._asked.set(kind, 0);
            this._leases.set(kind, 0);
        }
        this._watch = trackLeaks ? new LeakWatch(onLeak) : null;
    }

    /** Notifies when memory falls short, and when there is enough again. */
    public get onPressureObservable(): Observable<MemoryPressureEvent> {
        return this.ledger.onPressureObservable;
    }

    /**
     * Lends an array.
     *
     * @param shape its dimensions, the innermost last: `[512, 512]` has 262,144 elements
     * @throws TerraneError where there is no such kind or the shape is not valid
     * @throws MemoryLimitError where it does not fit the memory limit
     */
    public getBuffer<Kind extends BufferKind>(kind: Kind, shape: readonly number[]): TypedLease<Kind> {
        const pool = this.poolOf(kind);
        const count = countOf(shape);
        const byteLength = count * BUFFER_ELEMENTS[kind].BYTES_PER_ELEMENT;
        if (byteLength > MAX_BYTES) {
            const allowed = `at most ${MAX_BYTES} bytes`;
            throw new TerraneError("shape", `${byteLength} bytes`, allowed, "Ask for smaller parts.");
        }
        this._makeRoomFor(pool, byteLength);
        const lease = pool.lease(byteLength);
        const typed = new ArrayLease<Kind>(kind, [...shape], count, lease, this);
        this._asked.set(kind, this._asked.get(kind)! + byteLength);
        this._leases.set(kind, this._leases.get(kind)! + 1);
        this._enter(kind);
        this._watch?.watch(typed, kind, byteLength);
        return typed;
    }

    /** Returns a kind's pool itself, for buffers that travel between threads. Call `settle` after changing it. */
    public poolOf(kind: BufferKind): BufferPool {
        const pool = this._pools.get(kind);
        if (pool === undefined) {
            throw new TerraneError("kind", kind, BUFFER_KINDS.join(", "), "Choose one of these.");
        }
        return pool;
    }

    /** Enters into the ledger what the pools hold now. Allocates nothing. */
    public settle(): void {
        for (let i = 0; i < BUFFER_KINDS.length; i++) {
            this._enter(BUFFER_KINDS[i]!);
        }
    }

    /** Drops all idle buffers. Returns how many bytes they had. */
    public forceCleanup(): number {
        let freed = 0;
        for (const pool of this._pools.values()) {
            freed += pool.bytesIdle;
            pool.trim(0);
            freed -= pool.bytesIdle;
        }
        this.settle();
        return freed;
    }

    /** Returns the statistics of one kind. */
    public getStats(kind: BufferKind): PoolStats {
        const pool = this.poolOf(kind);
        return statsOf(pool.hits, pool.misses, this._leases.get(kind)!, this._asked.get(kind)!, pool);
    }

    /** Returns the statistics of all kinds together, and of the memory limit. */
    public getGlobalStats(): GlobalPoolStats {
        this.settle();
        const kinds = Object.fromEntries(BUFFER_KINDS.map((kind) => [kind, this.getStats(kind)])) as Record<
            BufferKind,
            PoolStats
        >;
        const sum = (key: keyof PoolStats): number => BUFFER_KINDS.reduce((total, kind) => total + kinds[kind][key], 0);
        const bytes = { bytesOut: sum("bytesOut"), bytesIdle: sum("bytesIdle"), bytesInTransit: sum("bytesInTransit") };
        const asked = sum("bytesAsked");
        const held = this._heldByLeases();
        const { limitBytes, usedBytes, peakBytes, pressureEvents } = this.ledger;
        return {
            ...statsOf(sum("hits"), sum("misses"), sum("leases"), asked, bytes),
            kinds,
            accounts: Object.fromEntries(this.ledger.accounts),
            usedBytes,
            peakBytes,
            memoryLimitBytes: limitBytes,
            pressureEvents,
            overhead: asked > 0 ? (held - asked + bytes.bytesIdle) / asked : 0,
            leaks: this._watch?.leaks ?? [],
        };
    }

    /**
     * Counts the end of a lease.
     *
     * @internal
     */
    public _ended(lease: ArrayLease<BufferKind>, byteLength: number): void {
        const { kind } = lease;
        this._asked.set(kind, this._asked.get(kind)! - byteLength);
        this._leases.set(kind, this._leases.get(kind)! - 1);
        this._watch?.unwatch(lease);
        this._enter(kind);
    }

    /** Returns the bytes that are out in kinds leased as arrays; chunk data that travels has no shape. */
    private _heldByLeases(): number {
        let held = 0;
        for (const [kind, pool] of this._pools) {
            held += this._leases.get(kind)! > 0 ? pool.bytesOut : 0;
        }
        return held;
    }

    private _makeRoomFor(pool: BufferPool, byteLength: number): void {
        const bytes = pool.newBytesFor(byteLength);
        if (this.ledger.hasRoomFor(bytes)) {
            return;
        }
        this.forceCleanup();
        const needed = pool.newBytesFor(byteLength);
        if (!this.ledger.hasRoomFor(needed)) {
            throw new MemoryLimitError(needed, this.ledger.usedBytes, this.ledger.limitBytes);
        }
    }

    private _enter(kind: BufferKind): void {
        this.ledger.set(kind, this._pools.get(kind)!.bytesTotal);
    }
}

class ArrayLease<Kind extends BufferKind> implements TypedLease<Kind> {
    private _array: ArrayOf<Kind> | null;

    public constructor(
        public readonly kind: Kind,
        public readonly shape: readonly number[],
        private readonly _count: number,
        private readonly _lease: BufferLease,
        private readonly _manager: BufferPoolManager,
    ) {
        this._array = new BUFFER_ELEMENTS[kind](_lease.buffer, 0, _count) as ArrayOf<Kind>;
    }

    public array(): ArrayOf<Kind> {
        if (this._array === null) {
            throw ended(this.kind);
        }
        return this._array;
    }

    public release(): void {
        if (this._array === null) {
            throw ended(this.kind);
        }
        this._array = null;
        this._lease.release();
        const byteLength = this._count * BUFFER_ELEMENTS[this.kind].BYTES_PER_ELEMENT;
        this._manager._ended(this as unknown as ArrayLease<BufferKind>, byteLength);
    }

    /**
     * Ends the lease at the end of a `using` block. Unlike `release`, it accepts a lease that has ended inside the
     * block.
     */
    public [Symbol.dispose](): void {
        if (this._array !== null) {
            this.release();
        }
    }
}

function ended(kind: BufferKind): TerraneError {
    return new TerraneError(`lease of ${kind}`, "released", "a lease that was not released", "Take another lease.");
}

function countOf(shape: readonly number[]): number {
    const isShape = Array.isArray(shape) && shape.length > 0 && shape.every((n) => Number.isInteger(n) && n >= 1);
    if (!isShape) {
        const given = Array.isArray(shape) ? `[${shape.join(", ")}]` : shape;
        throw new TerraneError("shape", given, "a list of whole numbers of 1 or more", "As in [512, 512].");
    }
    return shape.reduce((product, n) => product * n, 1);
}

interface Held {
    readonly bytesOut: number;
    readonly bytesIdle: number;
    readonly bytesInTransit: number;
}

function statsOf(hits: number, misses: number, leases: number, bytesAsked: number, held: Held): PoolStats {
    const { bytesOut, bytesIdle, bytesInTransit } = held;
    const hitRate = hits + misses > 0 ? hits / (hits + misses) : 1;
    return { hits, misses, hitRate, leases, bytesOut, bytesIdle, bytesInTransit, bytesAsked };
}

function warn({ kind, bytes, place }: BufferLeak): void {
    // The only way to reach a developer who has forgotten something.
    globalThis.console?.warn(`A lease of ${bytes} bytes (${kind}) was never released. It was taken at ${place}`);
}
