import type { BakeExecutor } from "../../src/scheduler/bakeExecutor.js";
import { NO_FACE, type ChunkAddress } from "../../src/space/chunkAddress.js";
import { median } from "../common/statistics.js";
import { BakeDriver } from "./bakeDriver.js";
import { JobHandle } from "./jobHandle.js";
import { seedRecipe, type SeedChunk } from "./seedChunks.js";

const ROUNDS = 3;
const ROUND_MS = 3000;
/**
 * Milliseconds of work before each measurement: systems that take back memory which rests for seconds would be measured
 * instead.
 */
const WARM_UP_MS = 1000;
/** Passes over the chunks in a round of the threads that only compute. */
const PASSES = 5;
/** Fewest chunks that threads bake that share nothing: some seconds. */
const LEAST_APART = 512;
/**
 * Chunks a side. Each is baked again and again, every time in another place until the largest is covered: what chunks hold
 * differs from place to place by a tenth, which is no matter of size.
 */
const GRIDS = [4, 8, 16, 32] as const;
const LARGEST_GRID = 32;
/** Milliseconds: a grid that would take longer is measured in part, and the result says so. */
const LONGEST_PASS_MS = 60_000;

export interface GridResult {
    readonly chunksPerSecond: number;
    readonly chunks: number;
    readonly passes: number;
    readonly seconds: number;
    /** Share of what two threads reach that only bake the same chunks. */
    readonly efficiency: number;
    /** False where a pass over all places would have taken too long; then those in the middle were measured. */
    readonly isWhole: boolean;
}

export interface WorkersResult {
    readonly workers: Record<string, number>;
    /** How much two threads that only bake, independently, reach of twice one. */
    readonly computeEfficiency: number;
    /** How much two threads that spin without touching memory reach of twice one. */
    readonly spinEfficiency: number;
    /** Chunks a second of a thread that does nothing but bake: no messages, no transfers. */
    readonly computeChunksPerSecond1: number;
    readonly parallelEfficiency: number;
    readonly grids: Record<string, GridResult>;
}

/** Measures our own workers as an offline bake uses them, beside threads that only compute. */
export async function measureWorkersAsync(
    createExecutorAsync: (workers: number) => Promise<BakeExecutor>,
    chunks: readonly SeedChunk[],
    wasmUrl: string,
    log: (line: string) => void,
): Promise<WorkersResult> {
    const executors = [await createExecutorAsync(1), await createExecutorAsync(2)] as const;
    // What two threads can reach depends on what they do where two share a core: so these do the same job, apart from
    // everything, and spinning ones stand beside them.
    const bakers = [new JobHandle("terrane", wasmUrl), new JobHandle("terrane", wasmUrl)] as const;
    const spinners = [new JobHandle("spin", wasmUrl), new JobHandle("spin", wasmUrl)] as const;
    const recipeJson = JSON.stringify(seedRecipe);
    const drivers = [new BakeDriver(executors[0], recipeJson), new BakeDriver(executors[1], recipeJson)] as const;
    const addresses = chunks.map((chunk) => chunk.address);
    const spinAsync = async (count: 1 | 2) => {
        const results = await Promise.all(
            spinners.slice(0, count).map((spinner) => spinner.runAsync({ addresses: [], radius: 0 })),
        );
        return results.reduce((sum, { spins, ms }) => sum + spins / ms, 0);
    };
    const many = Array.from({ length: PASSES }, () => addresses).flat();
    const computeAsync = async (count: 1 | 2) => {
        const runAsync = () =>
            Promise.all(bakers.slice(0, count).map((baker) => baker.runAsync({ addresses: many, radius: 0 })));
        await runAsync();
        const results = await runAsync();
        return results.reduce((sum, { ms }) => sum + (many.length / ms) * 1000, 0);
    };
    const rateAsync = async (driver: BakeDriver) => {
        await driver.driveAsync(addresses, WARM_UP_MS);
        const { chunks: count, ms } = await driver.driveAsync(addresses, ROUND_MS);
        return (count / ms) * 1000;
    };
    try {
        // Warm-up: every worker loads, and the engine has seen each chunk.
        for (const driver of drivers) {
            await driver.driveAsync(addresses, ROUND_MS);
        }
        await spinAsync(2);
        await computeAsync(2);
        const rounds: { one: number; two: number; compute: number; computeOne: number; spin: number }[] = [];
        for (let round = 0; round < ROUNDS; round++) {
            const computeOne = await computeAsync(1);
            const one = await rateAsync(drivers[0]);
            const two = await rateAsync(drivers[1]);
            const computeTwo = await computeAsync(2);
            const spinOne = await spinAsync(1);
            const spin = (await spinAsync(2)) / (2 * spinOne);
            rounds.push({ one, two, computeOne, compute: computeTwo / (2 * computeOne), spin });
        }
        const grids: Record<string, GridResult> = {};
        let msPerChunk = 1000 / median(rounds.map(({ two }) => two));
        for (const side of GRIDS) {
            log(`grid ${side}x${side} ...`);
            const grid = await measureGridAsync(drivers[1], bakers, side, msPerChunk);
            grids[`${side}x${side}`] = grid;
            msPerChunk = 1000 / grid.chunksPerSecond;
        }
        return {
            workers: { "1": median(rounds.map(({ one }) => one)), "2": median(rounds.map(({ two }) => two)) },
            computeChunksPerSecond1: median(rounds.map(({ computeOne }) => computeOne)),
            spinEfficiency: median(rounds.map(({ spin }) => spin)),
            computeEfficiency: median(rounds.map(({ compute }) => compute)),
            parallelEfficiency: median(rounds.map(({ one, two, compute }) => two / (2 * one) / compute)),
            grids,
        };
    } finally {
        await Promise.all([...executors, ...bakers, ...spinners].map((each) => each.disposeAsync()));
    }
}

