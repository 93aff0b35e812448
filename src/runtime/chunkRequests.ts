import type { ChunkClaim, ChunkRecord, ClaimListener } from "../residency/chunkRecord.js";
import { RecordState } from "../residency/chunkRecord.js";
import type { Residency } from "../residency/residency.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { priorityOf } from "../streaming/bands.js";
import { StoreUnavailableError } from "./storeUnavailableError.js";

/** How a request for one chunk ended. */
export type ChunkRequestResult =
    | {
          /** The chunk is here. */
          readonly status: "done";
          /** The chunk's address. */
          readonly address: ChunkAddress;
          /** Chunk data, valid during the call only: copy what you keep. */
          readonly bytes: Uint8Array;
      }
    | {
          /** The chunk is given up. */
          readonly status: "failed";
          /** The chunk's address. */
          readonly address: ChunkAddress;
          /** Why it is given up. */
          readonly error: Error;
      }
    | {
          /** The world was disposed. */
          readonly status: "cancelled";
          /** The chunk's address. */
          readonly address: ChunkAddress;
      };

/** Called once with how a request ended. */
export type ChunkRequestCallback = (result: ChunkRequestResult) => void;

/** Chunks that a game asks for by address, each with a claim until it is there. Each callback is called exactly once. */
export class ChunkRequests {
    private readonly _waiting = new Set<Request>();

    public constructor(private readonly _residency: Residency) {}

    /** @param band index into `BANDS`. Returns whether memory answered at once. */
    public request(address: ChunkAddress, band: number, callback: ChunkRequestCallback = () => {}): boolean {
        const { face, level, x, z } = address;
        const record = this._residency.records.at(face, level, x, z);
        if (record.state === RecordState.ready) {
            if (record.isCached) {
                this._residency.cache.touch(record);
            }
            callback(doneOf(record));
            return true;
        }
        const error = this._residency.errorOf(record);
        if (error !== null) {
            this._residency.settle(record);
            // What a store could not give is tried again by itself.
            const known =
                error instanceof StoreUnavailableError
                    ? error
                    : new Error(`The chunk failed before and was given up: ${error.message}`, { cause: error });
            callback({ status: "failed", address, error: known });
            return false;
        }
        const request = new Request(this._residency, this._waiting, callback);
        this._waiting.add(request);
        request.claim = this._residency.claim(record, priorityOf(false, band, true, level, 0), request);
        return false;
    }

    /** Tells everyone who waits, then rethrows what the first that threw has thrown. */
    public cancelAll(): void {
        const errors: unknown[] = [];
        for (const request of [...this._waiting]) {
            try {
                request.end({ status: "cancelled", address: request.claim!.record.address });
            } catch (error) {
                errors.push(error);
            }
        }
        if (errors.length > 0) {
            throw errors[0];
        }
    }
}

/** One request, until it is settled. */
class Request implements ClaimListener {
    public claim: ChunkClaim | null = null;

    public constructor(
        private readonly _residency: Residency,
        private readonly _waiting: Set<Request>,
        private readonly _callback: ChunkRequestCallback,
    ) {}

    public onReady(record: ChunkRecord): void {
        this.end(doneOf(record));
    }

    public onFailed({ address }: ChunkRecord, error: Error): void {
        this.end({ status: "failed", address, error });
    }

    /** The callback may cancel all: each ends once. */
    public end(result: ChunkRequestResult): void {
        if (this._waiting.delete(this)) {
            try {
                this._callback(result);
            } finally {
                this._residency.release(this.claim!);
            }
        }
    }
}

function doneOf({ address, bytes }: ChunkRecord): ChunkRequestResult {
    return { status: "done", address, bytes: new Uint8Array(bytes!.buffer, 0, bytes!.byteLength) };
}
