import { HttpClient, type HttpClientOptions } from "./httpClient.js";
import { headOfPart, type PartHead } from "./httpPartHead.js";
import type { HttpRangeSettings } from "./httpSettings.js";
import {
    isSameEdition,
    type FileIdentity,
    type RangeReader,
    type RangeRequest,
    type RangeResult,
} from "./rangeReader.js";
import type { StoreClock } from "./store.js";
import { linkAbort, systemClock } from "./storeClock.js";

/** How parts of a file are asked for on a web server. */
export interface HttpRangesOptions extends HttpClientOptions, HttpRangeSettings {}

/** A file below the address of a client that asks for others as well. */
export interface HttpFile {
    /** Its owner's to close. */
    readonly client: HttpClient;
    /** Below the client's address. */
    readonly path: string;
}

interface WholeFile {
    readonly bytes: Uint8Array;
    readonly identity: FileIdentity;
}

/** What was answered is not what was asked for; `reason` is the end of a sentence that begins with the host's file. */
interface OddAnswer {
    readonly status: "odd";
    readonly reason: string;
    /** Of the whole file; null where that is not known. */
    readonly byteLength: number | null;
}

/** How the browser's cache is used, attempt by attempt: it may hold parts of an older file. */
const CACHES: readonly RequestCache[] = ["default", "reload"];
/** The first part tells the edition: a cache asks the host whether its own is still the newest. */
const FIRST_CACHES: readonly RequestCache[] = ["no-cache", "reload"];
const FRESH_CACHES: readonly RequestCache[] = ["reload"];

const REMEDY =
    "Let the host answer range requests, without compression, or give it the bake's folder in place of the archive.";

/**
 * Reads parts of a file from a web server. What a host, or a cache on the way, gives in their place (another part, one of an
 * older file, a compressed one, the whole file) is noticed, asked for again past the browser's cache, and not handed out. Of
 * a host that gives no parts a small file is read whole, and kept.
 */
export class HttpRanges implements RangeReader {
    private readonly _client: HttpClient;
    private readonly _path: string;
    private readonly _isOwn: boolean;
    private readonly _closing = new AbortController();
    private readonly _maxWholeBytes: number;
    private readonly _refusalMs: number;
    private readonly _clock: StoreClock;
    private _whole: WholeFile | null = null;
    private _readingWhole: Promise<RangeResult> | null = null;
    private _refusal: { readonly reason: string; readonly untilMs: number } | null = null;

    /**
     * @param file its address, or whom to ask for it
     * @throws TerraneError where it is no http or https address
     */
    public constructor(file: string | HttpFile, options: HttpRangesOptions = {}) {
        this._isOwn = typeof file === "string";
        const { client, path } = typeof file === "string" ? { client: new HttpClient(file, options), path: "" } : file;
        this._client = client;
        this._path = path;
        this._maxWholeBytes = options.maxWholeBytes ?? 2 ** 24;
        this._refusalMs = options.refusalMs ?? 60_000;
        this._clock = options.clock ?? systemClock;
    }

    public get location(): string {
        return this._path === "" ? this._client.url : `${this._client.url}/${this._path}`;
    }

    /** The absolute address, with its query. */
    public get address(): string {
        return this._client.address;
    }

    public get retries(): number {
        return this._client.retries;
    }

    public async readRangeAsync(request: RangeRequest): Promise<RangeResult> {
        const ending = new AbortController();
        const unlink = linkAbort(ending, request.signal, this._closing.signal);
        try {
            const result = await this._readAsync({ ...request, signal: ending.signal });
            return result.status === "aborted" && this._closing.signal.aborted
                ? { status: "unavailable", reason: `${this.location} was closed.` }
                : result;
        } finally {
            unlink();
        }
    }

    public closeAsync(): Promise<void> {
        this._closing.abort();
        if (this._isOwn) {
            this._client.close();
        }
        this._whole = null;
        return Promise.resolve();
    }

    private async _readAsync(request: RangeRequest): Promise<RangeResult> {
        const { expected, isFresh = false } = request;
        if (isFresh) {
            this._whole = null;
        }
        let answer: RangeResult | OddAnswer = { status: "changed" };
        for (const cache of isFresh ? FRESH_CACHES : expected === null ? FIRST_CACHES : CACHES) {
            if (this._whole !== null) {
                return partOf(this._whole, request);
            }
            if (this._refusal !== null && this._clock.now() < this._refusal.untilMs) {
                return { status: "unavailable", reason: this._refusal.reason };
            }
            answer = await this._askAsync(request, cache);
            if (answer.status !== "odd" && answer.status !== "changed") {
                return answer;
            }
        }
        return answer.status === "odd" ? this._fallBackAsync(request, answer) : answer;
    }

