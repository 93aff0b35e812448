import { BAD_FILE } from "../bake/bakeBatch.js";
import { GENERATOR_VERSION } from "../bake/generatorVersion.js";
import { loadCodecAsync } from "../bake/loadCodec.js";
import type { BakeTask } from "../bake/protocol.js";
import { TerraneError, throwProblems, type Problem } from "../base/errors.js";
import { faultOfExpectedFile, type ExpectedFile } from "../format/checkChunkFile.js";
import {
    faultOfRoot,
    MANIFEST_FILE,
    ManifestError,
    rootHashOf,
    type ListedManifest,
    type ManifestChunk,
    type ManifestRoot,
} from "../format/manifest.js";
import type { StoredWorld } from "../format/storedWorld.js";
import type { Recipe } from "../recipe/recipe.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import { checkAnswer, type CheckedOutcome } from "../scheduler/checkAnswer.js";
import { formatAddress, parseAddress } from "../space/chunkAddress.js";
import { parseBlock } from "../space/chunkSquare.js";
import { asStore } from "../store/asStore.js";
import type { ChunkStore } from "../store/chunkStore.js";
import { ManifestReader, type BlockAnswer } from "../store/manifestReader.js";
import { readManifestAsync } from "../store/readManifest.js";
import type { Store, StoreResult } from "../store/store.js";
import type { ExecutorOptions, VerifyOptions } from "./bakerOptions.js";
import { WorldBakeError } from "./bakerErrors.js";
import { isFaceOf } from "./chunkBlock.js";
import { createBakerExecutorAsync } from "./bakerExecutor.js";
import { readVerifyOptions } from "./readBakerOptions.js";
import { MAX_CHUNK_FILE_BYTES } from "./storedChunks.js";
import { WorldBaker } from "./worldBaker.js";

export type { VerifyOptions } from "./bakerOptions.js";

/** A file that is not as it was baked, and why. */
export interface VerifyFault {
    /** Address of the chunk; null where the manifest itself is at fault. */
    readonly address: string | null;
    /** The file's name in the store. */
    readonly file: string;
    /** What is wrong, as the end of a sentence that begins with the file's name. */
    readonly fault: string;
}

/** What a verification found. */
export interface VerifyResult {
    /** Number of chunks that were to be checked: those that the manifest lists, or those of the block. */
    readonly chunks: number;
    /** Files at fault: chunk files, and those of the manifest. */
    readonly bad: readonly VerifyFault[];
    /** Number of chunks that were baked again. */
    readonly rebaked: number;
    /** Root hash, computed from what the manifest says of its chunks. */
    readonly rootHash: string;
}

/** Number of files that are read while others are checked. */
const READ_AHEAD = 2;
/** Fewest chunks for which workers start: fewer files are checked sooner than that. */
const MIN_CHUNKS_FOR_WORKERS = 64;

/**
 * Checks every chunk file of a bake, or of one block of it, against the manifest, the manifest against its root hash and a
 * given one, and bakes some chunks again. Reads the manifest node by node, and of a block those alone that lead to it.
 *
 * @throws TerraneError naming every option that is wrong or unknown, or a block that the bake does not have
 * @throws KernelError where WebAssembly, its SIMD or `terrane.wasm` is missing or forbidden, or does not come in time
 * @throws StoreError where the store cannot be read, or has no manifest
 */
export async function verifyBakeAsync(store: Store | ChunkStore, options: VerifyOptions = {}): Promise<VerifyResult> {
    const problems: Problem[] = [];
    const { rebake, root: expectedRoot } = readVerifyOptions(options, problems);
    throwProblems(problems);
    const { block, signal } = options;
    await loadCodecAsync();
    const files = asStore(store);
    let root: ManifestRoot | ListedManifest;
    try {
        root = await readManifestAsync(files, { generatorVersion: GENERATOR_VERSION, signal });
    } catch (error) {
        if (error instanceof ManifestError || error instanceof TerraneError) {
            return { chunks: 0, bad: [ofManifest(`cannot be read: ${error.message}`)], rebaked: 0, rootHash: "" };
        }
        throw error;
    }
    const rootHash = rootHashOf(root);
    const fault = faultOfHashes(root, rootHash, expectedRoot?.toLowerCase());
    const reader = new ManifestReader(files, root, { checksHashes: true });
    const only = block === undefined ? null : await blockOfAsync(reader, block, signal);
    const chunks = only === null ? reader.chunkCount : only.status === "found" ? only.entries.length : 0;
    const blocks = only === null ? reader.blocksAsync({ signal }) : [only];
    const { faults, chosen } = await checkFilesAsync(files, reader.world, blocks, chunks, { ...options, rebake });
    const changed = await rebakeAsync(reader.recipe, chosen, faults, options);
    return {
        chunks,
        bad: [...(fault === null ? [] : [ofManifest(fault)]), ...faults, ...changed],
        rebaked: chosen.length,
        rootHash,
    };
}

