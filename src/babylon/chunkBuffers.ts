import { Buffer } from "@babylonjs/core/Buffers/buffer.js";
import type { DataBuffer } from "@babylonjs/core/Buffers/dataBuffer.js";
import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { VertexLayout } from "../format/chunkData.js";
import type { BufferPoolManager } from "../memory/bufferPoolManager.js";

/** Creates the GPU buffers of a world's chunks, and counts them. */
export class ChunkBuffers {
    /** Buffers ever created. */
    public created = 0;
    /** Bytes of the buffers that exist. */
    public bytes = 0;
    /** Bytes of chunks ever sent to them. */
    public uploadedBytes = 0;

    public constructor(
        public readonly engine: AbstractEngine,
        private readonly _label: string,
        /** Lend the memory that it needs. */
        public readonly pools: BufferPoolManager,
    ) {}

    /** Creates an empty interleaved vertex buffer. The attributes made over it own it: disposing their geometry frees it. */
    public createVertices(vertexCapacity: number): Buffer {
        // Made from a GPU buffer instead of an array, so that it never holds chunk data that others recycle, and a context
        // restore makes it anew at full capacity instead of at the length of what was written last.
        const byteLength = vertexCapacity * VertexLayout.stride;
        // What is in it does not matter: no more is drawn than a chunk has written.
        const lease = this.pools.poolOf("vertex").lease(byteLength);
        const gpuBuffer = this.engine.createDynamicVertexBuffer(
            new Uint8Array(lease.buffer, 0, byteLength),
            this._label,
        );
        lease.release();
        this._count(byteLength);
        return new Buffer(this.engine, gpuBuffer, true, VertexLayout.stride, false, false, true);
    }

    /** Creates an empty index buffer for one mesh alone. */
    public createOwnIndices(indexCapacity: number, is32Bits: boolean): DataBuffer {
        const lease = this.pools.poolOf("index").lease(indexCapacity * (is32Bits ? 4 : 2));
        const empty = is32Bits
            ? new Uint32Array(lease.buffer, 0, indexCapacity)
            : new Uint16Array(lease.buffer, 0, indexCapacity);
        const gpuBuffer = this.engine.createIndexBuffer(empty, true, this._label);
        lease.release();
        this._count(empty.byteLength);
        return gpuBuffer;
    }

    /** Creates an index buffer that many meshes draw with and that never changes. */
    public createSharedIndices(indices: Uint16Array | Uint32Array): DataBuffer {
        this._count(indices.byteLength);
        return this.engine.createIndexBuffer(indices, false, this._label);
    }

    /** Subtracts the bytes of buffers that are gone. */
    public freed(byteLength: number): void {
        this.bytes -= byteLength;
    }

    private _count(byteLength: number): void {
        this.created++;
        this.bytes += byteLength;
    }
}
