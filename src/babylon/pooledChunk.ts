import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import {
    ChunkFlags,
    createChunkHeader,
    readChunkHeaderToRef,
    VertexLayout,
    type ChunkHeader,
} from "../format/chunkData.js";
import type { ChunkAddress } from "../space/chunkAddress.js";

/** What drawing a chunk needs of its header. */
export type DrawnHeader = Pick<
    ChunkHeader,
    "flags" | "quantum" | "baseY" | "minY" | "maxY" | "vertexCount" | "indexCount"
>;

/** Read into, then copied from: half of a header is nothing that drawing needs. */
const header = createChunkHeader();

/** A chunk that the mesh pool holds. The pool alone changes it; to everyone else it is a handle. */
export class PooledChunk implements DrawnHeader {
    public readonly flags: number;
    public readonly quantum: number;
    public readonly baseY: number;
    public readonly minY: number;
    public readonly maxY: number;
    public readonly vertexCount: number;
    public readonly indexCount: number;
    /** The first indices, which are drawn: all, or those before the skirts. */
    public readonly drawnIndexCount: number;
    public isShown = false;
    public isReleased = false;
    /** The mesh that has its vertices, alone or with its siblings'; null where none does. */
    public mesh: Mesh | null = null;

    /** @throws ChunkFormatError where the bytes are no chunk */
    public constructor(
        public readonly address: ChunkAddress,
        /** Its owner takes them back on release. */
        public readonly bytes: Uint8Array,
        hasSkirts = true,
    ) {
        readChunkHeaderToRef(bytes, header);
        this.flags = header.flags;
        this.quantum = header.quantum;
        this.baseY = header.baseY;
        this.minY = header.minY;
        this.maxY = header.maxY;
        this.vertexCount = header.vertexCount;
        this.indexCount = header.indexCount;
        this.drawnIndexCount = hasSkirts ? header.indexCount : 3 * header.surfaceTriangleCount;
    }

    public get isHeightGrid(): boolean {
        return (this.flags & ChunkFlags.fused) === 0;
    }

    /** Whether its own indices need 32 bits. */
    public get is32Bits(): boolean {
        return (this.flags & ChunkFlags.index32) !== 0;
    }

    /** Of height grids: whether walls hang from the skirts. */
    public get hasWalls(): boolean {
        return (this.flags & ChunkFlags.walled) !== 0;
    }

    /** Bytes that it fills in GPU buffers of its mesh's own. */
    public get gpuBytes(): number {
        const indexBytes = this.isHeightGrid ? 0 : this.indexCount * (this.is32Bits ? 4 : 2);
        return this.vertexCount * VertexLayout.stride + indexBytes;
    }

    /** Number of triangles that are drawn. */
    public get triangleCount(): number {
        return this.drawnIndexCount / 3;
    }
}
