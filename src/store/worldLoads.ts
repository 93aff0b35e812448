import { messageOf } from "../base/errors.js";
import { encodeChunkFile, initChunkCodecAsync, readChunkFileHeader } from "../format/chunkFile.js";
import { chunkStoreKey } from "../format/chunkStoreKey.js";
import type { StoredWorld } from "../format/storedWorld.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { BLOCK_HEIGHT, squareKey, squareOf, type ChunkSquare } from "../space/chunkSquare.js";
import type { BlockListing } from "./blockListing.js";
import { ChunkReader, type ChunkLoad } from "./chunkReader.js";
import type { DownloadAnswer, HeldBlock, LoadRequest, LoadTask, PutTask, SendEvent } from "./loadProtocol.js";
import type { OpenedStores } from "./openedStores.js";
import type { PutResult, StoreResult } from "./store.js";

type WorkRequest = Extract<LoadRequest, { kind: "work" }>;
type DownloadRequest = Extract<LoadRequest, { kind: "download" }>;
type Download = Omit<DownloadAnswer, "kind" | "id">;

export interface WorldLoadsOptions {
    readonly world: StoredWorld;
    /** The world's number. */
    readonly number: number;
    readonly stores: OpenedStores;
    /** What stores list of the world. */
    readonly listing: BlockListing;
    /** What is under way, by number, of whatever world. */
    readonly aborts: Map<number, AbortController>;
    /** What is being written, of whatever world. */
    readonly writes: Set<Promise<void>>;
    /** Ends all. */
    readonly signal: AbortSignal;
    send: SendEvent;
    /** Something was done that statistics tell of. */
    onDone(): void;
    /** Waits for a turn to compute. */
    turnAsync(): Promise<void>;
}

/** Milliseconds after which what was called off is answered, whether its store listens or not. */
const ABORT_MS = 1000;
/** Most blocks that are known to have been told of; those that are forgotten are told of again. */
const MOST_TOLD = 2 ** 16;

/** What nobody would read is not stored. */
interface Unwanted {
    readonly status: "unwanted";
    readonly reason: string;
}

/** A chunk that is being loaded. */
interface Load {
    readonly task: LoadTask;
    readonly chunk: ChunkLoad | null;
    readonly startedMs: number;
    isAnswered: boolean;
}

/** Loads chunks of one world, stores them, and tells which there are. */
export class WorldLoads {
    private readonly _world: StoredWorld;
    private readonly _stores: OpenedStores;
    private readonly _reader: ChunkReader;
    /** Whether the bake is of this world. */
    private readonly _hasBake: boolean;
    /** Keys of blocks that were told of, the latest at least. */
    private readonly _told = new Set<number>();
    /** What is wrong with the bake's manifest, as it was told. */
    private readonly _warned = new Set<string>();

    public constructor(private readonly _options: WorldLoadsOptions) {
        const { world, stores, turnAsync } = _options;
        const { bake } = stores;
        this._world = world;
        this._stores = stores;
        this._hasBake = bake !== null && bake.manifest.world.key === world.key;
        // Of another world than the pinned bake's nothing is proven, and so nothing is read.
        this._reader = new ChunkReader(world, bake?.isPinned === true ? bake : null, turnAsync);
    }

    /** Says what is known of the world's chunks. */
    public tellWorld(): void {
        const { listing, send, number: world } = this._options;
        const blocks: HeldBlock[] = this._hasBake ? [] : [...listing.blocks.values()];
        send({ kind: "world", world, isComplete: !this._hasBake, isBlind: listing.isBlind, blocks });
    }

    public work({ loads, puts, blocks }: WorkRequest): void {
        void this._loadAllAsync(loads);
        for (const task of puts) {
            const { writes } = this._options;
            const write: Promise<void> = this._putAsync(task).finally(() => writes.delete(write));
            writes.add(write);
        }
        blocks.forEach((block) => void this._tellBlockAsync(block));
    }

    /** Brings a chunk file from the other stores into the first that takes any, as it is. */
    public async downloadAsync({ id, address }: DownloadRequest): Promise<void> {
        const { aborts, send, onDone } = this._options;
        const controller = new AbortController();
        aborts.set(id, controller);
        let answer: Download;
        try {
            answer = await this._bringAsync(address, controller.signal);
        } catch (error) {
            answer = { status: "unavailable", bytes: 0, reason: messageOf(error) };
        }
        aborts.delete(id);
        send({ kind: "downloaded", id, ...answer });
        onDone();
    }

    private async _loadAllAsync(tasks: readonly LoadTask[]): Promise<void> {
        const loads = tasks.map((task) => this._begin(task));
        const requests = loads.map(({ chunk }) => chunk!.request);
        try {
            await this._stores.chain.getManyAsync(requests, (index, result) => {
                this._answer(loads[index]!, result);
                this._tellRead(squareOf(tasks[index]!.address, BLOCK_HEIGHT));
            });
        } catch (error) {
            // A store of somebody's own may throw what it likes.
            loads.forEach((load) => this._answer(load, { status: "unavailable", reason: messageOf(error) }));
        }
    }

