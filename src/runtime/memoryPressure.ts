/** Shares of the memory limit that what is wanted may take before the error rises, and must fall below before it sinks. */
const RISE_ABOVE = 0.8;
const SINK_BELOW = 0.5;
/** Both act within a frame or a few, as the selection answers at once; slowly, so that levels merge a few at a time. */
const RISE = 1.03;
const SINK = 0.995;
const MAX_FACTOR = 64;

/**
 * How many times the screen-space error is allowed to be larger so that what is drawn fits the memory limit. What counts
 * is what the selection wants, not what is here: that answers with the very next frame, so that nothing swings.
 */
export class MemoryPressure {
    private _factor = 1;

    /** 1 while memory suffices, up to 64. */
    public get factor(): number {
        return this._factor;
    }

    /**
     * Follows what is wanted. Call it once a frame.
     *
     * @param wantedBytes all chunks that the selection wants, with their GPU copies
     */
    public update(wantedBytes: number, limitBytes: number): void {
        if (wantedBytes > limitBytes * RISE_ABOVE) {
            this._factor = Math.min(MAX_FACTOR, this._factor * RISE);
        } else if (wantedBytes < limitBytes * SINK_BELOW) {
            this._factor = Math.max(1, this._factor * SINK);
        }
    }
}
