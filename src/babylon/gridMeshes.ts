import type { DataBuffer } from "@babylonjs/core/Buffers/dataBuffer.js";
import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { heightGridVertexCount, type GridLayout } from "../meshing/heightGridIndices.js";
import type { ChunkFamilies } from "./chunkFamilies.js";
import type { SlotClass } from "./chunkMeshSlot.js";
import type { ChunkMeshPoolStats } from "./chunkMeshStats.js";

/** What all height grids of one layout share: their class of slots, their index buffer, and who draws siblings together. */
export class GridMeshes {
    public readonly slotClass: SlotClass;
    private _indexBuffer: DataBuffer | null = null;

    public constructor(
        private readonly _engine: AbstractEngine,
        private readonly _label: string,
        layout: GridLayout,
        /** Of one chunk, with or without skirts and walls. */
        private readonly _indices: Uint16Array,
        public readonly families: ChunkFamilies | null,
        private readonly _stats: ChunkMeshPoolStats,
    ) {
        this.slotClass = {
            vertexCapacity: heightGridVertexCount(layout),
            indexCapacity: this._indices.length,
            is32Bits: false,
            isHeightGrid: true,
            hasWalls: layout.hasWalls,
        };
    }

    /** The index buffer with a reference for the caller, and one for itself until it is disposed. */
    public takeIndexBuffer(): DataBuffer {
        if (this._indexBuffer === null) {
            this._stats.gpuBuffersCreated++;
            this._stats.gpuBytes += this._indices.byteLength;
            this._indexBuffer = this._engine.createIndexBuffer(this._indices, false, this._label);
        }
        this._indexBuffer.references++;
        return this._indexBuffer;
    }

    /** The context that the buffer was made in is lost. */
    public forgetIndexBuffer(): void {
        if (this._indexBuffer !== null) {
            this._indexBuffer = null;
            this._stats.gpuBytes -= this._indices.byteLength;
        }
    }

    public dispose(): void {
        this.families?.dispose();
        if (this._indexBuffer !== null) {
            this._engine._releaseBuffer(this._indexBuffer);
            this._indexBuffer = null;
        }
    }
}
