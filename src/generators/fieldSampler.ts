import { TerraneError } from "../base/errors.js";
import type { Vec3Like } from "../base/vec3Like.js";
import type { Kernels } from "../kernels/kernels.js";
import type { BufferLease } from "../memory/bufferPool.js";
import { BufferPoolManager } from "../memory/bufferPoolManager.js";
import type { Recipe } from "../recipe/recipe.js";
import { MAX_CHUNK_COORDINATE } from "../space/chunkAddress.js";
import { ChunkFields, GRID_MARGIN } from "./chunkFields.js";
import { quantumAt } from "../recipe/lattice.js";

/** Cells along a tile's side. A tile is filled whole, in less than 0.1 ms, where queries keep coming. */
const TILE_CELLS = 16;
/** Tiles kept along each axis: neighbours within this many never push each other out. */
const TILES_ALONG = 8;
/** More samples all around: as many as chunks have, so that what decides on cells at the border is known. */
const MARGIN = GRID_MARGIN;
const STRIDE = TILE_CELLS + 1 + 2 * MARGIN;
/** Cells of two samples along a tile's side. */
const WIDE_CELLS = TILE_CELLS / 2;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
/** Of a lone cell, which is asked for heights and normals alone; and samples along its grid. */
const CELL_MARGIN = 2;
const CELL_STRIDE = 2 + 2 * CELL_MARGIN;

/**
 * Heights of a grid of samples, row by row (z outer, x inner). Rows are as long as the kernels' are, so that a grid is copied
 * whole: to copy it number by number is garbage in code that runs too seldom to be compiled.
 */
interface HeightPlanes {
    /** Both planes; null before the first. */
    lease: BufferLease | null;
    /** Whole quanta: what the mesh draws. */
    quanta: Float32Array;
    /** Metres before rounding: what normals are taken from. */
    smooth: Float32Array;
    /** From a sample to the one beyond it in z. */
    rowLength: number;
}

interface Tile extends HeightPlanes {
    x: number;
    z: number;
    /** Cave distance on the samples in samples, column by column upwards; null until caves are asked for, or where there are none. */
    distance: Float32Array | null;
    distanceLease: BufferLease | null;
    rows: number;
    firstRow: number;
    /** For each wide cell, row by row along x: the row from which on cells have one sample a side, as they are meshed. */
    readonly narrowRows: Int32Array;
    isVolumeKnown: boolean;
}

/**
 * Answers what the finest level is like anywhere, whatever is loaded: from the same kernels, samples and triangles that
 * chunks are baked from.
 */
export class FieldSampler {
    private readonly _fields: ChunkFields;
    private readonly _spacing: number;
    private readonly _quantum: number;
    private readonly _limit: number;
    private readonly _tiles: (Tile | undefined)[] = new Array<undefined>(TILES_ALONG * TILES_ALONG).fill(undefined);
    /** For lone queries. */
    private readonly _cell = createPlanes();
    private _missedX = Number.NaN;
    private _missedZ = Number.NaN;

    /** @param _buffers tiles are leased from these, whatever the limit: a question is answered. Default: its own */
    public constructor(
        public readonly recipe: Recipe,
        private readonly _kernels: Kernels,
        private readonly _buffers = new BufferPoolManager({ memoryLimitBytes: Infinity }),
    ) {
        this._fields = new ChunkFields(recipe, _kernels, _buffers);
        this._spacing = this._fields.lattice.spacing;
        this._quantum = quantumAt(recipe, 0);
        this._limit = MAX_CHUNK_COORDINATE * recipe.chunkSize;
    }

    /** Metres: height of the terrain, caves aside, on the triangles of the finest level. */
    public sampleHeight(x: number, z: number): number {
        this._findCorners(x, z);
        const { planes, a, b, c, weightA, weightB, weightC } = corners;
        const { quanta } = planes;
        // A quantum is a power of two: the product rounds nothing, and neither does where it stands.
        return this._quantum * (weightA * quanta[a]! + weightB * quanta[b]! + weightC * quanta[c]!);
    }

    /**
     * `sampleHeight` at many places.
     *
     * @param places x and z of each, metres; @param result its first places.length / 2 values are written
     * @throws TerraneError where `places` has an odd length, or `result` is too short
     */
    public sampleHeightsToRef<T extends Float32Array | Float64Array | number[]>(
        places: ArrayLike<number>,
        result: T,
    ): T {
        const count = places.length / 2;
        if (!Number.isInteger(count)) {
            throw new TerraneError("places.length", places.length, "an even number", "Pass x and z of each place.");
        }
        if (!Array.isArray(result) && result.length < count) {
            throw new TerraneError("result.length", result.length, `at least ${count}`, "Pass one value a place.");
        }
        for (let i = 0; i < count; i++) {
            result[i] = this.sampleHeight(places[2 * i]!, places[2 * i + 1]!);
        }
        return result;
    }

