import type { CaveVolume } from "./caveVolume.js";
import { writeUnit, type EdgeVertices } from "./edgeVertices.js";
import { GRID_MARGIN, type HeightGrid } from "./heightField.js";
import { EDGE_AXIS, EDGE_CORNER, TRIANGLES, TRIANGLE_START } from "./marchingCubesTable.js";
import { SeamCell } from "./seamCell.js";
import { pushTriangle, reserveVertices, UvMapping, type SurfaceMesh } from "./surfaceMesh.js";
import { columnsOfCell, WIDE, wideFloor, type WideCells } from "./wideCells.js";

/** Vertices of the longest loop that becomes a fan of its own vertices. */
const LONGEST_PLAIN_LOOP = 4;

/** The walls of caves on a chunk's wide cells. The ground above them is not theirs. */
export class WideMesher {
    /** @param _isCaveAir of a sample, by column, row and column */
    public constructor(
        private readonly _grid: HeightGrid,
        private readonly _volume: CaveVolume,
        private readonly _cells: WideCells,
        private readonly _isCaveAir: (x: number, row: number, z: number) => boolean,
        private readonly _vertices: EdgeVertices,
        private readonly _mesh: SurfaceMesh,
    ) {}

    public run(): void {
        const { _grid: grid } = this;
        for (let z = GRID_MARGIN; z < grid.countZ - 1 - GRID_MARGIN; z += WIDE) {
            for (let x = GRID_MARGIN; x < grid.countX - 1 - GRID_MARGIN; x += WIDE) {
                this._meshColumn(x, z);
            }
        }
    }

    /** The cells above one another on the columns from (x, z) on, those below narrow ones or beside them apart. */
    private _meshColumn(x: number, z: number): void {
        const lowOf = (i: number, k: number) => this._cells.lowOf(x + i, z + k);
        const lowest = Math.min(...columnsOfCell().map(([i, k]) => lowOf(i, k)));
        const end = Math.min(this._cells.lowOfCell(x, z), this._volume.rows - WIDE);
        for (let row = this._firstRow(x, z); row < end; row += WIDE) {
            if (row + WIDE < lowest) {
                this._meshWideCell(x, row, z);
            } else {
                this._meshSeamCell(x, row, z, new SeamCell((i, j, k) => row + wideFloor(j) >= lowOf(i, k)));
            }
        }
    }

    /** The row of the first cell that a cave may reach. */
    private _firstRow(x: number, z: number): number {
        const { countX, lowestCave } = this._volume;
        const lowest = Math.min(...columnsOfCell().map(([i, k]) => lowestCave[(z + k) * countX + x + i]!));
        return Math.max(0, wideFloor(lowest - WIDE));
    }

    private _meshWideCell(x: number, row: number, z: number): void {
        let mask = 0;
        for (let corner = 0; corner < 8; corner++) {
            const [right, up, far] = cornerPlace(corner);
            mask |= this._isCaveAir(x + right, row + up, z + far) ? 1 << corner : 0;
        }
        const edges = TRIANGLES.subarray(TRIANGLE_START[mask], TRIANGLE_START[mask + 1]);
        const vertices = [...edges].map((edge) => {
            const [right, up, far] = cornerPlace(EDGE_CORNER[edge]!);
            return this._vertices.wide(x + right, row + up, z + far, EDGE_AXIS[edge]!);
        });
        for (let i = 0; i < vertices.length; i += 3) {
            pushTriangle(this._mesh, vertices[i]!, vertices[i + 1]!, vertices[i + 2]!);
        }
    }

    private _meshSeamCell(x: number, row: number, z: number, seam: SeamCell): void {
        const loops = seam.loops((right, up, far) => this._isCaveAir(x + right, row + up, z + far));
        for (const loop of loops) {
            this._fill(
                loop.map((edge) => {
                    const [atX, atRow, atZ] = [x + edge.x, row + edge.y, z + edge.z];
                    return edge.isWide
                        ? this._vertices.wide(atX, atRow, atZ, edge.axis)
                        : this._vertices.narrow(atX, atRow, atZ, edge.axis);
                }),
            );
        }
    }

    /** Fills a loop with a fan. A long one gets a vertex in its middle: it may bend too far for a fan from its rim. */
    private _fill(loop: readonly number[]): void {
        if (loop.length <= LONGEST_PLAIN_LOOP) {
            for (let i = 2; i < loop.length; i++) {
                pushTriangle(this._mesh, loop[0]!, loop[i - 1]!, loop[i]!);
            }
            return;
        }
        const middle = this._addMiddle(loop);
        loop.forEach((vertex, i) => pushTriangle(this._mesh, vertex, loop[(i + 1) % loop.length]!, middle));
    }

    /** Adds a vertex with the mean of what others have. */
    private _addMiddle(vertices: readonly number[]): number {
        const { _mesh: mesh } = this;
        const middle = mesh.vertexCount++;
        reserveVertices(mesh, mesh.vertexCount);
        const sumOf = (values: Int32Array | Float64Array, size: number, part: number) =>
            vertices.reduce((sum, vertex) => sum + values[vertex * size + part]!, 0);
        for (let axis = 0; axis < 3; axis++) {
            mesh.position[middle * 3 + axis] = Math.round(sumOf(mesh.position, 3, axis) / vertices.length);
        }
        const [x, y, z] = [0, 1, 2].map((axis) => sumOf(mesh.normal, 3, axis));
        writeUnit(x!, y!, z!, mesh.normal, middle * 3);
        for (let channel = 0; channel < 4; channel++) {
            mesh.weights[middle * 4 + channel] = sumOf(mesh.weights, 4, channel) / vertices.length;
        }
        mesh.mapping[middle] = UvMapping.flat;
        mesh.shift[middle] = 0;
        return middle;
    }
}

/** Where one of a wide cell's corners lies, in samples from its lowest one. */
function cornerPlace(corner: number): [right: number, up: number, far: number] {
    return [WIDE * (corner & 1), WIDE * ((corner >> 1) & 1), WIDE * (corner >> 2)];
}
