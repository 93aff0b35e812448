import { Buffer, VertexBuffer } from "@babylonjs/core/Buffers/buffer.js";
import type { DataBuffer } from "@babylonjs/core/Buffers/dataBuffer.js";
import { BoundingInfo } from "@babylonjs/core/Culling/boundingInfo.js";
import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Geometry } from "@babylonjs/core/Meshes/geometry.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { VertexLayout } from "../format/chunkData.js";
import type { BufferPoolManager } from "../memory/bufferPoolManager.js";

/** Vertex attribute kinds of chunk meshes beyond Babylon's own. */
export const ChunkAttributes = {
    /** uint8 x 4 normalised: relief, moisture, cave, sky. */
    weights: "terraneWeights",
    /** int16 x 3 in quanta: where the vertex goes when fully morphed. */
    morph: "terraneMorph",
} as const;

interface AttributeSpec {
    readonly kind: string;
    readonly offset: number;
    readonly size: number;
    readonly type: number;
    readonly normalized: boolean;
}

// Positions are plain integers: the mesh's power-of-two scale makes metres of them without rounding. Normalised they
// would be divided by 32767, which is not exact, and neighbours would part by a last bit.
const SPECS: readonly AttributeSpec[] = [
    {
        kind: VertexBuffer.PositionKind,
        offset: VertexLayout.position,
        size: 3,
        type: VertexBuffer.SHORT,
        normalized: false,
    },
    { kind: ChunkAttributes.morph, offset: VertexLayout.morph, size: 3, type: VertexBuffer.SHORT, normalized: false },
    { kind: VertexBuffer.NormalKind, offset: VertexLayout.normal, size: 3, type: VertexBuffer.BYTE, normalized: true },
    {
        kind: VertexBuffer.TangentKind,
        offset: VertexLayout.tangent,
        size: 4,
        type: VertexBuffer.BYTE,
        normalized: true,
    },
    {
        kind: VertexBuffer.UVKind,
        offset: VertexLayout.uv,
        size: 2,
        type: VertexBuffer.UNSIGNED_SHORT,
        normalized: true,
    },
    {
        kind: ChunkAttributes.weights,
        offset: VertexLayout.weights,
        size: 4,
        type: VertexBuffer.UNSIGNED_BYTE,
        normalized: true,
    },
];

/** The one interleaved GPU buffer of a chunk, still empty. Its attributes own it: disposing the geometry frees it. */
export function createVertexStore(
    engine: AbstractEngine,
    vertexCapacity: number,
    label: string,
    buffers: BufferPoolManager,
): Buffer {
    // Made from a GPU buffer instead of an array, so that it never holds chunk data that others recycle, and a context
    // restore makes it anew at full capacity instead of at the length of what was written last.
    const byteLength = vertexCapacity * VertexLayout.stride;
    // What is in it does not matter: no more is drawn than a chunk has written.
    const lease = buffers.poolOf("vertex").lease(byteLength);
    const gpuBuffer = engine.createDynamicVertexBuffer(new Uint8Array(lease.buffer, 0, byteLength), label);
    lease.release();
    return new Buffer(engine, gpuBuffer, true, VertexLayout.stride, false, false, true);
}

/** A geometry over `store` and `indexBuffer`, with bounds preset, so that Babylon never reads positions back. */
export function createChunkGeometry(
    id: string,
    scene: Scene,
    store: Buffer,
    vertexCapacity: number,
    indexBuffer: DataBuffer,
    indexCapacity: number,
    is32Bits: boolean,
): Geometry {
    const engine = scene.getEngine();
    const geometry = new Geometry(id, scene);
    geometry.useBoundingInfoFromGeometry = true;
    geometry._boundingInfo = new BoundingInfo(Vector3.Zero(), Vector3.One());
    for (const spec of SPECS) {
        const attribute = new VertexBuffer(engine, store, spec.kind, {
            offset: spec.offset,
            stride: VertexLayout.stride,
            size: spec.size,
            type: spec.type,
            normalized: spec.normalized,
            useBytes: true,
            takeBufferOwnership: true,
        });
        geometry.setVerticesBuffer(attribute, vertexCapacity);
    }
    geometry.setIndexBuffer(indexBuffer, vertexCapacity, indexCapacity, is32Bits);
    return geometry;
}

/** An index buffer of one chunk's own, still empty. */
export function createIndexStore(
    engine: AbstractEngine,
    indexCapacity: number,
    is32Bits: boolean,
    label: string,
    buffers: BufferPoolManager,
): DataBuffer {
    const lease = buffers.poolOf("index").lease(indexCapacity * (is32Bits ? 4 : 2));
    const empty = is32Bits
        ? new Uint32Array(lease.buffer, 0, indexCapacity)
        : new Uint16Array(lease.buffer, 0, indexCapacity);
    const gpuBuffer = engine.createIndexBuffer(empty, true, label);
    lease.release();
    return gpuBuffer;
}
