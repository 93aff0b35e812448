import { GENERATOR_VERSION } from "../bake/generatorVersion.js";
import { loadCodecAsync } from "../bake/loadCodec.js";
import { planChunks, type PlannedChunk, type WorkPlan } from "../bake/plan.js";
import { TerraneError, throwProblems, type Problem } from "../base/errors.js";
import { Observable } from "../base/observable.js";
import { chunkByteLength } from "../format/chunkData.js";
import { faultOfFile } from "../format/checkChunkFile.js";
import { createManifest, manifestFiles, type Manifest, type ManifestChunk } from "../format/manifest.js";
import { storedWorldOf, type StoredWorld } from "../format/storedWorld.js";
import { BufferPool } from "../memory/bufferPool.js";
import { heightGridVertexCount, largestGridLayout } from "../meshing/heightGridIndices.js";
import type { BakeReport } from "../profiler/bakeReport.js";
import { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import { readRecipe } from "../recipe/parseRecipe.js";
import type { Recipe, RecipeInput } from "../recipe/recipe.js";
import type { BakeDetails } from "../scheduler/bakeSchedulerOptions.js";
import { ResourceMonitor } from "../scheduler/resourceMonitor.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { asStore } from "../store/asStore.js";
import type { Store } from "../store/store.js";
import { writeFileAsync } from "./bakeFiles.js";
import type { BakeOptions, WorldBakerOptions } from "./bakerOptions.js";
import { BakeCancelledError, WorldBakeError, type BakeFailure } from "./bakerErrors.js";
import { BakeRecorder } from "./bakeRecorder.js";
import { runPlanAsync } from "./bakeRun.js";
import { createBakerExecutorAsync } from "./bakerExecutor.js";
import { measuredStore } from "./measuredStore.js";
import { ProgressMeter, type BakeProgress } from "./progressMeter.js";
import { readBakeOptions, readBakerOptions } from "./readBakerOptions.js";
import { chunkOfFile, findIntactAsync } from "./storedChunks.js";

export type { BakeOptions, WorldBakerOptions } from "./bakerOptions.js";

/** A chunk that has just been baked. */
export interface BakedChunkEvent {
    /** The chunk's address. */
    readonly address: ChunkAddress;
    /** What the manifest says of it. */
    readonly entry: ManifestChunk;
    /** The chunk file. Copy it to keep it: the bytes are reused after the callback. */
    readonly file: Uint8Array;
}

/** Bytes that the kernels grow to on fused chunks of resolution 128: measured 20 to 30 MB. */
const EXPECTED_KERNEL_BYTES = 24 * 2 ** 20;
const REPORT_FILE = "report.json";

/**
 * Bakes worlds ahead of time, in Node or in a page, without a scene. Runs one bake at a time; workers start with a bake
 * and end with it.
 */
export class WorldBaker {
    /** Notifies after each chunk, and once when it is known what is in the store already. */
    public readonly onProgressObservable = new Observable<BakeProgress>();
    /** Notifies of each chunk as it is done, in no order. */
    public readonly onChunkBakedObservable = new Observable<BakedChunkEvent>();
    /** Notifies of each chunk that is given up. */
    public readonly onChunkFailedObservable = new Observable<BakeFailure>();

    private _isBaking = false;
    private _report: BakeReport | null = null;
    private _profiler: PerformanceProfiler;

    private readonly _options: ReturnType<typeof readBakerOptions>;

    /** @throws TerraneError naming every option that is wrong or unknown */
    public constructor(options: WorldBakerOptions = {}) {
        const problems: Problem[] = [];
        this._options = readBakerOptions(options, problems);
        throwProblems(problems);
        this._profiler = this._options.profiler ?? new PerformanceProfiler();
    }

    /**
     * Returns the plan that `bakeAsync` would follow with these options.
     *
     * @throws TerraneError naming everything that is wrong with the recipe and the options
     */
    public plan(recipe: RecipeInput, options: BakeOptions): WorkPlan {
        return readBake(recipe, options).plan;
    }

    /**
     * Bakes a world's chunks and resolves with the manifest of all of them.
     *
     * @throws TerraneError naming everything that is wrong with the recipe and the options
     * @throws KernelError where WebAssembly, its SIMD or `terrane.wasm` is missing or forbidden, or does not come in time
     * @throws WorldBakeError where chunks could not be baked: all others are done
     * @throws BakeCancelledError where the signal ended it
     * @throws StoreError where the store cannot be read or written
     */
    public async bakeAsync(recipe: RecipeInput, options: BakeOptions): Promise<Manifest> {
        const bake = readBake(recipe, options);
        if (this._isBaking) {
            throw new TerraneError(
                "bakeAsync",
                "called during a bake",
                "one bake at a time",
                "Make another WorldBaker.",
            );
        }
        this._isBaking = true;
        try {
            return await this._bakeAsync(bake.recipe, bake.plan, bake.chunkBatchSize, bake);
        } finally {
            this._isBaking = false;
        }
    }

    /**
     * Returns the report of the latest bake, whether it was completed or ended early.
     *
     * @throws TerraneError where there was none
     */
    public getPerformanceReport(): BakeReport {
        if (this._report === null) {
            throw new TerraneError(
                "getPerformanceReport",
                "called before a bake",
                "after a bake",
                "Await bakeAsync first.",
            );
        }
        return this._report;
    }

    private async _bakeAsync(
        recipe: Recipe,
        plan: WorkPlan,
        chunkBatchSize: number,
        { store: givenStore, signal }: Pick<BakeOptions, "store" | "signal">,
    ): Promise<Manifest> {
        const { now } = performance;
        const startMs = now.call(performance);
        this._profiler = this._options.profiler ?? new PerformanceProfiler();
        const store = givenStore === undefined ? undefined : measuredStore(asStore(givenStore), this._profiler);
        await loadCodecAsync();
        const world = storedWorldOf(recipe, GENERATOR_VERSION);
        const meter = new ProgressMeter(plan.chunks.length, plan.itemCount, () => now.call(performance));
        const entries = new Map<PlannedChunk, ManifestChunk>();
        if (store !== undefined) {
            await findIntactAsync(store, plan.chunks, world, signal, (chunk, entry) => {
                entries.set(chunk, entry);
                meter.skip(1, chunk.itemCount);
            });
            this.onProgressObservable.notifyObservers(meter.progress);
        }
        const missing = plan.chunks.filter((chunk) => !entries.has(chunk));
        const { failures, isCancelled } = await this._bakeMissingAsync(
            recipe,
            missing,
            chunkBatchSize,
            { startMs, world, store, signal },
            (chunk, entry) => {
                entries.set(chunk, entry);
                meter.add(chunk.itemCount);
                this.onProgressObservable.notifyObservers(meter.progress);
            },
        );
        if (store !== undefined) {
            await writeFileAsync(store, REPORT_FILE, this._reportBytes());
        }
        if (isCancelled) {
            throw new BakeCancelledError(entries.size, plan.chunks.length, signal?.reason);
        }
        if (failures.length > 0) {
            throw new WorldBakeError(failures, plan.chunks.length);
        }
        const manifest = createManifest(recipe, GENERATOR_VERSION, entries.values());
        if (store !== undefined) {
            for (const { name, bytes } of manifestFiles(manifest)) {
                await writeFileAsync(store, name, bytes);
            }
        }
        return manifest;
    }

    private async _bakeMissingAsync(
        recipe: Recipe,
        chunks: readonly PlannedChunk[],
        chunkBatchSize: number,
        where: { startMs: number; world: StoredWorld; store?: Store; signal?: AbortSignal },
        onDone: (chunk: PlannedChunk, entry: ManifestChunk) => void,
    ): ReturnType<typeof runPlanAsync> {
        const { startMs, world, store, signal } = where;
        const pool = new BufferPool();
        const profiler = this._profiler;
        const bufferBytes = chunkByteLength(heightGridVertexCount(largestGridLayout(recipe)), 0, false);
        const isEmpty = chunks.length === 0;
        const executor = isEmpty
            ? null
            : (this._options.executor ?? (await createBakerExecutorAsync(this._options, "processor")));
        const recorder = new BakeRecorder(Math.max(1, executor?.workerCount ?? 1));
        const monitor = new ResourceMonitor({
            memoryLimitBytes: this._options.memoryLimitBytes,
            maxTasksInFlight: (executor?.maxBatchesInFlight ?? 1) * chunkBatchSize,
            // A chunk is a buffer, a file that is written, and may be larger than a grid.
            expectedTaskBytes: 2 * bufferBytes,
            expectedWorkerBytes: EXPECTED_KERNEL_BYTES,
            workers: executor?.workerCount ?? 0,
        });
        let retried = 0;
        let quarantined = 0;
        try {
            if (executor === null) {
                return { failures: [], isCancelled: false, retried };
            }
            const takeAsync = async (chunk: PlannedChunk, file: Uint8Array, details: BakeDetails): Promise<void> => {
                const { address } = chunk;
                const entry = chunkOfFile(address, file);
                recorder.add(address, details, entry.byteLength, file.byteLength);
                this.onChunkBakedObservable.notifyObservers({ address, entry, file });
                if (store !== undefined) {
                    await writeFileAsync(store, entry.file, file);
                }
                onDone(chunk, entry);
            };
            const result = await runPlanAsync({
                chunks,
                executor,
                recipeJson: JSON.stringify(recipe),
                pool,
                monitor,
                profiler,
                chunkBatchSize,
                bufferBytes,
                signal,
                inspect: (address, file) => faultOfFile(address, world, file),
                takeAsync,
                onFailed: (_, failure) => this.onChunkFailedObservable.notifyObservers(failure),
            });
            retried = result.retried;
            quarantined = result.failures.length;
            return result;
        } finally {
            if (executor !== null && executor !== this._options.executor) {
                await executor.disposeAsync();
            }
            this._report = recorder.report({
                workItems: chunks.reduce((sum, { itemCount }) => sum + itemCount, 0),
                totalMs: performance.now() - startMs,
                poolHitRate: pool.hits / Math.max(1, pool.hits + pool.misses),
                retried,
                quarantined,
                recycled: executor?.recycledCount ?? 0,
                monitor,
                profiler,
            });
        }
    }

    private _reportBytes(): Uint8Array {
        const report = { ...this._profiler.exportReport(), bake: this._report };
        return new TextEncoder().encode(`${JSON.stringify(report, null, 2)}\n`);
    }
}

function readBake(recipe: RecipeInput, options: BakeOptions) {
    const problems: Problem[] = [];
    const whole = readRecipe(recipe, problems);
    const isRecipeRight = problems.length === 0;
    const read = readBakeOptions(options, isRecipeRight ? whole : undefined, problems);
    throwProblems(problems);
    const { addresses, priorityOf } = read;
    return { ...read, recipe: whole, plan: planChunks(whole, addresses, { priorityOf }) };
}
