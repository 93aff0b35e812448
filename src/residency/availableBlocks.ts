import { TerraneError } from "../base/errors.js";
import { BLOCK_WORDS, blockStart, hasAllChildren, hasChunk } from "../space/blockBits.js";
import { Availability, type ChunkAvailability } from "../space/chunkAvailability.js";
import { slotOfChunk } from "../space/chunkSquare.js";
import { childX, childZ } from "../space/chunkTree.js";

/** Visits blocks of 32 x 32 chunks. An object, not a function: the frame path makes no closures. */
export interface BlockVisitor {
    /** @param x the least of its chunks, as `z` */
    visitBlock(face: number, level: number, x: number, z: number): void;
}

export interface AvailableBlocksOptions {
    /** Stores that tell what they have, 1 to 30. */
    readonly storeCount: number;
    /** The finest level of which there are chunks. */
    readonly finestLevel: number;
    /** The coarsest level of which there are chunks. */
    readonly coarsestLevel: number;
    /** Blocks to keep; those that the last two frames asked about are kept even so. Default: 2,048. */
    readonly limit?: number;
}

/** A block that was never asked about. */
const NEVER = -2;
/** A view needs some dozens; 2,048 blocks of two stores take 1 MB. */
const DEFAULT_LIMIT = 2048;
/** A bit each in a small integer. */
const MOST_STORES = 30;

/** What stores have of one block. */
class Block {
    /** Bit by chunk: whether any store has it. */
    public readonly any = new Uint32Array(BLOCK_WORDS);
    /** Bit by store: whether it has told. */
    public told = 0;
    /** Whether somebody wants to know more of it than is known. */
    public isPending = false;
    /** The frame in which it was last asked about. */
    public usedFrame = NEVER;
    /** The next block of the same hash. */
    public next: Block | undefined = undefined;

    public constructor(
        public readonly face: number,
        public readonly level: number,
        public readonly x: number,
        public readonly z: number,
        /** What each store has, one after another. */
        public readonly ofStores: Uint32Array,
    ) {}
}

/**
 * Keeps which chunks stores have, by blocks of 32 x 32 chunks that stores tell of one by one; a chunk is available where
 * any store has it. Asked about a block that not all stores have told of, it lists that for `takePending`. Blocks that
 * nobody asks about are forgotten, the longest unused first, and asked for anew when they are needed.
 */
export class AvailableBlocks implements ChunkAvailability {
    private readonly _all: Block[] = [];
    /** Those of one hash as a chain. The hash is a small integer, since a larger number would be an object each time. */
    private readonly _byHash = new Map<number, Block>();
    private readonly _toAsk: Block[] = [];
    private readonly _storeCount: number;
    private readonly _limit: number;
    private readonly _allTold: number;
    private readonly _waiting: (() => void)[] = [];
    private _pendingCount = 0;
    private _frame = 0;
    private _finestLevel: number;
    private _coarsestLevel: number;
    private _isClosed = false;

    /** @throws TerraneError where there are too few or too many stores */
    public constructor({ storeCount, finestLevel, coarsestLevel, limit = DEFAULT_LIMIT }: AvailableBlocksOptions) {
        if (!(Number.isInteger(storeCount) && storeCount >= 1 && storeCount <= MOST_STORES)) {
            const allowed = `an integer from 1 to ${MOST_STORES}`;
            throw new TerraneError("storeCount", storeCount, allowed, "Put fewer stores into the chain.");
        }
        this._storeCount = storeCount;
        this._limit = limit;
        this._allTold = 2 ** storeCount - 1;
        this._finestLevel = finestLevel;
        this._coarsestLevel = coarsestLevel;
    }

    public get coarsestLevel(): number {
        return this._coarsestLevel;
    }

    public get pendingCount(): number {
        return this._pendingCount;
    }

    /** Blocks of which anything is kept. */
    public get count(): number {
        return this._all.length;
    }

    /** Says anew of which levels there are chunks. Of others nobody is asked. */
    public setLevels(finest: number, coarsest: number): void {
        this._finestLevel = finest;
        this._coarsestLevel = coarsest;
    }

    public at(face: number, level: number, x: number, z: number): Availability {
        if (level < this._finestLevel || level > this._coarsestLevel) {
            return Availability.absent;
        }
        const block = this._use(face, level, x, z);
        return hasChunk(block.any, x, z) ? Availability.available : this._otherwise(block);
    }

    public childrenAt(face: number, level: number, x: number, z: number): Availability {
        if (level <= this._finestLevel || level > this._coarsestLevel + 1) {
            return Availability.absent;
        }
        const block = this._use(face, level - 1, childX(x, 0), childZ(z, 0));
        return hasAllChildren(block.any, x, z) ? Availability.available : this._otherwise(block);
    }

    public whenKnownAsync(): Promise<void> {
        return this._pendingCount === 0 ? Promise.resolve() : new Promise((resolve) => this._waiting.push(resolve));
    }

    /**
     * Begins another frame, and visits the blocks that were asked about since the last call and that not all stores have
     * told of. Each stays pending until they have, or it is forgotten. Call it once a frame.
     */
    public takePending(visitor: BlockVisitor): void {
        this._frame++;
        for (let i = 0; i < this._toAsk.length; i++) {
            const { face, level, x, z, isPending } = this._toAsk[i]!;
            if (isPending) {
                visitor.visitBlock(face, level, x, z);
            }
        }
        this._toAsk.length = 0;
    }

