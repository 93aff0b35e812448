import { GENERATOR_VERSION } from "../bake/generatorVersion.js";
import { TerraneError } from "../base/errors.js";
import { isNode, nodeBuiltin } from "../base/host.js";
import type { StoreBakes } from "../options/storeOptions.js";
import type { Recipe } from "../recipe/recipe.js";
import { asStore } from "../store/asStore.js";
import { ChainStore } from "../store/chainStore.js";
import { formatBlockUrl, isBlockUrl, readBlockUrl } from "../store/blockTemplate.js";
import type { ChunkStore } from "../store/chunkStore.js";
import type { Fetch } from "../store/httpClient.js";
import { GuardedStore } from "../store/guardedStore.js";
import { HttpStore } from "../store/httpStore.js";
import { openHttpArchive } from "../store/openArchive.js";
import { openBakeFiles } from "../store/openBakeFiles.js";
import { openHttpBlockArchives } from "../store/openBlockArchives.js";
import type { Store } from "../store/store.js";
import { StoreLink, type GivenStore } from "./storeLink.js";

/** Where chunks of a world come from, beside its bakes. */
export interface WorldStoreOptions {
    /**
     * Address of a world that was baked ahead of time: the folder that `terrane bake` wrote, a packed archive of it, or those
     * of its blocks, with `{block}` for each block's level, x and z. Default: everything is baked
     */
    readonly bakedUrl?: string;
    /** Root hash that the bake must have. Default: the bake's host is trusted */
    readonly rootHash?: string;
    /** Where chunks are kept and looked for first: `"browser"`, or a store of yours. Default: none */
    readonly store?: "browser" | Store | ChunkStore;
    /** Whether chunks that no store has are baked. Default: true */
    readonly bakes?: boolean;
    /** Whether baked chunks are put into `store`. Default: `"auto"`, those that load sooner than they bake on this device */
    readonly storeBakes?: StoreBakes;
    /** Sends the requests for the bake. Default: the global `fetch` */
    readonly fetch?: Fetch;
    /** Bytes that `store: "browser"` keeps at most, 1 MiB to 1 TiB. Default: 512 MiB */
    readonly storeLimitBytes?: number;
}

interface OpeningOptions extends WorldStoreOptions {
    readonly workers?: number | undefined;
    readonly workerUrl?: string | undefined;
    readonly loadTimeoutMs?: number | undefined;
    readonly executor?: unknown;
}

const DATABASE = "terrane";
/** How the path of an archive ends. */
const ARCHIVE_PATH = /\.pmtiles$/i;
const DEFAULT_LIMIT_BYTES = 512 * 2 ** 20;

/**
 * Opens the stores that the options of a world name, and the bake among them. Resolves with null where there are none.
 *
 * @throws TerraneError where an address is wrong
 * @throws ManifestError where the bake's manifest is none that can be used
 * @throws StoreError where the bake is not there or out of reach
 */
export async function openStoresAsync(options: OpeningOptions): Promise<StoreLink | null> {
    const { bakedUrl, store, rootHash, bakes, workers, workerUrl, loadTimeoutMs, executor } = options;
    if (bakedUrl === undefined && store === undefined) {
        return null;
    }
    const files = bakedUrl === undefined ? null : bakeFiles(bakedUrl, options);
    return StoreLink.OpenAsync({
        stores: store === undefined ? [] : givenStores(store, options),
        owned: files === null || "kind" in files ? [] : [files],
        bake:
            files === null
                ? null
                : {
                      files,
                      address: nameOfBake(bakedUrl!),
                      generatorVersion: bakes === false ? null : GENERATOR_VERSION,
                      rootHash: rootHash?.toLowerCase(),
                  },
        isInline: workers === 0 || executor !== undefined,
        workerUrl,
        loadTimeoutMs,
        onWarning: (message) => globalThis.console?.warn(`Terrane: ${message}`),
    });
}

