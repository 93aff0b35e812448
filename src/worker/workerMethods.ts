import workerpool from "workerpool";
import type { BakeBatchResponse, BakeOutcome, WorkerBatchRequest, WorkerMethods } from "../bake/protocol.js";

type Answer<Method extends keyof WorkerMethods> =
    WorkerMethods[Method]["response"] | InstanceType<typeof workerpool.Transfer>;

type Registered = {
    [Method in keyof WorkerMethods]: (
        request: WorkerMethods[Method]["request"],
    ) => Answer<Method> | Promise<Answer<Method>>;
};

type BakeBatch = (request: WorkerBatchRequest) => BakeBatchResponse | Promise<BakeBatchResponse>;

/** What a worker registers: the protocol's methods, with every buffer sent back by transfer. */
export function createWorkerMethods(bakeBatch: BakeBatch): Registered {
    return {
        bakeBatch: (request) => {
            const response = answer(bakeBatch, request);
            return response instanceof Promise ? response.then(transferred) : transferred(response);
        },
        ping: () => "pong",
    };
}

function transferred(response: BakeBatchResponse): InstanceType<typeof workerpool.Transfer> {
    return new workerpool.Transfer(response, buffersOf(response.outcomes));
}

/** A recipe that no baker takes fails every chunk of its batch: an answer, so that the buffers still come back. */
function answer(bakeBatch: BakeBatch, request: WorkerBatchRequest): BakeBatchResponse | Promise<BakeBatchResponse> {
    try {
        const response = bakeBatch(request);
        return response instanceof Promise ? response.catch((error) => failure(request, error)) : response;
    } catch (error) {
        return failure(request, error);
    }
}

function failure({ tasks }: WorkerBatchRequest, error: unknown): BakeBatchResponse {
    const message = error instanceof Error ? error.message : String(error);
    const code = (error as { code?: unknown } | null)?.code;
    return {
        outcomes: tasks.map(({ id, buffer }) => ({
            id,
            ok: false,
            message: `No chunk of this recipe can be baked: ${message}`,
            code: typeof code === "string" ? code : "TERRANE_BAKE_FAILED",
            buffer,
        })),
    };
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
