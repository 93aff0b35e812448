import { TerraneError } from "../base/errors.js";

/** Smaller buffers are not worth telling apart. Bytes. */
const SMALLEST_CLASS = 1024;
/** Size classes per power of two: a buffer is at most a sixteenth longer than was asked for, a thirtieth on average. */
const CLASSES_PER_POWER = 16;
/** An idle buffer serves a lease if it is at most so many times as long: that is better than a new one. */
const MOST_OVERSIZE = 1.25;

/** A buffer on loan. It ends once, by `release`, `sendOut` or `detach`; every use after that throws. */
export interface BufferLease extends Disposable {
    /** At least as long as was asked for. It holds whatever its last user left. */
    readonly buffer: ArrayBuffer;
    /** Gives the buffer back to the pool. */
    release(): void;
    /**
     * Ends the lease and counts the buffer as in transit: transfer it at once, and call `receive`, `takeBack` or
     * `reportLost` when it is back or lost.
     */
    sendOut(): ArrayBuffer;
    /** Ends the lease and takes the buffer out of the pool's accounts: from then on it is the caller's. */
    detach(): ArrayBuffer;
}

/**
 * Recycles the `ArrayBuffer`s in which chunk data travels between threads. Every buffer in its accounts is in one of three
 * places: out (leased, or held by whoever received it, such as a cache), idle in the pool, or in transit to or from a
 * worker. A transfer gives a buffer a new identity, so those in transit are known by their bytes alone.
 */
export class BufferPool {
    private readonly _idle = new Map<number, ArrayBuffer[]>();
    /** The classes of `_idle`, the largest first, so that trimming, in each frame, sorts nothing. */
    private readonly _sizes: number[] = [];
    private readonly _out = new Set<ArrayBuffer>();
    private _hits = 0;
    private _misses = 0;
    private _bytesOut = 0;
    private _bytesIdle = 0;
    private _bytesInTransit = 0;

    /** Number of leases that an idle buffer served. */
    public get hits(): number {
        return this._hits;
    }

    /** Number of leases that needed a new buffer. */
    public get misses(): number {
        return this._misses;
    }

    public get bytesOut(): number {
        return this._bytesOut;
    }

    public get bytesIdle(): number {
        return this._bytesIdle;
    }

    public get bytesInTransit(): number {
        return this._bytesInTransit;
    }

    /** Bytes that are out, idle and in transit. */
    public get bytesTotal(): number {
        return this._bytesOut + this._bytesIdle + this._bytesInTransit;
    }

    /**
     * Lends a buffer of at least `byteLength` bytes, and at most a quarter more (or 1024 bytes, if that is more).
     *
     * @param byteLength an integer from 0 up
     */
    public lease(byteLength: number): BufferLease {
        return new Lease(this, this._take(byteLength));
    }

    /** Lends a buffer and counts it as in transit: `lease` and `sendOut` in one, without a lease object. */
    public leaseOut(byteLength: number): ArrayBuffer {
        return this.sendOut(this._take(byteLength));
    }

    private _take(byteLength: number): ArrayBuffer {
        if (!Number.isSafeInteger(byteLength) || byteLength < 0) {
            throw new TerraneError("byteLength", byteLength, "an integer of 0 or more", "Pass a length in bytes.");
        }
        const size = classAtLeast(byteLength);
        const recycled = this._idle.get(this._idleClassFor(size))?.pop();
        if (recycled === undefined) {
            this._misses++;
            return this._enter(new ArrayBuffer(size));
        }
        this._hits++;
        this._bytesIdle -= recycled.byteLength;
        return this._enter(recycled);
    }

    /** Returns the bytes that a lease of `byteLength` would allocate: 0 if an idle buffer serves it. */
    public newBytesFor(byteLength: number): number {
        const size = classAtLeast(byteLength);
        return (this._idle.get(this._idleClassFor(size))?.length ?? 0) > 0 ? 0 : size;
    }

    /** Enters a buffer that the pool did not make into its accounts, as leased: one that a worker allocated, for instance. */
    public adopt(buffer: ArrayBuffer): BufferLease {
        this._assertUnknown(buffer);
        return new Lease(this, this._enter(buffer));
    }

    /** Receives a buffer from transit. It is now out, with the caller, who returns it by `takeBack`. */
    public receive(buffer: ArrayBuffer): void {
        this._assertUnknown(buffer);
        this._leaveTransit(buffer.byteLength);
        this._enter(buffer);
    }

    private _enter(buffer: ArrayBuffer): ArrayBuffer {
        this._out.add(buffer);
        this._bytesOut += buffer.byteLength;
        return buffer;
    }

    /** Takes back a buffer that is out, or one that has arrived from transit, and keeps it idle. */
    public takeBack(buffer: ArrayBuffer): void {
        if (this._out.has(buffer)) {
            this._leaveOut(buffer);
        } else {
            this._assertUnknown(buffer);
            this._leaveTransit(buffer.byteLength);
        }
        const size = classAtMost(buffer.byteLength);
        // Nothing that is asked for fits: a lease would never find it.
        if (size < SMALLEST_CLASS) {
            return;
        }
        const idle = this._idle.get(size);
        if (idle === undefined) {
            this._idle.set(size, [buffer]);
            this._sizes.push(size);
            this._sizes.sort((a, b) => b - a);
        } else {
            idle.push(buffer);
        }
        this._bytesIdle += buffer.byteLength;
    }

