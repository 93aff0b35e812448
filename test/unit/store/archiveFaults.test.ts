import { ArchiveStore } from "../../../src/store/archiveStore.js";
import { ChainStore } from "../../../src/store/chainStore.js";
import { HttpRanges } from "../../../src/store/httpRanges.js";
import type { Fetch } from "../../../src/store/httpClient.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import type { Store, StoreRequest } from "../../../src/store/store.js";
import { archiveOf } from "../../support/archives.js";
import { HOUR_MS, spoiled, walkAsync, type Fault, type Faults } from "./faultyStore.js";
import { TestClock } from "./testClock.js";

const ALL: Fault[] = ["fail", "gone", "delay", "truncate", "flip", "full", "close"];
const clock = new TestClock();
const files = new Map(
    Array.from({ length: 400 }, (_, i) => [
        `0/${i % 20}/${Math.floor(i / 20)}.trn`,
        new Uint8Array(200).fill(i % 256).fill(i >> 8, 0, 100),
    ]),
);
/** Leaves of ten files, and files that are not read together: many requests. */
const archive = archiveOf(files, `{"text":"${"x".repeat(9000)}"}`, 10);
const keys = [...files.keys()].filter((_, i) => i % 11 === 0);

/** A server of the archive whose Nth answer goes wrong. */
function faultyHost(faults: Faults): Fetch {
    return async (_, { headers, signal }) => {
        const fault = faults.next();
        if (fault === "fail" || fault === "close") {
            throw new TypeError("fetch failed");
        }
        if (fault === "gone" || fault === "full") {
            return new Response("", { status: 503 });
        }
        if (fault === "delay") {
            await clock.waitAsync(HOUR_MS, signal!);
            signal!.throwIfAborted();
        }
        const [from, last] = /\d+-\d+/.exec(new Headers(headers).get("range")!)![0].split("-").map(Number) as [
            number,
            number,
        ];
        const to = Math.min(last, archive.length - 1);
        const body = spoiled(archive.slice(from, to + 1), fault);
        const contentRange = `bytes ${from}-${to}/${archive.length}`;
        return new Response(new Uint8Array(body), {
            status: 206,
            headers: { "content-range": contentRange, "content-length": `${to + 1 - from}`, etag: '"1"' },
        });
    };
}

function storeOf(faults: Faults): ArchiveStore {
    const ranges = new HttpRanges("https://host.example/bake.pmtiles", { fetch: faultyHost(faults), clock });
    return new ArchiveStore(ranges, { clock, gapBytes: 0, missingMs: 1000 });
}

const requests: StoreRequest[] = keys.map((key) => ({
    key,
    isListed: true,
    inspectAsync: async (bytes) => (Buffer.compare(bytes, files.get(key)!) === 0 ? null : "is not what was packed"),
}));

async function statusesAsync(store: Store): Promise<string[]> {
    const statuses: string[] = [];
    await clock.runAsync(store.getManyAsync(requests, (i, { status }) => (statuses[i] = status)));
    expect(Object.keys(statuses)).toHaveLength(keys.length);
    return statuses;
}

test.each(ALL)("an archive on a server: %s at each answer, and all is well afterwards", async (fault) => {
    const happened = await walkAsync(fault, async (faults) => {
        const store = storeOf(faults);
        const statuses = await statusesAsync(store);
        // A bit that flips in the index may hide a file; none is ever taken for another.
        const allowed = fault === "flip" ? ["found", "damaged", "missing", "unavailable"] : ["found", "unavailable"];
        expect(allowed).toEqual(expect.arrayContaining(statuses));
        // A host that is gone answers again after seven requests; an index that hides what is listed is read anew.
        let now = statuses;
        for (let rounds = 0; rounds < 3 && now.some((status) => status !== "found"); rounds++) {
            clock.advance(600_000);
            now = await statusesAsync(store);
        }
        expect(new Set(now)).toEqual(new Set(["found"]));
        await store.closeAsync();
    });
    expect(happened).toBeGreaterThan(5);
});

test.each(ALL)("a chain of an archive and the good source behind it gives everything: %s", async (fault) => {
    const source = new MemoryStore();
    await Promise.all([...files].map(([key, bytes]) => source.putAsync(key, bytes)));
    const happened = await walkAsync(fault, async (faults) => {
        const chain = new ChainStore([storeOf(faults), source], { clock });
        expect(new Set(await statusesAsync(chain))).toEqual(new Set(["found"]));
    });
    expect(happened).toBeGreaterThan(5);
});
