import * as v from "valibot";
import { sha256Hex } from "../base/digest.js";
import { messageOf, TerraneError } from "../base/errors.js";
import { parseRecipe } from "../recipe/parseRecipe.js";
import type { Recipe, RecipeInput } from "../recipe/recipe.js";
import { parseAddress, type ChunkAddress } from "../space/chunkAddress.js";
import { CHUNK_FORMAT_VERSION } from "./chunkData.js";
import { chunkFileName } from "./chunkStoreKey.js";
import { leafHash, merkleRootOf } from "./merkle.js";
import { worldIdentity } from "./worldKey.js";

/** The record of a bake, version 1: `docs/specs/manifest.md` describes each field. */
export const MANIFEST_KIND = "terrane-manifest";
export const MANIFEST_VERSION = 1;
/** Chunks that a manifest lists at most. */
export const MAX_MANIFEST_CHUNKS = 2 ** 20;
/** Characters of a manifest's text at most: what 2^20 chunks take, and the recipe. */
const MAX_TEXT = 512 * MAX_MANIFEST_CHUNKS;

/** One chunk of a bake. */
export interface ManifestChunk {
    /** Address as text, as in `0/3/-2`. */
    readonly address: string;
    /** Path in the bake's folder, which follows from the address. */
    readonly file: string;
    /** Bytes of the chunk data. */
    readonly byteLength: number;
    /** SHA-256 of the chunk data, 64 hexadecimal digits. */
    readonly hash: string;
    /** Bytes of the file. */
    readonly storedByteLength: number;
    /** xxHash64 of the file, 16 hexadecimal digits. */
    readonly checksum: string;
}

/** The record of a bake: `manifest.json`. */
export interface Manifest {
    /** Tells a manifest from other JSON. */
    readonly kind: typeof MANIFEST_KIND;
    /** Version of the manifest's format. */
    readonly version: typeof MANIFEST_VERSION;
    /** Version of the chunk data. */
    readonly chunkFormatVersion: number;
    /** Version of the generator: with another one the same recipe gives other bytes. */
    readonly generatorVersion: number;
    /** The recipe, with its defaults filled in. */
    readonly recipe: Recipe;
    /** The chunks by level, then z, then x. At least one. */
    readonly chunks: readonly ManifestChunk[];
    /** Hash over versions, recipe, and each chunk's address, length and hash: see `rootHashOf`. */
    readonly rootHash: string;
}

/** A text that is no manifest of this version. */
export class ManifestError extends Error {
    public override readonly name = "ManifestError";
    public readonly code = "TERRANE_MANIFEST";
}

/**
 * Makes the manifest of a bake.
 *
 * @param chunks in any order
 * @throws TerraneError where there is none, or one is there twice
 */
