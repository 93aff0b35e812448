import type { CaveVolume } from "./caveVolume.js";
import { EdgeVertices, type EdgeSlots } from "./edgeVertices.js";
import { GroundCells } from "./groundCells.js";
import { GRID_MARGIN, type HeightGrid } from "./heightField.js";
import { middleHeight, writeSlopeNormal, writeSurfaceWeights } from "./heightGridMesh.js";
import { EDGE_AXIS, EDGE_CORNER, TRIANGLES, TRIANGLE_START } from "./marchingCubesTable.js";
import { pushTriangle, reserveVertices, UvMapping, type SurfaceMesh } from "./surfaceMesh.js";
import { CoarseCells } from "./coarseCells.js";
import { CoarseMesher } from "./coarseMesh.js";

/** What a bake keeps between chunks. */
export interface FusionScratch {
    /** Whether a sample is air, and whether a cave's: `AIR` and `CAVE_AIR`; laid out as the volume. */
    air: Uint8Array;
    edges: EdgeSlots;
}

export function createFusionScratch(): FusionScratch {
    return { air: new Uint8Array(0), edges: [new Int32Array(0), new Int32Array(0)] };
}

const AIR = 1;
const CAVE_AIR = 2;

const slope = new Float64Array(3);
const weightsAtColumn = new Float64Array(4);

/**
 * The surface of a chunk that caves cross: marching cubes over density, on the samples of the height grid. Vertices on
 * vertical edges lie exactly on the heights, those on horizontal ones on the straight line between neighbouring heights,
 * so that the chunk meets height-grid neighbours along the same line. Where caves leave the ground alone it is the height
 * grid's; cells beside those that are cut become fans, so that the surface stays closed. Caves below it are polygonised on
 * coarse cells there and further down, where their lattice allows it.
 *
 * @param grid with `GRID_MARGIN` more samples all around than the chunk has; @param quantum metres
 * @param skirt metres that skirts hang below the deepest caves
 */
export function meshVolume(
    grid: HeightGrid,
    volume: CaveVolume,
    quantum: number,
    skirt: number,
    mesh: SurfaceMesh,
    scratch: FusionScratch,
): void {
    new VolumeMesher(grid, volume, quantum, skirt, mesh, scratch).run();
}

class VolumeMesher {
    private readonly _rows: number;
    private readonly _countX: number;
    private readonly _ground: GroundCells;
    private readonly _cells: CoarseCells;
    private readonly _vertices: EdgeVertices;

    public constructor(
        private readonly _grid: HeightGrid,
        private readonly _volume: CaveVolume,
        private readonly _quantum: number,
        private readonly _skirt: number,
        private readonly _mesh: SurfaceMesh,
        private readonly _scratch: FusionScratch,
    ) {
        this._rows = _volume.rows;
        this._countX = _grid.countX;
        this._ground = new GroundCells(_grid, _volume);
        this._cells = new CoarseCells(_grid, _volume, this._ground);
        this._ground.confineTo(this._cells);
        this._vertices = new EdgeVertices(_grid, _volume, _quantum, _mesh, _scratch.edges);
    }

    public run(): void {
        const { _mesh: mesh, _grid: grid } = this;
        mesh.vertexCount = 0;
        mesh.indexCount = 0;
        mesh.baseY = middleHeight(grid, this._volume.maxDepth + this._skirt, this._quantum);
        this._markAir();
        for (let z = GRID_MARGIN; z < grid.countZ - 1 - GRID_MARGIN; z++) {
            for (let x = GRID_MARGIN; x < grid.countX - 1 - GRID_MARGIN; x++) {
                this._meshColumn(x, z);
            }
        }
        const isCaveAir = (x: number, row: number, z: number) =>
            (this._scratch.air[(z * this._countX + x) * this._rows + row]! & CAVE_AIR) !== 0;
        new CoarseMesher(grid, this._volume, this._cells, isCaveAir, this._vertices, mesh).run();
        mesh.surfaceTriangleCount = mesh.indexCount / 3;
    }

