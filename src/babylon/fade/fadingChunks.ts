import { hasChunkHash } from "../../format/chunkData.js";
import type { LevelFade } from "../../runtime/chunkSink.js";
import type { ChunkAddress } from "../../space/chunkAddress.js";
import { addressKey } from "../../space/chunkKey.js";
import type { PooledChunk } from "../pooledChunk.js";

/** Any exchange that is over. What is still drawn by it waits for its siblings. */
export const OVER: LevelFade = { progress: 1 };

/** The chunks that come or go by exchanges, in no order. */
export class FadingChunks {
    private readonly _chunks: PooledChunk[] = [];

    public get count(): number {
        return this._chunks.length;
    }

    /** @param index 0 to `count - 1` */
    public at(index: number): PooledChunk {
        return this._chunks[index]!;
    }

    /** Lets a chunk that does not fade come or go by an exchange. */
    public add(chunk: PooledChunk, fade: LevelFade, isLeaving: boolean): void {
        chunk.fade = fade;
        chunk.isLeaving = isLeaving;
        this._chunks.push(chunk);
    }

    /** Takes a chunk out, which neither comes nor goes any more. Moves only a later one into its place. */
    public remove(chunk: PooledChunk): void {
        const index = this._chunks.indexOf(chunk);
        this._chunks[index] = this._chunks[this._chunks.length - 1]!;
        this._chunks.pop();
        chunk.fade = null;
        chunk.isLeaving = false;
    }

    /** Returns a chunk that was released, is drawn until it has faded out, and is the one that `bytes` are; else null. */
    public findReleased(address: ChunkAddress, bytes: Uint8Array): PooledChunk | null {
        const key = keyOf(address);
        for (let i = 0; i < this._chunks.length; i++) {
            const chunk = this._chunks[i]!;
            if (chunk.hash !== null && keyOf(chunk.address) === key && hasChunkHash(bytes, chunk.hash)) {
                return chunk;
            }
        }
        return null;
    }
}

function keyOf({ face, level, x, z }: ChunkAddress): number {
    return addressKey(face, level, x, z);
}
