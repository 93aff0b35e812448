import { TerraneError } from "../base/errors.js";
import { Observable } from "../base/observable.js";

/** Share of the limit above which memory counts as short. */
const PRESSURE_FROM = 0.9;

/** Memory is short, or no longer short. The object is reused: copy what you keep. */
export interface MemoryPressureEvent {
    /** Whether memory is short now. */
    isShort: boolean;
    /** Bytes that count against the limit. */
    usedBytes: number;
    /** The limit in bytes. */
    limitBytes: number;
}

/** Thrown where something would take more bytes than the limit leaves. */
export class MemoryLimitError extends Error {
    public override readonly name = "MemoryLimitError";
    /** Tells this error from others. */
    public readonly code = "TERRANE_MEMORY_LIMIT";

    public constructor(
        /** Bytes that were asked for. */
        public readonly askedBytes: number,
        /** Bytes that were in use. */
        public readonly usedBytes: number,
        /** The limit in bytes. */
        public readonly limitBytes: number,
    ) {
        super(
            `${askedBytes} bytes more would exceed the memory limit: ${usedBytes} of ${limitBytes} are used. ` +
                "Release leases, or raise memoryLimitBytes.",
        );
    }
}

/**
 * Keeps account of who holds how many bytes, under one limit: pools, caches, wasm memory, buffers in transit and GPU
 * copies each have an account.
 */
export class MemoryLedger {
    /** Notifies when memory falls short, and when there is enough again. */
    public readonly onPressureObservable = new Observable<MemoryPressureEvent>();

    private readonly _accounts = new Map<string, number>();
    private readonly _event: MemoryPressureEvent = { isShort: false, usedBytes: 0, limitBytes: 0 };
    private _limitBytes: number;
    private _usedBytes = 0;
    private _peakBytes = 0;
    private _pressureEvents = 0;

    /** @param limitBytes above 0; Infinity for none */
    public constructor(limitBytes: number) {
        this._limitBytes = checkLimit(limitBytes);
    }

    public get limitBytes(): number {
        return this._limitBytes;
    }

    public set limitBytes(value: number) {
        this._limitBytes = checkLimit(value);
        this._watch();
    }

    public get usedBytes(): number {
        return this._usedBytes;
    }

    /** The most bytes that were ever in use. */
    public get peakBytes(): number {
        return this._peakBytes;
    }

    /** How often memory fell short. */
    public get pressureEvents(): number {
        return this._pressureEvents;
    }

    public get isShort(): boolean {
        return this._event.isShort;
    }

    /** Bytes by account. */
    public get accounts(): ReadonlyMap<string, number> {
        return this._accounts;
    }

    /** Tells whether `bytes` more would stay within the limit. */
    public hasRoomFor(bytes: number): boolean {
        return this._usedBytes + bytes <= this._limitBytes;
    }

    /** Sets what an account holds. Allocates nothing for an account that is known. */
    public set(account: string, bytes: number): void {
        const before = this._accounts.get(account) ?? 0;
        if (bytes === before) {
            return;
        }
        this._accounts.set(account, bytes);
        this._usedBytes += bytes - before;
        if (this._usedBytes > this._peakBytes) {
            this._peakBytes = this._usedBytes;
        }
        this._watch();
    }

    private _watch(): void {
        const isShort = this._usedBytes >= PRESSURE_FROM * this._limitBytes;
        if (isShort === this._event.isShort) {
            return;
        }
        this._event.isShort = isShort;
        this._event.usedBytes = this._usedBytes;
        this._event.limitBytes = this._limitBytes;
        if (isShort) {
            this._pressureEvents++;
        }
        this.onPressureObservable.notifyObservers(this._event);
    }
}

function checkLimit(bytes: number): number {
    if (!(bytes > 0)) {
        throw new TerraneError("memoryLimitBytes", bytes, "bytes above 0", "Pass Infinity for no limit.");
    }
    return bytes;
}
