import type { BakedMesh } from "./bakedMesh.js";

/** How one kind of difference is spread over the vertices that were matched. */
export interface Spread {
    mean: number;
    /** 99 of 100 are at most this. */
    p99: number;
    max: number;
}

export interface MeshComparison {
    isSameKind: boolean;
    /** Of the first mesh and of the second. */
    vertices: [number, number];
    triangles: [number, number];
    /** Triangles without skirts, and without those that have a vertex which is left out. */
    surfaceTriangles: [number, number];
    /** Difference of the numbers of surface triangles as a share of the larger. */
    triangleShare: number;
    /** Share of the first mesh's vertices that the second has none for, and the other way round. */
    unmatched: [number, number];
    /** Quanta. */
    position: Spread;
    /** Degrees. */
    normal: Spread;
    /** Degrees; 180 where the fourth parts differ. Of vertices with the same uv and triangles: see `starsOf`. */
    tangent: Spread;
    /** Share of the matched vertices that have others, or none with an area in uv. */
    loose: number;
    /** Of 1: the most different of a vertex's weights. */
    weights: Spread;
    /** Of a chunk's side: the more different of u and v. */
    uv: Spread;
}

type Part = "all" | "surface";

/** Quanta along each axis within which vertices may be each other's. */
const REACH = 2;
/** Side of the hash's cells in quanta: a vertex's neighbours lie in eight of them at most. */
const CELL = 2 * REACH;

/**
 * Compares two meshes of one chunk, whatever the order of their vertices. Each vertex is matched with the likest of the
 * other mesh's within `REACH` quanta; vertices that are split for their uvs lie in the same place, so uvs count in that.
 * The spreads are over both directions. Vertices that are held at the limit of int16, where land is steeper than it spans, are
 * left out.
 *
 * @param part "surface" leaves skirts out
 */
export function compareMeshes(a: BakedMesh, b: BakedMesh, part: Part = "all"): MeshComparison {
    const [first, second] = [a.header, b.header];
    const names = [first, second].map(({ address, quantum }) => JSON.stringify([address, quantum]));
    if (names[0] !== names[1]) {
        throw new Error(`Meshes of different chunks: ${names.join(" and ")}.`);
    }
    const found = new Differences();
    const places: Places = { middleY: first.origin.y / first.quantum, numbers: new Map() };
    const [ofA, ofB] = [verticesOf(a, part, places), verticesOf(b, part, places)];
    const unmatchedA = matchAll(ofA, ofB, found);
    const unmatchedB = matchAll(ofB, ofA, found);
    const surface: [number, number] = [
        first.surfaceTriangleCount - heldTriangles(a),
        second.surfaceTriangleCount - heldTriangles(b),
    ];
    return {
        isSameKind: a.isFused === b.isFused,
        vertices: [ofA.vertices.length, ofB.vertices.length],
        triangles: [a.indices.length / 3, b.indices.length / 3],
        surfaceTriangles: surface,
        triangleShare: Math.abs(surface[0] - surface[1]) / Math.max(1, ...surface),
        unmatched: [unmatchedA / Math.max(1, ofA.vertices.length), unmatchedB / Math.max(1, ofB.vertices.length)],
        position: spreadOf(found.position),
        normal: spreadOf(found.normal),
        tangent: spreadOf(found.tangent),
        loose: 1 - found.tangent.length / Math.max(1, found.position.length),
        weights: spreadOf(found.weights),
        uv: spreadOf(found.uv),
    };
}

class Differences {
    public readonly position: number[] = [];
    public readonly normal: number[] = [];
    public readonly tangent: number[] = [];
    public readonly weights: number[] = [];
    public readonly uv: number[] = [];

    public add(a: BakedMesh, i: number, b: BakedMesh, j: number, hasSameStar: boolean): void {
        this.position.push(Math.sqrt(squaredDistance(a, i, b, j)));
        this.normal.push(degreesBetween(a.normal, i * 3, b.normal, j * 3));
        this.weights.push(mostApart(a.weights, i * 4, b.weights, j * 4, 4));
        const uv = mostApart(a.uv, i * 2, b.uv, j * 2, 2);
        this.uv.push(uv);
        if (hasSameStar && uv * a.side < REACH) {
            const isTurned = a.tangent[i * 4 + 3]! * b.tangent[j * 4 + 3]! < 0;
            this.tangent.push(isTurned ? 180 : degreesBetween(a.tangent, i * 4, b.tangent, j * 4));
        }
    }
}

