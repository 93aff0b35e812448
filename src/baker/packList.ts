/** Files to pack, in the order of an archive. */
export interface PackedFiles {
    /** Ids of their tiles. */
    readonly ids: Float64Array;
    readonly lengths: Float64Array;
    readonly checksums: BigUint64Array;
    /** Number of those that are nodes of the manifest. */
    readonly nodeCount: number;
}

/** Gathers files in any order: 24 bytes each, for there may be millions. */
export class PackList {
    public nodeCount = 0;
    private _ids = new Float64Array(1024);
    private _lengths = new Float64Array(1024);
    private _checksums = new BigUint64Array(1024);
    private _count = 0;

    public add(id: number, length: number, checksum: bigint): void {
        if (this._count === this._ids.length) {
            this._grow();
        }
        this._ids[this._count] = id;
        this._lengths[this._count] = length;
        this._checksums[this._count++] = checksum;
    }

    /** Returns all that were added, by their ids. */
    public sorted(): PackedFiles {
        const order = Uint32Array.from({ length: this._count }, (_, i) => i);
        order.sort((a, b) => this._ids[a]! - this._ids[b]!);
        const [ids, lengths] = [new Float64Array(this._count), new Float64Array(this._count)];
        const checksums = new BigUint64Array(this._count);
        order.forEach((from, to) => {
            ids[to] = this._ids[from]!;
            lengths[to] = this._lengths[from]!;
            checksums[to] = this._checksums[from]!;
        });
        return { ids, lengths, checksums, nodeCount: this.nodeCount };
    }

    private _grow(): void {
        const count = 2 * this._count;
        const [ids, lengths, checksums] = [this._ids, this._lengths, this._checksums];
        this._ids = new Float64Array(count);
        this._lengths = new Float64Array(count);
        this._checksums = new BigUint64Array(count);
        this._ids.set(ids);
        this._lengths.set(lengths);
        this._checksums.set(checksums);
    }
}
