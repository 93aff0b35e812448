import type { ApplyBudget } from "./applyBudget.js";

/** Milliseconds: the frame that budgets are meant for. */
const BUDGET_FRAME_MS = 1000 / 60;
/** A longer frame than this many has no larger budget: what blocked it is not known to be slow drawing. */
const MOST_BUDGET_FRAMES = 30;

/** What a world may spend on uploads in the present frame. */
export class UploadBudget {
    private _lastFrameMs = Number.POSITIVE_INFINITY;
    private _ms = 0;
    private _bytes = 0;

    /** @param _spent of the present frame, by all who share it */
    public constructor(private readonly _spent: ApplyBudget) {}

    /**
     * Begins a frame, with budgets of a frame of 60 Hz: one that took longer has more in proportion, since slow drawing
     * must not slow down streaming as well.
     */
    public beginFrame(frameMs: number, budgetMs: number, budgetBytes: number): void {
        const frames = Math.min(MOST_BUDGET_FRAMES, Math.max(1, (frameMs - this._lastFrameMs) / BUDGET_FRAME_MS));
        this._lastFrameMs = frameMs;
        this._ms = budgetMs * frames;
        this._bytes = budgetBytes * frames;
    }

    /** Returns whether another chunk may be uploaded in this frame. One a frame always may. */
    public allows(bytes: number): boolean {
        const { usedBytes, usedMs } = this._spent;
        return usedBytes === 0 || (usedBytes + bytes <= this._bytes && usedMs <= this._ms);
    }

    public spend(bytes: number, ms: number): void {
        this._spent.spend(ms, bytes);
    }
}
