import type { TerrainWorld } from "../babylon/terrainWorld.js";

export type { MapChunk, MapState, MapViewer, TerrainWorldStats, WorldMap } from "../babylon/terrainWorld.js";

/** What the panes read of a world, and what their controls change. */
export type InspectedWorld = Pick<
    TerrainWorld,
    | "name"
    | "recipe"
    | "generatorVersion"
    | "profiler"
    | "isDisposed"
    | "getStats"
    | "readMap"
    | "material"
    | "levelOf"
    | "flushCache"
    | "regenerate"
    | WorldSetting
    | "isStreamingPaused"
    | "isSelectionFrozen"
>;

/** Numbers of a world that may be changed while it runs. */
export type WorldSetting =
    "viewDistance" | "screenSpaceError" | "memoryLimitBytes" | "applyBudgetMs" | "applyBudgetBytes" | "prefetchTime";

export const WORLD_SETTINGS: readonly WorldSetting[] = [
    "viewDistance",
    "screenSpaceError",
    "memoryLimitBytes",
    "applyBudgetMs",
    "applyBudgetBytes",
    "prefetchTime",
];
