import type { DataBuffer } from "@babylonjs/core/Buffers/dataBuffer.js";
import type { ChunkBuffers } from "./chunkBuffers.js";

/** An index buffer that many meshes draw with. It is created when the first of them asks for it. */
export class SharedIndices {
    private _buffer: DataBuffer | null = null;
    private _byteLength = 0;

    public constructor(
        private readonly _buffers: ChunkBuffers,
        /** Called when the buffer is first asked for, and again after each lost context. */
        private readonly _createIndices: () => Uint16Array | Uint32Array,
    ) {}

    /** Returns the buffer, with a reference for the caller beside the one that is held until `dispose`. */
    public take(): DataBuffer {
        if (this._buffer === null) {
            const indices = this._createIndices();
            this._byteLength = indices.byteLength;
            this._buffer = this._buffers.createSharedIndices(indices);
        }
        this._buffer.references++;
        return this._buffer;
    }

    /** Forgets the buffer. To be called when the context that it was created in is lost. */
    public forget(): void {
        this._buffer = null;
        this._buffers.freed(this._byteLength);
        this._byteLength = 0;
    }

    public dispose(): void {
        if (this._buffer !== null) {
            this._buffers.engine._releaseBuffer(this._buffer);
            this.forget();
        }
    }
}
