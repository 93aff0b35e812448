/** What a `TileCache` keeps of each tile. */
export interface CachedTile<T> {
    /** Place, in tiles from the origin; NaN while the tile holds none. */
    x: number;
    z: number;
    /** Bytes that it counts for. */
    bytes: number;
    /** Whether it was asked for since the clock hand last passed it. */
    isUsed: boolean;
    /** The next tile of its bucket. */
    next: T | null;
}

const BUCKETS = 1024;

/**
 * Caches tiles by their place, as many as a limit of bytes allows. When it is full, a tile that was not asked for
 * lately is reused for the new place (the clock algorithm: a hand goes round all tiles and spares those that were used
 * since), and nothing is allocated. One tile is kept however large it is.
 */
export class TileCache<T extends CachedTile<T>> {
    private readonly _buckets = new Array<T | null>(BUCKETS).fill(null);
    private readonly _tiles: T[] = [];
    private _hand = 0;
    private _bytes = 0;

    /**
     * @param _limitBytes above 0
     * @param _create makes an empty tile
     * @param _drop called with a tile that leaves for want of room, to release what it leases
     */
    public constructor(
        private readonly _limitBytes: number,
        private readonly _create: () => T,
        private readonly _drop: (tile: T) => void,
    ) {}

    public get bytes(): number {
        return this._bytes;
    }

    public get count(): number {
        return this._tiles.length;
    }

    /** Returns the tile at a place; null if it is not kept. */
    public find(x: number, z: number): T | null {
        let tile: T | null = this._buckets[bucketOf(x, z)]!;
        while (tile !== null && !(tile.x === x && tile.z === z)) {
            tile = tile.next;
        }
        if (tile !== null) {
            tile.isUsed = true;
        }
        return tile;
    }

    /**
     * Returns a tile for a place that has none. It is empty or holds what another place had: fill it, then call
     * `account`.
     */
    public claim(x: number, z: number): T {
        let tile: T;
        if (this._bytes < this._limitBytes) {
            tile = this._create();
            this._tiles.push(tile);
        } else {
            tile = this._tiles[this._findIdle(null)]!;
            this._unlink(tile);
        }
        tile.x = x;
        tile.z = z;
        // It has a whole round to be asked for again: those that are passed through once go before those that are lived in.
        tile.isUsed = false;
        const bucket = bucketOf(x, z);
        tile.next = this._buckets[bucket]!;
        this._buckets[bucket] = tile;
        return tile;
    }

    /** Counts a claimed tile that has been filled. Others leave while all together exceed the limit. */
    public account(tile: T, bytes: number): void {
        this._bytes += bytes - tile.bytes;
        tile.bytes = bytes;
        while (this._bytes > this._limitBytes && this._tiles.length > 1) {
            const at = this._findIdle(tile);
            const idle = this._tiles[at]!;
            this._unlink(idle);
            this._tiles[at] = this._tiles[this._tiles.length - 1]!;
            this._tiles.pop();
            this._bytes -= idle.bytes;
            this._drop(idle);
        }
    }

    /** Drops all tiles. */
    public clear(): void {
        this._buckets.fill(null);
        this._bytes = 0;
        this._hand = 0;
        for (const tile of this._tiles.splice(0)) {
            this._drop(tile);
        }
    }

    /** Returns the index of a tile that was not asked for lately, and is not `kept`. */
    private _findIdle(kept: T | null): number {
        for (;;) {
            this._hand = this._hand + 1 < this._tiles.length ? this._hand + 1 : 0;
            const tile = this._tiles[this._hand]!;
            if (!tile.isUsed && tile !== kept) {
                return this._hand;
            }
            tile.isUsed = false;
        }
    }

    private _unlink(tile: T): void {
        const bucket = bucketOf(tile.x, tile.z);
        let at: T = this._buckets[bucket]!;
        if (at === tile) {
            this._buckets[bucket] = tile.next;
            return;
        }
        while (at.next !== tile) {
            at = at.next!;
        }
        at.next = tile.next;
    }
}

function bucketOf(x: number, z: number): number {
    return (Math.imul(x, 0x9e3779b1) ^ Math.imul(z, 0x85ebca77)) >>> 22;
}
