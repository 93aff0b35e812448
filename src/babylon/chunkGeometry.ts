import { type Buffer, VertexBuffer } from "@babylonjs/core/Buffers/buffer.js";
import type { DataBuffer } from "@babylonjs/core/Buffers/dataBuffer.js";
import { BoundingInfo } from "@babylonjs/core/Culling/boundingInfo.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Geometry } from "@babylonjs/core/Meshes/geometry.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { VertexLayout } from "../format/chunkData.js";
import type { MeshKind } from "./meshKinds.js";

/** Kinds of vertex attributes that chunk meshes have beyond Babylon's own. */
export const ChunkAttributes = {
    /** uint8 x 4 normalised: relief, moisture, cave, sky. */
    weights: "terraneWeights",
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

/** Creates a geometry over `vertices` and `indexBuffer`. Its bounds are preset, so that Babylon never reads positions back. */
export function createChunkGeometry(
    id: string,
    scene: Scene,
    vertices: Buffer,
    { vertexCapacity, indexCapacity, is32Bits }: MeshKind,
    indexBuffer: DataBuffer,
): Geometry {
    const engine = scene.getEngine();
    const geometry = new Geometry(id, scene);
    geometry.useBoundingInfoFromGeometry = true;
    geometry._boundingInfo = new BoundingInfo(Vector3.Zero(), Vector3.One());
    for (const spec of SPECS) {
        const attribute = new VertexBuffer(engine, vertices, spec.kind, {
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
