import { ChunkFields } from "../../src/generators/chunkFields.js";
import type { Kernels } from "../../src/kernels/kernels.js";
import { quantumAt, spacingAt } from "../../src/recipe/lattice.js";
import type { Recipe } from "../../src/recipe/recipe.js";

/** Cells along a tile's side. */
const CELLS = 32;
const STRIDE = CELLS + 1;
/** Tiles that are kept: about 17 MB. */
const MOST_TILES = 4096;

/**
 * Heights of any level, on its own triangles. A coarse level lacks octaves of detail and of gullies, and cuts crests between its
 * samples: in carved mountains by more than one of them.
 */
export class LevelHeights {
    private readonly _fields: ChunkFields;
    private readonly _tiles = new Map<string, Float32Array>();

    public constructor(
        private readonly _recipe: Recipe,
        private readonly _kernels: Kernels,
    ) {
        this._fields = new ChunkFields(_recipe, _kernels);
    }

    /** Releases what is leased. */
    public dispose(): void {
        this._tiles.clear();
        this._fields.macro.dispose();
    }

    /** Returns the height in metres of a level's ground, caves aside. */
    public heightAt(level: number, x: number, z: number): number {
        const spacing = spacingAt(this._recipe, level);
        const cellX = Math.floor(x / spacing);
        const cellZ = Math.floor(z / spacing);
        const tileX = Math.floor(cellX / CELLS);
        const tileZ = Math.floor(cellZ / CELLS);
        const heights = this._tileAt(level, tileX, tileZ);
        const at = (cellZ - tileZ * CELLS) * STRIDE + cellX - tileX * CELLS;
        const tx = x / spacing - cellX;
        const tz = z / spacing - cellZ;
        // Quads are split from (0, 0) to (1, 1), as in `createHeightGridIndices`.
        const side = heights[tx >= tz ? at + 1 : at + STRIDE]!;
        return (
            (1 - Math.max(tx, tz)) * heights[at]! +
            Math.abs(tx - tz) * side +
            Math.min(tx, tz) * heights[at + STRIDE + 1]!
        );
    }

    private _tileAt(level: number, tileX: number, tileZ: number): Float32Array {
        const key = `${level}/${tileX}/${tileZ}`;
        let heights = this._tiles.get(key);
        if (heights === undefined) {
            if (this._tiles.size === MOST_TILES) {
                this._tiles.clear();
            }
            heights = this._fill(level, tileX * CELLS, tileZ * CELLS);
            this._tiles.set(key, heights);
        }
        return heights;
    }

    /** Returns the heights in metres of a tile, given its first sample in samples of the level. */
    private _fill(level: number, x: number, z: number): Float32Array {
        this._fields.fillMacro(level, x, z, STRIDE, STRIDE);
        this._fields.fillHeights(level, x, z, 0);
        const { exports } = this._kernels;
        const rowLength = exports.planeLineBytes() / Float32Array.BYTES_PER_ELEMENT;
        const quanta = new Float32Array(exports.memory.buffer, exports.quantaPlane(), STRIDE * rowLength);
        const quantum = quantumAt(this._recipe, level);
        const heights = new Float32Array(STRIDE * STRIDE);
        for (let i = 0; i < heights.length; i++) {
            heights[i] = quantum * quanta[Math.floor(i / STRIDE) * rowLength + (i % STRIDE)]!;
        }
        return heights;
    }
}
