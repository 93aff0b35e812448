import type { BakedMesh } from "./bakedMesh.js";

/** Across a border: 0 where chunks lie side by side along x, 2 along z. */
export type BorderAxis = 0 | 2;

/** A place in a border plane, in whole quanta: its height from y = 0, and how far along the border from the chunk's corner. */
export type BorderPlace = readonly [y: number, along: number];

/** The line in which a chunk's surface meets a border plane. */
export interface BorderLine {
    /** Its edges by their ends, as the triangles run through them. */
    readonly edges: ReadonlyMap<string, readonly [from: BorderPlace, to: BorderPlace]>;
    /** The ends of its edges. */
    readonly places: ReadonlyMap<string, BorderPlace>;
}

/**
 * Returns the edges of a chunk's surface that are open in a border plane. Vertices inside a chunk may be rounded into the
 * plane: what two triangles share there is no border.
 *
 * @param isTurned whether edges are given from their end to their start, as a neighbour has them
 */
export function borderLineOf(mesh: BakedMesh, axis: BorderAxis, isHigh: boolean, isTurned = false): BorderLine {
    const { quanta, indices, header, side, surfaceIndexCount } = mesh;
    const base = Math.round(header.origin.y / header.quantum);
    const plane = isHigh ? side : 0;
    const placeOf = (vertex: number): BorderPlace => [quanta[vertex * 3 + 1]! + base, quanta[vertex * 3 + 2 - axis]!];
    const open = new Map<string, { count: number; from: BorderPlace; to: BorderPlace }>();
    const count = (from: BorderPlace, to: BorderPlace, by: number): void => {
        const key = keyOf(from, to);
        const edge = open.get(key);
        if (edge === undefined) {
            open.set(key, { count: by, from, to });
        } else {
            edge.count += by;
        }
    };
    for (let i = 0; i < surfaceIndexCount; i++) {
        const a = indices[i]!;
        const b = indices[i % 3 === 2 ? i - 2 : i + 1]!;
        if (quanta[a * 3 + axis] !== plane || quanta[b * 3 + axis] !== plane) {
            continue;
        }
        const [from, to] = [placeOf(a), placeOf(b)];
        // What rounding has shrunk to a point has no length to be open.
        if (from[0] !== to[0] || from[1] !== to[1]) {
            count(from, to, 1);
            count(to, from, -1);
        }
    }
    const edges = new Map<string, readonly [BorderPlace, BorderPlace]>();
    const places = new Map<string, BorderPlace>();
    for (const edge of open.values()) {
        const { from, to } = edge;
        // Along the line where four chunks meet an edge lies in the planes of two borders, and may be either's.
        const isInCorner = from[1] === to[1] && (from[1] === 0 || from[1] === side);
        if (edge.count > 0 && !isInCorner) {
            edges.set(isTurned ? keyOf(to, from) : keyOf(from, to), isTurned ? [to, from] : [from, to]);
            places.set(from.join(" "), from);
            places.set(to.join(" "), to);
        }
    }
    return { edges, places };
}

function keyOf(from: BorderPlace, to: BorderPlace): string {
    return `${from[0]} ${from[1]} ${to[0]} ${to[1]}`;
}

/**
 * Compares the border that two chunks of a level share: two of a kind must have the same edges. A fused chunk has all vertices
 * of a height grid beside it, and others on the line between them.
 *
 * @param low the chunk at lower x or z
 * @returns what differs; empty where nothing does
 */
export function compareBorders(low: BakedMesh, high: BakedMesh, axis: BorderAxis): string {
    const mine = borderLineOf(low, axis, true);
    const theirs = borderLineOf(high, axis, false, true);
    if (low.isFused === high.isFused) {
        const more = [...mine.edges.keys()].filter((edge) => !theirs.edges.has(edge));
        const less = [...theirs.edges.keys()].filter((edge) => !mine.edges.has(edge));
        return more.length + less.length === 0
            ? ""
            : `${more.length} and ${less.length} edges of the border differ, ${more[0] ?? less[0]}`;
    }
    const [grid, fused] = low.isFused ? [theirs.places, mine.places] : [mine.places, theirs.places];
    const gone = [...grid.keys()].filter((place) => !fused.has(place));
    const line = [...grid.values()].sort((a, b) => a[1] - b[1]);
    const step = line[1]![1] - line[0]![1];
    const off = [...fused.values()].filter(([y, along]) => {
        const at = Math.min(line.length - 2, Math.floor(along / step));
        const [start, end] = [line[at]!, line[at + 1]!];
        const slope = (end[0] - start[0]) / step;
        // Rounded along the line, which may be steep.
        return Math.abs(y - start[0] - slope * (along - start[1])) > 0.51 * (1 + Math.abs(slope));
    });
    return gone.length + off.length === 0
        ? ""
        : `${gone.length} vertices of a grid's border are not its fused neighbour's, ` +
              `${off.length} of whose lie off its line, ${gone[0] ?? off[0]!.join(" ")}`;
}
