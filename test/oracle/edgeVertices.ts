import type { CaveVolume } from "./caveVolume.js";
import { densityAt } from "./density.js";
import { GRID_MARGIN, type HeightGrid } from "./heightField.js";
import { writeSlopeNormal, writeSurfaceWeights } from "./heightGridMesh.js";
import { reserveVertices, UvMapping, type SurfaceMesh } from "./surfaceMesh.js";
import { COARSE } from "./coarseCells.js";

/** Metres of rock after which no daylight shows on cave walls: a stand-in for light that falls in at the mouth. */
const DAYLIGHT_DEPTH = 24;
/** Metres from a mouth's lip over which ground turns to cave rock. */
const LIP = 1.5;

/** Samples from a cave's wall beyond which it counts for no ground's normal. */
const LIP_REACH = 3;

/** Least vertical part of the gradient of ground at a lip. */
const LEAST_RISE = 0.1;

/** Vertex on each edge from a sample on, by sample and axis, -1 where none is: those of fine cells and of coarse ones. */
export type EdgeSlots = [fine: Int32Array, coarse: Int32Array];

const slope = new Float64Array(6);
/** The unit normals of the ground at an edge's ends, mixed. */
const ground = new Float64Array(3);
const weightsAtEnds = new Float64Array(8);

/** The vertices where the surface crosses edges between samples, each made when first asked for. */
export class EdgeVertices {
    /** Sample index steps along x, y and z. */
    private readonly _strides: readonly [number, number, number];

    public constructor(
        private readonly _grid: HeightGrid,
        private readonly _volume: CaveVolume,
        private readonly _quantum: number,
        private readonly _mesh: SurfaceMesh,
        private readonly _slots: EdgeSlots,
    ) {
        const { rows } = _volume;
        this._strides = [rows, 1, rows * _grid.countX];
        const count = 3 * rows * _grid.countX * _grid.countZ;
        for (let i = 0; i < _slots.length; i++) {
            if (_slots[i]!.length < count) {
                _slots[i] = new Int32Array(count);
            }
            _slots[i]!.fill(-1, 0, count);
        }
    }

    /** Returns the vertex on the edge of a fine cell from sample (x, row, z) on along an axis. */
    public fine(x: number, row: number, z: number, axis: number): number {
        return this._at(x, row, z, axis, 1);
    }

    /** Returns the vertex on an edge of a coarse cell: see `fine`. */
    public coarse(x: number, row: number, z: number, axis: number): number {
        return this._at(x, row, z, axis, COARSE);
    }

    /** @param length of the edge in samples */
    private _at(x: number, row: number, z: number, axis: number, length: number): number {
        const slots = this._slots[length - 1]!;
        const slot = (x * this._strides[0] + row + z * this._strides[2]) * 3 + axis;
        let vertex = slots[slot]!;
        if (vertex < 0) {
            vertex = this._add(x, row, z, axis, length);
            slots[slot] = vertex;
        }
        return vertex;
    }

