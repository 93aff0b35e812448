import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { SubMesh } from "@babylonjs/core/Meshes/subMesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { FrameStep, type FrameRecord } from "../profiler/frameRecord.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";

/** What drawing a world's chunks takes on the calling thread in a frame, in all views and shadow maps together. */
export class DrawMeter {
    /** @param profiler null: nothing is measured */
    public constructor(
        private readonly _profiler: PerformanceProfiler | null,
        private readonly _frame: FrameRecord,
    ) {}

    public get isOn(): boolean {
        return this._profiler?.isEnabled === true;
    }

    public now(): number {
        return this._profiler!.now();
    }

    /** Enters what was drawn since `startedMs`. */
    public add(startedMs: number): void {
        this._frame.addToStep(FrameStep.drawTerrain, startedMs, this._profiler!.now());
    }
}

/** Whether nobody has disposed a mesh or the geometry of it. */
export function isMeshIntact(mesh: Mesh): boolean {
    return mesh.geometry !== null && !mesh.isDisposed();
}

/** A mesh that draws chunks, and tells what that takes. */
export class ChunkMesh extends Mesh {
    public constructor(
        name: string,
        scene: Scene,
        private readonly _meter: DrawMeter,
    ) {
        super(name, scene);
    }

    public override render(subMesh: SubMesh, enableAlphaMode: boolean, replacement?: AbstractMesh): Mesh {
        if (!this._meter.isOn) {
            return super.render(subMesh, enableAlphaMode, replacement);
        }
        const startedMs = this._meter.now();
        super.render(subMesh, enableAlphaMode, replacement);
        this._meter.add(startedMs);
        return this;
    }
}
