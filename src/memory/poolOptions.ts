import { throwProblems, type Problem } from "../base/errors.js";
import { flagField, functionField, positiveField, sectionField, type FieldTable } from "../base/fieldTable.js";
import { readField } from "../base/readFields.js";
import type { BufferLeak } from "./leakWatch.js";

/** What `BufferPoolManager` takes. `npm run settings` writes what is said of each option from `POOL_OPTIONS`. */
export interface BufferPoolManagerOptions {
    /** Bytes: what pools and accounts may use together. Infinity is no limit. Default: 256 MiB. */
    memoryLimitBytes?: number;
    /**
     * Whether leases that are never returned are found, with the places where they were taken. For development: it
     * costs time and memory. Default: false.
     */
    trackLeaks?: boolean;
    /** Called with each leak, some time after it. Default: a warning on the console, if there is one. */
    onLeak?(leak: BufferLeak): void;
}

/** Every option of pools. */
export const POOL_OPTIONS = {
    memoryLimitBytes: positiveField({
        unit: "B",
        default: 256 * 2 ** 20,
        allowsInfinity: true,
        meaning: "what pools and accounts may use together",
        notes: "Infinity is no limit.",
        allowed: "bytes above 0",
        remedy: "Pass Infinity for no limit.",
    }),
    trackLeaks: flagField({
        default: false,
        meaning: "whether leases that are never returned are found, with the places where they were taken",
        notes: "For development: it costs time and memory.",
    }),
    onLeak: functionField({
        meaning: "called with each leak, some time after it",
        defaultText: "a warning on the console, if there is one",
        remedy: "Pass a function, or leave it out.",
    }),
} satisfies FieldTable;

const POOLS = sectionField({ meaning: "options of pools", fields: POOL_OPTIONS });

/** Returns the options, completed by their defaults. Throws a `TerraneError` that names everything that is wrong. */
export function readPoolOptions(options: unknown) {
    const problems: Problem[] = [];
    const read = readField(POOLS, options, "", problems);
    throwProblems(problems);
    return read as BufferPoolManagerOptions & { memoryLimitBytes: number; trackLeaks: boolean };
}
