import { copyVertex, UvMapping, type SurfaceMesh } from "./surfaceMesh.js";

type Vector = [number, number, number];

/**
 * Turns the tangents of cave walls, and of the ground at their mouths, the way MikkTSpace has them: the directions in which
 * u grows on the triangles around a vertex, weighted by the triangles' angles there. `writeTangent` lays them into the
 * plane of the vertex's normal. A triangle whose uvs are turned other than a vertex's normal tells gets a vertex of its own.
 *
 * Vertices in the chunk's border planes keep what their normal tells, which both chunks of a border know.
 *
 * @param side chunk side in quanta
 */
export function alignTangents(mesh: SurfaceMesh, side: number): void {
    const isNear = verticesNearCaves(mesh);
    const mirrored = new Map<number, number>();
    for (let i = 0; i < mesh.surfaceTriangleCount * 3; i += 3) {
        if (![0, 1, 2].some((corner) => isNear.has(mesh.indices[i + corner]!))) {
            continue;
        }
        const normal = facingOf(mesh, i);
        const mapping = mesh.mapping[mesh.indices[i]!]!;
        const facing = facingPart(normal, mapping);
        if (facing === 0) {
            // No area in uv: there u grows in no direction.
            continue;
        }
        const direction = directionOfU(normal, mapping);
        const angles = anglesOf(mesh, i);
        for (let corner = 0; corner < 3; corner++) {
            const vertex = mesh.indices[i + corner]!;
            const own = facingPart(normalOf(mesh, vertex), mapping);
            const isTurned = facing < 0 !== own < 0;
            const target = isTurned ? mirroredCopy(mesh, vertex, mirrored) : vertex;
            mesh.indices[i + corner] = target;
            if (isNear.has(vertex) && !isOnBorder(mesh, vertex, side)) {
                direction.forEach((part, axis) => (mesh.aligned[target * 3 + axis]! += part * angles[corner]!));
            }
        }
    }
}

/** Vertices with a cave's weight, and those that a triangle joins to one. */
function verticesNearCaves({ indices, surfaceTriangleCount, weights }: SurfaceMesh): Set<number> {
    const isNear = new Set<number>();
    // As packed: a weight that vanishes there counts as none.
    const isCave = (vertex: number) => Math.round(weights[vertex * 4 + 2]! * 255) > 0;
    for (let i = 0; i < surfaceTriangleCount * 3; i += 3) {
        const corners = indices.subarray(i, i + 3);
        if (corners.some(isCave)) {
            corners.forEach((vertex) => isNear.add(vertex));
        }
    }
    return isNear;
}

function mirroredCopy(mesh: SurfaceMesh, vertex: number, mirrored: Map<number, number>): number {
    let copy = mirrored.get(vertex);
    if (copy === undefined) {
        copy = copyVertex(mesh, vertex);
        mesh.isMirrored[copy] = 1;
        mesh.aligned.fill(0, copy * 3, copy * 3 + 3);
        mirrored.set(vertex, copy);
    }
    return copy;
}

/** Out of a triangle's front, twice its area long. */
function facingOf(mesh: SurfaceMesh, i: number): Vector {
    const [u, v] = [edge(mesh, i, 0, 1), edge(mesh, i, 0, 2)];
    return [u[2] * v[1] - u[1] * v[2], u[0] * v[2] - u[2] * v[0], u[1] * v[0] - u[0] * v[1]];
}

/** From one corner of a triangle to another. */
function edge({ position, indices }: SurfaceMesh, i: number, from: number, to: number): Vector {
    const [a, b] = [indices[i + from]! * 3, indices[i + to]! * 3];
    return [0, 1, 2].map((axis) => position[b + axis]! - position[a + axis]!) as Vector;
}

function normalOf({ normal }: SurfaceMesh, vertex: number): Vector {
    return [normal[vertex * 3]!, normal[vertex * 3 + 1]!, normal[vertex * 3 + 2]!];
}

function facingPart([x, y, z]: Vector, mapping: number): number {
    return mapping === UvMapping.flat ? y : mapping === UvMapping.facingX ? x : z;
}

/** Unit vector along a triangle where v is constant and u grows. */
function directionOfU([x, y, z]: Vector, mapping: number): Vector {
    switch (mapping) {
        case UvMapping.flat:
            return unit([Math.abs(y), -x * Math.sign(y), 0]);
        case UvMapping.facingX:
            return unit([-z * Math.sign(x), 0, Math.abs(x)]);
        default:
            return unit([Math.abs(z), 0, -x * Math.sign(z)]);
    }
}

/** Radians at a triangle's three corners. */
function anglesOf(mesh: SurfaceMesh, i: number): Vector {
    return [0, 1, 2].map((corner) => {
        const u = unit(edge(mesh, i, corner, (corner + 1) % 3));
        const v = unit(edge(mesh, i, corner, (corner + 2) % 3));
        return Math.acos(Math.max(-1, Math.min(1, u[0] * v[0] + u[1] * v[1] + u[2] * v[2])));
    }) as Vector;
}

function unit(vector: Vector): Vector {
    const length = Math.hypot(...vector);
    return length > 0 ? (vector.map((part) => part / length) as Vector) : vector;
}

function isOnBorder({ position }: SurfaceMesh, vertex: number, side: number): boolean {
    return [0, 2].some((axis) => position[vertex * 3 + axis] === 0 || position[vertex * 3 + axis] === side);
}
