/**
 * A height-grid chunk's vertices: (resolution + 1)^2 of the surface, row by row (z outer, x inner), then the skirts' lower
 * rims, resolution + 1 a side: low z, high z, low x, high x. Each rim runs towards growing x or z.
 */
export function heightGridVertexCount(resolution: number): number {
    const side = resolution + 1;
    return side * side + 4 * side;
}

/** Triangles of a height grid without its skirts. */
export function heightGridTriangleCount(resolution: number): number {
    return 2 * resolution * resolution;
}

/** Indices of a height grid, skirts included. */
export function heightGridIndexCount(resolution: number): number {
    return 6 * resolution * resolution + 4 * 6 * resolution;
}

/** Surface vertex above vertex `i` of skirt `side`. */
export function skirtRimVertex(resolution: number, side: number, i: number): number {
    const row = resolution + 1;
    switch (side) {
        case 0:
            return i;
        case 1:
            return resolution * row + i;
        case 2:
            return i * row;
        default:
            return i * row + resolution;
    }
}

/**
 * Indices of every height-grid chunk: the surface, then the skirts. Quads are split from (0, 0) to (1, 1), which
 * `sampleHeight` relies on. Front faces look up (skirts: outwards) in Babylon's left-handed default.
 */
export function createHeightGridIndices(resolution: number): Uint16Array {
    const row = resolution + 1;
    const indices = new Uint16Array(heightGridIndexCount(resolution));
    let at = 0;
    for (let z = 0; z < resolution; z++) {
        for (let x = 0; x < resolution; x++) {
            const a = z * row + x;
            at = pushQuad(indices, at, a, a + 1, a + row + 1, a + row);
        }
    }
    for (let side = 0; side < 4; side++) {
        const rim = row * row + side * row;
        const looksBack = side === 1 || side === 2;
        for (let i = 0; i < resolution; i++) {
            const a = skirtRimVertex(resolution, side, i);
            const b = skirtRimVertex(resolution, side, i + 1);
            at = looksBack
                ? pushQuad(indices, at, rim + i + 1, rim + i, a, b)
                : pushQuad(indices, at, rim + i, rim + i + 1, b, a);
        }
    }
    return indices;
}

function pushQuad(indices: Uint16Array, at: number, a: number, b: number, c: number, d: number): number {
    indices[at] = a;
    indices[at + 1] = b;
    indices[at + 2] = c;
    indices[at + 3] = a;
    indices[at + 4] = c;
    indices[at + 5] = d;
    return at + 6;
}
