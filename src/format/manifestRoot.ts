import * as v from "valibot";
import { sha256Hex } from "../base/digest.js";
import type { Recipe } from "../recipe/recipe.js";
import { isAddress, MAX_LEVEL, NO_FACE } from "../space/chunkAddress.js";
import { compareSquares, GRID_HEIGHT, type ChunkSquare } from "../space/chunkSquare.js";
import { hashedSquareOf, ManifestError, type ManifestNodeEntry } from "./manifestEntry.js";
import { chunksOfSquare, isNodeSquare, MAX_NODE_BYTES, manifestNodeName } from "./manifestNode.js";
import {
    fixedRule,
    hexRule,
    integerRule,
    listRule,
    MANIFEST_KIND,
    readByRules,
    readWorld,
    WORLD_RULES,
} from "./manifestRules.js";
import { MAX_TOP_NODES, type ManifestLevel } from "./manifestTree.js";
import { merkleRootOf } from "./merkle.js";
import { worldIdentity } from "./worldKey.js";

/** Version of the manifests that are written. */
export const MANIFEST_VERSION = 2;

/** What `manifest.json` says: the world, and the topmost nodes of each level. The chunks stand in files of nodes. */
export interface ManifestRoot {
    /** Version of the manifest's format. */
    readonly version: typeof MANIFEST_VERSION;
    /** Version of the chunk data. */
    readonly chunkFormatVersion: number;
    /** Version of the generator: with another one the same recipe gives other bytes. */
    readonly generatorVersion: number;
    /** The recipe, with its defaults filled in. */
    readonly recipe: Recipe;
    /** Number of chunks of all levels. */
    readonly chunkCount: number;
    /** The levels that have chunks, by face and level. */
    readonly levels: readonly ManifestLevel[];
    /** Hash over versions, recipe, and each chunk's address, length and hash: see `rootHashOf`. */
    readonly rootHash: string;
}

/** Chunks that a manifest can list at most: what a count of a double can tell apart. */
const MAX_CHUNKS = Number.MAX_SAFE_INTEGER;
const FACES = 6;
/** Least and greatest place of a node. */
const MAX_PLACE = 2 ** 24;

const nodeRule = v.strictObject(
    {
        height: integerRule(1, GRID_HEIGHT),
        x: integerRule(-MAX_PLACE, MAX_PLACE),
        z: integerRule(-MAX_PLACE, MAX_PLACE),
        chunkCount: integerRule(1, MAX_CHUNKS),
        hash: hexRule(64),
        byteLength: integerRule(1, MAX_NODE_BYTES),
        checksum: hexRule(16),
    },
    "an object with height, x, z, chunkCount, hash, byteLength and checksum alone",
);

const levelRule = v.strictObject(
    {
        face: v.optional(integerRule(0, FACES - 1)),
        level: integerRule(0, MAX_LEVEL),
        chunkCount: integerRule(1, MAX_CHUNKS),
        hash: hexRule(64),
        nodes: listRule(nodeRule, MAX_TOP_NODES, "nodes"),
    },
    "an object with level, chunkCount, hash and nodes alone, and face on planets",
);

const schema = v.strictObject(
    {
        ...WORLD_RULES,
        version: fixedRule(MANIFEST_VERSION),
        chunkCount: integerRule(1, MAX_CHUNKS),
        levels: listRule(levelRule, FACES * (MAX_LEVEL + 1), "levels"),
    },
    "an object with kind, version, chunkFormatVersion, generatorVersion, rootHash, recipe, chunkCount and levels alone",
);

/**
 * Reads the JSON of a manifest of version 2. Whether its hashes are right, `faultOfRoot` tells.
 *
 * @param generatorVersion that it must be of; null for any
 * @throws ManifestError naming the field, the value and what is allowed
 */
export function readManifestRoot(json: unknown, generatorVersion: number | null): ManifestRoot {
    const { chunkFormatVersion, chunkCount, rootHash, ...found } = readByRules(schema, json);
    const recipe = readWorld({ ...found, chunkFormatVersion }, generatorVersion);
    const levels = found.levels.map(({ face = NO_FACE, level, nodes, ...rest }) => ({
        ...rest,
        face,
        level,
        nodes: nodes.map(({ height, x, z, ...entry }) => ({ ...entry, square: { face, level, height, x, z } })),
    }));
    assertLevels(levels);
    assertSum("manifest.chunkCount", chunkCount, levels);
    return {
        version: MANIFEST_VERSION,
        chunkFormatVersion,
        generatorVersion: found.generatorVersion,
        recipe,
        chunkCount,
        levels,
        rootHash,
    };
}

