import type { Kernels } from "../kernels/kernels.js";
import type { BufferLease } from "../memory/bufferPool.js";
import type { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { GRID_MARGIN, type ChunkFields } from "./chunkFields.js";
import { HighestTable } from "./groundBounds.js";
import { TileCache, type CachedTile } from "./tileCache.js";

/** Cells along a tile's side. */
export const TILE_CELLS = 16;
/**
 * Samples beyond each border of a tile: as many as chunks have, so that whatever decides on cells at the border is
 * known.
 */
export const TILE_MARGIN = GRID_MARGIN;
/** Samples along a tile's grid. */
export const TILE_STRIDE = TILE_CELLS + 1 + 2 * TILE_MARGIN;

/** About 1,400 tiles: as many as a ray of some 30 km crosses where samples are a metre apart. */
const LIMIT_BYTES = 6 * 2 ** 20;
/** 2^15 places, so that tiles that rays pass over need not be filled again. */
const KNOWN_BITS = 15;
const NO_FLOATS = new Float32Array(0);
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
/** Samples around a lone cell, which is asked for heights and normals alone; and samples along its grid. */
const CELL_MARGIN = 2;
const CELL_STRIDE = 2 + 2 * CELL_MARGIN;

/**
 * Heights of a grid of samples, row by row (z outer, x inner). Rows are as long as the kernels' rows, so that a grid is
 * copied whole: copying number by number leaves garbage in code that runs too seldom to be compiled.
 */
export interface HeightPlanes {
    /** Lease of both planes; null before the first. */
    lease: BufferLease | null;
    /** Whole quanta: what the mesh draws. */
    quanta: Float32Array;
    /** Metres before rounding: what normals are taken from. */
    smooth: Float32Array;
    /** Samples from one row to the next. */
    rowLength: number;
}

export interface HeightTile extends HeightPlanes, CachedTile<HeightTile> {
    /** Quanta: the highest sample of the tile's cells, and the lowest of its whole grid. */
    highest: number;
    lowest: number;
}

/** Caches the heights of the finest level in tiles, which the kernels fill on demand. */
export class HeightTiles {
    /** The grid of the cell that `findCell` found, and the index of the cell's first sample in it. */
    public planes: HeightPlanes;
    public at = 0;

    private readonly _cache = new TileCache<HeightTile>(LIMIT_BYTES, createTile, (tile) => tile.lease?.release());
    private readonly _known: HighestTable;
    /** The grid of a lone cell. */
    private readonly _cell = createPlanes();
    private _missedX = Number.NaN;
    private _missedZ = Number.NaN;

    public constructor(
        private readonly _fields: ChunkFields,
        private readonly _kernels: Kernels,
        private readonly _buffers: BufferPoolManager,
    ) {
        this.planes = this._cell;
        this._known = new HighestTable(KNOWN_BITS, _buffers);
    }

    /** Finds a grid that holds the cell, and the index of its first sample, into `planes` and `at`. */
    public findCell(cellX: number, cellZ: number): void {
        const tileX = Math.floor(cellX / TILE_CELLS);
        const tileZ = Math.floor(cellZ / TILE_CELLS);
        let tile = this._cache.find(tileX, tileZ);
        if (tile === null) {
            if (!(this._missedX === tileX && this._missedZ === tileZ)) {
                // Who asks once in a place may never come back: a cell instead of a tile.
                this._missedX = tileX;
                this._missedZ = tileZ;
                this._fillGrid(cellX - CELL_MARGIN, cellZ - CELL_MARGIN, CELL_STRIDE, 1);
                this._copyPlanes(CELL_STRIDE, this._cell);
                this.planes = this._cell;
                this.at = CELL_MARGIN * this._cell.rowLength + CELL_MARGIN;
                return;
            }
            tile = this._fill(tileX, tileZ);
        }
        this.planes = tile;
        this.at = indexIn(tile, cellX - tileX * TILE_CELLS, cellZ - tileZ * TILE_CELLS);
    }

    public tileAt(tileX: number, tileZ: number): HeightTile {
        return this._cache.find(tileX, tileZ) ?? this._fill(tileX, tileZ);
    }

    /** Returns the highest sample of a tile that is kept, or was once, in quanta; NaN if it is not known. */
    public knownHighest(tileX: number, tileZ: number): number {
        return this._known.get(tileX, tileZ);
    }

    /** Releases what is leased. */
    public dispose(): void {
        this._cache.clear();
        this._known.dispose();
        this._cell.lease?.release();
        this._cell.lease = null;
    }

    private _fill(tileX: number, tileZ: number): HeightTile {
        const x = tileX * TILE_CELLS - TILE_MARGIN;
        const z = tileZ * TILE_CELLS - TILE_MARGIN;
        this._fillGrid(x, z, TILE_STRIDE, TILE_MARGIN);
        // Only now: were it to throw, a claimed tile would pass for a filled one.
        const tile = this._cache.claim(tileX, tileZ);
        this._copyPlanes(TILE_STRIDE, tile);
        const { exports } = this._kernels;
        tile.highest = exports.highestQuantum();
        exports.measureHeights(0);
        tile.lowest = exports.lowestQuantum();
        this._cache.account(tile, tile.lease!.buffer.byteLength);
        this._known.set(tileX, tileZ, tile.highest);
        return tile;
    }

    /** Fills the heights of count x count samples, in the kernels' memory. */
    private _fillGrid(x: number, z: number, count: number, margin: number): void {
        this._fields.fillMacro(0, x, z, count, count);
        this._fields.fillHeights(0, x, z, margin);
    }

    private _copyPlanes(count: number, planes: HeightPlanes): void {
        const { exports } = this._kernels;
        const rowLength = exports.planeLineBytes() / FLOAT_BYTES;
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
}

/**
 * Returns the index of a tile's sample.
 *
 * @param x samples from the tile's first cell
 * @param z samples from the tile's first cell
 */
export function indexIn({ rowLength }: HeightPlanes, x: number, z: number): number {
    return (z + TILE_MARGIN) * rowLength + x + TILE_MARGIN;
}

function createPlanes(): HeightPlanes {
    return { lease: null, quanta: NO_FLOATS, smooth: NO_FLOATS, rowLength: 0 };
}

function createTile(): HeightTile {
    return {
        x: Number.NaN,
        z: Number.NaN,
        bytes: 0,
        isUsed: false,
        next: null,
        lease: null,
        quanta: NO_FLOATS,
        smooth: NO_FLOATS,
        rowLength: 0,
        highest: 0,
        lowest: 0,
    };
}
