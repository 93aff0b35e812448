import { addressesOfBlock, iteratePyramid } from "../../../src/baker/chunkBlock.js";
import { verifyBakeAsync } from "../../../src/baker/verifyBake.js";
import { WorldBaker } from "../../../src/baker/worldBaker.js";
import { parseRecipe } from "../../../src/recipe/parseRecipe.js";
import { formatAddress } from "../../../src/space/chunkAddress.js";
import { MemoryStore } from "../../../src/store/memoryStore.js";
import { chunkStoreOf } from "../../support/chunkStoreOf.js";
import { wasmFile } from "../../support/kernels.js";

/** A face has 512 chunks of level 0 along its edge, and its root is level 9. */
const recipe = parseRecipe({
    topology: "planet",
    radius: 20_000,
    terrain: { resolution: 16 },
    caves: { complexity: 1 },
});
const baker = { workers: 0, wasmUrl: wasmFile };

test("a block lies in the middle of face 0, or where it says; of a wide one there is what a face has", () => {
    expect(addressesOfBlock({ countX: 2, countZ: 1 }, recipe).map(formatAddress)).toEqual([
        "0/0/255/256",
        "0/0/256/256",
    ]);
    expect(
        addressesOfBlock({ face: 3, level: 8, countX: 9, countZ: 1, centerZ: 1 }, recipe).map(formatAddress),
    ).toEqual(["3/8/0/1", "3/8/1/1"]);
    expect(addressesOfBlock({ face: 5, level: 9, countX: 2 ** 20, countZ: 2 ** 20 }, recipe)).toHaveLength(1);
});

test("a pyramid over a block ends at the face's borders and at its root", () => {
    const names = [...iteratePyramid({ face: 2, countX: 3, countZ: 3, centerX: 1, centerZ: 1 }, [7, 9], recipe)].map(
        formatAddress,
    );
    expect(names.filter((name) => name.startsWith("2/7/"))).toHaveLength(16);
    expect(names.filter((name) => name.startsWith("2/8/"))).toHaveLength(4);
    expect(names.filter((name) => name.startsWith("2/9/"))).toEqual(["2/9/0/0"]);
});

test.each([
    [{ face: 6, countX: 1, countZ: 1 }, "chunks.face is 6"],
    [{ level: 10, countX: 1, countZ: 1 }, "chunks.level is 10; allowed: at most 9, where a face is one chunk"],
    [
        { countX: 4, countZ: 4, centerX: 1 },
        "chunks.centerX is 1; allowed: so that all 4 chunks lie on the face, from 0 to 511",
    ],
])("block %j is refused by name", (chunks, text) => {
    expect(() => new WorldBaker(baker).plan(recipe, { chunks })).toThrow(text);
});

test("chunks of another topology, and levels that a planet lacks, are refused by name", () => {
    const plan =
        (options: Parameters<WorldBaker["plan"]>[1], of = recipe) =>
        () =>
            new WorldBaker(baker).plan(of, options);
    expect(plan({ addresses: [{ face: -1, level: 0, x: 0, z: 0 }] })).toThrow("addresses[0].face is -1");
    expect(plan({ addresses: [{ face: 0, level: 0, x: 0, z: 0 }] }, parseRecipe({}))).toThrow("addresses[0].face is 0");
    expect(plan({ chunks: { face: 0, countX: 1, countZ: 1 } }, parseRecipe({}))).toThrow("chunks.face is 0");
    expect(plan({ chunks: { countX: 1, countZ: 1 }, levels: [8, 12] })).toThrow("levels of at most 9");
});

test("a block of a planet is baked, verified, gone on with, and mended", async () => {
    const store = chunkStoreOf(new MemoryStore());
    const chunks = { face: 4, countX: 2, countZ: 2, centerX: 1, centerZ: 511 };
    const bakeAsync = () => new WorldBaker(baker).bakeAsync(recipe, { store, chunks });
    const manifest = await bakeAsync();
    const names = manifest.chunks.map(({ address }) => address);
    expect(names.sort()).toEqual(["4/0/0/510", "4/0/0/511", "4/0/1/510", "4/0/1/511"]);
    expect(await verifyBakeAsync(store, { baker, rebake: 4 })).toMatchObject({ chunks: 4, bad: [], rebaked: 4 });
    expect((await bakeAsync()).rootHash).toBe(manifest.rootHash);
});
