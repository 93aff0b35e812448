import { isGroundSettled } from "../../../src/lod/groundReadiness.js";
import { prefetchLevels } from "../../../src/lod/prefetchLevels.js";
import type { QuadNode } from "../../../src/lod/quadtree.js";
import { chooseShown } from "../../../src/lod/selectLevels.js";
import { RecordState } from "../../../src/residency/chunkRecord.js";
import { Availability, type ChunkAvailability } from "../../../src/space/chunkAvailability.js";
import { childX, childZ } from "../../../src/space/chunkTree.js";
import { BakedPyramid, pyramidAround, randomPyramid } from "../../support/bakedPyramid.js";
import { Random, testSeed } from "../../support/randomRecipe.js";
import { createSelection, leafAt, leavesOf, pointAt, select } from "./selectionFixture.js";

const seed = testSeed();
/** Of chunks of 64 m, roots have level 5 for a radius of 4 km. */
const RADIUS = 4000;
const ROOT_LEVEL = 5;

const EVERYTHING: ChunkAvailability = {
    coarsestLevel: 24,
    pendingCount: 0,
    at: () => Availability.available,
    childrenAt: () => Availability.available,
    whenKnownAsync: () => Promise.resolve(),
};

const textOf = ({ level, x, z }: { level: number; x: number; z: number }): string => `${level}/${x}/${z}`;

/** Selects until no more becomes known. */
function selectKnown(
    selection: ReturnType<typeof createSelection>,
    pyramid: BakedPyramid,
    ...points: ReturnType<typeof pointAt>[]
): QuadNode<number>[] {
    for (let i = 0; i < 20; i++) {
        const leaves = select(selection, ...points);
        if (pyramid.available.pendingCount === 0) {
            return leaves;
        }
        pyramid.answer();
    }
    throw new Error("there is always more to be known");
}

/** Shows what the selection chooses, once the sink has all that is not given up. */
function showAll(selection: ReturnType<typeof createSelection>): void {
    for (const node of selection.tree.nodes) {
        node.handle = node.record.isGivenUp ? null : 1;
        node.handleBytes = node.record.bytes;
        node.record.state = node.record.isGivenUp ? RecordState.failed : RecordState.ready;
    }
    chooseShown(selection);
    selection.tree.nodes.forEach((node) => (node.isShown = false));
    selection.chosen.toArray().forEach((node) => (node.isShown = true));
}

test("where there is every chunk, levels are as if nobody was asked", () => {
    const plain = createSelection();
    const asking = createSelection({ available: EVERYTHING });
    for (let i = 0; i < 60; i++) {
        const points = [pointAt(i * 300, 20 + i * 40, i * -170), pointAt(-i * 900, 40, 5000, 3000)];
        expect(select(asking, ...points).map(textOf)).toEqual(select(plain, ...points).map(textOf));
    }
    expect([asking.absentRoots.count, asking.unknownRoots.count, asking.undecidedCount]).toEqual([0, 0, 0]);
});

test("over a pyramid levels are as fine as anywhere; beyond its edge there is nothing, and in between they stop", () => {
    const pyramid = pyramidAround(128, ROOT_LEVEL);
    const selection = createSelection({ radius: RADIUS, available: pyramid.available });
    const leaves = selectKnown(selection, pyramid, pointAt(0, 30, 0, RADIUS));
    const plain = createSelection({ radius: RADIUS });
    select(plain, pointAt(0, 30, 0, RADIUS));
    expect(leafAt(selection, 10, 10).level).toBe(0);
    expect(selection.absentRoots.count).toBe(0);
    expect(leaves.map(textOf).sort()).toEqual(leavesOf(plain.roots.toArray()).map(textOf).sort());

    const atEdge = selectKnown(selection, pyramid, pointAt(4090, 30, 0, RADIUS));
    expect(atEdge.every(({ level, x, z }) => pyramid.has(level, x, z))).toBe(true);
    expect(leafAt(selection, 4090, 10).level).toBe(0);
    expect(() => leafAt(selection, 4100, 10)).toThrow("0 leaves");
    expect(selection.absentRoots.count).toBeGreaterThan(3);

    expect(selectKnown(selection, pyramid, pointAt(100_000, 30, 0, RADIUS))).toEqual([]);
    expect(selection.absentRoots.count).toBeGreaterThan(3);
});

