import { CircuitBreaker } from "../../../src/store/circuitBreaker.js";
import { HttpClient, type Fetch, type HttpClientOptions } from "../../../src/store/httpClient.js";
import { TestClock } from "./testClock.js";

const clock = new TestClock();
const BYTES = Uint8Array.of(1, 2, 3, 4, 5);
const ok = (headers: HeadersInit = { "content-length": "5" }): Response => new Response(BYTES, { headers });
const status = (code: number, headers: HeadersInit = {}): Response => new Response("no", { status: code, headers });

/** A client whose host gives `answers` one after another, the last of them for ever. */
function clientOf(answers: (() => Response | Promise<Response>)[], options: HttpClientOptions = {}) {
    const asked: { url: string; init: RequestInit; atMs: number }[] = [];
    const fetch: Fetch = async (url, init) => {
        asked.push({ url, init, atMs: clock.now() });
        return answers[Math.min(asked.length, answers.length) - 1]!();
    };
    const client = new HttpClient("https://host.example/bake/", { fetch, clock, random: () => 1, ...options });
    const getAsync = (path = "0/0/0.trn", request: { maxBytes?: number; signal?: AbortSignal } = {}) =>
        clock.runAsync(client.getBytesAsync(path, { maxBytes: 100, ...request }));
    return { asked, client, getAsync };
}

const bytesOf = (result: Awaited<ReturnType<HttpClient["getBytesAsync"]>>): number[] | string =>
    result.status === "answered" ? [...result.value.bytes] : result.status;

const never = (): Promise<Response> => new Promise(() => {});
const broken = (): never => {
    throw new TypeError("fetch failed");
};
/** A body whose first byte comes, and then what `pull` makes of it. */
const bodyThat = (pull: (controller: ReadableStreamDefaultController) => void | Promise<void>): Response => {
    let pulls = 0;
    return new Response(
        new ReadableStream({
            pull: (controller) => (pulls++ === 0 ? controller.enqueue(Uint8Array.of(1)) : pull(controller)),
        }),
    );
};

afterEach(() => {
    expect(clock.pending).toBe(0);
});

test("addresses join, with the query and the headers of the client", async () => {
    const { asked, client } = clientOf([ok]);
    const signed = new HttpClient("https://host.example/a/?key=1#part", {
        fetch: (url, init) => (asked.push({ url, init, atMs: 0 }), Promise.resolve(ok())),
        headers: { authorization: "me" },
        clock,
    });
    await client.getBytesAsync("x.trn", { maxBytes: 9 });
    await signed.getBytesAsync("", { maxBytes: 9, headers: { range: "bytes=0-4" }, cache: "reload" });
    expect(asked.map(({ url }) => url)).toEqual(["https://host.example/bake/x.trn", "https://host.example/a?key=1"]);
    expect(asked[1]!.init).toMatchObject({ headers: { authorization: "me", range: "bytes=0-4" }, cache: "reload" });
});

test.each(["", "bake/", "file:///bake", "https://user:word@host.example/"])("%p is no address", (url) => {
    expect(() => new HttpClient(url)).toThrow(/url is .*allowed: an http or https address/);
});

test.each<[string, () => Response | Promise<Response>]>([
    ["500", () => status(500)],
    ["429", () => status(429)],
    ["408", () => status(408)],
    ["a network that fails", broken],
    ["no answer", never],
    ["a body that breaks off", () => bodyThat((controller) => controller.error(new TypeError("terminated")))],
    ["a body that stands still", () => bodyThat(() => new Promise(() => {}))],
])("%s is tried again, then it is unavailable", async (_, fault) => {
    const good = clientOf([fault, fault, ok]);
    expect(bytesOf(await good.getAsync())).toEqual([1, 2, 3, 4, 5]);
    expect(good.client.retries).toBe(2);
    const bad = clientOf([fault]);
    expect(await bad.getAsync()).toMatchObject({
        status: "unavailable",
        reason: expect.stringMatching(/bake\/0\/0\/0/),
    });
    expect(bad.asked).toHaveLength(3);
});

