import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { SubMesh } from "@babylonjs/core/Meshes/subMesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { FrameStep, type FrameRecord } from "../profiler/frameRecord.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { DrawnCount } from "./chunkMeshStats.js";
import { RecordedRanges } from "./recordedRanges.js";
import { ShownMeshes, type ShowableMesh } from "./shownMeshes.js";

/** What drawing a world's chunks takes on the calling thread in a frame, in all views together, and what the main views draw. */
export class DrawMeter {
    private readonly _drawn: DrawnCount = { drawCalls: 0, chunksInView: 0, triangles: 0 };

    /** @param profiler null: no time is measured */
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

    /** One draw call of a main view. */
    public count(chunks: number, triangles: number): void {
        this._drawn.drawCalls++;
        this._drawn.chunksInView += chunks;
        this._drawn.triangles += triangles;
    }

    /** Writes what was counted into `ref`, and counts from 0 again. */
    public takeDrawn(ref: DrawnCount): void {
        const { _drawn: drawn } = this;
        ref.drawCalls = drawn.drawCalls;
        ref.chunksInView = drawn.chunksInView;
        ref.triangles = drawn.triangles;
        drawn.drawCalls = 0;
        drawn.chunksInView = 0;
        drawn.triangles = 0;
    }
}

/** What the meshes of one world share. */
export class ChunkMeshContext {
    public readonly shown = new ShownMeshes();
    public readonly recordedRanges = new RecordedRanges();

    public constructor(public readonly meter: DrawMeter) {}
}

/** Whether what is drawn now is the active camera's own view: no render target, no shadow or depth map. */
function isMainView(scene: Scene): boolean {
    const camera = scene.activeCamera;
    if (!camera || scene._isInIntermediateRendering()) {
        return false;
    }
    const passId = camera.outputRenderTarget?.renderPassId ?? camera.renderPassId;
    return scene.getEngine().currentRenderPassId === passId;
}

/** Whether nobody has disposed a mesh or the geometry of it. */
export function isMeshIntact(mesh: Mesh): boolean {
    return mesh.geometry !== null && !mesh.isDisposed();
}

/** A mesh that draws chunks, and tells what that takes. */
export class ChunkMesh extends Mesh implements ShowableMesh {
    public placeAmongShown = -1;
    /** For `FrozenScene`: whether the scene's list of active meshes has it. */
    public isInFrozenList = false;

    public constructor(
        name: string,
        scene: Scene,
        /** The same for all meshes of a world, and for no others. */
        public readonly context: ChunkMeshContext,
    ) {
        super(name, scene);
    }

    public override setEnabled(value: boolean): void {
        super.setEnabled(value);
        if (value) {
            this.context.shown.add(this);
        } else {
            this.context.shown.remove(this);
        }
    }

    public override render(subMesh: SubMesh, enableAlphaMode: boolean, replacement?: AbstractMesh): Mesh {
        // Lists that Babylon keeps from frame to frame (frozen, or by an aggressive `performancePriority`) keep what is hidden.
        if (this.placeAmongShown < 0) {
            return this;
        }
        const isInMainView = isMainView(this.getScene());
        if (isInMainView && this.getScene()._activeMeshesFrozen && !this._isInView()) {
            return this;
        }
        const { meter } = this.context;
        const startedMs = meter.isOn ? meter.now() : Number.NaN;
        if (isInMainView) {
            meter.count(this.beginMainView(subMesh), subMesh.indexCount / 3);
            try {
                super.render(subMesh, enableAlphaMode, replacement);
            } finally {
                this.endMainView(subMesh);
            }
        } else {
            super.render(subMesh, enableAlphaMode, replacement);
        }
        if (startedMs === startedMs) {
            meter.add(startedMs);
        }
        return this;
    }

    /** All passes draw by this one: views, shadow maps, depth maps, mirrors. */
    public override _draw(subMesh: SubMesh, fillMode: number, instancesCount?: number): Mesh {
        this.context.recordedRanges.renew(this.getEngine(), subMesh);
        return super._draw(subMesh, fillMode, instancesCount);
    }

    public override dispose(doNotRecurse?: boolean, disposeMaterialAndTextures?: boolean): void {
        this.context.shown.remove(this);
        super.dispose(doNotRecurse, disposeMaterialAndTextures);
    }

    /** The active camera's own view is about to be drawn. Returns how many chunks it draws. */
    protected beginMainView(_subMesh: SubMesh): number {
        return 1;
    }

    protected endMainView(_subMesh: SubMesh): void {}

    private _isInView(): boolean {
        const scene = this.getScene();
        return scene.skipFrustumClipping || this.isInFrustum(scene.frustumPlanes);
    }
}
