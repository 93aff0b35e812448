import type { CaveVolume } from "./caveVolume.js";
import { densityAt } from "./density.js";
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
    /** 1 where a sample is air; laid out as the volume. */
    air: Uint8Array;
    /** Vertex on each edge of the present slab, per axis: planes z and z + 1 for x and y edges, one for z edges. -1: none. */
    edges: [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
}

export function createFusionScratch(): FusionScratch {
    const empty = () => new Int32Array(0);
    return { air: new Uint8Array(0), edges: [empty(), empty(), empty(), empty(), empty()] };
}

const slope = new Float64Array(6);
const weightsAtEnds = new Float64Array(8);

/**
 * The surface of a chunk that caves cross: marching cubes over density, on the samples of the height grid. Vertices on
 * vertical edges lie exactly on the heights, those on horizontal ones on the straight line between neighbouring heights,
 * so that the chunk meets height-grid neighbours along the same line.
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
            air.fill(1, from + surface, from + rows);
            for (let row = volume.lowestCave[column]!; row < surface; row++) {
                if (volume.distance[from + row]! <= 0) {
                    air[from + row] = 1;
                }
            }
        }
    }

    /** The cells above one another between four columns; those that are surely all rock or all air are left out. */
    private _meshColumn(x: number, z: number): void {
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
        for (let row = Math.max(0, low - 1); row < Math.min(high, rows - 1); row++) {
            const mask =
                air[b00 + row]! |
                (air[b10 + row]! << 1) |
                (air[b00 + row + 1]! << 2) |
                (air[b10 + row + 1]! << 3) |
                (air[b01 + row]! << 4) |
                (air[b11 + row]! << 5) |
                (air[b01 + row + 1]! << 6) |
                (air[b11 + row + 1]! << 7);
            if (mask !== 0 && mask !== 255) {
                this._meshCell(x, row, z, mask);
            }
        }
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
        const x = cellX + (corner & 1);
        const row = cellRow + ((corner >> 1) & 1);
        const far = corner >> 2;
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
