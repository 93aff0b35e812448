import { VertexLayout } from "../../src/format/chunkData.js";
import { UvMapping, type SurfaceMesh } from "./surfaceMesh.js";

/**
 * Writes a mesh's vertices in the packed layout of `docs/specs/chunkData.md`, all but the tangents.
 *
 * @param sideQuanta a chunk's side in quanta; @param out exactly vertexCount * 24 bytes
 */
export function packVertices(mesh: SurfaceMesh, sideQuanta: number, out: Uint8Array): void {
    const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
    const { position, normal, weights, mapping, shift } = mesh;
    for (let vertex = 0, at = 0; vertex < mesh.vertexCount; vertex++, at += VertexLayout.stride) {
        const x = position[vertex * 3]!;
        const y = position[vertex * 3 + 1]!;
        const z = position[vertex * 3 + 2]!;
        const nx = normal[vertex * 3]!;
        const ny = normal[vertex * 3 + 1]!;
        const nz = normal[vertex * 3 + 2]!;
        const map = mapping[vertex]!;

        view.setInt16(at + VertexLayout.position, toInt16(x), true);
        view.setInt16(at + VertexLayout.position + 2, toInt16(y), true);
        view.setInt16(at + VertexLayout.position + 4, toInt16(z), true);
        view.setInt16(at + VertexLayout.position + 6, 0, true);

        view.setInt8(at + VertexLayout.normal, toSnorm8(nx));
        view.setInt8(at + VertexLayout.normal + 1, toSnorm8(ny));
        view.setInt8(at + VertexLayout.normal + 2, toSnorm8(nz));
        view.setInt8(at + VertexLayout.normal + 3, 0);

        const alongZ = map === UvMapping.facingX;
        const u = (alongZ ? z : x) / sideQuanta;
        const v = map === UvMapping.flat ? z / sideQuanta : y / sideQuanta - shift[vertex]! / 2;
        view.setUint16(at + VertexLayout.uv, toUnorm16(u), true);
        view.setUint16(at + VertexLayout.uv + 2, toUnorm16(v), true);

        for (let channel = 0; channel < 4; channel++) {
            view.setUint8(at + VertexLayout.weights + channel, toUnorm8(weights[vertex * 4 + channel]!));
        }
    }
}

/** Adds the tangents, which belong to the packed uvs: see `writeTangent`. */
export function packTangents(mesh: SurfaceMesh, out: Uint8Array): void {
    const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
    const tangent = new Float64Array(4);
    for (let vertex = 0, at = 0; vertex < mesh.vertexCount; vertex++, at += VertexLayout.stride) {
        writeTangent(mesh, vertex, tangent, 0);
        for (let i = 0; i < 4; i++) {
            view.setInt8(at + VertexLayout.tangent + i, toSnorm8(tangent[i]!));
        }
    }
}

/**
 * A vertex's tangent before packing: the unit vector along the surface in which v is constant and u grows, and the
 * handedness. Where `alignTangents` has said so, the mean over the triangles around.
 */
export function writeTangent(mesh: SurfaceMesh, vertex: number, out: Float64Array, to: number): void {
    const nx = mesh.normal[vertex * 3]!;
    const ny = mesh.normal[vertex * 3 + 1]!;
    const nz = mesh.normal[vertex * 3 + 2]!;
    const map = mesh.mapping[vertex]!;
    let tx: number;
    let ty = 0;
    let tz = 0;
    switch (map) {
        case UvMapping.flat:
            tx = Math.abs(ny);
            ty = -nx * signOf(ny);
            break;
        case UvMapping.facingX:
            tx = -nz * signOf(nx);
            tz = Math.abs(nx);
            break;
        default:
            tx = Math.abs(nz);
            tz = -nx * signOf(nz);
    }
    const length = Math.sqrt(tx * tx + ty * ty + tz * tz);
    if (length < 1e-4) {
        // The surface has no direction of constant v: that of u itself will do.
        [tx, ty, tz] = map === UvMapping.facingX ? [0, 0, 1] : [1, 0, 0];
    } else {
        [tx, ty, tz] = [tx / length, ty / length, tz / length];
    }
    // cross(normal, tangent) against v's axis; where the normal lies in the uvs' plane, as `alignTangents` takes it.
    const [facing, towardsV] = map === UvMapping.flat ? [ny, -1] : map === UvMapping.facingX ? [nx, -1] : [nz, 1];
    out[to + 3] = facing < 0 !== (mesh.isMirrored[vertex] === 1) ? -towardsV : towardsV;

    const [sx, sy, sz] = [mesh.aligned[vertex * 3]!, mesh.aligned[vertex * 3 + 1]!, mesh.aligned[vertex * 3 + 2]!];
    const along = sx * nx + sy * ny + sz * nz;
    const [px, py, pz] = [sx - along * nx, sy - along * ny, sz - along * nz];
    const size = Math.hypot(px, py, pz);
    if (size > SHORTEST_SUM) {
        [tx, ty, tz] = [px / size, py / size, pz / size];
    }
    out[to] = tx;
    out[to + 1] = ty;
    out[to + 2] = tz;
}

/** Least length of what lies in the normal's plane: rounding could turn a shorter direction. */
const SHORTEST_SUM = 1e-3;

function signOf(value: number): number {
    return value < 0 ? -1 : 1;
}

/** Heights beyond int16 need slopes steeper than the quantum allows for: held at the limit, which both neighbours share. */
function toInt16(value: number): number {
    return Math.max(-32_768, Math.min(32_767, value));
}

function toSnorm8(value: number): number {
    return Math.max(-127, Math.min(127, Math.round(value * 127)));
}

function toUnorm8(value: number): number {
    return Math.max(0, Math.min(255, Math.round(value * 255)));
}

function toUnorm16(value: number): number {
    return Math.max(0, Math.min(65_535, Math.round(value * 65_535)));
}
