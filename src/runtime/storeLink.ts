import { messageOf, TerraneError } from "../base/errors.js";
import { GENERATOR_VERSION } from "../bake/generatorVersion.js";
import { GeneratorVersionError, ManifestError } from "../format/manifest.js";
import type { Recipe } from "../recipe/recipe.js";
import type { LoadWorkerOptions } from "../scheduler/loadWorker.js";
import { StoreError } from "../store/chunkStore.js";
import type {
    BakeInfo,
    BakeRef,
    ChunkEvent,
    LoadEvent,
    LoadRequest,
    RefusedError,
    StoreRef,
} from "../store/loadProtocol.js";
import type { Store, StoreDescription } from "../store/store.js";
import { persistStorageAsync } from "../store/indexedDbStore.js";
import { StoreHost } from "../store/storeHost.js";
import type { StoreStats } from "../store/storeStats.js";
import { InlineLoadPort, WorkerLoadPort, type LoadPort } from "./loadPort.js";

export interface StoreLinkOptions extends LoadWorkerOptions {
    /** Stores of chunks, asked in this order. Those that are open already stay their owner's. */
    readonly stores: readonly GivenStore[];
    /** Stores that are to be closed with the link. Default: none */
    readonly owned?: readonly Store[];
    /** A bake, asked after them. */
    readonly bake: (Omit<BakeRef, "files"> & { readonly files: GivenStore }) | null;
    /** Whether all is loaded on the calling thread. */
    readonly isInline: boolean;
    /** Told of what works less well than it was meant to, once for each cause. */
    onWarning(message: string): void;
}

/** A store that is open, or what opens one. */
export type GivenStore = Store | StoreDescription;

/** Told what comes from stores. */
export interface StoreListener {
    onEvent(event: ChunkEvent): void;
    /** Called after some events, which came at once. */
    onHandled(): void;
    /** Whatever was asked is lost, with its buffers. Asked anew it may be had. */
    onLost(): void;
}

/** Times that a worker is started anew in a minute: one that dies again and again is left alone. */
const MOST_RESTARTS = 3;
const RESTARTS_MS = 60_000;
/** Milliseconds until stores are opened again that could not be, at first and at most; doubled each time. */
const FIRST_REOPEN_MS = 1000;
const LAST_REOPEN_MS = 60_000;
/** Milliseconds that writing what is on its way to stores may take when a world ends. */
const CLOSE_MS = 2000;

/**
 * The way to what loads chunks from stores, on whatever thread that is: opens it, says which world is meant, and starts it
 * anew where its worker dies.
 */
export class StoreLink {
    /** The bake that was opened; null for none. */
    public bake: BakeInfo | null = null;
    /** Whether a store takes what is put. */
    public isWritable = false;
    /** Bytes that it keeps at most. */
    public limitBytes = Infinity;
    /** Whether what it takes outlives the page. */
    public isLasting = true;
    /** Number of the world whose chunks are meant. */
    public world = 0;
    /** What each store did, a moment ago. */
    public stats: readonly StoreStats[] = [];
    public listener: StoreListener | null = null;

    /** Answers the present port: what a port that is gone has asked is nothing to the next. */
    private _host!: StoreHost;
    private _port: LoadPort;
    private _opening: { resolve(): void; reject(error: Error): void } | null = null;
    private _isOpen = false;
    private _restarts: number[] = [];
    private _world: { recipe: Recipe; generatorVersion: number } | null = null;
    private _isDisposed = false;
    private _onClosed: (() => void) | null = null;
    private _isLost = false;
    private _reopenTimer: ReturnType<typeof setTimeout> | undefined;
    private _reopenMs = FIRST_REOPEN_MS;

    private constructor(private readonly _options: StoreLinkOptions) {
        this._port = this._start();
    }

    /**
     * Opens stores and bake.
     *
     * @throws ManifestError where the bake's manifest is none that can be used
     * @throws StoreError where there is no bake, it is out of reach, or the worker cannot be started
     */
    public static async OpenAsync(options: StoreLinkOptions): Promise<StoreLink> {
        const link = new StoreLink(options);
        try {
            await link._openAsync();
        } catch (error) {
            await link.disposeAsync();
            throw error;
        }
        return link;
    }

    /** Whether anything can be asked. */
    public get isOpen(): boolean {
        return this._isOpen;
    }

    /** Whether memory stands in for the browser's database, which is not to be had. */
    public get isStandIn(): boolean {
        return this._options.stores.some((store) => "kind" in store && store.kind === "indexedDb") && !this.isLasting;
    }

    /** Says whose chunks are meant from now on. */
    public setWorld(recipe: Recipe, generatorVersion: number): void {
        this.world++;
        this._world = { recipe, generatorVersion };
        this._postWorld();
    }

    public post(request: LoadRequest, buffers: ArrayBuffer[]): void {
        this._port.post(request, buffers);
    }

    /** Ends a worker that does not answer, and starts another. */
    public abandon(reason: string): void {
        if (!this._isDisposed && this._isOpen) {
            void this._port.endAsync();
            this._onLost(new Error(reason));
        }
    }

    /** Asks the browser to keep what is stored when disks run full. Resolves with whether it will. */
    public persistAsync(): Promise<boolean> {
        // Workers may not ask.
        return persistStorageAsync();
    }

