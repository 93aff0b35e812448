import { ASKED_ABOVE_GROUND, LEAST_COARSE_REACH, SLICES_KEPT } from "../kernels/kernelConstants.js";
import type { Kernels, KernelExports } from "../kernels/kernels.js";
import { BufferPoolManager } from "../memory/bufferPoolManager.js";
import {
    BED_TILT_X,
    BED_TILT_Z,
    CARVED_RELIEF_RANGE,
    FLOOR_DEPTH,
    GULLY_TURN,
    gullyOctavesOf,
    LEAST_CARVED_RELIEF,
    LEDGE_DEPTH,
    REPLACED_DETAIL,
} from "../recipe/carving.js";
import { isRoomForCaves } from "../recipe/caveVolume.js";
import { CAVE_ROUGHNESS } from "../recipe/latticeError.js";
import { lipWidthAt } from "../recipe/lips.js";
import { LEDGE_TILT_X, LEDGE_TILT_Z, ledgesAt } from "../recipe/ledges.js";
import type { Recipe } from "../recipe/recipe.js";
import { seedFrom, subSeed } from "../seed/seed.js";
import { latticeOf, levelHasCaves, quantumAt, spacingAt, type Lattice } from "../recipe/lattice.js";
import { NO_FACE } from "../space/chunkAddress.js";
import { MACRO_CHANNELS, MACRO_STEP, MacroField } from "./macroField.js";
import { PlanetGround } from "./planetGround.js";

/** Columns of samples that a chunk's grid has beyond each border: slopes and cave distances reach that far. */
export const GRID_MARGIN = 3;

/**
 * Metres per unit of noise, over the wavelength: the mean slope of gradient noise is about 1 / (0.36 wavelengths),
 * measured over 10^6 points.
 */
const DISTANCE_PER_WAVELENGTH = 0.36 * 0.75;
/** Metres that caves stay above the sea, so that none would have to be flooded. */
const ABOVE_SEA = 2;
/** Metres of cave distance for each unit that the macro field `mouths` is short of 0.5. */
const MOUTH_METRES = 60;
/** Rows of air that a volume has above the highest ground. */
const ROWS_OF_AIR = 2;
/** Rows above those for which vertices may ask: the lattice has them, the volume has not. */
const ASKED_ABOVE_AIR = ASKED_ABOVE_GROUND + LEAST_COARSE_REACH - ROWS_OF_AIR;

/** Where a volume's samples lie. Rows and samples are counted from the origin. */
export interface CaveBox {
    readonly firstRow: number;
    readonly rows: number;
    /** Rows, from the first, that the lattice covers: open air lies above. */
    readonly latticeRows: number;
}

/**
 * Evaluates a recipe's fields with the kernels, in their memory: first the macro fields of a grid of samples, then its
 * heights, then cave distance. Several may share one instance of the kernels, one job at a time.
 */
export class ChunkFields {
    public readonly lattice: Lattice;
    /** Whether the last `prepareCaves` found caves but no room for them. */
    public areCavesTooLarge = false;
    public readonly macro: MacroField;
    /** What a planet's ground has of its own; null on flat worlds. */
    private readonly _planet: PlanetGround | null;
    private readonly _exports: KernelExports;
    private readonly _seed: number;

    /** @param buffers leases what is kept from job to job. Default: one of its own */
    public constructor(
        public readonly recipe: Recipe,
        private readonly _kernels: Kernels,
        buffers = new BufferPoolManager({ memoryLimitBytes: Infinity }),
    ) {
        this.lattice = latticeOf(recipe);
        this._exports = _kernels.exports;
        this.macro = new MacroField(recipe, _kernels, buffers);
        this._planet = recipe.topology === "planet" ? new PlanetGround(recipe, _kernels, buffers) : null;
        this._seed = seedFrom(recipe.seed);
    }

    /** Returns the metres between samples of a level. */
    public spacingAt(level: number): number {
        return spacingAt(this.recipe, level);
    }

    public hasCavesAt(level: number): boolean {
        return levelHasCaves(this.recipe, level);
    }