/** Returns the text of `manifest.json`: a node a line, the same characters for the same manifest. */
export function rootText(root: ManifestRoot): string {
    const { version, chunkFormatVersion, generatorVersion, rootHash, recipe, chunkCount, levels } = root;
    const kind = MANIFEST_KIND;
    const fields = [
        ...Object.entries({ kind, version, chunkFormatVersion, generatorVersion, rootHash, recipe, chunkCount }).map(
            ([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
        ),
        `    "levels": [\n${levels.map(levelText).join(",\n")}\n    ]`,
    ];
    return `{\n${fields.join(",\n")}\n}\n`;
}

/**
 * Returns the SHA-256, as 64 hexadecimal digits, of lines of text: the world's identity, and for each level its place, its number
 * of chunks and its Merkle hash. How chunks are stored is no part of it.
 */
export function rootHashOfLevels(recipe: Recipe, generatorVersion: number, levels: readonly ManifestLevel[]): string {
    const lines = levels.map(({ face, level, chunkCount, hash }) => {
        return `${face === NO_FACE ? "" : `${face}/`}${level} ${chunkCount} ${hash}`;
    });
    return sha256Hex(new TextEncoder().encode([worldIdentity(recipe, generatorVersion), ...lines].join("\n")));
}

/**
 * Returns why a manifest does not match its own hashes, as the end of a sentence that begins with its name; null where it does.
 * Await `initDigestAsync` before.
 */
export function faultOfRoot({ recipe, generatorVersion, levels, rootHash }: ManifestRoot): string | null {
    const found = rootHashOfLevels(recipe, generatorVersion, levels);
    if (found !== rootHash) {
        return `was edited: its levels and recipe have the root hash ${found}, it says ${rootHash}`;
    }
    for (const { face, level, hash, nodes } of levels) {
        const steps = GRID_HEIGHT - nodes[0]!.square.height;
        if (merkleRootOf(nodes.map(hashedSquareOf), steps) !== hash) {
            const name = `${face === NO_FACE ? "" : `${face}/`}${level}`;
            return `was edited: the nodes of level ${name} have another hash than it says`;
        }
    }
    return null;
}

function levelText({ face, level, chunkCount, hash, nodes }: ManifestLevel): string {
    const fields = face === NO_FACE ? { level, chunkCount, hash } : { face, level, chunkCount, hash };
    const text = JSON.stringify(fields).slice(0, -1);
    return `        ${text},"nodes":[\n${nodes.map((node) => `            ${nodeText(node)}`).join(",\n")}\n        ]}`;
}

/** One field after the other, whatever order the object has them in. */
function nodeText({ square: { height, x, z }, chunkCount, hash, byteLength, checksum }: ManifestNodeEntry): string {
    return JSON.stringify({ height, x, z, chunkCount, hash, byteLength, checksum });
}

function assertLevels(levels: readonly ManifestLevel[]): void {
    for (const [i, { face, level, chunkCount, nodes }] of levels.entries()) {
        const name = `manifest.levels.${i}`;
        if (!isAddress({ face, level, x: 0, z: 0 })) {
            throw new ManifestError(`${name}.level is ${level}, which no face of a planet has.`);
        }
        const before = levels[i - 1];
        if (before !== undefined && (before.face - face || before.level - level) >= 0) {
            throw new ManifestError(`${name} is out of order; allowed: by face and level, each once.`);
        }
        assertNodes(name, nodes);
        assertSum(`${name}.chunkCount`, chunkCount, nodes);
    }
}

function assertNodes(name: string, nodes: readonly ManifestNodeEntry[]): void {
    let before: ChunkSquare | null = null;
    for (const [i, { square, chunkCount }] of nodes.entries()) {
        if (!isNodeSquare(square) || square.height !== nodes[0]!.square.height) {
            throw new ManifestError(
                `${name}.nodes.${i} would be ${manifestNodeName(square)}; allowed: heights of 5, 10, 15, 20 or 25, one a level, ` +
                    "and places that the world has.",
            );
        }
        if (before !== null && compareSquares(before, square) >= 0) {
            throw new ManifestError(`${name}.nodes.${i} is out of order; allowed: Morton order, each once.`);
        }
        if (chunkCount > chunksOfSquare(square.height)) {
            const most = chunksOfSquare(square.height);
            throw new ManifestError(`${name}.nodes.${i}.chunkCount is ${chunkCount}; allowed: at most ${most}.`);
        }
        before = square;
    }
}

function assertSum(field: string, value: number, parts: readonly { readonly chunkCount: number }[]): void {
    const sum = parts.reduce((total, { chunkCount }) => total + chunkCount, 0);
    if (value !== sum) {
        throw new ManifestError(`${field} is ${value}; allowed: ${sum}, the sum of what it lists.`);
    }
}
