import fc from "fast-check";
import { hash64Hex } from "../../../src/base/hash.js";
import { initChunkCodecAsync } from "../../../src/format/chunkFile.js";
import {
    createManifest,
    ManifestError,
    manifestFiles,
    parseManifest,
    rootHashOf,
    stringifyManifest,
    type ManifestRoot,
} from "../../../src/format/manifest.js";
import type { ManifestNodeEntry } from "../../../src/format/manifestEntry.js";
import {
    childInSlot,
    chunkInSlot,
    decodeManifestNode,
    encodeBlockNode,
    encodeInnerNode,
    manifestNodeName,
    slotsOf,
    type ManifestNode,
} from "../../../src/format/manifestNode.js";
import { worldKeyOf } from "../../../src/format/worldKey.js";
import { Presets } from "../../../src/recipe/presets.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { BLOCK_HEIGHT, childSquare, squareOf, type ChunkSquare } from "../../../src/space/chunkSquare.js";
import { ManifestReader, type EntryAnswer } from "../../../src/store/manifestReader.js";
import { hex, madeUpChunk, madeUpRectangle } from "../../support/manifestChunks.js";
import { testSeed } from "../../support/randomRecipe.js";
import { WatchedStore } from "../../support/watchedStore.js";

// A host that one does not trust serves the bake. What it serves is what was published, or a named error.

await initChunkCodecAsync();

const seed = testSeed();
const VERSION = 7;
const recipe = Presets.endless({ seed: 3 });
const world = worldKeyOf(recipe, VERSION);
/** Six blocks below one node of height 10, and one block alone. */
const manifest = createManifest(recipe, VERSION, [
    ...madeUpRectangle(0, [30, 0], [170, 3]),
    madeUpChunk(flatAddress(4, 3, 3)),
]);
const files = new Map(Array.from(manifestFiles(manifest), ({ name, bytes }) => [name, bytes]));
const root = parseManifest(stringifyManifest(manifest), VERSION) as ManifestRoot;
const TOP = "manifest/0/10/0/0.trm";
const BLOCK = "manifest/0/5/1/0.trm";
const OTHER_BLOCK = "manifest/0/5/2/0.trm";
const LONE_BLOCK = "manifest/4/5/0/0.trm";
const inBlock = flatAddress(0, 40, 1);

type Forgery = (files: Map<string, Uint8Array>) => void;

/** Asks for a chunk of a bake that was tampered with. */
async function askAsync(forge: Forgery, address = inBlock, rootHash: string | null = manifest.rootHash) {
    const forged = new Map([...files].map(([name, bytes]) => [name, bytes.slice()]));
    forge(forged);
    const reader = await ManifestReader.openAsync(new WatchedStore(forged), {
        generatorVersion: VERSION,
        rootHash: rootHash ?? undefined,
    });
    return reader.entryOfAsync(address);
}

function decoded(bytes: Uint8Array, expected: ManifestNodeEntry): ManifestNode {
    const node = decodeManifestNode(bytes, world, expected);
    if (typeof node === "string") {
        throw new Error(node);
    }
    return node;
}

/** Puts a node in place of another, and right all that its parents say of it but the Merkle hashes. */
function replaceNode(to: Map<string, Uint8Array>, name: string, bytes: Uint8Array, chunkCount?: number): void {
    to.set(name, bytes);
    const fix = (entry: ManifestNodeEntry): ManifestNodeEntry =>
        manifestNodeName(entry.square) === name
            ? {
                  ...entry,
                  byteLength: bytes.length,
                  checksum: hash64Hex(bytes),
                  chunkCount: chunkCount ?? entry.chunkCount,
              }
            : entry;
    const sumOf = (entries: readonly { readonly chunkCount: number }[]): number =>
        entries.reduce((sum, entry) => sum + entry.chunkCount, 0);
    const edited = parseManifest(new TextDecoder().decode(to.get("manifest.json")), VERSION) as ManifestRoot;
    if (name !== TOP && name !== LONE_BLOCK) {
        const top = decoded(to.get(TOP)!, edited.levels[0]!.nodes[0]!);
        const children = Array.from(slotsOf(top), (slot) => fix(childInSlot(top, slot)!));
        replaceNode(to, TOP, encodeInnerNode(world, top.square, children), sumOf(children));
        return;
    }
    const levels = edited.levels.map((level) => {
        const nodes = level.nodes.map(fix);
        return { ...level, nodes, chunkCount: sumOf(nodes) };
    });
    writeRoot(to, { ...edited, levels, chunkCount: sumOf(levels) });
}

