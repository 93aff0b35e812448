import fc from "fast-check";
import { initDigestAsync } from "../../../src/base/digest.js";
import { hash64Hex, hash64Of, initHashAsync } from "../../../src/base/hash.js";
import type { ManifestChunk } from "../../../src/format/manifest.js";
import { leafOf, type ManifestNodeEntry } from "../../../src/format/manifestEntry.js";
import {
    childInSlot,
    chunkInSlot,
    decodeManifestNode,
    encodeBlockNode,
    encodeInnerNode,
    hashOfNode,
    isPresent,
    manifestNodeName,
    MAX_NODE_BYTES,
    nodeEntryOf,
    NodeLayout,
    parseManifestNodeName,
    slotsOf,
    type ManifestNode,
} from "../../../src/format/manifestNode.js";
import { hashOfParts } from "../../../src/format/merkle.js";
import { NO_FACE } from "../../../src/space/chunkAddress.js";
import { childSquare, chunkInBlock, SQUARE_SLOTS, type ChunkSquare } from "../../../src/space/chunkSquare.js";
import { hex, madeUpChunk } from "../../support/manifestChunks.js";
import { testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();
const WORLD = "0123456789abcdef";
const block: ChunkSquare = { face: NO_FACE, level: 2, height: 5, x: -1, z: 3 };
const inner: ChunkSquare = { face: 4, level: 1, height: 15, x: 0, z: 2 };

beforeAll(() => Promise.all([initHashAsync(), initDigestAsync()]));

const chunksAt = (slots: readonly number[]): Map<number, ManifestChunk> =>
    new Map(slots.map((slot) => [slot, madeUpChunk(chunkInBlock(block, slot))]));
const childrenAt = (slots: readonly number[]): ManifestNodeEntry[] =>
    slots.map((slot) => ({
        square: childSquare(inner, slot),
        chunkCount: slot + 1,
        hash: hex(64, slot * 7 + 1),
        byteLength: 1000 + slot,
        checksum: hex(16, slot * 3),
    }));
const anySlots = fc
    .uniqueArray(fc.nat(SQUARE_SLOTS - 1), { minLength: 1, maxLength: SQUARE_SLOTS })
    .map((slots) => slots.sort((a, b) => a - b));
const entryOf = (square: ChunkSquare, chunkCount: number, bytes: Uint8Array): ManifestNodeEntry =>
    nodeEntryOf(square, chunkCount, "", bytes);

function decode(bytes: Uint8Array, expected: ManifestNodeEntry, world = WORLD): ManifestNode {
    const node = decodeManifestNode(bytes, world, expected);
    if (typeof node === "string") {
        throw new Error(node);
    }
    return node;
}

test(`a block is read as it was written, from every slot (seed ${seed})`, () => {
    fc.assert(
        fc.property(anySlots, (slots) => {
            const chunks = chunksAt(slots);
            const bytes = encodeBlockNode(WORLD, block, chunks);
            const node = decode(bytes, entryOf(block, slots.length, bytes));
            expect([...slotsOf(node)]).toEqual(slots);
            for (let slot = 0; slot < SQUARE_SLOTS; slot += 1 + (slot % 5)) {
                expect(chunkInSlot(node, slot)).toEqual(chunks.get(slot) ?? null);
                expect(isPresent(node, slot)).toBe(chunks.has(slot));
            }
            const leaves = Array.from({ length: SQUARE_SLOTS }, (_, slot) => {
                const chunk = chunks.get(slot);
                return chunk === undefined ? null : leafOf(chunk);
            });
            expect(hashOfNode(node)).toBe(hashOfParts(leaves));
        }),
        { seed, numRuns: 20 },
    );
});

test(`an inner node is read as it was written (seed ${seed})`, () => {
    fc.assert(
        fc.property(anySlots, (slots) => {
            const children = childrenAt(slots);
            const bytes = encodeInnerNode(WORLD, inner, children);
            const chunkCount = slots.reduce((sum, slot) => sum + slot + 1, 0);
            const node = decode(bytes, entryOf(inner, chunkCount, bytes));
            expect(Array.from(slotsOf(node), (slot) => childInSlot(node, slot))).toEqual(children);
            expect(bytes.length).toBeLessThanOrEqual(MAX_NODE_BYTES);
        }),
        { seed, numRuns: 50 },
    );
});

test(`a flipped bit, a byte more or less, is always told (seed ${seed})`, () => {
    const bytes = encodeBlockNode(WORLD, block, chunksAt([0, 5, 77, 1023]));
    const expected = entryOf(block, 4, bytes);
    fc.assert(
        fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
            const flipped = bytes.slice();
            flipped[bit >> 3]! ^= 1 << (bit & 7);
            expect(decodeManifestNode(flipped, WORLD, expected)).toBe("has another checksum than what lists it says");
            // Whoever flips it may put the parent's checksum right: then the file's own tells.
            const listed = { ...expected, checksum: hash64Hex(flipped) };
            expect(typeof decodeManifestNode(flipped, WORLD, listed)).toBe("string");
        }),
        { seed, numRuns: 2000 },
    );
    expect(decodeManifestNode(bytes.slice(0, -1), WORLD, expected)).toMatch(/^has 383 bytes; what lists it says 384/);
    expect(decodeManifestNode(new Uint8Array(0), WORLD, expected)).toMatch(/^has 0 bytes/);
});

