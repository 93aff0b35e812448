import { ArchiveStore } from "../../../src/store/archiveStore.js";
import { HttpRanges, type HttpRangesOptions } from "../../../src/store/httpRanges.js";
import type { FileIdentity, RangeResult } from "../../../src/store/rangeReader.js";
import { archiveOf } from "../../support/archives.js";
import { TestClock } from "./testClock.js";

const clock = new TestClock();
const FILE = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);

/** What a host does with one request; null leaves it to the host that does all right. */
type Answer = (asked: Asked) => Response | null | Promise<Response>;

interface Asked {
    readonly range: { readonly from: number; readonly to: number } | null;
    readonly cache: RequestCache;
    readonly signal: AbortSignal;
    /** Number of requests before this one. */
    readonly count: number;
}

class Host {
    public file = FILE;
    public etag: string | null = '"1"';
    public modified = "Mon, 30 Nov 2026 12:00:00 GMT";
    public answer: Answer = () => null;
    public readonly asked: Asked[] = [];

    public readonly fetch = async (_url: string, init: RequestInit): Promise<Response> => {
        const match = /^bytes=(\d+)-(\d+)$/.exec(new Headers(init.headers).get("range") ?? "");
        const range = match === null ? null : { from: Number(match[1]), to: Number(match[2]) };
        const asked = { range, cache: init.cache!, signal: init.signal!, count: this.asked.length };
        this.asked.push(asked);
        return (await this.answer(asked)) ?? this.right(asked);
    };

    /** As a host answers that knows ranges. */
    public right({ range }: Pick<Asked, "range">, headers: Record<string, string | null> = {}): Response {
        if (range === null) {
            return this.whole(headers);
        }
        const total = this.file.byteLength;
        if (range.from >= total) {
            return new Response(null, { status: 416, headers: { "content-range": `bytes */${total}` } });
        }
        const to = Math.min(range.to, total - 1);
        const contentRange = `bytes ${range.from}-${to}/${total}`;
        return this._response(206, this.file.slice(range.from, to + 1), { "content-range": contentRange, ...headers });
    }

    public whole(headers: Record<string, string | null> = {}): Response {
        return this._response(200, this.file, headers);
    }

    private _response(status: number, bytes: Uint8Array, others: Record<string, string | null>): Response {
        const length = String(bytes.byteLength);
        const all = { etag: this.etag, "last-modified": this.modified, "content-length": length, ...others };
        const headers = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
        return new Response(new Uint8Array(bytes), { status, headers });
    }
}

function readerOf(answer: Answer = () => null, options: HttpRangesOptions = {}) {
    const host = new Host();
    host.answer = answer;
    const reader = new HttpRanges("https://host.example/bake.pmtiles?key=1", {
        fetch: host.fetch,
        clock,
        random: () => 1,
        ...options,
    });
    const readAsync = (offset: number, length: number, expected: FileIdentity | null = null, isFresh = false) =>
        clock.runAsync(reader.readRangeAsync({ offset, length, expected, isFresh }));
    return { host, reader, readAsync };
}

const identity: FileIdentity = { byteLength: 1000, etag: '"1"', modified: "Mon, 30 Nov 2026 12:00:00 GMT" };
const found = (offset: number, length: number) => ({
    status: "read",
    bytes: FILE.slice(offset, offset + length),
    identity: expect.anything() as unknown,
});
const cachesOf = ({ asked }: Host): RequestCache[] => asked.map(({ cache }) => cache);
const unavailable = (reason: RegExp): unknown => ({ status: "unavailable", reason: expect.stringMatching(reason) });

afterEach(() => expect(clock.pending).toBe(0));

test("a part is read, with the file's identity; the first may be longer than the file", async () => {
    const { host, readAsync } = readerOf();
    expect(await readAsync(0, 5000)).toEqual({ status: "read", bytes: FILE, identity });
    expect(await readAsync(100, 50, identity)).toEqual(found(100, 50));
    expect(host.asked.map(({ range }) => range)).toEqual([
        { from: 0, to: 4999 },
        { from: 100, to: 149 },
    ]);
    // The first request asks whether what a cache has is still so.
    expect(cachesOf(host)).toEqual(["no-cache", "default"]);
});

test("a host of another origin may show no headers", async () => {
    const hidden = { "content-range": null, etag: null, "last-modified": null, "content-length": null };
    const { host, readAsync } = readerOf((asked) => host.right(asked, hidden));
    expect(await readAsync(0, 5000)).toMatchObject({ bytes: FILE, identity: { byteLength: null, etag: null } });
    expect(await readAsync(100, 50, identity)).toEqual(found(100, 50));
});

