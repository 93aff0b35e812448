import type { Vec3Like } from "../base/vec3Like.js";
import type { Recipe } from "../recipe/recipe.js";
import { CaveCell, type CaveTile, type CaveTiles } from "./caveTiles.js";
import { firstRise } from "./firstRise.js";
import { GridWalk, type PlaneRay } from "./gridWalk.js";
import { highestGround, type MacroBounds } from "./groundBounds.js";
import { indexIn, TILE_CELLS, type HeightTile, type HeightTiles } from "./heightTiles.js";
import { latticeOf, quantumAt } from "../recipe/lattice.js";
import { MACRO_STEP } from "./macroField.js";

/** Metres that a ray is followed from where it first comes down to the highest ground. */
const FARTHEST = 1_000_000;
/** Number of blocks: more than a ray crosses. */
const UNBOUNDED = 2 ** 40;
/** Samples by which a hit on a cave wall falls short of it, so that it lies in the open whatever is rounded. */
const SHORT = 2 ** -30;

/**
 * Follows a ray to the first rock. Over the ground it walks the cells of the finest level and meets their two
 * triangles, and skips squares that lie below it as a whole. Below the ground, in caves, it walks the cells' rows as
 * well, and meets the wall where cave distance, a cubic along the ray in each cell, rises above 0. It steps over
 * nothing.
 */
export class GroundRay {
    /** Metres along the ray to what `cast` met, and whether that is a cave wall. */
    public distance = 0;
    public isCave = false;
    /**
     * The tile and the cell of the cave that was met, and the place in the cell; the tile is null if no cave distance
     * is known there.
     */
    public tile: CaveTile | null = null;
    public readonly cell = new CaveCell();
    public cellX = 0;
    public cellRow = 0;
    public cellZ = 0;

    private readonly _spacing: number;
    private readonly _quantum: number;
    private readonly _highest: number;
    /**
     * Metres below the lowest ground of a tile's grid beneath which there are no caves; -Infinity if there are none at
     * all.
     */
    private readonly _reach: number;
    /** Cells along the side of a square of the macro lattice, or of a tile if that is larger. */
    private readonly _blockCells: number;
    private readonly _hasBlocks: boolean;
    private readonly _blocks = new GridWalk();
    private readonly _tiles = new GridWalk();
    private readonly _cells = new GridWalk();

    /** The ray in samples from the block at `_baseX`, `_baseZ`; its height in metres stands apart. */
    private readonly _plane: PlaneRay = { x: 0, z: 0, dx: 0, dz: 0 };
    private _baseX = 0;
    private _baseZ = 0;
    private _y = 0;
    private _dy = 0;
    /** Metres from the ray's start to its end. */
    private _end = 0;
    /** Whether the interval before ended below the ground. */
    private _isBelow = false;

    /** @param _limit metres from the origin, along x and z, at which the world ends */
    public constructor(
        recipe: Recipe,
        private readonly _limit: number,
        private readonly _heights: HeightTiles,
        private readonly _caves: CaveTiles,
        private readonly _bounds: MacroBounds,
    ) {
        this._spacing = latticeOf(recipe).spacing;
        this._quantum = quantumAt(recipe, 0);
        this._highest = highestGround(recipe);
        this._reach = recipe.caves.enabled ? recipe.caves.maxDepth + 2 * this._spacing : Number.NEGATIVE_INFINITY;
        const macroCells = MACRO_STEP / this._spacing;
        this._hasBlocks = macroCells >= TILE_CELLS;
        this._blockCells = Math.max(macroCells, TILE_CELLS);
    }

    /**
     * Follows a ray. Returns whether it meets rock; `distance` and `isCave` then say where.
     *
     * @param direction of length 1
     * @param maxDistance metres, Infinity included
     */
    public cast(origin: Vec3Like, direction: Vec3Like, maxDistance: number): boolean {
        this.tile = null;
        const start = this._begin(origin, direction, maxDistance);
        if (Number.isNaN(start) || !this._walkBlocks()) {
            return false;
        }
        this.distance += start;
        return true;
    }

