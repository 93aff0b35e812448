import type { Kernels, KernelExports } from "../kernels/kernels.js";
import type { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { levelHasCaves, spacingAt } from "../recipe/lattice.js";
import type { Recipe } from "../recipe/recipe.js";
import { createPlanetTopology } from "../space/createTopology.js";
import type { PlanetTopology } from "../space/planetTopology.js";
import { MacroChannel } from "./macroShape.js";
import { PlanetMacro } from "./planetMacro.js";

/**
 * Samples of the coarsest level with caves around the cube's corners where there are none. Three faces meet there, so that a column has
 * no neighbour across; what looks two columns away would see another one from each face.
 */
const CORNER_SAMPLES = 8;
/** A macro field of caves that says: none. */
const NO_CAVES = -1;

/** First node of a cave lattice along x, y and z, and how many there are. */
type NodeBox = readonly [x: number, y: number, z: number, countX: number, countY: number, countZ: number];

/** Fills the fields of a planet's grids with the kernels, in their memory: what `ChunkFields` asks for on planets. */
export class PlanetGround {
    private readonly _exports: KernelExports;
    private readonly _macro: PlanetMacro;
    private readonly _topology: PlanetTopology;
    private readonly _spacing: number;
    /** Metres from a corner along both axes within which there are no caves. */
    private readonly _corner: number;

    public constructor(
        private readonly _recipe: Recipe,
        kernels: Kernels,
        buffers: BufferPoolManager,
    ) {
        this._topology = createPlanetTopology(_recipe);
        this._exports = kernels.exports;
        this._macro = new PlanetMacro(_recipe, kernels, this._topology, buffers);
        this._spacing = spacingAt(_recipe, 0);
        let coarsest = 0;
        while (levelHasCaves(_recipe, coarsest + 1)) {
            coarsest++;
        }
        this._corner = CORNER_SAMPLES * spacingAt(_recipe, coarsest);
    }

    /** Fills places and macro fields of the grid that has been laid out. */
    public fillMacro(face: number, level: number, x: number, z: number, countX: number, countZ: number): void {
        this._exports.fillPlaces(face, x, z, this._samplesAt(level));
        this._macro.fill(face, level, x, z, countX, countZ);
        if (levelHasCaves(this._recipe, level)) {
            this._closeCorners(level, x, z, countX, countZ);
        }
    }

    /**
     * Fills heights.
     *
     * @param step level-0 samples between samples
     * @param around columns around a chunk, less than 0 where the grid is not a chunk's
     */
    public fillHeights(step: number, spacing: number, quantum: number, around: number): void {
        this._exports.fillPlacedHeights(this._topology.radius / this._spacing, step, spacing, 1 / quantum, around);
    }

    /**
     * Fills the cave lattice.
     *
     * @param x the grid's first sample
     * @param z the grid's first sample
     * @param period of the noise that lays the tunnels, in nodes
     */
    public fillCaves(
        face: number,
        level: number,
        nodes: NodeBox,
        samplesPerNode: number,
        x: number,
        z: number,
        period: number,
    ): void {
        const step = spacingAt(this._recipe, level) * samplesPerNode;
        const count = this._samplesAt(level) / samplesPerNode;
        this._exports.fillPlacedCaves(
            face,
            ...nodes,
            samplesPerNode,
            x,
            z,
            count,
            this._topology.radius / step,
            period,
        );
    }

    /** Returns the samples from edge to edge of a face. */
    private _samplesAt(level: number): number {
        return this._recipe.terrain.resolution * this._topology.chunksAlong(level);
    }

    /** Takes the caves from around the face's corners: of a square whose sides are parts of the cube's edges. */
    private _closeCorners(level: number, x: number, z: number, countX: number, countZ: number): void {
        const count = this._samplesAt(level);
        const reach = Math.ceil(this._corner / spacingAt(this._recipe, level));
        const fromEdge = (sample: number): number => Math.min(Math.abs(sample), Math.abs(count - sample));
        const isNear = (first: number, samples: number): boolean =>
            first < reach || first + samples - 1 > count - reach || count < 2 * reach;
        if (!isNear(x, countX) || !isNear(z, countZ)) {
            return;
        }
        const { memory } = this._exports;
        const stride = this._exports.planeLineBytes() / 4;
        const start = this._exports.macroPlanesStart() + MacroChannel.caves * this._exports.planeSize();
        const caves = new Float32Array(memory.buffer, start, stride * countZ);
        for (let line = 0; line < countZ; line++) {
            if (fromEdge(z + line) >= reach) {
                continue;
            }
            for (let column = 0; column < countX; column++) {
                if (fromEdge(x + column) < reach) {
                    caves[line * stride + column] = NO_CAVES;
                }
            }
        }
    }
}
