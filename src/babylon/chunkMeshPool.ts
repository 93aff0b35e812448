import type { DataBuffer } from "@babylonjs/core/Buffers/dataBuffer.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { ChunkFlags, readChunkHeader, VertexLayout, type ChunkHeader } from "../format/chunkData.js";
import { createHeightGridIndices, heightGridVertexCount } from "../meshing/heightGridIndices.js";
import type { ChunkSink } from "../runtime/chunkSink.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { ChunkMeshSlot, type SlotClass } from "./chunkMeshSlot.js";
import { fusedCapacityOf, INDICES_PER_VERTEX } from "./sizeClasses.js";

export interface ChunkMeshPoolOptions {
    /** Prefix of mesh names. */
    readonly name: string;
    /** Metres: side of a level-0 chunk. */
    readonly chunkSize: number;
    /** Height cells along a chunk's side. */
    readonly resolution: number;
    readonly material: Material | null;
    readonly receiveShadows: boolean;
}

/** What the pool has done and holds since its creation. */
export interface ChunkMeshPoolStats {
    /** GPU buffers ever created; stands still in steady flight. */
    gpuBuffersCreated: number;
    /** Bytes of all GPU buffers held, in use or free. */
    gpuBytes: number;
    /** Bytes of those that no chunk uses at the moment. */
    idleGpuBytes: number;
    /** Bytes of those in use that are longer than their chunks. */
    roundingGpuBytes: number;
    meshes: number;
    meshesInUse: number;
    meshesShown: number;
    /** Bytes ever sent to GPU buffers. */
    uploadedBytes: number;
    /** Triangles of all chunks shown, skirts included, in view or not. */
    trianglesShown: number;
}

/**
 * Owns every GPU object of a world's chunks. A chunk that goes leaves its mesh and buffers to the next of its size
 * class, which writes over them: once enough are there, no GPU buffer is made or destroyed.
 */
export class ChunkMeshPool implements ChunkSink<ChunkMeshSlot> {
    private readonly _slots: ChunkMeshSlot[] = [];
    private readonly _slotOf = new Map<AbstractMesh, ChunkMeshSlot>();
    private readonly _free = new Map<number, ChunkMeshSlot[]>();
    private readonly _heightGridClass: SlotClass;
    private readonly _heightGridIndices: Uint16Array;
    private _heightGridIndexBuffer: DataBuffer | null = null;
    private _material: Material | null;
    private _receiveShadows: boolean;
    private _isDisposed = false;
    private readonly _stats: ChunkMeshPoolStats = {
        gpuBuffersCreated: 0,
        gpuBytes: 0,
        idleGpuBytes: 0,
        roundingGpuBytes: 0,
        meshes: 0,
        meshesInUse: 0,
        meshesShown: 0,
        uploadedBytes: 0,
        trianglesShown: 0,
    };

    public constructor(
        private readonly _scene: Scene,
        private readonly _options: ChunkMeshPoolOptions,
    ) {
        this._material = _options.material;
        this._receiveShadows = _options.receiveShadows;
        this._heightGridIndices = createHeightGridIndices(_options.resolution);
        this._heightGridClass = {
            vertexCapacity: heightGridVertexCount(_options.resolution),
            indexCapacity: this._heightGridIndices.length,
            is32Bits: false,
            isHeightGrid: true,
        };
    }

    /** The live counters: read them, do not keep them. */
    public get stats(): Readonly<ChunkMeshPoolStats> {
        return this._stats;
    }

    public get material(): Material | null {
        return this._material;
    }

    public set material(material: Material | null) {
        this._material = material;
        for (const slot of this._slots) {
            slot.mesh.material = material;
        }
    }

    public get receiveShadows(): boolean {
        return this._receiveShadows;
    }

    public set receiveShadows(value: boolean) {
        this._receiveShadows = value;
        for (const slot of this._slots) {
            slot.mesh.receiveShadows = value;
        }
    }

    public upload(address: ChunkAddress, bytes: Uint8Array): ChunkMeshSlot {
        const header = readChunkHeader(bytes);
        const slot = this._take(header);
        this._stats.uploadedBytes += slot.load(address, header, bytes, this._options.chunkSize);
        this._stats.roundingGpuBytes += gpuBytesOf(slot.slotClass) - slot.usedBytes;
        this._stats.meshesInUse++;
        return slot;
    }

    public show(slot: ChunkMeshSlot): void {
        if (!this._isDisposed && !slot.mesh.isEnabled(false)) {
            slot.mesh.setEnabled(true);
            this._stats.meshesShown++;
            this._stats.trianglesShown += slot.triangleCount;
        }
    }

    public hide(slot: ChunkMeshSlot): void {
        if (!this._isDisposed && slot.mesh.isEnabled(false)) {
            slot.mesh.setEnabled(false);
            this._stats.meshesShown--;
            this._stats.trianglesShown -= slot.triangleCount;
        }
    }

    public release(slot: ChunkMeshSlot): void {
        if (this._isDisposed || slot.address === null) {
            return;
        }
        this.hide(slot);
        this._stats.roundingGpuBytes -= gpuBytesOf(slot.slotClass) - slot.usedBytes;
        slot.unload();
        this._freeListOf(slot.slotClass).push(slot);
        this._stats.idleGpuBytes += gpuBytesOf(slot.slotClass);
        this._stats.meshesInUse--;
    }