test("a chunk of whose children one is missing is not split", () => {
    const texts = new Set<string>(["5/0/0"]);
    for (let level = 4; level >= 0; level--) {
        for (let child = 0; child < 4; child++) {
            texts.add(`${level}/${childX(0, child)}/${childZ(0, child)}`);
        }
    }
    const levelWithout = (missing: string): number => {
        const pyramid = new BakedPyramid([...texts].filter((text) => text !== missing));
        const selection = createSelection({ radius: RADIUS, available: pyramid.available });
        selectKnown(selection, pyramid, pointAt(1, 30, 1, RADIUS));
        return leafAt(selection, 1, 1).level;
    };
    expect(levelWithout("none")).toBe(0);
    for (let level = 0; level < 5; level++) {
        expect([1, 2, 3].map((child) => levelWithout(`${level}/${child & 1}/${child >> 1}`))).toEqual(
            Array(3).fill(level + 1),
        );
    }
});

test("while nobody knows, a chunk stays as it was, and neither the view nor the ground is settled", () => {
    const pyramid = pyramidAround(128, ROOT_LEVEL);
    const selection = createSelection({ radius: RADIUS, available: pyramid.available });
    const point = pointAt(10, 30, 10, RADIUS);
    const settled = (): boolean => {
        showAll(selection);
        return isGroundSettled(selection, { x: 10, y: 0, z: 10 }, 50);
    };
    expect(select(selection, point)).toEqual([]);
    expect(selection.unknownRoots.count).toBeGreaterThan(3);
    expect(settled()).toBe(false);
    let finest = ROOT_LEVEL;
    for (let i = 0; i < ROOT_LEVEL; i++) {
        pyramid.answer();
        select(selection, point);
        expect([selection.unknownRoots.count, leafAt(selection, 10, 10).level]).toEqual([0, finest]);
        expect(selection.undecidedCount).toBeGreaterThan(0);
        expect(settled()).toBe(false);
        finest--;
    }
    pyramid.answer();
    select(selection, point);
    expect([selection.undecidedCount, leafAt(selection, 10, 10).level]).toEqual([0, 0]);
    expect(settled()).toBe(true);

    // What was split stays so when its block is forgotten, until it is known again.
    const before = leavesOf(selection.roots.toArray()).map(textOf);
    pyramid.available.clear();
    expect(select(selection, point).map(textOf)).toEqual(before);
    expect(selection.undecidedCount).toBeGreaterThan(0);
    expect(settled()).toBe(false);
    // Elsewhere, what is not known is not begun.
    select(selection, pointAt(3000, 5000, 3000, RADIUS));
    pyramid.available.clear();
    select(selection, point);
    expect(leafAt(selection, 10, 10).level).toBeGreaterThan(0);
});

test("ground beyond the edge is settled where a viewer wants it, and is not where none does", () => {
    const pyramid = pyramidAround(64, ROOT_LEVEL);
    const selection = createSelection({ radius: RADIUS, available: pyramid.available });
    selectKnown(selection, pyramid, pointAt(50_000, 30, 0, RADIUS));
    chooseShown(selection);
    expect(isGroundSettled(selection, { x: 50_000, y: 0, z: 0 }, 100)).toBe(true);
    expect(isGroundSettled(selection, { x: 0, y: 0, z: 0 }, 100)).toBe(false);
    // At the edge, what there is decides.
    selectKnown(selection, pyramid, pointAt(2040, 30, 0, RADIUS));
    chooseShown(selection);
    expect(isGroundSettled(selection, { x: 2040, y: 0, z: 0 }, 20)).toBe(false);
    expect(isGroundSettled(selection, { x: 2100, y: 0, z: 0 }, 20)).toBe(true);
});

test("who sees farther than the roots reach sees as far as they do, from few of them", () => {
    const pyramid = pyramidAround(128, ROOT_LEVEL);
    const selection = createSelection({ radius: RADIUS, available: pyramid.available });
    selectKnown(selection, pyramid, pointAt(0, 30, 0, 1_000_000));
    expect(selection.roots.count + selection.absentRoots.count).toBeLessThanOrEqual(36);
    expect(selection.roots.count).toBe(16);
});