function ofManifest(fault: string): VerifyFault {
    return { address: null, file: MANIFEST_FILE, fault };
}

/** Why a manifest does not match its own hashes, or the root hash that is expected; null where it does. */
function faultOfHashes(
    root: ManifestRoot | ListedManifest,
    rootHash: string,
    expected: string | undefined,
): string | null {
    const own = root.version === 1 ? faultOfList(root, rootHash) : faultOfRoot(root);
    if (own !== null || expected === undefined || rootHash === expected) {
        return own;
    }
    return `is another bake's, or was edited: its root hash is ${rootHash}, expected was ${expected}`;
}

function faultOfList(root: ListedManifest, rootHash: string): string | null {
    return rootHash === root.rootHash
        ? null
        : `was edited: its chunks and recipe have the root hash ${rootHash}, it says ${root.rootHash}`;
}

/** @throws TerraneError where the bake has no chunk of the block */
async function blockOfAsync(
    reader: ManifestReader,
    block: string,
    signal: AbortSignal | undefined,
): Promise<BlockAnswer> {
    const answer = await reader.blockAsync(parseBlock(block)!, { signal });
    if (answer.status === "missing") {
        const remedy = "X and Z are those of a chunk, divided by 32 and rounded down.";
        throw new TerraneError("block", block, "a block of which the bake has chunks", remedy);
    }
    return answer;
}

/** Checks the files of blocks, several at once, and chooses `rebake` chunks of all `total` at equal distances. */
async function checkFilesAsync(
    files: Store,
    world: StoredWorld,
    blocks: Iterable<BlockAnswer> | AsyncIterable<BlockAnswer>,
    total: number,
    { onProgress, signal, rebake, baker = {} }: VerifyOptions & { rebake: number },
): Promise<{ faults: VerifyFault[]; chosen: ManifestChunk[] }> {
    const ofNodes: VerifyFault[] = [];
    const ofChunks = new Map<number, VerifyFault>();
    const chosen: ManifestChunk[] = [];
    const isChosen = new Set(spread(total, rebake));
    const entries = entriesIn(blocks, (fault) => ofNodes.push(fault));
    const executor = await createBakerExecutorAsync(executorOptionsFor(total, baker), "hash");
    let next = 0;
    let checked = 0;
    const checkNextAsync = async (): Promise<void> => {
        for (;;) {
            signal?.throwIfAborted();
            const { done, value: entry } = await entries.next();
            if (done === true) {
                return;
            }
            const index = next++;
            if (isChosen.has(index)) {
                chosen.push(entry);
            }
            const fault = await faultOfAsync(entry, world, files, executor, signal);
            if (fault !== null) {
                ofChunks.set(index, { address: entry.address, file: entry.file, fault });
            }
            onProgress?.(++checked, total);
        }
    };
    try {
        const reads = executor.maxBatchesInFlight + READ_AHEAD;
        await Promise.all(Array.from({ length: reads }, checkNextAsync));
    } finally {
        await executor.disposeAsync();
    }
    signal?.throwIfAborted();
    // In the manifest's order, whichever was read first.
    const sorted = [...ofChunks].sort(([a], [b]) => a - b).map(([, fault]) => fault);
    return { faults: [...ofNodes, ...sorted], chosen };
}

/** Yields the entries of blocks; one that cannot be read hides no other. */
async function* entriesIn(
    blocks: Iterable<BlockAnswer> | AsyncIterable<BlockAnswer>,
    onFault: (fault: VerifyFault) => void,
): AsyncGenerator<ManifestChunk, void, undefined> {
    for await (const answer of blocks) {
        if (answer.status === "found") {
            yield* answer.entries;
        } else if (answer.status !== "aborted") {
            const fault = answer.status === "damaged" ? answer.reason : `cannot be read: ${answer.reason}`;
            onFault({ address: null, file: answer.file, fault });
        }
    }
}

