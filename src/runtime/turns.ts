import { nextMacrotask } from "../base/nextMacrotask.js";

/**
 * Hands out turns to compute on a thread that has other things to do: once those of a task have taken their milliseconds, the
 * next turn comes in a task of its own, so that frames and input come between.
 */
export class Turns {
    private readonly _waiting: (() => void)[] = [];
    private _startedMs = 0;
    private _isRunning = false;

    public constructor(private readonly _budgetMs: number) {}

    /** Resolves when it is the caller's turn, first come first served. */
    public takeAsync(): Promise<void> {
        return new Promise((resolve) => {
            this._waiting.push(resolve);
            if (!this._isRunning) {
                this._isRunning = true;
                nextMacrotask(this._begin);
            }
        });
    }

    private readonly _begin = (): void => {
        this._startedMs = performance.now();
        this._next();
    };

    private readonly _next = (): void => {
        const take = this._waiting[0];
        if (take === undefined) {
            this._isRunning = false;
        } else if (performance.now() - this._startedMs < this._budgetMs) {
            this._waiting.shift();
            take();
            // Whoever took the turn computes in a microtask that comes before this one.
            void Promise.resolve().then(AFTER).then(this._next);
        } else {
            nextMacrotask(this._begin);
        }
    };
}

const AFTER = (): Promise<void> => Promise.resolve();
