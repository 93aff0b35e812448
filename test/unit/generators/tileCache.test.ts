import { TileCache, type CachedTile } from "../../../src/generators/tileCache.js";
import { Random, testSeed } from "../../support/randomRecipe.js";

interface Tile extends CachedTile<Tile> {
    content: string;
}

const seed = testSeed();
const LIMIT = 1000;

function createCache(dropped: Tile[]) {
    const create = (): Tile => ({ x: NaN, z: NaN, bytes: 0, isUsed: false, next: null, content: "" });
    return new TileCache<Tile>(LIMIT, create, (tile) => dropped.push(tile));
}

test(`a tile that is found is the one that was filled for the place, and all together keep to the limit (seed ${seed})`, () => {
    const random = new Random(seed);
    const dropped: Tile[] = [];
    const cache = createCache(dropped);
    const sizes = new Map<string, number>();
    let found = 0;
    for (let i = 0; i < 20_000; i++) {
        // Far and near, so that buckets are shared.
        const [x, z] = [random.whole(-4, 4) * random.pick([1, 2 ** 26, 2 ** 40]), random.whole(-4, 4)];
        let tile = cache.find(x, z);
        if (tile === null) {
            tile = cache.claim(x, z);
            tile.content = `${x}/${z}`;
            const bytes = random.whole(1, 120);
            sizes.set(tile.content, bytes);
            cache.account(tile, bytes);
            expect(cache.find(x, z)).toBe(tile);
        } else {
            found++;
        }
        expect(tile.content).toBe(`${x}/${z}`);
        expect(tile.bytes).toBe(sizes.get(tile.content));
        expect(cache.bytes).toBeLessThanOrEqual(LIMIT);
    }
    expect(found).toBeGreaterThan(1000);
    expect(dropped.length).toBeGreaterThan(1000);
    expect(new Set(dropped).size).toBe(dropped.length);
});

test("once it is full it makes no more tiles, and keeps what is asked for again and again", () => {
    const dropped: Tile[] = [];
    const cache = createCache(dropped);
    for (let x = 0; x < 1000; x++) {
        cache.account(cache.claim(x, 0), 10);
        expect(cache.find(0, 0)).not.toBeNull();
    }
    expect([cache.count, cache.bytes, dropped.length]).toEqual([100, 1000, 0]);
    expect(cache.find(1, 0)).toBeNull();
});

test("one that is larger than the limit is kept alone", () => {
    const dropped: Tile[] = [];
    const cache = createCache(dropped);
    cache.account(cache.claim(0, 0), 400);
    cache.account(cache.claim(1, 0), 5000);
    expect([cache.count, cache.bytes, dropped.length]).toEqual([1, 5000, 1]);
    expect(cache.find(0, 0)).toBeNull();
    expect(cache.find(1, 0)).not.toBeNull();
    cache.account(cache.claim(2, 0), 10);
    expect(cache.find(1, 0)).toBeNull();
    expect([cache.count, cache.bytes]).toEqual([1, 10]);
});
