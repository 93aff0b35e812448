import { wrap, type DBSchema, type IDBPDatabase, type IDBPTransaction } from "idb";
import { messageOf } from "../base/errors.js";
import type { StoreClock } from "./store.js";
import { withinAsync } from "./storeClock.js";
import type { StoreEntry } from "./storeIndex.js";

/** The browser's database: the bytes of files, and beside them, in the same transactions, what is known of each. */
export interface StoreSchema extends DBSchema {
    files: { key: string; value: Uint8Array };
    entries: { key: string; value: StoreEntry };
}

export type StoreDatabase = IDBPDatabase<StoreSchema>;

/** Raised where the layout of the database changes; tabs with an older one then close it. */
const DATABASE_VERSION = 1;

/**
 * Why a database could not be opened: `none` where there is no IndexedDB; `denied` where the browser refuses it, as in
 * sandboxed frames and some private windows; `blocked` where another tab holds it in an older version; `newer` where a newer
 * Terrane has made it; `silent` where the browser does not answer in time.
 */
export type DatabaseFault = "none" | "denied" | "blocked" | "newer" | "silent";

export type DatabaseResult =
    | { readonly status: "opened"; readonly database: StoreDatabase; readonly entries: readonly StoreEntry[] }
    /** `reason` is a sentence. */
    | { readonly status: "unavailable"; readonly fault: DatabaseFault; readonly reason: string };

export interface OpenDatabaseOptions {
    readonly name: string;
    readonly factory: IDBFactory | null | undefined;
    readonly timeoutMs: number;
    readonly clock: StoreClock;
    /** Called when the browser has closed the database of itself. */
    readonly onLost: (database: StoreDatabase) => void;
    /** Called when another tab upgrades the database, for which it was closed. */
    readonly onOutdated: (database: StoreDatabase) => void;
}

/** Opens the database and reads its entries. What comes after the time-out is closed again. */
export async function openDatabaseAsync(options: OpenDatabaseOptions): Promise<DatabaseResult> {
    const { name, timeoutMs, clock } = options;
    let isBlocked = false;
    let isLate = false;
    const openAsync = async (): Promise<DatabaseResult> => {
        const factory = options.factory === undefined ? globalThis.indexedDB : options.factory;
        // Some hosts have it as null.
        if (!factory) {
            return unavailable("none", "There is no IndexedDB here.");
        }
        const request = factory.open(name, DATABASE_VERSION);
        request.onblocked = () => (isBlocked = true);
        request.onupgradeneeded = () => {
            request.result.createObjectStore("files");
            request.result.createObjectStore("entries", { keyPath: "key" });
        };
        const database = (await wrap(request)) as unknown as StoreDatabase;
        database.addEventListener("close", () => options.onLost(database));
        database.addEventListener("versionchange", () => {
            database.close();
            options.onOutdated(database);
        });
        try {
            const entries = isLate
                ? []
                : await transactAsync(database, "readonly", (all) => all.objectStore("entries").getAll());
            if (!isLate) {
                return { status: "opened", database, entries };
            }
        } catch (error) {
            database.close();
            throw error;
        }
        database.close();
        return unavailable("silent", "");
    };
    try {
        return await withinAsync<DatabaseResult, DatabaseResult>(
            clock,
            timeoutMs,
            openAsync(),
            undefined,
            (result) => result,
            () => {
                isLate = true;
                return isBlocked
                    ? unavailable("blocked", `Another tab holds the database "${name}" in an older version.`)
                    : unavailable(
                          "silent",
                          `The browser did not open the database "${name}" in ${timeoutMs / 1000} s.`,
                      );
            },
        );
    } catch (error) {
        return nameOf(error) === "VersionError"
            ? unavailable("newer", `The database "${name}" was made by a newer version of Terrane.`)
            : unavailable("denied", `The browser does not open the database "${name}": ${messageOf(error)}`);
    }
}

type Names = ("files" | "entries")[];
export type StoreTransaction<M extends "readonly" | "readwrite"> = IDBPTransaction<StoreSchema, Names, M>;

/**
 * Does something in one transaction, and resolves when that is complete: until then what was put may still fail.
 *
 * @throws the browser's error
 */
export async function transactAsync<T, M extends "readonly" | "readwrite">(
    database: StoreDatabase,
    mode: M,
    useAsync: (transaction: StoreTransaction<M>) => Promise<T>,
    durability: IDBTransactionDurability = "relaxed",
): Promise<T> {
    const transaction = database.transaction<Names, M>(["files", "entries"], mode, { durability });
    const [value] = await Promise.all([useAsync(transaction), transaction.done]);
    return value;
}

/** Returns the name by which errors of the browser are told apart. */
export function nameOf(error: unknown): unknown {
    return (error as { name?: unknown } | null)?.name;
}

function unavailable(fault: DatabaseFault, reason: string): DatabaseResult {
    return { status: "unavailable", fault, reason };
}
