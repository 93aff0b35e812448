import { TerraneError } from "../base/errors.js";
import { nodeBuiltin } from "../base/host.js";
import { formatBlock, type ChunkSquare } from "../space/chunkSquare.js";
import { StoreError } from "./chunkStore.js";

/** Where the archives of a bake's blocks lie, and its manifest. */
export interface BlockTemplate {
    /** Folder of the manifest: what comes before the first part of the path in which a block is named. */
    readonly folder: string;
    /** Query of an address, which goes with each request, as in `?key=1`. Empty for paths. */
    readonly query: string;
    /** What comes before a block in the path of its archive below the folder. */
    readonly before: string;
    /** What comes after it. */
    readonly after: string;
}

/** What stands for a block in an address or a path. */
export const BLOCK = "{block}";
/** Addresses have braces in another guise once a `URL` has read them. */
const BLOCKS = /(?:\{|%7[Bb])block(?:\}|%7[Dd])/g;
/** Others, before the query. */
const BRACES = /^[^?#]*[{}]/;

/** Tells whether an address is meant to name blocks: it has `{block}` in it, or other braces, which no path has. */
export function isBlockUrl(url: string): boolean {
    return BRACES.test(url) || url.search(BLOCKS) >= 0;
}

/** Tells whether a path names blocks. */
export function isBlockPath(path: string): boolean {
    return path.includes(BLOCK);
}

/**
 * Reads an address with `{block}` in it.
 *
 * @param url absolute, or relative to `base`
 * @param field which a message names
 * @param base address that a relative one begins at. Default: the page's or worker's own
 * @throws TerraneError where it is no http or https address, or `{block}` is not in its path once
 */
export function readBlockUrl(url: string, field = "url", base = pageAddress()): BlockTemplate {
    const address = URL.canParse(url, base) ? new URL(url, base) : null;
    const parts = address?.pathname.split(BLOCKS) ?? [];
    const hasOthers = BRACES.test(url.replace(BLOCKS, "")) || (url.match(BLOCKS) ?? []).length !== 1;
    if (address === null || !isPublicHttp(address) || parts.length !== 2 || hasOthers) {
        const allowed = `an http or https address with ${BLOCK} in its path, once, and neither other braces nor a user`;
        throw templateError(field, url, allowed, `https://example.com/world/${BLOCK}.pmtiles`);
    }
    const [start, after] = parts as [string, string];
    const end = start.lastIndexOf("/");
    const folder = address.origin + start.slice(0, end);
    return { folder, query: address.search, before: start.slice(end + 1), after };
}

/**
 * Reads a path with `{block}` in it, for Node.
 *
 * @throws TerraneError where `{block}` is not in it once
 * @throws StoreError in browsers, which have no files
 */
export function readBlockPath(path: string): BlockTemplate {
    const parts = path.split(BLOCK);
    if (parts.length !== 2) {
        throw templateError("path", path, `a path with ${BLOCK} in it, once`, `world/${BLOCK}.pmtiles`);
    }
    const paths = nodeBuiltin<typeof import("node:path")>("node:path");
    if (paths === undefined) {
        throw new StoreError("Files are read by Node alone. In pages use an address.", path);
    }
    const [start, after] = parts as [string, string];
    // A name that is not empty, for paths that end with a folder.
    const first = `${start}_`;
    return { folder: paths.dirname(first), query: "", before: paths.basename(first).slice(0, -1), after };
}

/** Returns the path of a block's archive below the folder. */
export function archiveOfBlock({ before, after }: BlockTemplate, block: ChunkSquare): string {
    return `${before}${formatBlock(block)}${after}`;
}

/** Returns the text of an address that was read. */
export function formatBlockUrl({ folder, query, before, after }: BlockTemplate): string {
    return `${folder}/${before}${BLOCK}${after}${query}`;
}

function pageAddress(): string | undefined {
    return (globalThis as { location?: { href?: string } }).location?.href;
}

function isPublicHttp({ protocol, username, password }: URL): boolean {
    return /^https?:$/.test(protocol) && username + password === "";
}

function templateError(field: string, value: string, allowed: string, example: string): TerraneError {
    return new TerraneError(field, value, allowed, `Write ${BLOCK} for a block's level, x and z, as in ${example}.`);
}
