import {
    functionField,
    integerField,
    numberField,
    objectField,
    positiveField,
    sectionField,
    type FieldTable,
} from "../base/fieldTable.js";
import { WORLD_OPTIONS } from "../options/worldOptionTable.js";
import { MAX_CHUNK_COORDINATE, MAX_LEVEL, NO_FACE } from "../space/chunkAddress.js";
import { parseBlock } from "../space/chunkSquare.js";

/*
 * Every option of baking ahead: checks, docstrings and the flags of the command line are made from here.
 */

/** Most chunks of one block, and of one list of addresses. */
export const MAX_CHUNKS = 2 ** 20;
/** Most milliseconds that a timer can wait. */
const MOST_MS = 2 ** 31 - 1;
const SIGNAL = objectField({
    type: "signal",
    methods: ["addEventListener", "throwIfAborted"],
    defaultText: "none",
    meaning: "ends it early",
    allowed: "an AbortSignal",
    remedy: "Pass the signal of an AbortController.",
});

/** Threads for a pass over many chunks. */
export const EXECUTOR_OPTIONS = {
    workers: {
        ...WORLD_OPTIONS.workers,
        meaning: "workers that bake",
        notes: "0 bakes on the calling thread.",
        defaultText: "by the machine's cores",
    },
    workerUrl: {
        ...WORLD_OPTIONS.workerUrl,
        notes: "In Node it may be a path.",
        defaultText: "beside this very script",
        remedy: "Leave it out for the file beside the script.",
    },
    wasmUrl: {
        ...WORLD_OPTIONS.wasmUrl,
        notes: "In Node it may be a path.",
        defaultText: "beside this very script",
        remedy: "Leave it out for the file beside the script.",
    },
    loadTimeoutMs: numberField({
        unit: "ms",
        minimum: 1,
        maximum: MOST_MS,
        default: 30_000,
        meaning: "how long `terrane.wasm`, and then the workers, may take to load",
    }),
    batchTimeoutMs: numberField({
        unit: "ms",
        minimum: 1,
        maximum: MOST_MS,
        default: 30_000,
        meaning: "how long a batch may take before its worker is ended and the batch baked elsewhere",
    }),
} satisfies FieldTable;

/** Options of `WorldBaker`. */
export const BAKER_OPTIONS = {
    ...EXECUTOR_OPTIONS,
    memoryLimitBytes: positiveField({
        unit: "B",
        default: 2 ** 30,
        allowsInfinity: true,
        meaning: "what buffers and workers may take together",
        notes: "Near it fewer chunks are baked at once.",
        allowed: "bytes above 0",
        remedy: "Leave it out for 1 GiB.",
    }),
    profiler: {
        ...WORLD_OPTIONS.profiler,
        meaning: "where spans are recorded",
        notes: "Share one to see several bakes in one report.",
        defaultText: "one of its own, new for each bake",
        remedy: "Leave it out for one of the baker's own.",
    },
    executor: {
        ...WORLD_OPTIONS.executor,
        meaning: "where batches are baked, in place of `workers` and what belongs to it",
        notes: "It is not disposed.",
        defaultText: "workers of its own",
    },
} satisfies FieldTable;

const COORDINATE = { minimum: -MAX_CHUNK_COORDINATE, maximum: MAX_CHUNK_COORDINATE } as const;

/** A rectangle of chunks. */
export const BLOCK_FIELDS = {
    countX: integerField({
        minimum: 1,
        maximum: MAX_CHUNKS,
        isRequired: true,
        meaning: "chunks along x",
        remedy: "Pass how many chunks to bake.",
    }),
    countZ: integerField({
        minimum: 1,
        maximum: MAX_CHUNKS,
        isRequired: true,
        meaning: "chunks along z",
        notes: "A block has at most 2^20 chunks.",
        remedy: "Pass how many chunks to bake.",
    }),
    level: integerField({
        minimum: 0,
        maximum: MAX_LEVEL,
        default: 0,
        meaning: "level of detail",
        notes: "0 is the finest.",
    }),
    centerX: integerField({
        ...COORDINATE,
        defaultText: "0, on planets the middle of the face",
        meaning: "x of the chunk in the middle",
        notes: "In chunks of the level, on planets from the face's border; of an even count it is the one behind the middle.",
    }),
    centerZ: integerField({
        ...COORDINATE,
        defaultText: "0, on planets the middle of the face",
        meaning: "z of the chunk in the middle",
        notes: "As `centerX`.",
    }),
    face: integerField({
        minimum: 0,
        maximum: 5,
        defaultText: "0 on planets, none on flat worlds",
        meaning: "face of a planet",
    }),
} satisfies FieldTable;

const ADDRESSED = { isRequired: true, remedy: "Correct the address." } as const;

