import type { Mesh } from "./meshJob.js";
import { SIDE } from "./meshVolumes.js";

/** Samples: greater distances are not measured. Cells around a point hold all triangles that are as near as that. */
const REACH = 1;

export interface SurfaceGap {
    /** Samples: the greatest distance of a vertex of either from the other's surface. Infinity beyond `REACH`. */
    readonly largest: number;
    readonly mean: number;
}

/**
 * Measures how far two surfaces lie apart, by the vertices of each against the triangles of the other.
 *
 * @param margin samples from the volume's sides within which vertices do not count
 */
export function compareSurfaces(a: Mesh, b: Mesh, margin: number): SurfaceGap {
    const gaps = [...gapsOf(a, b, margin), ...gapsOf(b, a, margin)];
    return {
        largest: gaps.reduce((most, gap) => Math.max(most, gap), 0),
        mean: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length,
    };
}

/**
 * Returns the distance of each corner of `points` to the nearest triangle. Vertices without triangles, which one rival
 * has, are no surface.
 */
function gapsOf(points: Mesh, surface: Mesh, margin: number): number[] {
    const cells = trianglesByCell(surface);
    const gaps: number[] = [];
    for (const vertex of new Set(points.triangles)) {
        const point = points.positions.subarray(vertex * 3, vertex * 3 + 3);
        if (point.some((value) => value < margin || value > SIDE - 1 - margin)) {
            continue;
        }
        let nearest = Number.POSITIVE_INFINITY;
        for (const triangle of cells.get(cellOf(point[0]!, point[1]!, point[2]!)) ?? []) {
            nearest = Math.min(nearest, distanceToTriangle(point, surface, triangle));
        }
        gaps.push(nearest <= REACH ? nearest : Number.POSITIVE_INFINITY);
    }
    return gaps;
}

/** Returns for each cell the triangles that come within `REACH` of it. */
function trianglesByCell({ positions, triangles }: Mesh): Map<number, number[]> {
    const cells = new Map<number, number[]>();
    for (let i = 0; i < triangles.length; i += 3) {
        const corners = [0, 1, 2].map((corner) => triangles[i + corner]! * 3);
        const [low, high] = [Math.min, Math.max].map((pick, end) =>
            [0, 1, 2].map((axis) =>
                Math.floor(pick(...corners.map((at) => positions[at + axis]!)) + (end === 0 ? -REACH : REACH)),
            ),
        ) as [number[], number[]];
        for (let z = low[2]!; z <= high[2]!; z++) {
            for (let y = low[1]!; y <= high[1]!; y++) {
                for (let x = low[0]!; x <= high[0]!; x++) {
                    const cell = cellOf(x, y, z);
                    const list = cells.get(cell);
                    if (list === undefined) {
                        cells.set(cell, [i]);
                    } else {
                        list.push(i);
                    }
                }
            }
        }
    }
    return cells;
}

/** Returns the number of a cell; cells from -1 on have one. */
function cellOf(x: number, y: number, z: number): number {
    const stride = SIDE + 3;
    return ((Math.floor(z) + 1) * stride + Math.floor(y) + 1) * stride + Math.floor(x) + 1;
}

type Vector = readonly [number, number, number];

function distanceToTriangle(point: Float32Array, { positions, triangles }: Mesh, i: number): number {
    const corner = (n: number): Vector => {
        const at = triangles[i + n]! * 3;
        return [positions[at]! - point[0]!, positions[at + 1]! - point[1]!, positions[at + 2]! - point[2]!];
    };
    // With the point as origin.
    const [a, b, c] = [corner(0), corner(1), corner(2)];
    const normal = cross(minus(b, a), minus(c, a));
    const square = dot(normal, normal);
    const isAbove = (from: Vector, to: Vector) => dot(cross(minus(to, from), minus([0, 0, 0], from)), normal) >= 0;
    if (square > 0 && isAbove(a, b) && isAbove(b, c) && isAbove(c, a)) {
        return Math.abs(dot(a, normal)) / Math.sqrt(square);
    }
    return Math.min(distanceToSegment(a, b), distanceToSegment(b, c), distanceToSegment(c, a));
}

/** Returns the distance of the origin to a segment. */
function distanceToSegment(a: Vector, b: Vector): number {
    const along = minus(b, a);
    const square = dot(along, along);
    const t = square > 0 ? Math.max(0, Math.min(1, -dot(a, along) / square)) : 0;
    return Math.hypot(a[0] + t * along[0], a[1] + t * along[1], a[2] + t * along[2]);
}

function minus(a: Vector, b: Vector): Vector {
    return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function cross(a: Vector, b: Vector): Vector {
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function dot(a: Vector, b: Vector): number {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
