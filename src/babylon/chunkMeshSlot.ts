import type { Buffer } from "@babylonjs/core/Buffers/buffer.js";
import type { DataBuffer } from "@babylonjs/core/Buffers/dataBuffer.js";
import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { ChunkFlags, chunkIndices, chunkVertexBytes } from "../format/chunkData.js";
import type { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { formatAddress } from "../space/chunkAddress.js";
import { ChunkMesh, isMeshIntact, type ChunkMeshContext } from "./chunkMesh.js";
import { createChunkGeometry, createVertexStore } from "./chunkGeometry.js";
import type { DrawnHeader, PooledChunk } from "./pooledChunk.js";

/** Which chunks a slot can take: those of the same class, no others. */
export interface SlotClass {
    /** Vertices. */
    readonly vertexCapacity: number;
    /** Indices. */
    readonly indexCapacity: number;
    readonly is32Bits: boolean;
    /** Height grids draw with the pool's one index buffer of their layout; fused chunks with one of their own. */
    readonly isHeightGrid: boolean;
    /** Of height grids: whether walls hang from their skirts. */
    readonly hasWalls: boolean;
}

const minimum = new Vector3();
const maximum = new Vector3();

/** Bounds of a chunk in quanta, from its corner and the height `base`. @param side quanta; @param base quanta */
export function chunkBoundsToRef(header: DrawnHeader, side: number, base: number, low: Vector3, high: Vector3): void {
    // Skirts of caves run along inverse normals and may leave the chunk's square by two samples, of 16 at least.
    const margin = (header.flags & ChunkFlags.fused) === 0 ? 0 : side / 8;
    low.set(-margin, header.minY / header.quantum - base, -margin);
    high.set(side + margin, header.maxY / header.quantum - base, side + margin);
}

/**
 * One mesh with its GPU buffers, used by one chunk after another. The pool alone creates and loads slots; to everyone
 * else it is a handle.
 */
export class ChunkMeshSlot {
    public readonly mesh: Mesh;
    /** What it draws now. */
    public chunk: PooledChunk | null = null;
    /** Bytes of the present chunk in the slot's own GPU buffers. */
    public usedBytes = 0;

    private readonly _engine: AbstractEngine;
    private readonly _store: Buffer;
    private _indexBuffer: DataBuffer;

    public constructor(
        private readonly _worldName: string,
        scene: Scene,
        public readonly slotClass: SlotClass,
        indexBuffer: DataBuffer,
        context: ChunkMeshContext,
        buffers: BufferPoolManager,
    ) {
        this._engine = scene.getEngine();
        this._indexBuffer = indexBuffer;
        this.mesh = new ChunkMesh(_worldName, scene, context);
        this.mesh.doNotSerialize = true;
        this.mesh.isPickable = false;
        this.mesh.doNotSyncBoundingInfo = true;
        this.mesh.setEnabled(false);
        const { vertexCapacity, indexCapacity, is32Bits } = slotClass;
        this._store = createVertexStore(this._engine, vertexCapacity, _worldName, buffers);
        const id = `${_worldName}.${this.mesh.uniqueId}`;
        createChunkGeometry(id, scene, this._store, vertexCapacity, indexBuffer, indexCapacity, is32Bits).applyToMesh(
            this.mesh,
        );
        this._shareBounds();
    }

    /** False once somebody else has disposed its mesh or the geometry of that. */
    public get isIntact(): boolean {
        return isMeshIntact(this.mesh);
    }

    /** Writes a chunk into the slot's buffers and places the mesh. Returns the bytes that went to the GPU. */
    public load(chunk: PooledChunk, chunkSize: number): number {
        const { address, quantum, baseY } = chunk;
        this.chunk = chunk;
        const uploadedBytes = this._upload(chunk);
        this.usedBytes = uploadedBytes;
        const side = chunkSize * 2 ** address.level;
        this.mesh.name = `${this._worldName} ${formatAddress(address)}`;
        this.mesh.position.set(address.x * side, baseY, address.z * side);
        this.mesh.scaling.setAll(quantum);
        this.mesh.freezeWorldMatrix();
        this._setBounds(chunk, side);
        return uploadedBytes;
    }

    /** Forgets the chunk's bytes: their owner may now use them for something else. */
    public unload(): void {
        this.chunk = null;
    }

    /**
     * After a lost context, when Babylon has made the vertex buffer anew but empty and put an index buffer of no
     * indices in place of ours: gives the geometry `indexBuffer` and writes the chunk again.
     */
    public rebuild(indexBuffer: DataBuffer): void {
        const geometry = this.mesh.geometry;
        if (geometry === null) {
            return;
        }
        const replaced = geometry.getIndexBuffer();
        if (replaced !== null && replaced !== indexBuffer) {
            this._engine._releaseBuffer(replaced);
        }
        this._indexBuffer = indexBuffer;
        const { vertexCapacity, indexCapacity, is32Bits } = this.slotClass;
        geometry.setIndexBuffer(indexBuffer, vertexCapacity, indexCapacity, is32Bits);
        this._shareBounds();
        if (this.chunk !== null) {
            this._upload(this.chunk);
        }
    }

    /** Frees mesh, geometry and vertex buffer, and gives up one reference on the index buffer. */
    public dispose(): void {
        this.unload();
        if (!this.mesh.isDisposed()) {
            this.mesh.dispose(true, false);
        }
    }

    private _upload(chunk: PooledChunk): number {
        const vertices = chunkVertexBytes(chunk.bytes, chunk);
        const target = this._store.getBuffer();
        if (target === null) {
            return 0;
        }
        this._engine.updateDynamicVertexBuffer(target, vertices);
        let uploadedBytes = vertices.byteLength;
        const indices = chunkIndices(chunk.bytes, chunk);
        if (indices !== null) {
            this._engine.updateDynamicIndexBuffer(this._indexBuffer, indices);
            uploadedBytes += indices.byteLength;
        }
        const subMesh = this.mesh.subMeshes[0]!;
        subMesh.verticesCount = chunk.vertexCount;
        subMesh.indexCount = chunk.drawnIndexCount;
        return uploadedBytes;
    }

    /** A submesh that draws part of its geometry's range would work out bounds of its own from positions that only the GPU has. */
    private _shareBounds(): void {
        this.mesh.subMeshes[0]!.setBoundingInfo(this.mesh.getBoundingInfo());
    }

    private _setBounds(chunk: PooledChunk, side: number): void {
        const { quantum, baseY } = chunk;
        chunkBoundsToRef(chunk, side / quantum, baseY / quantum, minimum, maximum);
        this.mesh.getBoundingInfo().reConstruct(minimum, maximum, this.mesh.getWorldMatrix());
    }
}