    /** Moves the ray's start to where it may first meet rock. Returns the metres to there; NaN if it meets none. */
    private _begin(origin: Vec3Like, direction: Vec3Like, maxDistance: number): number {
        const { _limit: limit, _spacing: spacing, _plane: plane } = this;
        let start = 0;
        let end = maxDistance;
        if (origin.y > this._highest) {
            start = direction.y < 0 ? (this._highest - origin.y) / direction.y : Number.POSITIVE_INFINITY;
        } else if (direction.y > 0) {
            end = Math.min(end, (this._highest - origin.y) / direction.y);
        }
        for (const axis of ["x", "z"] as const) {
            const at = origin[axis];
            const along = direction[axis];
            if (along !== 0) {
                const side = Math.sign(along) * limit;
                start = Math.max(start, (-side - at) / along);
                end = Math.min(end, (side - at) / along);
            } else if (Math.abs(at) > limit) {
                return Number.NaN;
            }
        }
        if (!(start <= end) || start === Number.POSITIVE_INFINITY) {
            return Number.NaN;
        }
        this._end = Math.min(end - start, FARTHEST);
        const x = clamp(origin.x + direction.x * start, limit) / spacing;
        const z = clamp(origin.z + direction.z * start, limit) / spacing;
        this._baseX = Math.floor(x / this._blockCells) * this._blockCells;
        this._baseZ = Math.floor(z / this._blockCells) * this._blockCells;
        plane.x = x - this._baseX;
        plane.z = z - this._baseZ;
        plane.dx = direction.x / spacing;
        plane.dz = direction.z / spacing;
        this._y = origin.y + direction.y * start;
        this._dy = direction.y;
        // Until the first stretch tells: a ray that begins below the ground is in a cave, or in rock.
        this._isBelow = true;
        return start;
    }

    /** Returns the lowest height on the interval of a walk, metres. */
    private _lowestOn({ from, to }: GridWalk): number {
        return this._y + this._dy * (this._dy < 0 ? to : from);
    }

    private _walkBlocks(): boolean {
        const { _blocks: blocks, _blockCells: size, _plane: plane } = this;
        const macroX = this._baseX / size;
        const macroZ = this._baseZ / size;
        blocks.begin(plane, size, -UNBOUNDED, -UNBOUNDED, 2 * UNBOUNDED, 0, this._end);
        do {
            const isAbove =
                this._hasBlocks &&
                this._lowestOn(blocks) > this._bounds.highestOf(macroX + blocks.x, macroZ + blocks.z);
            if (isAbove) {
                this._isBelow = false;
            } else if (this._walkTiles()) {
                return true;
            }
        } while (blocks.advance());
        return false;
    }

    private _walkTiles(): boolean {
        const { _blocks: blocks, _tiles: tiles, _heights: heights, _quantum: quantum } = this;
        const count = this._blockCells / TILE_CELLS;
        const tileX = this._baseX / TILE_CELLS;
        const tileZ = this._baseZ / TILE_CELLS;
        tiles.begin(this._plane, TILE_CELLS, blocks.x * count, blocks.z * count, count, blocks.from, blocks.to);
        do {
            const lowest = this._lowestOn(tiles);
            const x = tileX + tiles.x;
            const z = tileZ + tiles.z;
            let isAbove = lowest > heights.knownHighest(x, z) * quantum;
            if (!isAbove) {
                const tile = heights.tileAt(x, z);
                isAbove = lowest > tile.highest * quantum;
                if (!isAbove && this._walkCells(tile)) {
                    return true;
                }
            }
            if (isAbove) {
                this._isBelow = false;
            }
        } while (tiles.advance());
        return false;
    }

    private _walkCells(tile: HeightTile): boolean {
        const { _tiles: tiles, _cells: cells, _quantum: quantum } = this;
        const { quanta, rowLength } = tile;
        const firstX = tiles.x * TILE_CELLS;
        const firstZ = tiles.z * TILE_CELLS;
        cells.begin(this._plane, 1, firstX, firstZ, TILE_CELLS, tiles.from, tiles.to);
        do {
            const at = indexIn(tile, cells.x - firstX, cells.z - firstZ);
            const low = quanta[at]!;
            const acrossX = quanta[at + 1]!;
            const acrossZ = quanta[at + rowLength]!;
            const far = quanta[at + rowLength + 1]!;
            if (this._lowestOn(cells) > quantum * Math.max(low, acrossX, acrossZ, far)) {
                this._isBelow = false;
            } else if (this._meetCell(tile, quantum * low, quantum * acrossX, quantum * acrossZ, quantum * far)) {
                return true;
            }
        } while (cells.advance());
        return false;
    }

    /**
     * Meets the two triangles of the current cell. Quads are split from (0, 0) to (1, 1), as in
     * `createHeightGridIndices`.
     */
    private _meetCell(tile: HeightTile, low: number, acrossX: number, acrossZ: number, far: number): boolean {
        const { _cells: cells, _plane: plane } = this;
        const { from, to } = cells;
        const x0 = within(plane.x - cells.x + plane.dx * from);
        const z0 = within(plane.z - cells.z + plane.dz * from);
        const x1 = within(plane.x - cells.x + plane.dx * to);
        const z1 = within(plane.z - cells.z + plane.dz * to);
        const y0 = this._y + this._dy * from;
        const y1 = this._y + this._dy * to;
        const side0 = x0 - z0;
        const side1 = x1 - z1;
        const above0 = y0 - heightAt(x0, z0, low, acrossX, acrossZ, far);
        const above1 = y1 - heightAt(x1, z1, low, acrossX, acrossZ, far);
        if (!(side0 < 0 && side1 > 0) && !(side0 > 0 && side1 < 0)) {
            return this._meetTriangle(tile, from, to, above0, above1);
        }
        const share = side0 / (side0 - side1);
        const middle = from + share * (to - from);
        const diagonal = x0 + share * (x1 - x0);
        const above = y0 + share * (y1 - y0) - (low + diagonal * (far - low));
        return (
            this._meetTriangle(tile, from, middle, above0, above) || this._meetTriangle(tile, middle, to, above, above1)
        );
    }

