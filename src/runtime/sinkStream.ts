import {
    RecordState,
    type ChunkBytes,
    type ChunkClaim,
    type ChunkRecord,
    type ClaimListener,
} from "../residency/chunkRecord.js";
import type { Residency } from "../residency/residency.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { Availability, type ChunkAvailability } from "../space/chunkAvailability.js";
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
    readonly claim: ChunkClaim;
    /** What the sink made of the data, and that data; null until it has it. */
    handle: THandle | null;
    bytes: ChunkBytes | null;
    /** The pass in which the rule named it last. */
    pass: number;
}

/** Brings a sink the chunks that its rule names, each newer revision of them too, and takes them away when it names them no more. */
export class SinkStream<THandle> implements ClaimListener, NeededVisitor {
    public readonly uploads = new UploadQueue<Held<THandle>>(({ claim }) => claim.priority);
    private readonly _byKey = new Map<number, Held<THandle>>();
    /** All of them, to go through without garbage. */
    private readonly _held: Held<THandle>[] = [];
    private _pass = 0;

    public constructor(
        private readonly _residency: Residency,
        public readonly sink: ChunkSink<THandle>,
        private readonly _rule: SinkRule,
        private readonly _onFailed: (address: ChunkAddress, error: Error) => void,
        private readonly _available: ChunkAvailability | null = null,
    ) {}

    /** Once a frame. */
    public update(): void {
        this._pass++;
        this._rule.forEachNeeded(this);
        for (let i = this._held.length - 1; i >= 0; i--) {
            const held = this._held[i]!;
            if (held.pass !== this._pass) {
                this._byKey.delete(held.record.key);
                this._held[i] = this._held[this._held.length - 1]!;
                this._held.pop();
                this._letGo(held);
            }
        }
    }

    public need(face: number, level: number, x: number, z: number, priority: number): void {
        const key = addressKey(face, level, x, z);
        let held = this._byKey.get(key);
        if (held === undefined) {
            if (!this._canHave(face, level, x, z)) {
                return;
            }
            const record = this._residency.records.at(face, level, x, z);
            const claim = this._residency.claim(record, priority, this);
            held = { record, claim, handle: null, bytes: null, pass: this._pass };
            this._byKey.set(key, held);
            this._held.push(held);
            if (record.state === RecordState.ready) {
                this.uploads.add(held);
            }
        }
        held.claim.priority = priority;
        held.pass = this._pass;
    }

    public onReady(record: ChunkRecord): void {
        const held = this._byKey.get(record.key);
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
        for (const held of this._held) {
            if (held.record.state !== RecordState.ready) {
                this.uploads.remove(held);
            }
        }
    }

    /** Makes tasks that give everything back, for whoever runs them all whatever one of them throws. */
    public end(): (() => void)[] {
        this._byKey.clear();
        this.uploads.clear();
        return this._held.splice(0).map((held) => () => this._letGo(held));
    }

    /** Whether there is a chunk. While nobody knows, there is none. */
    private _canHave(face: number, level: number, x: number, z: number): boolean {
        const { _available: available } = this;
        return available === null || available.at(face, level, x, z) === Availability.available;
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
