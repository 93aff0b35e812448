import type { BufferPool } from "../../../src/memory/bufferPool.js";
import type { ChunkFlight } from "../../../src/residency/chunkRecord.js";
import type { ChunkSource, SourceAnswer, SourceClient } from "../../../src/residency/chunkSource.js";
import { formatAddress } from "../../../src/space/chunkAddress.js";

/** Loads as many chunks at once as it is told to, the most urgent first, and answers when the test says so. */
export class FakeSource implements ChunkSource {
    /** Addresses in the order in which they were loaded. */
    public readonly loaded: string[] = [];
    public readonly waiting: ChunkFlight[] = [];
    public readonly loading: ChunkFlight[] = [];
    public isDisposed = false;
    /** Whether it drops what it loads, where it is called off. */
    public canAbort = false;
    private _client!: SourceClient;

    public constructor(
        public readonly name: string,
        private readonly _pool: BufferPool,
        public concurrency = 2,
    ) {}

    public connect(client: SourceClient): void {
        this._client = client;
    }

    public request(flight: ChunkFlight): void {
        this.waiting.push(flight);
    }

    public cancel(flight: ChunkFlight): boolean {
        const list = this.canAbort && this.loading.includes(flight) ? this.loading : this.waiting;
        const index = list.indexOf(flight);
        if (index >= 0) {
            list.splice(index, 1);
        }
        return index >= 0;
    }

    public pump(): void {
        this._client.refreshPriorities();
        while (this.waiting.length > 0 && this.loading.length < this.concurrency) {
            this.waiting.sort((a, b) => a.priority - b.priority);
            const flight = this.waiting.shift()!;
            this.loading.push(flight);
            this.loaded.push(formatAddress(flight.address));
            this._client.onLoading(flight);
        }
    }

    public dispose(): void {
        this.isDisposed = true;
        this.loading.length = 0;
    }

    /** Answers for one chunk that is loading; with 2,000 bytes of `content` unless told otherwise. */
    public answer(index = 0, answer: SourceAnswer | null = null, content = 0): void {
        const [flight] = this.loading.splice(index, 1);
        if (flight !== undefined) {
            this._client.onAnswered(flight, answer ?? this._found(content));
        }
    }

    /** Loses its work on a chunk, and begins anew. */
    public lose(index = 0): void {
        const [flight] = this.loading.splice(index, 1);
        if (flight !== undefined) {
            this.waiting.push(flight);
            this._client.onReturned(flight);
        }
    }

    /** Says that a chunk that is loading takes long. */
    public delay(index = 0): void {
        this._client.onLate(this.loading[index]!);
    }

    /** Says that what it could not give may be had again. */
    public recover(): void {
        this._client.onRecovered();
    }

    private _found(content: number): SourceAnswer {
        const { buffer } = this._pool.adopt(new ArrayBuffer(2000 + content));
        new Uint8Array(buffer).fill(content);
        return { status: "found", buffer, byteLength: 2000 };
    }
}
