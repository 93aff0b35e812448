import type { TerrainQuality } from "../babylon/material/quality.js";
import type { HorizonGrids } from "./horizonMaps.js";

/** What a quality level means for an environment. */
export interface QualityDetail {
    /** Fetches of noise for a place in the clouds, and places that are looked at for its shade. */
    readonly octaves: 2 | 3;
    readonly shades: 1 | 2 | 3;
    readonly grids: HorizonGrids;
}

/** Sides are not multiples of 7. Clouds take `octaves * (1 + shades)` fetches a pixel: 4, 9, 12. */
export const QUALITY_DETAILS: Readonly<Record<TerrainQuality, QualityDetail>> = {
    low: { octaves: 2, shades: 1, grids: { near: { side: 144, spacing: 16 }, far: { side: 181, spacing: 64 } } },
    medium: { octaves: 3, shades: 2, grids: { near: { side: 192, spacing: 12 }, far: { side: 241, spacing: 48 } } },
    high: { octaves: 3, shades: 3, grids: { near: { side: 256, spacing: 9 }, far: { side: 241, spacing: 48 } } },
};
