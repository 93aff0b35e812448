export { ShowTerraneInspectorAsync, TERRANE_PANE, type TerraneInspector } from "./showTerraneInspector.js";
export { TERRANE_CHUNKS_CURVE, TERRANE_MS_CURVE } from "./curves.js";
export type { InspectedStats, InspectedWorld } from "./inspectedWorld.js";
