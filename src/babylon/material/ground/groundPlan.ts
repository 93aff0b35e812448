import { throwProblems, type Problem } from "../../../base/errors.js";
import { problemsOf, readField } from "../../../base/readFields.js";
import type { MaterialsRecipe } from "../../../recipe/recipe.js";
import type { BiomeRule, SurfaceRule } from "../../../recipe/surfaceRule.js";
import { TEXTURE_LAYERS, TextureLayer } from "../../../textures/textureLayers.js";
import type { SurfaceOptions, SurfacesOptions, SurfaceTextures } from "../surfaces/surfaceOptions.js";
import { RULE, SURFACE } from "../surfaces/surfaceOptionTable.js";
import { Surface, SURFACES, type Surface as SurfaceKind } from "./surfaces.js";

/** A layer of the texture arrays. */
export interface GroundLayer {
    /** Metres that one copy of the picture covers: a power of two. */
    readonly tile: number;
    /** Mean colour until the picture is there, linear. */
    readonly color: readonly [number, number, number];
}

/** Where a surface is laid. */
export interface PlacedRule {
    /** Index of the surface. */
    readonly surface: number;
    readonly rule: SurfaceRule;
}

/** Pictures of somebody's own, and the layers that they become. */
export interface LayerPictures {
    /** Where they stand, for messages. */
    readonly field: string;
    readonly layers: readonly number[];
    readonly textures: SurfaceTextures;
    readonly tileSize: number;
    readonly heightScale: number;
    readonly flipNormals: boolean;
    readonly relief: number;
    /** Of the surface, by which a picture's least is divided: the shader multiplies the two. */
    readonly roughness: number;
}

/** All surfaces of a material, and where they lie. */
export interface GroundPlan {
    /** Default ones first, by the numbers of `Surface`. */
    readonly surfaces: readonly SurfaceKind[];
    /** Default ones first, by the numbers of `TextureLayer`. */
    readonly layers: readonly GroundLayer[];
    /** Laid over the default surfaces, in this order. */
    readonly rules: readonly PlacedRule[];
    /** Laid in place of the default surfaces' own rules. */
    readonly replaced: readonly PlacedRule[];
    readonly pictures: readonly LayerPictures[];
}

/** Surfaces that a material may have beside the default ones: each takes a layer. */
export const MOST_OWN_SURFACES = 8;

/** Metres: what the recipe's `materials.tileSize` is by default, and the tiles of the drawn rock are. */
const DRAWN_TILE_SIZE = 4;
const TILE_SIZE = 2;
/** Heights over their tile. */
const HEIGHT_SHARE = 1 / 20;
const GREY = [0.2, 0.2, 0.2] as const;
const NEW_SURFACE = {
    macro: TextureLayer.loose,
    macroColor: 0.5,
    macroRelief: 0.5,
    relief: 1,
    roughness: 0.8,
    leaf: 0,
};
const NAMES: readonly string[] = SURFACES.map(({ name }) => name);

/**
 * Makes out what a material draws.
 *
 * @param options surfaces to change and to add
 * @throws TerraneError naming every option that is wrong, and every name that no surface has
 */
export function planGround(
    { tileSize, biomes = [] }: Pick<MaterialsRecipe, "tileSize" | "biomes">,
    options: SurfacesOptions = {},
): GroundPlan {
    throwProblems(problemsOfSurfaces(options, biomes));
    const drawnScale = powerOfTwo(tileSize / DRAWN_TILE_SIZE);
    const surfaces: SurfaceKind[] = SURFACES.map((surface) =>
        surface.macroTile === undefined ? surface : { ...surface, macroTile: surface.macroTile * drawnScale },
    );
    const layers: GroundLayer[] = TEXTURE_LAYERS.map(({ tile, color }) => ({ tile: tile * drawnScale, color }));
    const pictures: LayerPictures[] = [];
    const rules: PlacedRule[] = [];
    const replaced: PlacedRule[] = [];
    for (const [name, surface] of Object.entries(options)) {
        const known = NAMES.indexOf(name);
        const at = known >= 0 ? known : surfaces.length;
        const before = known >= 0 ? surfaces[known]! : { ...NEW_SURFACE, name, detail: layers.length };
        const kind = surfaceOf(before, surface);
        surfaces[at] = kind;
        const own = kind.side === undefined ? [kind.detail] : [...new Set([kind.detail, kind.side])];
        const tile = surface.tileSize === undefined ? undefined : powerOfTwo(surface.tileSize);
        for (const layer of own) {
            const drawn = layers[layer];
            layers[layer] = {
                tile: tile ?? drawn?.tile ?? TILE_SIZE,
                color: surface.color ?? drawn?.color ?? GREY,
            };
        }
        if (surface.textures !== undefined) {
            const covered = layers[kind.detail]!.tile;
            pictures.push({
                field: `surfaces.${name}.textures`,
                layers: own,
                textures: surface.textures,
                tileSize: covered,
                heightScale: surface.heightScale ?? covered * HEIGHT_SHARE,
                flipNormals: surface.flipNormals ?? false,
                relief: kind.relief,
                roughness: kind.roughness,
            });
        }
        if (surface.rule !== undefined) {
            (known >= 0 ? replaced : rules).push({ surface: at, rule: completed(surface.rule) });
        }
    }
    const names = surfaces.map(({ name }) => name);
    const laid = biomes.map((rule) => ({ surface: names.indexOf(rule.surface), rule }));
    return { surfaces, layers, rules: [...laid, ...rules], replaced, pictures };
}

