// Bakes the golden chunks as a page does, in `?workers=N` workers (0: on the page's own thread), and leaves the hashes in
// `window.golden`.
import { createBatchBakerAsync } from "../../../src/bake/bakeBatch.js";
import { createExecutorAsync } from "../../../src/scheduler/createExecutor.js";
import { bakeGoldenAsync } from "../../golden/bakeGolden.js";

const workers = Number(new URLSearchParams(location.search).get("workers"));
const executor = await createExecutorAsync({ workers, workerUrl: "./terrane.worker.js" }, createBatchBakerAsync);
const golden = await bakeGoldenAsync(executor);
await executor.disposeAsync();
Object.assign(globalThis, { golden });