    /**
     * Begins a job: lays out a grid of countX x countZ samples, at least 6 a side, and fills its macro fields.
     *
     * @param x the first sample, in samples of the level
     * @param z the first sample, in samples of the level
     * @param face of a planet, on which the grid lies
     */
    public fillMacro(level: number, x: number, z: number, countX: number, countZ: number, face = NO_FACE): void {
        this._turnToWorld();
        const { _exports: exports, macro } = this;
        exports.layoutGrid(countX, countZ);
        if (this._planet !== null) {
            this._planet.fillMacro(face, level, x, z, countX, countZ);
            return;
        }
        const nodesPerSample = this.spacingAt(level) / MACRO_STEP;
        const isSparse = nodesPerSample >= 4;
        const startX = x * nodesPerSample;
        const startZ = z * nodesPerSample;
        const firstX = Math.floor(startX) - 1;
        const firstZ = Math.floor(startZ) - 1;
        const nodesX = isSparse ? 4 * countX : Math.floor(startX + (countX - 1) * nodesPerSample) + 3 - firstX;
        const nodesZ = isSparse ? 4 * countZ : Math.floor(startZ + (countZ - 1) * nodesPerSample) + 3 - firstZ;
        const stride = Math.ceil(nodesX / 4) * 4;
        if (isSparse) {
            const nodes = macro.writeNodesOfSamples(startX, startZ, nodesPerSample, countX, countZ, stride);
            exports.fillMacro(nodes, stride, 1, 1, 4, 0);
        } else {
            macro.shapeNodes(firstX, firstZ, nodesX, nodesZ);
            const nodes = exports.reserve(stride * MACRO_CHANNELS * nodesZ * 4);
            const target = new Float32Array(exports.memory.buffer);
            macro.writeNodes(firstX, firstZ, nodesX, nodesZ, stride, target, nodes / 4);
            exports.fillMacro(nodes, stride, startX - firstX, startZ - firstZ, nodesPerSample, 0);
        }
    }

    /**
     * Fills the grid's heights.
     *
     * @param margin columns at each border that are not measured: see `lowestQuantum`
     * @param isChunk whether the grid is a chunk's, with `margin` columns around, and `levelGap` is asked for
     */
    public fillHeights(level: number, x: number, z: number, margin: number, isChunk = false): void {
        const step = this.spacingAt(level) / this.lattice.spacing;
        const quantum = quantumAt(this.recipe, level);
        const around = isChunk ? margin : -1;
        if (this._planet === null) {
            this._exports.fillHeights(x * step, z * step, step, this.spacingAt(level), 1 / quantum, around);
        } else {
            this._planet.fillHeights(step, this.spacingAt(level), quantum, around);
        }
        this._exports.measureHeights(margin);
    }

    /**
     * Fills in what the grid's columns and the lattice say of caves, and returns the box of their volume; null where no
     * cave may change the grid's surface. Caves for which there is no room are left out: see `areCavesTooLarge`.
     *
     * @param keepsAll whether all slices are kept, to be read back, or only as many as a surface needs at once
     * @param face of a planet, on which the grid lies
     */
    public prepareCaves(
        level: number,
        x: number,
        z: number,
        countX: number,
        countZ: number,
        keepsAll: boolean,
        face = NO_FACE,
    ): CaveBox | null {
        const { _exports: exports } = this;
        const { caves } = this.recipe;
        this.areCavesTooLarge = false;
        if (!this.hasCavesAt(level) || exports.touchesCaveCountry() === 0) {
            return null;
        }
        const spacing = this.spacingAt(level);
        const quantum = quantumAt(this.recipe, level);
        const samplesPerNode = Math.max(1, caves.latticeStep / spacing);
        this._setCaves(level, spacing, quantum);
        this._setLedges(spacing, spacing * samplesPerNode);
        const rowsPerQuantum = quantum / spacing;
        exports.measureHeights(0);
        const lowest = exports.lowestQuantum() * rowsPerQuantum;
        const highest = exports.highestQuantum() * rowsPerQuantum;
        const alignment = Math.max(8, samplesPerNode);
        const lastRow = Math.ceil(highest) + ROWS_OF_AIR;
        // Caves end at a depth, and above the sea. Coarse cells reach two rows below that, and their differences two more.
        const floor = Math.max(
            lowest - wholeQuanta(caves.maxDepth, quantum) / spacing,
            this._seaRows(spacing, quantum),
        );
        const wanted = Math.min(Math.floor(floor) - 4, Math.floor(lowest) - 3);
        const firstRow = Math.floor(wanted / alignment) * alignment;
        const rows = Math.ceil((lastRow + 1 - firstRow) / 32) * 32;
        // Columns ask for whole groups of eight.
        const latticeRows = Math.min(rows, Math.ceil((lastRow + ASKED_ABOVE_AIR - firstRow) / 8) * 8);
        const nodeX = Math.floor((x + 1) / samplesPerNode);
        const nodeZ = Math.floor((z + 1) / samplesPerNode);
        const nodesX = Math.ceil((x + countX - 2) / samplesPerNode) + 1 - nodeX;
        const nodesY = Math.ceil(latticeRows / samplesPerNode) + 1;
        const nodesZ = Math.ceil((z + countZ - 2) / samplesPerNode) + 1 - nodeZ;
        if (!isRoomForCaves(rows, countX, nodesX * nodesY * nodesZ)) {
            this.areCavesTooLarge = true;
            return null;
        }
        exports.fillColumns(firstRow);
        const nodes = [nodeX, firstRow / samplesPerNode, nodeZ, nodesX, nodesY, nodesZ] as const;
        const period = caves.wavelength / (spacing * samplesPerNode);
        if (this._planet === null) {
            exports.fillCaveLattice(...nodes, period);
        } else {
            this._planet.fillCaves(face, level, nodes, samplesPerNode, x, z, period);
        }
        exports.layoutSlices(x, firstRow, z, rows, samplesPerNode, keepsAll ? countZ : SLICES_KEPT, GRID_MARGIN);
        exports.layoutBlend();
        return { firstRow, rows, latticeRows };
    }