    private _begin(task: LoadTask): Load {
        const controller = new AbortController();
        const { signal } = controller;
        const chunk = this._reader.begin(task.address, task.buffer, signal);
        const load: Load = { task, chunk, startedMs: performance.now(), isAnswered: false };
        this._options.aborts.set(task.id, controller);
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
        this._options.aborts.delete(load.task.id);
        answerLoad(this._options.send, load.task, result, load.chunk, load.startedMs);
        this._options.onDone();
    }

    private async _putAsync({ id, buffer, byteLength }: PutTask): Promise<void> {
        const { send, onDone } = this._options;
        let bytes = 0;
        let result: PutResult | Unwanted;
        try {
            await initChunkCodecAsync();
            await this._options.turnAsync();
            const file = encodeChunkFile(new Uint8Array(buffer, 0, byteLength), this._world.key);
            bytes = file.byteLength;
            result = await this._storeAsync(file);
        } catch (error) {
            result = { status: "unavailable", reason: messageOf(error) };
        }
        send({ kind: "stored", id, status: result.status, buffer, bytes, reason: reasonOf(result) }, [buffer]);
        onDone();
    }

    private async _storeAsync(file: Uint8Array): Promise<PutResult | Unwanted> {
        const { key: world, limits } = this._world;
        const key = chunkStoreKey(world, readChunkFileHeader(file, limits).address);
        if (!(await this._reader.isProvableAsync(key))) {
            const reason = "The bake of the given root hash does not have it: nobody would read it.";
            return { status: "unwanted", reason };
        }
        const result = await this._stores.chain.putAsync(key, file);
        if (result.status === "stored") {
            this._options.listing.add(key, world);
        }
        return result;
    }

    private async _bringAsync(address: ChunkAddress, signal: AbortSignal): Promise<Download> {
        const { chain, others, writable } = this._stores;
        if (writable === null) {
            return { status: "refused", bytes: 0, reason: "No store takes any." };
        }
        const { request } = this._reader.begin(address, new ArrayBuffer(0), signal);
        const held = await writable.getAsync(request);
        if (held.status === "found") {
            return { status: "had", bytes: held.bytes.byteLength, reason: "" };
        }
        const found = await others.getAsync(request);
        if (found.status !== "found") {
            const isListed = this._stores.bake?.has(request.key) === true;
            const isMissing = found.status === "missing" && !isListed;
            const reason = found.status === "missing" ? "It is not there, though the bake lists it." : reasonOf(found);
            return isMissing
                ? { status: "missing", bytes: 0, reason: "" }
                : { status: "unavailable", bytes: 0, reason };
        }
        const put = await chain.putAsync(request.key, found.bytes, { signal });
        const status = put.status === "aborted" ? "unavailable" : put.status;
        return { status, bytes: found.bytes.byteLength, reason: reasonOf(put) };
    }

    /** Says which chunks a block has, once that can be known. */
    private async _tellBlockAsync(block: ChunkSquare): Promise<void> {
        const { signal, send } = this._options;
        const answer = this._hasBake
            ? await this._stores.bake!.manifest.presenceOfAsync(block, { signal })
            : ({ status: "missing" } as const);
        if (answer.status === "damaged" && !this._warned.has(answer.error.message)) {
            this._warned.add(answer.error.message);
            send({ kind: "warning", message: answer.error.message });
        }
        if (answer.status === "found" || answer.status === "missing") {
            this._tell(block, answer.status === "found" ? answer.bits : null);
            return;
        }
        const { listing, number: world } = this._options;
        send({ kind: "held", world, blocks: [{ block, bits: listing.with(block, null), isPartial: true }] });
    }

    /** Says which chunks a block has, where loading from it has made that known. */
    private _tellRead(block: ChunkSquare): void {
        const bits = this._hasBake ? this._stores.bake!.manifest.presenceOf(block) : undefined;
        if (bits !== undefined && !this._told.has(squareKey(block))) {
            this._tell(block, bits);
        }
    }

    private _tell(block: ChunkSquare, bits: Uint32Array | null): void {
        const { listing, send, number: world } = this._options;
        if (this._told.size >= MOST_TOLD) {
            this._told.clear();
        }
        this._told.add(squareKey(block));
        send({ kind: "held", world, blocks: [{ block, bits: listing.with(block, bits) }] });
    }
}

/** Answers a task by what stores said, with its buffer, or a larger one where that was too small. */
export function answerLoad(
    send: SendEvent,
    { id, buffer: own }: LoadTask,
    result: StoreResult,
    load: ChunkLoad | null = null,
    startedMs = performance.now(),
): void {
    const chunk = load?.chunk ?? null;
    const isFound = result.status === "found" && chunk !== null;
    const isOwn = chunk === null || chunk.buffer === own;
    const buffer = isOwn ? own : (chunk.buffer as ArrayBuffer);
    const unused = isOwn ? null : own;
    send(
        {
            kind: "answer",
            id,
            status: result.status,
            buffer,
            byteLength: isFound ? chunk.byteLength : 0,
            unused,
            reason: reasonOf(result),
            loadMs: performance.now() - startedMs,
            unpackMs: load?.unpackMs ?? 0,
        },
        unused === null ? [buffer] : [buffer, unused],
    );
}

function reasonOf(result: StoreResult | PutResult | Unwanted): string {
    return "reason" in result ? result.reason : result.status === "aborted" ? "It was called off." : "";
}
