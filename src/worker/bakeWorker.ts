// The worker's entry. workerpool holds requests back until the methods are registered.
import workerpool from "workerpool";
import { createWorkerBatchBaker } from "../bake/bakeBatch.js";
import { createWorkerMethods } from "./workerMethods.js";

workerpool.worker(createWorkerMethods(createWorkerBatchBaker));
