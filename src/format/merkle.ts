import { sha256Hex } from "../base/digest.js";

/**
 * A Merkle tree over SHA-256 hashes, as 64 hexadecimal digits each. Leaves and nodes are hashed with different first bytes,
 * so that no node can pass for a leaf (RFC 6962, section 2.1); the last of an odd layer moves up as it is.
 */
const LEAF = 0;
const NODE = 1;
const HASH_BYTES = 32;

/** SHA-256 of 0x00 and the text as UTF-8. */
export function leafHash(text: string): string {
    const body = new TextEncoder().encode(text);
    const bytes = new Uint8Array(1 + body.length);
    bytes[0] = LEAF;
    bytes.set(body, 1);
    return sha256Hex(bytes);
}

/** SHA-256 of 0x01 and both hashes' bytes. */
export function nodeHash(left: string, right: string): string {
    const bytes = new Uint8Array(1 + 2 * HASH_BYTES);
    bytes[0] = NODE;
    writeHash(bytes, 1, left);
    writeHash(bytes, 1 + HASH_BYTES, right);
    return sha256Hex(bytes);
}

/** @param leaves hashes by `leafHash`; at least one */
export function merkleRootOf(leaves: readonly string[]): string {
    let layer = assertLeaves(leaves);
    while (layer.length > 1) {
        layer = parentsOf(layer);
    }
    return layer[0]!;
}

/** The hashes that, with leaf `index`, give the root: from the leaf's neighbour up. */
export function merkleProofOf(leaves: readonly string[], index: number): string[] {
    let layer = assertLeaves(leaves);
    if (!Number.isInteger(index) || index < 0 || index >= layer.length) {
        throw new RangeError(`There is no leaf ${index}; there are ${layer.length}.`);
    }
    const proof: string[] = [];
    for (let at = index; layer.length > 1; at >>= 1, layer = parentsOf(layer)) {
        const neighbour = layer[at ^ 1];
        if (neighbour !== undefined) {
            proof.push(neighbour);
        }
    }
    return proof;
}

/** Whether a leaf is the one at `index` of the `count` leaves under `root`. False, not an error, for what is malformed. */
export function verifyMerkleProof(
    leaf: string,
    index: number,
    count: number,
    proof: readonly string[],
    root: string,
): boolean {
    if (!Number.isInteger(index) || !Number.isInteger(count) || index < 0 || index >= count) {
        return false;
    }
    if (![leaf, root, ...proof].every(isHash)) {
        return false;
    }
    let hash = leaf;
    let used = 0;
    for (let at = index, width = count; width > 1; at >>= 1, width = Math.ceil(width / 2)) {
        const isLeft = (at & 1) === 0;
        if (isLeft && at + 1 >= width) {
            continue;
        }
        const neighbour = proof[used++];
        if (neighbour === undefined) {
            return false;
        }
        hash = isLeft ? nodeHash(hash, neighbour) : nodeHash(neighbour, hash);
    }
    return used === proof.length && hash === root;
}

function parentsOf(layer: readonly string[]): string[] {
    const parents: string[] = [];
    for (let i = 0; i < layer.length; i += 2) {
        const [left, right] = [layer[i]!, layer[i + 1]];
        parents.push(right === undefined ? left : nodeHash(left, right));
    }
    return parents;
}

function assertLeaves(leaves: readonly string[]): readonly string[] {
    if (leaves.length === 0) {
        throw new RangeError("A Merkle tree has at least one leaf.");
    }
    return leaves;
}

function isHash(text: string): boolean {
    return /^[0-9a-f]{64}$/.test(text);
}

function writeHash(bytes: Uint8Array, at: number, hex: string): void {
    for (let i = 0; i < HASH_BYTES; i++) {
        bytes[at + i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
    }
}
