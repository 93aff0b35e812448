import type { DataBuffer } from "@babylonjs/core/Buffers/dataBuffer.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { isMeshIntact } from "./chunkMesh.js";
import type { ChunkMeshContext } from "./chunkMeshContext.js";
import { FreeMeshes } from "./freeMeshes.js";
import { fusedKindOf, vertexNeedOf, type MeshKind } from "./meshKinds.js";
import type { PooledChunk } from "./pooledChunk.js";
import type { SharedIndices } from "./sharedIndices.js";
import { SingleChunkMesh } from "./singleChunkMesh.js";

/** What draws height grids of one layout, one by one. */
export interface HeightGridKind {
    readonly kind: MeshKind;
    readonly indices: SharedIndices;
}

/** The meshes that draw one chunk each: a chunk that goes leaves its mesh to the next that fits. */
export class SingleChunkMeshes {
    private readonly _meshes: SingleChunkMesh[] = [];
    private readonly _free = new FreeMeshes();

    public constructor(
        private readonly _name: string,
        private readonly _scene: Scene,
        private readonly _context: ChunkMeshContext,
        private readonly _gridOf: (hasWalls: boolean) => HeightGridKind,
    ) {}

    /** All meshes, those that are free included. */
    public get all(): readonly SingleChunkMesh[] {
        return this._meshes;
    }

    /** Gives a chunk a mesh of its own, and returns that, hidden. */
    public give(chunk: PooledChunk): SingleChunkMesh {
        const need = vertexNeedOf(chunk);
        const kind = chunk.isHeightGrid ? this._gridOf(chunk.hasWalls).kind : fusedKindOf(need, chunk.is32Bits);
        let mesh = this._free.take(kind, need);
        while (mesh !== null && !isMeshIntact(mesh)) {
            this._dispose(mesh);
            mesh = this._free.take(kind, need);
        }
        mesh ??= this._create(kind);
        mesh.load(chunk);
        return mesh;
    }

    /** Takes back a chunk's own mesh, if it has one. */
    public takeBack({ mesh }: PooledChunk): void {
        if (mesh instanceof SingleChunkMesh) {
            mesh.unload();
            this._free.add(mesh);
        }
    }

    /** Disposes the free meshes. */
    public trim(): void {
        for (const mesh of this._free.drain()) {
            this._dispose(mesh);
        }
    }

    /** Gives other meshes to chunks whose mesh somebody else has disposed. Returns the number of meshes lost. */
    public repair(): number {
        let lost = 0;
        let chunks: PooledChunk[] | null = null;
        for (let i = this._meshes.length - 1; i >= 0; i--) {
            const mesh = this._meshes[i]!;
            if (!isMeshIntact(mesh)) {
                lost++;
                if (mesh.chunk === null) {
                    this._free.remove(mesh);
                } else {
                    // One that was released is drawn no longer than its mesh is there.
                    if (!mesh.chunk.isReleased) {
                        (chunks ??= []).push(mesh.chunk);
                    }
                    mesh.unload();
                }
                this._dispose(mesh);
            }
        }
        for (let i = 0; chunks !== null && i < chunks.length; i++) {
            const chunk = chunks[i]!;
            this.give(chunk).setEnabled(chunk.isShown || chunk.isLeaving);
        }
        return lost;
    }

    /** Writes every chunk again after a lost context. */
    public rebuild(): void {
        for (const mesh of this._meshes) {
            if (isMeshIntact(mesh)) {
                mesh.rebuild(this._indexBufferFor(mesh.kind));
            }
        }
    }

    public dispose(): void {
        for (const mesh of this._meshes.splice(0)) {
            mesh.unload();
            mesh.dispose(true, false);
        }
        this._free.drain();
    }

    private _create(kind: MeshKind): SingleChunkMesh {
        const mesh = new SingleChunkMesh(this._name, this._scene, this._context, kind, this._indexBufferFor(kind));
        this._meshes.push(mesh);
        return mesh;
    }

    /** Returns an index buffer with a reference for the caller. */
    private _indexBufferFor({ isHeightGrid, hasWalls, indexCapacity, is32Bits }: MeshKind): DataBuffer {
        return isHeightGrid
            ? this._gridOf(hasWalls).indices.take()
            : this._context.buffers.createOwnIndices(indexCapacity, is32Bits);
    }

    /** Disposes a mesh that is taken out of the free ones. */
    private _dispose(mesh: SingleChunkMesh): void {
        this._meshes.splice(this._meshes.indexOf(mesh), 1);
        mesh.dispose(true, false);
    }
}
