import { formatAddress, parseAddress, type ChunkAddress } from "../space/chunkAddress.js";

/** Ending of a chunk file's name. */
const ENDING = ".trn";
const STORE_KEY = /^([0-9a-f]{16})\/(.+)$/;

/** A chunk of a world, as the key of a store names it. */
export interface ChunkOfWorld {
    /** 16 hexadecimal digits, by `worldKeyOf`. */
    readonly world: string;
    readonly address: ChunkAddress;
}

/** Returns where a chunk's file lies in its bake's folder, as in `0/3/-2.trn`. */
export function chunkFileName(address: ChunkAddress): string {
    return `${formatAddress(address)}${ENDING}`;
}

/** Returns the chunk that `chunkFileName` names; null for any other name. */
export function parseChunkFileName(name: string): ChunkAddress | null {
    if (!name.endsWith(ENDING)) {
        return null;
    }
    try {
        return parseAddress(name.slice(0, -ENDING.length));
    } catch {
        return null;
    }
}

/**
 * Returns the key of a chunk in stores that hold chunks of any world, as in `0123456789abcdef/0/3/-2.trn`.
 *
 * @param world by `worldKeyOf`: recipe, generator and format
 */
export function chunkStoreKey(world: string, address: ChunkAddress): string {
    return `${world}/${chunkFileName(address)}`;
}

/** Returns the chunk that `chunkStoreKey` names; null for any other key. */
export function parseChunkStoreKey(key: string): ChunkOfWorld | null {
    const match = STORE_KEY.exec(key);
    const address = match === null ? null : parseChunkFileName(match[2]!);
    return address === null ? null : { world: match![1]!, address };
}
