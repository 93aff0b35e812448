import * as v from "valibot";
import { sha256Hex } from "../base/digest.js";
import { messageOf } from "../base/errors.js";
import { writeHex } from "../base/hexText.js";
import type { Recipe } from "../recipe/recipe.js";
import { parseAddress, type ChunkAddress } from "../space/chunkAddress.js";
import { chunkFileName } from "./chunkStoreKey.js";
import { leafOf, ManifestError, type ManifestChunk } from "./manifestEntry.js";
import { byteLengthRule, fixedRule, hexRule, listRule, readByRules, readWorld, WORLD_RULES } from "./manifestRules.js";

/** Chunks that a manifest of version 1 lists at most. */
export const MAX_LISTED_CHUNKS = 2 ** 20;
/** Bytes that a pair is hashed from: 1, and two hashes. */
const PAIR_BYTES = 65;

/** A manifest of version 1, all of whose chunks stand in one list. */
export interface ListedManifest {
    /** Version of the manifest's format. */
    readonly version: 1;
    /** Version of the chunk data. */
    readonly chunkFormatVersion: number;
    /** Version of the generator. */
    readonly generatorVersion: number;
    /** The recipe, with its defaults filled in. */
    readonly recipe: Recipe;
    /** The chunks by level, then z, then x. At least one. */
    readonly chunks: readonly ManifestChunk[];
    /** As the manifest says it: see `rootHashOf`. */
    readonly rootHash: string;
}

const chunkRule = v.strictObject(
    {
        address: v.custom<string>((value) => typeof value === "string" && value.length <= 64, "an address as a text"),
        file: v.custom<string>((value) => typeof value === "string" && value.length <= 128, "a path as a text"),
        byteLength: byteLengthRule,
        hash: hexRule(64),
        storedByteLength: byteLengthRule,
        checksum: hexRule(16),
    },
    "an object with address, file, byteLength, hash, storedByteLength and checksum alone",
);

const schema = v.strictObject(
    { ...WORLD_RULES, version: fixedRule(1), chunks: listRule(chunkRule, MAX_LISTED_CHUNKS, "chunks") },
    "an object with kind, version, chunkFormatVersion, generatorVersion, rootHash, recipe and chunks alone",
);

/**
 * Reads the JSON of a manifest of version 1.
 *
 * @param generatorVersion that it must be of; null for any
 * @throws ManifestError naming the field, the value and what is allowed
 */
export function readListedManifest(json: unknown, generatorVersion: number | null): ListedManifest {
    const found = readByRules(schema, json);
    const recipe = readWorld(found, generatorVersion);
    assertAddresses(found.chunks);
    const { chunkFormatVersion, chunks, rootHash } = found;
    return { version: 1, chunkFormatVersion, generatorVersion: found.generatorVersion, recipe, chunks, rootHash };
}

/**
 * Returns the Merkle root of version 1: leaves stand in the list's order, a layer is paired from the left, and the last of an
 * odd layer moves up as it is.
 *
 * @param chunks at least one
 */
export function listedMerkleRootOf(chunks: readonly ManifestChunk[]): string {
    let layer = chunks.map(leafOf);
    while (layer.length > 1) {
        const parents: string[] = [];
        for (let i = 0; i < layer.length; i += 2) {
            const [left, right] = [layer[i]!, layer[i + 1]];
            parents.push(right === undefined ? left : pairHash(left, right));
        }
        layer = parents;
    }
    return layer[0]!;
}

function pairHash(left: string, right: string): string {
    const bytes = new Uint8Array(PAIR_BYTES);
    bytes[0] = 1;
    writeHex(bytes, 1, left + right);
    return sha256Hex(bytes);
}

/** Each address well formed and in its place, each file where its address says: no path of a manifest leaves the folder. */
function assertAddresses(chunks: readonly ManifestChunk[]): void {
    let before: ChunkAddress | null = null;
    for (const [i, { address: text, file }] of chunks.entries()) {
        let address: ChunkAddress;
        try {
            address = parseAddress(text);
        } catch (error) {
            throw new ManifestError(`manifest.chunks.${i}: ${messageOf(error)}`, { cause: error });
        }
        if (file !== chunkFileName(address)) {
            const [given, allowed] = [file, chunkFileName(address)].map((name) => JSON.stringify(name));
            throw new ManifestError(`manifest.chunks.${i}.file is ${given}; allowed: ${allowed}.`);
        }
        if (before !== null && compareRows(before, address) >= 0) {
            const order = "by level, then z, then x, each address once";
            throw new ManifestError(`manifest.chunks.${i}.address is "${text}", out of order; allowed: ${order}.`);
        }
        before = address;
    }
}

function compareRows(a: ChunkAddress, b: ChunkAddress): number {
    return a.face - b.face || a.level - b.level || a.z - b.z || a.x - b.x;
}
