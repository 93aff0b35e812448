export { CreateTerrainEnvironmentAsync } from "./createTerrainEnvironment.js";
export type { TerrainEnvironmentOptions } from "./environmentOptions.js";
export type { EnvironmentSettings } from "./environmentSettings.js";
export type { AmbientLight } from "../babylon/material/ambientLight.js";
export type { TerrainQuality } from "../babylon/material/quality.js";
export { TerrainEnvironment } from "./terrainEnvironment.js";
