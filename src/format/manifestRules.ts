import * as v from "valibot";
import { messageOf } from "../base/errors.js";
import { parseRecipe } from "../recipe/parseRecipe.js";
import type { Recipe, RecipeInput } from "../recipe/recipe.js";
import { CHUNK_FORMAT_VERSION } from "./chunkData.js";
import { GeneratorVersionError, ManifestError, MAX_ENTRY_BYTES } from "./manifestEntry.js";

/** Kind of every manifest. */
export const MANIFEST_KIND = "terrane-manifest";

/** What a manifest says of its world, whatever its version. */
export interface WorldFields {
    readonly chunkFormatVersion: number;
    readonly generatorVersion: number;
    readonly recipe: RecipeInput;
}

export const hexRule = (digits: number) =>
    v.custom<string>(
        (value) => typeof value === "string" && new RegExp(`^[0-9a-f]{${digits}}$`).test(value),
        `${digits} hexadecimal digits in lower case`,
    );

export const integerRule = (min: number, max: number) =>
    v.custom<number>(
        (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
        `an integer from ${min} to ${max}`,
    );

export const byteLengthRule = integerRule(1, MAX_ENTRY_BYTES);

export const fixedRule = <T extends string | number>(expected: T) =>
    v.custom<T>((value) => value === expected, JSON.stringify(expected));

/** A list whose length is bounded before its members are looked at. */
export const listRule = <T extends v.GenericSchema>(member: T, max: number, what: string) =>
    v.pipe(
        v.custom<unknown[]>(
            (value) => Array.isArray(value) && value.length >= 1 && value.length <= max,
            `a list of 1 to ${max} ${what}`,
        ),
        v.array(member),
    );

/** Fields of every manifest. */
export const WORLD_RULES = {
    kind: fixedRule(MANIFEST_KIND),
    chunkFormatVersion: integerRule(1, MAX_ENTRY_BYTES),
    generatorVersion: integerRule(1, MAX_ENTRY_BYTES),
    rootHash: hexRule(64),
    recipe: v.custom<RecipeInput>((value) => typeof value === "object" && value !== null, "a recipe"),
};

/**
 * Checks JSON against the rules of a manifest.
 *
 * @throws ManifestError naming the first field that is wrong, the value and what is allowed
 */
export function readByRules<T extends v.GenericSchema>(schema: T, json: unknown): v.InferOutput<T> {
    const result = v.safeParse(schema, json, { abortEarly: true, abortPipeEarly: true });
    if (!result.success) {
        const issue = result.issues[0];
        const path = v.getDotPath(issue) ?? "the whole";
        const value = typeof issue.input === "object" ? "another thing" : JSON.stringify(issue.input)?.slice(0, 80);
        throw new ManifestError(`manifest.${path} is ${value}; allowed: ${issue.message}.`);
    }
    return result.output;
}

/**
 * Checks the versions of a manifest's world, and returns its recipe.
 *
 * @param generatorVersion that it must be of; null for any
 * @throws ManifestError where it is of another version, or the recipe is wrong
 */
export function readWorld(found: WorldFields, generatorVersion: number | null): Recipe {
    if (found.chunkFormatVersion !== CHUNK_FORMAT_VERSION) {
        throw new ManifestError(
            `The bake is of chunk format version ${found.chunkFormatVersion}; this library has ${CHUNK_FORMAT_VERSION}. ` +
                "Bake it again, or use the library that baked it.",
        );
    }
    if (generatorVersion !== null && found.generatorVersion !== generatorVersion) {
        throw new GeneratorVersionError(found.generatorVersion, generatorVersion);
    }
    let recipe: Recipe;
    try {
        recipe = parseRecipe(found.recipe);
    } catch (error) {
        throw new ManifestError(`The manifest's recipe is wrong: ${messageOf(error)}`, { cause: error });
    }
    if (JSON.stringify(recipe) !== JSON.stringify(found.recipe)) {
        throw new ManifestError(
            "The manifest's recipe is not whole, or its fields are not in the order of the schema.",
        );
    }
    return recipe;
}
