import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { ChunkHeader } from "../format/chunkData.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { ChunkFamily } from "./chunkFamily.js";
import type { ChunkMeshSlot } from "./chunkMeshSlot.js";

/** A chunk that the mesh pool holds. The pool alone changes it; to everyone else it is a handle. */
export class PooledChunk {
    public isShown = false;
    /** Its own mesh and buffers; null while a family draws it, or it was hidden in one. */
    public slot: ChunkMeshSlot | null = null;
    public family: ChunkFamily | null = null;
    public isReleased = false;

    public constructor(
        public readonly address: ChunkAddress,
        public readonly header: ChunkHeader,
        /** Its owner takes them back on release. */
        public readonly bytes: Uint8Array,
    ) {}

    /** Skirts included. */
    public get triangleCount(): number {
        return this.header.indexCount / 3;
    }

    /** The mesh that draws it; null where none does. */
    public get mesh(): Mesh | null {
        return this.family?.mesh ?? this.slot?.mesh ?? null;
    }
}
