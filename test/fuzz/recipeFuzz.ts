import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { ChunkFlags } from "../../src/format/chunkData.js";
import { chunkLimitsOf } from "../../src/format/chunkLimits.js";
import { ChunkFields, GRID_MARGIN } from "../../src/generators/chunkFields.js";
import { FieldSampler } from "../../src/generators/fieldSampler.js";
import { createKernels } from "../../src/kernels/kernels.js";
import { levelHasCaves, quantumAt } from "../../src/recipe/lattice.js";
import { riseWithin } from "../../src/recipe/heightBound.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { flatAddress, formatAddress, MAX_CHUNK_COORDINATE, type ChunkAddress } from "../../src/space/chunkAddress.js";
import { bakeMesh, type BakedMesh } from "../support/bakedMesh.js";
import { borderLineOf, compareBorders, type BorderAxis } from "../support/borderLines.js";
import { loadKernelModuleAsync } from "../support/kernels.js";
import { Random } from "../support/randomRecipe.js";
import { wildRecipe } from "./wildRecipe.js";

/** Places that are looked at for the steepest, a recipe. */
const PLACES = 24;
const INT16_MIN = -32_768;
const INT16_MAX = 32_767;
const MOST_KERNEL_BYTES = 128 * 2 ** 20;
const MOST_CHUNK_BYTES = 16 * 2 ** 20;

export interface RecipeFuzzCounts {
    recipes: number;
    /** Inputs that were refused on the way to these. */
    refusals: number;
    /** Recipes whose heights are the most that a refusal named. */
    atBound: number;
    chunks: number;
    fused: number;
    /** Chunks of levels with caves that found no room for theirs. */
    closed: number;
    /** Pairs of neighbours whose border was compared, and those of a fused chunk beside a height grid. */
    borders: number;
    mixedBorders: number;
    borderVertices: number;
    /** Vertices of the ground that `sampleHeight` was asked about. */
    heights: number;
    /** The largest share of what its recipe promises by which a chunk's ground rises. */
    steepest: number;
    largestChunkBytes: number;
    largestKernelBytes: number;
    slowestMs: number;
    /** What went wrong, with all that it takes to see it again. */
    faults: string[];
}

/**
 * Bakes chunks of wild recipes where each is steepest, with a neighbour: no vertex may lie at the limits of int16, both must share
 * their border, `sampleHeight` must answer what is drawn, and nothing may take more than it may. Await `initHashAsync` before.
 *
 * @param first number of the first recipe, to see one again
 */
export async function fuzzRecipesAsync(count: number, seed: number, first = 0): Promise<RecipeFuzzCounts> {
    const module = await loadKernelModuleAsync();
    const counts: RecipeFuzzCounts = {
        recipes: 0,
        refusals: 0,
        atBound: 0,
        chunks: 0,
        fused: 0,
        closed: 0,
        borders: 0,
        mixedBorders: 0,
        borderVertices: 0,
        heights: 0,
        steepest: 0,
        largestChunkBytes: 0,
        largestKernelBytes: 0,
        slowestMs: 0,
        faults: [],
    };
    for (let i = first; i < first + count; i++) {
        // Each recipe has a stream of its own, so that one can be repeated alone.
        const random = new Random(seed + i * 0x9e3779b1);
        const { recipe, refusals, isAtBound } = wildRecipe(random, [0.15, 0.4, 0.7][i % 3]!);
        counts.recipes++;
        counts.refusals += refusals;
        counts.atBound += isAtBound ? 1 : 0;
        const kernels = createKernels(module);
        const complain = (what: string) =>
            counts.faults.push(`recipe ${i} of seed ${seed}, ${what}: ${JSON.stringify(recipe)}`);
        try {
            checkRecipe(recipe, random, new ChunkBaker(recipe, kernels), counts, complain);
        } catch (error) {
            complain(String(error));
        }
        const bytes = kernels.exports.memory.buffer.byteLength;
        counts.largestKernelBytes = Math.max(counts.largestKernelBytes, bytes);
        if (bytes > MOST_KERNEL_BYTES) {
            complain(`kernels took ${bytes} bytes`);
        }
    }
    return counts;
}

type Complain = (what: string) => void;

function checkRecipe(
    recipe: Recipe,
    random: Random,
    baker: ChunkBaker,
    counts: RecipeFuzzCounts,
    complain: Complain,
): void {
    const level = random.pick([0, 0, 0, 1, 2, random.whole(3, 5)]);
    const [x, z] = steepestPlace(recipe, level, random, baker, counts);
    const isAlongX = random.next() < 0.5;
    const addresses = [flatAddress(level, x, z), flatAddress(level, x + (isAlongX ? 1 : 0), z + (isAlongX ? 0 : 1))];
    const meshes = addresses.map((address) => {
        const startMs = performance.now();
        const mesh = bakeMesh(baker, address);
        counts.slowestMs = Math.max(counts.slowestMs, performance.now() - startMs);
        checkChunk(recipe, address, mesh, counts, complain);
        return mesh;
    });
    checkBorder(addresses[0]!, meshes[0]!, meshes[1]!, isAlongX ? 0 : 2, counts, complain);
    if (level === 0) {
        checkHeights(recipe, random, meshes[0]!, baker, counts, complain);
    }
}

