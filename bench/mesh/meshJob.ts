/** Kinds of meshers: the package's, our kernels, and the plain TypeScript that our tests compare them with. */
export type MesherKind = "surfaceNets" | "marchingCubes" | "marchingTetrahedra" | "terrane" | "oracle";

export const MESHERS: Readonly<Record<MesherKind, string>> = {
    surfaceNets: "isosurface, surfaceNets",
    marchingCubes: "isosurface, marchingCubes",
    marchingTetrahedra: "isosurface, marchingTetrahedra",
    terrane: "terrane",
    oracle: "terrane's oracle in TypeScript",
};

export const VOLUMES = 8;

export interface MeshRequest {
    /** How often to mesh all volumes; 0 asks for the first volume's mesh instead. */
    readonly passes: number;
}

export interface MeshResponse {
    /** Milliseconds of meshing alone. */
    readonly ms: number;
    readonly triangles: number;
    readonly mesh: Mesh | null;
}

/** A mesh, in samples of the volume. */
export interface Mesh {
    /** x, y, z a vertex. */
    readonly positions: Float32Array;
    readonly triangles: Uint32Array;
}

export interface Mesher {
    /** Meshes a volume; what comes before meshing does not count. */
    run(volume: number): { readonly ms: number; readonly triangles: number };
    /** Returns what the last run made. */
    read(): Mesh;
}
