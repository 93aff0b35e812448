import { placeToRef } from "../../src/space/cubeSphere.js";
import type { ChunkAddress } from "../../src/space/chunkAddress.js";
import type { BakedMesh } from "./bakedMesh.js";

/** The border that two chunks share, as one of them has it. */
export interface PlanetBorder {
    /** Vertices on it, as quanta along the planet's axes. */
    readonly vertices: ReadonlySet<string>;
    /** Its open edges, from vertex to vertex as the triangles run through them. */
    readonly edges: ReadonlySet<string>;
}

/** Quanta by which rounding may take a vertex out of a border's plane. */
const ROUNDING = 0.9;
/** Quanta from the line above an end of the border within which edges may lie in the plane of the other border that ends there. */
const END = 2;

/**
 * Returns the border of a chunk that lies in the plane through the planet's middle and two places of its edge.
 *
 * @param first the direction of one of the border's ends
 * @param second that of its other end
 * @param isTurned whether edges are given from their end to their start, as a neighbour has them
 */
export function planetBorderOf(
    mesh: BakedMesh,
    first: Float64Array,
    second: Float64Array,
    isTurned: boolean,
): PlanetBorder {
    const { quanta, indices, header, surfaceIndexCount } = mesh;
    const origin = [header.origin.x, header.origin.y, header.origin.z].map((part) => Math.round(part / header.quantum));
    const normal = unit(cross(first, second));
    const place = (vertex: number): number[] => origin.map((part, axis) => part + quanta[vertex * 3 + axis]!);
    const ends = [first, second];
    /** Which of the ends a vertex lies above or below, -1 where none. Edges there may be either border's. */
    const endOf = (at: readonly number[]): number =>
        ends.findIndex((end) => Math.hypot(...cross(Float64Array.from(at), end)) <= END);
    const endOfKey = new Map<string, number>();
    const isOn = new Map<number, string | null>();
    const keyOf = (vertex: number): string | null => {
        let key = isOn.get(vertex);
        if (key === undefined) {
            const at = place(vertex);
            const out = at[0]! * normal[0]! + at[1]! * normal[1]! + at[2]! * normal[2]!;
            key = Math.abs(out) <= ROUNDING ? at.join(" ") : null;
            if (key !== null) {
                endOfKey.set(key, endOf(at));
            }
            isOn.set(vertex, key);
        }
        return key;
    };
    const open = new Map<string, number>();
    for (let i = 0; i < surfaceIndexCount; i++) {
        const a = keyOf(indices[i]!);
        const b = keyOf(indices[i % 3 === 2 ? i - 2 : i + 1]!);
        // What rounding has shrunk to a point has no length to be open.
        if (a !== null && b !== null && a !== b) {
            open.set(`${a} - ${b}`, (open.get(`${a} - ${b}`) ?? 0) + 1);
            open.set(`${b} - ${a}`, (open.get(`${b} - ${a}`) ?? 0) - 1);
        }
    }
    const edges = new Set<string>();
    const vertices = new Set<string>();
    for (const [edge, count] of open) {
        if (count > 0) {
            const [from, to] = edge.split(" - ") as [string, string];
            if (endOfKey.get(from)! >= 0 && endOfKey.get(from) === endOfKey.get(to)) {
                continue;
            }
            edges.add(isTurned ? `${to} - ${from}` : edge);
            vertices.add(from).add(to);
        }
    }
    return { vertices, edges };
}

/** Returns the directions of the ends of the border that two chunks share; null where they share a corner alone. */
export function sharedEnds(a: ChunkAddress, b: ChunkAddress, chunksAlong: number): [Float64Array, Float64Array] | null {
    const own = cornersOf(a, chunksAlong);
    const others = new Set(cornersOf(b, chunksAlong).map((corner) => corner.join()));
    const shared = own.filter((corner) => others.has(corner.join()));
    return shared.length === 2 ? [shared[0]!, shared[1]!] : null;
}

function cornersOf({ face, x, z }: ChunkAddress, chunksAlong: number): Float64Array[] {
    return [0, 1, 2, 3].map((corner) => {
        const place = new Float64Array(3);
        placeToRef(face, x + (corner & 1), z + (corner >> 1), chunksAlong, place);
        return place;
    });
}

function cross(a: Float64Array, b: Float64Array): [number, number, number] {
    return [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!];
}

function unit([x, y, z]: readonly [number, number, number]): [number, number, number] {
    const length = Math.hypot(x, y, z);
    return [x / length, y / length, z / length];
}
