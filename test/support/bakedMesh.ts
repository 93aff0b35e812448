import {
    ChunkFlags,
    chunkIndices,
    chunkVertexBytes,
    readChunkHeader,
    VertexLayout,
    type ChunkHeader,
} from "../../src/format/chunkData.js";
import { createHeightGridIndices, gridLayoutOf } from "../../src/meshing/heightGridIndices.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { Presets } from "../../src/recipe/presets.js";
import { flatAddress, type ChunkAddress } from "../../src/space/chunkAddress.js";

/** A chunk as a GPU would read it: metres relative to the chunk's own corner, unit vectors, uvs from 0 to 1. */
export interface BakedMesh {
    header: ChunkHeader;
    isFused: boolean;
    /** Quanta of the chunk's side. */
    side: number;
    /** Quanta. */
    quanta: Int32Array;
    /** Metres in the world. */
    position: Float64Array;
    normal: Float64Array;
    tangent: Float64Array;
    uv: Float64Array;
    weights: Float64Array;
    indices: Uint16Array | Uint32Array;
    /** How many of the indices belong to the surface, skirts coming after. */
    surfaceIndexCount: number;
}

/** The kernels' baker or the oracle's. */
export interface MeshBaker {
    readonly recipe: Recipe;
    bake(address: ChunkAddress, buffer: ArrayBuffer): { readonly buffer: ArrayBuffer; readonly byteLength: number };
}

export function bakeMesh(baker: MeshBaker, address: ChunkAddress): BakedMesh {
    const { buffer, byteLength } = baker.bake(address, new ArrayBuffer(0));
    return decodeMesh(new Uint8Array(buffer, 0, byteLength), baker.recipe);
}

export function decodeMesh(bytes: Uint8Array, recipe: Recipe): BakedMesh {
    const header = readChunkHeader(bytes);
    const vertices = chunkVertexBytes(bytes, header);
    const view = new DataView(vertices.buffer, vertices.byteOffset, vertices.byteLength);
    const count = header.vertexCount;
    const side = recipe.chunkSize * 2 ** header.address.level;
    const mesh: BakedMesh = {
        header,
        isFused: (header.flags & ChunkFlags.fused) !== 0,
        side: side / header.quantum,
        quanta: new Int32Array(count * 3),
        position: new Float64Array(count * 3),
        normal: new Float64Array(count * 3),
        tangent: new Float64Array(count * 4),
        uv: new Float64Array(count * 2),
        weights: new Float64Array(count * 4),
        indices:
            chunkIndices(bytes, header) ?? createHeightGridIndices(gridLayoutOf(header, recipe.terrain.resolution)),
        surfaceIndexCount: header.surfaceTriangleCount * 3,
    };
    const origin = [header.origin.x, header.origin.y, header.origin.z];
    for (let vertex = 0; vertex < count; vertex++) {
        const at = vertex * VertexLayout.stride;
        for (let axis = 0; axis < 3; axis++) {
            const quanta = view.getInt16(at + VertexLayout.position + axis * 2, true);
            mesh.quanta[vertex * 3 + axis] = quanta;
            mesh.position[vertex * 3 + axis] = origin[axis]! + quanta * header.quantum;
            mesh.normal[vertex * 3 + axis] = view.getInt8(at + VertexLayout.normal + axis) / 127;
        }
        for (let i = 0; i < 4; i++) {
            mesh.tangent[vertex * 4 + i] = view.getInt8(at + VertexLayout.tangent + i) / 127;
            mesh.weights[vertex * 4 + i] = view.getUint8(at + VertexLayout.weights + i) / 255;
        }
        for (let i = 0; i < 2; i++) {
            mesh.uv[vertex * 2 + i] = view.getUint16(at + VertexLayout.uv + i * 2, true) / 65_535;
        }
    }
    return mesh;
}

/** Rounded land: what is held against another mesher's, or found at known places, would hang on how rough the ground is. */
export const ROUNDED = {
    gain: 0.5,
    damping: 0.2,
    ridgeOctaves: 4,
    gullies: { strength: 0 },
    beds: { strength: 0 },
} as const;

/** A small world full of caves: 32 cells of 2 m. */
export function caveRecipe(seed: number | string = 7): Recipe {
    return Presets.caves({ seed, terrain: { ...ROUNDED, resolution: 32 }, caves: { latticeStep: 4, radius: 9 } });
}

/** Level-0 addresses in a row of `count` chunks from (x, z) on: those whose chunks are fused, and those that are not. */
export function findChunks(
    baker: MeshBaker,
    x: number,
    z: number,
    count: number,
): { fused: ChunkAddress[]; plain: ChunkAddress[] } {
    const found = { fused: [] as ChunkAddress[], plain: [] as ChunkAddress[] };
    for (let i = 0; i < count; i++) {
        const address = flatAddress(0, x + i, z);
        (bakeMesh(baker, address).isFused ? found.fused : found.plain).push(address);
    }
    return found;
}