/** Numbers that places have in both meshes. */
interface Places {
    /** Quanta. */
    readonly middleY: number;
    readonly numbers: Map<number, number>;
}

/** A mesh's vertices that count. */
interface Vertices {
    readonly mesh: BakedMesh;
    readonly vertices: readonly number[];
    /** Of each vertex: see `starsOf`. */
    readonly stars: readonly number[][];
}

function verticesOf(mesh: BakedMesh, part: Part, places: Places): Vertices {
    const indices = part === "all" ? mesh.indices : mesh.indices.subarray(0, mesh.surfaceIndexCount);
    return { mesh, vertices: [...new Set(indices)], stars: starsOf(mesh, indices, places) };
}

/**
 * What each vertex's tangent hangs on besides its normal and its uv: where the other corners of its triangles lie, those
 * without an area in uv aside. Where that is the same, the tangent must be; where it differs by a quantum, a narrow triangle
 * may turn over. Empty where no triangle has an area: which way u grows there, the last bit of the normal decides.
 *
 * @returns of each vertex a number for each triangle, sorted
 */
function starsOf(mesh: BakedMesh, indices: Uint16Array | Uint32Array, places: Places): number[][] {
    const count = mesh.header.vertexCount;
    const stars = Array.from({ length: count }, (): number[] => []);
    const placeOf = new Float64Array(count);
    for (let vertex = 0; vertex < count; vertex++) {
        const y = quantaOf(mesh, vertex, 1) - places.middleY;
        const key = keyOf(quantaOf(mesh, vertex, 0), y, quantaOf(mesh, vertex, 2));
        const number = places.numbers.get(key) ?? places.numbers.size;
        places.numbers.set(key, number);
        placeOf[vertex] = number;
    }
    for (let i = 0; i < indices.length; i += 3) {
        const [a, b, c] = [indices[i]!, indices[i + 1]!, indices[i + 2]!];
        if (hasUvArea(mesh, a * 2, b * 2, c * 2)) {
            stars[a]!.push(placeOf[b]! * MOST_PLACES + placeOf[c]!);
            stars[b]!.push(placeOf[c]! * MOST_PLACES + placeOf[a]!);
            stars[c]!.push(placeOf[a]! * MOST_PLACES + placeOf[b]!);
        }
    }
    for (const star of stars) {
        star.sort((a, b) => a - b);
    }
    return stars;
}

/** Two places make a number that is exact. */
const MOST_PLACES = 2 ** 26;

function isSameStar(a: readonly number[], b: readonly number[]): boolean {
    if (a.length === 0 || a.length !== b.length) {
        return false;
    }
    for (let i = 0; i < a.length; i++) {
        if (a[i] !== b[i]) {
            return false;
        }
    }
    return true;
}

/** @param a, b, c the corners' first uvs */
function hasUvArea({ uv }: BakedMesh, a: number, b: number, c: number): boolean {
    return (uv[b]! - uv[a]!) * (uv[c + 1]! - uv[a + 1]!) !== (uv[b + 1]! - uv[a + 1]!) * (uv[c]! - uv[a]!);
}

/** Adds the differences of all vertices of `own` that are matched, and returns how many are not. */
function matchAll(own: Vertices, other: Vertices, found: Differences): number {
    const [a, b] = [own.mesh, other.mesh];
    const cells = new Map<number, number[]>();
    for (const vertex of other.vertices) {
        const key = keyOf(cellOf(b, vertex, 0, 0), cellOf(b, vertex, 1, 0), cellOf(b, vertex, 2, 0));
        const cell = cells.get(key);
        if (cell === undefined) {
            cells.set(key, [vertex]);
        } else {
            cell.push(vertex);
        }
    }
    let unmatched = 0;
    for (const vertex of own.vertices) {
        if (isHeld(a, vertex)) {
            continue;
        }
        const match = likest(a, vertex, b, cells);
        if (match < 0) {
            unmatched++;
        } else {
            found.add(a, vertex, b, match, isSameStar(own.stars[vertex]!, other.stars[match]!));
        }
    }
    return unmatched;
}

/** Whether a vertex lies at the limit of int16, or so near that one whose chunk has another middle height may. */
function isHeld({ quanta }: BakedMesh, vertex: number): boolean {
    return Math.abs(quanta[vertex * 3 + 1]!) > 32_767 - 16;
}

