import { hash64Hex, hash64Of } from "../base/hash.js";
import { readHex, writeHex } from "../base/hexText.js";
import { isAddress, NO_FACE } from "../space/chunkAddress.js";
import {
    BLOCK_HEIGHT,
    childSquare,
    chunkInBlock,
    GRID_HEIGHT,
    isSquare,
    slotOf,
    SQUARE_SLOTS,
    type ChunkSquare,
} from "../space/chunkSquare.js";
import { leafOf, manifestChunk, MAX_ENTRY_BYTES, type ManifestChunk, type ManifestNodeEntry } from "./manifestEntry.js";
import { hashOfParts } from "./merkle.js";

/** "TRNM", read as a little-endian number. */
const NODE_MAGIC = 0x4d4e5254;
const NODE_VERSION = 2;

/** Byte offsets inside a node's file; `docs/specs/manifest.md` describes each. */
export const NodeLayout = {
    magic: 0,
    version: 4,
    byteLength: 8,
    /** 0. */
    padding: 12,
    checksum: 16,
    /** The checksum covers all bytes from here on. */
    world: 24,
    face: 32,
    level: 36,
    height: 40,
    x: 44,
    z: 48,
    entryCount: 52,
    chunkCount: 56,
    presence: 64,
    entries: 192,
} as const;

/** Byte offsets inside an entry of a chunk. */
const ChunkLayout = { byteLength: 0, storedByteLength: 4, checksum: 8, hash: 16, size: 48 } as const;
/** Byte offsets inside an entry of a child. */
const ChildLayout = { chunkCount: 0, checksum: 8, byteLength: 16, reserved: 20, hash: 24, size: 56 } as const;

const HASH_BYTES = 32;
const PRESENCE_WORDS = SQUARE_SLOTS / 32;
const MIN_NODE_BYTES = NodeLayout.entries + ChunkLayout.size;
/** Bytes of a node's file at most. */
export const MAX_NODE_BYTES = NodeLayout.entries + SQUARE_SLOTS * ChildLayout.size;
/** Name of the folder that nodes lie in. */
export const NODE_FOLDER = "manifest";

/** A node whose file was checked. */
export interface ManifestNode {
    readonly square: ChunkSquare;
    /** Number of chunks of the square that were baked. */
    readonly chunkCount: number;
    /** A bit for each slot: bit i % 32 of word i / 32. */
    readonly presence: Uint32Array;
    /** The file. */
    readonly bytes: Uint8Array;
}

/** Returns where a node lies in its bake's folder, as in `manifest/0/5/-1/3.trm`: level, height, x and z of its square. */
export function manifestNodeName({ face, level, height, x, z }: ChunkSquare): string {
    return `${NODE_FOLDER}/${face === NO_FACE ? "" : `${face}/`}${level}/${height}/${x}/${z}.trm`;
}

/** Returns the square whose node `manifestNodeName` names; null for any other name. */
export function parseManifestNodeName(name: string): ChunkSquare | null {
    const match = /^manifest\/(?:([0-5])\/)?(\d{1,2})\/(\d{1,2})\/(-?\d{1,8})\/(-?\d{1,8})\.trm$/.exec(name);
    if (match === null) {
        return null;
    }
    const [level, height, x, z] = match.slice(2).map(Number) as [number, number, number, number];
    const square = { face: match[1] === undefined ? NO_FACE : Number(match[1]), level, height, x, z };
    return isNodeSquare(square) && manifestNodeName(square) === name ? square : null;
}

/** Tells whether a square can have a node: its level and height are some that there are, and so is its place. */
export function isNodeSquare(square: ChunkSquare): boolean {
    const { face, level, height } = square;
    const isHeight = height >= BLOCK_HEIGHT && height <= GRID_HEIGHT && height % BLOCK_HEIGHT === 0;
    return isHeight && isAddress({ face, level, x: 0, z: 0 }) && isSquare(square);
}

/** Returns the most chunks that a square can have. */
export function chunksOfSquare(height: number): number {
    return 4 ** height;
}

/**
 * Returns the file of a block's node.
 *
 * @param world by `worldKeyOf`
 * @param chunks the block's, by slot, in the order of slots
 */
