// The worker's entry. workerpool holds requests back until the methods are registered.
import workerpool from "workerpool";
import { createBatchBaker } from "../bake/bakeBatch.js";
import { initHashAsync } from "../base/hash.js";
import { createWorkerMethods } from "./workerMethods.js";

await initHashAsync();
workerpool.worker(createWorkerMethods(createBatchBaker()));
