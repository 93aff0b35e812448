import { throwProblems, type Problem } from "../base/errors.js";
import { sectionField } from "../base/fieldTable.js";
import { problemsOf } from "../base/readFields.js";
import { flatAddress, isAddress, MAX_CHUNK_COORDINATE, type ChunkAddress } from "../space/chunkAddress.js";
import { childX, childZ, parentCoordinate } from "../space/chunkTree.js";
import type { ChunkBlock } from "./bakerOptions.js";
import { ADDRESS, BAKE_OPTIONS, BLOCK_FIELDS, MAX_CHUNKS } from "./bakerOptionTables.js";

export type { ChunkBlock } from "./bakerOptions.js";

/** Number of wrong addresses that are named; of a million, the first say it all. */
const MOST_NAMED = 100;

/**
 * Returns the block's addresses, row by row: z outer, x inner.
 *
 * @throws TerraneError naming everything that is wrong: counts, level, more than 2^20 chunks, a block that reaches beyond
 * the world's ends
 */
export function addressesOfBlock(block: ChunkBlock): ChunkAddress[] {
    return [...iterateBlock(block)];
}

/** Yields what `addressesOfBlock` returns, one address after the other. The block is checked before the first. */
export function iterateBlock(block: ChunkBlock): Iterable<ChunkAddress> {
    throwProblems(blockProblems(block));
    const { countX, countZ, level = 0, centerX = 0, centerZ = 0 } = block;
    return addressesFrom(level, firstOf(centerX, countX), firstOf(centerZ, countZ), countX, countZ);
}

/**
 * Yields a block's addresses and those of the pyramid above it, level by level: what overlaps the block, and below the
 * highest level the siblings of that, so that a chunk that can be split has all four children.
 *
 * @param levels the lowest, which is the block's, and the highest
 * @throws TerraneError as `addressesOfBlock` does
 */
export function* iteratePyramid(block: ChunkBlock, levels: readonly [number, number]): Generator<ChunkAddress> {
    throwProblems(blockProblems(block));
    const [lowest, highest] = levels;
    const { countX, countZ, centerX = 0, centerZ = 0 } = block;
    const [firstX, firstZ] = [firstOf(centerX, countX), firstOf(centerZ, countZ)];
    let ends = [firstX, firstX + countX - 1, firstZ, firstZ + countZ - 1];
    for (let level = lowest; level <= highest; level++) {
        const parents = ends.map(parentCoordinate) as [number, number, number, number];
        const [left, right, near, far] = level < highest ? childrenOf(parents) : (ends as typeof parents);
        yield* addressesFrom(level, left, near, right - left + 1, far - near + 1);
        ends = parents;
    }
}

/** Returns the ends of all children of the chunks between two ends, as far as the world goes. */
function childrenOf([left, right, near, far]: readonly [number, number, number, number]): [
    number,
    number,
    number,
    number,
] {
    const within = (coordinate: number): number =>
        Math.max(-MAX_CHUNK_COORDINATE, Math.min(MAX_CHUNK_COORDINATE, coordinate));
    return [within(childX(left, 0)), within(childX(right, 3)), within(childZ(near, 0)), within(childZ(far, 3))];
}

/** Returns all that is wrong with a block. */
export function blockProblems(block: unknown, name = "chunks"): Problem[] {
    const { allowed, remedy } = BAKE_OPTIONS.chunks;
    const field = sectionField({ meaning: "a block", allowed, remedy, isRequired: true, fields: BLOCK_FIELDS });
    const problems = problemsOf(field, block, name);
    if (problems.length > 0) {
        return problems;
    }
    const { countX, countZ, centerX = 0, centerZ = 0 } = block as ChunkBlock;
    if (countX * countZ > MAX_CHUNKS) {
        problems.push({
            field: name,
            value: `${countX}x${countZ}`,
            allowed: `at most ${MAX_CHUNKS} chunks`,
            remedy: "Bake several blocks.",
        });
    }
    checkEnds(`${name}.centerX`, centerX, countX, problems);
    checkEnds(`${name}.centerZ`, centerZ, countZ, problems);
    return problems;
}

/** Returns what is wrong with the level of a block over which a pyramid is built: it is the lowest, or left out. */
export function levelProblems(
    { level }: Partial<ChunkBlock>,
    levels: readonly [number, number] | undefined,
    name = "chunks",
): Problem[] {
    if (levels === undefined || level === undefined || level === levels[0]) {
        return [];
    }
    const allowed = `${levels[0]}, the lowest of the levels`;
    return [{ field: `${name}.level`, value: level, allowed, remedy: "Leave it out: levels says it." }];
}

function checkEnds(field: string, center: number, count: number, problems: Problem[]): void {
    const first = firstOf(center, count);
    if (Math.max(Math.abs(first), Math.abs(first + count - 1)) > MAX_CHUNK_COORDINATE) {
        const allowed = `so that all ${count} chunks lie within ${MAX_CHUNK_COORDINATE} of 0`;
        problems.push({ field, value: center, allowed, remedy: "Move the block nearer to the origin." });
    }
}

function firstOf(center: number, count: number): number {
    return center - Math.floor(count / 2);
}

function* addressesFrom(
    level: number,
    firstX: number,
    firstZ: number,
    countX: number,
    countZ: number,
): Generator<ChunkAddress> {
    for (let z = firstZ; z < firstZ + countZ; z++) {
        for (let x = firstX; x < firstX + countX; x++) {
            yield flatAddress(level, x, z);
        }
    }
}

/** Returns the addresses, as many as one manifest may list, and adds what is wrong with them to `problems`. */
export function readAddresses(addresses: Iterable<unknown>, problems: Problem[]): ChunkAddress[] {
    const list: ChunkAddress[] = [];
    const before = problems.length;
    for (const address of addresses) {
        if (!isAnAddress(address)) {
            problems.push(...problemsOf(ADDRESS, address, `addresses[${list.length}]`));
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

function isAnAddress(value: unknown): boolean {
    try {
        return isAddress(value as ChunkAddress);
    } catch {
        return false;
    }
}
