import type { BakeBatchRequest, BakeBatchResponse } from "../../../src/bake/protocol.js";
import { TerraneError } from "../../../src/base/errors.js";
import { createExecutorAsync } from "../../../src/scheduler/createExecutor.js";
import { wasmFile } from "../../support/kernels.js";

/** The least that is WebAssembly, magic and version. */
const kernels = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));

const handler = (request: BakeBatchRequest): BakeBatchResponse => ({
    outcomes: request.tasks.map(({ id, buffer }) => ({ id, ok: false, message: "none", code: "NONE", buffer })),
});

/** Makes `handler`, and keeps what it was asked with. */
function createAsker() {
    const asked: WebAssembly.Module[] = [];
    return {
        asked,
        createHandlerAsync: async (module: WebAssembly.Module) => {
            asked.push(module);
            return handler;
        },
    };
}

test("without workers batches are baked on the calling thread, by what was handed in", async () => {
    const { asked, createHandlerAsync } = createAsker();
    const executor = await createExecutorAsync({ workers: 0, kernels }, createHandlerAsync);
    expect(executor.workerCount).toBe(0);
    expect(asked).toEqual([kernels]);
    expect(await executor.runBatchAsync({ recipeJson: "{}", tasks: [] })).toEqual({ outcomes: [] });
    await executor.disposeAsync();
});

test("kernels that nobody hands in are loaded from their address, within the time given", async () => {
    const { asked, createHandlerAsync } = createAsker();
    const executor = await createExecutorAsync({ workers: 0, wasmUrl: wasmFile }, createHandlerAsync);
    expect(WebAssembly.Module.exports(asked[0]!).map(({ name }) => name)).toContain("memory");
    await executor.disposeAsync();
    await expect(
        createExecutorAsync({ workers: 0, wasmUrl: "/nowhere.wasm" }, createHandlerAsync),
    ).rejects.toMatchObject({ code: "TERRANE_NO_KERNELS" });
    await expect(createExecutorAsync({ workers: 0, loadTimeoutMs: -1 }, createHandlerAsync)).rejects.toThrow(
        /loadTimeoutMs is -1/,
    );
});

test("with workers the calling thread is never handed the baking", async () => {
    const { asked, createHandlerAsync } = createAsker();
    for (const workers of [-1, 1.5, 65]) {
        await expect(createExecutorAsync({ workers, kernels }, createHandlerAsync)).rejects.toThrow(TerraneError);
    }
    const executor = await createExecutorAsync(
        { workers: 1, workerUrl: new URL("testWorker.mjs", import.meta.url).pathname, kernels },
        createHandlerAsync,
    );
    expect(executor.workerCount).toBe(1);
    expect(asked).toEqual([]);
    await executor.disposeAsync();
});
