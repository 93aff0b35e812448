import type { BakedMesh } from "./bakedMesh.js";

/** An edge of a chunk's surface. */
export interface MeshEdge {
    /** Its ends: a vertex each. */
    readonly a: number;
    readonly b: number;
    /** How many triangles run from a to b, and how many from b to a. */
    along: number;
    against: number;
}

/** Edges are keyed as low * this + high: exact up to 2^26 vertices. */
const KEY = 2 ** 26;

/**
 * Returns the edges of a chunk's surface; what uvs split is joined again. Triangles with two corners
 * that are one have none.
 *
 * @param by what makes vertices one: their place, or their normal and weights as well, which tells apart most of those that
 * rounding alone has brought together
 */
export function surfaceEdges(mesh: BakedMesh, by: "place" | "look"): MeshEdge[] {
    const { indices, surfaceIndexCount } = mesh;
    const ids = identify(mesh, by);
    const edges = new Map<number, MeshEdge>();
    for (let i = 0; i < surfaceIndexCount; i++) {
        const [a, b, c] = [indices[i]!, indices[nextCorner(i)]!, indices[nextCorner(nextCorner(i))]!];
        if (ids[a] === ids[b] || ids[b] === ids[c] || ids[c] === ids[a]) {
            continue;
        }
        const isTurned = ids[a]! > ids[b]!;
        const [low, high] = isTurned ? [b, a] : [a, b];
        const key = ids[low]! * KEY + ids[high]!;
        let edge = edges.get(key);
        if (edge === undefined) {
            edge = { a: low, b: high, along: 0, against: 0 };
            edges.set(key, edge);
        }
        edge[isTurned ? "against" : "along"]++;
    }
    return [...edges.values()];
}

/** Whether both ends of an edge lie in one of the chunk's four border planes. */
export function isOnBorder({ quanta, side }: BakedMesh, { a, b }: MeshEdge): boolean {
    return [0, 2].some((axis) => {
        const at = quanta[a * 3 + axis]!;
        return at === quanta[b * 3 + axis]! && (at === 0 || at === side);
    });
}

function nextCorner(i: number): number {
    return i % 3 === 2 ? i - 2 : i + 1;
}

/** A number for each vertex: the same for those that are one. Three int16 fit 48 bits. */
function identify({ header, quanta, normal, weights }: BakedMesh, by: "place" | "look"): Int32Array {
    const found = new Map<number | string, number>();
    const ids = new Int32Array(header.vertexCount);
    for (let i = 0; i < ids.length; i++) {
        const place =
            ((quanta[i * 3]! + 32768) * 65536 + quanta[i * 3 + 1]! + 32768) * 65536 + quanta[i * 3 + 2]! + 32768;
        const key =
            by === "place"
                ? place
                : `${place} ${normal.subarray(i * 3, i * 3 + 3).join(" ")} ${weights.subarray(i * 4, i * 4 + 4).join(" ")}`;
        let id = found.get(key);
        if (id === undefined) {
            id = found.size;
            found.set(key, id);
        }
        ids[i] = id;
    }
    return ids;
}