test("a host that wants ranges to end within the file is asked for that", async () => {
    const { host, readAsync } = readerOf(({ range }) =>
        range!.to >= 1000 ? new Response(null, { status: 416, headers: { "content-range": "bytes */1000" } }) : null,
    );
    expect(await readAsync(0, 5000)).toEqual(found(0, 1000));
    expect(host.asked).toHaveLength(2);
});

describe("200 where 206 was asked", () => {
    test("a small file is kept, and asked for no more", async () => {
        const { host, readAsync } = readerOf(() => host.whole());
        expect(await readAsync(0, 16)).toEqual(found(0, 16));
        expect(await readAsync(500, 100, identity)).toEqual(found(500, 100));
        expect(host.asked).toHaveLength(1);
        host.file = FILE.slice(0, 900);
        host.etag = '"2"';
        expect(await readAsync(0, 16, null, true)).toMatchObject({ identity: { etag: '"2"', byteLength: 900 } });
        expect(await readAsync(500, 100, identity)).toEqual({ status: "changed" });
    });

    test("a longer one is out of reach, by name, and not asked for all the time", async () => {
        const { host, readAsync } = readerOf(() => host.whole(), { maxWholeBytes: 999 });
        const reason =
            /^https:\/\/host\.example\/bake\.pmtiles came whole, and has 1000 bytes.*Let the host answer range/;
        expect(await readAsync(0, 16)).toEqual(unavailable(reason));
        expect(await readAsync(0, 16)).toEqual(unavailable(reason));
        expect(host.asked).toHaveLength(2);
        clock.advance(60_001);
        host.answer = () => null;
        expect(await readAsync(0, 16)).toEqual(found(0, 16));
    });
});

describe("a host that compresses parts", () => {
    const packed: Answer = ({ range }) =>
        range === null
            ? null
            : new Response(Uint8Array.of(1, 2, 3), {
                  status: 206,
                  headers: { "content-encoding": "gzip", "content-range": "bytes 0-15/640", etag: '"1-gzip"' },
              });

    test("gives a small file whole", async () => {
        const { host, readAsync } = readerOf(packed);
        expect(await readAsync(0, 16)).toEqual(found(0, 16));
        expect(await readAsync(300, 16, { ...identity, byteLength: null })).toEqual(found(300, 16));
        expect(cachesOf(host)).toEqual(["no-cache", "reload", "reload"]);
        expect(host.asked.at(-1)!.range).toBeNull();
    });

    test("is out of reach with a longer one, by name", async () => {
        const { host, readAsync } = readerOf(packed, { maxWholeBytes: 600 });
        expect(await readAsync(0, 16)).toEqual(unavailable(/came in part, compressed \(gzip\)\. Let the host/));
        expect(host.asked).toHaveLength(2);
    });

    test("once, out of a cache, is asked anew past it", async () => {
        const { readAsync } = readerOf((asked) => (asked.cache === "reload" ? null : packed(asked)));
        expect(await readAsync(0, 16)).toEqual(found(0, 16));
    });
});

describe("a part that is not the one", () => {
    test.each<[string, (host: Host, asked: Asked) => Response]>([
        ["other bytes", (host, { range }) => host.right({ range: { from: 0, to: range!.to - range!.from } })],
        [
            "fewer bytes, as it says",
            (host, { range }) => host.right({ range: { from: range!.from, to: range!.to - 1 } }),
        ],
        ["fewer bytes than it says", (host, { range }) => cutOff(host, range!, { "content-length": null })],
        ["fewer bytes, and says nothing", (host, { range }) => cutOff(host, range!, { "content-range": null })],
        ["a range that is none", (host, asked) => host.right(asked, { "content-range": "lines 1-2/3" })],
        ["204", () => new Response(null, { status: 204 })],
    ])("%s: asked anew past caches, then the file is read whole", async (_, wrong) => {
        const { host, readAsync } = readerOf((asked) => (asked.cache === "default" ? wrong(host, asked) : null));
        expect(await readAsync(100, 50, identity)).toEqual(found(100, 50));
        expect(cachesOf(host)).toEqual(["default", "reload"]);
        const always = readerOf((asked) => (asked.range === null ? null : wrong(always.host, asked)));
        expect(await always.readAsync(100, 50, identity)).toEqual(found(100, 50));
        expect(always.host.asked.map(({ range }) => range === null)).toEqual([false, false, true]);
        const never = readerOf((asked) => wrong(never.host, { ...asked, range: asked.range ?? { from: 0, to: 9 } }), {
            maxWholeBytes: 500,
        });
        expect(await never.readAsync(100, 50, identity)).toEqual(unavailable(/bake\.pmtiles .*Let the host/));
    });

    function cutOff(host: Host, range: { from: number; to: number }, headers: Record<string, string | null>): Response {
        const { headers: right } = host.right({ range }, headers);
        right.delete("content-length");
        return new Response(FILE.slice(range.from, range.to - 9), { status: 206, headers: right });
    }
});