async function measureGridAsync(
    driver: BakeDriver,
    bakers: readonly JobHandle[],
    side: number,
    msPerChunk: number,
): Promise<GridResult> {
    const all = blocksOf(side);
    // As many as fit into the time, from the middle: not the easiest.
    const most = Math.floor(LONGEST_PASS_MS / msPerChunk);
    const addresses = all.length <= most ? all : all.slice((all.length - most) >> 1).slice(0, most);
    await driver.driveAsync(addresses.slice(0, 64), WARM_UP_MS);
    // In turn, before and after, so that what else the machine does hits both.
    const before = await bakeApartAsync(bakers, addresses);
    const { chunks, ms } = await driver.driveAsync(addresses, ROUND_MS);
    const after = await bakeApartAsync(bakers, addresses);
    return {
        chunksPerSecond: (chunks / ms) * 1000,
        efficiency: chunks / ms / ((before + after) / 2),
        chunks,
        passes: chunks / addresses.length,
        seconds: ms / 1000,
        isWhole: addresses.length === all.length,
    };
}

/** Returns grids of so many chunks a side, one behind the other, out of which the largest is made. */
function blocksOf(side: number): ChunkAddress[] {
    const blocks = LARGEST_GRID / side;
    return Array.from({ length: LARGEST_GRID ** 2 }, (_, i) => {
        const [block, chunk] = [Math.floor(i / side ** 2), i % side ** 2];
        const x = (block % blocks) * side + (chunk % side);
        const z = Math.floor(block / blocks) * side + Math.floor(chunk / side);
        return { face: NO_FACE, level: 0, x: x - LARGEST_GRID / 2, z: z - LARGEST_GRID / 2 };
    });
}

/** Returns the chunks a millisecond of threads that divide the chunks among themselves and only bake. */
async function bakeApartAsync(bakers: readonly JobHandle[], addresses: readonly ChunkAddress[]): Promise<number> {
    const passes = Math.ceil(LEAST_APART / addresses.length);
    const shares = bakers.map((_, first) => {
        const own = addresses.filter((_address, i) => i % bakers.length === first);
        return Array.from({ length: passes }, () => own).flat();
    });
    const results = await Promise.all(bakers.map((baker, i) => baker.runAsync({ addresses: shares[i]!, radius: 0 })));
    return results.reduce((sum, { ms }, i) => sum + shares[i]!.length / ms, 0);
}
