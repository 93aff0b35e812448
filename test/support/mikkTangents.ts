import { generateTangents } from "mikktspace";
import { quantumAt } from "../../src/recipe/lattice.js";
import { createHeightGridIndices } from "../../src/meshing/heightGridIndices.js";
import type { ChunkAddress } from "../../src/space/chunkAddress.js";
import type { OracleBaker } from "../oracle/oracleBaker.js";
import { writeTangent } from "../oracle/packVertices.js";
import { UvMapping } from "../oracle/surfaceMesh.js";
import type { BakedMesh } from "./bakedMesh.js";

/** What MikkTSpace takes: a vertex for each corner of each triangle of the surface, skirts left out. */
export interface Corners {
    position: Float32Array;
    normal: Float32Array;
    uv: Float32Array;
    /** Ours. */
    tangent: Float64Array;
}

/** The oracle's surface before packing. */
export function floatCorners(baker: OracleBaker, address: ChunkAddress): Corners {
    const { recipe } = baker;
    const { isFused, mesh } = baker.meshChunk(address);
    const indices = isFused
        ? mesh.indices
        : createHeightGridIndices({ resolution: recipe.terrain.resolution, hasWalls: false });
    const corners = createCorners(mesh.surfaceTriangleCount * 3);
    const quantum = quantumAt(recipe, address.level);
    const side = (recipe.chunkSize * 2 ** address.level) / quantum;
    for (let i = 0; i < mesh.surfaceTriangleCount * 3; i++) {
        const vertex = indices[i]!;
        const [x, y, z] = [0, 1, 2].map((axis) => mesh.position[vertex * 3 + axis]!) as [number, number, number];
        corners.position.set([x * quantum, y * quantum, z * quantum], i * 3);
        corners.normal.set(mesh.normal.subarray(vertex * 3, vertex * 3 + 3), i * 3);
        const mapping = mesh.mapping[vertex]!;
        corners.uv[i * 2] = (mapping === UvMapping.facingX ? z : x) / side;
        corners.uv[i * 2 + 1] = (mapping === UvMapping.flat ? z : y) / side;
        writeTangent(mesh, vertex, corners.tangent, i * 4);
    }
    return corners;
}

/** A baked chunk as a GPU reads it. */
export function packedCorners(mesh: BakedMesh): Corners {
    const corners = createCorners(mesh.surfaceIndexCount);
    for (let i = 0; i < mesh.surfaceIndexCount; i++) {
        const vertex = mesh.indices[i]!;
        for (let axis = 0; axis < 3; axis++) {
            corners.position[i * 3 + axis] = mesh.quanta[vertex * 3 + axis]! * mesh.header.quantum;
        }
        corners.normal.set(mesh.normal.subarray(vertex * 3, vertex * 3 + 3), i * 3);
        corners.uv.set(mesh.uv.subarray(vertex * 2, vertex * 2 + 2), i * 2);
        corners.tangent.set(mesh.tangent.subarray(vertex * 4, vertex * 4 + 4), i * 4);
    }
    return corners;
}

function createCorners(count: number): Corners {
    return {
        position: new Float32Array(count * 3),
        normal: new Float32Array(count * 3),
        uv: new Float32Array(count * 2),
        tangent: new Float64Array(count * 4),
    };
}

/** Degrees between tangents and MikkTSpace's for the same positions, normals and uvs. */
export function compareWithMikk(
    { position, normal, uv, tangent }: Corners,
    isCounted: (corner: number) => boolean = () => true,
) {
    const theirs = generateTangents(position, normal, uv);
    const degrees: number[] = [];
    let signsDiffer = 0;
    for (let i = 0; i < position.length / 3; i++) {
        if (isCounted(i)) {
            degrees.push(angleBetween(tangent.subarray(i * 4, i * 4 + 3), theirs.subarray(i * 4, i * 4 + 3)));
            // This build of MikkTSpace counts v downwards, as glTF does: its signs are the opposite of ours.
            signsDiffer += Math.sign(tangent[i * 4 + 3]!) === -Math.sign(theirs[i * 4 + 3]!) ? 0 : 1;
        }
    }
    degrees.sort((a, b) => a - b);
    return {
        corners: degrees.length,
        mean: degrees.reduce((sum, angle) => sum + angle, 0) / Math.max(1, degrees.length),
        median: degrees[degrees.length >> 1] ?? 0,
        highest: degrees.at(-1) ?? 0,
        signsDiffer,
    };
}

type Vector = Float32Array | Float64Array;

function angleBetween(a: Vector, b: Vector): number {
    const [ax, ay, az, bx, by, bz] = [a[0]!, a[1]!, a[2]!, b[0]!, b[1]!, b[2]!];
    const across = Math.hypot(ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx);
    return (Math.atan2(across, ax * bx + ay * by + az * bz) * 180) / Math.PI;
}
