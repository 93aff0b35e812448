import { TerraneError } from "../base/errors.js";
import type { Vec3Like } from "../base/vec3Like.js";
import type { Recipe } from "../recipe/recipe.js";
import { MAX_CHUNK_COORDINATE } from "../space/chunkAddress.js";
import { CaveField } from "./caveField.js";
import { createCaveVolume, fillCaveVolume, touchesCaveCountry, type CaveVolume } from "./caveVolume.js";
import { createHeightGrid, HeightField, type HeightGrid } from "./heightField.js";

/** Cells along a tile's side. A tile is filled whole, in about 0.1 ms, where queries keep coming. */
const TILE_CELLS = 16;
/** Tiles kept along each axis: neighbours within this many never push each other out. */
const TILES_ALONG = 8;
/** One more sample all around, as the chunks have it. */
const STRIDE = TILE_CELLS + 3;

interface Tile {
    x: number;
    z: number;
    readonly grid: HeightGrid;
    /** Filled on the first question about caves. */
    volume: CaveVolume | null;
    hasVolume: boolean;
    hasCaves: boolean;
}

/**
 * Answers what the finest level is like anywhere, whatever is loaded: from the same fields, samples and triangles that
 * chunks are baked from.
 */
export class FieldSampler {
    private readonly _heights: HeightField;
    private readonly _caves: CaveField;
    private readonly _spacing: number;
    private readonly _limit: number;
    private readonly _tiles: (Tile | undefined)[] = new Array<undefined>(TILES_ALONG * TILES_ALONG).fill(undefined);
    /** For lone queries: one cell. */
    private readonly _cell = createHeightGrid();
    private _missedX = Number.NaN;
    private _missedZ = Number.NaN;

    public constructor(public readonly recipe: Recipe) {
        this._heights = new HeightField(recipe);
        this._caves = new CaveField(recipe);
        this._spacing = this._heights.lattice.spacing;
        this._limit = MAX_CHUNK_COORDINATE * recipe.chunkSize;
    }

    /** Metres: height of the terrain, caves aside, on the triangles of the finest level. */
    public sampleHeight(x: number, z: number): number {
        this._assertInside("x", x);
        this._assertInside("z", z);
        const cellX = Math.floor(x / this._spacing);
        const cellZ = Math.floor(z / this._spacing);
        const tx = x / this._spacing - cellX;
        const tz = z / this._spacing - cellZ;
        const { grid, at, stride } = this._cellAt(cellX, cellZ);
        const h00 = grid.height[at]!;
        const h11 = grid.height[at + stride + 1]!;
        // Quads are split from (0, 0) to (1, 1), as in `createHeightGridIndices`.
        if (tx >= tz) {
            const h10 = grid.height[at + 1]!;
            return h00 + tx * (h10 - h00) + tz * (h11 - h10);
        }
        const h01 = grid.height[at + stride]!;
        return h00 + tz * (h01 - h00) + tx * (h11 - h01);
    }

