import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { SubMesh } from "@babylonjs/core/Meshes/subMesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";

/** What drawing a world's chunks takes on the calling thread in a frame, in all views and shadow maps together. */
export class DrawMeter {
    /** When the first was drawn, on the profiler's clock; and milliseconds. */
    public startMs = 0;
    public ms = 0;

    /** @param profiler null: nothing is measured */
    public constructor(private readonly _profiler: PerformanceProfiler | null) {}

    /** Enters what was drawn as `drawTerrain`, and begins anew. */
    public endFrame(): void {
        if (this.ms > 0) {
            this._profiler?.record("drawTerrain", this.startMs, this.ms);
        }
        this.ms = 0;
    }

    public get isOn(): boolean {
        return this._profiler?.isEnabled === true;
    }

    public begin(): number {
        const nowMs = this._profiler!.now();
        if (this.ms === 0) {
            this.startMs = nowMs;
        }
        return nowMs;
    }

    public end(startedMs: number): void {
        this.ms += this._profiler!.now() - startedMs;
    }
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
        const startedMs = this._meter.begin();
        super.render(subMesh, enableAlphaMode, replacement);
        this._meter.end(startedMs);
        return this;
    }
}
