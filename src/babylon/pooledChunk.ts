import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import { createChunkHeader, readChunkHeaderToRef, type ChunkHeader } from "../format/chunkData.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { ChunkFamily } from "./chunkFamily.js";
import type { ChunkMeshSlot } from "./chunkMeshSlot.js";

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
    /** Of those, what is drawn: all, or without the skirts. */
    public readonly drawnIndexCount: number;
    public isShown = false;
    /** Its own mesh and buffers; null while a family draws it, or it was hidden in one. */
    public slot: ChunkMeshSlot | null = null;
    public family: ChunkFamily | null = null;
    public isReleased = false;

    /** Throws a `ChunkFormatError` where the bytes are no chunk. */
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

    /** Those that are drawn. */
    public get triangleCount(): number {
        return this.drawnIndexCount / 3;
    }

    /** The mesh that draws it; null where none does. */
    public get mesh(): Mesh | null {
        return this.family?.mesh ?? this.slot?.mesh ?? null;
    }
}
