import { messageOf, TerraneError } from "../base/errors.js";
import { CircuitBreaker, type Permit } from "./circuitBreaker.js";
import { DamagedAnswer, readBodyAsync } from "./httpBody.js";
import type { HttpSettings } from "./httpSettings.js";
import { RequestSlots } from "./requestSlots.js";
import type { StoreClock } from "./store.js";
import { linkAbort, systemClock, withinAsync } from "./storeClock.js";

/** As the global `fetch` is called here: with an address and settings. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How a host is asked. */
export interface HttpClientOptions extends HttpSettings {
    /** Sends the requests: to sign addresses, or to send credentials. Default: the global `fetch` */
    readonly fetch?: Fetch | undefined;
    /** Called after each answer with the milliseconds that its request waited for a turn, and took. Default: nobody is told */
    readonly onAnswer?: ((queuedMs: number, tookMs: number) => void) | undefined;
    /** Default: the system's */
    readonly clock?: StoreClock | undefined;
    /** Returns numbers from 0 to below 1, for the pauses between attempts. Default: `Math.random` */
    readonly random?: (() => number) | undefined;
}

export interface HttpBytesRequest {
    /** Most bytes of the body, after decompression; what is longer is `damaged`, and not read to its end. */
    readonly maxBytes: number;
    /** Sent beside those of the client, as `range` and `if-match`. */
    readonly headers?: Readonly<Record<string, string>> | undefined;
    /** How the browser's cache is used. Default: `default` */
    readonly cache?: RequestCache | undefined;
    readonly signal?: AbortSignal | undefined;
    /**
     * Looks at status (2xx, 412 or 416) and headers before the body is read. Returns why this is not what was asked for,
     * which makes it `damaged`, and the body is cancelled; null where it is. Default: only 200 is what was asked for
     */
    readonly inspectHead?: ((response: Response) => string | null) | undefined;
}

/** A whole answer. */
export interface HttpBytes {
    /** 200, 206, ... */
    readonly httpStatus: number;
    readonly headers: Headers;
    /** The receiver's own. */
    readonly bytes: Uint8Array;
}

/** What came of a request, after all attempts. */
export type HttpResult<T> =
    | { readonly status: "answered"; readonly value: T }
    /** 404 or 410. */
    | { readonly status: "missing" }
    /** An answer came, and is not what was asked for. `reason` is the end of a sentence that begins with what it is. */
    | { readonly status: "damaged"; readonly reason: string }
    /** No use in asking now: host or network fail, refuse or do not answer, or the host is left alone. `reason` is a sentence. */
    | { readonly status: "unavailable"; readonly reason: string }
    | { readonly status: "aborted" };

/** What came of one attempt. */
type Outcome =
    HttpResult<HttpBytes> | { readonly status: "failed"; readonly reason: string; readonly retryAfterMs: number };

/**
 * Asks one host for files below one address, by GET. Failures of network and host, time-outs, 408, 429 and 5xx, are tried
 * again, after growing pauses and as `Retry-After` says; a host that fails on and on is left alone for a while, then probed by
 * one request until it answers. Every request ends, with a tagged result, and none throws.
 */
export class HttpClient {
    /** Number of attempts beyond the first ones. */
    public retries = 0;
    /** Of the folder or file, absolute, without a slash at its end, query and fragment. */
    public readonly url: string;

    private readonly _query: string;
    private readonly _fetch: Fetch;
    private readonly _headers: Readonly<Record<string, string>>;
    private readonly _timeoutMs: number;
    private readonly _maxRetries: number;
    private readonly _retryMs: number;
    private readonly _maxRetryMs: number;
    private readonly _onAnswer: ((queuedMs: number, tookMs: number) => void) | undefined;
    private readonly _clock: StoreClock;
    private readonly _random: () => number;
    private readonly _slots: RequestSlots;
    private readonly _breaker: CircuitBreaker;
    private readonly _closing = new AbortController();

