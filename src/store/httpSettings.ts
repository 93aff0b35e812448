import { givenOf } from "./givenOf.js";

/** How a host is asked, in plain data, which can go to another thread. */
export interface HttpSettings {
    /** Sent with each request. Default: none */
    readonly headers?: Readonly<Record<string, string>> | undefined;
    /**
     * Most requests at once; others wait for their turn, first come first served. Default: 12, twice what a browser sends
     * at once over HTTP/1, so that no connection idles
     */
    readonly concurrency?: number | undefined;
    /** Milliseconds to wait for an answer, and then for each part of its body. Default: 10,000 */
    readonly timeoutMs?: number | undefined;
    /** Most attempts beyond the first. Default: 2 */
    readonly maxRetries?: number | undefined;
    /**
     * Milliseconds before the second attempt, doubled before each further one; at random, between half of it and all.
     * Default: 200
     */
    readonly retryMs?: number | undefined;
    /**
     * Most milliseconds between two attempts. Who is told to wait longer gives up, and leaves the host alone until then.
     * Default: 5,000
     */
    readonly maxRetryMs?: number | undefined;
    /** Number of attempts in a row that fail before the host is left alone. Default: 6 */
    readonly failuresUntilOpen?: number | undefined;
    /**
     * Milliseconds until a host that was left alone is asked again, by one request; doubled each time that fails, up to
     * 16-fold. Default: 5,000
     */
    readonly probeAfterMs?: number | undefined;
}

/** How a server of files is asked, in plain data. */
export interface HttpFileSettings extends HttpSettings {
    /** Default: `http` */
    readonly name?: string | undefined;
    /** Milliseconds for which a file that was missing is not asked for again. Default: 60,000 */
    readonly missingMs?: number | undefined;
}

/** How parts of a file are asked for on a web server, in plain data. */
export interface HttpRangeSettings extends HttpSettings {
    /** Most bytes of a file that is read whole, and kept, where its host gives no parts of it. Default: 2^24 */
    readonly maxWholeBytes?: number | undefined;
    /** Milliseconds for which a host that gives no parts of a longer file is not asked again. Default: 60,000 */
    readonly refusalMs?: number | undefined;
}

/** How archives of blocks on a web server are asked for, in plain data. */
export interface HttpBlockSettings extends HttpRangeSettings {
    /** Most archives that stay open, beside those that are being read. Default: 64 */
    readonly mostOpen?: number | undefined;
}

const SETTINGS = [
    "headers",
    "concurrency",
    "timeoutMs",
    "maxRetries",
    "retryMs",
    "maxRetryMs",
    "failuresUntilOpen",
    "probeAfterMs",
] as const;
const FILE_SETTINGS = [...SETTINGS, "name", "missingMs"] as const;
const RANGE_SETTINGS = [...SETTINGS, "maxWholeBytes", "refusalMs"] as const;
const BLOCK_SETTINGS = [...RANGE_SETTINGS, "mostOpen"] as const;

/** Returns the settings of a server of files that are given, and nothing else of what options hold. */
export function httpFileSettingsOf(options: HttpFileSettings): HttpFileSettings {
    return givenOf(options, FILE_SETTINGS);
}

/** Returns the settings of parts of a file that are given, and nothing else of what options hold. */
export function httpRangeSettingsOf(options: HttpRangeSettings): HttpRangeSettings {
    return givenOf(options, RANGE_SETTINGS);
}

/** Returns the settings of archives of blocks that are given, and nothing else of what options hold. */
export function httpBlockSettingsOf(options: HttpBlockSettings): HttpBlockSettings {
    return givenOf(options, BLOCK_SETTINGS);
}
