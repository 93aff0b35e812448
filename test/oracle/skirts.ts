import { copyVertex, pushTriangle, type SurfaceMesh } from "./surfaceMesh.js";

/** Edges are keyed as low * this + high: exact up to 2^26 vertices. */
const KEY = 2 ** 26;

/** Shares of the full depth that a skirt may have, the deepest first: walls between caves, and roofs, may be thin. */
const DEPTHS = [1, 0.5, 0.25] as const;
/** Share where there is no room for more: a skirt so short hardly shows, and closes what rounding opens. */
const SHORTEST = 0.1;

/** Share of a normal that lies in the border at least where a skirt is to reach all its depth. */
const LEAST_LENGTH = 0.5;

export type Point = readonly [x: number, y: number, z: number];

/** Tells rock from air at points in quanta. */
export interface RockTest {
    /** Whether a skirt may end at a point. @param deeper one half as deep again */
    isDeepInRock(point: Point, deeper: Point): boolean;
    /** Whether the nearest sample is rock. */
    isNearestRock(point: Point): boolean;
}

/**
 * Adds skirts to a fused chunk: along every edge of the surface that lies in one of the chunk's four border planes and
 * belongs to one triangle only. A skirt reaches into the rock, against the normal as far as that lies in the border, and ends
 * where rock ends, so that none hangs in a tunnel or sticks out of the ground above one.
 *
 * @param side chunk side in quanta; @param depth quanta
 */
export function addSkirts(mesh: SurfaceMesh, side: number, depth: number, rock: RockTest): void {
    const lower = new Map<number, number>();
    for (const [a, b] of borderEdges(mesh, side)) {
        const c = lowerVertex(mesh, lower, a, side, depth, rock);
        const d = lowerVertex(mesh, lower, b, side, depth, rock);
        // The triangle runs from a to b; the skirt continues it beyond that edge, so it runs from b to a.
        pushTriangle(mesh, b, a, c);
        pushTriangle(mesh, b, c, d);
    }
}

/** Edges of one triangle in a border plane, in the triangle's own sense. */
function borderEdges(mesh: SurfaceMesh, side: number): [a: number, b: number][] {
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
    return [...open].map(([key, from]) => {
        const low = Math.floor(key / KEY);
        return [from, from === low ? key - low * KEY : low];
    });
}

function sharesBorder(position: Int32Array, a: number, b: number, side: number): boolean {
    const ax = position[a * 3]!;
    const az = position[a * 3 + 2]!;
    return (
        (ax === position[b * 3]! && (ax === 0 || ax === side)) ||
        (az === position[b * 3 + 2]! && (az === 0 || az === side))
    );
}

/**
 * The direction out of the rock within the border planes that a vertex lies in: of length 1, but for where the normal all but
 * stands on the border, and says little of where rock is in it.
 */
function withinBorder([nx, ny, nz]: Point, [x, , z]: Point, side: number): Point {
    const px = x === 0 || x === side ? 0 : nx;
    const pz = z === 0 || z === side ? 0 : nz;
    const length = Math.max(LEAST_LENGTH, Math.hypot(px, ny, pz));
    return [px / length, ny / length, pz / length];
}

function lowerVertex(
    mesh: SurfaceMesh,
    lower: Map<number, number>,
    vertex: number,
    side: number,
    depth: number,
    rock: RockTest,
): number {
    let found = lower.get(vertex);
    if (found === undefined) {
        found = copyVertex(mesh, vertex);
        const { position, normal } = mesh;
        const [x, y, z] = [position[vertex * 3]!, position[vertex * 3 + 1]!, position[vertex * 3 + 2]!];
        const [nx, ny, nz] = withinBorder(
            [normal[vertex * 3]!, normal[vertex * 3 + 1]!, normal[vertex * 3 + 2]!],
            [x, y, z],
            side,
        );
        const pointAt = (share: number) =>
            [x - depth * share * nx, y - depth * share * ny, z - depth * share * nz] as const;
        const point =
            DEPTHS.map((share) => [pointAt(share), pointAt(share * 1.5)] as const).find(([deep, deeper]) =>
                rock.isDeepInRock(deep, deeper),
            )?.[0] ?? [pointAt(SHORTEST)].find((shallow) => rock.isNearestRock(shallow));
        if (point !== undefined) {
            position[found * 3] = Math.round(point[0]);
            position[found * 3 + 1] = Math.round(point[1]);
            position[found * 3 + 2] = Math.round(point[2]);
        }
        lower.set(vertex, found);
    }
    return found;
}
