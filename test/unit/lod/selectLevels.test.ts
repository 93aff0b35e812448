import { chooseShown } from "../../../src/lod/selectLevels.js";
import { MERGE_FACTOR } from "../../../src/lod/splitDistances.js";
import { assertAddress, MAX_CHUNK_COORDINATE, NO_FACE } from "../../../src/space/chunkAddress.js";
import { createSelection, leafAt, pointAt, select } from "./selectionFixture.js";

test("the default view of 10 km takes 130 to 300 chunks over at least 6 levels, wherever one stands", () => {
    for (const [x, z] of [
        [0, 0],
        [10, 20],
        [1000, -3000],
        [777, 4123],
        [-31_999, 16_001],
    ] as const) {
        const leaves = select(createSelection(), pointAt(x, 30, z));
        expect(leaves.length).toBeGreaterThanOrEqual(130);
        expect(leaves.length).toBeLessThanOrEqual(300);
        expect(new Set(leaves.map(({ level }) => level)).size).toBeGreaterThanOrEqual(6);
    }
});

test.each([
    [50, 4],
    [50, 64],
    [50, 512],
    [1000, 4],
    [10_000, 64],
    [1_000_000, 4],
    [1_000_000, 64],
    [1_000_000, 512],
])("a radius of %d m with chunks of %d m is covered once, by few chunks, from few roots", (radius, chunkSize) => {
    const farthest = (MAX_CHUNK_COORDINATE * chunkSize) / 2;
    for (const [x, z] of [
        [0, 0],
        [1234.5, -987.6],
        [farthest, -farthest],
    ] as const) {
        const selection = createSelection({ radius, chunkSize });
        const leaves = select(selection, pointAt(x, 30, z, radius));
        expect(selection.roots.count).toBeLessThanOrEqual(36);
        expect(leaves.length).toBeLessThan(1500);
        leaves.forEach(({ record }) => assertAddress(record.address));
        for (let i = 0; i < 60; i++) {
            const angle = i * 2.4;
            const distance = (radius * (i + 0.5)) / 60;
            leafAt(selection, x + Math.cos(angle) * distance, z + Math.sin(angle) * distance);
        }
    }
});

test("a leaf is never nearer than its split distance, and its parent never farther", () => {
    const selection = createSelection();
    for (const leaf of select(selection, pointAt(100, 20, 100))) {
        expect(leaf.distance).toBeGreaterThanOrEqual(selection.splitDistances[leaf.level]!);
        if (leaf.parent !== null) {
            expect(leaf.parent.distance).toBeLessThan(selection.splitDistances[leaf.level + 1]!);
        }
    }
});

test("from high above nothing fine is wanted, not even while no chunk's heights are known", () => {
    const leaves = select(createSelection(), pointAt(0, 5000, 0));
    expect(Math.min(...leaves.map(({ level }) => level))).toBeGreaterThanOrEqual(4);
    // The same height over ground that lies as high is no height.
    const onTop = select(createSelection(), pointAt(0, 5000, 0, 10_000, 4990));
    expect(Math.min(...onTop.map(({ level }) => level))).toBe(0);
});

test("known heights count for a chunk and all below it that is not known itself", () => {
    const selection = createSelection();
    select(selection, pointAt(100, 3000, 100));
    const coarse = leafAt(selection, 100, 100).level;
    const root = selection.roots.toArray().find(({ x, z }) => x === 0 && z === 0)!;
    root.record.minY = 2800;
    root.record.maxY = 2950;
    select(selection, pointAt(100, 3000, 100));
    expect(leafAt(selection, 100, 100).level).toBeLessThan(coarse);
    expect(leafAt(selection, 100, 100).level).toBe(0);
});

test("what is split stays so until the viewer is clearly farther", () => {
    const level = 4;
    const fine = (distance: number, selection = createSelection()) => {
        select(selection, pointAt(-distance, 0, 512, 30_000));
        return leafAt(selection, 0.5, 512).level < level;
    };
    const limit = createSelection().splitDistances[level]!;
    const selection = createSelection();
    expect(fine(limit + 1, selection)).toBe(false);
    expect(fine(limit - 1, selection)).toBe(true);
    expect(fine(limit + 1, selection)).toBe(true);
    expect(fine(limit * MERGE_FACTOR - 1, selection)).toBe(true);
    expect(fine(limit * MERGE_FACTOR + 1, selection)).toBe(false);
    expect(fine(limit + 1, selection)).toBe(false);
});

