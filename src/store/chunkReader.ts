import { isSha256Async } from "../base/digest.js";
import { messageOf } from "../base/errors.js";
import { faultOfFile } from "../format/checkChunkFile.js";
import { unpackChunkFile } from "../format/chunkFile.js";
import { maxChunkFileBytes } from "../format/chunkFileHeader.js";
import { chunkStoreKey } from "../format/chunkStoreKey.js";
import type { StoredWorld } from "../format/storedWorld.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { BakedStore } from "./bakedStore.js";
import type { StoreRequest } from "./store.js";

/** A chunk that is asked of stores. */
export interface ChunkLoad {
    /** What to ask: it looks at what is found, and unpacks it. */
    readonly request: StoreRequest;
    /** The chunk data, once `request` was answered `found`: in the buffer that was given, if it was large enough. */
    readonly chunk: Uint8Array | null;
    /** Milliseconds that unpacking and hashing took. */
    readonly unpackMs: number;
}

/** Asks for chunks of one world, and looks at what comes: length, hashes, header, then what is packed in it. */
export class ChunkReader {
    /** @param _pinned the bake whose root hash is known: what it does not prove is not taken */
    public constructor(
        private readonly _world: StoredWorld,
        private readonly _pinned: BakedStore | null,
        private readonly _turnAsync: () => Promise<void>,
    ) {}

    /** Returns what to ask stores for. */
    public begin(address: ChunkAddress, buffer: ArrayBuffer, signal: AbortSignal): ChunkLoad {
        const key = chunkStoreKey(this._world.key, address);
        const load: { -readonly [K in keyof ChunkLoad]: ChunkLoad[K] } = {
            request: {
                key,
                signal,
                maxBytes: maxChunkFileBytes(this._world.limits),
                inspectAsync: async (file) => {
                    await this._turnAsync();
                    if (signal.aborted) {
                        // The buffer may be somebody else's by now.
                        return "was called off";
                    }
                    const startedMs = performance.now();
                    const taken = await this._takeAsync(key, address, file, buffer);
                    load.unpackMs += performance.now() - startedMs;
                    load.chunk = typeof taken === "string" ? null : taken;
                    return typeof taken === "string" ? taken : null;
                },
            },
            chunk: null,
            unpackMs: 0,
        };
        return load;
    }

    /** Tells whether a chunk that rests below a key will be taken from there: false where the pinned bake is known not to have it. */
    public async isProvableAsync(key: string): Promise<boolean> {
        return this._pinned === null || (await this._pinned.expectedOfAsync(key)).status !== "missing";
    }

    private async _takeAsync(
        key: string,
        address: ChunkAddress,
        file: Uint8Array,
        buffer: ArrayBuffer,
    ): Promise<Uint8Array | string> {
        const fault = faultOfFile(address, this._world, file);
        if (fault !== null) {
            return fault;
        }
        let chunk: Uint8Array;
        try {
            ({ chunk } = unpackChunkFile(file, this._world.limits, buffer));
        } catch (error) {
            return `is damaged: ${messageOf(error)}`;
        }
        return (await this._faultOfPinnedAsync(key, chunk)) ?? chunk;
    }

    private async _faultOfPinnedAsync(key: string, chunk: Uint8Array): Promise<string | null> {
        if (this._pinned === null) {
            return null;
        }
        const answer = await this._pinned.expectedOfAsync(key);
        if (answer.status !== "found") {
            return "is none that the bake of the given root hash is known to have";
        }
        const { byteLength, hash } = answer.expected;
        const isProven = chunk.byteLength === byteLength && (await isSha256Async(chunk, hash));
        return isProven ? null : "is another chunk than the bake of the given root hash has";
    }
}
