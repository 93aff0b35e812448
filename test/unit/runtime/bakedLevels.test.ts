import { TerraneError, throwProblems } from "../../../src/base/errors.js";
import { faultOfLevels } from "../../../src/runtime/bakedLevels.js";
import { FlatTopology } from "../../../src/space/flatTopology.js";

const topology = new FlatTopology(64);
const upTo = (level: number): number[] => Array.from({ length: level + 1 }, (_, i) => i);
const messageOf = (levels: readonly number[], viewDistance: number, field?: string): string => {
    try {
        throwProblems([faultOfLevels(levels, topology, viewDistance, field)!]);
    } catch (error) {
        expect(error).toBeInstanceOf(TerraneError);
        return (error as TerraneError).message;
    }
    throw new Error("no fault");
};

test("a bake whose levels reach from any level up to the roots is shown", () => {
    expect(topology.rootLevelFor(10_000)).toBe(7);
    for (const levels of [upTo(7), upTo(9), [7], [3, 7, 4, 6, 5]]) {
        expect(faultOfLevels(levels, topology, 10_000)).toBeNull();
    }
});

test("a bake without roots over the view is refused, with the levels and the view distance that would do", () => {
    const message = messageOf(upTo(6), 10_000);
    expect(message).toContain("options.viewDistance is 10000");
    expect(message).toContain("up to 8192 m with a bake of levels 0 to 6");
    expect(message).toContain("terrane bake --levels 0-7");
    expect(faultOfLevels(upTo(6), topology, 8192)).toBeNull();
    expect(faultOfLevels(upTo(6), topology, 8193)).not.toBeNull();
    expect(messageOf([2, 3], 50_000, "viewDistance")).toContain("terrane bake --levels 2-9");
    expect(messageOf([2, 3], 50_000, "viewDistance")).toMatch(/^viewDistance is 50000; allowed: up to 1024 m/);
});

test("for each level the distance that is named is the longest for which it has the roots", () => {
    for (let level = 0; level < 24; level++) {
        const farthest = topology.rootRadii[level]!;
        expect(topology.rootLevelFor(farthest)).toBe(level);
        expect(topology.rootLevelFor(farthest * 1.001)).toBe(level + 1);
    }
    expect(topology.rootLevelFor(topology.rootRadii[24]!)).toBe(24);
});

test("a bake with a gap between its levels, or without any, is refused", () => {
    expect(messageOf([0, 1, 3, 7], 10_000)).toContain("terrane bake --levels 0-7");
    expect(messageOf([0, 1, 3, 7], 10_000)).toContain("all levels from 0 to 7");
    expect(messageOf([8, 10], 10_000)).toContain("terrane bake --levels 8-10");
    expect(messageOf([], 10_000)).toContain("terrane bake --levels 0-7");
});
