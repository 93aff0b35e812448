import { existsSync } from "node:fs";
import { BAKE_OPTIONS, MAX_CHUNKS } from "../baker/bakerOptionTables.js";
import { blockProblems, iterateBlock, iteratePyramid, levelProblems, type ChunkBlock } from "../baker/chunkBlock.js";
import type { BakeProgress } from "../baker/progressMeter.js";
import { readBakerOptions } from "../baker/readBakerOptions.js";
import { WorldBaker } from "../baker/worldBaker.js";
import { formatPlanOutline, outlineChunks } from "../bake/plan.js";
import { throwProblems, type Problem } from "../base/errors.js";
import { problemsOf } from "../base/readFields.js";
import { readRecipe } from "../recipe/parseRecipe.js";
import { isPlanet } from "../recipe/planetRadius.js";
import type { Recipe } from "../recipe/recipe.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { DirectoryStore } from "../store/directoryStore.js";
import { ExitCode } from "./exitCodes.js";
import { readRecipeFileAsync, type BakeSection } from "./recipeFile.js";
import type { Interruption } from "./interruption.js";
import { archiveIn, packFolderAsync } from "./packCommand.js";
import { blockAround, faceProblems } from "./planetFlags.js";
import { formatBytes, formatDuration, printLines, ProgressLine, type Terminal } from "./terminal.js";

export interface BakeArguments {
    readonly out?: string;
    readonly chunks?: { countX: number; countZ: number };
    readonly level?: number;
    readonly levels?: readonly [number, number];
    readonly center?: { x: number; z: number };
    readonly faces?: readonly number[];
    readonly around?: { latitude: number; longitude: number };
    readonly workers?: number;
    readonly batch?: number;
    readonly memory?: number;
    readonly shuffle?: number;
    readonly pack?: boolean;
    readonly plan?: boolean;
    readonly json?: boolean;
}

type Levels = readonly [number, number] | undefined;

const DEFAULT_BLOCK: ChunkBlock = { countX: 16, countZ: 16 };
/** All chunks of a face: as many as there may be at most. */
const WHOLE_FACE = { countX: MAX_CHUNKS, countZ: MAX_CHUNKS } as const;
/** Number of chunks that a printed plan lists one by one. */
const LISTED = 20;

/** Runs `terrane bake`. */
export async function runBakeAsync(
    recipePath: string,
    args: BakeArguments,
    terminal: Terminal,
    interruption: Interruption,
): Promise<number> {
    const problems: Problem[] = [];
    const { recipe, bake } = await readRecipeFileAsync(recipePath, problems);
    const isSectionRight = problems.length === 0;
    const whole = readRecipe(recipe, problems);
    const bakerOptions = {
        workers: args.workers,
        memoryLimitBytes: args.memory === undefined ? undefined : args.memory * 2 ** 20,
    };
    readBakerOptions(bakerOptions, problems);
    const isRecipeRight = problems.length === 0;
    const { blocks, levels } = chosenBlocks(args, bake, isRecipeRight ? whole : undefined);
    const chunkBatchSize = args.batch ?? bake.chunkBatchSize;
    if (isSectionRight) {
        const known = isRecipeRight ? whole : undefined;
        const ofFaces = faceProblems(args, known);
        problems.push(...(ofFaces.length > 0 ? ofFaces : bakeProblems(blocks[0]!, levels, chunkBatchSize, known)));
    }
    if (args.level !== undefined && args.levels !== undefined) {
        const remedy = "Leave out --level: the lowest of the levels is the block's.";
        problems.push({ field: "--level", value: args.level, allowed: "none beside --levels", remedy });
    }
    if (args.out === undefined && args.plan !== true) {
        const remedy = "Pass --out DIR, or --plan to see the plan.";
        problems.push({ field: "--out", value: args.out, allowed: "the folder to write to", remedy });
    }
    throwProblems(problems);
    if (args.plan === true) {
        const { shuffle } = args;
        const all = addressesIn(blocks, levels, whole);
        const addresses = shuffle === undefined ? all : shuffled(all, shuffle);
        const outline = outlineChunks(whole, addresses, LISTED);
        const { itemCount: workItems, chunkCount: chunks, countOf } = outline;
        const json = JSON.stringify({ workItems, chunks, countOf });
        printLines(terminal.print, args.json === true ? json : formatPlanOutline(outline));
        return ExitCode.done;
    }
    const out = args.out!;
    const baker = new WorldBaker(bakerOptions);
    const all = addressesIn(blocks, levels, whole);
    const addresses = args.shuffle === undefined ? [...all] : shuffled(all, args.shuffle);
    const options = { addresses, chunkBatchSize };
    const line = new ProgressLine(terminal);
    let found = 0;
    baker.onProgressObservable.addOnce(({ completedChunks }) => (found = completedChunks));
    baker.onProgressObservable.add((progress) =>
        line.show(progressText(progress), progress.completedChunks === progress.totalChunks),
    );
    baker.onChunkFailedObservable.add(({ error }) => {
        line.end();
        terminal.warn(error.message);
    });
    try {
        const store = new DirectoryStore(out);
        const manifest = await baker.bakeAsync(recipe, { ...options, store, signal: interruption.listen() });
        line.end();
        const packed = args.pack === true ? await packFolderAsync(out, archiveIn(out), terminal, interruption) : null;
        if (packed === null && existsSync(archiveIn(out))) {
            terminal.warn(`${archiveIn(out)} is of an earlier bake: pack anew (terrane pack ${out}), or delete it`);
        }
        const report = baker.getPerformanceReport();
        const { chunks, rootHash } = manifest;
        const bytes = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
        const storedBytes = chunks.reduce((sum, { storedByteLength }) => sum + storedByteLength, 0);
        const seconds = report.totalBakingTime;
        if (args.json === true) {
            terminal.print(
                JSON.stringify({
                    chunks: chunks.length,
                    baked: report.chunks,
                    workItems: baker.plan(recipe, options).itemCount,
                    seconds,
                    chunksPerSecond: report.chunksPerSecond,
                    workers: report.workers,
                    parallelEfficiency: report.parallelEfficiency,
                    bytes,
                    storedBytes,
                    peakMemoryBytes: report.peakMemoryBytes,
                    fewestInFlight: report.fewestInFlight,
                    retried: report.retried,
                    rootHash,
                    ...(packed !== null && { archive: archiveIn(out), archiveBytes: packed.byteLength }),
                }),
            );
            return ExitCode.done;
        }
        const rate = report.chunks > 0 ? `, ${report.chunksPerSecond.toFixed(1)} chunks/s` : "";
        const kept = found > 0 ? `, ${found} were there` : "";
        const { workers } = report;
        terminal.print(`${chunks.length} chunks in ${out}: ${report.chunks} baked${kept}`);
        terminal.print(`${formatDuration(seconds)} on ${workers} worker${workers === 1 ? "" : "s"}${rate}`);
        terminal.print(`${formatBytes(bytes)} of chunk data in ${formatBytes(storedBytes)} of files`);
        if (packed !== null) {
            terminal.print(`packed into ${archiveIn(out)}: ${formatBytes(packed.byteLength)}`);
        }
        terminal.print(`root hash ${rootHash}`);
        return ExitCode.done;
    } finally {
        line.end();
    }
}