export function encodeBlockNode(
    world: string,
    block: ChunkSquare,
    chunks: ReadonlyMap<number, ManifestChunk>,
): Uint8Array {
    const { bytes, view } = createFile(world, block, chunks.size, ChunkLayout.size, chunks.size);
    let at: number = NodeLayout.entries;
    for (const [slot, { byteLength, storedByteLength, checksum, hash }] of chunks) {
        setPresent(view, slot);
        view.setUint32(at + ChunkLayout.byteLength, byteLength, true);
        view.setUint32(at + ChunkLayout.storedByteLength, storedByteLength, true);
        view.setBigUint64(at + ChunkLayout.checksum, BigInt(`0x${checksum}`), true);
        writeHex(bytes, at + ChunkLayout.hash, hash);
        at += ChunkLayout.size;
    }
    return sealed(bytes, view);
}

/**
 * Returns the file of an inner node.
 *
 * @param world by `worldKeyOf`
 * @param children the square's, in Morton order
 */
export function encodeInnerNode(
    world: string,
    square: ChunkSquare,
    children: readonly ManifestNodeEntry[],
): Uint8Array {
    const chunkCount = children.reduce((sum, child) => sum + child.chunkCount, 0);
    const { bytes, view } = createFile(world, square, children.length, ChildLayout.size, chunkCount);
    let at: number = NodeLayout.entries;
    for (const child of children) {
        setPresent(view, slotOf(child.square));
        view.setBigUint64(at + ChildLayout.chunkCount, BigInt(child.chunkCount), true);
        view.setBigUint64(at + ChildLayout.checksum, BigInt(`0x${child.checksum}`), true);
        view.setUint32(at + ChildLayout.byteLength, child.byteLength, true);
        writeHex(bytes, at + ChildLayout.hash, child.hash);
        at += ChildLayout.size;
    }
    return sealed(bytes, view);
}

/**
 * Reads a node's file: length, then checksum, then what is in it. Returns why it is not what was expected, as the end of a
 * sentence that begins with its name, where it is not. Await `initHashAsync` before.
 *
 * @param world by `worldKeyOf`
 * @param expected what vouches for the node; its hash is not looked at
 */
export function decodeManifestNode(
    bytes: Uint8Array,
    world: string,
    expected: ManifestNodeEntry,
): ManifestNode | string {
    const fault = faultOfNode(bytes, world, expected);
    if (fault !== null) {
        return fault;
    }
    const view = viewOf(bytes);
    const presence = Uint32Array.from({ length: PRESENCE_WORDS }, (_, i) =>
        view.getUint32(NodeLayout.presence + 4 * i, true),
    );
    const node = { square: expected.square, chunkCount: expected.chunkCount, presence, bytes };
    return (node.square.height === BLOCK_HEIGHT ? faultOfChunks(node) : faultOfChildren(node)) ?? node;
}

/** Tells whether a node has an entry in a slot. */
export function isPresent({ presence }: ManifestNode, slot: number): boolean {
    return ((presence[slot >> 5]! >>> (slot & 31)) & 1) === 1;
}

/** Returns the chunk in a slot of a block's node; null where there is none. */
export function chunkInSlot(node: ManifestNode, slot: number): ManifestChunk | null {
    if (!isPresent(node, slot)) {
        return null;
    }
    const view = viewOf(node.bytes);
    const at = NodeLayout.entries + rankOf(node, slot) * ChunkLayout.size;
    return manifestChunk(chunkInBlock(node.square, slot), {
        byteLength: view.getUint32(at + ChunkLayout.byteLength, true),
        hash: readHex(node.bytes, at + ChunkLayout.hash, HASH_BYTES),
        storedByteLength: view.getUint32(at + ChunkLayout.storedByteLength, true),
        checksum: checksumAt(view, at + ChunkLayout.checksum),
    });
}

/** Returns the child in a slot of an inner node; null where there is none. */
export function childInSlot(node: ManifestNode, slot: number): ManifestNodeEntry | null {
    if (!isPresent(node, slot)) {
        return null;
    }
    const view = viewOf(node.bytes);
    const at = NodeLayout.entries + rankOf(node, slot) * ChildLayout.size;
    return {
        square: childSquare(node.square, slot),
        chunkCount: Number(view.getBigUint64(at + ChildLayout.chunkCount, true)),
        hash: readHex(node.bytes, at + ChildLayout.hash, HASH_BYTES),
        byteLength: view.getUint32(at + ChildLayout.byteLength, true),
        checksum: checksumAt(view, at + ChildLayout.checksum),
    };
}

