import { MACRO_CHANNELS, MacroChannel } from "../../src/generators/macroField.js";
import { heightGridTriangleCount, heightGridVertexCount, skirtRimVertex } from "../../src/meshing/heightGridIndices.js";
import { heightRange } from "./caveVolume.js";
import { GRID_MARGIN, type HeightGrid } from "./heightField.js";
import { reserveVertices, UvMapping, type SurfaceMesh } from "./surfaceMesh.js";

/** How deep a height grid's border hangs: metres below it. */
export interface Hanging {
    readonly skirt: number;
    /** 0: there are walls, without area. Null: there are none. */
    readonly wall: number | null;
}

/**
 * The surface of a chunk without caves.
 *
 * @param grid heights of the chunk's own samples and `GRID_MARGIN` more all around
 * @param spacing metres between samples; @param quantum metres
 */
export function meshHeightGrid(
    grid: HeightGrid,
    resolution: number,
    spacing: number,
    quantum: number,
    { skirt, wall }: Hanging,
    mesh: SurfaceMesh,
): void {
    const side = resolution + 1;
    const stride = grid.countX;
    const count = heightGridVertexCount({ resolution, hasWalls: wall !== null });
    reserveVertices(mesh, count);
    mesh.vertexCount = count;
    mesh.indexCount = 0;
    mesh.surfaceTriangleCount = heightGridTriangleCount(resolution);
    mesh.baseY = middleHeight(grid, Math.ceil(Math.max(skirt, wall ?? 0) / quantum) * quantum, quantum);
    const step = spacing / quantum;
    for (let z = 0, vertex = 0; z < side; z++) {
        for (let x = 0; x < side; x++, vertex++) {
            const at = (z + GRID_MARGIN) * stride + x + GRID_MARGIN;
            mesh.position[vertex * 3] = x * step;
            mesh.position[vertex * 3 + 1] = (grid.height[at]! - mesh.baseY) / quantum;
            mesh.position[vertex * 3 + 2] = z * step;
            writeSlopeNormal(grid, at, stride, spacing, mesh.normal, vertex * 3);
            writeSurfaceWeights(grid, at, mesh.weights, vertex * 4);
            mesh.mapping[vertex] = UvMapping.flat;
            mesh.shift[vertex] = 0;
        }
    }
    const isWalled = wall !== null && wall > 0;
    const drop = Math.ceil((isWalled ? Math.min(skirt, spacing) : skirt) / quantum);
    for (let strip = 0, vertex = side * side; strip < (wall === null ? 4 : 8); strip++) {
        for (let i = 0; i < side; i++, vertex++) {
            const rim = skirtRimVertex(resolution, strip % 4, i);
            mesh.position.copyWithin(vertex * 3, rim * 3, rim * 3 + 3);
            mesh.position[vertex * 3 + 1] =
                mesh.position[rim * 3 + 1]! - (strip >= 4 && isWalled ? Math.ceil(wall / quantum) : drop);
            mesh.normal.copyWithin(vertex * 3, rim * 3, rim * 3 + 3);
            mesh.weights.copyWithin(vertex * 4, rim * 4, rim * 4 + 4);
            mesh.mapping[vertex] = UvMapping.flat;
            mesh.shift[vertex] = 0;
        }
    }
    if (isWalled) {
        hangWalls(mesh, side, (resolution * spacing) / quantum);
    }
}

/** Makes cave rock of the rims of skirts and walls, facing out of the chunk. @param sideQuanta a chunk's side */
function hangWalls(mesh: SurfaceMesh, side: number, sideQuanta: number): void {
    for (let rim = 0; rim < 8 * side; rim++) {
        const vertex = side * side + rim;
        const strip = Math.floor(rim / side) % 4;
        const lower = rim < 4 * side ? vertex + 4 * side : vertex;
        const out = strip % 2 === 0 ? -1 : 1;
        mesh.normal.set(strip < 2 ? [0, 0, out] : [out, 0, 0], vertex * 3);
        mesh.weights[vertex * 4 + 2] = 1;
        mesh.weights[vertex * 4 + 3] = 0;
        mesh.mapping[vertex] = strip < 2 ? UvMapping.facingZ : UvMapping.facingX;
        mesh.shift[vertex] = Math.floor((2 * mesh.position[lower * 3 + 1]!) / sideQuanta);
    }
}

/**
 * Metres: the middle between the chunk's highest and its lowest height less `depth`, a whole number of quanta. Keeps int16
 * heights far from their limits.
 */
export function middleHeight(grid: HeightGrid, depth: number, quantum: number): number {
    const { low, high } = heightRange(grid, GRID_MARGIN);
    return Math.round((low - depth + high) / 2 / quantum) * quantum;
}

/**
 * Unit normal of the height field at a sample: its gradient over two samples, taken from the field and not from
 * triangles, so that it is the same on both sides of a border. docs/adr/0003-normals.md says why not the exact derivative.
 */
export function writeSlopeNormal(
    grid: HeightGrid,
    at: number,
    stride: number,
    spacing: number,
    normal: Float64Array,
    to: number,
): void {
    const slopeX = (grid.smooth[at + 1]! - grid.smooth[at - 1]!) / (2 * spacing);
    const slopeZ = (grid.smooth[at + stride]! - grid.smooth[at - stride]!) / (2 * spacing);
    const inverse = 1 / Math.sqrt(slopeX * slopeX + slopeZ * slopeZ + 1);
    normal[to] = -slopeX * inverse;
    normal[to + 1] = inverse;
    normal[to + 2] = -slopeZ * inverse;
}

export function writeSurfaceWeights(grid: HeightGrid, at: number, weights: Float64Array, to: number): void {
    weights[to] = grid.macro[at * MACRO_CHANNELS + MacroChannel.relief]!;
    weights[to + 1] = grid.macro[at * MACRO_CHANNELS + MacroChannel.moisture]!;
    weights[to + 2] = 0;
    weights[to + 3] = 1;
}
