import { messageOf } from "../base/errors.js";
import type { StoreClock } from "./store.js";
import { linkAbort, withinAsync } from "./storeClock.js";
import { nameOf, openDatabaseAsync, type DatabaseFault, type StoreDatabase } from "./storeDatabase.js";
import type { StoreEntry } from "./storeIndex.js";

/** What came of a piece of work on the database. */
export type Ran<T> =
    | { readonly status: "done"; readonly value: T }
    | { readonly status: "noRoom" }
    | { readonly status: "unavailable"; readonly reason: string }
    | { readonly status: "aborted" };

export interface StoreConnectionOptions {
    /** Of the database. */
    readonly name: string;
    readonly factory: IDBFactory | null | undefined;
    readonly openTimeoutMs: number;
    readonly timeoutMs: number;
    readonly clock: StoreClock;
    /** Called each time that the database was opened, with all that is in it. */
    readonly onOpened: (entries: readonly StoreEntry[]) => void;
}

/** Most times that a piece of work is begun, where the connection is lost under it. */
const ATTEMPTS = 3;

/**
 * A connection to the browser's database. One that the browser closes is opened anew, by the next piece of work; where that
 * fails, or where another tab needs it closed to upgrade the database, it stays closed.
 */
export class StoreConnection {
    private readonly _closing = new AbortController();
    /** Null where it is lost, and not opened anew yet. */
    private _database: StoreDatabase | null = null;
    private _opening: Promise<StoreDatabase | null> | null = null;
    /** Why nothing can be done any more; empty while it can. */
    private _end = "";

    public constructor(private readonly _options: StoreConnectionOptions) {}

    /** Whether the database is open at this moment. */
    public get isOpen(): boolean {
        return this._database !== null;
    }

    /** Aborted when the connection is closed for good. */
    public get closing(): AbortSignal {
        return this._closing.signal;
    }

    /** Opens the database. Returns why it could not be; null where it is open. */
    public async openAsync(): Promise<{ fault: DatabaseFault; reason: string } | null> {
        const result = await openDatabaseAsync({
            ...this._options,
            timeoutMs: this._options.openTimeoutMs,
            onLost: (lost) => this._lose(lost),
            onOutdated: () => this.close("another tab upgrades it"),
        });
        if (result.status === "unavailable") {
            return result;
        }
        if (this._end !== "") {
            result.database.close();
            return { fault: "denied", reason: this.unavailable(this._end).reason };
        }
        this._database = result.database;
        this._options.onOpened(result.entries);
        return null;
    }

    /** Closes it for good, and ends what is under way. */
    public close(why: string): void {
        this._end ||= why;
        this._closing.abort();
        this._database?.close();
        this._database = null;
    }

    public unavailable(why: string): { status: "unavailable"; reason: string } {
        return { status: "unavailable", reason: `The database "${this._options.name}" cannot be used: ${why}.` };
    }

    /** Does a piece of work; once more where the connection was lost meanwhile. */
    public async runAsync<T>(
        signal: AbortSignal | undefined,
        workAsync: (database: StoreDatabase) => Promise<T>,
    ): Promise<Ran<T>> {
        const ending = new AbortController();
        const unlink = linkAbort(ending, signal, this._closing.signal);
        const endedEarly = (): Ran<T> => (this._end === "" ? { status: "aborted" } : this.unavailable(this._end));
        try {
            for (let attempt = 1; ; attempt++) {
                const database = await this._connectAsync();
                if (database === null || ending.signal.aborted) {
                    return endedEarly();
                }
                try {
                    return await withinAsync<T, Ran<T>>(
                        this._options.clock,
                        this._options.timeoutMs,
                        workAsync(database),
                        ending.signal,
                        (value) => ({ status: "done", value }),
                        (why) => (why === "late" ? this.unavailable("it does not answer") : endedEarly()),
                    );
                } catch (error) {
                    if (nameOf(error) === "QuotaExceededError") {
                        return { status: "noRoom" };
                    }
                    if (attempt === ATTEMPTS || !this._isLostBy(error, database)) {
                        return this.unavailable(messageOf(error) || String(nameOf(error)));
                    }
                }
            }
        } finally {
            unlink();
        }
    }

    /** Whether a failure came of a connection that is lost, or about to be: the browser tells of it late. */
    private _isLostBy(error: unknown, database: StoreDatabase): boolean {
        if (nameOf(error) === "InvalidStateError") {
            this._lose(database);
        }
        return this._database !== database || nameOf(error) === "AbortError";
    }

    private _lose(lost: StoreDatabase): void {
        if (this._database === lost) {
            this._database = null;
        }
    }

    /** Returns the database, opened anew where it was lost; null where it cannot be, from then on. */
    private async _connectAsync(): Promise<StoreDatabase | null> {
        if (this._database !== null || this._end !== "") {
            return this._database;
        }
        this._opening ??= this.openAsync().then((fault) => {
            this._opening = null;
            if (fault !== null) {
                this.close(`the browser closed it, and it does not open again (${fault.reason})`);
            }
            return this._database;
        });
        return this._opening;
    }
}
