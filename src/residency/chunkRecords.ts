import type { ChunkAddress } from "../space/chunkAddress.js";
import { addressKey } from "../space/chunkKey.js";
import { ChunkRecord, NEVER, PrefetchUse, RecordState } from "./chunkRecord.js";

/** All records, by their keys. Knows nothing of what they mean. */
export class ChunkRecords {
    /** In no order. */
    public readonly all: ChunkRecord[] = [];
    /** The revision that new records want. */
    public revision = 0;

    private readonly _byKey = new Map<number, ChunkRecord>();
    private readonly _free: ChunkRecord[] = [];

    /** @param _isGivenUp whether the chunk of a new record was given up before */
    public constructor(private readonly _isGivenUp: (key: number) => boolean = () => false) {}

    public find(key: number): ChunkRecord | undefined {
        return this._byKey.get(key);
    }

    /** Returns the record of a chunk, made where there is none. */
    public at(face: number, level: number, x: number, z: number): ChunkRecord {
        const key = addressKey(face, level, x, z);
        return this._byKey.get(key) ?? this._create(key, { face, level, x, z });
    }

    /** Returns the record of a chunk for a node of the quadtree, which gives it back by `leaveNode`. */
    public forNode(face: number, level: number, x: number, z: number): ChunkRecord {
        const record = this.at(face, level, x, z);
        record.hasNode = true;
        return record;
    }

    /** The node is gone. */
    public leaveNode(record: ChunkRecord): void {
        record.hasNode = false;
        this.removeUnused(record);
    }

    /** Takes a record out that nobody claims, holds or refers to, of a chunk that is neither here nor on its way. */
    public removeUnused(record: ChunkRecord): void {
        const { state, claims, superseded, hasNode, prefetchUse } = record;
        const isNowhere = state === RecordState.absent || state === RecordState.failed;
        const isReferredTo = hasNode || claims.length > 0 || superseded.length > 0 || prefetchUse !== PrefetchUse.none;
        if (!isNowhere || isReferredTo || record.index < 0) {
            return;
        }
        this._byKey.delete(record.key);
        const last = this.all.pop()!;
        if (last !== record) {
            this.all[record.index] = last;
            last.index = record.index;
        }
        record.index = -1;
        this._free.push(record);
    }

    private _create(key: number, address: ChunkAddress): ChunkRecord {
        const record = this._free.pop() ?? new ChunkRecord();
        record.key = key;
        record.address = address;
        record.isGivenUp = this._isGivenUp(key);
        record.state = record.isGivenUp ? RecordState.failed : RecordState.absent;
        record.revision = this.revision;
        record.bytes = null;
        record.minY = Number.NaN;
        record.maxY = Number.NaN;
        record.viewPass = NEVER;
        record.prefetchRound = NEVER;
        record.prefetchUse = PrefetchUse.none;
        record.requestedMs = Number.NaN;
        record.index = this.all.length;
        this.all.push(record);
        this._byKey.set(key, record);
        return record;
    }
}
