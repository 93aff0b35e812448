import type { CaveVolume } from "./caveVolume.js";
import { writeUnit, type EdgeVertices } from "./edgeVertices.js";
import { GRID_MARGIN, type HeightGrid } from "./heightField.js";
import { EDGE_AXIS, EDGE_CORNER, TRIANGLES, TRIANGLE_START } from "./marchingCubesTable.js";
import { TransitionCell } from "./transitionCell.js";
import { pushTriangle, reserveVertices, UvMapping, type SurfaceMesh } from "./surfaceMesh.js";
import { columnsOfCell, COARSE, coarseFloor, type CoarseCells } from "./coarseCells.js";

/** Vertices of the longest loop that becomes a fan of its own vertices. */
const LONGEST_PLAIN_LOOP = 4;

/** The walls of caves on a chunk's coarse cells. The ground above them is not theirs. */
export class CoarseMesher {
    /** @param _isCaveAir of a sample, by column, row and column */
    public constructor(
        private readonly _grid: HeightGrid,
        private readonly _volume: CaveVolume,
        private readonly _cells: CoarseCells,
        private readonly _isCaveAir: (x: number, row: number, z: number) => boolean,
        private readonly _vertices: EdgeVertices,
        private readonly _mesh: SurfaceMesh,
    ) {}

    public run(): void {
        const { _grid: grid } = this;
        for (let z = GRID_MARGIN; z < grid.countZ - 1 - GRID_MARGIN; z += COARSE) {
            for (let x = GRID_MARGIN; x < grid.countX - 1 - GRID_MARGIN; x += COARSE) {
                this._meshColumn(x, z);
            }
        }
    }

    /** The cells above one another on the columns from (x, z) on, those below fine ones or beside them apart. */
    private _meshColumn(x: number, z: number): void {
        const firstFineRow = (i: number, k: number) => this._cells.firstFineRow(x + i, z + k);
        const lowest = Math.min(...columnsOfCell().map(([i, k]) => firstFineRow(i, k)));
        const end = Math.min(this._cells.firstFineRowOfCell(x, z), this._volume.rows - COARSE);
        for (let row = this._firstRow(x, z); row < end; row += COARSE) {
            if (row + COARSE < lowest) {
                this._meshCoarseCell(x, row, z);
            } else {
                this._meshTransitionCell(
                    x,
                    row,
                    z,
                    new TransitionCell((i, j, k) => row + coarseFloor(j) >= firstFineRow(i, k)),
                );
            }
        }
    }

    /** The row of the first cell that a cave may reach. */
    private _firstRow(x: number, z: number): number {
        const { countX, lowestCave } = this._volume;
        const lowest = Math.min(...columnsOfCell().map(([i, k]) => lowestCave[(z + k) * countX + x + i]!));
        return Math.max(0, coarseFloor(lowest - COARSE));
    }

    private _meshCoarseCell(x: number, row: number, z: number): void {
        let mask = 0;
        for (let corner = 0; corner < 8; corner++) {
            const [right, up, far] = cornerPlace(corner);
            mask |= this._isCaveAir(x + right, row + up, z + far) ? 1 << corner : 0;
        }
        const edges = TRIANGLES.subarray(TRIANGLE_START[mask], TRIANGLE_START[mask + 1]);
        const vertices = [...edges].map((edge) => {
            const [right, up, far] = cornerPlace(EDGE_CORNER[edge]!);
            return this._vertices.coarse(x + right, row + up, z + far, EDGE_AXIS[edge]!);
        });
        for (let i = 0; i < vertices.length; i += 3) {
            pushTriangle(this._mesh, vertices[i]!, vertices[i + 1]!, vertices[i + 2]!);
        }
    }

    private _meshTransitionCell(x: number, row: number, z: number, cell: TransitionCell): void {
        const loops = cell.loops((right, up, far) => this._isCaveAir(x + right, row + up, z + far));
        for (const loop of loops) {
            this._fill(
                loop.map((edge) => {
                    const [atX, atRow, atZ] = [x + edge.x, row + edge.y, z + edge.z];
                    return edge.isCoarse
                        ? this._vertices.coarse(atX, atRow, atZ, edge.axis)
                        : this._vertices.fine(atX, atRow, atZ, edge.axis);
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
        mesh.isGround[middle] = 0;
        mesh.shift[middle] = 0;
        return middle;
    }
}

/** Where one of a coarse cell's corners lies, in samples from its lowest one. */
function cornerPlace(corner: number): [right: number, up: number, far: number] {
    return [COARSE * (corner & 1), COARSE * ((corner >> 1) & 1), COARSE * (corner >> 2)];
}
