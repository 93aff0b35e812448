// Bakes the golden chunks as a page does, in `?workers=N` workers (0: on the page's own thread), and leaves the hashes in
// `window.golden`.
import { createBatchBaker } from "../../../src/bake/bakeBatch.js";
import { compileKernelsAsync, createKernelsAsync } from "../../../src/kernels/kernelModule.js";
import { InlineExecutor } from "../../../src/scheduler/inlineExecutor.js";
import { CreateWorkerpoolExecutorAsync } from "../../../src/scheduler/workerpoolExecutor.js";
import { bakeGoldenAsync } from "../../golden/bakeGolden.js";

const workers = Number(new URLSearchParams(location.search).get("workers"));
const kernels = await compileKernelsAsync();
const executor =
    workers === 0
        ? new InlineExecutor(createBatchBaker(await createKernelsAsync(kernels)))
        : await CreateWorkerpoolExecutorAsync({ workers, workerUrl: "./terrane.worker.js", kernels });
const golden = await bakeGoldenAsync(executor);
await executor.disposeAsync();
Object.assign(globalThis, { golden });