    private _setCaves(level: number, spacing: number, quantum: number): void {
        const { caves } = this.recipe;
        this._exports.setCaves(
            spacing / quantum,
            caves.radius / spacing,
            wholeQuanta(caves.maxDepth, quantum) / spacing,
            this._seaRows(spacing, quantum),
            MOUTH_METRES / spacing,
            (caves.wavelength * DISTANCE_PER_WAVELENGTH) / spacing,
            (caves.radius * CAVE_ROUGHNESS) / spacing,
            lipWidthAt(level),
        );
    }

    /** Gives the kernels a level's ledges, given the metres from sample to sample and from node to node. */
    private _setLedges(spacing: number, step: number): void {
        const { thickness, depth } = ledgesAt(step, this.recipe.caves);
        const bedSeed = subSeed(this._seed, "caves", "ledges");
        // Beds of a planet are level: a tilt along a face's axes would end at its border.
        const [tiltX, tiltZ] = this._planet === null ? [LEDGE_TILT_X, LEDGE_TILT_Z] : [0, 0];
        this._exports.setLedges(depth > 0 ? thickness / step : 0, depth / spacing, bedSeed, tiltX, tiltZ);
    }

    /** Gives the kernels this world's gullies and beds. */
    private _setCarving(): void {
        const { _exports: exports, _seed: seed } = this;
        const { spacing } = this.lattice;
        const { gullies, beds, wavelength } = this.recipe.terrain;
        const octaves = this._planet === null ? gullyOctavesOf(this.recipe) : [];
        octaves.forEach(({ wavelength: side, depth }, i) =>
            exports.setGully(i, subSeed(seed, "terrain", "gullies", i), side / spacing, depth, GULLY_TURN / side),
        );
        exports.setGullies(octaves.length, gullies.wavelength / spacing, 1 / MACRO_STEP, 1 / wavelength, FLOOR_DEPTH);
        exports.setCarvedLand(LEAST_CARVED_RELIEF, CARVED_RELIEF_RANGE, octaves.length > 0 ? REPLACED_DETAIL : 0);
        exports.setBeds(
            beds.strength > 0 && this._planet === null ? beds.thickness : 0,
            beds.strength,
            LEDGE_DEPTH,
            subSeed(seed, "terrain", "beds"),
            (BED_TILT_X * spacing) / beds.thickness,
            (BED_TILT_Z * spacing) / beds.thickness,
        );
    }

    /** Returns the row above which caves may lie, in samples from y = 0. */
    private _seaRows(spacing: number, quantum: number): number {
        const { water } = this.recipe;
        return water.enabled ? wholeQuanta(water.level + ABOVE_SEA, quantum) / spacing : -1e9;
    }

    /** Gives the kernels this world's constants: they hold one world's at a time. */
    private _turnToWorld(): void {
        if (this._kernels.world === this) {
            return;
        }
        this._kernels.world = this;
        const { terrain, caves } = this.recipe;
        const { _exports: exports, _seed: seed } = this;
        let count = 0;
        let amplitude = 1;
        let slopeScale = 1;
        for (; count < terrain.octaves; count++) {
            const period = terrain.wavelength / 2 ** count / this.lattice.spacing;
            if (period < 2) {
                break;
            }
            exports.setOctave(
                count,
                subSeed(seed, "terrain", "detail", count),
                period,
                subSeed(seed, "terrain", "detailOffsetX", count) % period,
                subSeed(seed, "terrain", "detailOffsetZ", count) % period,
                amplitude,
                slopeScale,
                count < terrain.ridgeOctaves ? 1 : 0,
            );
            amplitude *= terrain.gain;
            slopeScale *= terrain.gain * 2;
        }
        exports.setTerrain(count, terrain.damping);
        this._setCarving();
        for (let octave = 0; octave < caves.octaves; octave++) {
            exports.setCaveOctave(octave, subSeed(seed, "caves", "tunnels", octave));
        }
    }
}

/** Rounds a length that bounds caves to whole quanta: sums of those are exact in f32, whichever chunk adds them. */
function wholeQuanta(metres: number, quantum: number): number {
    return Math.round(metres / quantum) * quantum;
}
