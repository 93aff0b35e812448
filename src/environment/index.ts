export { CreateTerrainEnvironmentAsync } from "./createTerrainEnvironment.js";
export type { TerrainEnvironmentOptions } from "./environmentOptions.js";
export type { EnvironmentSettings } from "./environmentSettings.js";
export type { EnvironmentQuality } from "./quality.js";
export { TerrainEnvironment } from "./terrainEnvironment.js";