test("where the roots on one side are not known yet, ground that reaches over to it is not settled", () => {
    const pyramid = new BakedPyramid(["-2", "-1", "0", "1"].flatMap((x) => [-1, 0].map((z) => `5/${x}/${z}`)));
    const selection = createSelection({ radius: RADIUS, available: pyramid.available });
    const settled = (): boolean => {
        showAll(selection);
        return isGroundSettled(selection, { x: 0, y: 0, z: 1000 }, 50);
    };
    const seen: [boolean, boolean][] = [];
    for (let i = 0; i < 5; i++) {
        select(selection, pointAt(0, 30, 1000, RADIUS));
        seen.push([selection.unknownRoots.count > 0, settled()]);
        pyramid.answer(1);
    }
    // The four blocks that meet here become known one after another.
    expect(seen).toEqual([...Array(4).fill([true, false]), [false, true]]);
});

test("ground that a coarse chunk covers is not settled while nobody knows what could cover for one that is given up", () => {
    const pyramid = pyramidAround(128, ROOT_LEVEL);
    const selection = createSelection({ radius: RADIUS, available: pyramid.available });
    const settled = (): boolean => {
        showAll(selection);
        return isGroundSettled(selection, { x: 1500, y: 0, z: 512 }, 10);
    };
    // Of 5/0/0 only the child 4/0/0 is so near that it is to be split in its turn.
    const point = pointAt(-1000, 30, 512, RADIUS);
    select(selection, point);
    pyramid.answer();
    select(selection, point);
    pyramid.answer();
    select(selection, point);
    const child = selection.tree.find(-1, 4, 0, 0)!;
    child.record.isGivenUp = true;
    expect([child.isUndecided, selection.tree.find(-1, 4, 1, 0)!.isUndecided]).toEqual([true, false]);
    expect(settled()).toBe(false);
    selectKnown(selection, pyramid, point);
    expect(child.isSplit).toBe(true);
    expect(settled()).toBe(true);
});

test(`prefetching asks for nothing that there is not (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let round = 0; round < 10; round++) {
        const pyramid = randomPyramid(random, ROOT_LEVEL, 3);
        const selection = createSelection({ radius: RADIUS, available: pyramid.available });
        selectKnown(selection, pyramid, pointAt(-1500, 30, 0, RADIUS));
        const visited = new Set<string>();
        const visitor = {
            visitMissing: (_: number, level: number, x: number, z: number) => void visited.add(`${level}/${x}/${z}`),
        };
        for (let x = -1500; x < 6000; x += 100) {
            prefetchLevels(selection, [pointAt(x, 30, 0, RADIUS)], visitor);
            pyramid.answer();
        }
        expect([...visited].filter((text) => !pyramid.hasText(text))).toEqual([]);
        expect(visited.size).toBeGreaterThan(50);
    }
});

test(`over random pyramids only chunks that there are are wanted, each place once, as fine as there are all four (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let round = 0; round < 30; round++) {
        const pyramid = randomPyramid(random, ROOT_LEVEL, 3);
        const selection = createSelection({ radius: RADIUS, available: pyramid.available });
        for (let i = 0; i < 4; i++) {
            const [x, z] = [random.between(-7000, 7000), random.between(-7000, 7000)];
            const leaves = selectKnown(selection, pyramid, pointAt(x, 30, z, RADIUS));
            expect(leaves.filter(({ level, x, z }) => !pyramid.has(level, x, z))).toEqual([]);
            for (let j = 0; j < 30; j++) {
                const [atX, atZ] = [x + random.between(-2000, 2000), z + random.between(-2000, 2000)];
                const at = (level: number): [number, number] => [
                    Math.floor(atX / (64 << level)),
                    Math.floor(atZ / (64 << level)),
                ];
                if (!pyramid.has(ROOT_LEVEL, ...at(ROOT_LEVEL))) {
                    expect(() => leafAt(selection, atX, atZ)).toThrow("0 leaves");
                    continue;
                }
                const leaf = leafAt(selection, atX, atZ);
                const canSplit = [0, 1, 2, 3].every((child) =>
                    pyramid.has(leaf.level - 1, childX(leaf.x, child), childZ(leaf.z, child)),
                );
                if (leaf.level > 0 && canSplit) {
                    expect(leaf.distance).toBeGreaterThanOrEqual(selection.splitDistances[leaf.level]!);
                }
            }
        }
    }
});
