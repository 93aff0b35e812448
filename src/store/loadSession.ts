import { messageOf } from "../base/errors.js";
import { hash64Hex } from "../base/hash.js";
import { initChunkCodecAsync, initChunkDecoderAsync } from "../format/chunkFile.js";
import { storedWorldOf, type StoredWorld } from "../format/storedWorld.js";
import { chunkStoreKey } from "../format/chunkStoreKey.js";
import { BLOCK_HEIGHT, squareKey, squareOf, type ChunkSquare } from "../space/chunkSquare.js";
import type { Recipe } from "../recipe/recipe.js";
import type { BakedStore } from "./bakedStore.js";
import { openBakedStoreAsync } from "./bakedStore.js";
import { CachedBakeFiles } from "./cachedBakeFiles.js";
import { ChainStore } from "./chainStore.js";
import { ChunkReader, type ChunkLoad } from "./chunkReader.js";
import { listBlocksAsync, type BlockListing } from "./blockListing.js";
import type {
    BakeInfo,
    BakeRef,
    DownloadAnswer,
    HeldBlock,
    LoadRequest,
    LoadSettings,
    LoadTask,
    PutTask,
    SendEvent,
    StoreRef,
} from "./loadProtocol.js";
import { openStoreAsync } from "./openStore.js";
import { packChunk } from "./packChunk.js";
import { RemoteCalls, RemoteStore } from "./remoteStore.js";
import type { Store, StoreResult } from "./store.js";
import type { StoreStats } from "./storeStats.js";

export interface LoadSessionOptions {
    /**
     * Waits for a turn to compute for some milliseconds: on a thread that draws, what is unpacked has to leave room for the
     * frame. Default: there is nothing to wait for
     */
    turnAsync?(): Promise<void>;
}

/** Milliseconds between two tellings of statistics. */
const STATS_MS = 50;
/** Most blocks that are known to have been told of; those that are forgotten are told of again. */
const MOST_TOLD = 2 ** 16;
/** Where manifests rest in a store of chunks. */
const MANIFESTS = "bakes";

/** Milliseconds after which what was called off is answered, whether its store listens or not. */
const ABORT_MS = 1000;
/** Milliseconds that stores may take to list what they have. */
const LIST_MS = 10_000;

/** A chunk that is being loaded. */
interface Load {
    readonly task: LoadTask;
    readonly chunk: ChunkLoad;
    readonly startedMs: number;
    isAnswered: boolean;
}

/** What is open. */
interface Opened {
    /** The caller's stores and the bake. */
    readonly chain: ChainStore;
    /** The first of the caller's stores that takes what is put; null where none does. */
    readonly writable: Store | null;
    /** All others, from which that one is filled. */
    readonly others: ChainStore;
    readonly stores: readonly Store[];
    readonly bake: BakedStore | null;
}

/**
 * Loads chunks from stores and puts them there, for a world that runs on another thread, or on this one: every wait for a
 * network or a disk, every hash and all unpacking is here. `loadProtocol.ts` has what it is asked and what it says.
 */
