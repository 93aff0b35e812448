import type { ApplyBudget } from "./applyBudget.js";

/** Milliseconds: the frame that budgets are meant for. */
const BUDGET_FRAME_MS = 1000 / 60;
/** A longer frame than this many has no larger budget: what blocked it is not known to be slow drawing. */
const MOST_BUDGET_FRAMES = 30;
/**
 * How many times the budget a world has whose view is new: all wait for it, and little can be seen to stutter. With the
 * default budget that is a quarter of the frame.
 */
const NEW_VIEW_FACTOR = 2;

/** What a world may spend on uploads in the present frame. */
export class UploadBudget {
    private _ms = 0;
    private _bytes = 0;

    /** @param _spent of the present frame, by all who share it */
    public constructor(private readonly _spent: ApplyBudget) {}

    /**
     * Begins a frame, with budgets of a frame of 60 Hz: where the last one took longer it has more in proportion, since slow
     * drawing must not slow down streaming as well. What that one spent on uploads itself does not count, or budgets would
     * feed themselves: frames grow with them.
     *
     * @param lastFrameMs length of the last frame; 0 where there was none
     * @param isNewView whether the picture was not whole yet from where viewers are now
     */
    public beginFrame(lastFrameMs: number, budgetMs: number, budgetBytes: number, isNewView = false): void {
        const ownMs = this._spent.lastUsedMs;
        const frames = Math.min(MOST_BUDGET_FRAMES, Math.max(1, (lastFrameMs - ownMs) / BUDGET_FRAME_MS));
        const factor = isNewView ? NEW_VIEW_FACTOR * frames : frames;
        this._ms = budgetMs * factor;
        this._bytes = budgetBytes * factor;
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
