import { AvailableBlocks, type BlockVisitor } from "../residency/availableBlocks.js";
import { MAX_LEVEL, type ChunkAddress } from "../space/chunkAddress.js";
import { Availability } from "../space/chunkAvailability.js";
import { BLOCK_WORDS, slotOfChunk } from "../space/blockBits.js";
import { BLOCK_HEIGHT, chunkInBlock, squareKey, squareOf, type ChunkSquare } from "../space/chunkSquare.js";
import type { HeldBlock, ChunkEvent } from "../store/loadProtocol.js";

/** The first and only teller: the thread that loads knows all stores. */
const STORES = 0;
/** A block without chunks. */
const NOTHING = new Uint32Array(BLOCK_WORDS);

/** Which chunks of the world stores have, as the thread that loads them tells. */
export class StoreContents implements BlockVisitor {
    /** Block by block. What is asked about and not known is asked for by `takeAsks`. */
    public readonly blocks = new AvailableBlocks({ storeCount: 1, finestLevel: 0, coarsestLevel: MAX_LEVEL });
    /** Whether blocks that were not listed have no chunk. */
    private _isComplete = false;
    /** Whether stores may have what they do not list. */
    private _isBlind = true;
    private _listed = new Map<number, Uint32Array | null>();
    private _asks: ChunkSquare[] | null = null;
    /** Blocks of which not all could be told. */
    private _partial: ChunkSquare[] = [];
    /** Those, and such as were asked for again since, by their keys. */
    private readonly _untold = new Set<number>();

    /** Whether stores may have what they do not list. */
    public get isBlind(): boolean {
        return this._isBlind;
    }

    /** Tells whether a store may have a chunk. Where none does, nobody need be asked. */
    public mayHave({ face, level, x, z }: ChunkAddress): boolean {
        return this._isBlind || this.blocks.at(face, level, x, z) !== Availability.absent;
    }

    /** Tells whether a store is known to have a chunk, or to have had it. */
    public has({ face, level, x, z }: ChunkAddress): boolean {
        return this.blocks.at(face, level, x, z) === Availability.available;
    }

    /** Forgets what was known of another world. */
    public clear(): void {
        this._isComplete = false;
        this._isBlind = true;
        this._listed.clear();
        this._partial = [];
        this._untold.clear();
        this.blocks.clear();
    }

    /** Takes what is known of a world. */
    public begin({ isComplete, isBlind, blocks }: Extract<ChunkEvent, { kind: "world" }>): void {
        this._isComplete = isComplete;
        this._isBlind = isBlind;
        this._listed = new Map(blocks.map(({ block, bits }) => [squareKey(block), bits]));
        this.blocks.clear();
    }

    /** Takes what is known of some blocks. Returns whether some of it is to be asked for again, by `askAgain`. */
    public take(blocks: readonly HeldBlock[]): boolean {
        for (const { block, bits, isPartial = false } of blocks) {
            const key = squareKey(block);
            if (!isPartial) {
                this._untold.delete(key);
                this._set(block, bits);
                continue;
            }
            // Once more before it counts as it is known: a picture would be ready for want of anything to show.
            if (this._untold.has(key)) {
                this._set(block, bits);
            }
            this._untold.add(key);
            this._partial.push(block);
        }
        return this._partial.length > 0;
    }

    /** Forgets blocks of which not all could be told, so that whoever needs them asks anew. */
    public askAgain(): void {
        for (const block of this._partial.splice(0)) {
            const { face, level, x, z } = chunkInBlock(block, 0);
            this.blocks.forgetBlock(face, level, x, z);
        }
    }

    /** A store has a chunk from now on. */
    public add(address: ChunkAddress): void {
        const { face, level, x, z } = address;
        this.blocks.setChunk(STORES, face, level, x, z, true);
        if (this._isComplete) {
            const key = squareKey(squareOf(address, BLOCK_HEIGHT));
            const bits = this._listed.get(key) ?? new Uint32Array(BLOCK_WORDS);
            const slot = slotOfChunk(x, z);
            bits[slot >> 5]! |= 1 << (slot & 31);
            this._listed.set(key, bits);
        }
    }

    /** No store has a chunk any more. Where a bake lists it, it is not known whether that is for good. */
    public remove({ face, level, x, z }: ChunkAddress): void {
        if (!this._isComplete) {
            return;
        }
        this.blocks.setChunk(STORES, face, level, x, z, false);
        const bits = this._listed.get(squareKey(squareOf({ face, level, x, z }, BLOCK_HEIGHT))) ?? null;
        if (bits !== null) {
            const slot = slotOfChunk(x, z);
            bits[slot >> 5]! &= ~(1 << (slot & 31));
        }
    }

    /** Adds to `asks` the blocks that somebody needs to know of. Call it once a frame. */
    public takeAsks(asks: ChunkSquare[]): void {
        this._asks = asks;
        this.blocks.takePending(this);
        this._asks = null;
    }

    public visitBlock(face: number, level: number, x: number, z: number): void {
        const block = squareOf({ face, level, x, z }, BLOCK_HEIGHT);
        if (this._isComplete) {
            this._set(block, this._listed.get(squareKey(block)) ?? null);
        } else {
            this._asks!.push(block);
        }
    }

    private _set(block: ChunkSquare, bits: Uint32Array | null): void {
        const { face, level, x, z } = chunkInBlock(block, 0);
        this.blocks.setBlock(STORES, face, level, x, z, bits ?? NOTHING);
    }
}
