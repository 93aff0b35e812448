import type { CaveVolume } from "./caveVolume.js";
import { densityAt } from "./density.js";
import { GroundCells } from "./groundCells.js";
import { GRID_MARGIN, type HeightGrid } from "./heightField.js";
import { middleHeight, writeSlopeNormal, writeSurfaceWeights } from "./heightGridMesh.js";
import { EDGE_AXIS, EDGE_CORNER, TRIANGLES, TRIANGLE_START } from "./marchingCubesTable.js";
import { pushTriangle, reserveVertices, UvMapping, type SurfaceMesh } from "./surfaceMesh.js";

/** Metres of rock after which no daylight shows on cave walls: a stand-in for light that falls in at the mouth. */
const DAYLIGHT_DEPTH = 14;
/** Metres from a mouth's lip over which ground turns to cave rock. */
const LIP = 1.5;

/** What a bake keeps between chunks. */
export interface FusionScratch {
    /** Whether a sample is air, and whether a cave's: `AIR` and `CAVE_AIR`; laid out as the volume. */
    air: Uint8Array;
    /** Vertex on each edge of the present slab, per axis: planes z and z + 1 for x and y edges, one for z edges. -1: none. */
    edges: [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
}

export function createFusionScratch(): FusionScratch {
    const empty = () => new Int32Array(0);
    return { air: new Uint8Array(0), edges: [empty(), empty(), empty(), empty(), empty()] };
}

const AIR = 1;
const CAVE_AIR = 2;

const slope = new Float64Array(6);
const weightsAtEnds = new Float64Array(8);

/**
 * The surface of a chunk that caves cross: marching cubes over density, on the samples of the height grid. Vertices on
 * vertical edges lie exactly on the heights, those on horizontal ones on the straight line between neighbouring heights,
 * so that the chunk meets height-grid neighbours along the same line. Where caves leave the ground alone it is the height
 * grid's; cells beside those that are cut become fans, so that the surface stays closed.
 *
 * @param grid with `GRID_MARGIN` more samples all around than the chunk has; @param quantum metres
 */
export function meshVolume(
    grid: HeightGrid,
    volume: CaveVolume,
    quantum: number,
    mesh: SurfaceMesh,
    scratch: FusionScratch,
): void {
    new VolumeMesher(grid, volume, quantum, mesh, scratch).run();
}

class VolumeMesher {
    private readonly _rows: number;
    private readonly _countX: number;
    /** Sample index steps along x, y and z. */
    private readonly _strides: readonly [number, number, number];
    private readonly _ground: GroundCells;

    public constructor(
        private readonly _grid: HeightGrid,
        private readonly _volume: CaveVolume,
        private readonly _quantum: number,
        private readonly _mesh: SurfaceMesh,
        private readonly _scratch: FusionScratch,
    ) {
        this._rows = _volume.rows;
        this._countX = _grid.countX;
        this._strides = [this._rows, 1, this._rows * this._countX];
        this._ground = new GroundCells(_grid, _volume);
    }

