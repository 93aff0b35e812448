/**
 * A chunk's surface on its way to bytes: growable columns, reused from bake to bake. Positions are whole quanta from
 * (x * side, baseY, z * side); normals are unit vectors; weights are 0 to 1.
 */
export interface SurfaceMesh {
    vertexCount: number;
    indexCount: number;
    /** Metres. */
    baseY: number;
    /** Triangles without skirts. */
    surfaceTriangleCount: number;
    /** x, y, z a vertex. */
    position: Int32Array;
    normal: Float64Array;
    /** Relief, moisture, cave, sky a vertex. */
    weights: Float64Array;
    /** How uvs are mapped: see `UvMapping`. */
    mapping: Uint8Array;
    /** 1 on ground: it is mapped from above, whatever rock it shows. */
    isGround: Uint8Array;
    /** Units of half a side taken off v, on faces mapped upright. */
    shift: Int16Array;
    /** What a vertex's tangent follows in place of its normal: see `alignTangents`. 0, 0, 0 where that is nothing. */
    aligned: Float64Array;
    /** 1 on vertices of triangles whose uvs are turned other than the normal tells. */
    isMirrored: Uint8Array;
    /** Empty on height grids, which share theirs. */
    indices: Uint32Array;
}

/** Which plane a vertex's uvs lie in. A vertex on the border between two planes is split. */
export const UvMapping = {
    /** u along x, v along z. */
    flat: 0,
    /** u along z, v along y. */
    facingX: 1,
    /** u along x, v along y. */
    facingZ: 2,
} as const;

export function createSurfaceMesh(): SurfaceMesh {
    return {
        vertexCount: 0,
        indexCount: 0,
        baseY: 0,
        surfaceTriangleCount: 0,
        position: new Int32Array(0),
        normal: new Float64Array(0),
        weights: new Float64Array(0),
        mapping: new Uint8Array(0),
        isGround: new Uint8Array(0),
        shift: new Int16Array(0),
        aligned: new Float64Array(0),
        isMirrored: new Uint8Array(0),
        indices: new Uint32Array(0),
    };
}

export function reserveVertices(mesh: SurfaceMesh, count: number): void {
    if (mesh.mapping.length >= count) {
        return;
    }
    const size = Math.max(count, Math.ceil(mesh.mapping.length * 1.5), 4096);
    mesh.position = grown(mesh.position, new Int32Array(size * 3));
    mesh.normal = grown(mesh.normal, new Float64Array(size * 3));
    mesh.weights = grown(mesh.weights, new Float64Array(size * 4));
    mesh.mapping = grown(mesh.mapping, new Uint8Array(size));
    mesh.isGround = grown(mesh.isGround, new Uint8Array(size));
    mesh.shift = grown(mesh.shift, new Int16Array(size));
    mesh.aligned = grown(mesh.aligned, new Float64Array(size * 3));
    mesh.isMirrored = grown(mesh.isMirrored, new Uint8Array(size));
}

export function reserveIndices(mesh: SurfaceMesh, count: number): void {
    if (mesh.indices.length < count) {
        mesh.indices = grown(
            mesh.indices,
            new Uint32Array(Math.max(count, Math.ceil(mesh.indices.length * 1.5), 16_384)),
        );
    }
}

/** Appends a copy of vertex `from` and returns its index. */
export function copyVertex(mesh: SurfaceMesh, from: number): number {
    const to = mesh.vertexCount++;
    reserveVertices(mesh, mesh.vertexCount);
    mesh.position.copyWithin(to * 3, from * 3, from * 3 + 3);
    mesh.normal.copyWithin(to * 3, from * 3, from * 3 + 3);
    mesh.weights.copyWithin(to * 4, from * 4, from * 4 + 4);
    mesh.mapping[to] = mesh.mapping[from]!;
    mesh.isGround[to] = mesh.isGround[from]!;
    mesh.shift[to] = mesh.shift[from]!;
    return to;
}

export function pushTriangle(mesh: SurfaceMesh, a: number, b: number, c: number): void {
    reserveIndices(mesh, mesh.indexCount + 3);
    mesh.indices[mesh.indexCount] = a;
    mesh.indices[mesh.indexCount + 1] = b;
    mesh.indices[mesh.indexCount + 2] = c;
    mesh.indexCount += 3;
}

function grown<T extends Int32Array | Float64Array | Uint8Array | Int16Array | Uint32Array>(from: T, to: T): T {
    to.set(from as never);
    return to;
}
