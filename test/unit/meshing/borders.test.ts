import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { ChunkFlags } from "../../../src/format/chunkData.js";
import { Presets } from "../../../src/recipe/presets.js";
import { levelHasCaves } from "../../../src/recipe/lattice.js";
import { formatAddress } from "../../../src/space/chunkAddress.js";
import { bakeMesh, type BakedMesh } from "../../support/bakedMesh.js";
import { createGapCounts, lookThroughGaps } from "../../support/borderGaps.js";
import { compareBorders } from "../../support/borderLines.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { isOnBorder, surfaceEdges } from "../../support/meshEdges.js";
import { randomNeighbours } from "../../support/neighbours.js";
import { Random, randomAddress, randomRecipe, testSeed } from "../../support/randomRecipe.js";

const kernels = await loadKernelsAsync();
const seed = testSeed();

beforeAll(initHashAsync);

const KINDS = ["endless", "caves", "random"] as const;
type Kind = (typeof KINDS)[number];

/** A preset under any seed, or any recipe. */
function anyBaker(kind: Kind, random: Random): ChunkBaker {
    const recipe = kind === "random" ? randomRecipe(random) : Presets[kind]({ seed: random.whole(0, 2 ** 32 - 1) });
    return new ChunkBaker(recipe, kernels);
}

/** What is left of vertices that rounding makes one in all that is packed: one edge in so many may be two pairs'. */
const EDGES_TO_A_PINCH = 1000;

test.each(KINDS)(`inner edges have two triangles, in 60 chunks of recipe "%s" (seed ${seed})`, (kind) => {
    const random = new Random(seed ^ 0xed6e5);
    const seen = { fused: 0, inner: 0, pinched: 0, border: 0 };
    for (let i = 0; i < 60; i++) {
        const baker = anyBaker(kind, random);
        const mesh = bakeMesh(baker, randomAddress(random, baker.recipe, 2));
        seen.fused += mesh.isFused ? 1 : 0;
        for (const edge of surfaceEdges(mesh, "look")) {
            const { along, against } = edge;
            seen.pinched += Math.max(along, against) > 1 ? 1 : 0;
            if (isOnBorder(mesh, edge)) {
                seen.border++;
            } else {
                seen.inner++;
                if (along !== against) {
                    throw new Error(
                        `an edge runs ${along} times along and ${against} times against in ` +
                            `${formatAddress(mesh.header.address)} of ${JSON.stringify(baker.recipe)}`,
                    );
                }
            }
        }
    }
    expect(seen.fused).toBeGreaterThan(3);
    expect(seen.border).toBeGreaterThan(60 * 4 * 16);
    expect(seen.pinched).toBeLessThan(seen.inner / EDGES_TO_A_PINCH);
});

test(`chunks of a level share their borders, in 300 pairs of as many recipes (seed ${seed})`, () => {
    const random = new Random(seed ^ 0xb02de2);
    const seen = { fused: 0, mixed: 0, grids: 0, walled: 0 };
    for (let i = 0; i < 300; i++) {
        const baker = anyBaker(KINDS[i % 3]!, random);
        const { low, high, axis, name } = randomNeighbours(baker, random, random.pick([0, 0, 1, 2, 3, 5]), 0);
        // One whose caves found no room has ground where its neighbour's may be open: it is walled against it.
        const isClosed = [low, high].some(
            (mesh) => isWalled(mesh) && levelHasCaves(baker.recipe, mesh.header.address.level),
        );
        if (isClosed) {
            continue;
        }
        if (low.isFused !== high.isFused) {
            seen.mixed++;
        } else {
            seen[low.isFused ? "fused" : isWalled(low) ? "walled" : "grids"]++;
        }
        const difference = compareBorders(low, high, axis);
        if (difference !== "") {
            throw new Error(`${difference}: ${name}`);
        }
    }
    expect(seen.fused).toBeGreaterThan(30);
    expect(seen.mixed).toBeGreaterThan(0);
    expect(seen.grids).toBeGreaterThan(60);
    expect(seen.walled).toBeGreaterThan(60);
});

/** Levels that neighbours are apart at most here. */
const MOST_JUMP = 5;
/**
 * Share of the rays through gaps in which a fused chunk has rock that may see under its ground: where a cave of its
 * neighbour's ends in its border without one of its own, no skirt hangs, and some gaps are deeper than skirts.
 */
const SEEN_UNDER_FUSED = 0.02;

test.each(KINDS)(
    `skirts and walls cover jumps of 1 to ${MOST_JUMP} levels, in 150 pairs of recipe "%s" (seed ${seed})`,
    (kind) => {
        const random = new Random(seed ^ 0x6a9);
        const [ofGrids, ofFused] = [createGapCounts(), createGapCounts()];
        for (let i = 0; i < 150; i++) {
            const baker = anyBaker(kind, random);
            const { resolution } = baker.recipe.terrain;
            const level = random.pick([0, 0, 0, 1, 2]);
            const { name, ...pair } = randomNeighbours(baker, random, level, random.whole(1, MOST_JUMP));
            lookThroughGaps({ ...pair, resolution }, 8, 2, random, ofGrids, ofFused);
            if (ofGrids.holes.length > 0) {
                throw new Error(`${ofGrids.holes[0]}: ${name}`);
            }
        }
        expect(ofGrids.rays).toBeGreaterThan(800);
        expect(ofGrids.fromCaves).toBeGreaterThan(40);
        expect(ofFused.rays).toBeGreaterThan(100);
        expect(ofFused.fromCaves).toBeGreaterThan(0);
        // Wild recipes are steeper than any skirt is deep.
        if (kind !== "random") {
            expect(ofGrids.tooHigh).toBe(0);
            expect(ofFused.holes.length).toBeLessThan(SEEN_UNDER_FUSED * ofFused.rays);
        }
    },
);

function isWalled({ header }: BakedMesh): boolean {
    return (header.flags & ChunkFlags.walled) !== 0;
}
