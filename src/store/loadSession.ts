import { messageOf } from "../base/errors.js";
import { hash64Hex } from "../base/hash.js";
import { initChunkDecoderAsync } from "../format/chunkFile.js";
import type { GeneratorVersionError } from "../format/manifest.js";
import { storedWorldOf } from "../format/storedWorld.js";
import { openBakedStoreAsync, type BakedStore } from "./bakedStore.js";
import { listBlocksAsync } from "./blockListing.js";
import { CachedBakeFiles } from "./cachedBakeFiles.js";
import type { StoreError } from "./chunkStore.js";
import type { BakeInfo, BakeRef, LoadRequest, LoadSettings, SendEvent, StoreRef } from "./loadProtocol.js";
import { OpenedStores } from "./openedStores.js";
import { openStoreAsync } from "./openStore.js";
import { RemoteCalls, RemoteStore } from "./remoteStore.js";
import type { Store } from "./store.js";
import { answerLoad, WorldLoads } from "./worldLoads.js";

type WorldRequest = Extract<LoadRequest, { kind: "world" }>;
type WorkRequest = Extract<LoadRequest, { kind: "work" }>;
type DownloadRequest = Extract<LoadRequest, { kind: "download" }>;

export interface LoadSessionOptions {
    /**
     * Waits for a turn to compute for some milliseconds: on a thread that draws, what is unpacked has to leave room for the
     * frame. Default: there is nothing to wait for
     */
    turnAsync?(): Promise<void>;
}

/** Milliseconds between two tellings of statistics. */
const STATS_MS = 50;
/** Milliseconds that stores may take to list what they have. */
const LIST_MS = 10_000;
const OTHER_WORLD = "It is of another world.";
/** Where manifests rest in a store of chunks. */
const MANIFESTS = "bakes";

/**
 * Loads chunks from stores and puts them there, for a world that runs on another thread, or on this one: every wait for a
 * network or a disk, every hash and all unpacking is here. `loadProtocol.ts` has what it is asked and what it says.
 */
export class LoadSession {
    private readonly _calls: RemoteCalls;
    private readonly _turnAsync: () => Promise<void>;
    private readonly _aborts = new Map<number, AbortController>();
    private readonly _writes = new Set<Promise<void>>();
    private readonly _ending = new AbortController();
    private _stores: Promise<OpenedStores | null> = Promise.resolve(null);
    /** Stores that were opened here: all others are their owners' to close. */
    private readonly _owned: Store[] = [];
    /** The number of the world that is meant, and its loads once stores have listed what they have; null where none are open. */
    private _number = 0;
    private _loads: Promise<WorldLoads | null> = Promise.resolve(null);
    private _statsTimer: ReturnType<typeof setTimeout> | null = null;

    public constructor(
        private readonly _send: SendEvent,
        { turnAsync = () => Promise.resolve() }: LoadSessionOptions = {},
    ) {
        this._calls = new RemoteCalls(_send);
        this._turnAsync = turnAsync;
    }

    /** Takes a request, and answers it by events. Never throws. */
    public receive(request: LoadRequest): void {
        switch (request.kind) {
            case "open":
                this._stores = this._openAsync(request.settings);
                break;
            case "world":
                this._number = request.world;
                this._loads = this._beginWorldAsync(request);
                break;
            case "work":
                this._abortAll(request.aborts);
                void this._workAsync(request);
                break;
            case "download":
                void this._downloadAsync(request);
                break;
            case "reply":
                this._calls.settle(request);
                break;
            case "close":
                void this._closeAsync();
                break;
        }
    }

    private async _openAsync({ stores: refs, bake: bakeRef }: LoadSettings): Promise<OpenedStores | null> {
        try {
            await initChunkDecoderAsync();
            const given: Store[] = [];
            for (const ref of refs) {
                given.push(await this._openStoreAsync(ref));
            }
            const cache = given.find(({ isWritable }) => isWritable) ?? null;
            const bake = bakeRef === null ? null : await this._openBakeAsync(bakeRef, cache);
            const stores = new OpenedStores(given, bake);
            const { writable, limitBytes, isLasting } = stores;
            const info = bake === null ? null : infoOf(bake);
            this._send({ kind: "opened", bake: info, isWritable: writable !== null, limitBytes, isLasting });
            this._send({ kind: "stats", stores: stores.statsOf() });
            return stores;
        } catch (error) {
            const {
                name = "Error",
                path = "",
                generatorVersion,
            } = error as Partial<GeneratorVersionError & StoreError>;
            this._send({ kind: "refused", error: { name, path, generatorVersion, message: messageOf(error) } });
            await this._closeOwnedAsync();
            return null;
        }
    }

