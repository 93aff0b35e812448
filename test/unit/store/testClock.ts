import type { StoreClock } from "../../../src/store/store.js";

/** Turns of the event loop in which nothing ends before time moves on: more than a fake database takes for anything. */
const IDLE_TURNS = 60;

/** Time that moves on to the next timer only when nothing else goes on. */
export class TestClock implements StoreClock {
    private _now = 1000;
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
                    this._timers.delete(timer);
                    signal?.removeEventListener("abort", timer.end);
                    resolve();
                },
            };
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
        for (let idle = 0; !isOver; idle++) {
            await new Promise((resolve) => setImmediate(resolve));
            const next = Math.min(...[...this._timers].map(({ atMs }) => atMs));
            if (idle > IDLE_TURNS && next < Infinity) {
                this.advance(next - this._now);
                idle = 0;
            } else if (idle > 20 * IDLE_TURNS) {
                throw new Error("It never ends: nothing waits for time, and nothing else goes on.");
            }
        }
        return work;
    }
}