test.each([404, 410])("%i is missing, and asked once", async (code) => {
    const { asked, getAsync } = clientOf([() => status(code)]);
    expect(await getAsync()).toEqual({ status: "missing" });
    expect(asked).toHaveLength(1);
});

test.each([400, 401, 403])("%i is unavailable at once, and no fault of the host", async (code) => {
    const { asked, client, getAsync } = clientOf([() => status(code)]);
    for (let i = 0; i < 9; i++) {
        expect((await getAsync()).status).toBe("unavailable");
    }
    expect([asked.length, client.isOpen]).toEqual([9, false]);
});

test("pauses double, with a random part, up to a cap", async () => {
    const { asked, getAsync } = clientOf([broken], {
        maxRetries: 5,
        retryMs: 100,
        maxRetryMs: 500,
        failuresUntilOpen: 99,
    });
    await getAsync();
    const pauses = asked.slice(1).map(({ atMs }, i) => atMs - asked[i]!.atMs);
    expect(pauses).toEqual([100, 200, 400, 500, 500]);
    const half = clientOf([broken], { maxRetries: 1, random: () => 0 });
    await half.getAsync();
    expect(half.asked[1]!.atMs - half.asked[0]!.atMs).toBe(100);
});

test("Retry-After is honoured, in seconds and as a date; a longer one than is waited for leaves the host alone", async () => {
    const date = "Mon, 01 Jan 2024 00:00:03 GMT";
    const seconds = clientOf([() => status(503, { "retry-after": "2" }), ok]);
    await seconds.getAsync();
    expect(seconds.asked[1]!.atMs - seconds.asked[0]!.atMs).toBe(2000);
    const dated = clientOf([() => status(429, { "retry-after": date, date: "Mon, 01 Jan 2024 00:00:00 GMT" }), ok]);
    await dated.getAsync();
    expect(dated.asked[1]!.atMs - dated.asked[0]!.atMs).toBe(3000);
    const long = clientOf([() => status(503, { "retry-after": "60" }), ok]);
    expect((await long.getAsync()).status).toBe("unavailable");
    expect((await long.getAsync()).status).toBe("unavailable");
    expect(long.asked).toHaveLength(1);
    clock.advance(60_000);
    expect((await long.getAsync()).status).toBe("answered");
});

test("a host that fails on and on is left alone, probed by one request, and used again when it is back", async () => {
    let isUp = false;
    const { asked, client, getAsync } = clientOf([() => (isUp ? ok() : broken())], { probeAfterMs: 1000 });
    await getAsync();
    await getAsync();
    expect([asked.length, client.isOpen]).toEqual([6, true]);
    expect((await getAsync()).status).toBe("unavailable");
    expect(asked).toHaveLength(6);
    clock.advance(1000);
    const results = await Promise.all([getAsync("a"), getAsync("b"), getAsync("c")]);
    expect(results.map((result) => result.status)).toEqual(["unavailable", "unavailable", "unavailable"]);
    // One probe, which failed: twice as long until the next.
    expect(asked).toHaveLength(7);
    isUp = true;
    clock.advance(1000);
    expect((await getAsync()).status).toBe("unavailable");
    clock.advance(1000);
    expect(bytesOf(await getAsync())).toEqual([1, 2, 3, 4, 5]);
    expect(client.isOpen).toBe(false);
});

test("a probe that is aborted lets another one be", () => {
    const breaker = new CircuitBreaker(clock, 1, 1000);
    breaker.fail(breaker.ask()!);
    clock.advance(1000);
    const permit = breaker.ask()!;
    expect([permit, breaker.ask()]).toEqual(["probe", null]);
    breaker.giveBack(permit);
    expect(breaker.ask()).toBe("probe");
});

