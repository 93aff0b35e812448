import workerpool from "workerpool";
import type { BakeBatchResponse, BakeOutcome, WorkerBatchRequest } from "../../../src/bake/protocol.js";
import { TerraneError } from "../../../src/base/errors.js";
import { flatAddress } from "../../../src/space/chunkAddress.js";
import { createWorkerMethods } from "../../../src/worker/workerMethods.js";

// The least that is WebAssembly: magic and version.
const kernels = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));

const request: WorkerBatchRequest = {
    kernels,
    recipeJson: "{}",
    tasks: [1, 2].map((id) => ({ id, address: flatAddress(0, id, 0), buffer: new ArrayBuffer(8 * id) })),
};
const [first, second] = request.tasks;

function bakeBatch(handler: (request: WorkerBatchRequest) => BakeBatchResponse): {
    message: BakeBatchResponse;
    transfer: object[];
} {
    const answer = createWorkerMethods(handler).bakeBatch(request);
    expect(answer).toBeInstanceOf(workerpool.Transfer);
    return answer as unknown as { message: BakeBatchResponse; transfer: object[] };
}

test("every buffer of the outcomes is sent back by transfer, unused ones too", () => {
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
    const { message, transfer } = bakeBatch(() => ({ outcomes }));
    expect(message.outcomes).toBe(outcomes);
    expect(transfer).toEqual([first!.buffer, larger, second!.buffer]);
    expect(new Set(transfer).size).toBe(3);
});

test("a batch whose recipe no baker takes fails chunk by chunk, its buffers and the error's code kept", () => {
    const { message, transfer } = bakeBatch(() => {
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
    const odd = bakeBatch(() => {
        throw new Error("out of memory");
    });
    expect(odd.message.outcomes[1]).toMatchObject({ code: "TERRANE_BAKE_FAILED" });
});

test("ping answers", () => {
    expect(createWorkerMethods(() => ({ outcomes: [] })).ping(null)).toBe("pong");
});
