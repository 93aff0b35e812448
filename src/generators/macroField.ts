import { makeNoise2D } from "open-simplex-noise";

import { BufferPoolManager } from "../memory/bufferPoolManager.js";
import type { Recipe } from "../recipe/recipe.js";
import { seedFrom, subSeed } from "../seed/seed.js";
import {
    CAVE_COUNTRY_WAVELENGTH,
    createMacroShape,
    FRACTAL_SCALE,
    MACRO_CHANNELS,
    MACRO_NOISES,
    MacroNoise,
    MOUTH_WAVELENGTH,
    RIB_FREQUENCY,
    shapeMacro,
    SPUR_FREQUENCY,
    type MacroShape,
} from "./macroShape.js";
import { MacroTiles, TILE_NODES, type MacroTile } from "./macroTiles.js";

export { MACRO_CHANNELS, MacroChannel } from "./macroShape.js";

/**
 * Metres between nodes of the macro lattice, for every level and every query. Macro wavelengths are kilometres; a cubic
 * B-spline, which has no creases even in its second derivative, interpolates between nodes.
 */
export const MACRO_STEP = 128;

type Noise2 = (x: number, z: number) => number;

/**
 * Samples macro noise at nodes, shapes it there by splines, and keeps the latest tiles. A chunk of a fine level lies on
 * a few nodes of a tile, and only those are shaped for it.
 */
export class MacroField {
    private readonly _recipe: Recipe;
    private readonly _tiles: MacroTiles;
    private readonly _node = new Float32Array(MACRO_CHANNELS);
    private readonly _continent: Noise2[];
    private readonly _erosion: Noise2[];
    private readonly _ranges: Noise2[];
    private readonly _valleys: Noise2[];
    private readonly _moisture: Noise2[];
    private readonly _caves: Noise2[];
    private readonly _mouths: Noise2[];
    private readonly _warp: Noise2[];
    private readonly _shape: MacroShape;
    private readonly _noises = new Float64Array(MACRO_NOISES);

    /** @param buffers leases tiles. Default: one of its own */
    public constructor(recipe: Recipe, buffers = new BufferPoolManager({ memoryLimitBytes: Infinity })) {
        this._recipe = recipe;
        this._tiles = new MacroTiles(buffers);
        const seed = seedFrom(recipe.seed);
        const octaves = (domain: string, context: string, count: number): Noise2[] =>
            Array.from({ length: count }, (_, octave) => makeNoise2D(subSeed(seed, domain, context, octave)));
        this._continent = octaves("terrain", "continent", 4);
        this._erosion = octaves("terrain", "erosion", 2);
        this._ranges = octaves("terrain", "ranges", 3);
        this._valleys = octaves("terrain", "valleys", 2);
        this._warp = octaves("terrain", "warp", 2);
        this._moisture = octaves("materials", "moisture", 3);
        this._caves = octaves("caves", "country", 2);
        this._mouths = octaves("caves", "mouths", 1);
        this._shape = createMacroShape(recipe);
    }

    /** Returns the tile of node (nodeX, nodeZ), whose channels begin at `OffsetOf`. */
    public tileOf(nodeX: number, nodeZ: number): Float32Array {
        this._tiles.visitUnshaped(0, nodeX, nodeZ, 1, 1, this._shapeInTile);
        return this._tiles.tileAt(0, Math.floor(nodeX / TILE_NODES), Math.floor(nodeZ / TILE_NODES)).values;
    }

    /** Returns the index of a node's first channel in its tile. */
    public static OffsetOf(nodeX: number, nodeZ: number): number {
        const x = nodeX - Math.floor(nodeX / TILE_NODES) * TILE_NODES;
        const z = nodeZ - Math.floor(nodeZ / TILE_NODES) * TILE_NODES;
        return (z * TILE_NODES + x) * MACRO_CHANNELS;
    }

    /**
     * Writes a block of nodes as the kernels take them: for each row of nodes, `MACRO_CHANNELS` rows of `stride`
     * floats.
     *
     * @param firstX the first node
     * @param firstZ the first node
     * @param to index of the block's first float in `target`
     */
    public writeNodes(
        firstX: number,
        firstZ: number,
        countX: number,
        countZ: number,
        stride: number,
        target: Float32Array,
        to: number,
    ): void {
        this._tiles.visitUnshaped(0, firstX, firstZ, countX, countZ, this._shapeInTile);
        this._tiles.copyNodes(0, firstX, firstZ, countX, countZ, stride, target, to);
    }