    /**
     * @param url absolute, or relative to the page; its query goes with each request, its fragment is dropped
     * @throws TerraneError where it is no http or https address, or holds a password
     */
    public constructor(url: string, options: HttpClientOptions = {}) {
        const address = readAddress(url);
        this.url = address.origin + address.pathname.replace(/\/+$/, "");
        this._query = address.search;
        this._fetch = options.fetch ?? ((at, init) => globalThis.fetch(at, init));
        this._headers = options.headers ?? {};
        this._timeoutMs = options.timeoutMs ?? 10_000;
        this._maxRetries = options.maxRetries ?? 2;
        this._retryMs = options.retryMs ?? 200;
        this._maxRetryMs = options.maxRetryMs ?? 5000;
        this._onAnswer = options.onAnswer;
        this._clock = options.clock ?? systemClock;
        this._random = options.random ?? Math.random;
        this._slots = new RequestSlots(options.concurrency ?? 12);
        this._breaker = new CircuitBreaker(this._clock, options.failuresUntilOpen ?? 6, options.probeAfterMs ?? 5000);
    }

    /** The address with its query. */
    public get address(): string {
        return this.url + this._query;
    }

    /** Whether the host is left alone at the moment, or being probed. */
    public get isOpen(): boolean {
        return this._breaker.isOpen;
    }

    /**
     * Reads a file whole, or, with a `range` header and an `inspectHead` that takes 206, a part of it.
     *
     * @param path below the client's address; empty for that address itself
     */
    public async getBytesAsync(path: string, request: HttpBytesRequest): Promise<HttpResult<HttpBytes>> {
        const ending = new AbortController();
        const unlink = linkAbort(ending, request.signal, this._closing.signal);
        try {
            for (let attempt = 0; ; attempt++) {
                const outcome = await this._takeTurnAsync(path, request, ending.signal);
                if (outcome.status !== "failed") {
                    return outcome;
                }
                const { reason, retryAfterMs } = outcome;
                if (retryAfterMs > this._maxRetryMs) {
                    this._breaker.leaveAlone(retryAfterMs);
                }
                if (attempt >= this._maxRetries || this._breaker.isOpen) {
                    return { status: "unavailable", reason };
                }
                const pauseMs = Math.min(this._retryMs * 2 ** attempt, this._maxRetryMs) * (1 + this._random()) * 0.5;
                await this._clock.waitAsync(Math.max(pauseMs, retryAfterMs), ending.signal);
                if (ending.signal.aborted) {
                    return this._endedEarly();
                }
                this.retries++;
            }
        } finally {
            unlink();
        }
    }

    /** Ends all requests: they, and later ones, are `unavailable`. */
    public close(): void {
        this._closing.abort();
    }

    private _endedEarly(): HttpResult<never> {
        return this._closing.signal.aborted
            ? { status: "unavailable", reason: `${this.url} was closed.` }
            : { status: "aborted" };
    }

    private async _takeTurnAsync(path: string, request: HttpBytesRequest, ending: AbortSignal): Promise<Outcome> {
        const askedMs = this._clock.now();
        if (!(await this._slots.takeAsync(ending))) {
            return this._endedEarly();
        }
        try {
            const permit = this._breaker.ask();
            if (permit === null) {
                return {
                    status: "unavailable",
                    reason: `${this.url} has failed again and again, and is not asked for a while`,
                };
            }
            const sentMs = this._clock.now();
            const outcome = await this._attemptAsync(path, request, ending);
            this._count(permit, outcome);
            if (outcome.status === "answered") {
                this._onAnswer?.(sentMs - askedMs, this._clock.now() - sentMs);
            }
            return outcome;
        } finally {
            this._slots.release();
        }
    }

    private _count(permit: Permit, { status }: Outcome): void {
        if (status === "failed") {
            this._breaker.fail(permit);
        } else if (status === "aborted" || this._closing.signal.aborted) {
            this._breaker.giveBack(permit);
        } else {
            this._breaker.succeed(permit);
        }
    }

