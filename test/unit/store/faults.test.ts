import "fake-indexeddb/auto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { jest } from "@jest/globals";
import { IDBFactory } from "fake-indexeddb";
import { ChainStore } from "../../../src/store/chainStore.js";
import { DirectoryStore } from "../../../src/store/directoryStore.js";
import { HttpStore } from "../../../src/store/httpStore.js";
import { IndexedDbStore } from "../../../src/store/indexedDbStore.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import type { Store, StoreResult } from "../../../src/store/store.js";
import { faultyFetch, spoilDatabase, spoilFileSystem } from "./faultyHosts.js";
import { FaultyStore, walkAsync, type Fault, type Faults } from "./faultyStore.js";
import { TestClock } from "./testClock.js";

const KEYS = ["0/0/0.trn", "0/0/1.trn", "0/1/0.trn", "1/0/0.trn", "edits/0", "edits/1"];
const isMade = (key: string): boolean => key.startsWith("edits");

/** What is put below a key, the first and the second time. */
const bytesOf = (key: string, version: number): Uint8Array =>
    Uint8Array.from({ length: 200 }, (_, i) => (key.length * 31 + key.charCodeAt(key.length - 5) * 7 + i * (version + 3)) & 255); // prettier-ignore
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const clock = new TestClock();
let faults: Faults | null = null;

afterEach(() => {
    faults = null;
    jest.restoreAllMocks();
});

/** What may be below each key by what was acknowledged, as hexadecimal text; null for nothing. */
class Model {
    private readonly _may = new Map<string, Set<string | null>>(KEYS.map((key) => [key, new Set([null])]));

    public may(key: string, what: Uint8Array | null, isCertain: boolean): void {
        const may = this._may.get(key)!;
        if (isCertain) {
            may.clear();
        }
        may.add(what === null ? null : textOf(what));
    }

    /** Fails for wrong bytes, and for acknowledged ones that are missing. */
    public check(key: string, result: StoreResult, isWorking: boolean): void {
        const may = this._may.get(key)!;
        if (result.status === "found" && !may.has(textOf(result.bytes))) {
            throw new Error(`${key} is found, and never was put or is outdated`);
        }
        if (result.status === "missing" && !may.has(null)) {
            throw new Error(`${key} is missing, and was acknowledged`);
        }
        if (isWorking && result.status !== "found" && result.status !== "missing") {
            throw new Error(`${key} is ${result.status} when all is well: ${JSON.stringify(result)}`);
        }
    }
}

/** A reader's own check, as by a hash. */
const inspectAsync = (key: string) => async (bytes: Uint8Array) =>
    [1, 2].some((version) => textOf(bytes) === textOf(bytesOf(key, version))) ? null : "is not what was put";

async function readAsync(store: Store, model: Model, isWorking: boolean): Promise<void> {
    for (const key of KEYS) {
        model.check(key, await store.getAsync({ key, inspectAsync: inspectAsync(key) }), isWorking);
    }
    const requests = KEYS.map((key) => ({ key, inspectAsync: inspectAsync(key) }));
    const answered = new Set<number>();
    await store.getManyAsync(requests, (index, result) => {
        answered.add(index);
        model.check(KEYS[index]!, result, isWorking);
    });
    expect(answered.size).toBe(KEYS.length);
}

/** Puts, reads, replaces, deletes and lists. */
async function useAsync(store: Store, model: Model): Promise<void> {
    const putAsync = async (key: string, version: number): Promise<void> => {
        const bytes = bytesOf(key, version);
        const { status } = await store.putAsync(key, bytes, { isIrreplaceable: isMade(key) });
        model.may(key, bytes, status === "stored");
    };
    for (const key of KEYS.slice(0, 3)) {
        await putAsync(key, 1);
    }
    await Promise.all(KEYS.slice(3).map((key) => putAsync(key, 1)));
    await readAsync(store, model, false);
    await putAsync(KEYS[0]!, 2);
    await putAsync("edits/0", 2);
    const { status } = await store.deleteAsync(KEYS[1]!);
    model.may(KEYS[1]!, null, status === "deleted");
    const list = await store.listAsync();
    expect(["listed", "unavailable"]).toContain(list.status);
    await readAsync(store, model, false);
}

/** One life with a fault in it, and a second one in which all is well. */
async function livesAsync(model: Model, openAsync: () => Promise<Store | null>): Promise<void> {
    const first = await openAsync();
    if (first !== null) {
        await useAsync(first, model);
        await first.closeAsync();
    }
    faults = null;
    const second = (await openAsync())!;
    await readAsync(second, model, true);
    await second.closeAsync();
}

const ALL: Fault[] = ["fail", "gone", "delay", "truncate", "flip", "full", "close"];