function heldTriangles(mesh: BakedMesh): number {
    let count = 0;
    for (let i = 0; i < mesh.surfaceIndexCount; i += 3) {
        const [a, b, c] = [mesh.indices[i]!, mesh.indices[i + 1]!, mesh.indices[i + 2]!];
        count += isHeld(mesh, a) || isHeld(mesh, b) || isHeld(mesh, c) ? 1 : 0;
    }
    return count;
}

function likest(a: BakedMesh, vertex: number, b: BakedMesh, cells: ReadonlyMap<number, readonly number[]>): number {
    const [lowX, lowY, lowZ] = [
        cellOf(a, vertex, 0, -REACH),
        cellOf(a, vertex, 1, -REACH),
        cellOf(a, vertex, 2, -REACH),
    ];
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let corner = 0; corner < 8; corner++) {
        const key = keyOf(lowX + (corner & 1), lowY + ((corner >> 1) & 1), lowZ + (corner >> 2));
        for (const other of cells.get(key) ?? []) {
            const isNear =
                Math.abs(quantaOf(a, vertex, 0) - quantaOf(b, other, 0)) <= REACH &&
                Math.abs(quantaOf(a, vertex, 1) - quantaOf(b, other, 1)) <= REACH &&
                Math.abs(quantaOf(a, vertex, 2) - quantaOf(b, other, 2)) <= REACH;
            const unlikeness = isNear ? unlikenessOf(a, vertex, b, other) : Number.POSITIVE_INFINITY;
            if (unlikeness < least) {
                least = unlikeness;
                best = other;
            }
        }
    }
    return best;
}

/** Square of quanta: a step of uv counts as much as the way it stands for; directions decide between vertices else alike. */
function unlikenessOf(a: BakedMesh, i: number, b: BakedMesh, j: number): number {
    const uv = mostApart(a.uv, i * 2, b.uv, j * 2, 2) * QUANTA_A_SIDE;
    const directions =
        mostApart(a.normal, i * 3, b.normal, j * 3, 3) + mostApart(a.tangent, i * 4, b.tangent, j * 4, 4);
    return squaredDistance(a, i, b, j) + uv * uv + directions + mostApart(a.weights, i * 4, b.weights, j * 4, 4);
}

/** About as many as any recipe has; only uvs' share in the choice of a match hangs on it. */
const QUANTA_A_SIDE = 8192;

function squaredDistance(a: BakedMesh, i: number, b: BakedMesh, j: number): number {
    let sum = 0;
    for (let axis = 0; axis < 3; axis++) {
        const apart = quantaOf(a, i, axis) - quantaOf(b, j, axis);
        sum += apart * apart;
    }
    return sum;
}

/** Quanta from the chunk's corner, and from y = 0: meshes of one chunk may differ in their middle height. */
function quantaOf({ header, quanta }: BakedMesh, vertex: number, axis: number): number {
    return quanta[vertex * 3 + axis]! + (axis === 1 ? header.origin.y / header.quantum : 0);
}

function cellOf(mesh: BakedMesh, vertex: number, axis: number, offset: number): number {
    return Math.floor((quantaOf(mesh, vertex, axis) + offset) / CELL);
}

/** Exact: sides have at most 2^16 quanta, heights fewer than 2^22. */
function keyOf(x: number, y: number, z: number): number {
    return ((x + 2 ** 15) * 2 ** 16 + (z + 2 ** 15)) * 2 ** 21 + (y + 2 ** 20);
}

function mostApart(a: Float64Array, i: number, b: Float64Array, j: number, count: number): number {
    let most = 0;
    for (let k = 0; k < count; k++) {
        most = Math.max(most, Math.abs(a[i + k]! - b[j + k]!));
    }
    return most;
}

function degreesBetween(a: Float64Array, i: number, b: Float64Array, j: number): number {
    const [ax, ay, az] = [a[i]!, a[i + 1]!, a[i + 2]!];
    const [bx, by, bz] = [b[j]!, b[j + 1]!, b[j + 2]!];
    const across = Math.hypot(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx);
    return (Math.atan2(across, ax * bx + ay * by + az * bz) * 180) / Math.PI;
}

function spreadOf(values: readonly number[]): Spread {
    const sorted = Float64Array.from(values).sort();
    const count = sorted.length;
    return {
        mean: sorted.reduce((sum, value) => sum + value, 0) / Math.max(1, count),
        p99: sorted[Math.max(0, Math.ceil(0.99 * count) - 1)] ?? 0,
        max: sorted[count - 1] ?? 0,
    };
}
