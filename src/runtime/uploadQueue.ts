import type { QuadNode } from "../lod/quadtree.js";
import type { ApplyBudget } from "./applyBudget.js";

/** Milliseconds: the frame that budgets are meant for. */
const BUDGET_FRAME_MS = 1000 / 60;
/** A longer frame than this many has no larger budget: what blocked it is not known to be slow drawing. */
const MOST_BUDGET_FRAMES = 30;

/** Nodes whose bytes are here and wait for the apply budget. The most urgent leaves first. */
export class UploadQueue<THandle> {
    private readonly _nodes: QuadNode<THandle>[] = [];
    private _lastFrameMs = Number.POSITIVE_INFINITY;
    private _budgetMs = 0;
    private _budgetBytes = 0;

    /** @param _spent of the present frame, by all who share the budget */
    public constructor(private readonly _spent: ApplyBudget) {}

    public get count(): number {
        return this._nodes.length;
    }

    public add(node: QuadNode<THandle>): void {
        this._nodes.push(node);
    }

    public remove(node: QuadNode<THandle>): void {
        this._removeAt(this._nodes.indexOf(node));
    }

    public clear(): void {
        this._nodes.length = 0;
    }

    /**
     * Begins a frame, with budgets of a frame of 60 Hz: one that took longer has more in proportion, since slow drawing
     * must not slow down streaming as well.
     */
    public beginFrame(frameMs: number, budgetMs: number, budgetBytes: number): void {
        const frames = Math.min(MOST_BUDGET_FRAMES, Math.max(1, (frameMs - this._lastFrameMs) / BUDGET_FRAME_MS));
        this._lastFrameMs = frameMs;
        this._budgetMs = budgetMs * frames;
        this._budgetBytes = budgetBytes * frames;
    }

    /** Priority of the most urgent node: lower is sooner; Infinity where there is none. */
    public get priority(): number {
        return this._nodes.length === 0 ? Number.POSITIVE_INFINITY : this._nodes[this._mostUrgent()]!.priority;
    }

    /** Takes out the most urgent node; null where there is none, or the budget is spent. One a frame always may. */
    public next(): QuadNode<THandle> | null {
        if (this._nodes.length === 0) {
            return null;
        }
        const index = this._mostUrgent();
        const node = this._nodes[index]!;
        const { usedBytes, usedMs } = this._spent;
        const isOver = usedBytes + node.byteLength > this._budgetBytes || usedMs > this._budgetMs;
        if (usedBytes > 0 && isOver) {
            return null;
        }
        this._removeAt(index);
        return node;
    }

    /** What the upload of a node that was taken out came to. */
    public spend(bytes: number, ms: number): void {
        this._spent.spend(ms, bytes);
    }

    private _mostUrgent(): number {
        let best = 0;
        for (let i = 1; i < this._nodes.length; i++) {
            if (this._nodes[i]!.priority < this._nodes[best]!.priority) {
                best = i;
            }
        }
        return best;
    }

    private _removeAt(index: number): void {
        const last = this._nodes.pop()!;
        if (index < this._nodes.length) {
            this._nodes[index] = last;
        }
    }
}
