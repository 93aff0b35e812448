import type {
    BakeBatchRequest,
    BakeBatchResponse,
    BakeOutcome,
    BatchMessage,
    WorkerEvent,
} from "../../../src/bake/protocol.js";
import { TerraneError } from "../../../src/base/errors.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { createWorkerMethods, type Emit } from "../../../src/worker/workerMethods.js";

// The least that is WebAssembly: magic and version.
const kernels = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));

const request: BakeBatchRequest = {
    recipeJson: "{}",
    tasks: [1, 2].map((id) => ({ id, address: flatAddress(0, id, 0), buffer: new ArrayBuffer(8 * id) })),
};
const [first, second] = request.tasks;

interface Emitted {
    readonly event: WorkerEvent;
    readonly transfer: ArrayBuffer[];
}

/** A worker's side of the port. */
function serve(
    handler: (request: BakeBatchRequest) => BakeBatchResponse | Promise<BakeBatchResponse>,
    fails: (event: WorkerEvent) => boolean = () => false,
) {
    const emitted: Emitted[] = [];
    const emit: Emit = (event, transfer) => {
        if (fails(event)) {
            throw new Error("a function cannot be cloned");
        }
        emitted.push({ event, transfer });
    };
    const port = { onmessage: null as ((event: MessageEvent<BatchMessage>) => void) | null };
    const compiled: WebAssembly.Module[] = [];
    const methods = createWorkerMethods((module) => {
        compiled.push(module);
        return handler;
    }, emit);
    void methods.serve({ port: port as unknown as MessagePort, kernels });
    const sendAsync = async (id: number): Promise<void> => {
        port.onmessage!({ data: { id, request } } as MessageEvent<BatchMessage>);
        await new Promise((resolve) => setTimeout(resolve, 0));
    };
    return { emitted, compiled, sendAsync };
}

async function bakeBatchAsync(handler: (request: BakeBatchRequest) => BakeBatchResponse) {
    const { emitted, sendAsync } = serve(handler);
    await sendAsync(7);
    const { event, transfer } = emitted[1]!;
    expect(event).toMatchObject({ id: 7 });
    return { message: (event as { response: BakeBatchResponse }).response, transfer };
}

test("every buffer of the outcomes is sent back by transfer, unused ones too", async () => {
    const larger = new ArrayBuffer(99);
    const outcomes: BakeOutcome[] = [
        { id: 1, ok: false, message: "", code: "X", buffer: first!.buffer },
        {
            id: 2,
            ok: true,
            buffer: larger,
            byteLength: 90,
            stageMs: [],
            startedMs: 0,
            endedMs: 1,
            unused: second!.buffer,
        },
    ];
    const { message, transfer } = await bakeBatchAsync(() => ({ outcomes }));
    expect(message.outcomes).toBe(outcomes);
    expect(transfer).toEqual([first!.buffer, larger, second!.buffer]);
    expect(new Set(transfer).size).toBe(3);
});

test("a batch whose recipe no baker takes fails chunk by chunk, its buffers and the error's code kept", async () => {
    const { message, transfer } = await bakeBatchAsync(() => {
        throw new TerraneError("seed", -1, "an integer of 0 or more", "Pass another.");
    });
    expect(message.outcomes.map(({ id, ok }) => [id, ok])).toEqual([
        [1, false],
        [2, false],
    ]);
    expect(message.outcomes[0]).toMatchObject({
        code: "TERRANE_INVALID",
        message: expect.stringMatching(/seed is -1/),
        buffer: first!.buffer,
    });
    expect(transfer).toEqual([first!.buffer, second!.buffer]);
    const odd = await bakeBatchAsync(() => {
        throw new Error("out of memory");
    });
    expect(odd.message.outcomes[1]).toMatchObject({ code: "TERRANE_BAKE_FAILED" });
});

test("a worker says that it serves, and compiles nothing before its first batch", async () => {
    const { emitted, compiled, sendAsync } = serve(() => ({ outcomes: [] }));
    expect(emitted).toEqual([{ event: "serving", transfer: [] }]);
    expect(compiled).toEqual([]);
    await sendAsync(1);
    await sendAsync(2);
    expect(compiled).toEqual([kernels]);
    expect(emitted.slice(1).map(({ event }) => event)).toEqual(
        [1, 2].map((id) => ({ id, response: { outcomes: [] } })),
    );
});

test("kernels that cannot run fail each batch, and its buffers come back", async () => {
    const emitted: Emitted[] = [];
    const port = { onmessage: null as ((event: MessageEvent<BatchMessage>) => void) | null };
    const methods = createWorkerMethods(
        () => {
            throw new Error("no memory");
        },
        (event, transfer) => emitted.push({ event, transfer }),
    );
    void methods.serve({ port: port as unknown as MessagePort, kernels });
    for (const id of [1, 2]) {
        port.onmessage!({ data: { id, request } } as MessageEvent<BatchMessage>);
        await new Promise((resolve) => setTimeout(resolve, 0));
        const { event, transfer } = emitted[id]!;
        expect(event).toMatchObject({ id, response: { outcomes: [{ ok: false }, { ok: false }] } });
        expect(transfer).toEqual([first!.buffer, second!.buffer]);
    }
});

test("an answer that cannot be sent is a lost batch, not a silent one", async () => {
    const { emitted, sendAsync } = serve(
        () => ({ outcomes: [] }),
        (event) => typeof event === "object" && "response" in event,
    );
    await sendAsync(5);
    expect(emitted[1]!.event).toEqual({
        id: 5,
        lost: "its answer cannot be sent: a function cannot be cloned",
    });
});