/**
 * Throws a `TerraneError` that names the first field in which a recipe differs from that of the bake beside which it was
 * given.
 */
export function assertSameRecipe(recipe: Recipe, baked: Recipe): void {
    const difference = firstDifference(recipe, baked, "recipe");
    if (difference !== null) {
        const { field, value, other } = difference;
        const allowed = `${JSON.stringify(other)}, as the bake has it`;
        throw new TerraneError(`options.${field}`, value, allowed, "Leave the recipe out, or bake this one.");
    }
}

function givenStores(store: "browser" | Store | ChunkStore, { storeLimitBytes }: WorldStoreOptions): GivenStore[] {
    if (store === "browser") {
        return [{ kind: "indexedDb", database: DATABASE, limitBytes: storeLimitBytes ?? DEFAULT_LIMIT_BYTES }];
    }
    if (store instanceof ChainStore) {
        // Its stores are asked in its order all the same, and each is counted by itself.
        return store.stores.flatMap((one) => givenStores(one, {}));
    }
    const own = asStore(store);
    return [own.description === null ? new GuardedStore(own) : own];
}

function bakeFiles(given: string, { fetch }: WorldStoreOptions): GivenStore {
    const url = given.replace(/(^|\/)manifest\.json(?=$|[?#])/, "$1");
    const path = isNode() ? nodePathOf(url) : null;
    if (path !== null) {
        // By its description, it is closed by what loads from it.
        return openBakeFiles(path).description!;
    }
    if (isBlockUrl(url)) {
        const blocks = formatBlockUrl(readBlockUrl(url, "options.bakedUrl", globalThis.document?.baseURI));
        return fetch === undefined ? { kind: "blockArchives", url: blocks } : openHttpBlockArchives(blocks, { fetch });
    }
    const address = absoluteUrl(url);
    const isArchive = ARCHIVE_PATH.test(new URL(address).pathname);
    if (fetch !== undefined) {
        // What only this thread can use stays here, and is asked from there.
        return isArchive ? openHttpArchive(address, { fetch }) : new HttpStore(address, { fetch });
    }
    return { kind: isArchive ? "archive" : "http", url: address };
}

/** Returns the path that an address means in Node; null for one of the web. */
function nodePathOf(url: string): string | null {
    if (/^https?:/i.test(url)) {
        return null;
    }
    return /^file:/i.test(url) ? nodeBuiltin<typeof import("node:url")>("node:url")!.fileURLToPath(url) : url;
}

/** Returns what a bake is known by, however it is asked for: signatures in a query change with each visit. */
function nameOfBake(bakedUrl: string): string {
    const address = isNode() && nodePathOf(bakedUrl) !== null ? bakedUrl : absoluteUrl(bakedUrl);
    return address.replace(/[?#].*$/, "").replace(/\/+$/, "");
}

/** Workers do not know the page's own address. */
function absoluteUrl(url: string): string {
    const remedy = "Pass one such as https://example.com/world/.";
    let absolute: URL;
    try {
        absolute = new URL(url, globalThis.document?.baseURI);
    } catch {
        throw new TerraneError("options.bakedUrl", url, "an address", remedy);
    }
    if (!/^https?:$/.test(absolute.protocol)) {
        throw new TerraneError("options.bakedUrl", url, "an http or https address", remedy);
    }
    return absolute.href;
}

function firstDifference(
    one: unknown,
    other: unknown,
    field: string,
): { field: string; value: unknown; other: unknown } | null {
    if (typeof one !== "object" || one === null || typeof other !== "object" || other === null) {
        return Object.is(one, other) ? null : { field, value: one, other };
    }
    const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>];
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
        const name = Array.isArray(one) ? `${field}[${key}]` : `${field}.${key}`;
        const difference = firstDifference(left[key], right[key], name);
        if (difference !== null) {
            return difference;
        }
    }
    return null;
}