    /**
     * Writes a block of nodes for samples that are `step` nodes apart, four or more: for each sample the node that it
     * lies on, those beside it, and a node of zeros, to which the spline gives no weight. So a block has four nodes per
     * sample along both axes.
     *
     * @param x the node of the first sample
     * @param z the node of the first sample
     */
    public writeNodesOfSamples(
        x: number,
        z: number,
        step: number,
        countX: number,
        countZ: number,
        stride: number,
        target: Float32Array,
        to: number,
    ): void {
        target.fill(0, to, to + 4 * countZ * MACRO_CHANNELS * stride);
        for (let row = 0; row < 4 * countZ; row++) {
            if ((row & 3) === 3) {
                continue;
            }
            const nodeZ = z + (row >> 2) * step + (row & 3) - 1;
            for (let column = 0; column < 4 * countX; column++) {
                if ((column & 3) === 3) {
                    continue;
                }
                const nodeX = x + (column >> 2) * step + (column & 3) - 1;
                this._shapeNode(nodeX * MACRO_STEP, nodeZ * MACRO_STEP, this._node, 0);
                for (let channel = 0; channel < MACRO_CHANNELS; channel++) {
                    target[to + (row * MACRO_CHANNELS + channel) * stride + column] = this._node[channel]!;
                }
            }
        }
    }

    /** Releases what is leased. */
    public dispose(): void {
        this._tiles.dispose();
    }

    private readonly _shapeInTile = (tile: MacroTile, index: number, nodeX: number, nodeZ: number): void => {
        tile.isShaped[index] = 1;
        this._shapeNode(nodeX * MACRO_STEP, nodeZ * MACRO_STEP, tile.values, index * MACRO_CHANNELS);
    };

    private _shapeNode(x: number, z: number, tile: Float32Array, at: number): void {
        const { _noises: noises } = this;
        const { macro } = this._recipe.terrain;
        const u = x / macro.warpWavelength;
        const v = z / macro.warpWavelength;
        const wx = x + macro.warpStrength * this._warp[0]!(u, v);
        const wz = z + macro.warpStrength * this._warp[1]!(u, v);

        noises[MacroNoise.continent] = fractal(this._continent, wx, wz, macro.continentWavelength);
        noises[MacroNoise.erosion] = fractal(this._erosion, wx, wz, macro.erosionWavelength);
        noises[MacroNoise.valley] = fractal(this._valleys, wx, wz, macro.valleyWavelength);
        noises[MacroNoise.range] = this._ranges[0]!(wx / macro.rangeWavelength, wz / macro.rangeWavelength);
        noises[MacroNoise.spur] = this._ranges[1]!(
            (SPUR_FREQUENCY * wx) / macro.rangeWavelength,
            (SPUR_FREQUENCY * wz) / macro.rangeWavelength,
        );
        noises[MacroNoise.rib] = this._ranges[2]!(
            (RIB_FREQUENCY * wx) / macro.rangeWavelength,
            (RIB_FREQUENCY * wz) / macro.rangeWavelength,
        );
        noises[MacroNoise.moisture] = fractal(this._moisture, x, z, macro.moistureWavelength);
        noises[MacroNoise.caves] = fractal(this._caves, x, z, CAVE_COUNTRY_WAVELENGTH);
        noises[MacroNoise.mouths] = this._mouths[0]!(x / MOUTH_WAVELENGTH, z / MOUTH_WAVELENGTH);
        shapeMacro(this._shape, noises, 0, tile, at);
    }
}

/** Returns the sum of octaves of halving wavelength and amplitude, about -1 to 1. */
function fractal(octaves: readonly Noise2[], x: number, z: number, wavelength: number): number {
    let sum = 0;
    let amplitude = 1;
    let total = 0;
    let frequency = 1 / wavelength;
    for (const noise of octaves) {
        sum += amplitude * noise(x * frequency, z * frequency);
        total += amplitude;
        amplitude *= 0.5;
        frequency *= 2;
    }
    return (sum / total) * FRACTAL_SCALE;
}
