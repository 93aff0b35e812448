import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";

/** Leaves out what takes a software renderer seconds a frame while a view loads. Returns what ends it. */
export function stubDrawing(engine: AbstractEngine): () => void {
    const drawing = engine as unknown as Partial<Record<"drawElementsType", unknown>>;
    drawing.drawElementsType = () => undefined;
    return () => delete drawing.drawElementsType;
}
