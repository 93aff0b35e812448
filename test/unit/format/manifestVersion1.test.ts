import fc from "fast-check";
import { initChunkCodecAsync } from "../../../src/format/chunkFile.js";
import {
    createManifest,
    GeneratorVersionError,
    ManifestError,
    manifestFiles,
    parseManifest,
    rootHashOf,
    stringifyManifest,
    type ListedManifest,
    type ManifestChunk,
} from "../../../src/format/manifest.js";
import { Presets } from "../../../src/recipe/presets.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { byRows, listedText } from "../../support/listedManifest.js";
import { hex } from "../../support/manifestChunks.js";
import { testSeed } from "../../support/randomRecipe.js";
import { manifestChunk } from "../../../src/format/manifestEntry.js";

const seed = testSeed();
const VERSION = 7;
/** As the release that wrote version 1 printed it. */
const ROOT_HASH = "b6e888c0c05b21dacaf0002c2f872c266835b494ec05cb4100aef04285e4fd7f";
const recipe = Presets.caves({ seed: 11 });
const chunk = (level: number, x: number, z: number): ManifestChunk =>
    manifestChunk(flatAddress(level, x, z), {
        byteLength: 1000 + x,
        hash: hex(64, 500 + x * 10 + z),
        storedByteLength: 300 + x,
        checksum: hex(16, 77 + z),
    });
const chunks = [chunk(0, 0, 0), chunk(0, 1, 0), chunk(0, -1, 1), chunk(0, 2, -3), chunk(1, 0, 0)];
const make = (): string => listedText(createManifest(recipe, VERSION, chunks));
const parse = (text: string): ListedManifest => parseManifest(text, VERSION) as ListedManifest;
type Draft = { -readonly [K in keyof Omit<ListedManifest, "chunks">]: ListedManifest[K] } & {
    kind: string;
    chunks: Record<string, unknown>[];
};
/** The manifest's JSON, changed. */
const edited = (change: (draft: Draft) => void): string => {
    const draft = JSON.parse(make()) as Draft;
    change(draft);
    return JSON.stringify(draft);
};

beforeAll(initChunkCodecAsync);

test("a manifest of version 1 is read whole, and has the root hash that it had", () => {
    const manifest = parse(make());
    expect(manifest.chunks.map(({ address }) => address)).toEqual(["0/2/-3", "0/0/0", "0/1/0", "0/-1/1", "1/0/0"]);
    expect(manifest).toMatchObject({ version: 1, generatorVersion: VERSION, recipe, chunks: byRows(chunks) });
    expect(manifest.rootHash).toBe(ROOT_HASH);
    expect(rootHashOf(manifest)).toBe(ROOT_HASH);
});

test("what is written of it is of version 2", () => {
    const files = [...manifestFiles(parse(make()))];
    const written = createManifest(recipe, VERSION, chunks);
    expect(new TextDecoder().decode(files.at(-1)!.bytes)).toBe(stringifyManifest(written));
    expect(stringifyManifest(parse(make()))).toBe(stringifyManifest(written));
});

test("the root hash covers what is baked, and not how it is stored", () => {
    const manifest = parse(make());
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

test.each<[string, (draft: Draft) => void, RegExp]>([
    ["another kind", (draft) => (draft.kind = "x"), /manifest.kind is "x"; allowed: "terrane-manifest"/],
    ["a version in between", (draft) => (draft.version = 1.5 as never), /manifest.version is 1.5; allowed: 2/],
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
    expect(() => parse(edited(change))).toThrow(ManifestError);
    expect(() => parse(edited(change))).toThrow(message);
});

test(`whatever becomes of its text, it is read whole or refused with a reason (seed ${seed})`, () => {
    const text = make();
    const said = (list: readonly ManifestChunk[]): string =>
        JSON.stringify(list.map(({ address, byteLength, hash }) => [address, byteLength, hash]));
    fc.assert(
        fc.property(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), fc.nat(4), (at, put, cut) => {
            const mutated = text.slice(0, at) + put + text.slice(at + cut);
            let manifest: ListedManifest;
            try {
                manifest = parse(mutated);
            } catch (error) {
                expect(error).toBeInstanceOf(ManifestError);
                expect((error as Error).message.length).toBeLessThan(600);
                return;
            }
            // What is still a manifest and says another thing of what was baked has another root hash than it says.
            const isSame = JSON.stringify(manifest.recipe) === JSON.stringify(recipe);
            const isTold = rootHashOf(manifest) !== manifest.rootHash;
            expect(isTold || (isSame && said(manifest.chunks) === said(byRows(chunks)))).toBe(true);
        }),
        { seed, numRuns: 3000 },
    );
});

test("a bake of another generator is told apart, and is read where any will do", () => {
    expect(() => parseManifest(make(), VERSION + 1)).toThrow(GeneratorVersionError);
    expect(() => parseManifest(make(), VERSION + 1)).toThrow(
        expect.objectContaining({ generatorVersion: VERSION, ownVersion: VERSION + 1, code: "TERRANE_MANIFEST" }),
    );
    expect(parseManifest(make(), null)).toMatchObject({ generatorVersion: VERSION });
});