test("of several viewers the nearest decides; one that was never anywhere does not count", () => {
    const both = createSelection();
    select(both, pointAt(0, 10, 0), pointAt(200_000, 10, 0, 2000));
    expect(leafAt(both, 1, 1).level).toBe(0);
    expect(leafAt(both, 200_001, 1).level).toBe(0);
    expect(() => leafAt(both, 100_000, 1)).toThrow("0 leaves");
    const none = select(createSelection(), { ...pointAt(0, 10, 0), isKnown: false });
    expect(none).toEqual([]);
});

test("roots that exist already become part of larger ones, with all they have", () => {
    const selection = createSelection({ radius: 1000 });
    select(selection, pointAt(0, 10, 0, 1000));
    const before = leafAt(selection, 1, 1);
    for (let i = 0; i < 3; i++) {
        selection.tree.growRoots(selection.rootLevel);
        selection.rootLevel++;
    }
    select(selection, pointAt(0, 10, 0, 8000));
    expect(leafAt(selection, 1, 1)).toBe(before);
    expect(leafAt(selection, 7000, 100).level).toBeGreaterThan(3);
});

test("nodes that nobody wants go, and are used again", () => {
    const selection = createSelection();
    let most = 0;
    const seen = new Set<unknown>();
    for (let frame = 0; frame < 300; frame++) {
        select(selection, pointAt(frame * 200, 10, frame * 100));
        const { nodes } = selection.tree;
        for (let i = nodes.length - 1; i >= 0; i--) {
            if (i < nodes.length) {
                selection.tree.prune(nodes[i]!, selection.frame);
            }
        }
        nodes.forEach((node) => seen.add(node));
        most = Math.max(most, nodes.length);
    }
    expect(most).toBeLessThan(800);
    expect(seen.size).toBeLessThan(most * 1.5);
});

describe("what is drawn", () => {
    /** Roots of level 1, of which the one below the viewer is split. */
    const setUp = () => {
        const selection = createSelection({ radius: 200 });
        select(selection, pointAt(32, 10, 32, 20));
        return selection;
    };
    const upload = (selection: ReturnType<typeof setUp>, level: number, x: number, z: number) => {
        const node = selection.tree.find(NO_FACE, level, x, z)!;
        node.handle = 1;
        return node;
    };
    const chosen = (selection: ReturnType<typeof setUp>) => {
        chooseShown(selection);
        return selection.chosen
            .toArray()
            .map(({ level, x, z }) => `${level}/${x}/${z}`)
            .sort();
    };

    test("a coarse chunk stays until all four finer ones are there", () => {
        const selection = setUp();
        const root = selection.roots.toArray().find(({ x, z }) => x === 0 && z === 0)!;
        expect(root.isSplit).toBe(true);
        upload(selection, 1, 0, 0);
        for (const [x, z] of [
            [0, 0],
            [1, 0],
            [0, 1],
        ] as const) {
            upload(selection, 0, x, z);
            expect(chosen(selection)).toEqual(["1/0/0"]);
        }
        upload(selection, 0, 1, 1);
        expect(chosen(selection)).toEqual(["0/0/0", "0/0/1", "0/1/0", "0/1/1"]);
    });

    test("where nothing coarser is there, each finer one is drawn as it comes, and the coarse one takes their place", () => {
        const selection = setUp();
        upload(selection, 0, 1, 0);
        expect(chosen(selection)).toEqual(["0/1/0"]);
        upload(selection, 1, 0, 0);
        expect(chosen(selection)).toEqual(["1/0/0"]);
    });

    test("finer ones stay drawn until the coarse one that is now wanted is there", () => {
        const selection = setUp();
        for (const [x, z] of [
            [0, 0],
            [1, 0],
            [0, 1],
            [1, 1],
        ] as const) {
            upload(selection, 0, x, z);
        }
        select(selection, pointAt(32, 5000, 32, 20));
        expect(selection.tree.find(NO_FACE, 1, 0, 0)!.isSplit).toBe(false);
        expect(chosen(selection)).toEqual(["0/0/0", "0/0/1", "0/1/0", "0/1/1"]);
        expect(selection.missing.toArray().map(({ level }) => level)).toEqual(selection.roots.toArray().map(() => 1));
        upload(selection, 1, 0, 0);
        expect(chosen(selection)).toEqual(["1/0/0"]);
    });
});
