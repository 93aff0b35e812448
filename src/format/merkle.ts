import { sha256Hex } from "../base/digest.js";
import { writeHex } from "../base/hexText.js";

/*
 * A Merkle tree over the chunks of a level, along the quadtree of their places. Hashes are SHA-256, 64 hexadecimal digits
 * each. A chunk's is that of a text; a square's is that of its quadrants, and of which of them there are: so a tree proves what
 * is not in it as well as what is. Chunks and squares are hashed with different first bytes, so that no square can pass for a
 * chunk (RFC 6962, section 2.1).
 */
const LEAF = 0;
const SQUARE = 1;
const HASH_BYTES = 32;
const QUADRANTS = 4;

/** A chunk or a square with its hash. Places are those in the grid of its height, 0 or more. */
export interface HashedSquare {
    readonly x: number;
    readonly z: number;
    readonly hash: string;
}

/** What is beside a chunk, or beside a square that it is in. */
export interface MerkleStep {
    /** Bit q is set where there is quadrant q; Morton order. */
    readonly mask: number;
    /** The hashes of the other quadrants that there are, in their order. */
    readonly others: readonly string[];
}

const encoder = new TextEncoder();

/** Returns the SHA-256 of 0x00 and the text as UTF-8. */
export function leafHash(text: string): string {
    const body = encoder.encode(text);
    const bytes = new Uint8Array(1 + body.length);
    bytes[0] = LEAF;
    bytes.set(body, 1);
    return sha256Hex(bytes);
}

/**
 * Returns the SHA-256 of 0x01, the mask, and the hashes' bytes.
 *
 * @param mask bit q is set where there is quadrant q
 * @param hashes of the quadrants that there are, in Morton order
 */
export function squareHash(mask: number, hashes: readonly string[]): string {
    const bytes = new Uint8Array(2 + hashes.length * HASH_BYTES);
    bytes[0] = SQUARE;
    bytes[1] = mask;
    hashes.forEach((hash, i) => writeHex(bytes, 2 + i * HASH_BYTES, hash));
    return sha256Hex(bytes);
}

/**
 * Returns the hash of a square from those of its parts.
 *
 * @param hashes of a square's 4^k parts, in Morton order; null where there is none. At least one is there
 */
export function hashOfParts(hashes: readonly (string | null)[]): string {
    let layer = hashes;
    while (layer.length > 1) {
        const parents: (string | null)[] = [];
        for (let i = 0; i < layer.length; i += QUADRANTS) {
            parents.push(hashOfQuadrants(layer, i));
        }
        layer = parents;
    }
    const [hash] = layer;
    if (hash === null || hash === undefined) {
        throw new RangeError("A square has a hash where it has at least one part.");
    }
    return hash;
}

/**
 * Returns the hash of the one square, `steps` heights up, that holds all `squares`.
 *
 * @param squares of one height, in Morton order, each once; at least one
 */
export function merkleRootOf(squares: readonly HashedSquare[], steps: number): string {
    let layer = squares;
    for (let step = 0; step < steps; step++) {
        layer = parentsOf(layer);
    }
    if (layer.length !== 1) {
        throw new RangeError(`${layer.length} squares have not one root ${steps} heights up.`);
    }
    return layer[0]!.hash;
}

/** Returns what proves that `squares[index]` is one of those below their root, `steps` heights up: from it upwards. */
export function merkleProofOf(squares: readonly HashedSquare[], index: number, steps: number): MerkleStep[] {
    const own = squares[index];
    if (own === undefined) {
        throw new RangeError(`There is no square ${index}; there are ${squares.length}.`);
    }
    let layer = squares;
    let { x, z } = own;
    return Array.from({ length: steps }, () => {
        const siblings = layer.filter((square) => halved(square.x) === halved(x) && halved(square.z) === halved(z));
        const mask = siblings.reduce((bits, square) => bits | (1 << quadrantOf(square)), 0);
        const others = siblings.filter((square) => square.x !== x || square.z !== z).map(({ hash }) => hash);
        layer = parentsOf(layer);
        [x, z] = [halved(x), halved(z)];
        return { mask, others };
    });
}

/**
 * Tells whether a chunk or square is the one at its place below `root`, as many heights up as the proof has steps. What is
 * malformed is false, not an error.
 */
export function verifyMerkleProof(square: HashedSquare, proof: readonly MerkleStep[], root: string): boolean {
    let { x, z, hash } = square;
    if (![hash, root].every(isHash) || ![x, z].every(isPlace)) {
        return false;
    }
    for (const { mask, others } of proof) {
        const quadrant = (x % 2) + 2 * (z % 2);
        const isWhole = Number.isInteger(mask) && mask > 0 && mask < 16 && ((mask >> quadrant) & 1) === 1;
        if (!isWhole || others.length !== bitCount(mask) - 1 || !others.every(isHash)) {
            return false;
        }
        const rank = bitCount(mask & ((1 << quadrant) - 1));
        hash = squareHash(mask, [...others.slice(0, rank), hash, ...others.slice(rank)]);
        [x, z] = [halved(x), halved(z)];
    }
    return x === 0 && z === 0 && hash === root;
}

function hashOfQuadrants(layer: readonly (string | null)[], from: number): string | null {
    const hashes: string[] = [];
    let mask = 0;
    for (let quadrant = 0; quadrant < QUADRANTS; quadrant++) {
        const hash = layer[from + quadrant];
        if (hash !== null && hash !== undefined) {
            mask |= 1 << quadrant;
            hashes.push(hash);
        }
    }
    return mask === 0 ? null : squareHash(mask, hashes);
}

/** Siblings stand together in Morton order. */
function parentsOf(layer: readonly HashedSquare[]): HashedSquare[] {
    const parents: HashedSquare[] = [];
    for (let i = 0; i < layer.length;) {
        const [x, z] = [halved(layer[i]!.x), halved(layer[i]!.z)];
        const hashes: string[] = [];
        let mask = 0;
        for (; i < layer.length && halved(layer[i]!.x) === x && halved(layer[i]!.z) === z; i++) {
            const bit = 1 << quadrantOf(layer[i]!);
            if (mask >= bit) {
                throw new RangeError("Squares stand in Morton order, each once.");
            }
            mask |= bit;
            hashes.push(layer[i]!.hash);
        }
        parents.push({ x, z, hash: squareHash(mask, hashes) });
    }
    return parents;
}

function quadrantOf({ x, z }: HashedSquare): number {
    return (x % 2) + 2 * (z % 2);
}

function halved(place: number): number {
    return Math.floor(place / 2);
}

function bitCount(mask: number): number {
    return (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1) + ((mask >> 3) & 1);
}

function isHash(text: string): boolean {
    return /^[0-9a-f]{64}$/.test(text);
}

function isPlace(value: number): boolean {
    return Number.isSafeInteger(value) && value >= 0;
}
