import { GENERATOR_VERSION } from "../../src/bake/generatorVersion.js";
import type { BakeBatchRequest, BakeBatchResponse, BakeOutcome } from "../../src/bake/protocol.js";
import { chunkByteLength, ChunkFlags, writeChunkHeader } from "../../src/format/chunkData.js";
import type { BakeExecutor } from "../../src/scheduler/bakeExecutor.js";
import { formatAddress, type ChunkAddress } from "../../src/space/chunkAddress.js";

/**
 * A chunk of no vertices: as much as the runtime looks at.
 *
 * @param seed of its recipe, stands behind the chunk, so that recipes can be told apart
 */
export function fakeChunk(address: ChunkAddress, seed = 0, hasCaves = false): ArrayBuffer {
    const byteLength = chunkByteLength(0, 0, false);
    const buffer = new ArrayBuffer(byteLength + SEED_BYTES);
    new DataView(buffer).setFloat64(byteLength, seed, true);
    writeChunkHeader(new Uint8Array(buffer), {
        address,
        generatorVersion: GENERATOR_VERSION,
        byteLength,
        flags: hasCaves ? ChunkFlags.fused : 0,
        // Heights are no whole numbers, as in a real world: those the engine keeps without an object.
        quantum: 0.25,
        origin: { x: 0, y: 0, z: 0 },
        minimum: { x: 0, y: -41, z: 0 },
        maximum: { x: 0, y: 41, z: 0 },
        vertexCount: 0,
        indexCount: 0,
        surfaceTriangleCount: 0,
    });
    return buffer;
}

const SEED_BYTES = 8;

/** Seed of the recipe that a fake chunk was baked by. */
export function seedOfFakeChunk(bytes: Uint8Array): number {
    return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(bytes.byteLength - SEED_BYTES, true);
}

interface Waiting {
    request: BakeBatchRequest;
    resolve(response: BakeBatchResponse): void;
    reject(error: Error): void;
}

/** Bakes when told to, in the order that it is told. */
export class FakeExecutor implements BakeExecutor {
    public readonly workerCount = 2;
    public maxBatchesInFlight = 4;
    /** What it was told; it takes no more for that. */
    public batchesPerWorker = 2;
    /** Addresses whose chunks fail, as text. */
    public readonly failing = new Set<string>();
    /** Whether chunks have caves. */
    public hasCaves = false;
    /** Every address that was sent, in order. */
    public readonly sent: string[] = [];
    public readonly waiting: Waiting[] = [];
    public isDisposed = false;

    public runBatchAsync(request: BakeBatchRequest): Promise<BakeBatchResponse> {
        this.sent.push(...request.tasks.map((task) => formatAddress(task.address)));
        return new Promise((resolve, reject) => this.waiting.push({ request, resolve, reject }));
    }

    /** Finishes one of the batches under way; resolves when who waited for it has been told. */
    public async finishAsync(index = 0): Promise<void> {
        const [batch] = this.waiting.splice(index, 1);
        if (batch !== undefined) {
            batch.resolve({
                outcomes: batch.request.tasks.map((task) => this._outcomeOf(task, batch.request.recipeJson)),
            });
            await settleAsync();
        }
    }

    public async disposeAsync(): Promise<void> {
        this.isDisposed = true;
        for (const { reject } of this.waiting.splice(0)) {
            reject(new Error("disposed"));
        }
        await settleAsync();
    }

    private _outcomeOf({ id, address, buffer }: BakeBatchRequest["tasks"][number], recipeJson: string): BakeOutcome {
        if (this.failing.has(formatAddress(address))) {
            return { id, ok: false, message: "planned", code: "TERRANE_INVALID", buffer };
        }
        const baked = new Uint8Array(
            fakeChunk(address, (JSON.parse(recipeJson) as { seed: number }).seed, this.hasCaves),
        );
        const fits = buffer.byteLength >= baked.byteLength;
        const target = fits ? buffer : baked.buffer;
        new Uint8Array(target).set(baked);
        return {
            id,
            ok: true,
            buffer: target,
            byteLength: baked.byteLength,
            stageMs: [0, 0, 0, 0, 0, 0, 0],
            startedMs: 0,
            endedMs: 0.5,
            unused: fits ? null : buffer,
        };
    }
}

/** Lets promises that are due run on. */
export async function settleAsync(): Promise<void> {
    for (let i = 0; i < 8; i++) {
        await Promise.resolve();
    }
}