/** Returns what is wrong with a block, and with the other options of its bake. */
function bakeProblems(
    block: ChunkBlock,
    levels: Levels,
    chunkBatchSize: number | undefined,
    recipe: Recipe | undefined,
): Problem[] {
    const areLevelsRight = problemsOf(BAKE_OPTIONS.levels, levels, "levels").length === 0;
    // Whether a face is right hangs on the recipe's topology.
    const known = recipe === undefined ? { ...block, face: undefined } : block;
    return [
        ...blockProblems(levels === undefined || !areLevelsRight ? known : { ...known, level: levels[0] }, recipe),
        ...(areLevelsRight ? levelProblems({}, levels, recipe) : []),
        ...problemsOf(BAKE_OPTIONS.levels, levels, "levels"),
        ...problemsOf(BAKE_OPTIONS.chunkBatchSize, chunkBatchSize, "chunkBatchSize"),
    ];
}

/**
 * Returns the blocks to bake, and the levels of the pyramids above them where there are such: by the command line, else by the recipe
 * file's own section. Whichever of a level and levels is named on the command line replaces both of the file's.
 *
 * @param recipe undefined where it is wrong
 */
function chosenBlocks(
    args: BakeArguments,
    { chunks, levels }: BakeSection,
    recipe: Recipe | undefined,
): { blocks: ChunkBlock[]; levels: Levels } {
    const chosen = args.levels ?? (args.level === undefined ? levels : undefined);
    const level = chosen === undefined ? (args.level ?? chunks?.level) : undefined;
    if (args.faces !== undefined) {
        return { blocks: args.faces.map((face) => ({ ...WHOLE_FACE, ...args.chunks, face, level })), levels: chosen };
    }
    const block = { ...DEFAULT_BLOCK, ...chunks, ...args.chunks, level };
    if (args.center !== undefined) {
        return { blocks: [{ ...block, centerX: args.center.x, centerZ: args.center.z }], levels: chosen };
    }
    if (args.around !== undefined && recipe !== undefined && isPlanet(recipe)) {
        return {
            blocks: [blockAround(recipe, { ...block, level: chosen?.[0] ?? level }, args.around)],
            levels: chosen,
        };
    }
    return { blocks: [block], levels: chosen };
}

function* addressesIn(blocks: readonly ChunkBlock[], levels: Levels, recipe: Recipe): Generator<ChunkAddress> {
    for (const block of blocks) {
        yield* levels === undefined ? iterateBlock(block, recipe) : iteratePyramid(block, levels, recipe);
    }
}

function progressText({ completedChunks, totalChunks, ...progress }: BakeProgress): string {
    const rate = progress.chunksPerSecond.toFixed(1);
    const left = formatDuration(progress.estimatedTimeRemaining);
    const percent = Math.floor((completedChunks / totalChunks) * 100);
    return `${completedChunks}/${totalChunks} chunks (${percent}%), ${rate} chunks/s, ${left} left`;
}

/** Returns the chunks to bake in an order that a seed decides: what comes out must not depend on it. */
function shuffled(all: Iterable<ChunkAddress>, seed: number): ChunkAddress[] {
    const addresses = [...all];
    let state = seed >>> 0;
    for (let i = addresses.length - 1; i > 0; i--) {
        // Numerical Recipes' linear congruential generator: good enough to stir, and the same everywhere.
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        const j = Math.floor((state / 2 ** 32) * (i + 1));
        [addresses[i], addresses[j]] = [addresses[j]!, addresses[i]!];
    }
    return addresses;
}
