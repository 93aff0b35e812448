import { makeNoise2D } from "open-simplex-noise";

import type { BufferLease } from "../memory/bufferPool.js";
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

export { MACRO_CHANNELS, MacroChannel } from "./macroShape.js";

/**
 * Metres between nodes of the macro lattice, for every level and every query. Macro wavelengths are kilometres; a cubic
 * B-spline, which has no creases even in its second derivative, interpolates between nodes.
 */
export const MACRO_STEP = 128;

const TILE_BITS = 4;
const TILE_NODES = 1 << TILE_BITS;
/** Tiles that are kept, of about 7 KB each. A level-7 chunk of 8 km touches about 36. */
const TILE_LIMIT = 1024;
/** Tiles along each axis that have keys of their own; beyond them two tiles share one. */
const TILE_KEYS = 2 ** 26;

type Noise2 = (x: number, z: number) => number;

/** A square of nodes, on loan; each node is shaped when it is first asked for. */
interface MacroTile {
    /** Place, in tiles from the origin. */
    readonly x: number;
    readonly z: number;
    readonly valueLease: BufferLease;
    readonly shapedLease: BufferLease;
    /** `MACRO_CHANNELS` a node, z outer. */
    readonly values: Float32Array;
    /** 1 for each node that has been shaped. */
    readonly isShaped: Uint8Array;
}

/**
 * Samples macro noise at nodes, shapes it there by splines, and keeps the latest tiles. A chunk of a fine level lies on
 * a few nodes of a tile, and only those are shaped for it.
 */
export class MacroField {
    private readonly _recipe: Recipe;
    private readonly _tiles = new Map<number, MacroTile>();
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

    /** @param _buffers leases tiles. Default: one of its own */
    public constructor(
        recipe: Recipe,
        private readonly _buffers = new BufferPoolManager({ memoryLimitBytes: Infinity }),
    ) {
        this._recipe = recipe;
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
        const tile = this._tileAt(Math.floor(nodeX / TILE_NODES), Math.floor(nodeZ / TILE_NODES));
        this._shapeInTile(tile, nodeX, nodeZ, MacroField.OffsetOf(nodeX, nodeZ));
        return tile.values;
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
        for (let tileZ = Math.floor(firstZ / TILE_NODES); tileZ * TILE_NODES < firstZ + countZ; tileZ++) {
            for (let tileX = Math.floor(firstX / TILE_NODES); tileX * TILE_NODES < firstX + countX; tileX++) {
                const tile = this._tileAt(tileX, tileZ);
                const left = Math.max(firstX, tileX * TILE_NODES);
                const right = Math.min(firstX + countX, (tileX + 1) * TILE_NODES);
                const end = Math.min(firstZ + countZ, (tileZ + 1) * TILE_NODES);
                for (let z = Math.max(firstZ, tileZ * TILE_NODES); z < end; z++) {
                    let from = ((z - tileZ * TILE_NODES) * TILE_NODES + left - tileX * TILE_NODES) * MACRO_CHANNELS;
                    let at = to + (z - firstZ) * MACRO_CHANNELS * stride + left - firstX;
                    for (let x = left; x < right; x++, at++, from += MACRO_CHANNELS) {
                        this._shapeInTile(tile, x, z, from);
                        for (let channel = 0; channel < MACRO_CHANNELS; channel++) {
                            target[at + channel * stride] = tile.values[from + channel]!;
                        }
                    }
                }
            }
        }
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

    private _tileAt(tileX: number, tileZ: number): MacroTile {
        const key = (tileX & (TILE_KEYS - 1)) * TILE_KEYS + (tileZ & (TILE_KEYS - 1));
        const kept = this._tiles.get(key);
        if (kept !== undefined) {
            if (kept.x === tileX && kept.z === tileZ) {
                return kept;
            }
            this._release(key, kept);
        } else if (this._tiles.size >= TILE_LIMIT) {
            // A Map iterates in the order of insertion: this is the oldest tile.
            this._release(...this._tiles.entries().next().value!);
        }
        const tile = this._leaseTile(tileX, tileZ);
        this._tiles.set(key, tile);
        return tile;
    }

    /** Releases what is leased. */
    public dispose(): void {
        for (const [key, tile] of this._tiles) {
            this._release(key, tile);
        }
    }

    private _release(key: number, { valueLease, shapedLease }: MacroTile): void {
        this._tiles.delete(key);
        valueLease.release();
        shapedLease.release();
    }

    private _leaseTile(x: number, z: number): MacroTile {
        const nodes = TILE_NODES * TILE_NODES;
        const valueLease = this._buffers
            .poolOf("noiseField3d")
            .lease(nodes * MACRO_CHANNELS * Float32Array.BYTES_PER_ELEMENT);
        const shapedLease = this._buffers.poolOf("workspace").lease(nodes);
        const values = new Float32Array(valueLease.buffer, 0, nodes * MACRO_CHANNELS);
        const isShaped = new Uint8Array(shapedLease.buffer, 0, nodes).fill(0);
        return { x, z, values, isShaped, valueLease, shapedLease };
    }

    /**
     * Shapes a node that has not been shaped.
     *
     * @param offset of the node in the tile's values
     */
    private _shapeInTile({ values, isShaped }: MacroTile, nodeX: number, nodeZ: number, offset: number): void {
        const node = offset / MACRO_CHANNELS;
        if (isShaped[node] === 0) {
            isShaped[node] = 1;
            this._shapeNode(nodeX * MACRO_STEP, nodeZ * MACRO_STEP, values, offset);
        }
    }

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
