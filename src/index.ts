export * from "./baker/index.js";
export { TerraneError, type Problem } from "./base/errors.js";
export type { Vec3Like } from "./base/vec3Like.js";
export { CreateTerrainWorldAsync } from "./babylon/createTerrainWorld.js";
export { ChunkAttributes } from "./babylon/chunkGeometry.js";
export type { ChunkMeshPoolStats } from "./babylon/chunkMeshStats.js";
export type {
    SurfaceOptions,
    SurfacePicture,
    SurfacesOptions,
    SurfaceTextures,
} from "./babylon/material/surfaces/surfaceOptions.js";
export {
    createTerrainMaterial,
    TerrainMaterialPlugin,
    type TerrainMaterialOptions,
} from "./babylon/material/terrainMaterialPlugin.js";
export { LoadedChunk, type FloatLease } from "./runtime/loadedChunk.js";
export { TerraneDisposedError } from "./runtime/readinessWaiters.js";
export type { DownloadProgress, DownloadResult } from "./runtime/downloads.js";
export { StoreUnavailableError } from "./runtime/storeUnavailableError.js";
export type { StoreProgress, WorldStore } from "./runtime/worldStore.js";
export { GeneratorVersionError, ManifestError } from "./format/manifest.js";
export * from "./store/index.js";
export type { TerrainShadows } from "./babylon/terrainShadows.js";
export { TerrainWorld, type ChunkFailure, type TerrainWorldStats } from "./babylon/terrainWorld.js";
export type { TerrainWorldOptions } from "./babylon/worldOptions.js";
export type { BakeBatchRequest, BakeBatchResponse, BakeOutcome, BakeTask } from "./bake/protocol.js";
export type { RaycastHit } from "./generators/fieldSampler.js";
export { KernelError, type KernelErrorCode } from "./kernels/kernelError.js";
export type { WorldSettings } from "./options/worldSettings.js";
export type { Bottleneck } from "./profiler/bottlenecks.js";
export type { AllocationStats } from "./profiler/allocationTrack.js";
export type { FrameMetrics } from "./profiler/frameNumbers.js";
export type { FrameStats, FrameVisitor } from "./profiler/frameTrack.js";
export type { Hitch } from "./profiler/hitches.js";
export type { OperationStats } from "./profiler/operationTrack.js";
export { PerformanceProfiler, type PerformanceProfilerOptions } from "./profiler/performanceProfiler.js";
export type { PerformanceReport } from "./profiler/report.js";
export type { Recommendation } from "./profiler/rules/rule.js";
export { DEFAULT_TARGETS, OWN_TARGETS, type OperationTarget } from "./profiler/targets.js";
export type { TraceDocument } from "./profiler/trace.js";
export type { LatencyChain, WorldSnapshot } from "./profiler/worldSnapshot.js";
export type { Picture } from "./textures/picture.js";
export { parseRecipe } from "./recipe/parseRecipe.js";
export { Presets } from "./recipe/presets.js";
export type {
    CaveRecipe,
    MacroRecipe,
    MaterialsRecipe,
    Recipe,
    RecipeInput,
    SplinePoints,
    TerrainRecipe,
    WaterRecipe,
} from "./recipe/recipe.js";
export type { BiomeRule, RuleRange, SurfaceRule } from "./recipe/surfaceRule.js";
export type { ChunkRequestCallback, ChunkRequestResult } from "./runtime/chunkRequests.js";
export type { ChunkSink, SinkMemory } from "./runtime/chunkSink.js";
export type { NearbyOptions, RegenerateOptions } from "./runtime/terrainCore.js";
export type { RequestBand, WorldBounds } from "./runtime/terrainRuntime.js";
export type { MapChunk, MapState, MapViewer, WorldMap } from "./runtime/worldMap.js";
export type { WorldStats } from "./runtime/worldStats.js";
export type { BakeExecutor } from "./scheduler/bakeExecutor.js";
export {
    assertAddress,
    flatAddress,
    formatAddress,
    MAX_CHUNK_COORDINATE,
    MAX_LEVEL,
    NO_FACE,
    parseAddress,
    type ChunkAddress,
} from "./space/chunkAddress.js";
export type { Viewer } from "./streaming/viewer.js";
export { VERSION } from "./base/version.js";