test.each(ALL)("a memory: %s at each operation", async (fault) => {
    const happened = await walkAsync(fault, async (walked) => {
        const [memory, model] = [new MemoryStore(), new Model()];
        await clock.runAsync(useAsync(new FaultyStore(memory, walked, clock), model));
        await readAsync(memory, model, true);
    });
    expect(happened).toBeGreaterThan(5);
});

test.each(ALL.filter((fault) => fault !== "close"))("a folder: %s at each call of the file system", async (fault) => {
    spoilFileSystem(() => faults, clock);
    const happened = await walkAsync(fault, async (walked) => {
        const directory = mkdtempSync(path.join(os.tmpdir(), "terrane-faults-"));
        faults = walked;
        try {
            await clock.runAsync(livesAsync(new Model(), async () => new DirectoryStore(directory)));
        } finally {
            rmSync(directory, { recursive: true, force: true });
        }
    });
    expect(happened).toBeGreaterThan(20);
});

test.each(ALL)("a browser's database: %s at each opening and transaction", async (fault) => {
    const factory = new IDBFactory();
    spoilDatabase(factory, () => faults, clock);
    let lives = 0;
    const happened = await walkAsync(fault, async (walked) => {
        faults = walked;
        const model = new Model();
        const database = `world${lives++}`;
        const run = livesAsync(model, async () => {
            const result = await IndexedDbStore.OpenAsync({ indexedDB: factory, database, clock });
            if (result.status !== "opened" && faults === null) {
                throw new Error(result.reason);
            }
            return result.status === "opened" ? result.store : null;
        });
        if (fault === "full") {
            // Chunks may make room for others.
            KEYS.filter((key) => !isMade(key)).forEach((key) => allowEviction(model, key));
        }
        await clock.runAsync(run);
    });
    expect(happened).toBeGreaterThan(3);
});

/** Lets a key be missing, whatever is acknowledged. */
function allowEviction(model: Model, key: string): void {
    const { may } = model;
    may.call(model, key, null, false);
    model.may = (at, what, isCertain) => {
        may.call(model, at, what, isCertain);
        if (!isMade(at)) {
            may.call(model, at, null, false);
        }
    };
}

const files = new Map(KEYS.map((key) => [key, bytesOf(key, 1)]));

test.each(ALL)("a server: %s at each answer", async (fault) => {
    const happened = await walkAsync(fault, async (walked) => {
        const model = new Model();
        KEYS.forEach((key) => model.may(key, bytesOf(key, 1), true));
        const store = new HttpStore("http://host.example", { fetch: faultyFetch(files, walked, clock), clock });
        await clock.runAsync(readAsync(store, model, false));
        // It is back, and is asked again after a while.
        clock.advance(600_000);
        await clock.runAsync(readAsync(new HttpStore("http://host.example", { fetch: faultyFetch(files, walked, clock), clock, maxRetries: 9, failuresUntilOpen: 99 }), model, true)); // prettier-ignore
    });
    expect(happened).toBeGreaterThan(1);
});

describe("a chain, with the good source of all behind it, gives everything each time", () => {
    const source = async (): Promise<MemoryStore> => {
        const memory = new MemoryStore();
        await Promise.all(KEYS.map((key) => memory.putAsync(key, bytesOf(key, 1))));
        return memory;
    };
    /** Reads all, twice: the second time from what was written back. */
    const readAllAsync = async (chain: ChainStore): Promise<void> => {
        for (let round = 0; round < 2; round++) {
            const model = new Model();
            KEYS.forEach((key) => model.may(key, bytesOf(key, 1), true));
            await readAsync(chain, model, true);
            await chain.settledAsync();
        }
        await chain.closeAsync();
    };

    test.each(ALL)("a database first: %s", async (fault) => {
        const factory = new IDBFactory();
        spoilDatabase(factory, () => faults, clock);
        let lives = 0;
        await walkAsync(fault, async (walked) => {
            faults = walked;
            const database = `world${lives++}`;
            const result = await clock.runAsync(IndexedDbStore.OpenAsync({ indexedDB: factory, database, clock }));
            const first = result.status === "opened" ? result.store : new MemoryStore();
            await clock.runAsync(readAllAsync(new ChainStore([first, await source()], { clock })));
            faults = null;
        });
    });

    test.each(ALL)("memory and a server first: %s", async (fault) => {
        await walkAsync(fault, async (walked) => {
            const memory = new FaultyStore(new MemoryStore(), walked, clock);
            const server = new HttpStore("http://host.example", { fetch: faultyFetch(files, walked, clock), clock });
            await clock.runAsync(readAllAsync(new ChainStore([memory, server, await source()], { clock })));
        });
    });
});