/** Checks a file on a worker, or on this thread where that worker is lost. */
async function faultOfAsync(
    entry: ManifestChunk,
    world: StoredWorld,
    files: Store,
    executor: BakeExecutor,
    signal: AbortSignal | undefined,
): Promise<string | null> {
    const maxBytes = Math.min(entry.storedByteLength, MAX_CHUNK_FILE_BYTES);
    const result = await files.getAsync({ key: entry.file, maxBytes, signal });
    signal?.throwIfAborted();
    if (result.status !== "found") {
        return faultOfResult(result);
    }
    const { bytes: file } = result;
    if (file.byteLength === 0) {
        return "is empty";
    }
    const address = parseAddress(entry.address);
    const task: BakeTask = { id: 0, address, buffer: ownBufferOf(file), expected: { ...expectedOf(entry), world } };
    const answer = await executor
        .runBatchAsync({ job: "check", recipeJson: "{}", tasks: [task] })
        .catch(() => ({ outcomes: [] }));
    const answers: CheckedOutcome[] = [];
    checkAnswer([task], answer, answers);
    const checked = answers[0]!;
    if (typeof checked !== "string" && (checked.ok || checked.code === BAD_FILE)) {
        return checked.ok ? null : checked.message;
    }
    return faultOfExpectedFile(address, world, entry, file);
}

function faultOfResult(result: Exclude<StoreResult, { status: "found" }>): string {
    if (result.status === "missing") {
        return "is missing";
    }
    if (result.status === "damaged") {
        return result.reason;
    }
    return `cannot be read: ${result.status === "unavailable" ? result.reason : "the store gave up"}`;
}

function expectedOf({ storedByteLength, checksum, byteLength, hash }: ManifestChunk): ExpectedFile {
    return { storedByteLength, checksum, byteLength, hash };
}

/** Returns a buffer that may be transferred while `file` stays, which is needed where the worker is lost. */
function ownBufferOf(file: Uint8Array): ArrayBuffer {
    return new Uint8Array(file).buffer;
}

function executorOptionsFor(chunks: number, baker: ExecutorOptions): ExecutorOptions {
    return chunks < MIN_CHUNKS_FOR_WORKERS ? { ...baker, workers: 0 } : baker;
}

/** Bakes chunks again. Resolves with those that differ from what the manifest says and are not known to be at fault. */
async function rebakeAsync(
    recipe: Recipe,
    chosen: readonly ManifestChunk[],
    known: readonly VerifyFault[],
    { baker: bakerOptions, signal }: VerifyOptions,
): Promise<VerifyFault[]> {
    if (chosen.length === 0) {
        return [];
    }
    const expected = new Map(chosen.map((entry) => [entry.address, entry]));
    const isKnown = new Set(known.map(({ address }) => address));
    const faults: VerifyFault[] = [];
    const report = (address: string, fault: string): void => {
        if (!isKnown.has(address)) {
            faults.push({ address, file: expected.get(address)!.file, fault });
        }
    };
    const baker = new WorldBaker({ ...bakerOptions });
    baker.onChunkBakedObservable.add(({ entry }) => {
        if (entry.hash !== expected.get(entry.address)!.hash) {
            report(entry.address, `comes out otherwise when baked again: with the hash ${entry.hash}`);
        }
    });
    baker.onChunkFailedObservable.add(({ address, error }) => {
        report(formatAddress(address), `cannot be baked again: ${error.message}`);
    });
    const addresses = chosen.map(({ address }) => parseAddress(address));
    const ofWorld = addresses.filter(({ face }) => isFaceOf(recipe, face));
    for (const address of addresses.filter(({ face }) => !isFaceOf(recipe, face))) {
        report(formatAddress(address), "is on a face that its world does not have");
    }
    if (ofWorld.length === 0) {
        return faults;
    }
    try {
        await baker.bakeAsync(recipe, { addresses: ofWorld, signal });
    } catch (error) {
        if (!(error instanceof WorldBakeError)) {
            throw error;
        }
    }
    return faults;
}

/** Returns `count` of `total` places at equal distances, the same every time; all where there are no more. */
function spread(total: number, count: number): number[] {
    const n = Math.min(count, total);
    return Array.from({ length: n }, (_, i) => Math.floor(((i + 0.5) * total) / n));
}
