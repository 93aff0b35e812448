import workerpool from "workerpool";
import type { BakeBatchResponse, BakeOutcome, WorkerBatchRequest, WorkerMethods } from "../bake/protocol.js";

type Registered = {
    [Method in keyof WorkerMethods]: (
        request: WorkerMethods[Method]["request"],
    ) => WorkerMethods[Method]["response"] | InstanceType<typeof workerpool.Transfer>;
};

/** What a worker registers: the protocol's methods, with every buffer sent back by transfer. */
export function createWorkerMethods(bakeBatch: (request: WorkerBatchRequest) => BakeBatchResponse): Registered {
    return {
        bakeBatch: (request) => {
            const response = answer(bakeBatch, request);
            return new workerpool.Transfer(response, buffersOf(response.outcomes));
        },
        ping: () => "pong",
    };
}

/** A recipe that no baker takes fails every chunk of its batch: an answer, so that the buffers still come back. */
function answer(
    bakeBatch: (request: WorkerBatchRequest) => BakeBatchResponse,
    request: WorkerBatchRequest,
): BakeBatchResponse {
    try {
        return bakeBatch(request);
    } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const code = (error as { code?: unknown } | null)?.code;
        return {
            outcomes: request.tasks.map(({ id, buffer }) => ({
                id,
                ok: false,
                message: `No chunk of this recipe can be baked: ${message}`,
                code: typeof code === "string" ? code : "TERRANE_BAKE_FAILED",
                buffer,
            })),
        };
    }
}

function buffersOf(outcomes: readonly BakeOutcome[]): ArrayBuffer[] {
    const buffers: ArrayBuffer[] = [];
    for (const outcome of outcomes) {
        buffers.push(outcome.buffer);
        if (outcome.ok && outcome.unused !== null) {
            buffers.push(outcome.unused);
        }
    }
    return buffers;
}
