import type { BufferLease } from "../memory/bufferPool.js";
import type { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { MACRO_CHANNELS } from "./macroShape.js";

/** Nodes along a tile's side. */
export const TILE_NODES = 16;
/** Tiles that are kept, of about 7 KB each. A level-7 chunk of 8 km touches about 36. */
const TILE_LIMIT = 1024;
/** Tiles along each axis that have keys of their own; beyond them two tiles share one. */
const TILE_KEYS = 2 ** 25;

/** A square of nodes, on loan. */
export interface MacroTile {
    /** 0 on flat worlds. */
    readonly face: number;
    /** Place, in tiles from the first node's. */
    readonly x: number;
    readonly z: number;
    readonly valueLease: BufferLease;
    readonly shapedLease: BufferLease;
    /** `MACRO_CHANNELS` a node, z outer. */
    readonly values: Float32Array;
    /** 1 for each node that has been shaped. */
    readonly isShaped: Uint8Array;
}

/** Keeps the tiles of nodes that were asked for last, a thousand of them. */
export class MacroTiles {
    private readonly _tiles = new Map<number, MacroTile>();

    /** @param _buffers leases tiles */
    public constructor(private readonly _buffers: BufferPoolManager) {}

    /** Returns a tile, with the nodes that have been shaped if it was kept. It stays while fewer than 1,024 others are asked for. */
    public tileAt(face: number, x: number, z: number): MacroTile {
        const key = (face * TILE_KEYS + (x & (TILE_KEYS - 1))) * TILE_KEYS + (z & (TILE_KEYS - 1));
        const kept = this._tiles.get(key);
        if (kept !== undefined && kept.face === face && kept.x === x && kept.z === z) {
            // A Map iterates in the order of insertion: the first tile is the one that was not asked for longest.
            this._tiles.delete(key);
            this._tiles.set(key, kept);
            return kept;
        }
        if (kept !== undefined) {
            this._release(key, kept);
        } else if (this._tiles.size >= TILE_LIMIT) {
            this._release(...this._tiles.entries().next().value!);
        }
        const tile = this._leaseTile(face, x, z);
        this._tiles.set(key, tile);
        return tile;
    }

    /**
     * Visits the nodes of a block that have not been shaped, of whatever tiles.
     *
     * @param x the first node
     * @param z the first node
     * @param visit gets a tile, a node's index in it, and the node
     */
    public visitUnshaped(
        face: number,
        x: number,
        z: number,
        countX: number,
        countZ: number,
        visit: (tile: MacroTile, index: number, nodeX: number, nodeZ: number) => void,
    ): void {
        for (let tileZ = Math.floor(z / TILE_NODES); tileZ * TILE_NODES < z + countZ; tileZ++) {
            for (let tileX = Math.floor(x / TILE_NODES); tileX * TILE_NODES < x + countX; tileX++) {
                const tile = this.tileAt(face, tileX, tileZ);
                const right = Math.min(x + countX, (tileX + 1) * TILE_NODES);
                const end = Math.min(z + countZ, (tileZ + 1) * TILE_NODES);
                for (let nodeZ = Math.max(z, tileZ * TILE_NODES); nodeZ < end; nodeZ++) {
                    for (let nodeX = Math.max(x, tileX * TILE_NODES); nodeX < right; nodeX++) {
                        const index = (nodeZ - tileZ * TILE_NODES) * TILE_NODES + nodeX - tileX * TILE_NODES;
                        if (tile.isShaped[index] === 0) {
                            visit(tile, index, nodeX, nodeZ);
                        }
                    }
                }
            }
        }
    }

    /**
     * Copies a block of shaped nodes as the kernels take them: for each row of nodes, `MACRO_CHANNELS` rows of `stride` floats.
     *
     * @param x the first node
     * @param z the first node
     * @param to index of the block's first float in `target`
     */
    public copyNodes(
        face: number,
        x: number,
        z: number,
        countX: number,
        countZ: number,
        stride: number,
        target: Float32Array,
        to: number,
    ): void {
        for (let tileZ = Math.floor(z / TILE_NODES); tileZ * TILE_NODES < z + countZ; tileZ++) {
            for (let tileX = Math.floor(x / TILE_NODES); tileX * TILE_NODES < x + countX; tileX++) {
                const { values } = this.tileAt(face, tileX, tileZ);
                const left = Math.max(x, tileX * TILE_NODES);
                const right = Math.min(x + countX, (tileX + 1) * TILE_NODES);
                const end = Math.min(z + countZ, (tileZ + 1) * TILE_NODES);
                for (let nodeZ = Math.max(z, tileZ * TILE_NODES); nodeZ < end; nodeZ++) {
                    let from = ((nodeZ - tileZ * TILE_NODES) * TILE_NODES + left - tileX * TILE_NODES) * MACRO_CHANNELS;
                    let at = to + (nodeZ - z) * MACRO_CHANNELS * stride + left - x;
                    for (let nodeX = left; nodeX < right; nodeX++, at++, from += MACRO_CHANNELS) {
                        for (let channel = 0; channel < MACRO_CHANNELS; channel++) {
                            target[at + channel * stride] = values[from + channel]!;
                        }
                    }
                }
            }
        }
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

    private _leaseTile(face: number, x: number, z: number): MacroTile {
        const nodes = TILE_NODES * TILE_NODES;
        const valueLease = this._buffers
            .poolOf("noiseField3d")
            .lease(nodes * MACRO_CHANNELS * Float32Array.BYTES_PER_ELEMENT);
        const shapedLease = this._buffers.poolOf("workspace").lease(nodes);
        const values = new Float32Array(valueLease.buffer, 0, nodes * MACRO_CHANNELS);
        const isShaped = new Uint8Array(shapedLease.buffer, 0, nodes).fill(0);
        return { face, x, z, values, isShaped, valueLease, shapedLease };
    }
}