    /** Disposes what no chunk uses, for when memory is short. */
    public trim(): void {
        for (const free of this._free.values()) {
            for (const slot of free) {
                this._slots.splice(this._slots.indexOf(slot), 1);
                this._slotOf.delete(slot.mesh);
                this._stats.meshes--;
                this._stats.gpuBytes -= gpuBytesOf(slot.slotClass);
                slot.dispose();
            }
            free.length = 0;
        }
        this._stats.idleGpuBytes = 0;
    }

    /** After a lost context: makes index buffers anew and writes every chunk again from its bytes. */
    public rebuild(): void {
        if (this._heightGridIndexBuffer !== null) {
            this._heightGridIndexBuffer = null;
            this._stats.gpuBytes -= this._heightGridIndices.byteLength;
        }
        for (const slot of this._slots) {
            slot.rebuild(this._indexBufferFor(slot.slotClass));
        }
    }

    /** Meshes of the chunks shown now, in no order. */
    public shownMeshes(): Mesh[] {
        return this._slots.filter((slot) => slot.mesh.isEnabled(false)).map((slot) => slot.mesh);
    }

    /** Counts those of `meshes` that are this pool's, and their triangles, into `ref`. Allocates nothing. */
    public countDrawn(meshes: { readonly data: AbstractMesh[]; readonly length: number }, ref: DrawnCount): void {
        ref.drawCalls = 0;
        ref.chunksInView = 0;
        ref.triangles = 0;
        for (let i = 0; i < meshes.length; i++) {
            const slot = this._slotOf.get(meshes.data[i]!);
            if (slot !== undefined) {
                ref.drawCalls++;
                ref.chunksInView++;
                ref.triangles += slot.triangleCount;
            }
        }
    }

    public dispose(): void {
        if (this._isDisposed) {
            return;
        }
        this._isDisposed = true;
        for (const slot of this._slots) {
            slot.dispose();
        }
        this._slots.length = 0;
        this._slotOf.clear();
        this._free.clear();
        if (this._heightGridIndexBuffer !== null) {
            this._scene.getEngine()._releaseBuffer(this._heightGridIndexBuffer);
            this._heightGridIndexBuffer = null;
        }
        Object.assign(this._stats, {
            gpuBytes: 0,
            idleGpuBytes: 0,
            roundingGpuBytes: 0,
            meshes: 0,
            meshesInUse: 0,
            meshesShown: 0,
            trianglesShown: 0,
        });
    }

    private _take(header: ChunkHeader): ChunkMeshSlot {
        const slotClass = this._classOf(header);
        const free = this._freeListOf(slotClass).pop();
        if (free === undefined) {
            return this._create(slotClass);
        }
        this._stats.idleGpuBytes -= gpuBytesOf(slotClass);
        return free;
    }

    private _create(slotClass: SlotClass): ChunkMeshSlot {
        const slot = new ChunkMeshSlot(this._options.name, this._scene, slotClass, this._indexBufferFor(slotClass));
        slot.mesh.material = this._material;
        slot.mesh.receiveShadows = this._receiveShadows;
        this._slots.push(slot);
        this._slotOf.set(slot.mesh, slot);
        this._stats.gpuBuffersCreated++;
        this._stats.gpuBytes += gpuBytesOf(slotClass);
        this._stats.meshes++;
        return slot;
    }

    private _classOf(header: ChunkHeader): SlotClass {
        if ((header.flags & ChunkFlags.fused) === 0) {
            return this._heightGridClass;
        }
        const vertexCapacity = fusedCapacityOf(header.vertexCount, header.indexCount);
        const is32Bits = (header.flags & ChunkFlags.index32) !== 0;
        return { vertexCapacity, indexCapacity: vertexCapacity * INDICES_PER_VERTEX, is32Bits, isHeightGrid: false };
    }

    private _freeListOf(slotClass: SlotClass): ChunkMeshSlot[] {
        const { isHeightGrid, is32Bits, vertexCapacity } = slotClass;
        const key = isHeightGrid ? 0 : vertexCapacity * 2 + (is32Bits ? 1 : 0);
        let free = this._free.get(key);
        if (free === undefined) {
            free = [];
            this._free.set(key, free);
        }
        return free;
    }

    /** An index buffer with a reference for the caller. The pool holds one more on the shared one until it is disposed. */
    private _indexBufferFor(slotClass: SlotClass): DataBuffer {
        const engine = this._scene.getEngine();
        if (!slotClass.isHeightGrid) {
            this._stats.gpuBuffersCreated++;
            const empty = slotClass.is32Bits
                ? new Uint32Array(slotClass.indexCapacity)
                : new Uint16Array(slotClass.indexCapacity);
            return engine.createIndexBuffer(empty, true, this._options.name);
        }
        if (this._heightGridIndexBuffer === null) {
            this._stats.gpuBuffersCreated++;
            this._stats.gpuBytes += this._heightGridIndices.byteLength;
            this._heightGridIndexBuffer = engine.createIndexBuffer(this._heightGridIndices, false, this._options.name);
        }
        this._heightGridIndexBuffer.references++;
        return this._heightGridIndexBuffer;
    }
}

/** What a frame drew of a world. */
export interface DrawnCount {
    drawCalls: number;
    chunksInView: number;
    triangles: number;
}

function gpuBytesOf({ vertexCapacity, indexCapacity, is32Bits, isHeightGrid }: SlotClass): number {
    const ownIndices = isHeightGrid ? 0 : indexCapacity * (is32Bits ? 4 : 2);
    return vertexCapacity * VertexLayout.stride + ownIndices;
}
