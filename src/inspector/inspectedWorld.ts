import type { TerrainWorld } from "../babylon/terrainWorld.js";
import type { WorldSettings } from "../options/worldSettings.js";

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
    | keyof WorldSettings
    | "isStreamingPaused"
    | "isSelectionFrozen"
>;
