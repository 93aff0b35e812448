/** The kinds of buffers, each of which has a pool of its own, with the type of their arrays. */
export const BUFFER_ELEMENTS = {
    /** Heights: a grid, z outer and x inner. */
    heightfield2d: Float32Array,
    /** Signed distances: a box of samples. */
    sdfField3d: Float32Array,
    /** Noise: a box of samples. */
    noiseField3d: Float32Array,
    /** Packed vertices: bytes, or 32 of them each as the second dimension. */
    vertex: Uint8Array,
    normal: Int8Array,
    tangent: Int8Array,
    index: Uint32Array,
    workspace: Uint8Array,
    /** Chunk data, which travels between threads. */
    serialization: Uint8Array,
} as const;

/** A kind of buffer, as `getBuffer` takes it. */
export type BufferKind = keyof typeof BUFFER_ELEMENTS;
export const BUFFER_KINDS = Object.keys(BUFFER_ELEMENTS) as readonly BufferKind[];

/** The type of array that a lease of a kind holds. */
export type ArrayOf<Kind extends BufferKind> = InstanceType<(typeof BUFFER_ELEMENTS)[Kind]>;
