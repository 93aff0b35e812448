import { MACRO_CHANNELS } from "./macroShape.js";
import type { MacroTile } from "./macroTiles.js";

/** Nodes of tiles that wait to be shaped, a batch at most. */
export class WaitingNodes {
    private readonly _tiles: MacroTile[] = [];
    private readonly _nodes: Int32Array;
    private _count = 0;

    /** @param capacity nodes of a batch */
    public constructor(capacity: number) {
        this._nodes = new Int32Array(capacity);
    }

    /** Number of nodes that wait: the place of the next one in the batch. */
    public get count(): number {
        return this._count;
    }

    public get isFull(): boolean {
        return this._count === this._nodes.length;
    }

    /** @param index of the node in its tile */
    public add(tile: MacroTile, index: number): void {
        this._tiles[this._count] = tile;
        this._nodes[this._count] = index;
        this._count++;
    }

    /** Writes the fields of all that wait into their tiles, and forgets them. */
    public settle(fields: Float32Array): void {
        for (let i = 0; i < this._count; i++) {
            const { values, isShaped } = this._tiles[i]!;
            const to = this._nodes[i]! * MACRO_CHANNELS;
            isShaped[this._nodes[i]!] = 1;
            for (let channel = 0; channel < MACRO_CHANNELS; channel++) {
                values[to + channel] = fields[i * MACRO_CHANNELS + channel]!;
            }
        }
        this.clear();
    }

    /** Forgets what waits: a job that was given up may have left some. */
    public clear(): void {
        this._count = 0;
        this._tiles.length = 0;
    }
}