/** The address of a chunk, which may be any object that has one. */
export const ADDRESS = sectionField({
    meaning: "address of a chunk",
    allowed: "an address",
    isRequired: true,
    isOpen: true,
    remedy: "Make it by flatAddress or parseAddress.",
    fields: {
        face: integerField({ ...ADDRESSED, minimum: NO_FACE, maximum: 5, meaning: "face of a planet" }),
        level: integerField({ ...ADDRESSED, minimum: 0, maximum: MAX_LEVEL, meaning: "level of detail" }),
        x: integerField({ ...ADDRESSED, ...COORDINATE, meaning: "x in chunks of the level" }),
        z: integerField({ ...ADDRESSED, ...COORDINATE, meaning: "z in chunks of the level" }),
    },
});

function isLevelRange(value: readonly unknown[]): boolean {
    const [lowest, highest] = value as [number, number];
    const areLevels = value.length === 2 && value.every((level) => Number.isInteger(level));
    return areLevels && lowest >= 0 && lowest <= highest && highest <= MAX_LEVEL;
}

const STORE = { type: "store", meaning: "a store", allowed: "a store" } as const;
const STORE_METHODS = ["getAsync", "putAsync", "listAsync", "deleteAsync"];
const CHUNK_STORE_METHODS = ["readAsync", "writeAsync", "listAsync", "deleteAsync"];

/** Options of `WorldBaker.bakeAsync`. */
export const BAKE_OPTIONS = {
    chunks: sectionField({
        type: "block",
        meaning: "a rectangle of chunks",
        notes: "Either this or `addresses`.",
        allowed: "an object { countX, countZ }",
        remedy: "Pass how many chunks to bake.",
        fields: BLOCK_FIELDS,
    }),
    addresses: {
        type: "addresses",
        meaning: "chunks one by one, of any level, in the order in which to bake them",
        defaultText: "those of `chunks`",
        allowed: "addresses, as in an array",
        remedy: "Name what to bake, or pass chunks.",
        accepts: (value: unknown) =>
            typeof value === "object" && typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === "function",
    },
    levels: {
        type: "levels",
        meaning: "the lowest and the highest level of a pyramid over `chunks`, as `[0, 6]`",
        notes:
            "The block is of the lowest level; each level above has what covers it, and each chunk that can be split has all four " +
            "children.",
        defaultText: "the level of `chunks` alone",
        allowed: `two integers from 0 to ${MAX_LEVEL}, the lower first`,
        remedy: "Pass [0, 6], or leave it out for one level.",
        accepts: (value: unknown) => Array.isArray(value) && isLevelRange(value),
    },
    chunkBatchSize: integerField({
        minimum: 1,
        maximum: 64,
        default: 8,
        meaning: "chunks that cross to a worker at once",
    }),
    priorityOf: functionField({
        meaning: "what is baked first",
        defaultText: "all is `normal`",
        remedy: "Pass a function of an address, or leave it out.",
    }),
    store: {
        type: "store",
        meaning: "where chunk files, the manifest's and `report.json` go",
        notes: "What lies there whole and of this very world is not baked again.",
        defaultText: "nowhere; listen to `onChunkBakedObservable`",
        allowed: "a Store or a ChunkStore",
        remedy: "Pass a DirectoryStore or a MemoryStore, or leave it out.",
        accepts: (value: unknown) =>
            [STORE_METHODS, CHUNK_STORE_METHODS].some((methods) => objectField({ ...STORE, methods }).accepts(value)),
    },
    signal: SIGNAL,
} satisfies FieldTable;

/** Options of `verifyBakeAsync`. */
export const VERIFY_OPTIONS = {
    rebake: {
        type: "integer",
        default: 8,
        meaning: "chunks to bake again and compare, spread over the manifest, 0 or more",
        allowed: "an integer of 0 or more",
        remedy: "Leave it out for 8.",
        accepts: (value: unknown) => Number.isInteger(value) && (value as number) >= 0,
    },
    root: {
        type: "hash",
        meaning: "root hash as it is known from elsewhere: 64 hexadecimal digits",
        defaultText: "it is not compared",
        allowed: "64 hexadecimal digits",
        remedy: "Pass the rootHash that the bake printed.",
        accepts: (value: unknown) => typeof value === "string" && /^[0-9a-f]{64}$/i.test(value),
    },
    block: {
        type: "block",
        meaning:
            "the one block of 32 x 32 chunks to check, as `0/-1/2`: its level, and its place along x and z in blocks",
        notes: "It is the block of chunk x, z where these are x / 32 and z / 32, rounded down. Little else is read.",
        defaultText: "all blocks",
        allowed: "level/x/z, or face/level/x/z on planets, all integers",
        remedy: "Write it like 0/-1/2.",
        accepts: (value: unknown) => typeof value === "string" && parseBlock(value) !== null,
    },
    baker: sectionField({ meaning: "workers that check and bake", fields: BAKER_OPTIONS }),
    onProgress: functionField({
        meaning: "called after each file with how many of how many are checked",
        defaultText: "nobody is told",
        remedy: "Pass a function, or leave it out.",
    }),
    signal: SIGNAL,
} satisfies FieldTable;
