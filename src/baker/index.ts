/** Baking without a scene: for build servers, tools and pages that need no engine. */
export { TerraneError, type Problem } from "../base/errors.js";
export { Observable, type Observer } from "../base/observable.js";
export type { PriorityBand } from "../base/priorityBands.js";
export {
    createWorkPlan,
    formatWorkPlan,
    planChunks,
    type PlannedChunk,
    type WorkItem,
    type WorkParameters,
    type WorkPlan,
} from "../bake/plan.js";
export type { Stage } from "../bake/protocol.js";
export { decodeChunkFile, initChunkCodecAsync, readChunkFileHeader } from "../format/chunkFile.js";
export { FORMAT_CHUNK_LIMITS, type ChunkLimits } from "../format/chunkLimits.js";
export {
    GeneratorVersionError,
    ManifestError,
    manifestFiles,
    parseManifest,
    rootHashOf,
    stringifyManifest,
    type BakeFile,
    type ListedManifest,
    type Manifest,
    type ManifestChunk,
    type ManifestLevel,
    type ManifestRoot,
} from "../format/manifest.js";
export type { ManifestNodeEntry } from "../format/manifestEntry.js";
export { KernelError, type KernelErrorCode } from "../kernels/kernelError.js";
export type { BakeReport } from "../profiler/bakeReport.js";
export { parseRecipe } from "../recipe/parseRecipe.js";
export { Presets } from "../recipe/presets.js";
export type { Recipe, RecipeInput } from "../recipe/recipe.js";
export { workerCountFor, type WorkKind } from "../scheduler/workerCount.js";
export type { ResourceDecision } from "../scheduler/resourceMonitor.js";
export { flatAddress, formatAddress, parseAddress, type ChunkAddress } from "../space/chunkAddress.js";
export type { ChunkSquare } from "../space/chunkSquare.js";
export type { ChunkStore } from "../store/chunkStore.js";
export { writeArchiveFileAsync, type ArchiveTarget } from "../store/archiveFile.js";
export { openBlockFolder, type BlocksTarget } from "../store/blockFolder.js";
export { DirectoryStore } from "../store/directoryStore.js";
export { MemoryStore } from "../store/memoryStore.js";
export { openBakeFiles } from "../store/openBakeFiles.js";
export type { Store } from "../store/store.js";
export { BakeCancelledError, WorldBakeError, type BakeFailure } from "./bakerErrors.js";
export { addressesOfBlock, type ChunkBlock } from "./chunkBlock.js";
export { packBakeAsync, PackError, type PackOptions, type PackResult } from "./packBake.js";
export { packBlocksAsync, type PackBlocksResult } from "./packBlocks.js";
export type { BakeProgress } from "./progressMeter.js";
export { verifyBakeAsync, type VerifyFault, type VerifyOptions, type VerifyResult } from "./verifyBake.js";
export { WorldBaker, type BakedChunkEvent, type BakeOptions, type WorldBakerOptions } from "./worldBaker.js";
export type { ArrayOf, BufferKind } from "../memory/bufferKinds.js";
export {
    BufferPoolManager,
    type BufferPoolManagerOptions,
    type GlobalPoolStats,
    type PoolStats,
    type TypedLease,
} from "../memory/bufferPoolManager.js";
export type { BufferLeak } from "../memory/leakWatch.js";
export { MemoryLimitError, type MemoryPressureEvent } from "../memory/memoryLedger.js";
