// Bakes a small world as a page does, in `?workers=N` workers (0: on the page's own thread), and leaves what came of it in
// `window.bakedWorld`.
import { bakeWorldAsync } from "../../golden/bakeWorld.js";

const workers = Number(new URLSearchParams(location.search).get("workers"));
Object.assign(globalThis, { bakedWorld: await bakeWorldAsync({ workers, workerUrl: "./terrane.worker.js" }) });
