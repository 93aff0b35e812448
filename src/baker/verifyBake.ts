import { BAD_FILE } from "../bake/bakeBatch.js";
import { GENERATOR_VERSION } from "../bake/generatorVersion.js";
import { loadCodecAsync } from "../bake/loadCodec.js";
import type { BakeTask } from "../bake/protocol.js";
import { TerraneError, throwProblems, type Problem } from "../base/errors.js";
import { faultOfExpectedFile, type ExpectedFile } from "../format/checkChunkFile.js";
import { ManifestError, parseManifest, rootHashOf, type Manifest, type ManifestChunk } from "../format/manifest.js";
import { storedWorldOf, type StoredWorld } from "../format/storedWorld.js";
import type { BakeExecutor } from "../scheduler/bakeExecutor.js";
import { checkAnswer, type CheckedOutcome } from "../scheduler/checkAnswer.js";
import { formatAddress, parseAddress } from "../space/chunkAddress.js";
import { FileTooLargeError, StoreError, type ChunkStore } from "../store/chunkStore.js";
import type { ExecutorOptions, VerifyOptions } from "./bakerOptions.js";
import { WorldBakeError } from "./bakerErrors.js";
import { createBakerExecutorAsync } from "./bakerExecutor.js";
import { readVerifyOptions } from "./readBakerOptions.js";
import { MAX_CHUNK_FILE_BYTES } from "./storedChunks.js";
import { MANIFEST_FILE, WorldBaker } from "./worldBaker.js";

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
    /** Number of chunks that the manifest lists. */
    readonly chunks: number;
    /** Files at fault: chunk files, and the manifest. */
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
/** Most bytes of a manifest: more than 2^20 chunks of at most 290 bytes and the recipe take. */
const MAX_MANIFEST_BYTES = 320 * 2 ** 20;

/**
 * Checks every chunk file of a bake against the manifest, the manifest against its root hash and a given one, and bakes
 * some chunks again.
 *
 * @throws TerraneError naming every option that is wrong or unknown
 * @throws KernelError where WebAssembly, its SIMD or `terrane.wasm` is missing or forbidden, or does not come in time
 * @throws StoreError where the store cannot be read, or has no manifest
 */
export async function verifyBakeAsync(store: ChunkStore, options: VerifyOptions = {}): Promise<VerifyResult> {
    const problems: Problem[] = [];
    const { rebake, root } = readVerifyOptions(options, problems);
    throwProblems(problems);
    await loadCodecAsync();
    const text = await store.readAsync(MANIFEST_FILE, MAX_MANIFEST_BYTES);
    if (text === null) {
        throw new StoreError(
            `There is no ${MANIFEST_FILE}: the bake did not end, or this is not its folder.`,
            MANIFEST_FILE,
        );
    }
    let manifest: Manifest;
    try {
        manifest = parseManifest(new TextDecoder().decode(text), GENERATOR_VERSION);
    } catch (error) {
        if (error instanceof ManifestError || error instanceof TerraneError) {
            const fault = `cannot be read: ${error.message}`;
            return { chunks: 0, bad: [{ address: null, file: MANIFEST_FILE, fault }], rebaked: 0, rootHash: "" };
        }
        throw error;
    }
    const bad: VerifyFault[] = [];
    const rootHash = rootHashOf(manifest);
    if (rootHash !== manifest.rootHash) {
        const fault = `was edited: its chunks and recipe have the root hash ${rootHash}, it says ${manifest.rootHash}`;
        bad.push({ address: null, file: MANIFEST_FILE, fault });
    } else if (root !== undefined && rootHash !== root.toLowerCase()) {
        const fault = `is another bake's, or was edited: its root hash is ${rootHash}, expected was ${root}`;
        bad.push({ address: null, file: MANIFEST_FILE, fault });
    }
    const executor = await createBakerExecutorAsync(executorOptionsFor(manifest, options), "hash");
    let faults: VerifyFault[];
    try {
        faults = await checkFilesAsync(store, manifest, executor, options);
    } finally {
        await executor.disposeAsync();
    }
    const chosen = spread(manifest.chunks, rebake);
    const changed = await rebakeAsync(manifest, chosen, faults, options);
    return {
        chunks: manifest.chunks.length,
        bad: [...bad, ...faults, ...changed],
        rebaked: chosen.length,
        rootHash,
    };
}

