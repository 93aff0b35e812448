import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { Vec3Like } from "../base/vec3Like.js";
import {
    ChunkFlags,
    copyChunkHash,
    createChunkHeader,
    readChunkHeaderToRef,
    VertexLayout,
    type ChunkHeader,
} from "../format/chunkData.js";
import type { LevelFade } from "../runtime/chunkSink.js";
import type { ChunkAddress } from "../space/chunkAddress.js";

/** The fields of a chunk's header that drawing needs. */
type DrawnHeader = Pick<
    ChunkHeader,
    "flags" | "quantum" | "origin" | "minimum" | "maximum" | "vertexCount" | "indexCount"
>;

const NO_BYTES = new Uint8Array(0);

/** Headers are read into this one and copied from it: drawing needs but half of their fields. */
const header = createChunkHeader();

/** A chunk that the mesh pool holds. Only the pool changes it; to everyone else it is a handle. */
export class PooledChunk implements DrawnHeader {
    public readonly flags: number;
    public readonly quantum: number;
    public readonly origin: Vec3Like;
    public readonly minimum: Vec3Like;
    public readonly maximum: Vec3Like;
    public readonly vertexCount: number;
    public readonly indexCount: number;
    /** Number of indices that are drawn: all, or those before the skirts. */
    public readonly drawnIndexCount: number;
    public isShown = false;
    public isReleased = false;
    /** The exchange by which it comes or goes; null while it does neither. */
    public fade: LevelFade | null = null;
    /** Whether it goes: it is drawn, though no longer shown. */
    public isLeaving = false;
    /** Of one that was released while it goes: the hash of its bytes, to know them by. */
    public hash: Uint8Array | null = null;
    /** The mesh that draws it, alone or with its siblings; null while none does. */
    public mesh: Mesh | null = null;

    /**
     * Reads the chunk's header.
     *
     * @throws ChunkFormatError where the bytes are no chunk
     */
    public constructor(
        public readonly address: ChunkAddress,
        /** Chunk data. Its owner takes it back when the chunk is released; nothing is left of it then. */
        public bytes: Uint8Array,
        hasSkirts = true,
    ) {
        readChunkHeaderToRef(bytes, header);
        this.flags = header.flags;
        this.quantum = header.quantum;
        this.origin = { ...header.origin };
        this.minimum = { ...header.minimum };
        this.maximum = { ...header.maximum };
        this.vertexCount = header.vertexCount;
        this.indexCount = header.indexCount;
        this.drawnIndexCount = hasSkirts ? header.indexCount : 3 * header.surfaceTriangleCount;
    }

    /** How it fades, for `FadingMesh.fadesToRef`. */
    public get fadeValue(): number {
        return this.fade === null ? 1 : this.isLeaving ? 1 + this.fade.progress : this.fade.progress;
    }

    public get isHeightGrid(): boolean {
        return (this.flags & ChunkFlags.fused) === 0;
    }

    /** Whether it has indices of 32 bits. */
    public get is32Bits(): boolean {
        return (this.flags & ChunkFlags.index32) !== 0;
    }

    /** Whether it is a height grid with walls that hang from its skirts. */
    public get hasWalls(): boolean {
        return (this.flags & ChunkFlags.walled) !== 0;
    }

    /** Bytes that it fills in the GPU buffers that its mesh has for itself. */
    public get gpuBytes(): number {
        const indexBytes = this.isHeightGrid ? 0 : this.indexCount * (this.is32Bits ? 4 : 2);
        return this.vertexCount * VertexLayout.stride + indexBytes;
    }

    /** Gives its bytes back to their owner. One that goes is drawn on by what its mesh has. */
    public release(): void {
        this.isReleased = true;
        if (this.isLeaving) {
            this.hash = copyChunkHash(this.bytes);
        }
        this.bytes = NO_BYTES;
    }

    /** Takes its bytes again before it has gone. */
    public reclaim(bytes: Uint8Array): void {
        this.isReleased = false;
        this.hash = null;
        this.bytes = bytes;
    }

    /** Number of triangles that are drawn. */
    public get triangleCount(): number {
        return this.drawnIndexCount / 3;
    }
}
