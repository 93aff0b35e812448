import { copyVertex, UvMapping, type SurfaceMesh } from "./surfaceMesh.js";

const NOT_YET = 255;

/**
 * Maps the uvs of cave walls upright where they are steep, and splits the vertices between differently mapped
 * triangles. Open ground stays mapped flat, as on height grids, whatever its slope.
 *
 * @param side chunk side in quanta
 */
export function mapCaveWalls(mesh: SurfaceMesh, side: number): void {
    const { indices } = mesh;
    const given = mesh.vertexCount;
    mesh.mapping.fill(NOT_YET, 0, given);
    const copies = new Map<number, number>();
    for (let i = 0; i < mesh.indexCount; i += 3) {
        const mapping = mappingOf(mesh, indices[i]!, indices[i + 1]!, indices[i + 2]!);
        const shift = mapping === UvMapping.flat ? 0 : shiftOf(mesh, i, side);
        for (let corner = i; corner < i + 3; corner++) {
            indices[corner] = mapped(mesh, indices[corner]!, mapping, shift, copies);
        }
    }
    for (let vertex = 0; vertex < given; vertex++) {
        if (mesh.mapping[vertex] === NOT_YET) {
            mesh.mapping[vertex] = UvMapping.flat;
        }
    }
}

/** By the larger axis of the triangle's own normal; flat where all corners are open ground. */
function mappingOf({ position, weights }: SurfaceMesh, a: number, b: number, c: number): number {
    if (weights[a * 4 + 2] === 0 && weights[b * 4 + 2] === 0 && weights[c * 4 + 2] === 0) {
        return UvMapping.flat;
    }
    const ux = position[b * 3]! - position[a * 3]!;
    const uy = position[b * 3 + 1]! - position[a * 3 + 1]!;
    const uz = position[b * 3 + 2]! - position[a * 3 + 2]!;
    const vx = position[c * 3]! - position[a * 3]!;
    const vy = position[c * 3 + 1]! - position[a * 3 + 1]!;
    const vz = position[c * 3 + 2]! - position[a * 3 + 2]!;
    const x = Math.abs(uy * vz - uz * vy);
    const y = Math.abs(uz * vx - ux * vz);
    const z = Math.abs(ux * vy - uy * vx);
    return y >= x && y >= z ? UvMapping.flat : x > z ? UvMapping.facingX : UvMapping.facingZ;
}

/** Half sides below the triangle: what is taken off its v, which a chunk taller than wide would overflow. */
function shiftOf({ position, indices }: SurfaceMesh, i: number, side: number): number {
    const low = Math.min(
        position[indices[i]! * 3 + 1]!,
        position[indices[i + 1]! * 3 + 1]!,
        position[indices[i + 2]! * 3 + 1]!,
    );
    return Math.floor((2 * low) / side);
}

function mapped(
    mesh: SurfaceMesh,
    vertex: number,
    mapping: number,
    shift: number,
    copies: Map<number, number>,
): number {
    if (mesh.mapping[vertex] === NOT_YET) {
        mesh.mapping[vertex] = mapping;
        mesh.shift[vertex] = shift;
        return vertex;
    }
    if (mesh.mapping[vertex] === mapping && mesh.shift[vertex] === shift) {
        return vertex;
    }
    const key = (vertex * 4 + mapping) * 4096 + (shift + 2048);
    let copy = copies.get(key);
    if (copy === undefined) {
        copy = copyVertex(mesh, vertex);
        mesh.mapping[copy] = mapping;
        mesh.shift[copy] = shift;
        copies.set(key, copy);
    }
    return copy;
}