async function checkFilesAsync(
    store: ChunkStore,
    { recipe, generatorVersion, chunks }: Manifest,
    executor: BakeExecutor,
    { onProgress, signal }: VerifyOptions,
): Promise<VerifyFault[]> {
    const world = storedWorldOf(recipe, generatorVersion);
    const faults = new Map<number, VerifyFault>();
    let next = 0;
    let checked = 0;
    const checkNextAsync = async (): Promise<void> => {
        while (next < chunks.length) {
            signal?.throwIfAborted();
            const index = next++;
            const entry = chunks[index]!;
            const fault = await faultOfAsync(entry, world, store, executor);
            if (fault !== null) {
                faults.set(index, { address: entry.address, file: entry.file, fault });
            }
            onProgress?.(++checked, chunks.length);
        }
    };
    const reads = executor.maxBatchesInFlight + READ_AHEAD;
    await Promise.all(Array.from({ length: reads }, checkNextAsync));
    // In the manifest's order, whichever was read first.
    return [...faults].sort(([a], [b]) => a - b).map(([, fault]) => fault);
}

/** Checks a file on a worker, or on this thread where that worker is lost. */
async function faultOfAsync(
    entry: ManifestChunk,
    world: StoredWorld,
    store: ChunkStore,
    executor: BakeExecutor,
): Promise<string | null> {
    let file: Uint8Array | null;
    try {
        file = await store.readAsync(entry.file, Math.min(entry.storedByteLength, MAX_CHUNK_FILE_BYTES));
    } catch (error) {
        // One bad file hides no other.
        if (!(error instanceof StoreError)) {
            throw error;
        }
        return error instanceof FileTooLargeError ? faultOfLength(entry, error) : `cannot be read: ${error.reason}`;
    }
    if (file === null) {
        return "is missing";
    }
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

function faultOfLength({ storedByteLength }: ManifestChunk, { byteLength }: FileTooLargeError): string {
    const length = byteLength === null ? "more bytes while it is read" : `${byteLength} bytes`;
    return storedByteLength > MAX_CHUNK_FILE_BYTES
        ? `has ${length}; a chunk file has at most ${MAX_CHUNK_FILE_BYTES}`
        : `has ${length}; the manifest says ${storedByteLength}`;
}

function expectedOf({ storedByteLength, checksum, byteLength, hash }: ManifestChunk): ExpectedFile {
    return { storedByteLength, checksum, byteLength, hash };
}

/** Returns a buffer that may be transferred while `file` stays, which is needed where the worker is lost. */
function ownBufferOf(file: Uint8Array): ArrayBuffer {
    return new Uint8Array(file).buffer;
}

function executorOptionsFor({ chunks }: Manifest, { baker = {} }: VerifyOptions): ExecutorOptions {
    return chunks.length < MIN_CHUNKS_FOR_WORKERS ? { ...baker, workers: 0 } : baker;
}

/** Bakes chunks again. Resolves with those that differ from what the manifest says and are not known to be at fault. */
async function rebakeAsync(
    { recipe }: Manifest,
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
    try {
        await baker.bakeAsync(recipe, { addresses: chosen.map(({ address }) => parseAddress(address)), signal });
    } catch (error) {
        if (!(error instanceof WorldBakeError)) {
            throw error;
        }
    }
    return faults;
}

/** Returns `count` entries at equal distances, the same every time; all where there are no more. */
function spread(chunks: readonly ManifestChunk[], count: number): ManifestChunk[] {
    const n = Math.min(count, chunks.length);
    return Array.from({ length: n }, (_, i) => chunks[Math.floor(((i + 0.5) * chunks.length) / n)]!);
}
