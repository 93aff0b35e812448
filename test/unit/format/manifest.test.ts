import fc from "fast-check";
import { initChunkCodecAsync } from "../../../src/format/chunkFile.js";
import { chunkFileName } from "../../../src/format/chunkStoreKey.js";
import {
    createManifest,
    leafOf,
    ManifestError,
    parseManifest,
    rootHashOf,
    stringifyManifest,
    type Manifest,
    type ManifestChunk,
} from "../../../src/format/manifest.js";
import { merkleProofOf, merkleRootOf, verifyMerkleProof } from "../../../src/format/merkle.js";
import { Presets } from "../../../src/recipe/presets.js";
import { flatAddress, formatAddress } from "../../../src/space/chunkAddress.js";
import { testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();
const VERSION = 7;
const recipe = Presets.caves({ seed: 11 });
const hex = (digits: number, value: number): string => value.toString(16).padStart(digits, "0");
const chunk = (level: number, x: number, z: number): ManifestChunk => {
    const address = flatAddress(level, x, z);
    return {
        address: formatAddress(address),
        file: chunkFileName(address),
        byteLength: 1000 + x,
        hash: hex(64, 500 + x * 10 + z),
        storedByteLength: 300 + x,
        checksum: hex(16, 77 + z),
    };
};
const chunks = [chunk(0, 0, 0), chunk(0, 1, 0), chunk(0, -1, 1), chunk(0, 2, -3), chunk(1, 0, 0)];
const make = (): Manifest => createManifest(recipe, VERSION, chunks);
type Draft = { -readonly [K in keyof Omit<Manifest, "chunks">]: Manifest[K] } & { chunks: Record<string, unknown>[] };
/** The manifest's JSON, changed. */
const edited = (change: (draft: Draft) => void): string => {
    const draft = JSON.parse(stringifyManifest(make())) as Draft;
    change(draft);
    return JSON.stringify(draft);
};

beforeAll(initChunkCodecAsync);

test("a manifest is the same whatever the order of its chunks, and is read as it was written", () => {
    const manifest = make();
    expect(manifest.chunks.map(({ address }) => address)).toEqual(["0/2/-3", "0/0/0", "0/1/0", "0/-1/1", "1/0/0"]);
    expect(createManifest(recipe, VERSION, [...chunks].reverse())).toEqual(manifest);
    const text = stringifyManifest(manifest);
    expect(parseManifest(text, VERSION)).toEqual(manifest);
    expect(stringifyManifest(parseManifest(text, VERSION))).toBe(text);
    expect(text.split("\n").filter((line) => line.includes('"address"'))).toHaveLength(chunks.length);
});

test("the root hash covers what is baked, and not how it is stored", () => {
    const manifest = make();
    const changed = (change: Partial<ManifestChunk>): string =>
        rootHashOf({ ...manifest, chunks: manifest.chunks.with(2, { ...manifest.chunks[2]!, ...change }) });
    expect(manifest.rootHash).toBe(rootHashOf(manifest));
    expect(changed({ storedByteLength: 1, checksum: hex(16, 1), file: "elsewhere" })).toBe(manifest.rootHash);
    const others = [
        changed({ byteLength: 1 }),
        changed({ hash: hex(64, 1) }),
        changed({ address: "0/9/0" }),
        rootHashOf({ ...manifest, generatorVersion: VERSION + 1 }),
        rootHashOf({ ...manifest, recipe: Presets.caves({ seed: 12 }) }),
        rootHashOf({ ...manifest, chunks: manifest.chunks.slice(1) }),
    ];
    expect(new Set([...others, manifest.rootHash]).size).toBe(others.length + 1);
});

test("a part can be verified by a proof", () => {
    const leaves = make().chunks.map(leafOf);
    const proof = merkleProofOf(leaves, 3);
    expect(verifyMerkleProof(leafOf(chunk(0, -1, 1)), 3, leaves.length, proof, merkleRootOf(leaves))).toBe(true);
    expect(verifyMerkleProof(leafOf(chunk(0, -1, 2)), 3, leaves.length, proof, merkleRootOf(leaves))).toBe(false);
});

test("no chunk, or one that is there twice, makes no manifest", () => {
    expect(() => createManifest(recipe, VERSION, [])).toThrow(/chunks is 0/);
    expect(() => createManifest(recipe, VERSION, [chunks[0]!, chunks[1]!, chunks[0]!])).toThrow(/"0\/0\/0"/);
});

test.each<[string, (draft: Draft) => void, RegExp]>([
    ["another kind", (draft) => (draft.kind = "x" as never), /manifest.kind is "x"; allowed: "terrane-manifest"/],
    ["a later version", (draft) => (draft.version = 2 as never), /manifest.version is 2; allowed: 1/],
    ["a layout that is none", (draft) => (draft.chunkFormatVersion = 0), /chunkFormatVersion is 0/],
    [
        "another layout",
        (draft) => (draft.chunkFormatVersion = 1),
        /chunk format version 1; this library has 2.*Bake it again/,
    ],
    [
        "another generator",
        (draft) => (draft.generatorVersion = 8),
        /generator version 8; this library has 7.*Bake it again/,
    ],
    [
        "a root hash that is none",
        (draft) => (draft.rootHash = "FF"),
        /rootHash is "FF"; allowed: 64 hexadecimal digits/,
    ],
    ["no chunks", (draft) => (draft.chunks = []), /manifest.chunks is .*allowed: a list of 1 to/],
    ["chunks that are no list", (draft) => (draft.chunks = {} as never), /manifest.chunks is/],
    ["a chunk that is none", (draft) => (draft.chunks[1] = 5 as never), /manifest.chunks.1 is 5/],
    ["a hash that is none", (draft) => (draft.chunks[1]!.hash = "x"), /chunks.1.hash is "x"/],
    ["a length that is none", (draft) => (draft.chunks[1]!.byteLength = -1), /chunks.1.byteLength is -1/],
    [
        "a length beyond all",
        (draft) => (draft.chunks[1]!.storedByteLength = 2 ** 40),
        /storedByteLength is 1099511627776/,
    ],
    ["a field too many", (draft) => (draft.chunks[0]!.extra = 1), /chunks.0/],
    ["a field too few", (draft) => delete draft.chunks[0]!.checksum, /chunks.0.checksum is undefined/],
    ["an address that is none", (draft) => (draft.chunks[0]!.address = "0/x/0"), /chunks.0: address is "0\/x\/0"/],
    [
        "a path that leaves the folder",
        (draft) => (draft.chunks[0]!.file = "../../secret"),
        /file is "..\/..\/secret"; allowed: "0\/2\/-3.trn"/,
    ],
    ["chunks out of order", (draft) => draft.chunks.reverse(), /out of order/],
    [
        "a chunk twice",
        (draft) => draft.chunks.splice(1, 0, draft.chunks[0]!),
        /out of order; allowed: .*each address once/,
    ],
    [
        "a wrong recipe",
        (draft) => (draft.recipe = { ...recipe, chunkSize: 5 }),
        /recipe is wrong: recipe.chunkSize is 5/,
    ],
    ["half a recipe", (draft) => (draft.recipe = { seed: 11 } as never), /recipe is not whole/],
    ["no recipe", (draft) => (draft.recipe = null as never), /manifest.recipe is/],
])("%s is named", (_, change, message) => {
    expect(() => parseManifest(edited(change), VERSION)).toThrow(ManifestError);
    expect(() => parseManifest(edited(change), VERSION)).toThrow(message);
});

test(`whatever JSON is given, it is read whole or refused with a reason (seed ${seed})`, () => {
    const text = stringifyManifest(make());
    fc.assert(
        fc.property(fc.json({ maxDepth: 5 }), (json) => {
            expect(() => parseManifest(json, VERSION)).toThrow(ManifestError);
        }),
        { seed, numRuns: 500 },
    );
    fc.assert(
        fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), fc.nat(4), (at, put, cut) => {
            const mutated = text.slice(0, at) + put + text.slice(at + cut);
            let manifest: Manifest;
            try {
                manifest = parseManifest(mutated, VERSION);
            } catch (error) {
                expect(error).toBeInstanceOf(ManifestError);
                expect((error as Error).message.length).toBeLessThan(600);
                return;
            }
            // What is still a manifest and says another thing of what was baked has another root hash than it says.
            const isSame = JSON.stringify(manifest.recipe) === JSON.stringify(recipe);
            const said = (list: readonly ManifestChunk[]): string =>
                JSON.stringify(list.map(({ address, byteLength, hash }) => [address, byteLength, hash]));
            const isTold = rootHashOf(manifest) !== manifest.rootHash;
            expect(isTold || (isSame && said(manifest.chunks) === said(make().chunks))).toBe(true);
        }),
        { seed, numRuns: 3000 },
    );
});

test("keys that JavaScript treats apart are fields like others", () => {
    const text = edited(() => {}).replace('{"kind"', '{"__proto__":{"kind":1},"kind"');
    expect(() => parseManifest(text, VERSION)).toThrow(ManifestError);
    expect(() => parseManifest("[".repeat(100_000), VERSION)).toThrow(ManifestError);
});
