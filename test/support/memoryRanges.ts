import type { FileIdentity, RangeReader, RangeRequest, RangeResult } from "../../src/store/rangeReader.js";

/** A file in memory that is read in parts, as a test wants it. */
export class MemoryRanges implements RangeReader {
    public readonly location = "memory.pmtiles";
    public readonly retries = 0;
    /** What was asked for. */
    public readonly asked: RangeRequest[] = [];
    public isClosed = false;
    /** Called before a part is given: what it returns is given in its place, and it may wait. */
    public before: ((request: RangeRequest) => RangeResult | null | Promise<RangeResult | null>) | null = null;
    private _edition = 1;

    public constructor(private _bytes: Uint8Array | null) {}

    /** Puts another file in the place of this one. */
    public replace(bytes: Uint8Array | null): void {
        this._bytes = bytes;
        this._edition++;
    }

    public async readRangeAsync(request: RangeRequest): Promise<RangeResult> {
        this.asked.push(request);
        const other = await this.before?.(request);
        if (other !== null && other !== undefined) {
            return other;
        }
        if (this._bytes === null) {
            return { status: "missing" };
        }
        if (request.expected !== null && request.expected.etag !== this._identity.etag) {
            return { status: "changed" };
        }
        const { offset, length } = request;
        return { status: "read", bytes: this._bytes.slice(offset, offset + length), identity: this._identity };
    }

    public closeAsync(): Promise<void> {
        this.isClosed = true;
        return Promise.resolve();
    }

    private get _identity(): FileIdentity {
        return { byteLength: this._bytes?.byteLength ?? null, etag: `"${this._edition}"`, modified: null };
    }
}
