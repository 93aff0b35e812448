import { initDigestAsync } from "../base/digest.js";
import { initHashAsync } from "../base/hash.js";
import { ManifestError, type ListedManifest, type ManifestChunk, type ManifestRoot } from "../format/manifest.js";
import type { ManifestNodeEntry } from "../format/manifestEntry.js";
import {
    childInSlot,
    chunkInSlot,
    decodeManifestNode,
    hashOfNode,
    manifestNodeName,
    slotsOf,
    type ManifestNode,
} from "../format/manifestNode.js";
import { storedWorldOf, type StoredWorld } from "../format/storedWorld.js";
import { ByteLru } from "../memory/byteLru.js";
import type { Recipe } from "../recipe/recipe.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import {
    ancestorSquare,
    BLOCK_HEIGHT,
    slotInBlock,
    slotOf,
    squareKey,
    squareOf,
    type ChunkSquare,
} from "../space/chunkSquare.js";
import type {
    BlockAnswer,
    BlockListOptions,
    EntryAnswer,
    ManifestFault,
    ManifestReaderOptions,
    PresenceAnswer,
} from "./manifestAnswers.js";
import { readManifestAsync } from "./readManifest.js";
import { blocksOfListed, levelsOfBlocks, type LevelSummary } from "./listedBlocks.js";
import { orAbortedAsync } from "./orAborted.js";
import type { Store, StoreOptions, StoreResult } from "./store.js";

type NodeAnswer = { readonly status: "found"; readonly node: ManifestNode } | ManifestFault;
type BlockNodeAnswer = NodeAnswer | { readonly status: "missing" };

export type {
    BlockAnswer,
    BlockListOptions,
    EntryAnswer,
    ManifestFault,
    ManifestReaderOptions,
    PresenceAnswer,
} from "./manifestAnswers.js";

const CACHE_BYTES = 16 * 2 ** 20;
/** Bytes of a node in memory beside its file: the bits of its slots, and objects. */
const NODE_OVERHEAD_BYTES = 512;
/** Milliseconds for which a damaged node is not read again, and most of which that is known. */
const DAMAGED_MS = 30_000;
const MOST_DAMAGED = 1024;
const MISSING = { status: "missing" } as const;

/**
 * Reads the manifest of a bake, node by node as they are needed, of any version. Each node is checked against what its
 * parent says of it: length, then checksum, then what is in it; where the root hash is given, its own hash too. What does
 * not match is a `ManifestError`.
 */
export class ManifestReader {
    public readonly recipe: Recipe;
    public readonly generatorVersion: number;
    /** As `manifest.json` says it. */
    public readonly rootHash: string;
    /** Whether everything is checked against a root hash that was known before. */
    public readonly isPinned: boolean;
    /** Of recipe, generator and format: chunks of this world alone are in the bake. */
    public readonly world: StoredWorld;
    /** Levels of the bake, by face and level. */
    public readonly levels: readonly LevelSummary[];
    /** The blocks of a manifest that lists all its chunks; null where they are read one by one. */
    private readonly _listed: ReadonlyMap<number, ManifestNode> | null;
    /** The topmost nodes, and their height by `levelKey`. */
    private readonly _tops = new Map<number, ManifestNodeEntry>();
    private readonly _topHeights = new Map<number, number>();
    private readonly _checksHashes: boolean;
    private readonly _nodes: ByteLru<ManifestNode>;
    private readonly _reading = new Map<number, Promise<NodeAnswer>>();
    /** Nodes that were damaged a moment ago. */
    private readonly _damaged = new Map<number, { readonly answer: NodeAnswer; readonly untilMs: number }>();

    /**
     * Await `initHashAsync`, and where hashes are checked `initDigestAsync`, before.
     *
     * @param root what `manifest.json` says, whose own hashes somebody else has checked, or need not be
     */
    public constructor(
        /** The store of the bake's files. */
        public readonly files: Store,
        root: ManifestRoot | ListedManifest,
        options: Pick<ManifestReaderOptions, "rootHash" | "checksHashes" | "cacheBytes"> = {},
    ) {
        const { rootHash, checksHashes = rootHash !== undefined, cacheBytes = CACHE_BYTES } = options;
        this.isPinned = rootHash !== undefined;
        this._checksHashes = checksHashes;
        this.recipe = root.recipe;
        this.generatorVersion = root.generatorVersion;
        this.rootHash = root.rootHash;
        this.world = storedWorldOf(root.recipe, root.generatorVersion);
        this._nodes = new ByteLru(cacheBytes, () => {});
        if (root.version === 1) {
            this._listed = blocksOfListed(root, this.world.key);
            this.levels = levelsOfBlocks(this._listed.values());
            return;
        }
        this._listed = null;
        this.levels = root.levels.map(({ face, level, chunkCount }) => ({ face, level, chunkCount }));
        for (const { face, level, nodes } of root.levels) {
            this._topHeights.set(levelKey(face, level), nodes[0]!.square.height);
            nodes.forEach((node) => this._tops.set(squareKey(node.square), node));
        }
    }