function writeRoot(to: Map<string, Uint8Array>, edited: ManifestRoot): void {
    to.set("manifest.json", new TextEncoder().encode(stringifyManifest(edited)));
}

function entryFor(square: ChunkSquare): ManifestNodeEntry {
    if (square.height === 10 || square.level === 4) {
        return root.levels[square.level === 4 ? 1 : 0]!.nodes[0]!;
    }
    const top = decoded(files.get(TOP)!, root.levels[0]!.nodes[0]!);
    return Array.from(slotsOf(top), (slot) => childInSlot(top, slot)!).find(({ square: { x } }) => x === square.x)!;
}

const blockSquare = squareOf(inBlock, BLOCK_HEIGHT);
/** The block's node with its chunks changed. */
function editedBlock(change: (chunks: Map<number, ReturnType<typeof madeUpChunk>>) => void): Uint8Array {
    const node = decoded(files.get(BLOCK)!, entryFor(blockSquare));
    const chunks = new Map(Array.from(slotsOf(node), (slot) => [slot, chunkInSlot(node, slot)!]));
    change(chunks);
    return encodeBlockNode(world, blockSquare, new Map([...chunks].sort(([a], [b]) => a - b)));
}

const expectNamed = (answer: EntryAnswer, file: string, message: RegExp): void => {
    expect(answer).toMatchObject({ status: "damaged", file, error: expect.any(ManifestError) });
    expect((answer as { error: Error }).error.message).toMatch(message);
    expect((answer as { error: Error }).error.message).toContain(file);
};

test("what was published is found", async () => {
    expect(await askAsync(() => {})).toEqual({ status: "found", entry: madeUpChunk(inBlock) });
    expect(await askAsync(() => {}, flatAddress(0, 40, 3))).toEqual({ status: "missing" });
});

test(`a flipped bit of any node is named, with a root hash and without (seed ${seed})`, async () => {
    const bit = fc.tuple(fc.constantFrom(TOP, BLOCK), fc.nat(2 ** 20), fc.boolean());
    await fc.assert(
        fc.asyncProperty(bit, async ([name, at, isPinned]) => {
            const flip: Forgery = (to) => {
                const bytes = to.get(name)!;
                bytes[(at >> 3) % bytes.length]! ^= 1 << (at & 7);
            };
            const answer = await askAsync(flip, inBlock, isPinned ? manifest.rootHash : null);
            expectNamed(answer, name, /another checksum/);
        }),
        { seed, numRuns: 60 },
    );
});

test.each<[string, Forgery, string, RegExp]>([
    [
        "a node cut short",
        (to) => to.set(BLOCK, to.get(BLOCK)!.slice(0, -7)),
        BLOCK,
        /has \d+ bytes; what lists it says/,
    ],
    ["an empty node", (to) => to.set(TOP, new Uint8Array(0)), TOP, /has 0 bytes/],
    ["a longer node", (to) => to.set(BLOCK, new Uint8Array(2 ** 22)), BLOCK, /has 4194304 bytes/],
    ["a node that is gone", (to) => to.delete(BLOCK), BLOCK, /is missing/],
    ["two nodes swapped", (to) => swap(to, BLOCK, OTHER_BLOCK), BLOCK, /another checksum|has \d+ bytes/],
])("%s is named, with a root hash and without", async (_, forge, file, message) => {
    expectNamed(await askAsync(forge), file, message);
    expectNamed(await askAsync(forge, inBlock, null), file, message);
});

function swap(to: Map<string, Uint8Array>, a: string, b: string): void {
    const [first, second] = [to.get(a)!, to.get(b)!];
    to.set(a, second);
    to.set(b, first);
}

test("two nodes swapped, checksums put right, are told by what they say of themselves", async () => {
    const forge: Forgery = (to) => {
        const other = to.get(OTHER_BLOCK)!;
        replaceNode(to, BLOCK, other);
    };
    expectNamed(await askAsync(forge), BLOCK, /is the node of manifest\/0\/5\/2\/0.trm|has another hash/);
    expectNamed(await askAsync(forge, inBlock, null), BLOCK, /is the node of manifest\/0\/5\/2\/0.trm/);
});