    private async _openStoreAsync(ref: StoreRef): Promise<Store> {
        if (!("kind" in ref)) {
            return ref;
        }
        if (ref.kind === "remote") {
            return new RemoteStore(ref, this._calls);
        }
        const store = await openStoreAsync(ref, { onWarning: (message) => this._send({ kind: "warning", message }) });
        this._owned.push(store);
        return store;
    }

    private async _openBakeAsync(ref: BakeRef, cache: Store | null): Promise<BakedStore> {
        const { address, generatorVersion, rootHash } = ref;
        const files = await this._openStoreAsync(ref.files);
        const prefix = `${MANIFESTS}/${hash64Hex(new TextEncoder().encode(address))}/`;
        const source = cache === null ? files : new CachedBakeFiles(files, cache, prefix);
        return openBakedStoreAsync(source, {
            generatorVersion,
            rootHash,
            signal: this._ending.signal,
        });
    }

    private async _beginWorldAsync({
        world: number,
        recipe,
        generatorVersion,
    }: WorldRequest): Promise<WorldLoads | null> {
        const stores = await this._stores;
        if (stores === null) {
            return null;
        }
        const world = storedWorldOf(recipe, generatorVersion);
        const listing = await listBlocksAsync(stores.given, world.key, LIST_MS);
        const loads = new WorldLoads({
            world,
            stores,
            listing,
            number,
            aborts: this._aborts,
            writes: this._writes,
            signal: this._ending.signal,
            send: this._send,
            onDone: () => this._tellStatsSoon(stores),
            turnAsync: this._turnAsync,
        });
        if (number === this._number) {
            loads.tellWorld();
        }
        return loads;
    }

    private _abortAll(ids: readonly number[]): void {
        ids.forEach((id) => this._aborts.get(id)?.abort());
    }

    /** Does what it can for the world that is meant; what was meant for another is called off. */
    private async _workAsync(request: WorkRequest): Promise<void> {
        const loads = await this._loads;
        // Those that have waited for their world until now are known only here.
        this._abortAll(request.aborts);
        if (loads !== null && request.world === this._number) {
            loads.work(request);
            return;
        }
        request.loads.forEach((task) => answerLoad(this._send, task, { status: "aborted" }));
        for (const { id, buffer } of request.puts) {
            this._send({ kind: "stored", id, status: "unwanted", buffer, bytes: 0, reason: OTHER_WORLD }, [buffer]);
        }
    }

    private async _downloadAsync(request: DownloadRequest): Promise<void> {
        const loads = await this._loads;
        if (loads !== null && request.world === this._number) {
            await loads.downloadAsync(request);
        } else {
            this._send({ kind: "downloaded", id: request.id, status: "unavailable", bytes: 0, reason: OTHER_WORLD });
        }
    }

    private _tellStatsSoon(stores: OpenedStores): void {
        this._statsTimer ??= setTimeout(() => {
            this._statsTimer = null;
            this._send({ kind: "stats", stores: stores.statsOf() });
            // What is written in the background ends later than what was asked for.
            if (stores.chain.isWriting) {
                this._tellStatsSoon(stores);
            }
        }, STATS_MS);
    }

    private async _closeAsync(): Promise<void> {
        this._ending.abort();
        this._aborts.forEach((controller) => controller.abort());
        const stores = await this._stores;
        await Promise.all(this._writes);
        await stores?.chain.settledAsync();
        if (this._statsTimer !== null) {
            clearTimeout(this._statsTimer);
            this._statsTimer = null;
        }
        await this._closeOwnedAsync();
        this._send({ kind: "closed" });
    }

    private async _closeOwnedAsync(): Promise<void> {
        await Promise.all(this._owned.splice(0).map((store) => store.closeAsync()));
    }
}

function infoOf({ manifest }: BakedStore): BakeInfo {
    const { recipe, generatorVersion, rootHash, chunkCount, levels } = manifest;
    return { recipe, generatorVersion, rootHash, chunkCount, levels };
}
