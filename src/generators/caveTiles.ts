import type { Kernels } from "../kernels/kernels.js";
import type { BufferLease } from "../memory/bufferPool.js";
import type { BufferPoolManager } from "../memory/bufferPoolManager.js";
import type { ChunkFields } from "./chunkFields.js";
import { TILE_CELLS, TILE_MARGIN, TILE_STRIDE } from "./heightTiles.js";
import { TileCache, type CachedTile } from "./tileCache.js";

/** Room for dozens of volumes: more than one looks at in a cave. */
const LIMIT_BYTES = 12 * 2 ** 20;
/** About what a tile takes besides its distances, in bytes. */
const OWN_BYTES = 512;
/** Cells of two samples along a tile's side. */
const COARSE_CELLS = TILE_CELLS / 2;
/** Period of the caves in samples: the kernels count samples in i32. No chunk of the finest level lies that far out. */
const REPEAT = 2 ** 31;
const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

export interface CaveTile extends CachedTile<CaveTile> {
    /** Cave distance in samples, column by column, upwards; null where there are no caves. */
    distance: Float32Array | null;
    lease: BufferLease | null;
    rows: number;
    /** The lowest row, in samples from y = 0. There is only rock below. */
    firstRow: number;
    /** For each coarse cell, line by line along x: the row from which on it is meshed in fine cells. */
    readonly fineRows: Int32Array;
}

/**
 * A cell as it is meshed, one or two samples a side, with the distances at its corners: x innermost, then y, then z.
 */
export class CaveCell {
    public readonly corners = new Float64Array(8);
    /** Samples a side, and the cell's first sample, in the coordinates of `CaveTiles.read`. */
    public side = 1;
    public x = 0;
    public row = 0;
    public z = 0;

    /** Tells whether no part of the cell is rock. */
    public isOpen(): boolean {
        const { corners: c } = this;
        return Math.max(c[0]!, c[1]!, c[2]!, c[3]!, c[4]!, c[5]!, c[6]!, c[7]!) <= 0;
    }

    /**
     * Returns the cave distance at a place in samples, trilinear between the corners. The place is given in the cell's
     * coordinates.
     */
    public distanceAt(x: number, row: number, z: number): number {
        const { corners: c, side } = this;
        const tx = (x - this.x) / side;
        const ty = (row - this.row) / side;
        const tz = (z - this.z) / side;
        const near = mix(mix(c[0]!, c[2]!, ty), mix(c[1]!, c[3]!, ty), tx);
        return mix(near, mix(mix(c[4]!, c[6]!, ty), mix(c[5]!, c[7]!, ty), tx), tz);
    }

    /**
     * Returns the slope of cave distance along one axis.
     *
     * @param bit how far corners that are neighbours along the axis are apart by index: 1 for x, 2 for y, 4 for z
     */
    public slopeAt(x: number, row: number, z: number, bit: 1 | 2 | 4): number {
        const { corners, side } = this;
        const tx = (x - this.x) / side;
        const ty = (row - this.row) / side;
        const tz = (z - this.z) / side;
        let slope = 0;
        for (let i = 0; i < 8; i++) {
            if ((i & bit) === 0) {
                const shareX = bit === 1 ? 1 : (i & 1) === 0 ? 1 - tx : tx;
                const shareY = bit === 2 ? 1 : (i & 2) === 0 ? 1 - ty : ty;
                const shareZ = bit === 4 ? 1 : (i & 4) === 0 ? 1 - tz : tz;
                slope += shareX * shareY * shareZ * (corners[i + bit]! - corners[i]!);
            }
        }
        return slope;
    }
}

/** Caches the cave distance of the finest level in tiles, which the kernels fill on demand. */
export class CaveTiles {
    private readonly _cache = new TileCache<CaveTile>(LIMIT_BYTES, createTile, (tile) => tile.lease?.release());

    public constructor(
        private readonly _fields: ChunkFields,
        private readonly _kernels: Kernels,
        private readonly _buffers: BufferPoolManager,
    ) {}