    /**
     * Takes what a store has of a block.
     *
     * @param x of any chunk in it, as `z`
     * @param bits by `slotOfChunk`; copied
     */
    public setBlock(store: number, face: number, level: number, x: number, z: number, bits: Uint32Array): void {
        if (this._isClosed) {
            return;
        }
        const block = this._find(face, level, x, z) ?? this._add(face, level, x, z);
        block.ofStores.set(bits.subarray(0, BLOCK_WORDS), store * BLOCK_WORDS);
        block.told |= 1 << store;
        for (let word = 0; word < BLOCK_WORDS; word++) {
            this._merge(block, word);
        }
        if (block.told === this._allTold) {
            this._endPending(block);
        }
    }

    /**
     * Takes that a store has a chunk from now on, or has it no more. Whether a store that has not told of the block has
     * more of it stays open.
     */
    public setChunk(store: number, face: number, level: number, x: number, z: number, isThere: boolean): void {
        const block = this._find(face, level, x, z);
        if (block !== undefined) {
            const slot = slotOfChunk(x, z);
            const at = store * BLOCK_WORDS + (slot >> 5);
            const bit = 1 << (slot & 31);
            block.ofStores[at] = isThere ? block.ofStores[at]! | bit : block.ofStores[at]! & ~bit;
            this._merge(block, slot >> 5);
        }
    }

    /** Forgets what all stores have of a block, that of any of its chunks: whoever needs it asks anew. */
    public forgetBlock(face: number, level: number, x: number, z: number): void {
        const block = this._find(face, level, x, z);
        if (block !== undefined) {
            this._remove(this._all.indexOf(block));
        }
    }

    /** Forgets all blocks. */
    public clear(): void {
        while (this._all.length > 0) {
            this._remove(this._all.length - 1);
        }
    }

    /** Ends: whoever waits is told, and what is not known is absent from now on. */
    public close(): void {
        this._isClosed = true;
        this._toAsk.length = 0;
        for (const block of this._all) {
            this._endPending(block);
        }
    }

    private _use(face: number, level: number, x: number, z: number): Block {
        const block = this._find(face, level, x, z) ?? this._add(face, level, x, z);
        block.usedFrame = this._frame;
        return block;
    }

    /** Returns what a chunk is that no store is known to have. */
    private _otherwise(block: Block): Availability {
        if (block.told === this._allTold || this._isClosed) {
            return Availability.absent;
        }
        if (!block.isPending) {
            block.isPending = true;
            this._pendingCount++;
            this._toAsk.push(block);
        }
        return Availability.unknown;
    }

    private _endPending(block: Block): void {
        if (block.isPending) {
            block.isPending = false;
            this._pendingCount--;
            if (this._pendingCount === 0) {
                this._waiting.splice(0).forEach((resolve) => resolve());
            }
        }
    }

    private _merge({ any, ofStores }: Block, word: number): void {
        any[word] = 0;
        for (let at = word; at < ofStores.length; at += BLOCK_WORDS) {
            any[word]! |= ofStores[at]!;
        }
    }

    private _find(face: number, level: number, x: number, z: number): Block | undefined {
        const startX = blockStart(x);
        const startZ = blockStart(z);
        let block = this._byHash.get(hashOf(face, level, startX, startZ));
        while (block !== undefined && !isAt(block, face, level, startX, startZ)) {
            block = block.next;
        }
        return block;
    }

    private _add(face: number, level: number, x: number, z: number): Block {
        const words = new Uint32Array(BLOCK_WORDS * this._storeCount);
        const block = new Block(face, level, blockStart(x), blockStart(z), words);
        const hash = hashOf(block.face, block.level, block.x, block.z);
        block.next = this._byHash.get(hash);
        this._byHash.set(hash, block);
        this._all.push(block);
        if (this._all.length > this._limit) {
            this._removeOldest(block);
        }
        return block;
    }

    private _removeOldest(newest: Block): void {
        let oldest = -1;
        let oldestFrame = this._frame - 1;
        for (let i = 0; i < this._all.length; i++) {
            const block = this._all[i]!;
            if (block.usedFrame < oldestFrame && block !== newest) {
                oldest = i;
                oldestFrame = block.usedFrame;
            }
        }
        if (oldest >= 0) {
            this._remove(oldest);
        }
    }

    private _remove(index: number): void {
        const block = this._all[index]!;
        const last = this._all.pop()!;
        if (last !== block) {
            this._all[index] = last;
        }
        const hash = hashOf(block.face, block.level, block.x, block.z);
        const first = this._byHash.get(hash)!;
        if (first !== block) {
            let before = first;
            while (before.next !== block) {
                before = before.next!;
            }
            before.next = block.next;
        } else if (block.next !== undefined) {
            this._byHash.set(hash, block.next);
        } else {
            this._byHash.delete(hash);
        }
        this._endPending(block);
    }
}

function isAt(block: Block, face: number, level: number, x: number, z: number): boolean {
    return block.x === x && block.z === z && block.level === level && block.face === face;
}

/** Source: the primes are Teschner et al., Optimized Spatial Hashing for Collision Detection of Deformable Objects. */
function hashOf(face: number, level: number, x: number, z: number): number {
    const place = Math.imul(x, 73_856_093) ^ Math.imul(z, 19_349_663);
    return (place ^ Math.imul(level * 8 + face, 83_492_791)) & 0x3fff_ffff;
}
