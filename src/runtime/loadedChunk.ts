import {
    chunkIndices,
    chunkVertexBytes,
    readChunkHeader,
    VertexLayout,
    type ChunkHeader,
} from "../format/chunkData.js";
import { createHeightGridIndices, gridLayoutOf } from "../meshing/heightGridIndices.js";
import type { BufferPoolManager } from "../memory/bufferPoolManager.js";
import type { ChunkAddress } from "../space/chunkAddress.js";

/** Floats on loan. Give them back by `release`, or let `using` do it. */
export interface FloatLease extends Disposable {
    /**
     * Returns the floats.
     *
     * @throws TerraneError once they were given back
     */
    array(): Float32Array;
    /**
     * Gives the floats back.
     *
     * @throws TerraneError where that was done before
     */
    release(): void;
}

/** Chunk data as it arrives, and what it means. Valid while its observer runs: copy or decode what you keep. */
export class LoadedChunk {
    /** What the chunk data's header says. */
    public readonly header: ChunkHeader;

    public constructor(
        /** The chunk's address. */
        public readonly address: ChunkAddress,
        /** The chunk data: `docs/specs/chunkData.md`. */
        public readonly bytes: Uint8Array,
    ) {
        this.header = readChunkHeader(bytes);
    }

    /**
     * Decodes the positions of all vertices, skirts included: x, y, z each in metres from `header.origin`; for colliders, path
     * finding and the like.
     */
    public decodePositions(pools: BufferPoolManager): FloatLease {
        const { header, bytes } = this;
        const lease = pools.getBuffer("workspace", [header.vertexCount * 3 * Float32Array.BYTES_PER_ELEMENT]);
        const space = lease.array();
        const positions = new Float32Array(space.buffer, space.byteOffset, header.vertexCount * 3);
        const vertices = chunkVertexBytes(bytes, header);
        const view = new DataView(vertices.buffer, vertices.byteOffset, vertices.byteLength);
        for (let vertex = 0; vertex < header.vertexCount; vertex++) {
            const at = vertex * VertexLayout.stride + VertexLayout.position;
            positions[vertex * 3] = view.getInt16(at, true) * header.quantum;
            positions[vertex * 3 + 1] = view.getInt16(at + 2, true) * header.quantum;
            positions[vertex * 3 + 2] = view.getInt16(at + 4, true) * header.quantum;
        }
        return {
            array(): Float32Array {
                // Throws once the lease has ended.
                lease.array();
                return positions;
            },
            release: () => lease.release(),
            [Symbol.dispose]: () => lease[Symbol.dispose](),
        };
    }

    /**
     * Returns the indices of the surface without skirts, three a triangle.
     *
     * @param resolution the recipe's `terrain.resolution`: height grids share their indices
     */
    public surfaceIndices(resolution: number): Uint16Array | Uint32Array {
        const own =
            chunkIndices(this.bytes, this.header) ?? createHeightGridIndices(gridLayoutOf(this.header, resolution));
        return own.slice(0, this.header.surfaceTriangleCount * 3);
    }
}
