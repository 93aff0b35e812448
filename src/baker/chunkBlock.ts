import { throwProblems, type Problem } from "../base/errors.js";
import { sectionField } from "../base/fieldTable.js";
import { problemsOf } from "../base/readFields.js";
import { isPlanet } from "../recipe/planetRadius.js";
import type { Recipe } from "../recipe/recipe.js";
import {
    assertAddress,
    isAddress,
    MAX_CHUNK_COORDINATE,
    MAX_LEVEL,
    NO_FACE,
    type ChunkAddress,
} from "../space/chunkAddress.js";
import { childX, childZ, parentCoordinate } from "../space/chunkTree.js";
import { createPlanetTopology } from "../space/createTopology.js";
import type { PlanetTopology } from "../space/planetTopology.js";
import type { ChunkBlock } from "./bakerOptions.js";
import { ADDRESS, BAKE_OPTIONS, BLOCK_FIELDS, MAX_CHUNKS } from "./bakerOptionTables.js";

export type { ChunkBlock } from "./bakerOptions.js";

/** Number of wrong addresses that are named; of a million, the first say it all. */
const MOST_NAMED = 100;

/** Where the chunks of a block's level lie: those from `first` to `last` along x and z, on a face. */
interface LevelGrid {
    readonly face: number;
    readonly first: number;
    readonly last: number;
    /** What is in the middle of a block that does not say so. */
    readonly middle: number;
}

/**
 * Returns the block's addresses, row by row: z outer, x inner. Of a planet's block that is wider than a face, those of the face.
 *
 * @param recipe of the world. Default: a flat one
 * @throws TerraneError naming everything that is wrong: counts, level, face, more than 2^20 chunks, a block that reaches beyond
 * the world's ends or the face's borders
 */
export function addressesOfBlock(block: ChunkBlock, recipe?: Recipe): ChunkAddress[] {
    return [...iterateBlock(block, recipe)];
}

/** Yields what `addressesOfBlock` returns, one address after the other. The block is checked before the first. */
export function iterateBlock(block: ChunkBlock, recipe?: Recipe): Iterable<ChunkAddress> {
    throwProblems(blockProblems(block, recipe));
    const { level = 0 } = block;
    const grid = gridOf(block, level, planetOf(recipe));
    const [left, right, near, far] = endsOf(block, grid);
    return addressesFrom(grid.face, level, left, near, right - left + 1, far - near + 1);
}

/**
 * Yields a block's addresses and those of the pyramid above it, level by level: what overlaps the block, and below the
 * highest level the siblings of that, so that a chunk that can be split has all four children.
 *
 * @param levels the lowest, which is the block's, and the highest
 * @throws TerraneError as `addressesOfBlock` does
 */
export function* iteratePyramid(
    block: ChunkBlock,
    levels: readonly [number, number],
    recipe?: Recipe,
): Generator<ChunkAddress> {
    const [lowest, highest] = levels;
    throwProblems([...blockProblems({ ...block, level: lowest }, recipe), ...levelProblems({}, levels, recipe)]);
    const planet = planetOf(recipe);
    let ends = endsOf(block, gridOf(block, lowest, planet));
    for (let level = lowest; level <= highest; level++) {
        const { face, first, last } = gridOf(block, level, planet);
        const parents = ends.map(parentCoordinate) as unknown as Ends;
        const [left, right, near, far] = level < highest ? childrenOf(parents, first, last) : ends;
        yield* addressesFrom(face, level, left, near, right - left + 1, far - near + 1);
        ends = parents;
    }
}

/** The first and the last chunk along x, then along z. */
type Ends = readonly [left: number, right: number, near: number, far: number];

function planetOf(recipe: Recipe | undefined): PlanetTopology | null {
    return recipe !== undefined && isPlanet(recipe) ? createPlanetTopology(recipe) : null;
}

function gridOf({ face = 0 }: ChunkBlock, level: number, planet: PlanetTopology | null): LevelGrid {
    if (planet === null) {
        return { face: NO_FACE, first: -MAX_CHUNK_COORDINATE, last: MAX_CHUNK_COORDINATE, middle: 0 };
    }
    const along = planet.chunksAlong(level);
    return { face, first: 0, last: along - 1, middle: Math.floor(along / 2) };
}

function endsOf({ countX, countZ, centerX, centerZ }: ChunkBlock, grid: LevelGrid): Ends {
    return [...endsAlong(centerX, countX, grid), ...endsAlong(centerZ, countZ, grid)];
}

/** Returns the ends of chunks around one; of a face all of it where they are more than it has. */
function endsAlong(
    center: number | undefined,
    wanted: number,
    { first, last, middle }: LevelGrid,
): [start: number, end: number] {
    const count = Math.min(wanted, last - first + 1);
    const start = (center ?? middle) - Math.floor(count / 2);
    return [start, start + count - 1];
}

/** Returns the ends of all children of the chunks between two ends, as far as the world goes. */
function childrenOf([left, right, near, far]: Ends, first: number, last: number): Ends {
    const within = (coordinate: number): number => Math.max(first, Math.min(last, coordinate));
    return [within(childX(left, 0)), within(childX(right, 3)), within(childZ(near, 0)), within(childZ(far, 3))];
}

/**
 * Returns all that is wrong with a block.
 *
 * @param recipe of the world. Default: a flat one
 */
