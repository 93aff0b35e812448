/** Places for things under way at once; who comes when all are taken waits for a turn, first come first served. */
export class RequestSlots {
    private _free: number;
    private readonly _waiting = new Set<() => void>();

    public constructor(count: number) {
        this._free = count;
    }

    /** Resolves with true when there is a place, which `release` gives back; with false where `signal` is aborted before. */
    public takeAsync(signal: AbortSignal): Promise<boolean> {
        if (signal.aborted) {
            return Promise.resolve(false);
        }
        if (this._free > 0) {
            this._free--;
            return Promise.resolve(true);
        }
        return new Promise((resolve) => {
            const take = (): void => {
                signal.removeEventListener("abort", leave);
                resolve(true);
            };
            const leave = (): void => {
                this._waiting.delete(take);
                resolve(false);
            };
            this._waiting.add(take);
            signal.addEventListener("abort", leave, { once: true });
        });
    }

    public release(): void {
        const [next] = this._waiting;
        if (next === undefined) {
            this._free++;
        } else {
            this._waiting.delete(next);
            next();
        }
    }
}
