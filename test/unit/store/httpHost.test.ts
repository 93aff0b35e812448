import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { HttpStore, type HttpStoreOptions } from "../../../src/store/httpStore.js";
import type { StoreResult } from "../../../src/store/store.js";

/** A real server and the real `fetch`: what a faked one can only claim. */
let server: Server;
let answer: (request: IncomingMessage, response: ServerResponse, count: number) => void;
let count = 0;
const opened: HttpStore[] = [];
const BODY = Buffer.from(Array.from({ length: 5000 }, (_, i) => i & 255));

beforeAll(async () => {
    server = createServer((request, response) => answer(request, response, ++count));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
beforeEach(() => (count = 0));
afterEach(() => Promise.all(opened.splice(0).map((store) => store.closeAsync())));
afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
});

function storeOf(options: HttpStoreOptions = {}): HttpStore {
    const { port } = server.address() as AddressInfo;
    const store = new HttpStore(`http://127.0.0.1:${port}/bake/`, { retryMs: 1, ...options });
    opened.push(store);
    return store;
}

const getAsync = (store = storeOf()): Promise<StoreResult> => store.getAsync({ key: "0/0/0.trn", maxBytes: 6000 });
const found = { status: "found", bytes: new Uint8Array(BODY) };

test("a file comes whole: as it is, in pieces, compressed on its way, and from where the server points to", async () => {
    answer = (_, response) => response.writeHead(200, { "content-length": BODY.length }).end(BODY);
    expect(await getAsync()).toEqual(found);
    answer = (_, response) => {
        response.writeHead(200);
        response.write(BODY.subarray(0, 100));
        setTimeout(() => response.end(BODY.subarray(100)), 5);
    };
    expect(await getAsync()).toEqual(found);
    const packed = gzipSync(BODY);
    answer = (_, response) =>
        response.writeHead(200, { "content-encoding": "gzip", "content-length": packed.length }).end(packed);
    expect(await getAsync()).toEqual(found);
    answer = ({ url }, response) =>
        url === "/elsewhere"
            ? response.writeHead(200).end(BODY)
            : response.writeHead(302, { location: "/elsewhere" }).end();
    expect(await getAsync()).toEqual(found);
});

test("a server that fails, breaks off, resets or stands still at first is asked again", async () => {
    const whole = (response: ServerResponse): unknown => response.writeHead(200).end(BODY);
    for (const fault of [
        (response: ServerResponse) => response.writeHead(503, { "retry-after": "0" }).end("busy"),
        (response: ServerResponse) => {
            response.writeHead(200, { "content-length": BODY.length });
            response.write(BODY.subarray(0, 100));
            setTimeout(() => response.destroy(), 5);
        },
        (response: ServerResponse) => response.destroy(),
        () => {},
        (response: ServerResponse) => {
            response.writeHead(200);
            response.write(BODY.subarray(0, 100));
        },
    ]) {
        count = 0;
        answer = (_, response, nth) => (nth === 1 ? fault(response) : whole(response));
        const store = storeOf({ timeoutMs: 1000 });
        expect(await getAsync(store)).toEqual(found);
        expect(store.retries).toBe(1);
    }
});

test("a body that is longer than is read is let go of, and the connection with it", async () => {
    let closed = 0;
    answer = (_, response) => {
        response.writeHead(200);
        response.on("close", () => closed++);
        const more = (): void => void (response.destroyed || (response.write(BODY), setTimeout(more, 1)));
        more();
    };
    expect(await getAsync()).toMatchObject({
        status: "damaged",
        reason: expect.stringMatching(/more than 6000 bytes/),
    });
    while (closed < 2) {
        await new Promise((resolve) => setTimeout(resolve, 5));
    }
    // It and the one that would have come around a browser's cache.
    expect(count).toBe(2);
});

test("a server that is gone is unavailable, and used again when it is back", async () => {
    let isUp = false;
    answer = (_, response) => (isUp ? response.writeHead(200).end(BODY) : response.destroy());
    const store = storeOf({ probeAfterMs: 1000, failuresUntilOpen: 3 });
    expect(await getAsync(store)).toMatchObject({ status: "unavailable" });
    expect(await getAsync(store)).toMatchObject({ status: "unavailable" });
    expect(count).toBe(3);
    isUp = true;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await getAsync(store)).toEqual(found);
});