    private _markAir(): void {
        const { _grid: grid, _volume: volume, _rows: rows, _scratch: scratch } = this;
        const columns = grid.countX * grid.countZ;
        if (scratch.air.length < columns * rows) {
            scratch.air = new Uint8Array(columns * rows);
        }
        const { air } = scratch;
        for (let column = 0; column < columns; column++) {
            const from = column * rows;
            const surface = Math.ceil(grid.height[column]! / volume.spacing) - volume.firstRow;
            air.fill(0, from, from + surface);
            air.fill(AIR, from + surface, from + rows);
            for (let row = volume.lowestCave[column]!; row < surface; row++) {
                if (volume.distance[from + row]! <= 0) {
                    air[from + row] = AIR | CAVE_AIR;
                }
            }
        }
    }

    /** The ground between four columns, and their fine cells: in those that are cut the ground is theirs, too. */
    private _meshColumn(x: number, z: number): void {
        const isCut = this._ground.isCellCut(x, z);
        if (!isCut) {
            this._addGround(x, z);
        }
        this._meshFineCells(x, z, isCut ? AIR : CAVE_AIR);
    }

    /** The fine cells above one another between four columns; those that are surely all rock or all air are left out. */
    private _meshFineCells(x: number, z: number, kind: number): void {
        const { _grid: grid, _volume: volume, _rows: rows, _countX: countX } = this;
        const { air } = this._scratch;
        const c00 = z * countX + x;
        const columns = [c00, c00 + 1, c00 + countX, c00 + countX + 1] as const;
        let low = rows;
        let high = 0;
        for (const column of columns) {
            const surface = Math.ceil(grid.height[column]! / volume.spacing) - volume.firstRow;
            low = Math.min(low, surface, volume.lowestCave[column]!);
            high = Math.max(high, surface);
        }
        const b00 = columns[0] * rows;
        const b10 = columns[1] * rows;
        const b01 = columns[2] * rows;
        const b11 = columns[3] * rows;
        for (let row = Math.max(this._cells.firstFineRowOfCell(x, z), low - 1); row < Math.min(high, rows - 1); row++) {
            const isAir = (sample: number) => ((air[sample]! & kind) !== 0 ? 1 : 0);
            const mask =
                isAir(b00 + row) |
                (isAir(b10 + row) << 1) |
                (isAir(b00 + row + 1) << 2) |
                (isAir(b10 + row + 1) << 3) |
                (isAir(b01 + row) << 4) |
                (isAir(b11 + row) << 5) |
                (isAir(b01 + row + 1) << 6) |
                (isAir(b11 + row + 1) << 7);
            if (mask !== 0 && mask !== 255) {
                this._meshCell(x, row, z, mask);
            }
        }
    }

    /** Two triangles as height grids have them, or a fan where a side of the cell is cut. */
    private _addGround(x: number, z: number): void {
        const { _ground: ground, _mesh: mesh } = this;
        const [a, b] = [this._columnVertex(x, z), this._columnVertex(x + 1, z)];
        const [c, d] = [this._columnVertex(x + 1, z + 1), this._columnVertex(x, z + 1)];
        const sides = [
            ground.isCutAlongX(x, z) ? this._side(x, z, 0, false) : [],
            ground.isCutAlongZ(x + 1, z) ? this._side(x + 1, z, 2, false) : [],
            ground.isCutAlongX(x, z + 1) ? this._side(x, z + 1, 0, true) : [],
            ground.isCutAlongZ(x, z) ? this._side(x, z, 2, true) : [],
        ];
        const isFan =
            ground.isCutAlongX(x, z) ||
            ground.isCutAlongZ(x + 1, z) ||
            ground.isCutAlongX(x, z + 1) ||
            ground.isCutAlongZ(x, z);
        if (!isFan) {
            pushTriangle(mesh, a, b, c);
            pushTriangle(mesh, a, c, d);
            return;
        }
        const centre = this._addCentre(x, z);
        const rim = [a, ...sides[0]!, b, ...sides[1]!, c, ...sides[2]!, d, ...sides[3]!];
        rim.forEach((vertex, i) => pushTriangle(mesh, vertex, rim[(i + 1) % rim.length]!, centre));
    }

