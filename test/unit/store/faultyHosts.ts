import fs from "node:fs/promises";
import { jest } from "@jest/globals";
import { forceCloseDatabase } from "fake-indexeddb";
import type { Fetch } from "../../../src/store/httpClient.js";
import type { StoreClock } from "../../../src/store/store.js";
import { HOUR_MS, spoiled, type Fault, type Faults } from "./faultyStore.js";

/** Returns a server of files whose Nth answer goes wrong. */
export function faultyFetch(files: ReadonlyMap<string, Uint8Array>, faults: Faults, clock: StoreClock): Fetch {
    return async (url, { signal }) => {
        const fault = faults.next();
        if (fault === "fail" || fault === "close") {
            throw new TypeError("fetch failed");
        }
        if (fault === "gone") {
            return new Response("", { status: 503 });
        }
        if (fault === "delay") {
            await clock.waitAsync(HOUR_MS, signal!);
            signal!.throwIfAborted();
        }
        const bytes = files.get(new URL(url).pathname.slice(1));
        if (bytes === undefined) {
            return new Response("", { status: 404 });
        }
        const headers = { "content-length": `${bytes.length}` };
        return new Response(new Uint8Array(spoiled(bytes, fault)).buffer, { headers });
    };
}

/** Lets the Nth call of the file system go wrong, for as long as `jest`'s mocks are in force. */
export function spoilFileSystem(faults: () => Faults | null, clock: StoreClock): void {
    const spoilAsync = async (name: string): Promise<Fault | null> => {
        const fault = faults()?.next() ?? null;
        if (fault === "fail" || fault === "gone" || (fault === "full" && /write|mkdir|rename/.test(name))) {
            const code = fault === "full" ? "ENOSPC" : "EIO";
            throw Object.assign(new Error(`${code}: ${name}`), { code });
        }
        if (fault === "delay") {
            await clock.waitAsync(HOUR_MS);
        }
        return fault;
    };
    const { open, writeFile } = fs;
    for (const name of ["stat", "realpath", "readdir", "mkdir", "rename", "unlink", "lstat"] as const) {
        const call = fs[name] as (...args: unknown[]) => Promise<unknown>;
        jest.spyOn(fs, name).mockImplementation((async (...args: unknown[]) => {
            await spoilAsync(name);
            return call(...args);
        }) as never);
    }
    jest.spyOn(fs, "writeFile").mockImplementation(async (file, data, options) => {
        const fault = await spoilAsync("writeFile");
        await writeFile(file, fault === "truncate" ? spoiled(data as Uint8Array, fault) : data, options);
        if (fault === "truncate") {
            throw Object.assign(new Error("EIO: writeFile"), { code: "EIO" });
        }
    });
    jest.spyOn(fs, "open").mockImplementation(async (...args) => {
        const fault = await spoilAsync("open");
        const handle = await open(...args);
        if (fault === "truncate" || fault === "flip") {
            const read = handle.read.bind(handle) as (into: Uint8Array, at: number) => Promise<{ bytesRead: number }>;
            let isRead = false;
            handle.read = (async (into: Uint8Array, at: number) => {
                const { bytesRead } = isRead && fault === "truncate" ? { bytesRead: 0 } : await read(into, at);
                const bytes = spoiled(into.subarray(at, at + bytesRead), isRead ? null : fault);
                isRead = true;
                into.set(bytes, at);
                return { bytesRead: bytes.length };
            }) as never;
        }
        return handle;
    });
}

/** Parts of the fake database that browsers do not have. */
interface FakeTransaction extends IDBTransaction {
    _abort(name: string): void;
    _start(): void;
}

/** Lets the Nth opening or transaction of a fake database go wrong, for as long as `jest`'s mocks are in force. */
export function spoilDatabase(factory: IDBFactory, faults: () => Faults | null, clock: StoreClock): void {
    const spoils = new Map<IDBTransaction, Fault>();
    const { open } = factory;
    jest.spyOn(factory, "open").mockImplementation((...args) => {
        const fault = faults()?.next() ?? null;
        if (fault === "fail" || fault === "gone") {
            throw new DOMException("The operation is insecure.", "SecurityError");
        }
        return open.apply(factory, args);
    });
    const { transaction } = IDBDatabase.prototype;
    jest.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (
        this: IDBDatabase,
        ...args: Parameters<IDBDatabase["transaction"]>
    ) {
        // The fake makes its upgrades by this too.
        const fault = (args[1] as string) === "versionchange" ? null : (faults()?.next() ?? null);
        if (fault === "close") {
            forceCloseDatabase(this as never);
        }
        if (fault === "gone") {
            throw new DOMException("Internal error.", "UnknownError");
        }
        const made = transaction.apply(this, args) as FakeTransaction;
        if (fault === "fail") {
            setImmediate(() => made._abort("AbortError"));
        } else if (fault === "delay") {
            const start = made._start.bind(made);
            let isLate = false;
            made._start = () => {
                if (isLate) {
                    start();
                    return;
                }
                isLate = true;
                void clock.waitAsync(HOUR_MS).then(start);
            };
        } else if (fault !== null) {
            spoils.set(made, fault);
        }
        return made;
    });
    const { get, put } = IDBObjectStore.prototype;
    jest.spyOn(IDBObjectStore.prototype, "get").mockImplementation(function (this: IDBObjectStore, key) {
        const fault = spoils.get(this.transaction) ?? null;
        const request = get.call(this, key);
        request.addEventListener("success", () => {
            if (fault !== null && request.result instanceof Uint8Array) {
                (request as { result: unknown }).result = spoiled(request.result, fault);
            }
        });
        return request;
    });
    jest.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, value, key) {
        const request = put.call(this, value, key);
        request.addEventListener("success", () => {
            if (this.name === "entries" && spoils.get(this.transaction) === "full") {
                // It seemed to succeed.
                (this.transaction as FakeTransaction)._abort("QuotaExceededError");
            }
        });
        return request;
    });
}