    /**
     * Reads `manifest.json`.
     *
     * @param files what `terrane bake` wrote: `manifest.json` lies at its root
     * @throws ManifestError where it is none, or does not match the root hash
     * @throws GeneratorVersionError where it is of another generator
     * @throws StoreError where it is not there or cannot be read now
     * @throws the signal's reason where that ended it
     */
    public static async openAsync(files: Store, options: ManifestReaderOptions): Promise<ManifestReader> {
        const { rootHash, checksHashes = false, signal } = options;
        await Promise.all([initHashAsync(), checksHashes || rootHash !== undefined ? initDigestAsync() : undefined]);
        const root = await readManifestAsync(files, options);
        signal?.throwIfAborted();
        return new ManifestReader(files, root, options);
    }

    /** Number of chunks of the bake. */
    public get chunkCount(): number {
        return this.levels.reduce((sum, { chunkCount }) => sum + chunkCount, 0);
    }

    /** Bytes of the nodes that are kept. */
    public get cachedBytes(): number {
        return this._nodes.bytes;
    }

    /** Returns what is known of a chunk without reading: null where the bake has none, undefined where that is not known yet. */
    public entryOf(address: ChunkAddress): ManifestChunk | null | undefined {
        const node = this._knownNode(squareOf(address, BLOCK_HEIGHT));
        return node && chunkInSlot(node, slotInBlock(address));
    }

    /** Finds out what the manifest says of a chunk. Those who ask for one node at once share its reading. */
    public async entryOfAsync(address: ChunkAddress, options: StoreOptions = {}): Promise<EntryAnswer> {
        const answer = await this._blockNodeAsync(squareOf(address, BLOCK_HEIGHT), options);
        if (answer.status !== "found") {
            return answer;
        }
        const entry = chunkInSlot(answer.node, slotInBlock(address));
        return entry === null ? MISSING : { status: "found", entry };
    }

    /**
     * Returns which chunks of a block there are, as `presenceOfAsync` does, without reading: null for none, undefined where that is
     * not known yet.
     *
     * @param block a square of `BLOCK_HEIGHT`
     */
    public presenceOf(block: ChunkSquare): Uint32Array | null | undefined {
        const node = this._knownNode(block);
        return node && node.presence;
    }

    /**
     * Finds out which chunks of a block the bake has.
     *
     * @param block a square of `BLOCK_HEIGHT`
     */
    public async presenceOfAsync(block: ChunkSquare, options: StoreOptions = {}): Promise<PresenceAnswer> {
        const answer = await this._blockNodeAsync(block, options);
        return answer.status === "found" ? { status: "found", bits: answer.node.presence } : answer;
    }

    /**
     * Lists the bake's blocks by face, level and Morton order, with the entries of each, and holds one path of nodes at a time. A
     * node that cannot be read is told of, and the list goes on after it.
     */
    public async *blocksAsync(options: BlockListOptions = {}): AsyncGenerator<BlockAnswer, void, undefined> {
        const { isOfLevel = () => true } = options;
        for (const top of (this._listed ?? this._tops).values()) {
            if (!isOfLevel(top.square.face, top.square.level)) {
                continue;
            }
            if ("presence" in top) {
                yield { status: "found", square: top.square, entries: entriesOf(top) };
            } else {
                yield* this._blocksBelowAsync(top, options);
            }
        }
    }

    /**
     * Finds out what the manifest says of all chunks of one block.
     *
     * @param block a square of `BLOCK_HEIGHT`
     */
    public async blockAsync(
        block: ChunkSquare,
        options: StoreOptions = {},
    ): Promise<BlockAnswer | { readonly status: "missing" }> {
        const answer = await this._blockNodeAsync(block, options);
        return answer.status === "found" ? { status: "found", square: block, entries: entriesOf(answer.node) } : answer;
    }

    private async *_blocksBelowAsync(
        entry: ManifestNodeEntry,
        options: StoreOptions,
    ): AsyncGenerator<BlockAnswer, void, undefined> {
        const { square } = entry;
        const answer = await this._nodeAsync(entry, options);
        if (answer.status !== "found") {
            yield answer;
        } else if (square.height === BLOCK_HEIGHT) {
            yield { status: "found", square, entries: entriesOf(answer.node) };
        } else {
            for (const slot of slotsOf(answer.node)) {
                yield* this._blocksBelowAsync(childInSlot(answer.node, slot)!, options);
            }
        }
    }

