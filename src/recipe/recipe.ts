import type { BiomeRule } from "./surfaceRule.js";

/** Control points of a monotone cubic with flat ends: `[input, output]`, inputs rising. */
export type SplinePoints = readonly (readonly [number, number])[];

/** Large shapes that all detail follows: `recipe.terrain.macro`. */
export interface MacroRecipe {
    /** Metres: wavelength of the continents' first octave, 256 to 1,000,000. Default: 9,000. */
    readonly continentWavelength: number;
    /** Metres: wavelength of the field that tells mountain country from plains, 256 to 1,000,000. Default: 6,000. */
    readonly erosionWavelength: number;
    /** Metres: distance from one mountain range to the next, 256 to 1,000,000. Default: 5,000. */
    readonly rangeWavelength: number;
    /** Metres: distance from one main valley to the next, 256 to 1,000,000. Default: 4,000. */
    readonly valleyWavelength: number;
    /** Metres: wavelength of moisture, which the material reads, 256 to 1,000,000. Default: 3,000. */
    readonly moistureWavelength: number;
    /** Metres: how far the domain warp moves a point, 0 to 10,000. 0 is none. Default: 250. */
    readonly warpStrength: number;
    /** Metres: wavelength of the domain warp, 256 to 1,000,000. Default: 1,500. */
    readonly warpWavelength: number;
    /**
     * Curve from continent noise (-1 to 1) to metres above the sea. 2 to 32 points, inputs rising, each output from
     * -10,000 to 10,000. Default: from sea floors at -90 m to highlands at 110 m.
     */
    readonly continentSpline: SplinePoints;
    /**
     * Curve from erosion noise (-1 to 1) to relief (0 plains, 1 high mountains). 2 to 32 points, inputs rising.
     * Default: high mountains where erosion is low, plains where it is high.
     */
    readonly reliefSpline: SplinePoints;
}

/** Channels that water cuts into mountains: `recipe.terrain.gullies`. */
export interface GullyRecipe {
    /**
     * Depth of a gully over the distance to the next, 0 to 0.5. 0 is none: rounded land, which also bakes faster.
     * Default: 0.15.
     */
    readonly strength: number;
    /**
     * Metres: distance between the widest gullies, a power of two from 1 to 2,048. Each further octave halves it.
     * Default: 256.
     */
    readonly wavelength: number;
    /** Octaves of gullies, 1 to 8. Default: 6. */
    readonly octaves: number;
    /** How deep an octave's gullies are for their width, over that of the one before, 0 to 1. Default: 0.95. */
    readonly gain: number;
}

/** Layers of rock that stand out as steps: `recipe.terrain.beds`. */
export interface BedRecipe {
    /** How far the ground follows the steps of the hardest layers, 0 to 1. 0 is none. Default: 0.6. */
    readonly strength: number;
    /** Metres: height from one layer to the next, 0.25 to 1,000. Default: 26. */
    readonly thickness: number;
}

/** Shape of the ground: `recipe.terrain`. */
export interface TerrainRecipe {
    /** Height cells along a chunk's side, a power of two from 16 to 128. Default: 64. */
    readonly resolution: number;
    /** Octaves of detail, 0 to 12. Default: 8. */
    readonly octaves: number;
    /**
     * Metres: wavelength of the first octave of detail, a power of two from 0.25 to 16,384. Each further octave halves
     * it. At least two samples, `chunkSize / resolution` each. Default: 1,024.
     */
    readonly wavelength: number;
    /** Amplitude of an octave over that of the one before, 0 to 1. Default: 0.55. */
    readonly gain: number;
    /**
     * How strongly the slope gathered so far damps finer octaves, 0 to 10. Reads as erosion; 0 is plain noise. Default:
     * 0.03.
     */
    readonly damping: number;
    /** How many of the first octaves turn into sharp ridges where the relief is high, 0 to 12. Default: 7. */
    readonly ridgeOctaves: number;
    /** Metres: amplitude of detail in plains, 0 to 4,000. Default: 30. */
    readonly plainsHeight: number;
    /** Metres: amplitude of detail that full relief adds, 0 to 4,000. Default: 340. */
    readonly mountainHeight: number;
    /** Metres: how far ranges rise above their foot at full relief, 0 to 10,000. Default: 900. */
    readonly rangeHeight: number;
    /** How deep main valleys cut into ranges, 0 to 1. Default: 0.8. */
    readonly valleyDepth: number;
    /** Channels that water cuts into mountains: they run downhill, and finer ones branch off. Planets have none yet. */
    readonly gullies: GullyRecipe;
    /** Layers of rock in mountains, some harder than others, that stand out as steps. Planets have none yet. */
    readonly beds: BedRecipe;
    /** Large shapes that all detail follows. */
    readonly macro: MacroRecipe;
}

