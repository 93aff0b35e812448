import { formatAddress, type ChunkAddress } from "../space/chunkAddress.js";

/** A chunk that stores cannot give at the moment, or that they should have and do not. */
export class StoreUnavailableError extends Error {
    /** Tells this error from others. */
    public override readonly name = "StoreUnavailableError";
    /** Tells this error from others, also where classes are lost. */
    public readonly code = "TERRANE_STORE_UNAVAILABLE";

    /** @param reason as a sentence */
    public constructor(
        /** The chunk's address. */
        public readonly address: ChunkAddress,
        reason: string,
    ) {
        super(`Chunk ${formatAddress(address)} could not be loaded: ${reason.replace(/\.+$/, "")}.`);
    }
}