/** Yields the slots of a node that have an entry, in order. */
export function* slotsOf(node: ManifestNode): Generator<number> {
    for (let slot = 0; slot < SQUARE_SLOTS; slot++) {
        if (isPresent(node, slot)) {
            yield slot;
        }
    }
}

/** Returns the Merkle hash of a node's square, from what its entries say. Await `initDigestAsync` before. */
export function hashOfNode(node: ManifestNode): string {
    const isBlock = node.square.height === BLOCK_HEIGHT;
    const hashes = Array.from({ length: SQUARE_SLOTS }, (_, slot) => {
        if (isBlock) {
            const chunk = chunkInSlot(node, slot);
            return chunk === null ? null : leafOf(chunk);
        }
        return childInSlot(node, slot)?.hash ?? null;
    });
    return hashOfParts(hashes);
}

/** Returns what a parent says of a node that was encoded. */
export function nodeEntryOf(
    square: ChunkSquare,
    chunkCount: number,
    hash: string,
    bytes: Uint8Array,
): ManifestNodeEntry {
    return { square, chunkCount, hash, byteLength: bytes.byteLength, checksum: hash64Hex(bytes) };
}

/** Tells whether a node's file can have that many bytes. */
export function isNodeByteLength(byteLength: number): boolean {
    return Number.isInteger(byteLength) && byteLength >= MIN_NODE_BYTES && byteLength <= MAX_NODE_BYTES;
}

function createFile(world: string, square: ChunkSquare, count: number, entryBytes: number, chunkCount: number) {
    const bytes = new Uint8Array(NodeLayout.entries + count * entryBytes);
    const view = viewOf(bytes);
    view.setUint32(NodeLayout.magic, NODE_MAGIC, true);
    view.setUint32(NodeLayout.version, NODE_VERSION, true);
    view.setUint32(NodeLayout.byteLength, bytes.byteLength, true);
    view.setBigUint64(NodeLayout.world, BigInt(`0x${world}`), true);
    view.setInt32(NodeLayout.face, square.face, true);
    view.setInt32(NodeLayout.level, square.level, true);
    view.setInt32(NodeLayout.height, square.height, true);
    view.setInt32(NodeLayout.x, square.x, true);
    view.setInt32(NodeLayout.z, square.z, true);
    view.setUint32(NodeLayout.entryCount, count, true);
    view.setBigUint64(NodeLayout.chunkCount, BigInt(chunkCount), true);
    return { bytes, view };
}

function setPresent(view: DataView, slot: number): void {
    const at = NodeLayout.presence + (slot >> 3);
    view.setUint8(at, view.getUint8(at) | (1 << (slot & 7)));
}

function sealed(bytes: Uint8Array, view: DataView): Uint8Array {
    view.setBigUint64(NodeLayout.checksum, hash64Of(bytes.subarray(NodeLayout.world)), true);
    return bytes;
}

