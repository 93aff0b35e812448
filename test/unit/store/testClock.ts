import type { StoreClock } from "../../../src/store/store.js";

/** Turns of the event loop in which nothing ends before time moves on: more than a fake database takes for anything. */
const IDLE_TURNS = 60;
/** Milliseconds of real time after which nothing more is waited for. */
const MOST_IDLE_MS = 20_000;

/** Time that moves on to the next timer only when nothing else goes on. */
export class TestClock implements StoreClock {
    private _now = 1000;
    /** Number of times that somebody began or ended to wait: a sign that something goes on. */
    private _changes = 0;
    private readonly _timers = new Set<{ atMs: number; end: () => void }>();

    public now(): number {
        return this._now;
    }

    public waitAsync(ms: number, signal?: AbortSignal): Promise<void> {
        return new Promise((resolve) => {
            if (signal?.aborted === true) {
                resolve();
                return;
            }
            const timer = {
                atMs: this._now + ms,
                end: () => {
                    this._changes++;
                    this._timers.delete(timer);
                    signal?.removeEventListener("abort", timer.end);
                    resolve();
                },
            };
            this._changes++;
            this._timers.add(timer);
            signal?.addEventListener("abort", timer.end);
        });
    }

    /** Number of timers that nobody has ended yet. */
    public get pending(): number {
        return this._timers.size;
    }

    public advance(ms: number): void {
        this._now += ms;
        for (const timer of [...this._timers].sort((a, b) => a.atMs - b.atMs)) {
            if (timer.atMs <= this._now) {
                timer.end();
            }
        }
    }

    /** Lets time pass until `work` has ended; fails where it never does. */
    public async runAsync<T>(work: Promise<T>): Promise<T> {
        let isOver = false;
        const over = (): void => void (isOver = true);
        work.then(over, over);
        let idleSinceMs = performance.now();
        let changes = this._changes;
        for (let idle = 0; !isOver; idle++) {
            if (changes !== this._changes) {
                changes = this._changes;
                idle = 0;
            }
            if (idle <= IDLE_TURNS) {
                await new Promise((resolve) => setImmediate(resolve));
                continue;
            }
            const next = Math.min(...[...this._timers].map(({ atMs }) => atMs));
            if (next < Infinity) {
                this.advance(next - this._now);
                idle = 0;
                idleSinceMs = performance.now();
            } else if (performance.now() - idleSinceMs > MOST_IDLE_MS) {
                throw new Error("It never ends: nothing waits for time, and nothing else goes on.");
            } else {
                // A disk takes its own time.
                await new Promise((resolve) => setTimeout(resolve, 1));
            }
        }
        return work;
    }
}