    private async _askAsync(request: RangeRequest, cache: RequestCache): Promise<RangeResult | OddAnswer> {
        const { offset, length, expected, signal } = request;
        let head: PartHead | null = null;
        const answer = await this._client.getBytesAsync(this._path, {
            headers: { range: `bytes=${offset}-${offset + length - 1}` },
            cache,
            signal,
            // The whole file may come in place of a part.
            maxBytes: Math.max(length, this._maxWholeBytes),
            inspectHead: (response) => {
                head = headOfPart(response, request);
                return head.kind === "part" || head.kind === "whole" ? null : "is not the part that was asked for";
            },
        });
        if ((answer.status !== "answered" && answer.status !== "damaged") || head === null) {
            return answer as RangeResult;
        }
        const seen = head as PartHead;
        if (
            seen.kind === "beyond" &&
            expected === null &&
            offset === 0 &&
            0 < seen.byteLength &&
            seen.byteLength < length
        ) {
            // Some hosts want a range to end within the file.
            return this._askAsync({ ...request, length: seen.byteLength }, cache);
        }
        if (seen.kind === "changed" || (seen.kind === "beyond" && expected !== null)) {
            return { status: "changed" };
        }
        if (seen.kind === "beyond") {
            return odd(`ends before byte ${offset}`, seen.byteLength);
        }
        if (seen.kind === "odd") {
            return odd(seen.reason, seen.byteLength);
        }
        if (answer.status === "damaged") {
            return odd(`came ${seen.kind === "whole" ? "whole" : "in part"}, and ${answer.reason}`, Infinity);
        }
        const { bytes } = answer.value;
        if (seen.kind === "whole") {
            this._whole = { bytes, identity: { ...seen.identity, byteLength: bytes.byteLength } };
            return partOf(this._whole, request);
        }
        const isShort = seen.length === null && expected === null && bytes.byteLength < length;
        return bytes.byteLength === (seen.length ?? length) || isShort
            ? { status: "read", bytes, identity: seen.identity }
            : odd(`came with ${bytes.byteLength} bytes of ${seen.length ?? length}`, seen.identity.byteLength);
    }

    /** Reads the file whole, where that is not too much, once for all who want a part of it. */
    private async _fallBackAsync(request: RangeRequest, { reason, byteLength }: OddAnswer): Promise<RangeResult> {
        if ((byteLength ?? request.expected?.byteLength ?? 0) <= this._maxWholeBytes) {
            this._readingWhole ??= this._readWholeAsync().finally(() => (this._readingWhole = null));
            const result = await this._readingWhole;
            if (request.signal?.aborted === true) {
                return { status: "aborted" };
            }
            if (result.status === "read") {
                return partOf(result, request);
            }
        }
        const text = `${this.location} ${reason}. ${REMEDY}`;
        this._refusal = { reason: text, untilMs: this._clock.now() + this._refusalMs };
        return { status: "unavailable", reason: text };
    }

    /** Not by one asker's signal: others may wait as well. */
    private async _readWholeAsync(): Promise<RangeResult> {
        let identity: FileIdentity | null = null;
        const answer = await this._client.getBytesAsync(this._path, {
            cache: "reload",
            signal: this._closing.signal,
            maxBytes: this._maxWholeBytes,
            inspectHead: (response) => {
                const head = headOfPart(response, { offset: 0, length: this._maxWholeBytes, expected: null });
                identity = head.kind === "whole" ? head.identity : null;
                return identity === null ? "did not come whole" : null;
            },
        });
        if (answer.status !== "answered") {
            return answer.status === "damaged" ? { status: "unavailable", reason: answer.reason } : answer;
        }
        const { bytes } = answer.value;
        this._whole = { bytes, identity: { ...identity!, byteLength: bytes.byteLength } };
        return { status: "read", ...this._whole };
    }
}

function odd(reason: string, byteLength: number | null): OddAnswer {
    return { status: "odd", reason, byteLength };
}

function partOf({ bytes, identity }: WholeFile, { offset, length, expected }: RangeRequest): RangeResult {
    const isCut = expected !== null && offset + length > bytes.byteLength;
    return isCut || (expected !== null && !isSameEdition(identity, expected))
        ? { status: "changed" }
        : { status: "read", bytes: bytes.slice(offset, offset + length), identity };
}