    /** Ends the lease of a buffer that is out, and counts the buffer as in transit. */
    public sendOut(buffer: ArrayBuffer): ArrayBuffer {
        const byteLength = this._leaveOut(buffer);
        this._bytesInTransit += byteLength;
        return buffer;
    }

    /** Takes a buffer that is out from the accounts. */
    public detach(buffer: ArrayBuffer): ArrayBuffer {
        this._leaveOut(buffer);
        return buffer;
    }

    /** Takes from the accounts a buffer of `byteLength` bytes that was lost with the worker that held it. */
    public reportLost(byteLength: number): void {
        this._leaveTransit(byteLength);
    }

    /** Drops idle buffers, the largest first, until at most `maxIdleBytes` are left. */
    public trim(maxIdleBytes: number): void {
        if (this._bytesIdle <= maxIdleBytes) {
            return;
        }
        for (let i = 0; i < this._sizes.length; i++) {
            const idle = this._idle.get(this._sizes[i]!)!;
            while (idle.length > 0 && this._bytesIdle > maxIdleBytes) {
                this._bytesIdle -= idle.pop()!.byteLength;
            }
        }
    }

    /**
     * Returns the smallest class from `size` to a quarter above it that has an idle buffer; `size` itself if there is
     * none.
     */
    private _idleClassFor(size: number): number {
        for (let at = size; at <= size * MOST_OVERSIZE; at += stepOf(at)) {
            if ((this._idle.get(at)?.length ?? 0) > 0) {
                return at;
            }
        }
        return size;
    }

    private _leaveOut(buffer: ArrayBuffer): number {
        if (!this._out.delete(buffer)) {
            throw misuse(buffer.byteLength, "a buffer that is out", "It was given back, sent or detached before.");
        }
        this._bytesOut -= buffer.byteLength;
        return buffer.byteLength;
    }

    private _leaveTransit(byteLength: number): void {
        if (!(byteLength <= this._bytesInTransit)) {
            const allowed = `what is in transit, ${this._bytesInTransit} bytes`;
            throw misuse(byteLength, allowed, "It did not come from this pool, or was counted twice.");
        }
        this._bytesInTransit -= byteLength;
    }

    private _assertUnknown(buffer: ArrayBuffer): void {
        const isIdle = this._idle.get(classAtMost(buffer.byteLength))?.includes(buffer) === true;
        if (isIdle || this._out.has(buffer)) {
            const where = isIdle ? "It rests in the pool already." : "It is out already.";
            throw misuse(buffer.byteLength, "a buffer that is in no account of this pool", where);
        }
    }
}

class Lease implements BufferLease {
    private _isHeld = true;

    public constructor(
        private readonly _pool: BufferPool,
        private readonly _buffer: ArrayBuffer,
    ) {}

    public get buffer(): ArrayBuffer {
        this._assertHeld();
        return this._buffer;
    }

    public release(): void {
        this._pool.takeBack(this._end());
    }

    public sendOut(): ArrayBuffer {
        return this._pool.sendOut(this._end());
    }

    public detach(): ArrayBuffer {
        return this._pool.detach(this._end());
    }

    /**
     * Ends the lease at the end of a `using` block. Unlike `release`, it accepts a lease that has ended inside the
     * block.
     */
    public [Symbol.dispose](): void {
        if (this._isHeld) {
            this.release();
        }
    }

    private _end(): ArrayBuffer {
        this._assertHeld();
        this._isHeld = false;
        return this._buffer;
    }

    private _assertHeld(): void {
        if (!this._isHeld) {
            throw new TerraneError(
                "lease",
                "ended",
                "a lease that was neither released nor sent out nor detached",
                "Lease a buffer anew.",
            );
        }
    }
}

/**
 * Returns the smallest class that is not below `byteLength`. There are sixteen per power of two: 1024, 1088, 1152, ...,
 * 2048, 2176, ...
 */
function classAtLeast(byteLength: number): number {
    if (byteLength <= SMALLEST_CLASS) {
        return SMALLEST_CLASS;
    }
    const step = stepOf(byteLength);
    return Math.ceil(byteLength / step) * step;
}

function classAtMost(byteLength: number): number {
    if (byteLength < SMALLEST_CLASS) {
        return 0;
    }
    const step = stepOf(byteLength);
    return Math.floor(byteLength / step) * step;
}

/** Returns the distance to the next class: a sixteenth of the greatest power of two that is not above `byteLength`. */
function stepOf(byteLength: number): number {
    let power = SMALLEST_CLASS;
    while (power * 2 <= byteLength) {
        power *= 2;
    }
    return power / CLASSES_PER_POWER;
}

function misuse(byteLength: number, allowed: string, remedy: string): TerraneError {
    return new TerraneError("buffer", `${byteLength} bytes`, allowed, remedy);
}
