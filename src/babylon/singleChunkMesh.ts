import type { DataBuffer } from "@babylonjs/core/Buffers/dataBuffer.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { chunkIndices, chunkVertexBytes } from "../format/chunkData.js";
import { formatAddress } from "../space/chunkAddress.js";
import { ChunkMesh } from "./chunkMesh.js";
import type { ChunkMeshContext } from "./chunkMeshContext.js";
import { ownIndexBytesOf, type MeshKind } from "./meshKinds.js";
import type { PooledChunk } from "./pooledChunk.js";

const minimum = new Vector3();
const maximum = new Vector3();

/** A mesh that draws a single chunk, and another after that from the same GPU buffers. */
export class SingleChunkMesh extends ChunkMesh {
    public readonly chunks: [PooledChunk | null] = [null];

    public constructor(
        private readonly _worldName: string,
        scene: Scene,
        context: ChunkMeshContext,
        kind: MeshKind,
        private _indexBuffer: DataBuffer,
    ) {
        super(_worldName, scene, context, kind, _indexBuffer);
    }

    /** The chunk that it draws. */
    public get chunk(): PooledChunk | null {
        return this.chunks[0];
    }

    public override fadesToRef(ref: Float32Array): void {
        ref.fill(this.chunk?.fadeValue ?? 1);
    }

    /** Writes a chunk into the mesh's buffers and moves to its place. */
    public load(chunk: PooledChunk): void {
        const { origin, quantum } = chunk;
        this.chunks[0] = chunk;
        chunk.mesh = this;
        this._upload(chunk);
        this.context.buffers.uploadedBytes += chunk.gpuBytes;
        this.name = `${this._worldName} ${formatAddress(chunk.address)}`;
        this.position.set(origin.x, origin.y, origin.z);
        this.scaling.setAll(quantum);
        this.freezeWorldMatrix();
        minimum.set(chunk.minimum.x, chunk.minimum.y, chunk.minimum.z);
        maximum.set(chunk.maximum.x, chunk.maximum.y, chunk.maximum.z);
        this.getBoundingInfo().reConstruct(minimum, maximum, this.getWorldMatrix());
    }

    /** Hides the mesh and forgets its chunk, whose bytes are free for something else. */
    public unload(): void {
        this.setEnabled(false);
        if (this.chunk !== null) {
            this.chunk.mesh = null;
            this.chunks[0] = null;
        }
    }

    /** Writes the chunk again after a lost context. */
    public rebuild(indexBuffer: DataBuffer): void {
        this.context.buffers.freed(ownIndexBytesOf(this.kind));
        this._indexBuffer = indexBuffer;
        if (this.replaceIndexBuffer(indexBuffer) && this.chunk !== null) {
            this._upload(this.chunk);
        }
    }

    private _upload(chunk: PooledChunk): void {
        const { engine } = this.context.buffers;
        const target = this.vertices.getBuffer();
        if (target === null) {
            return;
        }
        engine.updateDynamicVertexBuffer(target, chunkVertexBytes(chunk.bytes, chunk));
        const indices = chunkIndices(chunk.bytes, chunk);
        if (indices !== null) {
            engine.updateDynamicIndexBuffer(this._indexBuffer, indices);
        }
        const subMesh = this.subMeshes[0]!;
        subMesh.verticesCount = chunk.vertexCount;
        subMesh.indexCount = chunk.drawnIndexCount;
    }
}