describe("with a root hash, all checksums and counts put right,", () => {
    test("a chunk of another hash or length is named", async () => {
        const changes = [{ hash: hex(64, 1) }, { byteLength: 1 }];
        for (const change of changes) {
            const bytes = editedBlock((chunks) => {
                const [slot, chunk] = [...chunks][7]!;
                chunks.set(slot, { ...chunk, ...change });
            });
            const answer = await askAsync((to) => replaceNode(to, BLOCK, bytes));
            expectNamed(answer, BLOCK, /its entries have another hash than what lists it says/);
        }
    });

    test("a chunk that is left out, or one too many, is named", async () => {
        const without = editedBlock((chunks) => chunks.delete([...chunks.keys()][3]!));
        expectNamed(
            await askAsync((to) => replaceNode(to, BLOCK, without, 95)).catch(asAnswer),
            "manifest.json",
            /root/,
        );
        const more = editedBlock((chunks) => chunks.set(1023, madeUpChunk(flatAddress(0, 63, 31))));
        expectNamed(await askAsync((to) => replaceNode(to, BLOCK, more, 97)).catch(asAnswer), "manifest.json", /root/);
    });

    test("a chunk moved to another place, to be missed where it is, is named", async () => {
        const moved = editedBlock((chunks) => {
            const [slot, chunk] = [...chunks][3]!;
            chunks.delete(slot);
            chunks.set(1023, chunk);
        });
        expectNamed(await askAsync((to) => replaceNode(to, BLOCK, moved)), BLOCK, /another hash/);
    });

    test("a block moved to another place, to be missed where it is, is named", async () => {
        const forge: Forgery = (to) => {
            const top = decoded(to.get(TOP)!, root.levels[0]!.nodes[0]!);
            const children = Array.from(slotsOf(top), (slot) => childInSlot(top, slot)!);
            const moved = { ...children[1]!, square: childSquare(top.square, 1023) };
            const others = children.filter((_, i) => i !== 1);
            replaceNode(to, TOP, encodeInnerNode(world, top.square, [...others, moved]));
        };
        expectNamed(await askAsync(forge), TOP, /another hash/);
        // Whoever does not know the root hash is told that there is no such chunk.
        expect(await askAsync(forge, inBlock, null)).toEqual({ status: "missing" });
    });

    test("a lone block moved to another place is named as the manifest is opened", async () => {
        const move: Forgery = (to) => {
            const level = root.levels[1]!;
            const square = { ...level.nodes[0]!.square, x: 3 };
            const nodes = [{ ...level.nodes[0]!, square }];
            writeRoot(to, { ...root, levels: [root.levels[0]!, { ...level, nodes }] });
        };
        await expect(askAsync(move, flatAddress(4, 3, 3))).rejects.toThrow(ManifestError);
        await expect(askAsync(move, flatAddress(4, 3, 3))).rejects.toThrow(/the nodes of level 4 have another hash/);
    });

    test.each<[string, () => ManifestRoot]>([
        ["a level left out", () => ({ ...root, levels: root.levels.slice(0, 1), chunkCount: 510 })],
        ["another recipe", () => ({ ...root, recipe: Presets.endless({ seed: 4 }) })],
        [
            "another count",
            () => ({
                ...root,
                chunkCount: 512,
                levels: root.levels.map((level) =>
                    level.level === 4
                        ? { ...level, chunkCount: 2, nodes: level.nodes.map((node) => ({ ...node, chunkCount: 2 })) }
                        : level,
                ),
            }),
        ],
    ])("%s is named as the manifest is opened, the root hash that it says put right too", async (_, edit) => {
        const edited = edit();
        const forge: Forgery = (to) => writeRoot(to, { ...edited, rootHash: rootHashOf(edited) });
        await expect(askAsync(forge)).rejects.toThrow(ManifestError);
        await expect(askAsync(forge)).rejects.toThrow(/is another bake's, or was edited/);
    });
});

/** An error of opening, as an answer about `manifest.json`. */
function asAnswer(error: unknown): EntryAnswer {
    expect(error).toBeInstanceOf(ManifestError);
    const { message } = error as ManifestError;
    return { status: "damaged", file: "manifest.json", reason: message, error: error as ManifestError };
}