    /** Unit normal of the terrain, caves aside, into `ref`: as vertices have it, mixed over the triangle. Returns `ref`. */
    public sampleNormalToRef<T extends Vec3Like>(x: number, z: number, ref: T): T {
        this._findCorners(x, z);
        const { planes, a, b, c, weightA, weightB, weightC } = corners;
        normal.x = 0;
        normal.y = 0;
        normal.z = 0;
        this._addNormal(planes, a, weightA);
        this._addNormal(planes, b, weightB);
        this._addNormal(planes, c, weightC);
        const inverse = 1 / Math.sqrt(normal.x * normal.x + normal.y * normal.y + normal.z * normal.z);
        ref.x = normal.x * inverse;
        ref.y = normal.y * inverse;
        ref.z = normal.z * inverse;
        return ref;
    }

    private _addNormal({ smooth, rowLength }: HeightPlanes, at: number, weight: number): void {
        const slopeX = (smooth[at + 1]! - smooth[at - 1]!) / (2 * this._spacing);
        const slopeZ = (smooth[at + rowLength]! - smooth[at - rowLength]!) / (2 * this._spacing);
        const scale = weight / Math.sqrt(slopeX * slopeX + slopeZ * slopeZ + 1);
        normal.x -= slopeX * scale;
        normal.y += scale;
        normal.z -= slopeZ * scale;
    }

    /** The corners of the triangle over (x, z), and the shares that they have there, into `corners`. */
    private _findCorners(x: number, z: number): void {
        this._assertInside("x", x);
        this._assertInside("z", z);
        const cellX = Math.floor(x / this._spacing);
        const cellZ = Math.floor(z / this._spacing);
        const tx = x / this._spacing - cellX;
        const tz = z / this._spacing - cellZ;
        this._findCell(cellX, cellZ);
        const { at, planes } = corners;
        const { rowLength } = planes;
        // Quads are split from (0, 0) to (1, 1), as in `createHeightGridIndices`.
        const isNearX = tx >= tz;
        corners.a = at;
        corners.b = isNearX ? at + 1 : at + rowLength;
        corners.c = at + rowLength + 1;
        corners.weightA = 1 - Math.max(tx, tz);
        corners.weightB = Math.abs(tx - tz);
        corners.weightC = Math.min(tx, tz);
    }

    /**
     * Density: negative in rock, positive in air, about metres to the surface near it. On the samples of the finest
     * level it is what chunks are baked from; between them it is interpolated.
     */
    public sampleDensity(x: number, y: number, z: number): number {
        this._assertInside("y", y);
        const height = this.sampleHeight(x, z);
        const { caves } = this.recipe;
        if (y >= height || !caves.enabled || y < height - caves.maxDepth - this._spacing) {
            return y - height;
        }
        const tile = this._tileAt(
            Math.floor(x / this._spacing / TILE_CELLS),
            Math.floor(z / this._spacing / TILE_CELLS),
        );
        this._fillVolume(tile);
        // Below a volume is rock alone.
        const isBelow = y < tile.firstRow * this._spacing;
        return tile.distance === null || isBelow
            ? y - height
            : Math.max(y - height, -this._sampleVolume(tile, x, y, z));
    }

    /**
     * The first point where a ray enters rock, cave walls included, loaded or not; null where it meets none. A ray that
     * starts in rock hits at once.
     *
     * @param direction of any length but 0; @param maxDistance metres
     */
    public raycast(origin: Vec3Like, direction: Vec3Like, maxDistance: number): RaycastHit | null {
        const length = Math.sqrt(direction.x ** 2 + direction.y ** 2 + direction.z ** 2);
        if (!(length > 0 && length < Number.POSITIVE_INFINITY)) {
            throw new TerraneError(
                "direction",
                length,
                "a vector of finite length above 0",
                "Pass where the ray goes.",
            );
        }
        if (!(maxDistance >= 0)) {
            throw new TerraneError("maxDistance", maxDistance, "metres from 0 up", "Pass how far the ray goes.");
        }
        const dx = direction.x / length;
        const dy = direction.y / length;
        const dz = direction.z / length;
        const densityAt = (distance: number): number =>
            this.sampleDensity(origin.x + dx * distance, origin.y + dy * distance, origin.z + dz * distance);
        let free = 0;
        let density = densityAt(0);
        while (density >= 0) {
            if (free >= maxDistance) {
                return null;
            }
            const next = Math.min(maxDistance, free + Math.max(this._spacing * SHORTEST_STEP, density * SAFE_SHARE));
            density = densityAt(next);
            if (density < 0) {
                return this._hitAt(refine(densityAt, free, next), origin, dx, dy, dz);
            }
            free = next;
        }
        return this._hitAt(0, origin, dx, dy, dz);
    }

