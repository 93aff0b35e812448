import { createHash } from "node:crypto";
import fc from "fast-check";
import { initChunkCodecAsync } from "../../../src/format/chunkFile.js";
import {
    createManifest,
    faultOfRoot,
    ManifestError,
    manifestFiles,
    parseManifest,
    rootHashOf,
    stringifyManifest,
    writeManifest,
    type Manifest,
    type ManifestChunk,
    type ManifestRoot,
} from "../../../src/format/manifest.js";
import { parseManifestNodeName } from "../../../src/format/manifestNode.js";
import { Presets } from "../../../src/recipe/presets.js";
import { flatAddress, type ChunkAddress } from "../../../src/space/chunkAddress.js";
import { hex, madeUpChunk, madeUpRectangle } from "../../support/manifestChunks.js";
import { testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();
const VERSION = 7;
/** Fixed: another one would be another world to all who know the old. */
const ROOT_HASH = "ad793e244a4bf24592485c1f370a6374b36f82685472029a0f6a2f335fc21023";
const recipe = Presets.caves({ seed: 11 });
const chunks = [
    flatAddress(0, 0, 0),
    flatAddress(0, 1, 0),
    flatAddress(0, -1, 1),
    flatAddress(0, 2, -3),
    flatAddress(1, 0, 0),
].map(madeUpChunk);
const make = (): Manifest => createManifest(recipe, VERSION, chunks);
const parse = (text: string): ManifestRoot => parseManifest(text, VERSION) as ManifestRoot;
const text = (): string => stringifyManifest(make());

interface NodeDraft {
    [field: string]: unknown;
    height: number;
    x: number;
    chunkCount: number;
}
interface LevelDraft {
    [field: string]: unknown;
    level: number;
    chunkCount: number;
    nodes: NodeDraft[];
}
interface Draft {
    [field: string]: unknown;
    levels: LevelDraft[];
}
/** The JSON of `manifest.json`, changed. */
const edited = (change: (draft: Draft) => void): string => {
    const draft = JSON.parse(text()) as Draft;
    change(draft);
    return JSON.stringify(draft);
};

beforeAll(initChunkCodecAsync);

test("a manifest is the same whatever the order of its chunks, and is read as it was written", () => {
    const manifest = make();
    expect(manifest.chunks.map(({ address }) => address)).toEqual(["0/2/-3", "0/-1/1", "0/0/0", "0/1/0", "1/0/0"]);
    expect(createManifest(recipe, VERSION, [...chunks].reverse())).toEqual(manifest);
    const root = parse(text());
    expect(root).toMatchObject({ version: 2, generatorVersion: VERSION, recipe, chunkCount: 5 });
    expect(root.levels.map(({ level, chunkCount, nodes }) => [level, chunkCount, nodes.length])).toEqual([
        [0, 4, 3],
        [1, 1, 1],
    ]);
    expect(stringifyManifest(root)).toBe(text());
    expect(faultOfRoot(root)).toBeNull();
    expect([manifest.rootHash, root.rootHash, rootHashOf(manifest), rootHashOf(root)]).toEqual(
        new Array(4).fill(ROOT_HASH),
    );
});

test("the root hash is what the specification says", () => {
    const sha = (...parts: (Buffer | string)[]): string =>
        parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");
    const { address, byteLength, hash } = madeUpChunk(flatAddress(3, -5, 6));
    let square = sha(Buffer.of(0), `${address} ${byteLength} ${hash}`);
    for (let height = 0, x = 2 ** 23 - 5, z = 2 ** 23 + 6; height < 25; height++, x >>= 1, z >>= 1) {
        square = sha(Buffer.of(1, 1 << ((x & 1) + 2 * (z & 1))), Buffer.from(square, "hex"));
    }
    const identity = JSON.stringify({ chunkFormatVersion: 2, generatorVersion: VERSION, recipe });
    const { rootHash } = createManifest(recipe, VERSION, [madeUpChunk(flatAddress(3, -5, 6))]);
    expect(rootHash).toBe(sha(`${identity}\n3 1 ${square}`));
    const onFace = createManifest(recipe, VERSION, [madeUpChunk({ face: 2, level: 0, x: 0, z: 0 })]);
    const { levels } = parse(stringifyManifest(onFace));
    expect(onFace.rootHash).toBe(sha(`${identity}\n2/0 1 ${levels[0]!.hash}`));
});

test("its files are the nodes that manifest.json leads to, and that last", () => {
    const names = Array.from(manifestFiles(make()), ({ name }) => name);
    expect(names).toEqual([
        "manifest/0/5/0/-1.trm",
        "manifest/0/5/-1/0.trm",
        "manifest/0/5/0/0.trm",
        "manifest/1/5/0/0.trm",
        "manifest.json",
    ]);
});

test.each<[string, readonly [number, number], readonly [number, number], Record<number, number>, number]>([
    ["one block", [0, 0], [32, 32], { 5: 1 }, 5],
    ["four blocks, across the origin", [-32, -32], [64, 64], { 5: 4 }, 5],
    ["four blocks in a row", [0, 0], [128, 1], { 5: 4 }, 5],
    ["five blocks in a row", [0, 0], [129, 1], { 5: 5, 10: 1 }, 10],
    ["five blocks, one in each square of 1,024 and another", [-1, -1], [2, 34], { 5: 6, 10: 4 }, 10],
    ["five squares of 1,024", [0, 0], [4097, 1], { 5: 129, 10: 5, 15: 1 }, 15],
])("%s: the topmost nodes are of the least height at which there are four", (_, corner, counts, nodesOf, top) => {
    const files = [
        ...writeManifest(recipe, VERSION, createManifest(recipe, VERSION, madeUpRectangle(0, corner, counts)).chunks),
    ];
    const found: Record<number, number> = {};
    for (const { name } of files.slice(0, -1)) {
        const { height } = parseManifestNodeName(name)!;
        found[height] = (found[height] ?? 0) + 1;
    }
    expect(found).toEqual(nodesOf);
    const { levels } = parse(new TextDecoder().decode(files.at(-1)!.bytes));
    expect(levels[0]!.nodes.map(({ square }) => square.height)).toEqual(new Array(nodesOf[top]!).fill(top));
});

test("the root hash covers what is baked, and not how it is stored", () => {
    const manifest = make();
    const changed = (change: Partial<ManifestChunk>): string =>
        rootHashOf({ ...manifest, chunks: manifest.chunks.with(2, { ...manifest.chunks[2]!, ...change }) });
    expect(changed({ storedByteLength: 1, checksum: hex(16, 1), file: "elsewhere" })).toBe(manifest.rootHash);
    const others = [
        changed({ byteLength: 1 }),
        changed({ hash: hex(64, 1) }),
        rootHashOf(createManifest(recipe, VERSION, [...chunks.slice(1), madeUpChunk(flatAddress(0, 9, 0))])),
        rootHashOf({ ...manifest, generatorVersion: VERSION + 1 }),
        rootHashOf({ ...manifest, recipe: Presets.caves({ seed: 12 }) }),
        rootHashOf({ ...manifest, chunks: manifest.chunks.slice(1) }),
    ];
    expect(new Set([...others, manifest.rootHash]).size).toBe(others.length + 1);
});

test(`whatever the chunks, a level's hash is that of its topmost nodes, and their counts add up (seed ${seed})`, () => {
    const coordinate = fc.oneof(
        fc.integer({ min: -99, max: 99 }),
        fc.integer({ min: -(2 ** 23) + 1, max: 2 ** 23 - 1 }),
    );
    const address = fc.oneof(
        fc.record({ face: fc.constant(-1), level: fc.nat(3), x: coordinate, z: coordinate }),
        fc.record({ face: fc.nat(5), level: fc.nat(3), x: fc.nat(2 ** 20 - 1), z: fc.nat(99) }),
    );
    const selector = ({ face, level, x, z }: ChunkAddress): string => `${face}/${level}/${x}/${z}`;
    fc.assert(
        fc.property(fc.uniqueArray(address, { minLength: 1, maxLength: 50, selector }), (addresses) => {
            const manifest = createManifest(recipe, VERSION, addresses.map(madeUpChunk));
            const root = parse(stringifyManifest(manifest));
            expect(faultOfRoot(root)).toBeNull();
            expect(root.chunkCount).toBe(addresses.length);
            expect(root.rootHash).toBe(manifest.rootHash);
        }),
        { seed, numRuns: 100 },
    );
});

test("no chunk, or one that is there twice, makes no manifest; nor do chunks out of order", () => {
    expect(() => createManifest(recipe, VERSION, [])).toThrow(/chunks is 0/);
    expect(() => createManifest(recipe, VERSION, [chunks[0]!, chunks[1]!, chunks[0]!])).toThrow(/"0\/0\/0"/);
    expect(() => [...writeManifest(recipe, VERSION, [chunks[1]!, chunks[0]!])]).toThrow(/0\/0\/0 is out of order/);
    expect(() => [...writeManifest(recipe, VERSION, [chunks[0]!, chunks[0]!])]).toThrow(/there twice/);
});

test.each<[string, (draft: Draft) => void, RegExp]>([
    ["another kind", (draft) => (draft["kind"] = "x"), /manifest.kind is "x"; allowed: "terrane-manifest"/],
    ["a later version", (draft) => (draft["version"] = 3), /manifest.version is 3; allowed: 2/],
    ["another layout", (draft) => (draft["chunkFormatVersion"] = 1), /chunk format version 1; this library has 2/],
    ["another generator", (draft) => (draft["generatorVersion"] = 8), /generator version 8; this library has 7/],
    ["a root hash that is none", (draft) => (draft["rootHash"] = "FF"), /rootHash is "FF"; allowed: 64 hex/],
    ["a wrong recipe", (draft) => (draft["recipe"] = { ...recipe, chunkSize: 5 }), /recipe.chunkSize is 5/],
    ["half a recipe", (draft) => (draft["recipe"] = { seed: 11 }), /recipe is not whole/],
    ["a field too many", (draft) => (draft["extra"] = 1), /manifest/],
    ["a count that is no sum", (draft) => (draft["chunkCount"] = 6), /chunkCount is 6; allowed: 5, the sum/],
    ["a count that is none", (draft) => (draft["chunkCount"] = 1e300), /chunkCount is 1e\+300; allowed: an integer/],
    ["no levels", (draft) => (draft.levels = []), /manifest.levels is .*a list of 1 to 150 levels/],
    ["levels that are no list", (draft) => (draft.levels = {} as never), /manifest.levels is/],
    ["too many levels", (draft) => (draft.levels = new Array(151).fill(draft.levels[0]) as never), /1 to 150 levels/],
    ["a level beyond all", (draft) => (draft.levels[1]!.level = 25), /levels.1.level is 25/],
    ["a face's level beyond all", (draft) => Object.assign(draft.levels[1]!, { face: 0, level: 24 }), /level is 24/],
    ["a face that is none", (draft) => (draft.levels[1]!["face"] = 6), /levels.1.face is 6/],
    ["levels out of order", (draft) => draft.levels.reverse(), /levels.1 is out of order/],
    ["a level twice", (draft) => (draft.levels[1]!.level = 0), /levels.1 is out of order/],
    ["a level's count that is no sum", (draft) => (draft.levels[0]!.chunkCount = 5), /levels.0.chunkCount is 5/],
    ["a level without nodes", (draft) => (draft.levels[0]!.nodes = []), /levels.0.nodes is .*1 to 4 nodes/],
    [
        "five nodes",
        ({ levels: [level] }) => (level!.nodes = [...level!.nodes, ...level!.nodes]),
        /levels.0.nodes is .*1 to 4/,
    ],
    ["nodes out of order", (draft) => draft.levels[0]!.nodes.reverse(), /levels.0.nodes.1 is out of order/],
    ["a node's height that is none", ({ levels }) => (levels[1]!.nodes[0]!.height = 6), /nodes.0 would be manifest/],
    ["nodes of two heights", ({ levels }) => (levels[0]!.nodes[1]!.height = 10), /nodes.1 would be manifest/],
    ["a node beyond the world", ({ levels }) => (levels[1]!.nodes[0]!.x = 2 ** 18), /nodes.0 would be manifest/],
    ["a place that is none", ({ levels }) => (levels[1]!.nodes[0]!.x = 0.5), /nodes.0.x is 0.5/],
    [
        "more chunks than a node can have",
        (draft) => {
            draft.levels[1]!.nodes[0]!.chunkCount = 1025;
            draft.levels[1]!.chunkCount = 1025;
        },
        /nodes.0.chunkCount is 1025; allowed: at most 1024/,
    ],
    [
        "a node longer than all",
        ({ levels }) => (levels[1]!.nodes[0]!["byteLength"] = 2 ** 31),
        /byteLength is 2147483648/,
    ],
    ["a node's field too few", ({ levels }) => delete levels[1]!.nodes[0]!["checksum"], /checksum is undefined/],
])("%s is named", (_, change, message) => {
    expect(() => parse(edited(change))).toThrow(ManifestError);
    expect(() => parse(edited(change))).toThrow(message);
});

test("hashes that do not match each other are told of", () => {
    const faultAfter = (change: (draft: Draft) => void): string | null => faultOfRoot(parse(edited(change)));
    expect(faultAfter(() => {})).toBeNull();
    expect(faultAfter(({ levels }) => (levels[0]!["hash"] = hex(64, 1)))).toMatch(/have the root hash [0-9a-f]{64}/);
    expect(faultAfter(({ levels }) => (levels[0]!.nodes[1]!["hash"] = hex(64, 1)))).toMatch(
        /the nodes of level 0 have another hash/,
    );
    // Moved, so that its chunks would not be found where they are.
    expect(faultAfter(({ levels }) => (levels[1]!.nodes[0]!.x = 1))).toMatch(/the nodes of level 1 have another hash/);
    expect(faultAfter((draft) => Object.assign(draft, { chunkCount: 4, levels: draft.levels.slice(0, 1) }))).toMatch(
        /have the root hash/,
    );
});

test(`whatever JSON is given, it is read whole or refused with a reason (seed ${seed})`, () => {
    fc.assert(
        fc.property(fc.json({ maxDepth: 5 }), (json) => {
            expect(() => parse(json)).toThrow(ManifestError);
        }),
        { seed, numRuns: 500 },
    );
    const whole = text();
    const said = ({ recipe: found, levels }: ManifestRoot): string =>
        JSON.stringify([found, levels.map(({ face, level, chunkCount, hash }) => [face, level, chunkCount, hash])]);
    fc.assert(
        fc.property(fc.nat(whole.length - 1), fc.string({ maxLength: 3 }), fc.nat(4), (at, put, cut) => {
            let root: ManifestRoot;
            try {
                root = parse(whole.slice(0, at) + put + whole.slice(at + cut));
            } catch (error) {
                expect(error).toBeInstanceOf(ManifestError);
                expect((error as Error).message.length).toBeLessThan(600);
                return;
            }
            // What still is a manifest and says another thing of what was baked does not match its hashes.
            expect(faultOfRoot(root) !== null || said(root) === said(parse(whole))).toBe(true);
        }),
        { seed, numRuns: 3000 },
    );
});

test("keys that JavaScript treats apart are fields like others", () => {
    const forged = edited(() => {}).replace('{"kind"', '{"__proto__":{"kind":1},"kind"');
    expect(() => parse(forged)).toThrow(ManifestError);
    expect(() => parse("[".repeat(100_000))).toThrow(ManifestError);
});
