import type { ChunkFlight } from "../residency/chunkRecord.js";
import type { ChunkSource, SourceClient } from "../residency/chunkSource.js";
import { BakeScheduler } from "../scheduler/bakeScheduler.js";
import {
    PACKED_CHUNKS,
    type BakeAdmission,
    type BakeClient,
    type BakeSchedulerOptions,
    type BakeFailure,
    type BakeTiming,
} from "../scheduler/bakeSchedulerOptions.js";
import type { ScheduledChunk } from "../scheduler/pendingChunks.js";

export interface BakeSourceOptions extends Pick<
    BakeSchedulerOptions<ChunkFlight>,
    "executor" | "recipeJson" | "pool" | "bufferBytes" | "profiler"
> {
    /** Returns whether so many bytes more fit the memory limit. */
    hasRoomFor(bytes: number): boolean;
}

/** The source that has every chunk: it bakes them. */
export class BakeSource implements ChunkSource, BakeClient<ChunkFlight> {
    public readonly name = "bake";
    public readonly scheduler: BakeScheduler<ChunkFlight>;
    /** Told of each chunk that was baked and is wanted, and of its milliseconds. */
    public onBakedChunk: ((flight: ChunkFlight, bakeMs: number) => void) | null = null;
    private _client: SourceClient = NOBODY;

    public constructor({ hasRoomFor, ...options }: BakeSourceOptions) {
        const admission: BakeAdmission = {
            maxInFlight: Number.POSITIVE_INFINITY,
            admits: (inFlight, _, nextBytes) => inFlight === 0 || hasRoomFor(nextBytes),
            onSettled: () => {},
        };
        this.scheduler = new BakeScheduler<ChunkFlight>({
            ...options,
            client: this,
            admission,
            product: PACKED_CHUNKS,
        });
    }

    public connect(client: SourceClient): void {
        this._client = client;
    }

    public request(flight: ChunkFlight): void {
        flight.ticket = this.scheduler.request(flight);
    }

    public cancel({ ticket }: ChunkFlight): boolean {
        return this.scheduler.cancel(ticket as ScheduledChunk<ChunkFlight>);
    }

    public pump(): void {
        this.scheduler.pump();
    }

    public dispose(): void {
        this.scheduler.dispose();
    }

    public refreshPriorities(): void {
        this._client.refreshPriorities();
    }

    public onSent(flight: ChunkFlight): void {
        this._client.onLoading(flight);
    }

    public onReturned(flight: ChunkFlight): void {
        this._client.onReturned(flight);
    }

    public onBaked(
        flight: ChunkFlight,
        buffer: ArrayBuffer,
        byteLength: number,
        { startedMs, endedMs }: BakeTiming,
    ): void {
        this._client.onAnswered(flight, { status: "found", buffer, byteLength });
        // Records are used again: who was told may have let this one go.
        if (flight.record.key === flight.key) {
            this.onBakedChunk?.(flight, endedMs - startedMs);
        }
    }

    public onFailed(flight: ChunkFlight, { error }: BakeFailure): void {
        this._client.onAnswered(flight, { status: "failed", error });
    }

    /** Only its own client cancels. */
    public onCancelled(): void {}
}

const NOBODY: SourceClient = {
    refreshPriorities() {},
    onLoading() {},
    onReturned() {},
    onLate() {},
    onAnswered() {},
    onRecovered() {},
};