export class LoadSession {
    private readonly _calls: RemoteCalls;
    private readonly _turnAsync: () => Promise<void>;
    private readonly _aborts = new Map<number, AbortController>();
    private readonly _ending = new AbortController();
    private _opening: Promise<void> = Promise.resolve();
    private _opened: Opened | null = null;
    /** Stores that were opened here: all others are their owners' to close. */
    private readonly _owned: Store[] = [];
    private _world: StoredWorld | null = null;
    /** Counts changes of the world. */
    private _changes = 0;
    private _reader: ChunkReader | null = null;
    private _listing: BlockListing | null = null;
    /** Keys of blocks that were told of, the latest at least. */
    private readonly _told = new Set<number>();
    /** Requests that came before there was a world to load from. */
    private readonly _early: (() => void)[] = [];
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
                this._opening = this._openAsync(request.settings);
                break;
            case "world":
                void this._setWorldAsync(request.recipe, request.generatorVersion);
                break;
            case "work":
                request.aborts.forEach((id) => this._aborts.get(id)?.abort());
                this._whenWorld(() => {
                    this._loadAll(request.loads);
                    request.puts.forEach((task) => void this._putAsync(task));
                    request.blocks.forEach((block) => void this._tellBlockAsync(block));
                });
                break;
            case "download":
                this._whenWorld(() => void this._downloadAsync(request.id, request.address));
                break;
            case "persist":
                void this._persistAsync();
                break;
            case "reply":
                this._calls.settle(request);
                break;
            case "close":
                void this._closeAsync();
                break;
        }
    }

    private async _openAsync({ stores: refs, bake: bakeRef }: LoadSettings): Promise<void> {
        const opened: Store[] = [];
        try {
            await initChunkDecoderAsync();
            for (const ref of refs) {
                opened.push(await this._openStoreAsync(ref));
            }
            const writable = opened.find(({ isWritable }) => isWritable) ?? null;
            const bake = bakeRef === null ? null : await this._openBakeAsync(bakeRef, writable);
            const stores = bake === null ? opened : [...opened, bake];
            const others = new ChainStore(stores.filter((store) => store !== writable));
            this._opened = { chain: new ChainStore(stores), writable, others, stores: opened, bake };
            this._send({
                kind: "opened",
                bake: bake === null ? null : infoOf(bake),
                isWritable: writable !== null,
                limitBytes: limitOf(writable),
            });
            this._tellStats();
        } catch (error) {
            const { name = "Error", code = "", path = "" } = error as { name?: string; code?: string; path?: string };
            this._send({ kind: "refused", error: { name, code, path, message: messageOf(error) } });
            await this._closeOwnedAsync();
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
            generatorVersion: generatorVersion as number,
            rootHash,
            signal: this._ending.signal,
        });
    }

    private async _setWorldAsync(recipe: Recipe, generatorVersion: number): Promise<void> {
        const change = ++this._changes;
        this._world = null;
        await this._opening;
        if (this._opened === null) {
            return;
        }
        const { stores, bake } = this._opened;
        const world = storedWorldOf(recipe, generatorVersion);
        const listing = await listBlocksAsync(stores, world.key, LIST_MS);
        if (change !== this._changes) {
            return;
        }
        const hasBake = bake !== null && bake.manifest.world.key === world.key;
        this._reader = new ChunkReader(world, hasBake && bake.isPinned ? bake : null, this._turnAsync);
        this._listing = listing;
        this._told.clear();
        const blocks: HeldBlock[] = hasBake ? [] : [...listing.blocks.values()];
        this._send({
            kind: "world",
            key: world.key,
            isComplete: !hasBake,
            isBlind: listing.isBlind,
            blocks,
        });
        this._world = world;
        this._early.splice(0).forEach((run) => run());
    }

    private _whenWorld(run: () => void): void {
        if (this._world === null) {
            this._early.push(run);
        } else {
            run();
        }
    }

    private _loadAll(tasks: readonly LoadTask[]): void {
        if (tasks.length === 0) {
            return;
        }
        const loads = tasks.map((task) => this._begin(task));
        const requests = loads.map(({ chunk }) => chunk.request);
        void this._opened!.chain.getManyAsync(requests, (index, result) => {
            this._answer(loads[index]!, result);
            this._tellRead(squareOf(tasks[index]!.address, BLOCK_HEIGHT));
        });
    }

    private _begin(task: LoadTask): Load {
        const controller = new AbortController();
        const { signal } = controller;
        const chunk = this._reader!.begin(task.address, task.buffer, signal);
        const load: Load = { task, chunk, startedMs: performance.now(), isAnswered: false };
        this._aborts.set(task.id, controller);
        // A store of somebody's own may not listen.
        const answerSoon = (): unknown => setTimeout(() => this._answer(load, { status: "aborted" }), ABORT_MS);
        signal.addEventListener("abort", answerSoon, { once: true });
        return load;
    }

    private _answer(load: Load, result: StoreResult): void {
        if (load.isAnswered) {
            return;
        }
        load.isAnswered = true;
        const { id, buffer: own } = load.task;
        const { chunk, unpackMs } = load.chunk;
        this._aborts.delete(id);
        const isFound = result.status === "found" && chunk !== null;
        const isOwn = chunk === null || chunk.buffer === own;
        const buffer = isOwn ? own : (chunk.buffer as ArrayBuffer);
        const unused = isOwn ? null : own;
        this._send(
            {
                kind: "answer",
                id,
                status: result.status,
                buffer,
                byteLength: isFound ? chunk.byteLength : 0,
                unused,
                reason: "reason" in result ? result.reason : "",
                loadMs: performance.now() - load.startedMs,
                unpackMs,
            },
            unused === null ? [buffer] : [buffer, unused],
        );
        this._tellStatsSoon();
    }

    private async _putAsync({ id, buffer, byteLength }: PutTask): Promise<void> {
        const { chain, writable } = this._opened!;
        const world = this._world!;
        await initChunkCodecAsync();
        await this._turnAsync();
        const packed = packChunk(new Uint8Array(buffer, 0, byteLength), world);
        const fault = typeof packed === "string" ? packed : writable === null ? "No store takes any." : null;
        const result =
            fault !== null || typeof packed === "string"
                ? { status: "refused" as const, reason: fault! }
                : await chain.putAsync(chunkStoreKey(world.key, packed.address), packed.file);
        if (result.status === "stored" && typeof packed !== "string") {
            this._listing!.add(chunkStoreKey(world.key, packed.address), world.key);
        }
        const reason = "reason" in result ? result.reason : "";
        const bytes = typeof packed === "string" ? 0 : packed.file.byteLength;
        this._send({ kind: "stored", id, status: result.status, buffer, bytes, reason }, [buffer]);
        this._tellStatsSoon();
    }

    /** Brings a chunk file from the other stores into the first that takes any, as it is. */
    private async _downloadAsync(id: number, address: LoadTask["address"]): Promise<void> {
        const { chain, others, writable } = this._opened!;
        const answer = (status: DownloadAnswer["status"], bytes = 0, reason = ""): void =>
            this._send({ kind: "downloaded", id, status, bytes, reason });
        if (writable === null) {
            answer("refused", 0, "No store takes any.");
            return;
        }
        const controller = new AbortController();
        this._aborts.set(id, controller);
        const { signal } = controller;
        const key = chunkStoreKey(this._world!.key, address);
        const held = await writable.getAsync({ key, signal });
        const load = this._reader!.begin(address, new ArrayBuffer(0), signal);
        const found = held.status === "found" ? held : await others.getAsync(load.request);
        if (held.status !== "found" && found.status === "found") {
            const put = await chain.putAsync(key, found.bytes, { signal });
            const reason = "reason" in put ? put.reason : put.status === "aborted" ? "It was aborted." : "";
            answer(put.status === "aborted" ? "unavailable" : put.status, found.bytes.byteLength, reason);
        } else if (found.status === "found") {
            answer("had", found.bytes.byteLength);
        } else if (found.status === "missing" || found.status === "damaged") {
            answer("missing", 0, "reason" in found ? found.reason : "");
        } else {
            answer("unavailable", 0, "reason" in found ? found.reason : "It was aborted.");
        }
        this._aborts.delete(id);
        this._tellStatsSoon();
    }

    /** Says which chunks a block has, once that can be known. */
    private async _tellBlockAsync(block: ChunkSquare): Promise<void> {
        const { bake } = this._opened!;
        const answer = await bake?.manifest.presenceOfAsync(block, { signal: this._ending.signal });
        if (answer?.status === "unavailable" || answer?.status === "aborted") {
            return;
        }
        if (answer?.status === "damaged") {
            this._send({ kind: "warning", message: answer.error.message });
        }
        this._tell(block, answer?.status === "found" ? answer.bits : null);
    }

    /** Says which chunks a block has, where loading from it has made that known. */
    private _tellRead(block: ChunkSquare): void {
        const bits = this._opened!.bake?.manifest.presenceOf(block);
        if (bits !== undefined && !this._told.has(squareKey(block))) {
            this._tell(block, bits);
        }
    }

    private _tell(block: ChunkSquare, bits: Uint32Array | null): void {
        if (this._told.size >= MOST_TOLD) {
            this._told.clear();
        }
        this._told.add(squareKey(block));
        this._send({ kind: "held", blocks: [{ block, bits: this._listing!.with(block, bits) }] });
    }

    private async _persistAsync(): Promise<void> {
        const { persistStorageAsync } = await import("./indexedDbStore.js");
        this._send({ kind: "persisted", isPersistent: await persistStorageAsync() });
    }

    private _tellStatsSoon(): void {
        this._statsTimer ??= setTimeout(() => {
            this._statsTimer = null;
            this._tellStats();
        }, STATS_MS);
    }

    private _tellStats(): void {
        const { chain, others } = this._opened!;
        this._send({ kind: "stats", stores: withDownloads(chain.statsOf(), others.statsOf()) });
    }

    private async _closeAsync(): Promise<void> {
        this._ending.abort();
        this._aborts.forEach((controller) => controller.abort());
        if (this._statsTimer !== null) {
            clearTimeout(this._statsTimer);
        }
        await this._opened?.chain.settledAsync();
        await this._closeOwnedAsync();
        this._send({ kind: "closed" });
    }

    private async _closeOwnedAsync(): Promise<void> {
        await Promise.all(this._owned.splice(0).map((store) => store.closeAsync()));
    }
}

/** Adds what was read for downloads to what stores did for the world. */
function withDownloads(stats: readonly StoreStats[], others: readonly StoreStats[]): StoreStats[] {
    return stats.map((one) => {
        const more = others.find(({ name }) => name === one.name);
        return more === undefined
            ? one
            : {
                  ...one,
                  hits: one.hits + more.hits,
                  misses: one.misses + more.misses,
                  damaged: one.damaged + more.damaged,
                  failed: one.failed + more.failed,
                  bytesRead: one.bytesRead + more.bytesRead,
              };
    });
}

function limitOf(store: Store | null): number {
    const description = store?.description ?? null;
    return description !== null && "limitBytes" in description ? description.limitBytes : Infinity;
}

function infoOf({ manifest }: BakedStore): BakeInfo {
    const { recipe, generatorVersion, rootHash, chunkCount, levels } = manifest;
    return { recipe, generatorVersion, rootHash, chunkCount, levels };
}