    /** Unit normal of the terrain, caves aside, into `ref`: as shading has it, over two samples. Returns `ref`. */
    public sampleNormalToRef<T extends Vec3Like>(x: number, z: number, ref: T): T {
        const { _spacing: spacing } = this;
        const slopeX = (this.sampleHeight(x + spacing, z) - this.sampleHeight(x - spacing, z)) / (2 * spacing);
        const slopeZ = (this.sampleHeight(x, z + spacing) - this.sampleHeight(x, z - spacing)) / (2 * spacing);
        const inverse = 1 / Math.sqrt(slopeX * slopeX + slopeZ * slopeZ + 1);
        ref.x = -slopeX * inverse;
        ref.y = inverse;
        ref.z = -slopeZ * inverse;
        return ref;
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
        return tile.hasCaves ? Math.max(y - height, -this._sampleVolume(tile, x, y, z)) : y - height;
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
        const isCave = this.sampleHeight(x, z) - y > this._spacing;
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

    /** A grid that holds the cell, and where its first sample is in it. Valid until the next call. */
    private _cellAt(cellX: number, cellZ: number): GridPlace {
        const tileX = Math.floor(cellX / TILE_CELLS);
        const tileZ = Math.floor(cellZ / TILE_CELLS);
        const slot = this._tiles[slotOf(tileX, tileZ)];
        const isKept = slot !== undefined && slot.x === tileX && slot.z === tileZ;
        if (!isKept && !(this._missedX === tileX && this._missedZ === tileZ)) {
            // Who asks once in a place may never come back: four samples instead of a tile.
            this._missedX = tileX;
            this._missedZ = tileZ;
            this._heights.fillGrid(0, cellX, cellZ, 2, 2, this._cell);
            place.grid = this._cell;
            place.at = 0;
            place.stride = 2;
            return place;
        }
        place.grid = this._tileAt(tileX, tileZ).grid;
        place.at = (cellZ - tileZ * TILE_CELLS + 1) * STRIDE + (cellX - tileX * TILE_CELLS + 1);
        place.stride = STRIDE;
        return place;
    }

    private _tileAt(tileX: number, tileZ: number): Tile {
        const slot = slotOf(tileX, tileZ);
        const tile = (this._tiles[slot] ??= {
            x: Number.NaN,
            z: Number.NaN,
            grid: createHeightGrid(),
            volume: null,
            hasVolume: false,
            hasCaves: false,
        });
        if (tile.x !== tileX || tile.z !== tileZ) {
            tile.x = tileX;
            tile.z = tileZ;
            tile.hasVolume = false;
            this._heights.fillGrid(0, tileX * TILE_CELLS - 1, tileZ * TILE_CELLS - 1, STRIDE, STRIDE, tile.grid);
        }
        return tile;
    }

    private _fillVolume(tile: Tile): void {
        if (tile.hasVolume) {
            return;
        }
        tile.hasVolume = true;
        tile.hasCaves = touchesCaveCountry(tile.grid) && this._caves.hasCavesAt(0);
        if (tile.hasCaves) {
            tile.volume ??= createCaveVolume();
            const x = tile.x * TILE_CELLS - 1;
            const z = tile.z * TILE_CELLS - 1;
            const { maxDepth } = this.recipe.caves;
            fillCaveVolume(this._caves, 0, x, z, this._spacing, maxDepth, false, tile.grid, tile.volume);
        }
    }

    /** Cave distance at a point, trilinear between samples. */
    private _sampleVolume(tile: Tile, x: number, y: number, z: number): number {
        const { _spacing: spacing } = this;
        const { distance, rows, firstRow } = tile.volume!;
        const fx = x / spacing - tile.x * TILE_CELLS + 1;
        const fy = y / spacing - firstRow;
        const fz = z / spacing - tile.z * TILE_CELLS + 1;
        const ix = Math.floor(fx);
        const iy = Math.min(Math.max(0, Math.floor(fy)), rows - 2);
        const iz = Math.floor(fz);
        const tx = fx - ix;
        const ty = fy - iy;
        const tz = fz - iz;
        const at = (iz * STRIDE + ix) * rows + iy;
        const far = at + STRIDE * rows;
        const d00 = mixRows(distance, at, ty);
        const d10 = mixRows(distance, at + rows, ty);
        const d01 = mixRows(distance, far, ty);
        const d11 = mixRows(distance, far + rows, ty);
        const near = d00 + tx * (d10 - d00);
        return near + tz * (d01 + tx * (d11 - d01) - near);
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

interface GridPlace {
    grid: HeightGrid;
    at: number;
    stride: number;
}

const place: GridPlace = { grid: createHeightGrid(), at: 0, stride: 2 };

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

function mixRows(distance: Float32Array, at: number, t: number): number {
    const low = distance[at]!;
    return low + t * (distance[at + 1]! - low);
}

function slotOf(tileX: number, tileZ: number): number {
    return (tileX & (TILES_ALONG - 1)) + (tileZ & (TILES_ALONG - 1)) * TILES_ALONG;
}
