import { faultOfExpectedFile } from "../format/checkChunkFile.js";
import { createKernels, createKernelsAsync, type Kernels } from "../kernels/kernels.js";
import { nodeBuiltin } from "../base/host.js";
import { epochNow } from "../profiler/performanceProfiler.js";
import type { Recipe } from "../recipe/recipe.js";
import { formatAddress } from "../space/chunkAddress.js";
import { ChunkBaker } from "./chunkBaker.js";
import { loadCodecAsync } from "./loadCodec.js";
import {
    STAGES,
    type BakeBatchRequest,
    type BakeBatchResponse,
    type BakeOutcome,
    type BakeTask,
    type ChunkEncoding,
} from "./protocol.js";

/** Number of bakers kept at once: several worlds may share a thread, and an edited recipe makes a new world. */
const MAX_BAKERS = 4;

/** Bakes the batches of a thread. */
export interface BatchBaker {
    (request: BakeBatchRequest & { readonly encoding?: "packed" }): BakeBatchResponse;
    (request: BakeBatchRequest): BakeBatchResponse | Promise<BakeBatchResponse>;
}

/**
 * Creates what a thread runs for each batch: at once for packed chunks; the first batch of chunk files waits for the
 * codec to load. Keeps a baker for each of the latest few recipes. A chunk that cannot be baked is an outcome with `ok:
 * false` and spoils none of its neighbours.
 */
export function createBatchBaker(kernels: Kernels): BatchBaker {
    const bakers = new Map<string, ChunkBaker>();
    let hasCodec = false;
    const bakeBatch = ({ job, recipeJson, encoding = "packed", tasks }: BakeBatchRequest): BakeBatchResponse => {
        if (job === "check") {
            return { outcomes: tasks.map(checkTask) };
        }
        const baker = bakerFor(bakers, recipeJson, kernels);
        const outcomes = tasks.map((task) => bakeTask(baker, task, encoding));
        return { outcomes, kernelBytes: kernels.exports.memory.buffer.byteLength, heapBytes: heapBytes() };
    };
    const bakeWithCodec = (request: BakeBatchRequest): BakeBatchResponse | Promise<BakeBatchResponse> => {
        if ((request.encoding !== "file" && request.job !== "check") || hasCodec) {
            return bakeBatch(request);
        }
        return loadCodecAsync().then(() => {
            hasCodec = true;
            return bakeBatch(request);
        });
    };
    return bakeWithCodec as BatchBaker;
}

/** Instantiates compiled kernels and returns what bakes batches with them, at once: for workers. */
export function createWorkerBatchBaker(kernels: WebAssembly.Module): BatchBaker {
    return createBatchBaker(createKernels(kernels));
}

/** Instantiates compiled kernels and returns what bakes batches with them: for a page's own thread. */
export async function createBatchBakerAsync(kernels: WebAssembly.Module): Promise<BatchBaker> {
    return createBatchBaker(await createKernelsAsync(kernels));
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

/** Returns the bytes of this thread's heap and what hangs on it; 0 in browsers, which do not tell. */
function heapBytes(): number {
    const v8 = nodeBuiltin<typeof import("node:v8")>("node:v8");
    if (v8 === undefined) {
        return 0;
    }
    const { used_heap_size, external_memory } = v8.getHeapStatistics();
    return used_heap_size + external_memory;
}

/** Code of the failure of a chunk file that is not what was expected. */
export const BAD_FILE = "TERRANE_BAD_FILE";

function checkTask({ id, address, buffer, expected }: BakeTask): BakeOutcome {
    const startedMs = epochNow();
    const fault =
        expected === undefined
            ? "was sent without what is expected of it"
            : faultOfExpectedFile(address, expected.world, expected, new Uint8Array(buffer));
    if (fault !== null) {
        return { id, ok: false, message: fault, code: BAD_FILE, buffer };
    }
    const stageMs = STAGES.map(() => 0);
    const endedMs = epochNow();
    return { id, ok: true, buffer, byteLength: buffer.byteLength, stageMs, startedMs, endedMs, unused: null };
}

function bakeTask(baker: ChunkBaker, { id, address, buffer }: BakeTask, encoding: ChunkEncoding): BakeOutcome {
    const startedMs = epochNow();
    try {
        return { id, ok: true, startedMs, ...baker.bake(address, buffer, encoding), endedMs: epochNow() };
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