    /** Row of a column's lowest sample above the ground. */
    private _surfaceRow(x: number, z: number): number {
        return Math.ceil(this._grid.height[z * this._countX + x]! / this._volume.spacing) - this._volume.firstRow;
    }

    /** The vertex on the ground of a column. */
    private _columnVertex(x: number, z: number): number {
        return this._vertices.fine(x, this._surfaceRow(x, z) - 1, z, 1);
    }

    /** Vertices of the ground between a column and the next along an axis, from there on or back. */
    private _side(x: number, z: number, axis: number, isBack: boolean): number[] {
        const from = this._surfaceRow(x, z);
        const to = axis === 0 ? this._surfaceRow(x + 1, z) : this._surfaceRow(x, z + 1);
        const vertices: number[] = [];
        for (let row = Math.min(from, to); row < Math.max(from, to); row++) {
            vertices.push(this._vertices.fine(x, row, z, axis));
        }
        return from < to === !isBack ? vertices : vertices.reverse();
    }

    private _addCentre(x: number, z: number): number {
        const { _grid: grid, _mesh: mesh, _countX: countX } = this;
        const column = z * countX + x;
        const columns = [column, column + 1, column + countX, column + countX + 1];
        const vertex = mesh.vertexCount++;
        reserveVertices(mesh, mesh.vertexCount);
        const step = this._volume.spacing / this._quantum;
        const height = columns.reduce((sum, at) => sum + grid.height[at]! / 4, 0);
        mesh.position[vertex * 3] = (x - GRID_MARGIN + 0.5) * step;
        mesh.position[vertex * 3 + 1] = Math.round((height - mesh.baseY) / this._quantum);
        mesh.position[vertex * 3 + 2] = (z - GRID_MARGIN + 0.5) * step;
        mesh.mapping[vertex] = UvMapping.flat;
        mesh.isGround[vertex] = 1;
        mesh.shift[vertex] = 0;
        const normal = [0, 0, 0];
        const weights = [0, 0, 0, 0];
        for (const at of columns) {
            writeSlopeNormal(grid, at, countX, this._volume.spacing, slope, 0);
            writeSurfaceWeights(grid, at, weightsAtColumn, 0);
            normal.forEach((sum, axis) => (normal[axis] = sum + slope[axis]!));
            weights.forEach((sum, channel) => (weights[channel] = sum + weightsAtColumn[channel]! / 4));
        }
        const length = Math.hypot(...normal);
        mesh.normal.set(
            normal.map((part) => part / length),
            vertex * 3,
        );
        mesh.weights.set(weights, vertex * 4);
        return vertex;
    }

    private _meshCell(x: number, row: number, z: number, mask: number): void {
        const end = TRIANGLE_START[mask + 1]!;
        for (let i = TRIANGLE_START[mask]!; i < end; i += 3) {
            const a = this._vertexOn(x, row, z, TRIANGLES[i]!);
            const b = this._vertexOn(x, row, z, TRIANGLES[i + 1]!);
            const c = this._vertexOn(x, row, z, TRIANGLES[i + 2]!);
            pushTriangle(this._mesh, a, b, c);
        }
    }

    private _vertexOn(cellX: number, cellRow: number, cellZ: number, edge: number): number {
        const corner = EDGE_CORNER[edge]!;
        const axis = EDGE_AXIS[edge]!;
        return this._vertices.fine(cellX + (corner & 1), cellRow + ((corner >> 1) & 1), cellZ + (corner >> 2), axis);
    }
}
