import { copyVertex, pushTriangle, type SurfaceMesh } from "./surfaceMesh.js";

/** Edges are keyed as low * this + high: exact up to 2^26 vertices. */
const KEY = 2 ** 26;

/** Shares of the full depth that a skirt may have, the deepest first: walls between caves, and roofs, may be thin. */
const DEPTHS = [1, 0.5, 0.25, 0.1] as const;

/**
 * Adds skirts to a fused chunk: along every edge of the surface that lies in one of the chunk's four border planes and
 * belongs to one triangle only. A skirt reaches into the rock, against the normal, and ends where rock ends, so that none
 * hangs in a tunnel or sticks out of the ground above one.
 *
 * @param side chunk side in quanta; @param depth quanta
 * @param isRock tells rock from air at a point in quanta
 */
export function addSkirts(
    mesh: SurfaceMesh,
    side: number,
    depth: number,
    isRock: (x: number, y: number, z: number) => boolean,
): void {
    const open = new Map<number, number>();
    const { position } = mesh;
    const surfaceEnd = mesh.indexCount;
    for (let i = 0; i < surfaceEnd; i += 3) {
        for (let corner = 0; corner < 3; corner++) {
            const a = mesh.indices[i + corner]!;
            const b = mesh.indices[i + (corner === 2 ? 0 : corner + 1)]!;
            if (!sharesBorder(position, a, b, side)) {
                continue;
            }
            const key = Math.min(a, b) * KEY + Math.max(a, b);
            // The fan of a cell may lay a diagonal into the border plane: two triangles share it, and it is no border.
            if (open.has(key)) {
                open.delete(key);
            } else {
                open.set(key, a);
            }
        }
    }
    const lower = new Map<number, number>();
    for (const [key, from] of open) {
        const low = Math.floor(key / KEY);
        const a = from;
        const b = from === low ? key - low * KEY : low;
        const c = lowerVertex(mesh, lower, a, depth, isRock);
        const d = lowerVertex(mesh, lower, b, depth, isRock);
        // The triangle runs from a to b; the skirt continues it beyond that edge, so it runs from b to a.
        pushTriangle(mesh, b, a, c);
        pushTriangle(mesh, b, c, d);
    }
}

function sharesBorder(position: Int32Array, a: number, b: number, side: number): boolean {
    const ax = position[a * 3]!;
    const az = position[a * 3 + 2]!;
    return (
        (ax === position[b * 3]! && (ax === 0 || ax === side)) ||
        (az === position[b * 3 + 2]! && (az === 0 || az === side))
    );
}

function lowerVertex(
    mesh: SurfaceMesh,
    lower: Map<number, number>,
    vertex: number,
    depth: number,
    isRock: (x: number, y: number, z: number) => boolean,
): number {
    let found = lower.get(vertex);
    if (found === undefined) {
        found = copyVertex(mesh, vertex);
        const { position, normal } = mesh;
        const [x, y, z] = [position[vertex * 3]!, position[vertex * 3 + 1]!, position[vertex * 3 + 2]!];
        const [nx, ny, nz] = [normal[vertex * 3]!, normal[vertex * 3 + 1]!, normal[vertex * 3 + 2]!];
        for (const share of DEPTHS) {
            const reach = depth * share;
            if (isRock(x - reach * nx, y - reach * ny, z - reach * nz)) {
                position[found * 3] = Math.round(x - reach * nx);
                position[found * 3 + 1] = Math.round(y - reach * ny);
                position[found * 3 + 2] = Math.round(z - reach * nz);
                break;
            }
        }
        lower.set(vertex, found);
    }
    return found;
}
