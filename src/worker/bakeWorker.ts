// The worker's entry. workerpool holds requests back until the methods are registered.
import workerpool from "workerpool";
import { createBatchBaker } from "../bake/bakeBatch.js";
import { createKernels } from "../kernels/kernels.js";
import { createWorkerMethods } from "./workerMethods.js";

workerpool.worker(createWorkerMethods((kernels) => createBatchBaker(createKernels(kernels))));