export function createManifest(recipe: Recipe, generatorVersion: number, chunks: Iterable<ManifestChunk>): Manifest {
    const sorted = [...chunks].sort((a, b) => compareAddresses(parseAddress(a.address), parseAddress(b.address)));
    if (sorted.length === 0 || sorted.length > MAX_MANIFEST_CHUNKS) {
        throw new TerraneError("chunks", sorted.length, `1 to ${MAX_MANIFEST_CHUNKS} chunks`, "Bake another block.");
    }
    assertNoDoubles(sorted, (address) => {
        throw new TerraneError("chunks", address, "each address once", "Leave out the second.");
    });
    const manifest: Manifest = {
        kind: MANIFEST_KIND,
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
 * Returns the SHA-256, as 64 hexadecimal digits, of a line of JSON with the world's identity and the Merkle root over
 * all chunks: so that a part of a bake can be verified with a proof of a few hashes. How chunks are stored is no part of it.
 */
export function rootHashOf({ recipe, generatorVersion, chunks }: Manifest): string {
    const merkleRoot = merkleRootOf(chunks.map(leafOf));
    const identity = worldIdentity(recipe, generatorVersion);
    return sha256Hex(new TextEncoder().encode(`${identity}\n${chunks.length}\n${merkleRoot}`));
}

/** The Merkle leaf of a chunk: the hash of its address, length and hash. */
export function leafOf({ address, byteLength, hash }: ManifestChunk): string {
    return leafHash(`${address} ${byteLength} ${hash}`);
}

/** Returns the text of `manifest.json`: a chunk a line, the same characters for the same manifest. */
export function stringifyManifest(manifest: Manifest): string {
    const { kind, version, chunkFormatVersion, generatorVersion, recipe, chunks, rootHash } = manifest;
    const fields = [
        ...Object.entries({ kind, version, chunkFormatVersion, generatorVersion, rootHash, recipe }).map(
            ([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
        ),
        `    "chunks": [\n${chunks.map((chunk) => `        ${lineOf(chunk)}`).join(",\n")}\n    ]`,
    ];
    return `{\n${fields.join(",\n")}\n}\n`;
}

/**
 * Reads `manifest.json`. Whether its root hash is right, `rootHashOf` tells.
 *
 * @param generatorVersion of this library: another's chunks cannot be baked again, nor mixed with its own
 * @throws ManifestError naming the field, the value and what is allowed
 */
export function parseManifest(text: string, generatorVersion: number): Manifest {
    if (text.length > MAX_TEXT) {
        throw new ManifestError(`The manifest has ${text.length} characters; at most ${MAX_TEXT} are read.`);
    }
    let json: unknown;
    try {
        json = JSON.parse(text);
    } catch (error) {
        throw new ManifestError(`The manifest is not JSON: ${messageOf(error)}`, { cause: error });
    }
    const result = v.safeParse(manifestSchema, json, { abortEarly: true, abortPipeEarly: true });
    if (!result.success) {
        const issue = result.issues[0];
        const path = v.getDotPath(issue) ?? "the whole";
        const value = typeof issue.input === "object" ? "another thing" : JSON.stringify(issue.input)?.slice(0, 80);
        throw new ManifestError(`manifest.${path} is ${value}; allowed: ${issue.message}.`);
    }
    const found = result.output;
    if (found.chunkFormatVersion !== CHUNK_FORMAT_VERSION) {
        throw new ManifestError(
            `The bake is of chunk format version ${found.chunkFormatVersion}; this library has ${CHUNK_FORMAT_VERSION}. ` +
                "Bake it again, or use the library that baked it.",
        );
    }
    if (found.generatorVersion !== generatorVersion) {
        throw new ManifestError(
            `The bake is of generator version ${found.generatorVersion}; this library has ${generatorVersion}. ` +
                "Bake it again, or use the library that baked it.",
        );
    }
    assertAddresses(found.chunks);
    return { ...found, recipe: recipeIn(found.recipe) };
}

const hexRule = (digits: number) =>
    v.custom<string>(
        (value) => typeof value === "string" && new RegExp(`^[0-9a-f]{${digits}}$`).test(value),
        `${digits} hexadecimal digits in lower case`,
    );

const countRule = (max: number) =>
    v.custom<number>(
        (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max,
        `an integer from 1 to ${max}`,
    );

const fixedRule = <T extends string | number>(expected: T) =>
    v.custom<T>((value) => value === expected, JSON.stringify(expected));

/** What a typed array, and so a chunk, may have at most. */
const MAX_BYTES = 2 ** 31 - 1;

const chunkRule = v.strictObject(
    {
        address: v.custom<string>((value) => typeof value === "string" && value.length <= 64, "an address as a text"),
        file: v.custom<string>((value) => typeof value === "string" && value.length <= 128, "a path as a text"),
        byteLength: countRule(MAX_BYTES),
        hash: hexRule(64),
        storedByteLength: countRule(MAX_BYTES),
        checksum: hexRule(16),
    },
    "an object with address, file, byteLength, hash, storedByteLength and checksum alone",
);

const manifestSchema = v.strictObject(
    {
        kind: fixedRule(MANIFEST_KIND),
        version: fixedRule(MANIFEST_VERSION),
        chunkFormatVersion: countRule(MAX_BYTES),
        generatorVersion: countRule(MAX_BYTES),
        rootHash: hexRule(64),
        recipe: v.custom<RecipeInput>((value) => typeof value === "object" && value !== null, "a recipe"),
        chunks: v.pipe(
            v.custom<unknown[]>(
                (value) => Array.isArray(value) && value.length >= 1 && value.length <= MAX_MANIFEST_CHUNKS,
                `a list of 1 to ${MAX_MANIFEST_CHUNKS} chunks`,
            ),
            v.array(chunkRule),
        ),
    },
    "an object with kind, version, chunkFormatVersion, generatorVersion, rootHash, recipe and chunks alone",
);

function recipeIn(input: RecipeInput): Recipe {
    let recipe: Recipe;
    try {
        recipe = parseRecipe(input);
    } catch (error) {
        throw new ManifestError(`The manifest's recipe is wrong: ${messageOf(error)}`, { cause: error });
    }
    if (JSON.stringify(recipe) !== JSON.stringify(input)) {
        throw new ManifestError(
            "The manifest's recipe is not whole, or its fields are not in the order of the schema.",
        );
    }
    return recipe;
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
        if (before !== null && compareAddresses(before, address) >= 0) {
            const order = "by level, then z, then x, each address once";
            throw new ManifestError(`manifest.chunks.${i}.address is "${text}", out of order; allowed: ${order}.`);
        }
        before = address;
    }
}

function assertNoDoubles(sorted: readonly ManifestChunk[], onDouble: (address: string) => never): void {
    for (let i = 1; i < sorted.length; i++) {
        if (sorted[i]!.address === sorted[i - 1]!.address) {
            onDouble(sorted[i]!.address);
        }
    }
}

function compareAddresses(a: ChunkAddress, b: ChunkAddress): number {
    return a.face - b.face || a.level - b.level || a.z - b.z || a.x - b.x;
}

/** One field after the other, whatever order the object has them in. */
function lineOf({ address, file, byteLength, hash, storedByteLength, checksum }: ManifestChunk): string {
    return JSON.stringify({ address, file, byteLength, hash, storedByteLength, checksum });
}