    public run(): void {
        const { _mesh: mesh, _grid: grid, _scratch: scratch } = this;
        mesh.vertexCount = 0;
        mesh.indexCount = 0;
        mesh.baseY = middleHeight(grid, this._volume.maxDepth, this._quantum);
        this._markAir();
        const plane = this._countX * this._rows;
        for (let i = 0; i < 5; i++) {
            if (scratch.edges[i]!.length < plane) {
                scratch.edges[i] = new Int32Array(plane);
            }
            scratch.edges[i]!.fill(-1, 0, plane);
        }
        for (let z = GRID_MARGIN; z < grid.countZ - 1 - GRID_MARGIN; z++) {
            for (let x = GRID_MARGIN; x < grid.countX - 1 - GRID_MARGIN; x++) {
                this._meshColumn(x, z);
            }
            const [x0, y0, x1, y1, z0] = scratch.edges;
            scratch.edges = [x1, y1, x0, y0, z0];
            x0.fill(-1, 0, plane);
            y0.fill(-1, 0, plane);
            z0.fill(-1, 0, plane);
        }
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

    /** The cells above one another between four columns; those that are surely all rock or all air are left out. */
    private _meshColumn(x: number, z: number): void {
        const { _grid: grid, _volume: volume, _rows: rows, _countX: countX } = this;
        const { air } = this._scratch;
        const isCut = this._ground.isCellCut(x, z);
        const kind = isCut ? AIR : CAVE_AIR;
        if (!isCut) {
            this._addGround(x, z);
        }
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
        for (let row = Math.max(0, low - 1); row < Math.min(high, rows - 1); row++) {
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
        const corners = [this._columnVertex(x, z, 0), this._columnVertex(x + 1, z, 0)] as const;
        const far = [this._columnVertex(x + 1, z, 1), this._columnVertex(x, z, 1)] as const;
        const sides = [
            ground.isCutAlongX(x, z) ? this._side(x, z, 0, 0, 0) : [],
            ground.isCutAlongZ(x + 1, z) ? this._side(x + 1, z, 0, 2, 0) : [],
            ground.isCutAlongX(x, z + 1) ? this._side(x, z, 1, 0, 1) : [],
            ground.isCutAlongZ(x, z) ? this._side(x, z, 0, 2, 1) : [],
        ];
        const isFan =
            ground.isCutAlongX(x, z) ||
            ground.isCutAlongZ(x + 1, z) ||
            ground.isCutAlongX(x, z + 1) ||
            ground.isCutAlongZ(x, z);
        const [a, b, c, d] = [...corners, ...far];
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

    /** The vertex on the ground of column (x, z + far). */
    private _columnVertex(x: number, z: number, far: number): number {
        return this._vertexAt(x, this._surfaceRow(x, z + far) - 1, z, far, 1);
    }

    /** Vertices of the ground between column (x, z + far) and the next along an axis, from there on or back. */
    private _side(x: number, z: number, far: number, axis: number, isBack: number): number[] {
        const from = this._surfaceRow(x, z + far);
        const to = axis === 0 ? this._surfaceRow(x + 1, z + far) : this._surfaceRow(x, z + far + 1);
        const vertices: number[] = [];
        for (let row = Math.min(from, to); row < Math.max(from, to); row++) {
            vertices.push(this._vertexAt(x, row, z, far, axis));
        }
        return from < to === (isBack === 0) ? vertices : vertices.reverse();
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
        mesh.shift[vertex] = 0;
        const normal = [0, 0, 0];
        const weights = [0, 0, 0, 0];
        for (const at of columns) {
            writeSlopeNormal(grid, at, countX, this._volume.spacing, slope, 0);
            writeSurfaceWeights(grid, at, weightsAtEnds, 0);
            normal.forEach((sum, axis) => (normal[axis] = sum + slope[axis]!));
            weights.forEach((sum, channel) => (weights[channel] = sum + weightsAtEnds[channel]! / 4));
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
        return this._vertexAt(cellX + (corner & 1), cellRow + ((corner >> 1) & 1), cellZ, corner >> 2, axis);
    }

    /** The vertex on the edge from sample (x, row, cellZ + far) on along an axis. */
    private _vertexAt(x: number, row: number, cellZ: number, far: number, axis: number): number {
        const slots = this._scratch.edges[axis === 2 ? 4 : far * 2 + axis]!;
        const slot = x * this._rows + row;
        let vertex = slots[slot]!;
        if (vertex < 0) {
            vertex = this._addVertex(x, row, cellZ + far, axis);
            slots[slot] = vertex;
        }
        return vertex;
    }

    private _addVertex(x: number, row: number, z: number, axis: number): number {
        const { _grid: grid, _volume: volume, _mesh: mesh, _countX: countX } = this;
        const columnA = z * countX + x;
        const columnB = columnA + (axis === 0 ? 1 : axis === 2 ? countX : 0);
        const rowB = row + (axis === 1 ? 1 : 0);
        const a = densityAt(grid, volume, columnA, row);
        const b = densityAt(grid, volume, columnB, rowB);
        const t = a / (a - b);

        const vertex = mesh.vertexCount++;
        reserveVertices(mesh, mesh.vertexCount);
        const step = volume.spacing / this._quantum;
        const y = (volume.firstRow + row + (axis === 1 ? t : 0)) * step - mesh.baseY / this._quantum;
        mesh.position[vertex * 3] = Math.round((x - GRID_MARGIN + (axis === 0 ? t : 0)) * step);
        mesh.position[vertex * 3 + 1] = Math.round(y);
        mesh.position[vertex * 3 + 2] = Math.round((z - GRID_MARGIN + (axis === 2 ? t : 0)) * step);
        mesh.mapping[vertex] = UvMapping.flat;
        mesh.shift[vertex] = 0;

        this._writeSurfaceAt(columnA, columnB, t, vertex);
        // The end in air decides: rock that a cave thins from below still is ground on its upper side.
        const isCave = a >= 0 ? this._isBelowGround(columnA, row) : this._isBelowGround(columnB, rowB);
        if (isCave) {
            this._turnToCave(columnA, row, columnB, rowB, axis, t, vertex);
        }
        return vertex;
    }

    private _isBelowGround(column: number, row: number): boolean {
        const { _grid: grid, _volume: volume } = this;
        return (volume.firstRow + row) * volume.spacing < grid.height[column]!;
    }

    /** Normal and weights as the open ground has them. */
    private _writeSurfaceAt(columnA: number, columnB: number, t: number, vertex: number): void {
        const { _grid: grid, _mesh: mesh } = this;
        writeSlopeNormal(grid, columnA, grid.countX, this._volume.spacing, slope, 0);
        writeSlopeNormal(grid, columnB, grid.countX, this._volume.spacing, slope, 3);
        writeMixedNormal(t, mesh.normal, vertex * 3);
        writeSurfaceWeights(grid, columnA, weightsAtEnds, 0);
        writeSurfaceWeights(grid, columnB, weightsAtEnds, 4);
        for (let channel = 0; channel < 4; channel++) {
            const from = weightsAtEnds[channel]!;
            mesh.weights[vertex * 4 + channel] = from + t * (weightsAtEnds[channel + 4]! - from);
        }
    }

    private _turnToCave(
        columnA: number,
        row: number,
        columnB: number,
        rowB: number,
        axis: number,
        t: number,
        vertex: number,
    ): void {
        const { _grid: grid, _mesh: mesh, _volume: volume } = this;
        this._writeGradient(columnA, row, 0);
        this._writeGradient(columnB, rowB, 3);
        // Along the edge its own two samples tell most: the surface is cut between them.
        const along =
            2 * (volume.distance[columnA * this._rows + row]! - volume.distance[columnB * this._rows + rowB]!);
        slope[axis] = along;
        slope[3 + axis] = along;
        writeMixedNormal(t, mesh.normal, vertex * 3);
        const height = grid.height[columnA]! + t * (grid.height[columnB]! - grid.height[columnA]!);
        const y = (volume.firstRow + row + (axis === 1 ? t : 0)) * volume.spacing;
        const depth = Math.max(0, height - y);
        const daylight = Math.max(0, 1 - depth / DAYLIGHT_DEPTH);
        mesh.weights[vertex * 4 + 2] = Math.min(1, depth / LIP);
        mesh.weights[vertex * 4 + 3] = daylight * daylight;
    }

    /** Growing air at a sample, of any length, into `slope`: against the gradient of cave distance. */
    private _writeGradient(column: number, row: number, to: number): void {
        const at = column * this._rows + row;
        slope[to] = -this._difference(at, this._strides[0]);
        slope[to + 1] = -this._difference(at, this._strides[1]);
        slope[to + 2] = -this._difference(at, this._strides[2]);
    }

    private _difference(at: number, stride: number): number {
        const { distance } = this._volume;
        return distance[at + stride]! - distance[at - stride]!;
    }
}

/** The unit vector along what lies at `t` between the two in `slope`. */
function writeMixedNormal(t: number, normal: Float64Array, to: number): void {
    const x = slope[0]! + t * (slope[3]! - slope[0]!);
    const y = slope[1]! + t * (slope[4]! - slope[1]!);
    const z = slope[2]! + t * (slope[5]! - slope[2]!);
    const length = Math.sqrt(x * x + y * y + z * z);
    // Opposite ends cancel only where a wall thinner than a sample is crossed.
    const inverse = length > 1e-6 ? 1 / length : 0;
    normal[to] = x * inverse;
    normal[to + 1] = inverse === 0 ? 1 : y * inverse;
    normal[to + 2] = z * inverse;
}
