import { tileIdToZxy, zxyToTileId } from "pmtiles";
import { contentOfTile, tileOfChunk, tileOfNode } from "../../../src/format/archiveTiles.js";
import { MAX_ZOOM, placeOfTile, tileIdOf } from "../../../src/format/hilbert.js";
import { formatAddress, NO_FACE, type ChunkAddress } from "../../../src/space/chunkAddress.js";
import { squareOf } from "../../../src/space/chunkSquare.js";
import { randomOf } from "../../support/archives.js";
import { testSeed } from "../../support/randomRecipe.js";

const seed = testSeed();

describe(`with seed ${seed}`, () => {
    const random = randomOf(seed);
    const below = (count: number): number => Math.floor(random() * count);

    /** Any address that has a tile: flat or on a face, of any level, near the origin, at the edge or anywhere. */
    function randomAddress(): ChunkAddress {
        const face = below(7) - 1;
        const level = below(face === NO_FACE ? 25 : 24);
        const half = level === 24 ? 1 : 2 ** (23 - level);
        const along = (): number => {
            const from = face === NO_FACE ? Math.max(-half, 1 - 2 ** 23) : 0;
            const places = [from, half - 1, 0, below(half), from + below(half - from)];
            return places[below(places.length)]!;
        };
        return { face, level, x: along(), z: along() };
    }

    test("tiles have the ids that PMTiles gives them", () => {
        for (let i = 0; i < 3000; i++) {
            const zoom = below(MAX_ZOOM + 1);
            const [x, y] = [below(2 ** zoom), below(2 ** zoom)];
            const id = tileIdOf(zoom, x, y);
            expect(id).toBe(zxyToTileId(zoom, x, y));
            expect(placeOfTile(id)).toEqual({ zoom, x, y });
        }
    });

    test("every chunk has a tile of its own, of zoom 26 - level, and so has every node of the manifest", () => {
        const contents = new Map<number, string>();
        for (let i = 0; i < 3000; i++) {
            const address = randomAddress();
            const chunk = tileOfChunk(address)!;
            expect(tileIdToZxy(chunk)[0]).toBe(26 - address.level);
            expect(contentOfTile(chunk)).toEqual({ chunk: address });
            const square = squareOf(address, 5 + 5 * below(5));
            const node = tileOfNode(square);
            expect(contentOfTile(node)).toEqual({ node: square });
            for (const [id, text] of [
                [chunk, formatAddress(address)],
                [node, JSON.stringify(square)],
            ] as const) {
                expect(contents.get(id) ?? text).toBe(text);
                contents.set(id, text);
            }
        }
    });

    test("what no archive holds is nothing", () => {
        for (let i = 0; i < 3000; i++) {
            const content = contentOfTile(below(2 ** 53));
            const id =
                content === null ? null : "chunk" in content ? tileOfChunk(content.chunk) : tileOfNode(content.node);
            expect(id === null || Number.isSafeInteger(id)).toBe(true);
        }
        for (const id of [0, 4, -1, 0.5, NaN, Infinity, 2 ** 53, (4 ** 27 - 1) / 3]) {
            expect(contentOfTile(id)).toBeNull();
        }
    });
});

test.each([
    [0, -(2 ** 23) + 1, 2 ** 23 - 1],
    [22, -2, 1],
    [23, -1, 0],
    [24, -1, 0],
])("level %p of flat worlds has tiles from %p to %p, as far as level 0 reaches", (level, first, last) => {
    const tileAt = (x: number): number | null => tileOfChunk({ face: NO_FACE, level, x, z: first });
    expect(tileAt(first)).not.toBeNull();
    expect(tileAt(last)).not.toBeNull();
    expect(tileAt(last + 1)).toBeNull();
    expect(level === 0 || tileAt(first - 1) === null).toBe(true);
});

test("chunks side by side lie close together in an archive", () => {
    // Of 8 x 8 chunks that begin anywhere, as a view wants them: the requests that read them, two chunks apart at most.
    const random = randomOf(1);
    let requests = 0;
    for (let i = 0; i < 200; i++) {
        const [x0, z0] = [Math.floor(random() * 1000), Math.floor(random() * 1000)];
        const ids = Array.from({ length: 64 }, (_, j) =>
            tileOfChunk({ face: NO_FACE, level: 0, x: x0 + (j % 8), z: z0 + (j >> 3) }),
        ) as number[];
        ids.sort((a, b) => a - b);
        requests += ids.filter((id, j) => j === 0 || id - ids[j - 1]! > 3).length;
    }
    expect(requests / 200).toBeLessThan(7);
});