test("bodies that are too long, or not as long as they say, are damaged, and let go of", async () => {
    let cancelled = 0;
    const endless = (headers: HeadersInit = {}): Response =>
        new Response(
            new ReadableStream({
                pull: (controller) => controller.enqueue(new Uint8Array(40)),
                cancel: () => void cancelled++,
            }),
            { headers },
        );
    const said = clientOf([() => endless({ "content-length": "101" })]);
    expect(await said.getAsync()).toEqual({ status: "damaged", reason: "has 101 bytes; at most 100 are read" });
    const unsaid = clientOf([endless]);
    expect(await unsaid.getAsync()).toMatchObject({
        status: "damaged",
        reason: expect.stringMatching(/more than 100/),
    });
    expect(cancelled).toBe(2);
    const short = clientOf([() => ok({ "content-length": "6" })]);
    expect(await short.getAsync()).toEqual({ status: "damaged", reason: "has 5 bytes of 6" });
    // What is compressed on its way is not as long as its header says.
    expect(
        bytesOf(await clientOf([() => ok({ "content-length": "3", "content-encoding": "br" })]).getAsync()),
    ).toHaveLength(5);
    expect([unsaid.asked.length, unsaid.client.retries]).toEqual([1, 0]);
});

test("heads are inspected before the body is read", async () => {
    const partial = (): Response => new Response(BYTES, { status: 206 });
    const { client, getAsync } = clientOf([partial]);
    expect(await getAsync()).toEqual({ status: "damaged", reason: "comes with status 206" });
    const result = await client.getBytesAsync("a", { maxBytes: 9, inspectHead: () => null });
    expect(result).toMatchObject({ status: "answered", value: { httpStatus: 206 } });
    const asked = clientOf([() => status(416)]);
    const inspectHead = (head: Response): string => `answered ${head.status}`;
    expect(await asked.client.getBytesAsync("a", { maxBytes: 9, inspectHead })).toEqual({
        status: "damaged",
        reason: "answered 416",
    });
});

test("an abort ends a request in the queue, in flight, in its body and in a pause", async () => {
    for (const fault of [never, () => bodyThat(() => new Promise(() => {})), broken]) {
        const abort = new AbortController();
        const { asked, client } = clientOf([fault], { concurrency: 1 });
        const first = client.getBytesAsync("a", { maxBytes: 9, signal: abort.signal });
        const queued = client.getBytesAsync("b", { maxBytes: 9, signal: abort.signal });
        await new Promise((resolve) => setImmediate(resolve));
        abort.abort();
        expect([await first, await queued]).toEqual([{ status: "aborted" }, { status: "aborted" }]);
        expect(asked[0]!.init.signal!.aborted).toBe(true);
        expect(await client.getBytesAsync("c", { maxBytes: 9, signal: abort.signal })).toEqual({ status: "aborted" });
        expect(client.isOpen).toBe(false);
    }
});

test("closing ends all, and what is asked later", async () => {
    const { client } = clientOf([never], { concurrency: 1 });
    const under = [client.getBytesAsync("a", { maxBytes: 9 }), client.getBytesAsync("b", { maxBytes: 9 })];
    client.close();
    const closed = { status: "unavailable", reason: "https://host.example/bake was closed." };
    expect(await Promise.all([...under, client.getBytesAsync("c", { maxBytes: 9 })])).toEqual([closed, closed, closed]);
});

test("as many requests as are allowed are under way at once, and who waits is told of", async () => {
    let most = 0;
    let now = 0;
    const queued: number[] = [];
    const client = new HttpClient("http://host.example", {
        fetch: async () => {
            most = Math.max(most, ++now);
            await clock.waitAsync(10);
            now--;
            return ok();
        },
        concurrency: 3,
        onAnswer: (queuedMs, tookMs) => queued.push(queuedMs, tookMs),
        clock,
    });
    await clock.runAsync(
        Promise.all(Array.from({ length: 7 }, (_, i) => client.getBytesAsync(`${i}`, { maxBytes: 9 }))),
    );
    expect(most).toBe(3);
    expect(queued).toEqual([0, 10, 0, 10, 0, 10, 10, 10, 10, 10, 10, 10, 20, 10]);
});
