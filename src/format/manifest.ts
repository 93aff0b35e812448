import { sha256Hex } from "../base/digest.js";
import { messageOf, TerraneError } from "../base/errors.js";
import type { Recipe } from "../recipe/recipe.js";
import { CHUNK_FORMAT_VERSION } from "./chunkData.js";
import { ManifestError, type ManifestChunk } from "./manifestEntry.js";
import { MANIFEST_VERSION, readManifestRoot, rootHashOfLevels, rootText, type ManifestRoot } from "./manifestRoot.js";
import { MANIFEST_KIND } from "./manifestRules.js";
import { sortedChunks, writeNodes, type BakeFile } from "./manifestTree.js";
import { listedMerkleRootOf, MAX_LISTED_CHUNKS, readListedManifest, type ListedManifest } from "./manifestVersion1.js";
import { worldIdentity, worldKeyOf } from "./worldKey.js";

export { GeneratorVersionError, leafOf, ManifestError, type ManifestChunk } from "./manifestEntry.js";
export type { ManifestRoot } from "./manifestRoot.js";
export { faultOfRoot } from "./manifestRoot.js";
export type { BakeFile, ManifestLevel } from "./manifestTree.js";
export type { ListedManifest } from "./manifestVersion1.js";
export { MANIFEST_KIND, MANIFEST_VERSION };

/** Name of the file that every bake's manifest begins with. */
export const MANIFEST_FILE = "manifest.json";
/** Bytes of `manifest.json` at most: more than the 2^20 chunks of version 1, of at most 290 bytes, and a recipe take. */
export const MAX_MANIFEST_BYTES = 320 * 2 ** 20;
/** Characters of its text at most. */
const MAX_TEXT = 512 * MAX_LISTED_CHUNKS;

/** The record of a bake, with all its chunks: `docs/specs/manifest.md` describes how it is written. */
export interface Manifest {
    /** Version of the manifest's format, which decides what the root hash is. New ones are of version 2. */
    readonly version: 1 | typeof MANIFEST_VERSION;
    /** Version of the chunk data. */
    readonly chunkFormatVersion: number;
    /** Version of the generator: with another one the same recipe gives other bytes. */
    readonly generatorVersion: number;
    /** The recipe, with its defaults filled in. */
    readonly recipe: Recipe;
    /** The chunks by level, then Morton order; in version 1 by level, then z, then x. At least one. */
    readonly chunks: readonly ManifestChunk[];
    /** Hash over versions, recipe, and each chunk's address, length and hash: see `rootHashOf`. */
    readonly rootHash: string;
}

/**
 * Makes the manifest of a bake. Await `initHashAsync` and `initDigestAsync` before.
 *
 * @param chunks in any order
 * @throws TerraneError where there is none, or one is there twice
 */
export function createManifest(recipe: Recipe, generatorVersion: number, chunks: Iterable<ManifestChunk>): Manifest {
    const sorted = sortedChunks(chunks);
    if (sorted.length === 0) {
        throw new TerraneError("chunks", sorted.length, "1 chunk or more", "Bake another block.");
    }
    const double = sorted.find(({ address }, i) => address === sorted[i + 1]?.address);
    if (double !== undefined) {
        throw new TerraneError("chunks", double.address, "each address once", "Leave out the second.");
    }
    const manifest: Manifest = {
        version: MANIFEST_VERSION,
        chunkFormatVersion: CHUNK_FORMAT_VERSION,
        generatorVersion,
        recipe,
        chunks: sorted,
        rootHash: "",
    };
    return { ...manifest, rootHash: rootHashOf(manifest) };
}

/**
 * Returns the root hash of a manifest, computed from what it says of its world and chunks: SHA-256, 64 hexadecimal digits. It
 * covers what was baked, and not how it is stored. With it a part of a bake can be verified by itself.
 */
export function rootHashOf(manifest: Manifest | ManifestRoot): string {
    const { recipe, generatorVersion } = manifest;
    if (!("chunks" in manifest) || manifest.version === MANIFEST_VERSION) {
        const { levels } = "chunks" in manifest ? rootOf(manifest) : manifest;
        return rootHashOfLevels(recipe, generatorVersion, levels);
    }
    const { chunks } = manifest;
    const identity = worldIdentity(recipe, generatorVersion);
    return sha256Hex(new TextEncoder().encode(`${identity}\n${chunks.length}\n${listedMerkleRootOf(chunks)}`));
}

/** Yields the files that a bake's manifest is made of: nodes first, `manifest.json` last. Of version 2, whichever it was read from. */
export function* manifestFiles(manifest: Manifest): Generator<BakeFile, void, undefined> {
    const { recipe, generatorVersion, chunks } = manifest;
    const sorted = manifest.version === MANIFEST_VERSION ? chunks : sortedChunks(chunks);
    yield* writeManifest(recipe, generatorVersion, sorted);
}

/**
 * Yields the files of a manifest as they are complete, and holds only a part of it however many chunks come: nodes first,
 * `manifest.json` last. Returns what that says.
 *
 * @param chunks by face, level and Morton order, each once
 * @throws RangeError where they are in another order
 */
export function* writeManifest(
    recipe: Recipe,
    generatorVersion: number,
    chunks: Iterable<ManifestChunk>,
): Generator<BakeFile, ManifestRoot, undefined> {
    const levels = yield* writeNodes(worldKeyOf(recipe, generatorVersion), chunks);
    const root: ManifestRoot = {
        version: MANIFEST_VERSION,
        chunkFormatVersion: CHUNK_FORMAT_VERSION,
        generatorVersion,
        recipe,
        chunkCount: levels.reduce((sum, { chunkCount }) => sum + chunkCount, 0),
        levels,
        rootHash: rootHashOfLevels(recipe, generatorVersion, levels),
    };
    yield { name: MANIFEST_FILE, bytes: new TextEncoder().encode(rootText(root)) };
    return root;
}

/** Returns the text of `manifest.json`, of version 2: the same characters for the same bake. */
export function stringifyManifest(manifest: Manifest | ManifestRoot): string {
    return rootText("chunks" in manifest ? rootOf(manifest) : manifest);
}

/** Returns what `manifest.json` says of a bake. */
function rootOf({ recipe, generatorVersion, chunks, version }: Manifest): ManifestRoot {
    const files = writeManifest(recipe, generatorVersion, version === MANIFEST_VERSION ? chunks : sortedChunks(chunks));
    for (;;) {
        const { done, value } = files.next();
        if (done === true) {
            return value;
        }
    }
}

/**
 * Reads `manifest.json`: of version 2 the levels and their topmost nodes, of version 1 all chunks. Whether its root hash is
 * right, `rootHashOf` tells.
 *
 * @param generatorVersion of this library: another's chunks cannot be baked again, nor mixed with its own. Null reads any
 * @throws ManifestError naming the field, the value and what is allowed
 * @throws GeneratorVersionError, which is a `ManifestError`, where it is of another generator
 */
export function parseManifest(text: string, generatorVersion: number | null): ManifestRoot | ListedManifest {
    if (text.length > MAX_TEXT) {
        throw new ManifestError(`The manifest has ${text.length} characters; at most ${MAX_TEXT} are read.`);
    }
    let json: unknown;
    try {
        json = JSON.parse(text);
    } catch (error) {
        throw new ManifestError(`The manifest is not JSON: ${messageOf(error)}`, { cause: error });
    }
    const version = (json as { version?: unknown } | null)?.version;
    return version === 1 ? readListedManifest(json, generatorVersion) : readManifestRoot(json, generatorVersion);
}
