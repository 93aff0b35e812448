import type { Kernels } from "../kernels/kernels.js";
import { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { spacingAt } from "../recipe/lattice.js";
import type { Recipe } from "../recipe/recipe.js";
import { continuedPlaceToRef, placeToRef } from "../space/cubeSphere.js";
import type { PlanetTopology } from "../space/planetTopology.js";
import { MACRO_STEP } from "./macroField.js";
import { MacroPoints, POINTS_AT_ONCE } from "./macroPoints.js";
import { MACRO_CHANNELS } from "./macroShape.js";
import { MacroTiles, type MacroTile } from "./macroTiles.js";
import { WaitingNodes } from "./waitingNodes.js";
import { blockOf, copyCorners, padLines, stripsOf, strideOf, type GridBlock } from "./planetGrid.js";

/** Scratch: a direction. */
const place = new Float64Array(3);

/**
 * Fills the macro fields of a planet's samples. The nodes of a face are the samples of one level, the coarsest of which they
 * are no more than `MACRO_STEP` apart; they run on beyond the face's borders. Finer levels interpolate between them; coarser
 * ones have nodes for samples. So levels agree where they share nodes, and so do faces along their borders, to the last bit.
 */
export class PlanetMacro {
    /** The level whose samples are the nodes. */
    public readonly nodeLevel: number;
    private readonly _resolution: number;
    private readonly _tiles: MacroTiles;
    private readonly _points: MacroPoints;
    private readonly _waiting = new WaitingNodes(POINTS_AT_ONCE);
    /** The face whose nodes are asked for, and its nodes from edge to edge. */
    private _face = 0;
    private readonly _nodeCount: number;

    /**
     * @param _kernels whose present grid is filled
     * @param _topology of the planet, for the recipe's `chunkSize`
     * @param buffers leases tiles of nodes. Default: one of its own
     */
    public constructor(
        recipe: Recipe,
        private readonly _kernels: Kernels,
        private readonly _topology: PlanetTopology,
        buffers = new BufferPoolManager({ memoryLimitBytes: Infinity }),
    ) {
        this._resolution = recipe.terrain.resolution;
        this._tiles = new MacroTiles(buffers);
        this._points = new MacroPoints(recipe, _kernels, _topology.radius);
        let level = 0;
        while (level < _topology.rootLevel && spacingAt(recipe, level + 1) <= MACRO_STEP) {
            level++;
        }
        this.nodeLevel = level;
        this._nodeCount = this._samplesAlong(level);
    }

    /**
     * Fills the macro fields of the kernels' present grid, which has at least one sample of the face along each axis. What lies
     * beyond the face's border is the neighbour's, what lies beyond its corners is of the edge between the neighbours.
     *
     * @param x the first sample of the grid, in samples of the level from the face's border; 0 to `resolution` times the chunks
     * along an edge lie on the face
     * @param z see `x`
     * @param countX samples of the grid
     * @param countZ see `countX`
     */
    public fill(face: number, level: number, x: number, z: number, countX: number, countZ: number): void {
        this._points.layOut();
        this._waiting.clear();
        if (level >= this.nodeLevel) {
            this._fillAtSamples(face, level, x, z, countX, countZ);
        } else {
            this._fillBetweenNodes(face, level, x, z, countX, countZ);
        }
    }

    /** Releases what is leased. */
    public dispose(): void {
        this._tiles.dispose();
    }

    private _samplesAlong(level: number): number {
        return this._resolution * this._topology.chunksAlong(level);
    }

    private _fillAtSamples(face: number, level: number, x: number, z: number, countX: number, countZ: number): void {
        const { exports } = this._kernels;
        const { _points: points } = this;
        const count = this._samplesAlong(level);
        const planes = new Float32Array(exports.memory.buffer, exports.macroPlanesStart());
        const [line, plane] = [exports.planeLineBytes() / 4, exports.planeSize() / 4];
        const total = countX * countZ;
        for (let first = 0; first < total; first += POINTS_AT_ONCE) {
            const batch = Math.min(POINTS_AT_ONCE, total - first);
            let row = Math.floor(first / countX);
            let column = first - row * countX;
            for (let i = 0; i < batch; i++) {
                placeToRef(face, x + column, z + row, count, place);
                points.setPoint(i, place);
                column++;
                if (column === countX) {
                    column = 0;
                    row++;
                }
            }
            points.evaluate(batch);
            row = Math.floor(first / countX);
            column = first - row * countX;
            for (let i = 0; i < batch; i++) {
                const to = row * line + column;
                for (let channel = 0; channel < MACRO_CHANNELS; channel++) {
                    planes[to + channel * plane] = points.fields[i * MACRO_CHANNELS + channel]!;
                }
                column++;
                if (column === countX) {
                    column = 0;
                    row++;
                }
            }
        }
        padLines(planes, line, plane, countX, countZ);
    }

    private _fillBetweenNodes(face: number, level: number, x: number, z: number, countX: number, countZ: number): void {
        const { exports } = this._kernels;
        const count = this._samplesAlong(level);
        const step = this._nodeCount / count;
        const line = exports.planeLineBytes() / 4;
        const own = blockOf(face, x, z, countX, countZ, step);
        const strips = stripsOf(own, count, step, line);
        this._shapeNodes(own);
        strips.forEach(({ block }) => this._shapeNodes(block));
        this._shapeWaiting();

        const nodes = this._lendNodes(own);
        exports.fillMacro(nodes, strideOf(own), own.x * step - own.nodeX, own.z * step - own.nodeZ, step, 1);
        for (const { block, to, strideX, strideZ } of strips) {
            exports.fillMacroStrip(
                this._lendNodes(block),
                strideOf(block),
                block.x * step - block.nodeX,
                block.z * step - block.nodeZ,
                step,
                block.countX,
                block.countZ,
                to,
                strideX,
                strideZ,
            );
        }
        if (strips.length > 1) {
            const planes = new Float32Array(exports.memory.buffer, exports.macroPlanesStart());
            copyCorners(planes, line, exports.planeSize() / 4, own, count);
        }
    }

    /** Lets all nodes of a block that have not been shaped wait for a batch. */
    private _shapeNodes({ face, nodeX, nodeZ, nodesX, nodesZ }: GridBlock): void {
        this._face = face;
        this._tiles.visitUnshaped(face, nodeX, nodeZ, nodesX, nodesZ, this._await);
    }

    /** Lets a node wait for a batch. */
    private readonly _await = (tile: MacroTile, index: number, nodeX: number, nodeZ: number): void => {
        continuedPlaceToRef(this._face, nodeX, nodeZ, this._nodeCount, place);
        this._points.setPoint(this._waiting.count, place);
        this._waiting.add(tile, index);
        if (this._waiting.isFull) {
            this._shapeWaiting();
        }
    };

    private _shapeWaiting(): void {
        this._points.evaluate(this._waiting.count);
        this._waiting.settle(this._points.fields);
    }

    /** Copies the nodes of a block to where the kernels find them, and returns the address. */
    private _lendNodes(block: GridBlock): number {
        const { exports } = this._kernels;
        const { face, nodeX, nodeZ, nodesX, nodesZ } = block;
        const stride = strideOf(block);
        const address = exports.reserve(stride * MACRO_CHANNELS * nodesZ * Float32Array.BYTES_PER_ELEMENT);
        const target = new Float32Array(exports.memory.buffer, address);
        this._tiles.copyNodes(face, nodeX, nodeZ, nodesX, nodesZ, stride, target, 0);
        return address;
    }
}