describe("another file in its place", () => {
    const old = '"0"';

    test("of a cache alone: asked anew past it", async () => {
        const { host, readAsync } = readerOf((asked) =>
            asked.cache === "default" ? host.right(asked, { etag: old }) : null,
        );
        expect(await readAsync(100, 50, identity)).toEqual(found(100, 50));
        expect(cachesOf(host)).toEqual(["default", "reload"]);
    });

    test.each<[string, Partial<Host>]>([
        ["by its ETag", { etag: '"2"' }],
        ["by its length", { file: FILE.slice(0, 999), etag: null }],
        ["by its date", { etag: null, modified: "Mon, 30 Nov 2026 13:00:00 GMT" }],
        ["by its end", { file: FILE.slice(0, 90), etag: null }],
    ])("on the host, %s: it has changed", async (_, change) => {
        const { host, readAsync } = readerOf();
        Object.assign(host, change);
        expect(await readAsync(100, 50, identity)).toEqual({ status: "changed" });
    });

    test("a date alone says nothing beside an ETag, and a weak ETag nothing at all", async () => {
        const { host, readAsync } = readerOf();
        host.modified = "Mon, 30 Nov 2026 13:00:00 GMT";
        expect(await readAsync(100, 50, identity)).toEqual(found(100, 50));
        host.etag = 'W/"2"';
        expect(await readAsync(100, 50, { ...identity, modified: null })).toEqual(found(100, 50));
    });
});

test("what fails on the way is tried again, and told from what is missing", async () => {
    const flaky = readerOf(({ count }) => (count < 2 ? new Response("", { status: 503 }) : null));
    expect(await flaky.readAsync(100, 50, identity)).toEqual(found(100, 50));
    expect(flaky.reader.retries).toBe(2);
    const breaking = readerOf(({ count, range }) => {
        const body = new ReadableStream({
            pull: (controller) => {
                controller.enqueue(Uint8Array.of(1));
                controller.error(new TypeError("terminated"));
            },
        });
        return count === 0
            ? new Response(body, { status: 206, headers: breaking.host.right({ range }).headers })
            : null;
    });
    expect(await breaking.readAsync(100, 50, identity)).toEqual(found(100, 50));
    expect(await readerOf(() => new Response("", { status: 500 })).readAsync(0, 9)).toEqual(
        unavailable(/answered 500/),
    );
    expect(await readerOf(() => new Response("", { status: 404 })).readAsync(0, 9)).toEqual({ status: "missing" });
    expect(await readerOf(() => new Response("", { status: 403 })).readAsync(0, 9)).toEqual(
        unavailable(/answered 403/),
    );
});

test("a request ends with its signal, and all end when it is closed", async () => {
    const { host, reader } = readerOf(
        ({ signal }) =>
            new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted")))),
    );
    const controller = new AbortController();
    const ask = (signal?: AbortSignal): Promise<RangeResult> =>
        reader.readRangeAsync({ offset: 0, length: 9, expected: null, signal });
    const [aborted, closed] = [ask(controller.signal), ask()];
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    expect(await aborted).toEqual({ status: "aborted" });
    await reader.closeAsync();
    expect(await closed).toEqual(unavailable(/was closed/));
    expect(await ask()).toEqual(unavailable(/was closed/));
    expect(host.asked).toHaveLength(2);
});

test("an archive on a host is read through all of this", async () => {
    const files = new Map(Array.from({ length: 400 }, (_, i) => [`0/${i % 20}/${Math.floor(i / 20)}.trn`, FILE]));
    const { host, reader } = readerOf();
    host.file = archiveOf(files, '{"kind":"terrane-manifest"}') as typeof FILE;
    const store = new ArchiveStore(reader, { clock });
    const keys = [...files.keys(), "manifest.json"];
    let count = 0;
    const getAllAsync = () =>
        clock.runAsync(
            store.getManyAsync(
                keys.map((key) => ({ key })),
                (_, { status }) => (count += Number(status === "found")),
            ),
        );
    await getAllAsync();
    expect(count).toBe(keys.length);
    expect(host.asked).toHaveLength(2);
    host.etag = '"2"';
    await getAllAsync();
    expect(count).toBe(2 * keys.length);
    expect(store.retries).toBe(0);
});
