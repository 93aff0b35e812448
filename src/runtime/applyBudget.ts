/** What a frame has spent on applying results. All worlds of a scene share one. */
export class ApplyBudget {
    private _usedMs = 0;
    private _lastUsedMs = 0;
    private _usedBytes = 0;

    public get usedMs(): number {
        return this._usedMs;
    }

    public get usedBytes(): number {
        return this._usedBytes;
    }

    /** Milliseconds that the frame before has spent. */
    public get lastUsedMs(): number {
        return this._lastUsedMs;
    }

    /** A frame begins. */
    public begin(): void {
        this._lastUsedMs = this._usedMs;
        this._usedMs = 0;
        this._usedBytes = 0;
    }

    public spend(ms: number, bytes: number): void {
        this._usedMs += ms;
        this._usedBytes += bytes;
    }
}