    /**
     * Meets one triangle.
     *
     * @param above0 metres from the triangle up to the interval's start
     * @param above1 metres from the triangle up to the interval's end
     */
    private _meetTriangle(tile: HeightTile, from: number, to: number, above0: number, above1: number): boolean {
        if (above0 >= 0 && above1 >= 0) {
            this._isBelow = false;
            return false;
        }
        const crossing = from + (to - from) * (above0 / (above0 - above1));
        if (above0 >= 0) {
            this._isBelow = false;
        }
        const enters = above0 >= 0 ? crossing : from;
        const leaves = above1 >= 0 ? crossing : to;
        const rock = this._firstRock(tile, enters, leaves);
        if (rock === rock) {
            this.isCave = this._isBelow || rock > enters;
            this.distance = this.isCave ? Math.max(0, rock - SHORT * this._spacing) : rock;
            return true;
        }
        this._isBelow = above1 < 0;
        return false;
    }

    /**
     * Returns the metres to the first rock of an interval below the ground, in the current cell; NaN if there is none.
     */
    private _firstRock(ground: HeightTile, from: number, to: number): number {
        const height = this._y + this._dy * from;
        if (height < ground.lowest * this._quantum - this._reach) {
            return from;
        }
        const tile = this._caves.tileAt(ground.x, ground.z);
        if (tile.distance === null) {
            return from;
        }
        const { _spacing: spacing, _cells: cells, _tiles: tiles, _plane: plane } = this;
        // All in samples: x and z from the tile's first cell, y from the volume's first row.
        const firstX = tiles.x * TILE_CELLS;
        const firstZ = tiles.z * TILE_CELLS;
        const x = cells.x - firstX;
        const z = cells.z - firstZ;
        const y = this._y / spacing - tile.firstRow;
        const dy = this._dy / spacing;
        let row = Math.floor(y + dy * from);
        let start = from;
        for (;;) {
            if (row < 0) {
                this.tile = null;
                return start;
            }
            const border = dy === 0 ? Number.POSITIVE_INFINITY : ((dy > 0 ? row + 1 : row) - y) / dy;
            const end = Math.min(to, Math.max(start, border));
            this._caves.read(tile, x, row, z, this.cell);
            const rise = this.cell.isOpen()
                ? Number.NaN
                : this._riseOn(plane.x - firstX, y, plane.z - firstZ, start, end);
            if (rise === rise) {
                this.tile = tile;
                return rise;
            }
            if (end >= to) {
                return Number.NaN;
            }
            start = end;
            row += Math.sign(dy);
        }
    }

    /**
     * Returns the metres at which an interval within a cell of the cave rises out of the cave; NaN if it does not. The
     * place is in samples.
     */
    private _riseOn(x: number, y: number, z: number, from: number, to: number): number {
        const { _plane: plane, _spacing: spacing, cell } = this;
        const { dx, dz } = plane;
        const dy = this._dy / spacing;
        const third = (to - from) / 3;
        const [a, b] = [from + third, to - third];
        const share = firstRise(
            cell.distanceAt(x + dx * from, y + dy * from, z + dz * from),
            cell.distanceAt(x + dx * a, y + dy * a, z + dz * a),
            cell.distanceAt(x + dx * b, y + dy * b, z + dz * b),
            cell.distanceAt(x + dx * to, y + dy * to, z + dz * to),
        );
        const rise = from + share * (to - from);
        this.cellX = x + dx * rise;
        this.cellRow = y + dy * rise;
        this.cellZ = z + dz * rise;
        return rise;
    }
}

function heightAt(x: number, z: number, low: number, acrossX: number, acrossZ: number, far: number): number {
    return x >= z ? low + x * (acrossX - low) + z * (far - acrossX) : low + z * (acrossZ - low) + x * (far - acrossZ);
}

/** Clamps a share of a cell's side: only rounding takes it outside. */
function within(share: number): number {
    return Math.min(1, Math.max(0, share));
}

function clamp(value: number, limit: number): number {
    return Math.min(limit, Math.max(-limit, value));
}
