import workerpool from "workerpool";
import type {
    BakeBatchRequest,
    BakeBatchResponse,
    BakeOutcome,
    BatchMessage,
    WorkerEvent,
    WorkerMethods,
} from "../bake/protocol.js";
import { messageOf } from "../base/errors.js";
import { VERSION } from "../base/version.js";
import { EventGatherer } from "../store/eventGatherer.js";
import type { LoadRequest } from "../store/loadProtocol.js";
import { LoadSession } from "../store/loadSession.js";
import type { DrawRequest } from "../textures/drawProtocol.js";
import { drawRequestedAsync } from "../textures/drawRequested.js";

type Registered = {
    [Method in keyof WorkerMethods]: (
        request: WorkerMethods[Method]["request"],
    ) => Promise<WorkerMethods[Method]["response"]>;
};

type BakeBatch = (request: BakeBatchRequest) => BakeBatchResponse | Promise<BakeBatchResponse>;

/** Sends an event to the other side, with buffers to transfer. */
export type Emit = (event: WorkerEvent, buffers: ArrayBuffer[]) => void;

/**
 * What a worker registers: the protocol's methods, with every buffer sent back by transfer.
 *
 * @param createBaker called with the first batch: where it throws, batches fail, and their buffers come back
 */
export function createWorkerMethods(
    createBaker: (kernels: WebAssembly.Module) => BakeBatch,
    emit: Emit = emitByWorkerpool,
): Registered {
    return {
        version: () => Promise.resolve(VERSION),
        serve: ({ port, kernels }) => {
            let bakeBatch: BakeBatch | null = null;
            const bake: BakeBatch = (request) => (bakeBatch ??= createBaker(kernels))(request);
            port.onmessage = ({ data }: MessageEvent<BatchMessage>) => {
                void answerAsync(bake, data, emit);
            };
            emit("serving", []);
            return new Promise(() => {});
        },
        load: ({ port }) => {
            const gatherer = new EventGatherer((events, buffers) => port.postMessage(events, buffers));
            const session = new LoadSession((event, buffers = []) => gatherer.add(event, buffers));
            port.onmessage = ({ data }: MessageEvent<LoadRequest>) => session.receive(data);
            emit("serving", []);
            return new Promise(() => {});
        },
        draw: ({ port }) => {
            port.onmessage = ({ data }: MessageEvent<DrawRequest>) => {
                void drawRequestedAsync(data, (event, buffers) => port.postMessage([event], buffers));
            };
            emit("serving", []);
            return new Promise(() => {});
        },
    };
}

function emitByWorkerpool(event: WorkerEvent, buffers: ArrayBuffer[]): void {
    workerpool.workerEmit(new workerpool.Transfer(event, buffers));
}

async function answerAsync(bakeBatch: BakeBatch, { id, request }: BatchMessage, emit: Emit): Promise<void> {
    const response = await responseTo(bakeBatch, request);
    try {
        emit({ id, response }, buffersOf(response.outcomes));
    } catch (error) {
        emit({ id, lost: `its answer cannot be sent: ${messageOf(error)}` }, []);
    }
}

/**
 * Returns the response to a batch. A recipe that no baker takes fails every chunk of it: an answer, so that the buffers
 * still come back.
 */
async function responseTo(bakeBatch: BakeBatch, request: BakeBatchRequest): Promise<BakeBatchResponse> {
    try {
        return await bakeBatch(request);
    } catch (error) {
        return failure(request, error);
    }
}

function failure({ tasks }: BakeBatchRequest, error: unknown): BakeBatchResponse {
    const message = messageOf(error);
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
