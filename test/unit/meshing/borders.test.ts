import { ChunkBaker } from "../../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../../src/base/hash.js";
import { ChunkFlags } from "../../../src/format/chunkData.js";
import type { Recipe } from "../../../src/recipe/recipe.js";
import { Presets } from "../../../src/recipe/presets.js";
import { levelHasCaves } from "../../../src/recipe/lattice.js";
import { formatAddress } from "../../../src/space/chunkAddress.js";
import { bakeMesh, type BakedMesh } from "../../support/bakedMesh.js";
import { createGapCounts, lookThroughGaps } from "../../support/borderGaps.js";
import { borderLineOf, compareBorders } from "../../support/borderLines.js";
import { loadKernelsAsync } from "../../support/kernels.js";
import { isOnBorder, surfaceEdges } from "../../support/meshEdges.js";
import { randomNeighbours } from "../../support/neighbours.js";
import { Random, randomAddress, randomRecipe, testSeed } from "../../support/randomRecipe.js";

const kernels = await loadKernelsAsync();
const seed = testSeed();

beforeAll(initHashAsync);

const KINDS = ["endless", "caves", "mountains", "random"] as const;
type Kind = (typeof KINDS)[number];

/** Mountains with gullies everywhere, under any seed. */
const MOUNTAINS = { terrain: { macro: { reliefSpline: [[-1, 1] as const, [1, 0.6] as const] } } };

/** A preset under any seed, or any recipe. */
function anyRecipe(kind: Kind, random: Random): Recipe {
    if (kind === "random") {
        return randomRecipe(random);
    }
    const seed = random.whole(0, 2 ** 32 - 1);
    return kind === "mountains" ? Presets.caves({ ...MOUNTAINS, seed }) : Presets[kind]({ seed });
}

function anyBaker(kind: Kind, random: Random): ChunkBaker {
    return new ChunkBaker(anyRecipe(kind, random), kernels);
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

test(`chunks of a level share their borders, in 400 pairs of as many recipes (seed ${seed})`, () => {
    const random = new Random(seed ^ 0xb02de2);
    const seen = { fused: 0, mixed: 0, grids: 0, walled: 0 };
    for (let i = 0; i < 400; i++) {
        const baker = anyBaker(KINDS[i % KINDS.length]!, random);
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

test(`skirts of fused chunks begin at all of their border's line, and face outwards (seed ${seed})`, () => {
    const random = new Random(seed ^ 0x5c1);
    const seen = { fused: 0, edges: 0 };
    for (let i = 0; i < 120; i++) {
        const baker = anyBaker(KINDS[i % 3]!, random);
        const mesh = bakeMesh(baker, randomAddress(random, baker.recipe, 2));
        if (!mesh.isFused) {
            continue;
        }
        seen.fused++;
        for (const [axis, isHigh] of [
            [0, false],
            [0, true],
            [2, false],
            [2, true],
        ] as const) {
            const hanging = hangingLineOf(mesh, axis, isHigh);
            const lacking = [...borderLineOf(mesh, axis, isHigh, true).edges.keys()].filter(
                (edge) => !hanging.has(edge),
            );
            seen.edges += hanging.size;
            if (lacking.length > 0) {
                const name = `${formatAddress(mesh.header.address)} of ${JSON.stringify(baker.recipe)}`;
                throw new Error(`${lacking.length} edges have no skirt, ${lacking[0]!}: ${name}`);
            }
        }
    }
    expect(seen.fused).toBeGreaterThan(30);
    expect(seen.edges).toBeGreaterThan(30 * 4 * 16);
});

/** Edges of one triangle of what hangs in a border plane, keyed as `borderLineOf` keys the surface's. */
function hangingLineOf({ quanta, indices, header, side, surfaceIndexCount }: BakedMesh, axis: 0 | 2, isHigh: boolean) {
    const base = Math.round(header.origin.y / header.quantum);
    const place = (vertex: number): string => `${quanta[vertex * 3 + 1]! + base} ${quanta[vertex * 3 + 2 - axis]!}`;
    const line = new Set<string>();
    for (let i = surfaceIndexCount; i < indices.length; i += 3) {
        const corners = [indices[i]!, indices[i + 1]!, indices[i + 2]!];
        if (corners.some((vertex) => quanta[vertex * 3 + axis] !== (isHigh ? side : 0))) {
            continue;
        }
        for (let k = 0; k < 3; k++) {
            const [from, to] = [place(corners[k]!), place(corners[(k + 1) % 3]!)];
            if (!line.delete(`${to} ${from}`)) {
                line.add(`${from} ${to}`);
            }
        }
    }
    return line;
}

/** Levels that neighbours are apart at most here, where the finer one has samples of the coarser one's along its border. */
const MOST_JUMP = 6;

test.each(KINDS)(
    `skirts and walls cover jumps of 1 to ${MOST_JUMP} levels, in 150 pairs of recipe "%s" (seed ${seed})`,
    (kind) => {
        const random = new Random(seed ^ 0x6a9);
        const [ofGrids, ofFused] = [createGapCounts(), createGapCounts()];
        for (let i = 0; i < 150; i++) {
            const baker = anyBaker(kind, random);
            const mostJump = Math.min(MOST_JUMP, Math.log2(baker.recipe.terrain.resolution));
            const level = random.pick([0, 0, 0, 1, 2]);
            const { name, ...pair } = randomNeighbours(baker, random, level, random.whole(1, mostJump));
            lookThroughGaps(pair, 16, 2, random, ofGrids, ofFused);
            const hole = ofGrids.holes[0] ?? ofFused.holes[0];
            if (hole !== undefined) {
                throw new Error(`${hole}: ${name}`);
            }
        }
        expect(ofGrids.rays).toBeGreaterThan(1000);
        expect(ofGrids.fromCaves).toBeGreaterThan(40);
        expect(ofFused.rays).toBeGreaterThan(200);
        expect(ofFused.fromCaves).toBeGreaterThan(0);
    },
);

function isWalled({ header }: BakedMesh): boolean {
    return (header.flags & ChunkFlags.walled) !== 0;
}