/** Why a file is not the node that is expected, before its entries are looked at; null where it is. */
function faultOfNode(
    bytes: Uint8Array,
    world: string,
    { square, chunkCount, ...expected }: ManifestNodeEntry,
): string | null {
    if (bytes.byteLength !== expected.byteLength) {
        return `has ${bytes.byteLength} bytes; what lists it says ${expected.byteLength}`;
    }
    if (!isNodeByteLength(bytes.byteLength)) {
        return `has ${bytes.byteLength} bytes; a node has ${MIN_NODE_BYTES} to ${MAX_NODE_BYTES}`;
    }
    if (hash64Hex(bytes) !== expected.checksum) {
        return "has another checksum than what lists it says";
    }
    const view = viewOf(bytes);
    const at = (offset: number): number => view.getInt32(offset, true);
    if (at(NodeLayout.magic) !== NODE_MAGIC || at(NodeLayout.version) !== NODE_VERSION) {
        return `is no node of version ${NODE_VERSION}: it does not begin with TRNM and that number`;
    }
    const isSealed = view.getBigUint64(NodeLayout.checksum, true) === hash64Of(bytes.subarray(NodeLayout.world));
    if (at(NodeLayout.byteLength) !== bytes.byteLength || at(NodeLayout.padding) !== 0 || !isSealed) {
        return "is damaged: its own length or checksum is not that of its bytes";
    }
    if (checksumAt(view, NodeLayout.world) !== world) {
        return "is of another world";
    }
    const found = {
        face: at(NodeLayout.face),
        level: at(NodeLayout.level),
        height: at(NodeLayout.height),
        x: at(NodeLayout.x),
        z: at(NodeLayout.z),
    };
    const isOfSquare = Object.entries(found).every(([key, value]) => square[key as keyof ChunkSquare] === value);
    if (!isOfSquare) {
        return `is the node of ${manifestNodeName(found)}`;
    }
    const entryBytes = square.height === BLOCK_HEIGHT ? ChunkLayout.size : ChildLayout.size;
    const count = view.getUint32(NodeLayout.entryCount, true);
    const present = presentIn(view);
    if (count !== present || NodeLayout.entries + count * entryBytes !== bytes.byteLength) {
        return `says it has ${count} entries; ${present} are marked, and ${bytes.byteLength} bytes are there`;
    }
    const chunks = view.getBigUint64(NodeLayout.chunkCount, true);
    return chunks === BigInt(chunkCount) ? null : `says it has ${chunks} chunks; what lists it says ${chunkCount}`;
}

function faultOfChunks(node: ManifestNode): string | null {
    const view = viewOf(node.bytes);
    let at: number = NodeLayout.entries;
    for (const slot of slotsOf(node)) {
        const lengths = [ChunkLayout.byteLength, ChunkLayout.storedByteLength].map((field) =>
            view.getUint32(at + field, true),
        );
        if (!lengths.every((length) => length >= 1 && length <= MAX_ENTRY_BYTES)) {
            return `says that the chunk in slot ${slot} has ${lengths.join(" and ")} bytes`;
        }
        if (!isAddress(chunkInBlock(node.square, slot))) {
            return `has a chunk in slot ${slot}, beyond the world's end`;
        }
        at += ChunkLayout.size;
    }
    const count = (node.bytes.byteLength - NodeLayout.entries) / ChunkLayout.size;
    return count === node.chunkCount ? null : `has ${count} chunks; what lists it says ${node.chunkCount}`;
}

function faultOfChildren(node: ManifestNode): string | null {
    const view = viewOf(node.bytes);
    let sum = 0;
    let at: number = NodeLayout.entries;
    for (const slot of slotsOf(node)) {
        const square = childSquare(node.square, slot);
        const chunks = Number(view.getBigUint64(at + ChildLayout.chunkCount, true));
        const byteLength = view.getUint32(at + ChildLayout.byteLength, true);
        if (!isNodeSquare(square)) {
            return `has a child in slot ${slot}, beyond the world's end`;
        }
        if (!(chunks >= 1 && chunks <= chunksOfSquare(square.height)) || !isNodeByteLength(byteLength)) {
            return `says that the child in slot ${slot} has ${chunks} chunks and ${byteLength} bytes`;
        }
        if (view.getUint32(at + ChildLayout.reserved, true) !== 0) {
            return `is damaged: reserved bytes of the child in slot ${slot} are not 0`;
        }
        sum += chunks;
        at += ChildLayout.size;
    }
    return sum === node.chunkCount ? null : `has children of ${sum} chunks; what lists it says ${node.chunkCount}`;
}

function presentIn(view: DataView): number {
    let count = 0;
    for (let i = 0; i < PRESENCE_WORDS; i++) {
        count += bitCount(view.getUint32(NodeLayout.presence + 4 * i, true));
    }
    return count;
}

/** Returns how many entries a node has before a slot. */
function rankOf({ presence }: ManifestNode, slot: number): number {
    let rank = bitCount(presence[slot >> 5]! & ((1 << (slot & 31)) - 1));
    for (let i = 0; i < slot >> 5; i++) {
        rank += bitCount(presence[i]!);
    }
    return rank;
}

function bitCount(word: number): number {
    const pairs = word - ((word >>> 1) & 0x55555555);
    const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
    return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function viewOf(bytes: Uint8Array): DataView {
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function checksumAt(view: DataView, at: number): string {
    return view.getBigUint64(at, true).toString(16).padStart(16, "0");
}