export function blockProblems(block: unknown, recipe?: Recipe, name = "chunks"): Problem[] {
    const { allowed, remedy } = BAKE_OPTIONS.chunks;
    const field = sectionField({ meaning: "a block", allowed, remedy, isRequired: true, fields: BLOCK_FIELDS });
    const problems = problemsOf(field, block, name);
    if (problems.length > 0) {
        return problems;
    }
    const { countX, countZ, centerX, centerZ, face, level = 0 } = block as ChunkBlock;
    const planet = planetOf(recipe);
    if (planet === null && face !== undefined) {
        const none = { field: `${name}.face`, value: face, allowed: "none on flat worlds", remedy: "Leave it out." };
        return [none];
    }
    if (planet !== null && level > planet.rootLevel) {
        const most = `at most ${planet.rootLevel}, where a face is one chunk`;
        return [{ field: `${name}.level`, value: level, allowed: most, remedy: "Lower it." }];
    }
    const grid = gridOf(block as ChunkBlock, level, planet);
    const across = grid.last - grid.first + 1;
    if (Math.min(countX, across) * Math.min(countZ, across) > MAX_CHUNKS) {
        problems.push({
            field: name,
            value: `${countX}x${countZ}`,
            allowed: `at most ${MAX_CHUNKS} chunks`,
            remedy: "Bake several blocks.",
        });
    }
    checkEnds(`${name}.centerX`, centerX, countX, grid, problems);
    checkEnds(`${name}.centerZ`, centerZ, countZ, grid, problems);
    return problems;
}

/**
 * Returns what is wrong with the levels of a pyramid over a block: the block's own level is the lowest, or left out, and the highest is
 * one that the world has.
 *
 * @param recipe of the world. Default: a flat one
 */
export function levelProblems(
    { level }: Partial<ChunkBlock>,
    levels: readonly [number, number] | undefined,
    recipe?: Recipe,
    name = "chunks",
): Problem[] {
    if (levels === undefined) {
        return [];
    }
    const problems: Problem[] = [];
    if (level !== undefined && level !== levels[0]) {
        const allowed = `${levels[0]}, the lowest of the levels`;
        const remedy = "Leave it out: levels says it.";
        problems.push({ field: `${name}.level`, value: level, allowed, remedy });
    }
    const rootLevel = planetOf(recipe)?.rootLevel ?? MAX_LEVEL;
    if (levels[1] > rootLevel) {
        const allowed = `levels of at most ${rootLevel}, where a face is one chunk`;
        problems.push({ field: "levels", value: levels, allowed, remedy: "Lower the highest." });
    }
    return problems;
}

function checkEnds(
    field: string,
    center: number | undefined,
    wanted: number,
    grid: LevelGrid,
    problems: Problem[],
): void {
    const [start, end] = endsAlong(center, wanted, grid);
    if (start >= grid.first && end <= grid.last) {
        return;
    }
    const isFlat = grid.face === NO_FACE;
    const count = end - start + 1;
    problems.push({
        field,
        value: center,
        allowed: isFlat
            ? `so that all ${count} chunks lie within ${MAX_CHUNK_COORDINATE} of 0`
            : `so that all ${count} chunks lie on the face, from 0 to ${grid.last}`,
        remedy: isFlat
            ? "Move the block nearer to the origin."
            : "Move the block, and bake what lies on other faces by itself.",
    });
}

function* addressesFrom(
    face: number,
    level: number,
    firstX: number,
    firstZ: number,
    countX: number,
    countZ: number,
): Generator<ChunkAddress> {
    for (let z = firstZ; z < firstZ + countZ; z++) {
        for (let x = firstX; x < firstX + countX; x++) {
            const address = { face, level, x, z };
            assertAddress(address);
            yield address;
        }
    }
}

/**
 * Returns the addresses, as many as one manifest may list, and adds what is wrong with them to `problems`.
 *
 * @param recipe of the world; undefined where it is wrong itself
 */
export function readAddresses(
    addresses: Iterable<unknown>,
    recipe: Recipe | undefined,
    problems: Problem[],
): ChunkAddress[] {
    const list: ChunkAddress[] = [];
    const before = problems.length;
    for (const address of addresses) {
        if (!isAnAddress(address)) {
            problems.push(...problemsOf(ADDRESS, address, `addresses[${list.length}]`));
        } else if (recipe !== undefined && !isFaceOf(recipe, (address as ChunkAddress).face)) {
            problems.push({
                field: `addresses[${list.length}].face`,
                value: (address as ChunkAddress).face,
                allowed: isPlanet(recipe) ? "0 to 5 on planets" : `${NO_FACE} on flat worlds`,
                remedy: "Name chunks of this world.",
            });
        }
        list.push(address as ChunkAddress);
        if (list.length > MAX_CHUNKS || problems.length - before >= MOST_NAMED) {
            break;
        }
    }
    if (list.length > MAX_CHUNKS) {
        const allowed = `at most ${MAX_CHUNKS} chunks`;
        problems.push({ field: "addresses", value: addresses, allowed, remedy: "Bake them in several parts." });
    }
    if (list.length === 0) {
        const remedy = "Name what to bake.";
        problems.push({ field: "addresses", value: addresses, allowed: "at least one address", remedy });
    }
    return list;
}

/** Whether a recipe's world has such a face. */
export function isFaceOf(recipe: Recipe, face: number): boolean {
    return isPlanet(recipe) === (face !== NO_FACE);
}

function isAnAddress(value: unknown): boolean {
    try {
        return isAddress(value as ChunkAddress);
    } catch {
        return false;
    }
}