    private async _attemptAsync(path: string, request: HttpBytesRequest, ending: AbortSignal): Promise<Outcome> {
        const address = path === "" ? this.url : `${this.url}/${path}`;
        const attempt = new AbortController();
        const unlink = linkAbort(attempt, ending);
        const onEnding = (): never => {
            throw new EndedEarly();
        };
        /** Waits as long as the client does; whoever ignores the signal is not waited for. */
        const waitAsync = <T>(work: Promise<T>): Promise<T> =>
            withinAsync<T, T>(this._clock, this._timeoutMs, work, ending, (value) => value, onEnding);
        let response: Response | undefined;
        try {
            const sending = this._fetch(address + this._query, {
                method: "GET",
                headers: { ...this._headers, ...request.headers },
                cache: request.cache ?? "default",
                signal: attempt.signal,
            });
            // It may come when nobody waits any more.
            sending.then(
                (late) => attempt.signal.aborted && cancel(late),
                () => {},
            );
            response = await waitAsync(sending);
            const outcome = outcomeOfHead(address, response, request);
            if (outcome !== null) {
                cancel(response);
                return outcome;
            }
            const bytes = await readBodyAsync(response, request.maxBytes, waitAsync);
            return { status: "answered", value: { httpStatus: response.status, headers: response.headers, bytes } };
        } catch (error) {
            if (response !== undefined) {
                cancel(response);
            }
            if (ending.aborted) {
                return this._endedEarly();
            }
            if (error instanceof DamagedAnswer) {
                return { status: "damaged", reason: error.message };
            }
            const reason =
                error instanceof EndedEarly
                    ? `${address} did not answer within ${this._timeoutMs / 1000} s.`
                    : `${address} could not be read: ${messageOf(error)}${hintOf(error, this.url)}`;
            return { status: "failed", reason, retryAfterMs: 0 };
        } finally {
            unlink();
            attempt.abort();
        }
    }
}

/** Says that nobody waits any longer. */
class EndedEarly extends Error {}

function readAddress(url: string): URL {
    const base = (globalThis as { location?: { href?: string } }).location?.href;
    const address = URL.canParse(url, base) ? new URL(url, base) : null;
    if (address === null || !/^https?:$/.test(address.protocol) || address.username + address.password !== "") {
        throw new TerraneError(
            "url",
            url,
            "an http or https address, without a user's name in it",
            "Pass the address of the folder; credentials go into `headers` or `fetch`.",
        );
    }
    return address;
}

/** Returns what status and headers make of an answer; null where its body is wanted. */
function outcomeOfHead(address: string, response: Response, request: HttpBytesRequest): Outcome | null {
    const { status } = response;
    if (status === 404 || status === 410) {
        return { status: "missing" };
    }
    const reason = `${address} answered ${status}.`;
    if (status === 408 || status === 429 || status >= 500) {
        return { status: "failed", reason, retryAfterMs: retryAfterMsOf(response) };
    }
    if (!response.ok && status !== 412 && status !== 416) {
        return { status: "unavailable", reason };
    }
    const fault = request.inspectHead
        ? request.inspectHead(response)
        : status === 200
          ? null
          : `comes with status ${status}`;
    return fault === null ? null : { status: "damaged", reason: fault };
}

/**
 * Returns what more can be said of a request that found no answer: Node hides the system's error in a cause, and a browser says
 * of a host that does not allow the page's origin no more than of one that is down.
 */
function hintOf(error: unknown, url: string): string {
    const code = (error as { cause?: { code?: unknown } } | null)?.cause?.code;
    if (typeof code === "string") {
        return ` (${code})`;
    }
    const origin = globalThis.location?.origin as string | undefined;
    const isForeign = origin !== undefined && origin !== "null" && new URL(url).origin !== origin;
    return isForeign ? `. Is it in reach, and does it allow pages of ${origin} by Access-Control-Allow-Origin?` : "";
}

/** Returns the milliseconds that a host asks to be left alone for; 0 where it does not. */
function retryAfterMsOf({ headers }: Response): number {
    const text = headers.get("retry-after") ?? "";
    const ms = /^\d+$/.test(text)
        ? 1000 * Number(text)
        : Date.parse(text) - (Date.parse(headers.get("date") ?? "") || Date.now());
    return ms > 0 ? Math.min(ms, MOST_RETRY_AFTER_MS) : 0;
}

/** No host is left alone for longer, whatever it says. */
const MOST_RETRY_AFTER_MS = 600_000;

function cancel(response: Response): void {
    // A body that somebody reads is locked; the attempt's signal ends it.
    if (response.body?.locked === false) {
        response.body.cancel().catch(() => {});
    }
}
