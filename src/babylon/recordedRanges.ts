import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import type { IDrawContext } from "@babylonjs/core/Engines/IDrawContext.js";
import type { SubMesh } from "@babylonjs/core/Meshes/subMesh.js";

/** Indices: above every count of a submesh, and squared within what numbers hold exactly. */
const COUNT_LIMIT = 2 ** 26;

/**
 * On WebGPU without `compatibilityMode` Babylon records a draw call into a bundle, index range included, and plays that
 * until the material or a buffer changes: this notices that the range does.
 */
export class RecordedRanges {
    private readonly _rangeOf = new WeakMap<IDrawContext, number>();

    /** Just before `subMesh` is drawn: drops the bundle of another range. */
    public renew(engine: AbstractEngine, { indexStart, indexCount }: SubMesh): void {
        if (!engine.isWebGPU || engine.compatibilityMode) {
            return;
        }
        const context = engine._currentDrawContext;
        const range = indexStart * COUNT_LIMIT + indexCount;
        if (this._rangeOf.get(context) !== range) {
            this._rangeOf.set(context, range);
            (context as { fastBundle?: unknown }).fastBundle = undefined;
        }
    }
}