    /** Releases what is leased. */
    public dispose(): void {
        this._cache.clear();
    }

    public tileAt(tileX: number, tileZ: number): CaveTile {
        return this._cache.find(tileX, tileZ) ?? this._fill(tileX, tileZ);
    }

    /**
     * Writes the cell that is meshed at a place into `ref`.
     *
     * @param tile one that has distances
     * @param x whole samples from the tile's first cell, 0 to 15
     * @param row whole samples from the volume's first row, from 0 up
     * @param z whole samples from the tile's first cell, 0 to 15
     */
    public read(tile: CaveTile, x: number, row: number, z: number, ref: CaveCell): void {
        const { rows } = tile;
        const distance = tile.distance!;
        const side = row >= tile.fineRows[(z >> 1) * COARSE_CELLS + (x >> 1)]! ? 1 : 2;
        ref.side = side;
        ref.x = x & -side;
        ref.z = z & -side;
        ref.row = Math.min(row & -side, rows - 1 - side);
        const at = ((ref.z + TILE_MARGIN) * TILE_STRIDE + ref.x + TILE_MARGIN) * rows + ref.row;
        const next = side * rows;
        const far = at + next * TILE_STRIDE;
        const { corners } = ref;
        corners[0] = distance[at]!;
        corners[1] = distance[at + next]!;
        corners[2] = distance[at + side]!;
        corners[3] = distance[at + next + side]!;
        corners[4] = distance[far]!;
        corners[5] = distance[far + next]!;
        corners[6] = distance[far + side]!;
        corners[7] = distance[far + next + side]!;
    }

    private _fill(tileX: number, tileZ: number): CaveTile {
        const x = tileX * TILE_CELLS - TILE_MARGIN;
        const z = tileZ * TILE_CELLS - TILE_MARGIN;
        const { exports } = this._kernels;
        this._fields.fillMacro(0, x, z, TILE_STRIDE, TILE_STRIDE);
        this._fields.fillHeights(0, x, z, 0);
        const box = this._fields.prepareCaves(0, repeat(x), repeat(z), TILE_STRIDE, TILE_STRIDE, true);
        if (box !== null) {
            exports.fillSlices();
            exports.coarsenSlices();
        }
        // Only now: were any of it to throw, a claimed tile would pass for a filled one.
        const tile = this._cache.claim(tileX, tileZ);
        tile.lease?.release();
        tile.lease = null;
        tile.distance = null;
        if (box !== null) {
            const length = TILE_STRIDE * TILE_STRIDE * box.rows;
            tile.lease = this._buffers.poolOf("sdfField3d").lease(length * FLOAT_BYTES);
            tile.distance = new Float32Array(tile.lease.buffer, 0, length);
            tile.distance.set(new Float32Array(exports.memory.buffer, exports.distancesStart(), length));
            tile.rows = box.rows;
            tile.firstRow = box.firstRow;
            for (let i = 0; i < tile.fineRows.length; i++) {
                const column = (i % COARSE_CELLS) * 2 + TILE_MARGIN;
                tile.fineRows[i] = exports.firstFineRowOfCell(column, Math.floor(i / COARSE_CELLS) * 2 + TILE_MARGIN);
            }
        }
        this._cache.account(tile, OWN_BYTES + (tile.lease?.buffer.byteLength ?? 0));
        return tile;
    }
}

function createTile(): CaveTile {
    const place = { x: Number.NaN, z: Number.NaN, bytes: 0, isUsed: false, next: null };
    const fineRows = new Int32Array(COARSE_CELLS * COARSE_CELLS);
    return { ...place, distance: null, lease: null, rows: 0, firstRow: 0, fineRows };
}

function repeat(sample: number): number {
    return sample - REPEAT * Math.round(sample / REPEAT);
}

function mix(a: number, b: number, t: number): number {
    return a + t * (b - a);
}
