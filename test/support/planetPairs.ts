import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import type { Kernels } from "../../src/kernels/kernels.js";
import type { PlanetRecipe } from "../../src/recipe/recipe.js";
import { formatAddress, type ChunkAddress } from "../../src/space/chunkAddress.js";
import { ChunkList } from "../../src/space/chunkList.js";
import { PlanetTopology } from "../../src/space/planetTopology.js";
import { bakeMesh, type BakedMesh } from "./bakedMesh.js";
import { planetBorderOf, sharedEnds } from "./planetBorders.js";
import { Random } from "./randomRecipe.js";

/** Pairs that a short test compares. */
export const PAIRS = 24;

/** Levels of the chunks that are compared. */
const LEVELS = [0, 0, 0, 1, 3] as const;

export interface ComparedPairs {
    /** What differs, pair by pair. */
    readonly differences: readonly string[];
    readonly acrossFaces: number;
    readonly fused: number;
    readonly mixed: number;
}

/** Compares the borders of random pairs of neighbours on a planet: two thirds lie across faces, some of them at a corner of the cube. */
export function comparePlanetPairs(kernels: Kernels, recipe: PlanetRecipe, pairs: number, seed: number): ComparedPairs {
    const random = new Random(seed ^ 0x91a4e7);
    const topology = new PlanetTopology(recipe.chunkSize, recipe.radius);
    const baker = new ChunkBaker(recipe, kernels);
    const differences: string[] = [];
    const counts = { acrossFaces: 0, fused: 0, mixed: 0 };
    const neighbours = new ChunkList();
    for (let pair = 0; pair < pairs;) {
        const level = Math.min(random.pick(LEVELS), topology.rootLevel);
        const last = 2 ** (topology.rootLevel - level) - 1;
        const place = (isAtEdge: boolean): number =>
            isAtEdge ? random.pick([0, last]) : random.pick([0, last, random.whole(0, last), random.whole(0, last)]);
        const isX = random.next() < 0.5;
        const isAcross = pair % 3 !== 2;
        const own = { face: random.whole(0, 5), level, x: place(isAcross && isX), z: place(isAcross && !isX) };
        topology.neighboursToRef(own.face, level, own.x, own.z, neighbours);
        const candidates: ChunkAddress[] = [];
        for (let i = 0; i < neighbours.count; i++) {
            const other = { face: neighbours.faces[i]!, level, x: neighbours.xs[i]!, z: neighbours.zs[i]! };
            if (sharedEnds(own, other, last + 1) !== null && (other.face !== own.face) === isAcross) {
                candidates.push(other);
            }
        }
        if (candidates.length === 0) {
            continue;
        }
        pair++;
        const other = random.pick(candidates);
        const [mine, theirs] = [bakeMesh(baker, own), bakeMesh(baker, other)];
        counts.acrossFaces += isAcross ? 1 : 0;
        counts.fused += mine.isFused && theirs.isFused ? 1 : 0;
        counts.mixed += mine.isFused !== theirs.isFused ? 1 : 0;
        const difference = differenceOf(mine, theirs, own, other, last + 1);
        if (difference !== null) {
            differences.push(`${formatAddress(own)} and ${formatAddress(other)}: ${difference}`);
        }
    }
    return { differences, ...counts };
}

function differenceOf(
    mine: BakedMesh,
    theirs: BakedMesh,
    own: ChunkAddress,
    other: ChunkAddress,
    chunksAlong: number,
): string | null {
    const [first, second] = sharedEnds(own, other, chunksAlong)!;
    const a = planetBorderOf(mine, first, second, false);
    const b = planetBorderOf(theirs, first, second, true);
    if (a.vertices.size === 0) {
        return "no vertex on the border";
    }
    if (mine.isFused === theirs.isFused) {
        const stray = [...a.vertices].filter((vertex) => !b.vertices.has(vertex)).length;
        const missing = [...b.vertices].filter((vertex) => !a.vertices.has(vertex)).length;
        const edges = [...a.edges].filter((edge) => !b.edges.has(edge)).length;
        return stray + missing + edges + Math.abs(a.edges.size - b.edges.size) === 0
            ? null
            : `${stray} vertices and ${missing} of ${a.vertices.size} differ, ${edges} edges of ${a.edges.size} and ${b.edges.size}`;
    }
    // A fused chunk may have more vertices: where cells that are cut meet cells that are not.
    const [grid, fused] = mine.isFused ? [b, a] : [a, b];
    const missing = [...grid.vertices].filter((vertex) => !fused.vertices.has(vertex)).length;
    return missing === 0
        ? null
        : `${missing} of ${grid.vertices.size} vertices of the height grid are not the fused chunk's`;
}