/** Tunnels under the ground: `recipe.caves`. */
export interface CaveRecipe {
    /** Whether there are caves. Default: true. */
    readonly enabled: boolean;
    /** Share of the land that has caves, and how much they branch, 0 to 1. Default: 0.5. */
    readonly complexity: number;
    /**
     * Metres: depth below the surface at which all caves are closed, 0 to 512. At most `deepestCaves(chunkSize)`: four
     * sides of a chunk, or 64 m. Default: 60.
     */
    readonly maxDepth: number;
    /**
     * Metres: wavelength of the noise that lays the tunnels, a power of two from 1 to 1,024. At least one sample,
     * `chunkSize / terrain.resolution`. Default: 128.
     */
    readonly wavelength: number;
    /** Metres: radius of a typical tunnel, 0.0625 to 256. At most a quarter of `wavelength`. Default: 6. */
    readonly radius: number;
    /** Octaves of 3D noise, 2 to 6. Two lay the tunnels, each further one roughens the walls. Default: 4. */
    readonly octaves: number;
    /**
     * How far hard beds stand out of the walls as ledges, 0 to 1. Beds are as thick as `radius`. 0 is none. Default:
     * 0.5.
     */
    readonly ledges: number;
    /**
     * Metres: step of the lattice on which cave noise is evaluated, a power of two from 0.03125 to 64. Where it is two
     * samples or more, cave walls away from mouths are meshed in cells of two samples. Between nodes noise is
     * interpolated, which moves walls by at most `latticeErrorAt`: 0.3 m with the defaults. Steps that move them by
     * more than `radius` are refused. Default: 2.
     */
    readonly latticeStep: number;
    /** How readily a tunnel that nears the surface breaks through, 0 to 1. Default: 0.5. */
    readonly mouths: number;
}

/** Sea: `recipe.water`. */
export interface WaterRecipe {
    /** Whether there is a sea. Default: true. */
    readonly enabled: boolean;
    /** Metres: height of the sea, -10,000 to 10,000. Default: 0. */
    readonly level: number;
}

/** What the ground is made of: `recipe.materials`. */
export interface MaterialsRecipe {
    /** Metres: height above the sea below which flat ground is sand, -1,000 to 1,000. Default: 4. */
    readonly sandHeight: number;
    /** Metres: height above which snow lies, -10,000 to 10,000. Default: 560. */
    readonly snowHeight: number;
    /** Slope (rise over run) from which rock shows, 0 to 10. Default: 0.65. */
    readonly rockSlope: number;
    /** Metres: side of the finest tile of the textures, 0.125 to 64. Default: 4. */
    readonly tileSize: number;
    /**
     * Surfaces laid over the default ones, each where its rule says, in this order. `docs/materials.md` has the fields
     * of a rule. It moves no vertex, but makes it another world for stores. Default: none.
     */
    readonly biomes?: readonly BiomeRule[];
}

/** Plain JSON data that defines a world wholly. `parseRecipe` makes one from partial input. */
export interface Recipe {
    /** Name of the recipe. Default: "endless". */
    readonly id: string;
    /** What makes one world differ from another: an unsigned 32-bit integer, or a text. Default: 1. */
    readonly seed: number | string;
    /**
     * How chunks lie in space: `flat` is an endless plane, `planet` a ball. Planets can be baked; worlds do not run
     * them yet. Default: "flat".
     */
    readonly topology: "flat" | "planet";
    /**
     * Metres: from a planet's middle to altitude 0, 1,000 to 100,000,000. Planets must have one, flat worlds have none.
     * Default: none.
     */
    readonly radius?: number;
    /** Metres: side of a level-0 chunk, a power of two from 4 to 1,024. Default: 64. */
    readonly chunkSize: number;
    /** Shape of the ground. */
    readonly terrain: TerrainRecipe;
    /** Tunnels under the ground. */
    readonly caves: CaveRecipe;
    /** Sea. */
    readonly water: WaterRecipe;
    /** What the ground is made of. */
    readonly materials: MaterialsRecipe;
}

/** A planet's recipe. */
export interface PlanetRecipe extends Recipe {
    readonly topology: "planet";
    /** Metres from the planet's middle to altitude 0. */
    readonly radius: number;
}

/** Returns the most that `caves.maxDepth` may be in chunks of this side, in metres: a chunk's volume grows with it. */
export function deepestCaves(chunkSize: number): number {
    return Math.max(4 * chunkSize, 64);
}

/** A recipe of which anything may be left out: `parseRecipe` completes it. */
export type RecipeInput = {
    readonly [K in keyof Recipe]?: Recipe[K] extends object ? DeepPartial<Recipe[K]> : Recipe[K];
};

type DeepPartial<T> = T extends readonly unknown[]
    ? T
    : T extends object
      ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
      : T;
