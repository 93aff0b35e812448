import type { BakeTask } from "../../src/bake/protocol.js";
import type { BakeExecutor } from "../../src/scheduler/bakeExecutor.js";
import type { ChunkAddress } from "../../src/space/chunkAddress.js";

/** Chunks in an offline bake's batches: few enough that no worker is far behind the others at the end of a round. */
const BATCH = 4;

export interface DriveResult {
    readonly chunks: number;
    readonly ms: number;
}

/**
 * Keeps an executor as full as an offline bake does, in whole passes over the addresses, for at least `minMs`. Buffers
 * travel out and back and are used again.
 */
export class BakeDriver {
    private readonly _buffers: ArrayBuffer[] = [];
    private _nextId = 0;

    public constructor(
        private readonly _executor: BakeExecutor,
        private readonly _recipeJson: string,
    ) {}

    public async driveAsync(addresses: readonly ChunkAddress[], minMs: number): Promise<DriveResult> {
        const start = performance.now();
        let sent = 0;
        let chunks = 0;
        const isDone = () => performance.now() - start >= minMs && sent % addresses.length === 0;
        const runLaneAsync = async () => {
            while (sent === 0 || !isDone()) {
                const left = addresses.length - (sent % addresses.length);
                const tasks = Array.from({ length: Math.min(BATCH, left) }, () =>
                    this._taskFor(addresses[sent++ % addresses.length]!),
                );
                const { outcomes } = await this._executor.runBatchAsync({ recipeJson: this._recipeJson, tasks });
                for (const outcome of outcomes) {
                    if (!outcome.ok) {
                        throw new Error(outcome.message);
                    }
                    this._buffers.push(outcome.buffer);
                    chunks++;
                }
            }
        };
        await Promise.all(Array.from({ length: this._executor.maxBatchesInFlight }, runLaneAsync));
        return { chunks, ms: performance.now() - start };
    }

    private _taskFor(address: ChunkAddress): BakeTask {
        return { id: this._nextId++, address, buffer: this._buffers.pop() ?? new ArrayBuffer(0) };
    }
}
