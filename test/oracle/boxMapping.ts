import { copyVertex, UvMapping, type SurfaceMesh } from "./surfaceMesh.js";

/**
 * Maps the uvs of cave walls upright where they are steep, and splits the vertices of triangles whose corners are mapped
 * differently. Open ground stays mapped flat, as on height grids, whatever its slope.
 *
 * @param side chunk side in quanta
 */
export function mapCaveWalls(mesh: SurfaceMesh, side: number): void {
    const { indices, mapping, shift } = mesh;
    for (let vertex = 0; vertex < mesh.vertexCount; vertex++) {
        mapping[vertex] = mappingOf(mesh, vertex);
        shift[vertex] = mapping[vertex] === UvMapping.flat ? 0 : shiftOf(mesh.position[vertex * 3 + 1]!, side);
    }
    const copies = new Map<string, number>();
    for (let i = 0; i < mesh.indexCount; i += 3) {
        const corners = [indices[i]!, indices[i + 1]!, indices[i + 2]!] as const;
        const isMixed = corners.some(
            (corner) =>
                mesh.mapping[corner] !== mesh.mapping[corners[0]] || mesh.shift[corner] !== mesh.shift[corners[0]],
        );
        if (isMixed) {
            splitTriangle(mesh, i, corners, side, copies);
        }
    }
}

/** By the largest axis of a cave vertex's normal. */
function mappingOf({ normal, weights, isGround }: SurfaceMesh, vertex: number): number {
    const x = Math.abs(normal[vertex * 3]!);
    const y = Math.abs(normal[vertex * 3 + 1]!);
    const z = Math.abs(normal[vertex * 3 + 2]!);
    if (isGround[vertex] === 1 || weights[vertex * 4 + 2] === 0 || (y >= x && y >= z)) {
        return UvMapping.flat;
    }
    return x > z ? UvMapping.facingX : UvMapping.facingZ;
}

/** Half sides below a height: what is taken off v, which a chunk taller than wide would overflow. */
function shiftOf(y: number, side: number): number {
    return Math.floor((2 * y) / side);
}

/** Two corners outvote the third; where all three differ the triangle is mapped flat. */
function splitTriangle(
    mesh: SurfaceMesh,
    i: number,
    [a, b, c]: readonly [number, number, number],
    side: number,
    copies: Map<string, number>,
): void {
    const { mapping, position, indices } = mesh;
    const [ma, mb, mc] = [mapping[a]!, mapping[b]!, mapping[c]!];
    const plane = ma === mb || ma === mc ? ma : mb === mc ? mb : UvMapping.flat;
    const low = Math.min(position[a * 3 + 1]!, position[b * 3 + 1]!, position[c * 3 + 1]!);
    const shift = plane === UvMapping.flat ? 0 : shiftOf(low, side);
    [a, b, c].forEach((corner, k) => (indices[i + k] = mapped(mesh, corner, plane, shift, copies)));
}

function mapped(mesh: SurfaceMesh, vertex: number, plane: number, shift: number, copies: Map<string, number>): number {
    if (mesh.mapping[vertex] === plane && mesh.shift[vertex] === shift) {
        return vertex;
    }
    const key = `${vertex}/${plane}/${shift}`;
    let copy = copies.get(key);
    if (copy === undefined) {
        copy = copyVertex(mesh, vertex);
        mesh.mapping[copy] = plane;
        mesh.shift[copy] = shift;
        copies.set(key, copy);
    }
    return copy;
}
