import { BORDERS, type Border } from "./borderCaves.js";
import { coverRock, type OutlineEdge, type PlanePoint } from "./rockSweep.js";
import { copyVertex, pushTriangle, type SurfaceMesh } from "./surfaceMesh.js";

/** Edges are keyed as low * this + high: exact up to 2^26 vertices. */
const KEY = 2 ** 26;

/** Cells between two vertices of the lower rim. */
const RIM_CELLS = 4;

/** Where rock is drawn down to. */
export interface SkirtDepths {
    /** Returns how low rock is drawn in a border plane, `i` cells along it, in quanta. */
    rimAt(border: Border, i: number): number;
    /** Cells along the chunk's side. */
    readonly resolution: number;
}

/**
 * Adds skirts to a fused chunk: all rock in its four border planes, from the outlines that the surface has there down to a rim.
 *
 * @param side chunk side in quanta
 */
export function addSkirts(mesh: SurfaceMesh, side: number, depths: SkirtDepths): void {
    const edges = borderEdges(mesh, side);
    for (const border of BORDERS) {
        addSkirt(mesh, edges, border, side, depths);
    }
}

function addSkirt(
    mesh: SurfaceMesh,
    edges: readonly (readonly [number, number])[],
    border: Border,
    side: number,
    depths: SkirtDepths,
): void {
    const { axis, isHigh } = border;
    // Seen from outside, the plane's other axis runs to the right on two of the four.
    const isTurned = (axis === 0) !== isHigh;
    const plane = isHigh ? side : 0;
    const along = 2 - axis;
    const pointOf = (vertex: number): PlanePoint => ({
        u: mesh.position[vertex * 3 + along]!,
        y: mesh.position[vertex * 3 + 1]!,
        vertex,
    });
    const outlines: OutlineEdge[] = [];
    for (const [a, b] of edges) {
        if (mesh.position[a * 3 + axis] !== plane || mesh.position[b * 3 + axis] !== plane) {
            continue;
        }
        const [from, to] = isTurned ? [pointOf(b), pointOf(a)] : [pointOf(a), pointOf(b)];
        // Along the line where two border planes meet, rock ends by itself.
        if (from.u !== to.u || (from.u !== 0 && from.u !== side)) {
            outlines.push({ from, to });
        }
    }
    const rim = addRim(mesh, outlines, border, side, depths);
    const corners = [rim[0]!, rim.at(-1)!] as const;
    const ends = [uprightEdges(outlines, corners[0]), uprightEdges(outlines, corners[1])] as const;
    for (let i = 1; i < rim.length; i++) {
        outlines.push({ from: rim[i]!, to: rim[i - 1]! });
    }
    for (const [from, to] of ends[0]) {
        outlines.push({ from, to });
    }
    for (const [from, to] of ends[1]) {
        outlines.push({ from: to, to: from });
    }
    coverRock(outlines, (a, b, c) => {
        if (isTurned) {
            pushTriangle(mesh, a.vertex, c.vertex, b.vertex);
        } else {
            pushTriangle(mesh, a.vertex, b.vertex, c.vertex);
        }
    });
}

/** Adds the lower rim: dark rock, which faces outwards. */
function addRim(
    mesh: SurfaceMesh,
    outlines: readonly OutlineEdge[],
    border: Border,
    side: number,
    { rimAt, resolution }: SkirtDepths,
): PlanePoint[] {
    const step = (side / resolution) * RIM_CELLS;
    const count = resolution / RIM_CELLS + 1;
    const lowest = new Array<number>(count).fill(Infinity);
    const highest = new Array<PlanePoint | null>(count).fill(null);
    for (const { from, to } of outlines) {
        for (const point of [from, to]) {
            const [first, last] = [Math.floor(point.u / step), Math.ceil(point.u / step)];
            for (const k of [first, last]) {
                lowest[k] = Math.min(lowest[k]!, point.y);
                if (highest[k] === null || point.y > highest[k]!.y) {
                    highest[k] = point;
                }
            }
        }
    }
    return highest.map((source, k) => {
        const vertex = copyVertex(mesh, source!.vertex);
        let y = lowest[k]! - 1;
        // The rim runs straight from vertex to vertex: each is as low as any column up to the next asks for.
        for (let i = Math.max(0, (k - 1) * RIM_CELLS); i <= Math.min(resolution, (k + 1) * RIM_CELLS); i++) {
            y = Math.min(y, rimAt(border, i));
        }
        y = Math.floor(y);
        mesh.position[vertex * 3 + 2 - border.axis] = k * step;
        mesh.position[vertex * 3 + 1] = y;
        mesh.normal.set([0, 1, 0], vertex * 3);
        mesh.weights[vertex * 4 + 2] = 1;
        mesh.weights[vertex * 4 + 3] = 0;
        return { u: k * step, y, vertex };
    });
}

/** Returns the edges of rock, from below upwards, along the upright line over a corner of the rim. */
export function uprightEdges(outlines: readonly OutlineEdge[], corner: PlanePoint): [PlanePoint, PlanePoint][] {
    const ends = new Map<number, { point: PlanePoint; count: number }>();
    for (const { from, to } of outlines) {
        for (const point of [from, to]) {
            if (point.u === corner.u) {
                const end = ends.get(point.y) ?? { point, count: 0 };
                end.count++;
                ends.set(point.y, end);
            }
        }
    }
    const edges: [PlanePoint, PlanePoint][] = [];
    let isRock = true;
    let before = corner;
    for (const { point, count } of [...ends.values()].sort((a, b) => a.point.y - b.point.y)) {
        if (isRock) {
            edges.push([before, point]);
        }
        isRock = isRock !== (count % 2 === 1);
        before = point;
    }
    return edges;
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
