import type { StoreClock } from "./store.js";

/** Longest pause between two probes, in first pauses. */
const MOST_PAUSES = 16;

/** Leave to ask: as everybody, or as the one that finds out whether the host answers again. */
export type Permit = "usual" | "probe";

/** Knows whether a host is worth asking. Whoever asks says what came of it, by one of `succeed`, `fail` and `giveBack`. */
export class CircuitBreaker {
    private _failures = 0;
    private _pauseMs = 0;
    private _untilMs = -Infinity;
    private _isProbing = false;

    /**
     * @param _limit number of failures in a row after which the host is left alone
     * @param _firstPauseMs milliseconds until it is asked again
     */
    public constructor(
        private readonly _clock: StoreClock,
        private readonly _limit: number,
        private readonly _firstPauseMs: number,
    ) {}

    /** Whether the host is left alone, or being probed. */
    public get isOpen(): boolean {
        return this._pauseMs > 0;
    }

    /** Returns leave to ask; null while the host is left alone. */
    public ask(): Permit | null {
        if (!this.isOpen) {
            return "usual";
        }
        if (this._isProbing || this._clock.now() < this._untilMs) {
            return null;
        }
        this._isProbing = true;
        return "probe";
    }

    /** Counts an answer, and asks as usual from then on. */
    public succeed(permit: Permit): void {
        this.giveBack(permit);
        this._failures = 0;
        this._pauseMs = 0;
    }

    /** Counts a failure. */
    public fail(permit: Permit): void {
        this.giveBack(permit);
        this._failures++;
        if (permit === "probe") {
            this.leaveAlone(Math.min(2 * this._pauseMs, MOST_PAUSES * this._firstPauseMs));
        } else if (!this.isOpen && this._failures >= this._limit) {
            this.leaveAlone(this._firstPauseMs);
        }
    }

    /** Ends a request that tells nothing of the host. */
    public giveBack(permit: Permit): void {
        if (permit === "probe") {
            this._isProbing = false;
        }
    }

    /** Leaves the host alone for `ms` milliseconds, as it asks for or deserves. */
    public leaveAlone(ms: number): void {
        this._pauseMs = Math.max(ms, 1);
        this._untilMs = this._clock.now() + this._pauseMs;
    }
}