    private _hitAt(distance: number, origin: Vec3Like, dx: number, dy: number, dz: number): RaycastHit {
        const position = { x: origin.x + dx * distance, y: origin.y + dy * distance, z: origin.z + dz * distance };
        const { x, y, z } = position;
        // The free side of the hit lies above the ground, unless it lies in a cave.
        const isCave = y < this.sampleHeight(x, z);
        const normal = { x: 0, y: 1, z: 0 };
        if (isCave) {
            const reach = this._spacing / 2;
            const gx = this.sampleDensity(x + reach, y, z) - this.sampleDensity(x - reach, y, z);
            const gy = this.sampleDensity(x, y + reach, z) - this.sampleDensity(x, y - reach, z);
            const gz = this.sampleDensity(x, y, z + reach) - this.sampleDensity(x, y, z - reach);
            const length = Math.sqrt(gx * gx + gy * gy + gz * gz);
            if (length > 0) {
                normal.x = gx / length;
                normal.y = gy / length;
                normal.z = gz / length;
            }
        } else {
            this.sampleNormalToRef(x, z, normal);
        }
        return { distance, position, normal, isCave };
    }

    /** A grid that holds the cell, and where its first sample is in it, into `corners`. */
    private _findCell(cellX: number, cellZ: number): void {
        const tileX = Math.floor(cellX / TILE_CELLS);
        const tileZ = Math.floor(cellZ / TILE_CELLS);
        const slot = this._tiles[slotOf(tileX, tileZ)];
        const isKept = slot !== undefined && slot.x === tileX && slot.z === tileZ;
        if (!isKept && !(this._missedX === tileX && this._missedZ === tileZ)) {
            // Who asks once in a place may never come back: a cell instead of a tile.
            this._missedX = tileX;
            this._missedZ = tileZ;
            this._fillPlanes(cellX - CELL_MARGIN, cellZ - CELL_MARGIN, CELL_STRIDE, this._cell);
            corners.planes = this._cell;
            corners.at = CELL_MARGIN * this._cell.rowLength + CELL_MARGIN;
            return;
        }
        const tile = this._tileAt(tileX, tileZ);
        corners.planes = tile;
        corners.at = (cellZ - tileZ * TILE_CELLS + MARGIN) * tile.rowLength + (cellX - tileX * TILE_CELLS + MARGIN);
    }

    private _tileAt(tileX: number, tileZ: number): Tile {
        const slot = slotOf(tileX, tileZ);
        const tile = (this._tiles[slot] ??= {
            x: Number.NaN,
            z: Number.NaN,
            ...createPlanes(),
            distance: null,
            distanceLease: null,
            rows: 0,
            firstRow: 0,
            narrowRows: new Int32Array(WIDE_CELLS * WIDE_CELLS),
            isVolumeKnown: false,
        });
        if (tile.x !== tileX || tile.z !== tileZ) {
            tile.x = tileX;
            tile.z = tileZ;
            tile.distance = null;
            tile.distanceLease?.release();
            tile.distanceLease = null;
            tile.isVolumeKnown = false;
            this._fillPlanes(tileX * TILE_CELLS - MARGIN, tileZ * TILE_CELLS - MARGIN, STRIDE, tile);
        }
        return tile;
    }

    /** Heights of count x count samples, and a grid in the kernels that is ready for caves. */
    private _fillPlanes(x: number, z: number, count: number, planes: HeightPlanes): void {
        this._fields.fillMacro(0, x, z, count, count);
        this._fields.fillHeights(0, x, z, 1);
        const { exports } = this._kernels;
        const rowLength = exports.planeRowBytes() / FLOAT_BYTES;
        const length = count * rowLength;
        if (planes.quanta.length !== length) {
            planes.lease?.release();
            const { buffer } = (planes.lease = this._buffers.poolOf("heightfield2d").lease(2 * length * FLOAT_BYTES));
            planes.quanta = new Float32Array(buffer, 0, length);
            planes.smooth = new Float32Array(buffer, length * FLOAT_BYTES, length);
            planes.rowLength = rowLength;
        }
        planes.quanta.set(new Float32Array(exports.memory.buffer, exports.quantaPlane(), length));
        planes.smooth.set(new Float32Array(exports.memory.buffer, exports.smoothPlane(), length));
    }

