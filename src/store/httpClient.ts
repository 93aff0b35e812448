import type { StoreClock } from "./store.js";

/** As the global `fetch` is called here: with an address and settings. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface HttpClientOptions {
    /** Sends the requests: to sign addresses, or to send credentials. Default: the global `fetch` */
    readonly fetch?: Fetch | undefined;
    /** Sent with each request. Default: none */
    readonly headers?: Readonly<Record<string, string>> | undefined;
    /**
     * Most requests at once; others wait for their turn, first come first served. Default: 12, twice what a browser sends
     * at once over HTTP/1, so that no connection idles
     */
    readonly concurrency?: number;
    /** Milliseconds to wait for an answer, and then for each part of its body. Default: 10,000 */
    readonly timeoutMs?: number;
    /** Most attempts beyond the first. Default: 2 */
    readonly maxRetries?: number;
    /** Milliseconds before the second attempt, doubled before each further one; between half of it and all, at random. Default: 200 */
    readonly retryMs?: number;
    /** Most milliseconds between two attempts; who is told to wait longer gives up, and asks the host nothing until then. Default: 5,000 */
    readonly maxRetryMs?: number;
    /** Number of attempts in a row that fail before the host is left alone. Default: 6 */
    readonly failuresUntilOpen?: number;
    /** Milliseconds until a host that was left alone is asked again, by one request; doubled each time that fails, up to 16-fold. Default: 5,000 */
    readonly probeAfterMs?: number;
    /** Default: the system's */
    readonly clock?: StoreClock | undefined;
    /** Returns numbers from 0 to below 1, for jitter. Default: `Math.random` */
    readonly random?: (() => number) | undefined;
}

export interface HttpRequest {
    /** Sent beside those of the client, as `range` and `if-match`. */
    readonly headers?: Readonly<Record<string, string>> | undefined;
    /** How the browser's cache is used. Default: `default` */
    readonly cache?: RequestCache | undefined;
    readonly signal?: AbortSignal | undefined;
}

export interface HttpBytesRequest extends HttpRequest {
    /** Most bytes of the body, after decompression; what is longer is `damaged`, and not read to its end. */
    readonly maxBytes: number;
    /**
     * Looks at status and headers before the body is read. Returns why this is not what was asked for, which makes it
     * `damaged`, and the body is cancelled; null where it is. Default: only 200 is what was asked for
     */
    readonly inspectHead?: ((response: Response) => string | null) | undefined;
}

/** What came of a request, after all attempts. */
export type HttpResult<T> =
    | { readonly status: "answered"; readonly value: T }
    /** 404 or 410. */
    | { readonly status: "missing" }
    /** An answer came, and is not what was asked for. `reason` is the end of a sentence that begins with what it is. */
    | { readonly status: "damaged"; readonly reason: string }
    /** No use in asking now: errors of host or network, time-outs, refusals, or the host is left alone. `reason` is a sentence. */
    | { readonly status: "unavailable"; readonly reason: string }
    | { readonly status: "aborted" };

/** A whole answer. */
export interface HttpBytes {
    /** 200, 206, ... */
    readonly httpStatus: number;
    readonly headers: Headers;
    readonly bytes: Uint8Array;
}

/** Thrown by whoever reads an answer: it is not what was asked for. Not tried again. */
export class DamagedAnswer extends Error {}

/**
 * Asks one host for files below one address by GET. Failures of network and host, time-outs, 408, 429 and 5xx, are tried
 * again, with growing pauses and as `Retry-After` says; a host that fails on and on is left alone for a while, then asked by
 * one request at a time until it answers. Every request ends, with a tagged result, and none throws.
 */
export class HttpClient {
    /** Number of attempts beyond the first ones. */
    public retries = 0;

    /**
     * @param url absolute, or relative to the page; its query goes with each request, its fragment is dropped
     * @throws TerraneError where it is no http or https address
     */
    public constructor(
        public readonly url: string,
        _options: HttpClientOptions = {},
    ) {}

    /** Whether the host is left alone at the moment. */
    public get isOpen(): boolean {
        return false;
    }

    /** Reads a whole file, or with a `range` header and an `inspectHead` that takes 206 a part of one. */
    public getBytesAsync(_path: string, _request: HttpBytesRequest): Promise<HttpResult<HttpBytes>> {
        throw new Error("not yet");
    }

    /**
     * Sends a request and hands its answer (2xx, 412 or 416) to `readAsync`, which reads the body by `readBodyAsync` or
     * cancels it. What `readAsync` throws is a failure of the network, and tried again, unless it is a `DamagedAnswer`.
     */
    public requestAsync<T>(
        _path: string,
        _request: HttpRequest,
        _readAsync: (response: Response) => Promise<T>,
    ): Promise<HttpResult<T>> {
        throw new Error("not yet");
    }

    /** Reads the body of an answer that `requestAsync` gave, up to `maxBytes`, within the client's time-outs. */
    public readBodyAsync(_response: Response, _maxBytes: number): Promise<Uint8Array> {
        throw new Error("not yet");
    }

    /** Ends all requests: they, and later ones, are `unavailable`. */
    public close(): void {}
}