/** Changes a node and puts right every length and checksum around it, as who forges one would do. */
function forged(bytes: Uint8Array, change: (view: DataView) => void): Uint8Array {
    const copy = bytes.slice();
    const view = new DataView(copy.buffer);
    change(view);
    view.setBigUint64(NodeLayout.checksum, hash64Of(copy.subarray(NodeLayout.world)), true);
    return copy;
}

test.each<[string, (view: DataView) => void, RegExp]>([
    ["other magic", (view) => view.setUint32(NodeLayout.magic, 1, true), /is no node of version 2/],
    ["another version", (view) => view.setUint32(NodeLayout.version, 3, true), /is no node of version 2/],
    ["another length", (view) => view.setUint32(NodeLayout.byteLength, 9, true), /its own length or checksum/],
    ["padding", (view) => view.setUint32(NodeLayout.padding, 9, true), /its own length or checksum/],
    ["another world", (view) => view.setBigUint64(NodeLayout.world, 5n, true), /is of another world/],
    ["another face", (view) => view.setInt32(NodeLayout.face, 1, true), /is the node of manifest\/1\/2\/5\/-1\/3.trm/],
    ["another level", (view) => view.setInt32(NodeLayout.level, 9, true), /is the node of manifest\/9\/5\/-1\/3.trm/],
    ["another height", (view) => view.setInt32(NodeLayout.height, 10, true), /is the node of manifest\/2\/10/],
    ["another place", (view) => view.setInt32(NodeLayout.x, 7, true), /is the node of manifest\/2\/5\/7\/3.trm/],
    ["more entries", (view) => view.setUint32(NodeLayout.entryCount, 5, true), /says it has 5 entries; 4 are marked/],
    ["endless entries", (view) => view.setUint32(NodeLayout.entryCount, 2 ** 32 - 1, true), /4294967295 entries/],
    ["a slot more", (view) => view.setUint8(NodeLayout.presence, 255), /says it has 4 entries; 10 are marked/],
    [
        "another count",
        (view) => view.setBigUint64(NodeLayout.chunkCount, 2n ** 63n, true),
        /9223372036854775808 chunks/,
    ],
    ["a chunk of no bytes", (view) => view.setUint32(NodeLayout.entries, 0, true), /chunk in slot 0 has 0 and/],
    [
        "a chunk too long",
        (view) => view.setUint32(NodeLayout.entries + 4, 2 ** 31, true),
        /slot 0 has \d+ and 2147483648/,
    ],
])("%s in a block is refused, whatever else was put right", (_, change, message) => {
    const bytes = forged(encodeBlockNode(WORLD, block, chunksAt([0, 5, 77, 1023])), change);
    expect(decodeManifestNode(bytes, WORLD, entryOf(block, 4, bytes))).toMatch(message);
});

test.each<[string, (view: DataView) => void, RegExp]>([
    ["a child of no chunks", (view) => view.setBigUint64(NodeLayout.entries, 0n, true), /slot 3 has 0 chunks/],
    [
        "a child of more chunks than it can have",
        (view) => view.setBigUint64(NodeLayout.entries, 2n ** 60n, true),
        /slot 3 has 1152921504606847000 chunks/,
    ],
    ["a child too long", (view) => view.setUint32(NodeLayout.entries + 16, 2 ** 30, true), /and 1073741824 bytes/],
    ["reserved bytes", (view) => view.setUint32(NodeLayout.entries + 20, 1, true), /reserved bytes/],
    ["a count that is no sum", (view) => view.setBigUint64(NodeLayout.entries, 9n, true), /children of 18 chunks/],
])("%s in an inner node is refused", (_, change, message) => {
    const bytes = forged(encodeInnerNode(WORLD, inner, childrenAt([3, 8])), change);
    expect(decodeManifestNode(bytes, WORLD, entryOf(inner, 13, bytes))).toMatch(message);
});

test("what lies beyond the world's end is refused", () => {
    const edge: ChunkSquare = { face: NO_FACE, level: 0, height: 5, x: -(2 ** 18), z: 0 };
    const chunk = madeUpChunk({ face: NO_FACE, level: 0, x: 0, z: 0 });
    const bytes = encodeBlockNode(WORLD, edge, new Map([[0, chunk]]));
    expect(decodeManifestNode(bytes, WORLD, entryOf(edge, 1, bytes))).toMatch(/slot 0, beyond the world's end/);
    const top: ChunkSquare = { face: 0, level: 20, height: 10, x: 0, z: 0 };
    const child = { ...childrenAt([0])[0]!, square: childSquare(top, 1) };
    const node = encodeInnerNode(WORLD, top, [child]);
    expect(decodeManifestNode(node, WORLD, entryOf(top, 1, node))).toMatch(/slot 1, beyond the world's end/);
});

test("a node's name follows from its square, and leads back to it alone", () => {
    for (const square of [block, inner, { ...block, height: 25, x: 0, z: 0 }]) {
        expect(parseManifestNodeName(manifestNodeName(square))).toEqual(square);
    }
    expect(manifestNodeName(block)).toBe("manifest/2/5/-1/3.trm");
    expect(manifestNodeName(inner)).toBe("manifest/4/1/15/0/2.trm");
    for (const name of [
        "manifest.json",
        "manifest/2/6/-1/3.trm",
        "manifest/2/5/-1/03.trm",
        "manifest/2/5/-0/3.trm",
        "manifest/2/5/999999/3.trm",
        "manifest/25/5/0/0.trm",
        "manifest/6/0/5/0/0.trm",
        "0/0/0.trn",
        "manifest/2/5/-1/3.trm/x",
    ]) {
        expect(parseManifestNodeName(name)).toBeNull();
    }
});