    private _fillVolume(tile: Tile): void {
        if (tile.isVolumeKnown) {
            return;
        }
        tile.isVolumeKnown = true;
        const x = tile.x * TILE_CELLS - MARGIN;
        const z = tile.z * TILE_CELLS - MARGIN;
        // Other work may have been done in the kernels since the tile's heights.
        this._fillPlanes(x, z, STRIDE, tile);
        const box = this._fields.prepareCaves(0, x, z, STRIDE, STRIDE, true);
        if (box !== null) {
            const { exports } = this._kernels;
            exports.fillSlices();
            exports.widenSlices();
            const length = STRIDE * STRIDE * box.rows;
            tile.distanceLease = this._buffers.poolOf("sdfField3d").lease(length * FLOAT_BYTES);
            tile.distance = new Float32Array(tile.distanceLease.buffer, 0, length);
            tile.distance.set(new Float32Array(exports.memory.buffer, exports.distancesStart(), length));
            for (let i = 0; i < tile.narrowRows.length; i++) {
                const x = (i % WIDE_CELLS) * 2 + MARGIN;
                tile.narrowRows[i] = exports.lowOfCell(x, Math.floor(i / WIDE_CELLS) * 2 + MARGIN);
            }
            tile.rows = box.rows;
            tile.firstRow = box.firstRow;
        }
    }

    /** Cave distance at a point in metres, trilinear between the samples of the cell that is meshed there. */
    private _sampleVolume(tile: Tile, x: number, y: number, z: number): number {
        const { _spacing: spacing } = this;
        const { rows, firstRow } = tile;
        const distance = tile.distance!;
        const fx = x / spacing - tile.x * TILE_CELLS;
        const fy = y / spacing - firstRow;
        const fz = z / spacing - tile.z * TILE_CELLS;
        const cell = (Math.floor(fz) >> 1) * WIDE_CELLS + (Math.floor(fx) >> 1);
        const step = Math.floor(fy) >= tile.narrowRows[cell]! ? 1 : 2;
        const ix = Math.floor(fx / step) * step;
        const iy = Math.min(Math.max(0, Math.floor(fy / step) * step), rows - 1 - step);
        const iz = Math.floor(fz / step) * step;
        const tx = (fx - ix) / step;
        const ty = (fy - iy) / step;
        const tz = (fz - iz) / step;
        const at = ((iz + MARGIN) * STRIDE + ix + MARGIN) * rows + iy;
        const next = step * rows;
        const far = at + STRIDE * next;
        const d00 = mixRows(distance, at, step, ty);
        const d10 = mixRows(distance, at + next, step, ty);
        const d01 = mixRows(distance, far, step, ty);
        const d11 = mixRows(distance, far + next, step, ty);
        const near = d00 + tx * (d10 - d00);
        return spacing * (near + tz * (d01 + tx * (d11 - d01) - near));
    }

    private _assertInside(axis: string, value: number): void {
        if (!(Math.abs(value) <= this._limit)) {
            throw new TerraneError(
                axis,
                value,
                `metres within ${this._limit} of 0`,
                "Pass a position inside the world.",
            );
        }
    }
}

/** What a ray met. */
export interface RaycastHit {
    /** Metres from the origin. */
    distance: number;
    position: Vec3Like;
    /** Unit vector, out of the rock. */
    normal: Vec3Like;
    /** Whether it met a cave's wall, floor or ceiling. */
    isCave: boolean;
}

/** A triangle's corners in a grid, and their shares at a point. */
const corners = {
    planes: createPlanes(),
    /** The cell's first sample. */
    at: 0,
    a: 0,
    b: 0,
    c: 0,
    weightA: 0,
    weightB: 0,
    weightC: 0,
};
const normal = { x: 0, y: 0, z: 0 };

function createPlanes(): HeightPlanes {
    return { lease: null, quanta: new Float32Array(0), smooth: new Float32Array(0), rowLength: 0 };
}

/** Share of the density that a ray may step safely: slopes up to 2.5 are not stepped through. */
const SAFE_SHARE = 0.4;
/** Samples: a ray's shortest step. */
const SHORTEST_STEP = 0.25;
/** Halvings of the last step: below a millimetre from a sample's width. */
const HALVINGS = 14;

function refine(densityAt: (distance: number) => number, free: number, blocked: number): number {
    for (let i = 0; i < HALVINGS; i++) {
        const middle = (free + blocked) / 2;
        if (densityAt(middle) < 0) {
            blocked = middle;
        } else {
            free = middle;
        }
    }
    return free;
}

function mixRows(distance: Float32Array, at: number, step: number, t: number): number {
    const low = distance[at]!;
    return low + t * (distance[at + step]! - low);
}

function slotOf(tileX: number, tileZ: number): number {
    return (tileX & (TILES_ALONG - 1)) + (tileZ & (TILES_ALONG - 1)) * TILES_ALONG;
}