/** The chunk whose ground rises most, of some near and far, and of those around it. The second one's far neighbour exists, too. */
function steepestPlace(
    recipe: Recipe,
    level: number,
    random: Random,
    baker: ChunkBaker,
    counts: RecipeFuzzCounts,
): [number, number] {
    const fields = new ChunkFields(recipe, baker.kernels);
    const { resolution } = fields.lattice;
    const side = resolution + 1 + 2 * GRID_MARGIN;
    const far = MAX_CHUNK_COORDINATE - 1;
    let best: [number, number] = [0, 0];
    let most = -1;
    for (let i = 0; i < PLACES; i++) {
        const reach = random.pick([100, 10_000, far]);
        const place = (of: number) =>
            Math.max(
                -far,
                Math.min(far, i < PLACES / 2 ? random.whole(-reach, reach) : best[of]! + random.whole(-3, 3)),
            );
        const [x, z] =
            i === 0 && random.next() < 0.1
                ? [random.pick([-far, far]), random.pick([-far, far])]
                : [place(0), place(1)];
        fields.fillMacro(level, x * resolution - GRID_MARGIN, z * resolution - GRID_MARGIN, side, side);
        fields.fillHeights(level, x * resolution - GRID_MARGIN, z * resolution - GRID_MARGIN, GRID_MARGIN);
        const { exports } = baker.kernels;
        const rise = exports.highestQuantum() - exports.lowestQuantum();
        if (rise > most) {
            most = rise;
            best = [x, z];
        }
    }
    const promised = riseWithin(recipe, recipe.chunkSize * 2 ** level);
    // Over level ground all that rises is the last bit of f32.
    if (promised > 1) {
        const share = ((most - 1) * quantumAt(recipe, level)) / promised;
        counts.steepest = Math.max(counts.steepest, share);
    }
    return best;
}

function checkChunk(
    recipe: Recipe,
    address: ChunkAddress,
    mesh: BakedMesh,
    counts: RecipeFuzzCounts,
    complain: Complain,
): void {
    const { header, quanta, isFused } = mesh;
    counts.chunks++;
    counts.fused += isFused ? 1 : 0;
    counts.closed += isClosed(recipe, mesh) ? 1 : 0;
    counts.largestChunkBytes = Math.max(counts.largestChunkBytes, header.byteLength);
    const limits = chunkLimitsOf(recipe);
    if (
        header.byteLength > Math.min(MOST_CHUNK_BYTES, limits.byteLength) ||
        header.vertexCount > limits.vertexCount ||
        header.indexCount > limits.indexCount
    ) {
        complain(
            `${formatAddress(address)} has ${header.byteLength} bytes, ${header.vertexCount} vertices, ${header.indexCount} indices`,
        );
    }
    for (let vertex = 0; vertex < header.vertexCount; vertex++) {
        for (let axis = 0; axis < 3; axis++) {
            const value = quanta[vertex * 3 + axis]!;
            if (value === INT16_MIN || value === INT16_MAX) {
                complain(`${formatAddress(address)} has vertex ${vertex} at ${value} quanta`);
                return;
            }
        }
    }
}

/** Whether the chunk's caves found no room. */
function isClosed(recipe: Recipe, { header }: BakedMesh): boolean {
    return (header.flags & ChunkFlags.walled) !== 0 && levelHasCaves(recipe, header.address.level);
}

function checkBorder(
    address: ChunkAddress,
    first: BakedMesh,
    second: BakedMesh,
    axis: BorderAxis,
    counts: RecipeFuzzCounts,
    complain: Complain,
): void {
    const isWalled = ({ header }: BakedMesh) => (header.flags & ChunkFlags.walled) !== 0;
    // One whose caves found no room has ground where its neighbour's may be open: it is walled.
    if (first.isFused !== second.isFused && (isWalled(first) || isWalled(second))) {
        return;
    }
    counts.borders++;
    counts.borderVertices += borderLineOf(first, axis, true).places.size;
    counts.mixedBorders += first.isFused === second.isFused ? 0 : 1;
    const difference = compareBorders(first, second, axis);
    if (difference !== "") {
        complain(`${formatAddress(address)} along ${axis === 0 ? "x" : "z"}: ${difference}`);
    }
}

/**
 * Open ground must lie where `sampleHeight` says: on a height grid everywhere; on a fused chunk on the columns of its samples, but
 * that caves may bend it down around their mouths.
 */
function checkHeights(
    recipe: Recipe,
    random: Random,
    mesh: BakedMesh,
    baker: ChunkBaker,
    counts: RecipeFuzzCounts,
    complain: Complain,
): void {
    const sampler = new FieldSampler(recipe, baker.kernels);
    const { quantum } = mesh.header;
    const step = mesh.side / recipe.terrain.resolution;
    const spacing = step * quantum;
    const surface = mesh.indices.subarray(0, mesh.surfaceIndexCount);
    for (let i = 0; i < 64; i++) {
        const vertex = surface[random.whole(0, surface.length - 1)]!;
        const [x, y, z] = mesh.position.subarray(vertex * 3, vertex * 3 + 3) as unknown as [number, number, number];
        // On whole rows of a fused chunk lie vertices from beside the column, too, which rounding has brought there.
        const isOnColumn = [0, 2].every((axis) => mesh.quanta[vertex * 3 + axis]! % step === 0) && y % spacing !== 0;
        if (mesh.isFused && (mesh.weights[vertex * 4 + 2] !== 0 || !isOnColumn)) {
            continue;
        }
        const height = sampler.sampleHeight(x, z);
        // The sample of rock below.
        const below = Math.floor(y / spacing) * spacing;
        const isBent = mesh.isFused && y < height && sampler.sampleDensity(x, below, z) > below - height;
        counts.heights++;
        if (Math.abs(y - height) > quantum && !isBent) {
            complain(
                `${formatAddress(mesh.header.address)}: sampleHeight(${x}, ${z}) is ${height}, a vertex lies at ${y}`,
            );
            return;
        }
    }
}
