import type { ChunkMesh } from "./chunkMesh.js";
import { gpuBytesOf } from "./meshKinds.js";

/** What the mesh pool has done since its creation, and what it holds. */
export interface ChunkMeshPoolStats {
    /** GPU buffers ever created; does not rise in steady flight. */
    gpuBuffersCreated: number;
    /** Bytes of all GPU buffers, in use or free. */
    gpuBytes: number;
    /** Bytes of the buffers that no chunk uses at the moment. */
    idleGpuBytes: number;
    /** Bytes by which the buffers in use are longer than their chunks. */
    roundingGpuBytes: number;
    /** Meshes that draw a single chunk each: all of them. */
    meshes: number;
    /** Meshes that draw a single chunk each and have one. */
    meshesInUse: number;
    /** Chunks shown, whether alone or merged with their siblings. */
    meshesShown: number;
    /** Meshes shown that draw several siblings each. */
    mergedMeshesShown: number;
    /** Bytes of chunks ever sent to GPU buffers. */
    uploadedBytes: number;
    /** Triangles of all chunks shown, skirts included where these are drawn, in view or not. */
    trianglesShown: number;
    /** Vertices of all chunks shown. */
    verticesShown: number;
}

/** Creates statistics that are all 0. */
export function createMeshPoolStats(): ChunkMeshPoolStats {
    return {
        gpuBuffersCreated: 0,
        gpuBytes: 0,
        idleGpuBytes: 0,
        roundingGpuBytes: 0,
        meshes: 0,
        meshesInUse: 0,
        meshesShown: 0,
        mergedMeshesShown: 0,
        uploadedBytes: 0,
        trianglesShown: 0,
        verticesShown: 0,
    };
}

/** Adds bytes and chunks of meshes to `stats`. */
export function addMeshes(stats: ChunkMeshPoolStats, meshes: readonly ChunkMesh[]): void {
    for (const mesh of meshes) {
        let used = 0;
        for (const chunk of mesh.chunks) {
            used += chunk?.gpuBytes ?? 0;
            if (chunk?.isShown) {
                stats.meshesShown++;
                stats.trianglesShown += chunk.triangleCount;
                stats.verticesShown += chunk.vertexCount;
            }
        }
        const bytes = gpuBytesOf(mesh.kind);
        stats.idleGpuBytes += used === 0 ? bytes : 0;
        stats.roundingGpuBytes += used === 0 ? 0 : bytes - used;
    }
}
