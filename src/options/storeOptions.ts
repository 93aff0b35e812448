import type { Problem } from "../base/errors.js";
import { flagField, functionField, numberField, urlField } from "../base/fieldTable.js";

/** Whether chunks that were baked are stored: always, never, or where they load sooner than they bake. */
export type StoreBakes = "auto" | boolean;

const MIB = 2 ** 20;
const STORE_METHODS = ["getAsync", "getManyAsync", "putAsync", "deleteAsync", "listAsync", "closeAsync"];
const OLD_STORE_METHODS = ["readAsync", "writeAsync", "listAsync", "deleteAsync"];

/** The options of a world that say where its chunks come from, beside the bake in its workers. */
export const STORE_OPTIONS = {
    bakedUrl: urlField({
        defaultText: "everything is baked",
        meaning:
            "address of a world that was baked ahead of time: the folder that `terrane bake` wrote, a packed archive of it, or with `{block}` in its path those of its blocks",
        notes: "Its recipe need not be given. What it does not hold is baked, unless `bakes` is false. In Node it may be a path.",
        remedy: "Pass where manifest.json lies, or leave it out to bake everything.",
    }),
    rootHash: {
        type: "hash",
        defaultText: "the host of the bake is trusted",
        meaning:
            "root hash that the bake must have: then everything that comes from it is checked to be what was published",
        allowed: "64 hexadecimal digits, as `terrane bake` prints them",
        remedy: "Leave it out to trust the bake's host.",
        accepts: (value: unknown) => typeof value === "string" && /^[0-9a-f]{64}$/i.test(value),
    },
    store: {
        type: "store",
        defaultText: "none",
        meaning:
            'where chunks are kept and looked for first: `"browser"` for the browser\'s database, or a `Store`, which may be a chain of them',
        notes: "A store of yours stays yours to close.",
        allowed: `"browser", or a Store: an object with ${STORE_METHODS.join(", ")}`,
        remedy: 'Pass "browser", or leave it out to keep nothing.',
        accepts: (value: unknown) =>
            value === "browser" || hasMethods(value, STORE_METHODS) || hasMethods(value, OLD_STORE_METHODS),
    },
    bakes: flagField({
        default: true,
        meaning: "whether chunks that no store has are baked",
        notes: "Off, ground stays as coarse as what stores hold, and ends where they end.",
    }),
    storeBakes: {
        type: "storeBakes",
        default: "auto",
        meaning:
            'whether baked chunks are put into `store`: `true`, `false`, or `"auto"` for those that load sooner than they bake on this device',
        allowed: 'true, false or "auto"',
        accepts: (value: unknown) => value === "auto" || typeof value === "boolean",
    },
    fetch: functionField({
        defaultText: "the global `fetch`",
        meaning: "sends the requests for a bake: for headers, signed addresses and the like",
        allowed: "a function like `fetch`",
        remedy: "Leave it out for the global fetch.",
    }),
    storeLimitBytes: numberField({
        unit: "B",
        minimum: MIB,
        maximum: 2 ** 40,
        default: 512 * MIB,
        meaning: 'what `store: "browser"` keeps at most',
        notes: "What was used longest ago makes room.",
    }),
};

/** Returns what is wrong with store options beside each other. Each is right by itself. */
export function storeOptionProblems(options: Record<string, unknown>): Problem[] {
    const { recipe, bakedUrl, store, rootHash, bakes, storeBakes, fetch } = options;
    const problems: Problem[] = [];
    const add = (field: string, allowed: string, remedy: string): void =>
        void problems.push({ field: `options.${field}`, value: options[field], allowed, remedy });
    if (recipe === undefined && bakedUrl === undefined) {
        add("recipe", "a recipe, or bakedUrl in its place", "Pass Presets.endless() or a recipe of your own.");
    }
    if (rootHash !== undefined && bakedUrl === undefined) {
        add("rootHash", "together with bakedUrl alone", "Pass the address of the bake, or leave it out.");
    }
    if (fetch !== undefined && bakedUrl === undefined) {
        add("fetch", "together with bakedUrl alone", "Pass the address of the bake, or leave it out.");
    }
    if (bakes === false && bakedUrl === undefined && store === undefined) {
        add("bakes", "true where there is neither bakedUrl nor store", "Pass bakedUrl, or leave it out to bake.");
    }
    if (storeBakes === true && store === undefined) {
        add("storeBakes", "true together with store alone", 'Pass store: "browser", or leave it out.');
    }
    return problems;
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
    const methods = value as Record<string, unknown>;
    return typeof value === "object" && value !== null && names.every((name) => typeof methods[name] === "function");
}