    /** Returns a block's node: null where there is none, undefined where it would have to be read. */
    private _knownNode(block: ChunkSquare): ManifestNode | null | undefined {
        let entry = this._topOf(block);
        while (entry !== null && !("presence" in entry)) {
            const node = this._nodes.get(squareKey(entry.square));
            if (node === undefined || entry.square.height === BLOCK_HEIGHT) {
                return node;
            }
            entry = childTowards(node, block);
        }
        return entry;
    }

    private async _blockNodeAsync(block: ChunkSquare, options: StoreOptions): Promise<BlockNodeAnswer> {
        let entry = this._topOf(block);
        while (entry !== null && !("presence" in entry)) {
            const answer = await this._nodeAsync(entry, options);
            if (answer.status !== "found" || entry.square.height === BLOCK_HEIGHT) {
                return answer;
            }
            entry = childTowards(answer.node, block);
        }
        return entry === null ? MISSING : { status: "found", node: entry };
    }

    /** Returns the topmost node's entry on the way to a block, or a listed block's node; null where there is none. */
    private _topOf(block: ChunkSquare): ManifestNodeEntry | ManifestNode | null {
        if (this._listed !== null) {
            return this._listed.get(squareKey(block)) ?? null;
        }
        const height = this._topHeights.get(levelKey(block.face, block.level));
        return height === undefined ? null : (this._tops.get(squareKey(ancestorSquare(block, height))) ?? null);
    }

    private _nodeAsync(entry: ManifestNodeEntry, { signal }: StoreOptions): Promise<NodeAnswer> {
        if (signal?.aborted === true) {
            return Promise.resolve({ status: "aborted" });
        }
        const key = squareKey(entry.square);
        const known = this._nodes.get(key);
        if (known !== undefined) {
            return Promise.resolve({ status: "found", node: known });
        }
        const fault = this._damaged.get(key);
        if (fault !== undefined && performance.now() < fault.untilMs) {
            return Promise.resolve(fault.answer);
        }
        let reading = this._reading.get(key);
        if (reading === undefined) {
            reading = this._readAsync(entry).finally(() => this._reading.delete(key));
            this._reading.set(key, reading);
        }
        return orAbortedAsync(reading, signal);
    }

    /** Each chunk of a block asks for its node: one that is damaged is not read again for each of them. */
    private _rememberDamaged(key: number, answer: NodeAnswer): void {
        if (this._damaged.size >= MOST_DAMAGED) {
            this._damaged.clear();
        }
        this._damaged.set(key, { answer, untilMs: performance.now() + DAMAGED_MS });
    }

    /** Reads a node for all who wait for it: nobody's signal ends that. */
    private async _readAsync(entry: ManifestNodeEntry): Promise<NodeAnswer> {
        const key = manifestNodeName(entry.square);
        let node: ManifestNode | null = null;
        const inspectAsync = (bytes: Uint8Array): Promise<string | null> => {
            const decoded = decodeManifestNode(bytes, this.world.key, entry);
            if (typeof decoded === "string") {
                return Promise.resolve(decoded);
            }
            if (this._checksHashes && hashOfNode(decoded) !== entry.hash) {
                return Promise.resolve("was edited: its entries have another hash than what lists it says");
            }
            node = decoded;
            return Promise.resolve(null);
        };
        const result = await this.files.getAsync({ key, maxBytes: entry.byteLength, isListed: true, inspectAsync });
        if (result.status === "found" && node !== null) {
            this._nodes.set(squareKey(entry.square), node, entry.byteLength + NODE_OVERHEAD_BYTES);
            return { status: "found", node };
        }
        const fault = faultOfResult(key, result);
        if (fault.status === "damaged") {
            this._rememberDamaged(squareKey(entry.square), fault);
        }
        return fault;
    }
}

function faultOfResult(name: string, result: StoreResult): ManifestFault {
    if (result.status === "missing" || result.status === "damaged") {
        return damaged(name, result.status === "missing" ? "is missing" : result.reason);
    }
    const reason = result.status === "unavailable" ? result.reason : "It was not read to its end.";
    return { status: "unavailable", file: name, reason };
}

function damaged(name: string, reason: string): ManifestFault {
    return { status: "damaged", file: name, reason, error: new ManifestError(`${name} ${reason}.`) };
}

/** Returns the child of a node that a block lies in, or is; null where there is none. */
function childTowards(node: ManifestNode, block: ChunkSquare): ManifestNodeEntry | null {
    return childInSlot(node, slotOf(ancestorSquare(block, node.square.height - BLOCK_HEIGHT)));
}

function entriesOf(node: ManifestNode): ManifestChunk[] {
    return Array.from(slotsOf(node), (slot) => chunkInSlot(node, slot)!);
}

function levelKey(face: number, level: number): number {
    return face * 32 + level;
}
