/** What the pool has done and holds since its creation. */
export interface ChunkMeshPoolStats {
    /** GPU buffers ever created; stands still in steady flight. */
    gpuBuffersCreated: number;
    /** Bytes of all GPU buffers held, in use or free. */
    gpuBytes: number;
    /** Bytes of those that no chunk uses at the moment. */
    idleGpuBytes: number;
    /** Bytes of those in use that are longer than their chunks. */
    roundingGpuBytes: number;
    /** Of single chunks: all, those in use, and chunks shown, by whichever mesh. */
    meshes: number;
    meshesInUse: number;
    meshesShown: number;
    /** Meshes that draw several chunks now. */
    familiesShown: number;
    /** Bytes ever sent to GPU buffers. */
    uploadedBytes: number;
    /** Triangles of all chunks shown, skirts included where these are drawn, in view or not. */
    trianglesShown: number;
    verticesShown: number;
}

/** What the main views of a frame drew of a world: those of the active cameras. */
export interface DrawnCount {
    drawCalls: number;
    chunksInView: number;
    triangles: number;
}

export function createMeshPoolStats(): ChunkMeshPoolStats {
    return {
        gpuBuffersCreated: 0,
        gpuBytes: 0,
        idleGpuBytes: 0,
        roundingGpuBytes: 0,
        meshes: 0,
        meshesInUse: 0,
        meshesShown: 0,
        familiesShown: 0,
        uploadedBytes: 0,
        trianglesShown: 0,
        verticesShown: 0,
    };
}
