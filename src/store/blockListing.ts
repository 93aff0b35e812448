import { messageOf } from "../base/errors.js";
import { parseChunkStoreKey } from "../format/chunkStoreKey.js";
import { BLOCK_HEIGHT, slotInBlock, squareKey, squareOf, type ChunkSquare } from "../space/chunkSquare.js";
import type { HeldBlock } from "./loadProtocol.js";
import type { ListResult, Store } from "./store.js";

/** Words of 32 bits for the 1,024 chunks of a block. */
const WORDS = 32;

/** The chunks of a world that stores list, by block. */
export class BlockListing {
    public readonly blocks = new Map<number, HeldBlock & { readonly bits: Uint32Array }>();

    /** @param isBlind whether a store could not list what it has */
    public constructor(public readonly isBlind: boolean) {}

    /** Enters a key, if it is that of a chunk of the world. */
    public add(key: string, world: string): void {
        const chunk = parseChunkStoreKey(key);
        if (chunk === null || chunk.world !== world) {
            return;
        }
        const block = squareOf(chunk.address, BLOCK_HEIGHT);
        const blockKey = squareKey(block);
        let held = this.blocks.get(blockKey);
        if (held === undefined) {
            held = { block, bits: new Uint32Array(WORDS) };
            this.blocks.set(blockKey, held);
        }
        const slot = slotInBlock(chunk.address);
        held.bits[slot >> 5]! |= 1 << (slot & 31);
    }

    /** Returns the chunks of a block that are listed, and those of `bits`; null for none. */
    public with(block: ChunkSquare, bits: Uint32Array | null): Uint32Array | null {
        const listed = this.blocks.get(squareKey(block))?.bits;
        if (listed === undefined || bits === null) {
            return listed?.slice() ?? bits?.slice() ?? null;
        }
        return listed.map((word, i) => word | bits[i]!);
    }
}

/**
 * Lists what stores have of a world.
 *
 * @param timeoutMs after which a store counts as one that cannot list
 */
export async function listBlocksAsync(
    stores: readonly Store[],
    world: string,
    timeoutMs: number,
): Promise<BlockListing> {
    const ending = new AbortController();
    const silent: ListResult = { status: "aborted" };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timedOut = new Promise<ListResult>((resolve) => {
        timer = setTimeout(() => resolve(silent), timeoutMs);
    });
    const listAsync = async (store: Store): Promise<ListResult> => {
        try {
            return await store.listAsync(`${world}/`, { signal: ending.signal });
        } catch (error) {
            // A store of somebody's own may throw what it likes.
            return { status: "unavailable", reason: messageOf(error) };
        }
    };
    const askAsync = (store: Store): Promise<ListResult> => Promise.race([listAsync(store), timedOut]);
    const lists = await Promise.all(stores.map(askAsync));
    clearTimeout(timer);
    ending.abort();
    const listing = new BlockListing(lists.some(({ status }) => status !== "listed"));
    for (const list of lists) {
        if (list.status === "listed") {
            list.keys.forEach((key) => listing.add(key, world));
        }
    }
    return listing;
}
