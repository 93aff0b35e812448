export {
    ShowTerraneInspectorAsync,
    TERRANE_PANE,
    type TerraneInspector,
    type TerranePageOptions,
} from "./showTerraneInspector.js";
export { TERRANE_CHUNKS_CURVE, TERRANE_MS_CURVE } from "./curves.js";
export type { InspectedWorld } from "./inspectedWorld.js";
