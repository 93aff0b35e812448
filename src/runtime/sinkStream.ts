import {
    RecordState,
    type ChunkBytes,
    type ChunkClaim,
    type ChunkRecord,
    type ClaimListener,
} from "../residency/chunkRecord.js";
import type { Residency } from "../residency/residency.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { addressKey } from "../space/chunkKey.js";
import type { ChunkSink } from "./chunkSink.js";
import { UploadQueue } from "./uploadQueue.js";

/** Visits what a rule needs. An object, not a function: the frame path makes no closures. */
export interface NeededVisitor {
    /** @param priority see `priorityOf`: lower is sooner */
    need(face: number, level: number, x: number, z: number, priority: number): void;
}

/** Which chunks a sink needs, whatever the screen shows. */
export interface SinkRule {
    /** Names each chunk that is needed now. Called once a frame. */
    forEachNeeded(visitor: NeededVisitor): void;
}

interface Held<THandle> {
    readonly record: ChunkRecord;
    claim: ChunkClaim;
    /** What the sink made of the data, and that data; null until it has it. */
    handle: THandle | null;
    bytes: ChunkBytes | null;
    /** The pass in which the rule named it last. */
    pass: number;
}

/** Brings a sink the chunks that its rule names, each newer revision of them too, and takes them away when it names them no more. */
export class SinkStream<THandle> implements ClaimListener, NeededVisitor {
    public readonly uploads = new UploadQueue<Held<THandle>>(({ claim }) => claim.priority);
    private readonly _held = new Map<number, Held<THandle>>();
    private _pass = 0;

    public constructor(
        private readonly _residency: Residency,
        public readonly sink: ChunkSink<THandle>,
        private readonly _rule: SinkRule,
        private readonly _onFailed: (address: ChunkAddress, error: Error) => void,
    ) {}

    /** Chunks that the sink has. */
    public get count(): number {
        let count = 0;
        for (const { handle } of this._held.values()) {
            count += handle === null ? 0 : 1;
        }
        return count;
    }

    /** Once a frame. */
    public update(): void {
        this._pass++;
        this._rule.forEachNeeded(this);
        for (const [key, held] of this._held) {
            if (held.pass !== this._pass) {
                this._held.delete(key);
                this._letGo(held);
            }
        }
    }

    public need(face: number, level: number, x: number, z: number, priority: number): void {
        const key = addressKey(face, level, x, z);
        let held = this._held.get(key);
        if (held === undefined) {
            const record = this._residency.records.at(face, level, x, z);
            const claim = this._residency.claim(record, priority, this);
            held = { record, claim, handle: null, bytes: null, pass: this._pass };
            this._held.set(key, held);
            if (record.state === RecordState.ready) {
                this.uploads.add(held);
            }
        }
        held.claim.priority = priority;
        held.pass = this._pass;
    }

    public onReady(record: ChunkRecord): void {
        const held = this._held.get(record.key);
        if (held !== undefined && !this.uploads.has(held)) {
            this.uploads.add(held);
        }
    }

    /** Told by the runtime already. */
    public onFailed(): void {}

    /** Hands the sink a chunk whose data is here. The caller has looked whether the budget allows it. */
    public upload(held: Held<THandle>): void {
        const { record, handle: oldHandle, bytes: oldBytes } = held;
        this.uploads.remove(held);
        const bytes = this._residency.hold(record);
        try {
            held.handle = this.sink.upload(record.address, new Uint8Array(bytes.buffer, 0, bytes.byteLength));
            held.bytes = bytes;
        } catch (error) {
            this._residency.giveBack(record, bytes);
            this._onFailed(record.address, error instanceof Error ? error : new Error(String(error)));
            return;
        }
        if (oldHandle !== null) {
            this.sink.release(oldHandle);
            this._residency.giveBack(record, oldBytes!);
        }
    }

    /** Data that was thrown away waits for no upload. */
    public invalidated(): void {
        for (const held of this._held.values()) {
            if (held.record.state !== RecordState.ready) {
                this.uploads.remove(held);
            }
        }
    }

    /** Makes tasks that give everything back, for whoever runs them all whatever one of them throws. */
    public end(): (() => void)[] {
        const all = [...this._held.values()];
        this._held.clear();
        this.uploads.clear();
        return all.map((held) => () => this._letGo(held));
    }

    private _letGo(held: Held<THandle>): void {
        const { record, handle, bytes, claim } = held;
        this.uploads.remove(held);
        try {
            if (handle !== null) {
                held.handle = null;
                this.sink.release(handle);
            }
        } finally {
            if (bytes !== null) {
                this._residency.giveBack(record, bytes);
            }
            this._residency.release(claim);
        }
    }
}
