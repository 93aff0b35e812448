import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import type { IDrawContext } from "@babylonjs/core/Engines/IDrawContext.js";
import type { SubMesh } from "@babylonjs/core/Meshes/subMesh.js";

interface IndexRange {
    start: number;
    count: number;
}

/**
 * Notices changes of index ranges. On WebGPU without `compatibilityMode` Babylon records a draw call into a bundle, index range
 * included, and plays that until the material or a buffer changes.
 */
export class RecordedRanges {
    /** Written over, so that a change leaves no garbage. */
    private readonly _rangeOf = new WeakMap<IDrawContext, IndexRange>();

    /** Drops the bundle of another range, just before `subMesh` is drawn. */
    public renew(engine: AbstractEngine, { indexStart, indexCount }: SubMesh): void {
        if (!engine.isWebGPU || engine.compatibilityMode) {
            return;
        }
        const context = engine._currentDrawContext;
        let range = this._rangeOf.get(context);
        if (range === undefined) {
            range = { start: -1, count: -1 };
            this._rangeOf.set(context, range);
        }
        if (range.start !== indexStart || range.count !== indexCount) {
            range.start = indexStart;
            range.count = indexCount;
            (context as { fastBundle?: unknown }).fastBundle = undefined;
        }
    }
}
