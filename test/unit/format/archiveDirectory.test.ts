import { PMTiles, type Source } from "pmtiles";
import { findEntry, parseDirectory, writeDirectory } from "../../../src/format/archiveDirectory.js";
import { ArchiveError, parseArchiveHeader, writeArchiveHeader } from "../../../src/format/archiveHeader.js";
import { layOutArchive } from "../../../src/format/archiveLayout.js";
import { placeOfTile } from "../../../src/format/hilbert.js";
import { randomOf } from "../../support/archives.js";
import { testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();
const SECTION = { offset: 0, byteLength: 2 ** 40 };
const parse = (bytes: number[] | Uint8Array) => parseDirectory(Uint8Array.from(bytes), SECTION, SECTION);

describe(`with seed ${seed}`, () => {
    const random = randomOf(seed);

    /** Ids with gaps of all sizes, from the first zoom to the last. */
    function randomFiles(count: number) {
        const ids = new Set<number>();
        while (ids.size < count) {
            const first = Math.floor(random() ** 6 * 2 ** 52);
            for (let i = 0; i < 50 && ids.size < count; i++) {
                ids.add(first + i);
            }
        }
        const sorted = Float64Array.from(ids).sort();
        return { ids: sorted, lengths: sorted.map(() => 1 + Math.floor(random() ** 4 * 2 ** 31)) };
    }

    test("a directory reads as it was written", () => {
        for (let round = 0; round < 50; round++) {
            const { ids, lengths } = randomFiles(1 + Math.floor(random() * 300));
            const isOfLeaves = random() < 0.5;
            const firstOffset = Math.floor(random() * 2 ** 36);
            const bytes = writeDirectory({ ids, lengths, isOfLeaves }, 0, ids.length, firstOffset);
            const read = parse(bytes);
            expect(read.ids).toEqual(ids);
            expect(read.lengths).toEqual(lengths);
            expect(new Set(read.runs)).toEqual(new Set([isOfLeaves ? 0 : 1]));
            let offset = firstOffset;
            ids.forEach((id, i) => {
                expect(read.offsets[i]).toBe(offset);
                offset += lengths[i]!;
                expect(findEntry(read, id)).toBe(i);
            });
        }
    });

    test("bytes that are no directory are refused, and none takes more memory than its length allows", () => {
        const { ids, lengths } = randomFiles(200);
        const good = writeDirectory({ ids, lengths, isOfLeaves: false }, 0, 200, 0);
        let refused = 0;
        for (let i = 0; i < 5000; i++) {
            const bad = good.slice(0, random() < 0.2 ? Math.floor(random() * good.length) : good.length);
            for (let flips = 1 + Math.floor(random() * 4); flips > 0; flips--) {
                bad[Math.floor(random() * bad.length)] = Math.floor(random() * 256);
            }
            try {
                expect(parse(bad).ids.length).toBeLessThanOrEqual(bad.length / 4);
            } catch (error) {
                expect(error).toBeInstanceOf(ArchiveError);
                refused++;
            }
        }
        expect(refused).toBeGreaterThan(1000);
    });

    test.each([
        [1, undefined],
        [1000, undefined],
        [5000, undefined],
        [10_000, 3],
    ])("PMTiles finds each of %p files, and nothing between them", async (count, leafEntries) => {
        const { ids } = randomFiles(count);
        const lengths = ids.map((_, i) => 1 + (i % 3));
        const manifest = new TextEncoder().encode('{"kind":"x"}');
        const { parts, byteLength } = layOutArchive({ ids, lengths }, manifest, leafEntries);
        const data = Buffer.concat(Array.from(ids, (_, i) => bytesOf(i, lengths[i]!)));
        const archive = Buffer.concat([...parts, data]);
        expect(archive.byteLength).toBe(byteLength);
        const tiles = new PMTiles(sourceOf(archive));
        expect(await tiles.getHeader()).toMatchObject({
            specVersion: 3,
            clustered: true,
            tileType: 0,
            numAddressedTiles: count,
            numTileEntries: count,
            numTileContents: count,
            minZoom: placeOfTile(ids[0]!)!.zoom,
            maxZoom: placeOfTile(ids[count - 1]!)!.zoom,
        });
        expect(await tiles.getMetadata()).toEqual({ kind: "x" });
        for (let i = 0; i < count; i += count > 1000 ? 37 : 1) {
            const { zoom, x, y } = placeOfTile(ids[i]!)!;
            const tile = await tiles.getZxy(zoom, x, y);
            expect(new Uint8Array(tile!.data)).toEqual(bytesOf(i, lengths[i]!));
            const next = placeOfTile(ids[i]! + 1);
            if (next !== null && ids[i + 1] !== ids[i]! + 1) {
                expect(await tiles.getZxy(next.zoom, next.x, next.y)).toBeUndefined();
            }
        }
    });
});

test.each<[string, number[]]>([
    ["no entries", [0, 0, 0, 0, 0]],
    ["more entries than bytes", [2, 1, 1, 1, 1]],
    ["very many entries", [255, 255, 255, 255, 255, 255, 127, 1, 1, 1, 1]],
    ["a number without an end", Array<number>(20).fill(255)],
    ["an id twice", [2, 5, 0, 1, 1, 1, 1, 1, 0]],
    ["a run over the next id", [2, 5, 1, 2, 1, 1, 1, 1, 0]],
    ["a file without bytes", [1, 5, 1, 0, 1]],
    ["a file before the first", [1, 5, 1, 1, 0]],
    ["a file behind the end", [1, 5, 1, 1, 255, 255, 255, 255, 255, 255, 127]],
])("a directory with %s is refused", (_, bytes) => {
    expect(() => parse(bytes)).toThrow(ArchiveError);
});

test.each<[string, (bytes: Uint8Array) => void]>([
    ["another magic", (bytes) => (bytes[0] = 0)],
    ["another version", (bytes) => (bytes[7] = 4)],
    ["compressed directories", (bytes) => (bytes[97] = 2)],
    ["compressed tiles", (bytes) => (bytes[98] = 2)],
    ["pictures", (bytes) => (bytes[99] = 2)],
    ["a root inside the header", (bytes) => (bytes[8] = 100)],
    ["a root behind the head", (bytes) => (bytes[18] = 1)],
    ["a section of 2^60 bytes", (bytes) => (bytes[71] = 16)],
])("a header with %s is refused", (_, change) => {
    const section = { offset: 127, byteLength: 10 };
    const header = { root: section, manifest: section, leaves: section, data: section, fileCount: 3 };
    const bytes = writeArchiveHeader({ ...header, minZoom: 3, maxZoom: 9 });
    expect(parseArchiveHeader(bytes)).toEqual({ ...header, minZoom: 3, maxZoom: 9 });
    change(bytes);
    expect(() => parseArchiveHeader(bytes)).toThrow(ArchiveError);
    expect(() => parseArchiveHeader(bytes.subarray(0, 126))).toThrow(ArchiveError);
});

function bytesOf(i: number, length: number): Uint8Array {
    return new Uint8Array(length).fill(i % 251);
}

function sourceOf(archive: Uint8Array): Source {
    return {
        getKey: () => "archive",
        getBytes: (offset, length) =>
            Promise.resolve({ data: new Uint8Array(archive).slice(offset, offset + length).buffer }),
    };
}
