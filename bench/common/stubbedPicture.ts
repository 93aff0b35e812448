import type { ViewSink } from "../../src/runtime/chunkSink.js";
import { formatAddress, type ChunkAddress } from "../../src/space/chunkAddress.js";

/** Takes chunks and draws none, but remembers which are shown. */
export class StubbedPicture implements ViewSink<ChunkAddress> {
    /** Chunks that it took. */
    public uploads = 0;
    /** Bytes that it took. */
    public uploadedBytes = 0;
    private readonly _shown = new Set<string>();

    /** @param _chunkSize metres along a side of the finest chunks */
    public constructor(private readonly _chunkSize: number) {}

    public upload(address: ChunkAddress, bytes: Uint8Array): ChunkAddress {
        this.uploads++;
        this.uploadedBytes += bytes.byteLength;
        return { ...address };
    }

    public release(): void {}

    public show(address: ChunkAddress): void {
        this._shown.add(formatAddress(address));
    }

    public hide(address: ChunkAddress): void {
        this._shown.delete(formatAddress(address));
    }

    /** Returns the finest level that is shown at a place; Infinity where nothing is. */
    public levelAt({ x, z }: { readonly x: number; readonly z: number }, coarsest: number): number {
        for (let level = 0; level <= coarsest; level++) {
            const side = this._chunkSize * 2 ** level;
            if (this._shown.has(`${level}/${Math.floor(x / side)}/${Math.floor(z / side)}`)) {
                return level;
            }
        }
        return Number.POSITIVE_INFINITY;
    }
}