    /** Ends it; what is on its way to stores is written before, within two seconds. */
    public async disposeAsync(): Promise<void> {
        if (this._isDisposed) {
            return;
        }
        this._isDisposed = true;
        this.listener = null;
        clearTimeout(this._reopenTimer);
        this._opening?.reject(new StoreError("The world was disposed.", ""));
        await new Promise<void>((resolve) => {
            if (this._isLost) {
                resolve();
                return;
            }
            const timer = setTimeout(resolve, CLOSE_MS);
            this._onClosed = () => {
                clearTimeout(timer);
                resolve();
            };
            this.post({ kind: "close" }, []);
        });
        await this._port.endAsync();
        await Promise.all((this._options.owned ?? []).map((store) => store.closeAsync()));
    }

    private _openAsync(): Promise<void> {
        return new Promise((resolve, reject) => {
            this._opening = { resolve, reject };
            this._postOpen();
        });
    }

    private _start(): LoadPort {
        const { stores, bake, isInline } = this._options;
        const listener = {
            onEvents: (events: readonly LoadEvent[]) => this._onEvents(events),
            onLost: (error: unknown) => this._onLost(error),
        };
        const port: LoadPort = isInline ? new InlineLoadPort(listener) : new WorkerLoadPort(this._options, listener);
        const given = bake === null ? stores : [...stores, bake.files];
        this._host = new StoreHost(given as readonly Store[], (reply, buffers) => {
            if (port === this._port) {
                port.post(reply, buffers);
            }
        });
        return port;
    }

    private _postOpen(): void {
        const { stores, bake } = this._options;
        const settings = {
            stores: stores.map((store, place) => this._refOf(store, place)),
            bake: bake === null ? null : { ...bake, files: this._refOf(bake.files, stores.length) },
        };
        this.post({ kind: "open", settings }, []);
    }

    /** Stores that another thread can open by themselves are opened there. */
    private _refOf(store: GivenStore, place: number): StoreRef {
        if ("kind" in store) {
            return store;
        }
        const { name, isWritable, limitBytes, isLasting, description } = store;
        const remote = { kind: "remote", place, name, isWritable, limitBytes, isLasting } as const;
        return this._port.isInline ? store : (description ?? remote);
    }

    /** What a listener throws of one event is rethrown once it has been told of all. */
    private _onEvents(events: readonly LoadEvent[]): void {
        let thrown: unknown;
        let hasThrown = false;
        for (let i = 0; i <= events.length; i++) {
            try {
                if (i < events.length) {
                    this._onEvent(events[i]!);
                } else {
                    this.listener?.onHandled();
                }
            } catch (error) {
                thrown = hasThrown ? thrown : error;
                hasThrown = true;
            }
        }
        if (hasThrown) {
            throw thrown;
        }
    }

    private _onEvent(event: LoadEvent): void {
        switch (event.kind) {
            case "opened":
                this.bake = event.bake;
                this.isWritable = event.isWritable;
                this.limitBytes = event.limitBytes;
                this.isLasting = event.isLasting;
                this._isOpen = true;
                this._reopenMs = FIRST_REOPEN_MS;
                this._opening?.resolve();
                this._opening = null;
                break;
            case "refused":
                this._refuse(event.error);
                break;
            case "call":
                this._host.receive(event);
                break;
            case "stats":
                this.stats = event.stores;
                break;
            case "warning":
                this._options.onWarning(event.message);
                break;
            case "closed":
                this._onClosed?.();
                break;
            case "world":
            case "held":
            case "answer":
            case "stored":
            case "downloaded":
                this.listener?.onEvent(event);
                break;
        }
    }

    private _refuse(refused: RefusedError): void {
        const error = errorOf(refused, this._options.bake?.address ?? "");
        if (this._opening === null) {
            // It was open before its worker died.
            if (this._reopenMs === FIRST_REOPEN_MS) {
                this._options.onWarning(`Stores could not be opened again, which is tried on: ${error.message}`);
            }
            this._reopenTimer = setTimeout(() => {
                this._postOpen();
                this._postWorld();
            }, this._reopenMs);
            this._reopenMs = Math.min(LAST_REOPEN_MS, 2 * this._reopenMs);
            return;
        }
        this._opening.reject(error);
        this._opening = null;
    }

    private _onLost(error: unknown): void {
        this._isOpen = false;
        this._isLost = true;
        this._onClosed?.();
        const reason = messageOf(error);
        if (this._opening !== null) {
            this._opening.reject(
                new StoreError(`The worker that loads from stores could not be started: ${reason}`, ""),
            );
            this._opening = null;
            return;
        }
        if (this._isDisposed) {
            return;
        }
        this.listener?.onLost();
        const nowMs = performance.now();
        this._restarts = this._restarts.filter((ms) => ms > nowMs - RESTARTS_MS);
        if (this._restarts.length >= MOST_RESTARTS) {
            this._options.onWarning(
                `The worker that loads from stores died too often, and is not started again: ${reason}`,
            );
            return;
        }
        this._restarts.push(nowMs);
        this._isLost = false;
        this._port = this._start();
        this._postOpen();
        this._postWorld();
    }

    private _postWorld(): void {
        if (this._world !== null) {
            this.post({ kind: "world", world: this.world, ...this._world }, []);
        }
    }
}

/** Returns the error that opening ended with, of its own class again. */
function errorOf({ name, message, path, generatorVersion }: RefusedError, address: string): Error {
    if (generatorVersion !== undefined) {
        return new GeneratorVersionError(generatorVersion, GENERATOR_VERSION);
    }
    const text = address === "" ? message : `The bake at ${address} cannot be opened: ${message}`;
    switch (name) {
        case "ManifestError":
            return new ManifestError(text);
        case "TerraneError":
            return new TerraneError("options.bakedUrl", address, "the address of a bake", message);
        default:
            return new StoreError(text, path);
    }
}