    private _add(x: number, row: number, z: number, axis: number, length: number): number {
        const { _grid: grid, _volume: volume, _mesh: mesh } = this;
        const columnA = z * grid.countX + x;
        const columnB = columnA + (axis === 0 ? length : axis === 2 ? length * grid.countX : 0);
        const rowB = row + (axis === 1 ? length : 0);
        const atA = columnA * volume.rows + row;
        const atB = columnB * volume.rows + rowB;
        let a = densityAt(grid, volume, columnA, row);
        let b = densityAt(grid, volume, columnB, rowB);
        // The end in air decides: rock that a cave thins from below still is ground on its upper side.
        const isAir = a >= 0 ? this._isBelowGround(columnA, row) : this._isBelowGround(columnB, rowB);
        const isCave = isAir || length === COARSE;
        const rock = a < 0 ? this._caveShare(columnA, row) : this._caveShare(columnB, rowB);
        if (!isCave && a < 0) {
            b = openAt(b, -volume.distance[atB]!, rock);
        } else if (!isCave) {
            a = openAt(a, -volume.distance[atA]!, rock);
        }
        const t = shareAlong(a, b);

        const vertex = mesh.vertexCount++;
        reserveVertices(mesh, mesh.vertexCount);
        const step = volume.spacing / this._quantum;
        const along = length * t;
        const y = (volume.firstRow + row + (axis === 1 ? along : 0)) * step - mesh.baseY / this._quantum;
        mesh.position[vertex * 3] = Math.round((x - GRID_MARGIN + (axis === 0 ? along : 0)) * step);
        mesh.position[vertex * 3 + 1] = Math.round(y);
        mesh.position[vertex * 3 + 2] = Math.round((z - GRID_MARGIN + (axis === 2 ? along : 0)) * step);
        mesh.mapping[vertex] = UvMapping.flat;
        mesh.shift[vertex] = 0;

        this._writeSurfaceAt(columnA, columnB, t, vertex);
        const share = isCave ? 1 : rock;
        mesh.isGround[vertex] = isCave ? 0 : 1;
        if (share > 0) {
            this._writeCaveNormal(atA, atB, axis, t, share, !isCave, vertex);
        }
        if (share > 0) {
            this._turnToCave(columnA, row, columnB, rowB, t, isCave ? 1 / 255 : 0, vertex);
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
        for (let i = 0; i < 3; i++) {
            ground[i] = slope[i]! + t * (slope[3 + i]! - slope[i]!);
        }
        writeUnit(ground[0]!, ground[1]!, ground[2]!, mesh.normal, vertex * 3);
        writeSurfaceWeights(grid, columnA, weightsAtEnds, 0);
        writeSurfaceWeights(grid, columnB, weightsAtEnds, 4);
        for (let channel = 0; channel < 4; channel++) {
            const from = weightsAtEnds[channel]!;
            mesh.weights[vertex * 4 + channel] = from + t * (weightsAtEnds[channel + 4]! - from);
        }
    }

    /** How much a cave counts for the normal of ground that it bends, at a sample of rock, 0 to 1. */
    private _caveShare(column: number, row: number): number {
        const { _grid: grid, _volume: volume } = this;
        const depth = grid.height[column]! - (volume.firstRow + row) * volume.spacing;
        const distance = volume.distance[column * volume.rows + row]!;
        const share = Math.max(0, Math.min(1, (4 * (depth - distance)) / volume.lipWidth));
        return share * Math.max(0, Math.min(1, LIP_REACH - distance / volume.spacing));
    }

    /** Turns the normal of open ground towards that of a cave's wall, by a share. */
    private _writeCaveNormal(
        atA: number,
        atB: number,
        axis: number,
        t: number,
        share: number,
        isGround: boolean,
        vertex: number,
    ): void {
        const { _mesh: mesh, _volume: volume } = this;
        const length = (atB - atA) / this._strides[axis]!;
        this._writeGradient(atA, length, 0);
        this._writeGradient(atB, length, 3);
        // Along the edge its own two samples tell most: the surface is cut between them.
        const along = 2 * (volume.distance[atA]! - volume.distance[atB]!);
        slope[axis] = along;
        slope[3 + axis] = along;
        const part = (i: number): number =>
            ((slope[i]! + t * (slope[3 + i]! - slope[i]!)) * share) / (2 * volume.spacing) + ground[i]! * (1 - share);
        writeUnit(part(0), isGround ? Math.max(LEAST_RISE, part(1)) : part(1), part(2), mesh.normal, vertex * 3);
    }

    /** @param least cave's weight: a cave's wall is one even where it reaches the ground */
    private _turnToCave(
        columnA: number,
        row: number,
        columnB: number,
        rowB: number,
        t: number,
        least: number,
        vertex: number,
    ): void {
        const { _grid: grid, _mesh: mesh, _volume: volume } = this;
        const height = grid.height[columnA]! + t * (grid.height[columnB]! - grid.height[columnA]!);
        const y = (volume.firstRow + row + t * (rowB - row)) * volume.spacing;
        const depth = Math.max(0, height - y);
        const daylight = Math.max(0, 1 - depth / DAYLIGHT_DEPTH);
        mesh.weights[vertex * 4 + 2] = Math.max(least, Math.min(1, depth / LIP));
        mesh.weights[vertex * 4 + 3] = daylight * daylight;
    }

    /** Growing air at a sample, of any length, into `slope`: against the gradient of cave distance over samples `reach` away. */
    private _writeGradient(at: number, reach: number, to: number): void {
        const { distance } = this._volume;
        this._strides.forEach((stride, axis) => {
            slope[to + axis] = distance[at - reach * stride]! - distance[at + reach * stride]!;
        });
    }
}

/** Density in open air at the end of an edge whose other end is rock: over rock that a cave bends its air goes on above the ground. */
function openAt(terrain: number, cave: number, share: number): number {
    return terrain + share * Math.max(0, cave - terrain);
}

/**
 * Where between two samples density vanishes. Outside mouths air below the ground may lie beside open air: held to the
 * edge then.
 */
function shareAlong(a: number, b: number): number {
    return a === b ? 0 : Math.max(0, Math.min(1, a / (a - b)));
}

/** The unit vector along another, or upwards where that vanishes. */
export function writeUnit(x: number, y: number, z: number, normal: Float64Array, to: number): void {
    const length = Math.sqrt(x * x + y * y + z * z);
    const inverse = length > 1e-6 ? 1 / length : 0;
    normal[to] = x * inverse;
    normal[to + 1] = inverse === 0 ? 1 : y * inverse;
    normal[to + 2] = z * inverse;
}
