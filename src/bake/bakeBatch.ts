import { createKernels, type Kernels } from "../kernels/kernels.js";
import { epochNow } from "../profiler/performanceProfiler.js";
import type { Recipe } from "../recipe/recipe.js";
import { formatAddress } from "../space/chunkAddress.js";
import { ChunkBaker } from "./chunkBaker.js";
import type { BakeBatchRequest, BakeBatchResponse, BakeOutcome, BakeTask, WorkerBatchRequest } from "./protocol.js";

/** Bakers kept at once: several worlds may share a thread, an edited recipe makes a new world. */
const MAX_BAKERS = 4;

/**
 * The function that a thread runs for each batch. It keeps a baker a recipe, the latest few. A chunk that cannot be baked
 * is an outcome with `ok: false` and spoils none of its neighbours.
 */
export function createBatchBaker(kernels: Kernels): (request: BakeBatchRequest) => BakeBatchResponse {
    const bakers = new Map<string, ChunkBaker>();
    return ({ recipeJson, tasks }) => {
        const baker = bakerFor(bakers, recipeJson, kernels);
        return { outcomes: tasks.map((task) => bakeTask(baker, task)) };
    };
}

/** The same for workers, which are sent the kernels with each batch, compiled: a worker that replaces another needs no more. */
export function createWorkerBatchBaker(): (request: WorkerBatchRequest) => BakeBatchResponse {
    let bakeBatch: ((request: BakeBatchRequest) => BakeBatchResponse) | null = null;
    return (request) => {
        bakeBatch ??= createBatchBaker(createKernels(request.kernels));
        return bakeBatch(request);
    };
}

function bakerFor(bakers: Map<string, ChunkBaker>, recipeJson: string, kernels: Kernels): ChunkBaker {
    // Put back last: a Map iterates in the order of insertion, so the first is the one that rested longest.
    const baker = bakers.get(recipeJson) ?? new ChunkBaker(JSON.parse(recipeJson) as Recipe, kernels);
    bakers.delete(recipeJson);
    bakers.set(recipeJson, baker);
    if (bakers.size > MAX_BAKERS) {
        bakers.delete(bakers.keys().next().value!);
    }
    return baker;
}

function bakeTask(baker: ChunkBaker, { id, address, buffer }: BakeTask): BakeOutcome {
    const startedMs = epochNow();
    try {
        return { id, ok: true, startedMs, ...baker.bake(address, buffer), endedMs: epochNow() };
    } catch (error) {
        const cause = error instanceof Error ? error : new Error(String(error));
        const code = (cause as { code?: unknown }).code;
        return {
            id,
            ok: false,
            message: `Chunk ${formatAddress(address)} could not be baked: ${cause.message}`,
            code: typeof code === "string" ? code : "TERRANE_BAKE_FAILED",
            buffer,
        };
    }
}
