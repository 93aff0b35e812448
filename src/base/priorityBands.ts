/** How urgent a chunk is, from "a viewer stands there" to "may be needed later". */
export type PriorityBand = "immediate" | "high" | "normal" | "low";

/** All bands, the most urgent first. */
export const PRIORITY_BANDS: readonly PriorityBand[] = ["immediate", "high", "normal", "low"];
