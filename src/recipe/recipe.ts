/** Control points of a monotone cubic with flat ends: `[input, output]`, inputs rising. */
export type SplinePoints = readonly (readonly [number, number])[];

export interface MacroRecipe {
    /** Metres: wavelength of the continents' first octave. */
    readonly continentWavelength: number;
    /** Metres: wavelength of the field that tells mountain country from plains. */
    readonly erosionWavelength: number;
    /** Metres: distance from one mountain range to the next. */
    readonly rangeWavelength: number;
    /** Metres: distance from one main valley to the next. */
    readonly valleyWavelength: number;
    /** Metres: wavelength of moisture, which the material reads. */
    readonly moistureWavelength: number;
    /** Metres: how far the domain warp moves a point. 0 is none. */
    readonly warpStrength: number;
    /** Metres: wavelength of the domain warp. */
    readonly warpWavelength: number;
    /** Continent noise (-1 to 1) to metres above the sea. */
    readonly continentSpline: SplinePoints;
    /** Erosion noise (-1 to 1) to relief (0 plains, 1 high mountains). */
    readonly reliefSpline: SplinePoints;
}

export interface TerrainRecipe {
    /** Height cells along a chunk's side: a power of two from 16 to 128. */
    readonly resolution: number;
    /** Detail octaves, 0 to 12. */
    readonly octaves: number;
    /** Metres: wavelength of the first detail octave, a power of two; each further octave halves it. */
    readonly wavelength: number;
    /** Amplitude of an octave over the one before. */
    readonly gain: number;
    /** How strongly slopes already gathered damp finer octaves; reads as erosion. 0 is plain noise. */
    readonly damping: number;
    /** How many of the first octaves turn into sharp ridges where the relief is high. */
    readonly ridgeOctaves: number;
    /** Metres: amplitude of detail in plains. */
    readonly plainsHeight: number;
    /** Metres: amplitude of detail that full relief adds. */
    readonly mountainHeight: number;
    /** Metres: how far ranges rise above their foot at full relief. */
    readonly rangeHeight: number;
    /** 0 to 1: how deep main valleys cut into ranges. */
    readonly valleyDepth: number;
    readonly macro: MacroRecipe;
}

export interface CaveRecipe {
    readonly enabled: boolean;
    /** 0 to 1: the share of the land that has caves, and how they branch. */
    readonly complexity: number;
    /** Metres below the surface at which the field closes all caves: at most `deepestCaves(chunkSize)`. */
    readonly maxDepth: number;
    /** Metres: wavelength of the tunnels' noise, a power of two. */
    readonly wavelength: number;
    /** Metres: radius of a typical tunnel. */
    readonly radius: number;
    /** 2 to 6: two octaves of 3D noise lay the tunnels, each further one roughens the walls. */
    readonly octaves: number;
    /**
     * Metres: step of the lattice on which cave noise is evaluated, a power of two. Where it is two samples or more, cave walls
     * away from mouths are meshed in cells of two samples. Between nodes noise is interpolated, which moves walls by at most
     * `latticeErrorAt`: 0.3 m with the defaults. Steps that move them by more than `radius` are refused.
     */
    readonly latticeStep: number;
    /** 0 to 1: how readily a tunnel that nears the surface breaks through. */
    readonly mouths: number;
}

export interface WaterRecipe {
    readonly enabled: boolean;
    /** Metres: height of the sea. */
    readonly level: number;
}

export interface MaterialsRecipe {
    /** Metres above the sea below which flat ground is sand. */
    readonly sandHeight: number;
    /** Metres: height above which snow lies. */
    readonly snowHeight: number;
    /** Slope (rise over run) from which rock shows. */
    readonly rockSlope: number;
    /** Metres: side of the textures' finest tile. */
    readonly tileSize: number;
}

/** Plain JSON data that defines a world wholly. `parseRecipe` makes one from partial input. */
export interface Recipe {
    readonly id: string;
    /** An unsigned 32-bit integer, or a text. */
    readonly seed: number | string;
    readonly topology: "flat";
    /** Metres: side of a level-0 chunk, a power of two. */
    readonly chunkSize: number;
    readonly terrain: TerrainRecipe;
    readonly caves: CaveRecipe;
    readonly water: WaterRecipe;
    readonly materials: MaterialsRecipe;
}

/** Metres: how deep caves may reach in chunks of this side. A chunk's volume grows with it. */
export function deepestCaves(chunkSize: number): number {
    return Math.max(4 * chunkSize, 64);
}

/** What a caller may leave out. */
export type RecipeInput = {
    readonly [K in keyof Recipe]?: Recipe[K] extends object ? DeepPartial<Recipe[K]> : Recipe[K];
};

type DeepPartial<T> = T extends readonly unknown[]
    ? T
    : T extends object
      ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
      : T;
