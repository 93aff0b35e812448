import type { Problem } from "../base/errors.js";
import { sectionField } from "../base/fieldTable.js";
import { readField } from "../base/readFields.js";
import type { Recipe } from "../recipe/recipe.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { BakeOptions, ChunkBlock, VerifyOptions, WorldBakerOptions } from "./bakerOptions.js";
import { BAKE_OPTIONS, BAKER_OPTIONS, VERIFY_OPTIONS } from "./bakerOptionTables.js";
import { addressesOfBlock, blockProblems, iteratePyramid, levelProblems, readAddresses } from "./chunkBlock.js";

const BAKER = sectionField({ meaning: "options of a baker", fields: BAKER_OPTIONS });
const BAKE = sectionField({
    meaning: "options of a bake",
    isRequired: true,
    remedy: "Pass { chunks: { countX, countZ } }.",
    fields: BAKE_OPTIONS,
});
const VERIFY = sectionField({ meaning: "options of a check", fields: VERIFY_OPTIONS });

/** Returns a baker's options, completed by their defaults, and adds what is wrong with them to `problems`. */
export function readBakerOptions(options: unknown, problems: Problem[]) {
    return readField(BAKER, options, "", problems) as WorldBakerOptions & { memoryLimitBytes: number };
}

/** Returns the options of a check, completed by their defaults, and adds what is wrong with them to `problems`. */
export function readVerifyOptions(options: unknown, problems: Problem[]) {
    return readField(VERIFY, options, "", problems) as VerifyOptions & { rebake: number };
}

/**
 * Returns the options of a bake, completed by their defaults, with the chosen chunks as addresses, and adds what is wrong
 * with them to `problems`.
 *
 * @param recipe of the world; undefined where it is wrong itself, which leaves blocks as they would be on a flat one
 */
export function readBakeOptions(options: unknown, recipe: Recipe | undefined, problems: Problem[]) {
    const found: Problem[] = [];
    const read = readField(BAKE, options, "", found) as BakeOptions & { chunkBatchSize: number };
    if (typeof read === "object" && !found.some(({ field }) => /^(chunks|addresses|levels|options)\b/.test(field))) {
        const addresses = chosenAddresses(read, (options as BakeOptions).chunks, recipe, found);
        problems.push(...found);
        return { ...read, addresses };
    }
    problems.push(...found);
    return { ...read, addresses: [] as Iterable<ChunkAddress> };
}

/** @param given the block before its defaults were filled in */
function chosenAddresses(
    { chunks, addresses, levels }: BakeOptions,
    given: ChunkBlock | undefined,
    recipe: Recipe | undefined,
    problems: Problem[],
): Iterable<ChunkAddress> {
    if ((chunks === undefined) === (addresses === undefined)) {
        const allowed = chunks === undefined ? "chunks or addresses" : "either chunks or addresses, not both";
        problems.push({ field: "chunks", value: chunks, allowed, remedy: "Name what to bake in one of the two ways." });
        return [];
    }
    if (addresses !== undefined) {
        if (levels !== undefined) {
            const remedy = "Name the chunks of all levels, or pass chunks.";
            problems.push({ field: "levels", value: levels, allowed: "none beside addresses", remedy });
        }
        return readAddresses(addresses, recipe, problems);
    }
    // Whether a face is right hangs on the recipe's topology.
    const known = recipe === undefined ? { ...chunks, face: undefined } : chunks;
    const ofBlock = [...blockProblems(known, recipe), ...levelProblems(given!, levels, recipe)];
    problems.push(...ofBlock);
    if (ofBlock.length > 0 || recipe === undefined) {
        return [];
    }
    return levels === undefined ? addressesOfBlock(chunks!, recipe) : iteratePyramid(chunks!, levels, recipe);
}