/** Returns a surface with what its options say. */
function surfaceOf(before: SurfaceKind, options: SurfaceOptions): SurfaceKind {
    const { textures, macro, triplanar = before.side !== undefined } = options;
    const { macroColor, macroRelief, relief, roughness, leaf } = { ...before, ...withoutUndefined(options) };
    const flat: SurfaceKind = {
        ...{ name: before.name, detail: before.detail, macroColor, macroRelief, relief, roughness, leaf },
        macro: macro === undefined ? before.macro : TextureLayer[macro],
        ...(before.macroTile !== undefined && { macroTile: before.macroTile }),
        isOwn: textures !== undefined,
    };
    if (!triplanar) {
        return flat;
    }
    const macroSide = macro === undefined ? (before.macroSide ?? TextureLayer.rockFace) : TextureLayer[macro];
    return { ...flat, side: before.side ?? before.detail, macroSide };
}

function withoutUndefined(options: SurfaceOptions): SurfaceOptions {
    return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function completed(rule: SurfaceRule): SurfaceRule {
    return readField(RULE, rule, "rule", []) as SurfaceRule;
}

function problemsOfSurfaces(options: SurfacesOptions, biomes: readonly BiomeRule[]): Problem[] {
    if (typeof options !== "object" || options === null || Array.isArray(options)) {
        const remedy = "Pass { moss: { textures: { albedo } } }, or leave it out for the default look.";
        return [{ field: "surfaces", value: options, allowed: "an object of surfaces by name", remedy }];
    }
    const problems: Problem[] = [];
    const given = Object.entries(options);
    const added = given.filter(([name]) => !NAMES.includes(name));
    if (added.length > MOST_OWN_SURFACES) {
        const allowed = `at most ${MOST_OWN_SURFACES} beside the default ones`;
        const remedy = `Leave some out: ${NAMES.join(", ")} are default ones.`;
        problems.push({ field: "surfaces", value: added.length, allowed, remedy });
    }
    const placed = new Set(biomes.map(({ surface }) => surface));
    for (const [name, surface] of given) {
        const field = `surfaces.${name}`;
        const found = problemsOf(SURFACE, surface, field);
        problems.push(...found);
        if (found.length > 0) {
            continue;
        }
        const isNew = !NAMES.includes(name);
        if (isNew && surface.textures === undefined) {
            const remedy = `Pass { albedo }. Without, only default surfaces are known: ${NAMES.join(", ")}.`;
            problems.push({ field: `${field}.textures`, value: undefined, allowed: "pictures", remedy });
        }
        if (isNew && surface.rule === undefined && !placed.has(name)) {
            const remedy = "Pass ranges, or name it in the recipe's materials.biomes; else it lies nowhere.";
            problems.push({ field: `${field}.rule`, value: undefined, allowed: "a rule", remedy });
        }
        if (name === SURFACES[Surface.dryGrass]!.name && surface.rule !== undefined) {
            const remedy = "It lies wherever nothing else does: give rules to others.";
            problems.push({ field: `${field}.rule`, value: surface.rule, allowed: "none", remedy });
        }
    }
    const known = [...NAMES, ...added.map(([name]) => name)];
    biomes.forEach(({ surface }, i) => {
        if (!known.includes(surface)) {
            problems.push({
                field: `recipe.materials.biomes[${i}].surface`,
                value: surface,
                allowed: known.join(", "),
                remedy: "Define it in the options of createTerrainMaterial, as surfaces[name].",
            });
        }
    });
    return problems;
}

function powerOfTwo(value: number): number {
    return 2 ** Math.round(Math.log2(value));
}
