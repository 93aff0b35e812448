import type { Buffer } from "@babylonjs/core/Buffers/buffer.js";
import type { DataBuffer } from "@babylonjs/core/Buffers/dataBuffer.js";
import type { Effect } from "@babylonjs/core/Materials/effect.js";
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { SubMesh } from "@babylonjs/core/Meshes/subMesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { createChunkGeometry } from "./chunkGeometry.js";
import type { ChunkMeshContext } from "./chunkMeshContext.js";
import type { VariantMesh } from "./fade/fadeVariant.js";
import { gpuBytesOf, type MeshKind } from "./meshKinds.js";
import type { PooledChunk } from "./pooledChunk.js";
import type { ShowableMesh } from "./shownMeshes.js";

/** Returns whether the active camera's own view is being drawn, and no render target, shadow map or depth map. */
function isMainView(scene: Scene): boolean {
    const camera = scene.activeCamera;
    if (!camera || scene._isInIntermediateRendering()) {
        return false;
    }
    const passId = camera.outputRenderTarget?.renderPassId ?? camera.renderPassId;
    return scene.getEngine().currentRenderPassId === passId;
}

/** Returns whether neither a mesh nor its geometry has been disposed. */
export function isMeshIntact(mesh: Mesh): boolean {
    return mesh.geometry !== null && !mesh.isDisposed();
}

/** A mesh that draws chunks, one after another or several together, from a vertex buffer of its own. It is hidden at first. */
export abstract class ChunkMesh extends Mesh implements ShowableMesh, VariantMesh {
    public placeAmongShown = -1;
    public usesFadeVariant = false;
    public preparedEffect: Effect | null = null;
    /** Whether a frozen scene's list of active meshes has it. For `FrozenScene` alone. */
    public isInFrozenList = false;
    /** The chunks that it draws, and null in each place that is free. */
    public abstract readonly chunks: readonly (PooledChunk | null)[];
    protected readonly vertices: Buffer;

    protected constructor(
        name: string,
        scene: Scene,
        /** What the meshes of a world share, and nobody else's. */
        public readonly context: ChunkMeshContext,
        public readonly kind: MeshKind,
        /** One reference to it is this mesh's. */
        indexBuffer: DataBuffer,
    ) {
        super(name, scene);
        this.doNotSerialize = true;
        this.isPickable = false;
        this.doNotSyncBoundingInfo = true;
        this.setEnabled(false);
        this.vertices = context.buffers.createVertices(kind.vertexCapacity);
        createChunkGeometry(`${name}.${this.uniqueId}`, scene, this.vertices, kind, indexBuffer).applyToMesh(this);
        this._shareBounds();
        this.applyMaterial();
    }

    /** Level of the chunks that it has; -1 while it has none. */
    public get level(): number {
        for (let place = 0; place < this.chunks.length; place++) {
            const chunk = this.chunks[place];
            if (chunk) {
                return chunk.address.level;
            }
        }
        return -1;
    }

    public get verticesPerChunk(): number {
        return this.kind.vertexCapacity;
    }

    public abstract fadesToRef(ref: Float32Array): void;

    /** Whether one of its chunks comes or goes by an exchange. */
    public get isFading(): boolean {
        for (let place = 0; place < this.chunks.length; place++) {
            if ((this.chunks[place]?.fade ?? null) !== null) {
                return true;
            }
        }
        return false;
    }

    /** Takes over the context's material, and whether shadows fall on it. */
    public applyMaterial(): void {
        this.material = this.context.material;
        this.preparedEffect = null;
        this.receiveShadows = this.context.receiveShadows;
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
                this._renderVariant(subMesh, enableAlphaMode, replacement);
            } finally {
                this.endMainView(subMesh);
            }
        } else {
            this._renderVariant(subMesh, enableAlphaMode, replacement);
        }
        if (startedMs === startedMs) {
            meter.add(startedMs);
        }
        return this;
    }

    /** Draws in every pass: views, shadow maps, depth maps, mirrors. */
    public override _draw(subMesh: SubMesh, fillMode: number, instancesCount?: number): Mesh {
        this.context.recordedRanges.renew(this.getEngine(), subMesh);
        return super._draw(subMesh, fillMode, instancesCount);
    }

    public override dispose(doNotRecurse?: boolean, disposeMaterialAndTextures?: boolean): void {
        if (this.isDisposed()) {
            return;
        }
        this.context.buffers.freed(gpuBytesOf(this.kind));
        this.context.shown.remove(this);
        super.dispose(doNotRecurse, disposeMaterialAndTextures);
    }

    /**
     * Replaces the index buffer after a lost context, when Babylon has made the vertex buffer anew but empty and put an index
     * buffer of no indices in place of ours.
     *
     * @returns whether there is a geometry to draw with
     */
    protected replaceIndexBuffer(indexBuffer: DataBuffer): boolean {
        const { geometry } = this;
        if (geometry === null) {
            return false;
        }
        const replaced = geometry.getIndexBuffer();
        if (replaced !== null && replaced !== indexBuffer) {
            this.context.buffers.engine._releaseBuffer(replaced);
        }
        const { vertexCapacity, indexCapacity, is32Bits } = this.kind;
        geometry.setIndexBuffer(indexBuffer, vertexCapacity, indexCapacity, is32Bits);
        this._shareBounds();
        return true;
    }

    /** Prepares the mesh for the active camera's own view. Returns the number of chunks that are drawn in it. */
    protected beginMainView(_subMesh: SubMesh): number {
        return 1;
    }

    /** Prepares the mesh for all other passes again. */
    protected endMainView(_subMesh: SubMesh): void {}

    private _renderVariant(subMesh: SubMesh, enableAlphaMode: boolean, replacement?: AbstractMesh): void {
        const { fadeVariant } = this.context;
        if (!this.isFading || !fadeVariant.begin(this, subMesh)) {
            super.render(subMesh, enableAlphaMode, replacement);
            fadeVariant.prepare(this, subMesh);
            return;
        }
        try {
            super.render(subMesh, enableAlphaMode, replacement);
        } finally {
            fadeVariant.end(this, subMesh);
        }
    }

    // A submesh that draws part of its geometry's range would compute bounds of its own from positions that only the GPU has.
    private _shareBounds(): void {
        this.subMeshes[0]!.setBoundingInfo(this.getBoundingInfo());
    }

    private _isInView(): boolean {
        const scene = this.getScene();
        return scene.skipFrustumClipping || this.isInFrustum(scene.frustumPlanes);
    }
}
