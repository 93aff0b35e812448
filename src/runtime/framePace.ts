/** How long frames take, from the beginning of one to that of the next. Milliseconds. */
export class FramePace {
    private _beganMs = Number.NaN;
    private _lastMs = Number.NaN;
    private _steadyMs = Number.NaN;

    /** Length of the last frame; 0 while none has ended. */
    public get lastMs(): number {
        return this._lastMs === this._lastMs ? this._lastMs : 0;
    }

    /**
     * Length that recent frames have at least: the shorter one of the last two. A single hitch says nothing of what comes
     * next. 0 while none has ended.
     */
    public get steadyMs(): number {
        return this._steadyMs === this._steadyMs ? this._steadyMs : 0;
    }

    /** A frame begins. */
    public begin(nowMs: number): void {
        const before = this._lastMs;
        this._lastMs = nowMs - this._beganMs;
        this._steadyMs = before < this._lastMs ? before : this._lastMs;
        this._beganMs = nowMs;
    }
}
