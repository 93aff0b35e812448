import type { Kernels } from "../kernels/kernels.js";
import { BufferPoolManager } from "../memory/bufferPoolManager.js";
import type { Recipe } from "../recipe/recipe.js";
import { FlatMacroNodes, NODES_AT_ONCE } from "./flatMacroNodes.js";
import { MACRO_CHANNELS } from "./macroShape.js";
import { MacroTiles, TILE_NODES, type MacroTile } from "./macroTiles.js";
import { WaitingNodes } from "./waitingNodes.js";

export { MACRO_CHANNELS, MacroChannel } from "./macroShape.js";

/**
 * Metres between nodes of the macro lattice, for every level and every query. Macro wavelengths are kilometres; a cubic
 * B-spline, which has no creases even in its second derivative, interpolates between nodes.
 */
export const MACRO_STEP = 128;

/**
 * Samples macro noise at nodes, shapes it there by splines, and keeps the latest tiles. A chunk of a fine level lies on
 * a few nodes of a tile, and only those are shaped for it.
 */
export class MacroField {
    private readonly _tiles: MacroTiles;
    private readonly _nodes: FlatMacroNodes;
    private readonly _waiting = new WaitingNodes(NODES_AT_ONCE);
    /** Whether there is room for batches in the kernels' present job. */
    private _isLaidOut = false;

    /**
     * @param _kernels shape many nodes at once. Default: none, which takes longer
     * @param buffers leases tiles. Default: one of its own
     */
    public constructor(
        recipe: Recipe,
        private readonly _kernels: Kernels | null = null,
        buffers = new BufferPoolManager({ memoryLimitBytes: Infinity }),
    ) {
        this._nodes = new FlatMacroNodes(recipe, _kernels);
        this._tiles = new MacroTiles(buffers);
    }

    /** Returns the tile of node (nodeX, nodeZ), whose channels begin at `OffsetOf`. */
    public tileOf(nodeX: number, nodeZ: number): Float32Array {
        this.shapeNodes(nodeX, nodeZ, 1, 1);
        return this._tiles.tileAt(0, Math.floor(nodeX / TILE_NODES), Math.floor(nodeZ / TILE_NODES)).values;
    }

    /** Returns the index of a node's first channel in its tile. */
    public static OffsetOf(nodeX: number, nodeZ: number): number {
        const x = nodeX - Math.floor(nodeX / TILE_NODES) * TILE_NODES;
        const z = nodeZ - Math.floor(nodeZ / TILE_NODES) * TILE_NODES;
        return (z * TILE_NODES + x) * MACRO_CHANNELS;
    }

    /**
     * Shapes a block of nodes, those that were not. A block of several may reserve memory of the kernels' present job, which detaches
     * views of it.
     *
     * @param firstX the first node
     * @param firstZ the first node
     */
    public shapeNodes(firstX: number, firstZ: number, countX: number, countZ: number): void {
        this._waiting.clear();
        this._isLaidOut = false;
        this._tiles.visitUnshaped(0, firstX, firstZ, countX, countZ, this._await);
        this._shapeWaiting();
    }

    /**
     * Writes a block of nodes as the kernels take them: for each row of nodes, `MACRO_CHANNELS` rows of `stride`
     * floats. They have been shaped.
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
        this._tiles.copyNodes(0, firstX, firstZ, countX, countZ, stride, target, to);
    }

    /**
     * Writes a block of nodes for samples that are `step` nodes apart, four or more: for each sample the node that it
     * lies on, those beside it, and a node of zeros, to which the spline gives no weight. So a block has four nodes per
     * sample along both axes.
     *
     * @param x the node of the first sample
     * @param z the node of the first sample
     * @param stride floats from one channel's row to the next
     * @returns where the block begins in the kernels' memory
     */
    public writeNodesOfSamples(
        x: number,
        z: number,
        step: number,
        countX: number,
        countZ: number,
        stride: number,
    ): number {
        const { exports } = this._kernels!;
        const { _nodes: nodes } = this;
        nodes.layOut();
        const address = exports.reserve(4 * countZ * MACRO_CHANNELS * stride * Float32Array.BYTES_PER_ELEMENT);
        const target = new Float32Array(exports.memory.buffer, address, 4 * countZ * MACRO_CHANNELS * stride);
        target.fill(0);
        const total = 9 * countX * countZ;
        for (let first = 0; first < total; first += NODES_AT_ONCE) {
            const count = Math.min(NODES_AT_ONCE, total - first);
            for (let i = 0; i < count; i++) {
                const [column, row] = [(first + i) % (3 * countX), Math.floor((first + i) / (3 * countX))];
                const nodeX = x + Math.floor(column / 3) * step + (column % 3) - 1;
                const nodeZ = z + Math.floor(row / 3) * step + (row % 3) - 1;
                nodes.setNode(i, nodeX * MACRO_STEP, nodeZ * MACRO_STEP);
            }
            nodes.evaluate(count);
            for (let i = 0; i < count; i++) {
                const [column, row] = [(first + i) % (3 * countX), Math.floor((first + i) / (3 * countX))];
                const to = (row + Math.floor(row / 3)) * MACRO_CHANNELS * stride + column + Math.floor(column / 3);
                for (let channel = 0; channel < MACRO_CHANNELS; channel++) {
                    target[to + channel * stride] = nodes.fields[i * MACRO_CHANNELS + channel]!;
                }
            }
        }
        return address;
    }

    /** Releases what is leased. */
    public dispose(): void {
        this._tiles.dispose();
    }

    /** Lets a node wait for a batch. */
    private readonly _await = (tile: MacroTile, index: number, nodeX: number, nodeZ: number): void => {
        this._nodes.setNode(this._waiting.count, nodeX * MACRO_STEP, nodeZ * MACRO_STEP);
        this._waiting.add(tile, index);
        if (this._waiting.isFull) {
            this._shapeWaiting();
        }
    };

    private _shapeWaiting(): void {
        const { count } = this._waiting;
        if (!this._isLaidOut && this._nodes.needsRoom(count)) {
            this._nodes.layOut();
            this._isLaidOut = true;
        }
        this._nodes.evaluate(count);
        this._waiting.settle(this._nodes.fields);
    }
}
