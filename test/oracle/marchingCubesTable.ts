import { joinLoops, linkOutline } from "./contours.js";

/**
 * Triangles of the 256 marching-cubes cases, derived instead of listed. On each face of the cell the contour is cut so
 * that separate corners of air stay separate; both cells of a face see the same signs, so they cut it alike and the
 * surface has no holes. The segments join to closed loops, and each loop becomes a fan.
 *
 * Corners are numbered by bits: 1 is +x, 2 is +y, 4 is +z. Edges 0-3 run along x, 4-7 along y, 8-11 along z.
 */

/** Corner at the low end of each edge. */
export const EDGE_CORNER = new Uint8Array([0, 2, 4, 6, 0, 1, 4, 5, 0, 1, 2, 3]);
/** Axis of each edge: 0 x, 1 y, 2 z. */
export const EDGE_AXIS = new Uint8Array([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);

/** Corners of each face, in one sense of rotation as seen from outside. */
export const FACES = [
    [0, 4, 6, 2],
    [1, 3, 7, 5],
    [0, 1, 5, 4],
    [2, 6, 7, 3],
    [0, 2, 3, 1],
    [4, 5, 7, 6],
] as const;

/** Edges of case c's triangles are `TRIANGLES[TRIANGLE_START[c]]` up to `TRIANGLE_START[c + 1]`, three a triangle. */
export const TRIANGLE_START = new Uint16Array(257);
export const TRIANGLES = fillTable();

function fillTable(): Uint8Array {
    const edges: number[] = [];
    for (let mask = 0; mask < 256; mask++) {
        TRIANGLE_START[mask] = edges.length;
        appendCase(mask, edges);
    }
    TRIANGLE_START[256] = edges.length;
    return Uint8Array.from(edges);
}

/** `mask` has a bit for each corner in air. */
function appendCase(mask: number, out: number[]): void {
    const next = new Map<number, number>();
    for (const face of FACES) {
        linkOutline(face, (corner) => (mask & (1 << corner)) !== 0, edgeBetween, next);
    }
    for (const loop of joinLoops(next)) {
        for (let i = 2; i < loop.length; i++) {
            out.push(loop[0]!, loop[i - 1]!, loop[i]!);
        }
    }
}

function edgeBetween(a: number, b: number): number {
    const axis = 31 - Math.clz32(a ^ b);
    const low = Math.min(a, b);
    for (let edge = axis * 4; edge < axis * 4 + 4; edge++) {
        if (EDGE_CORNER[edge] === low) {
            return edge;
        }
    }
    throw new Error(`Corners ${a} and ${b} share no edge.`);
}
