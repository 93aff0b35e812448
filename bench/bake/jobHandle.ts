import { Worker } from "node:worker_threads";

import type { JobKind, JobRequest, JobResponse } from "./jobMessages.js";

/** Runs a rival in a thread of its own: none runs on code that the engine has tuned to another. */
export class JobHandle {
    private readonly _worker: Worker;

    /** @param wasmUrl address of `terrane.wasm` */
    public constructor(kind: JobKind, wasmUrl: string) {
        this._worker = new Worker(new URL("./jobThread.mjs", import.meta.url), { workerData: { kind, wasmUrl } });
    }

    public runAsync(request: JobRequest): Promise<JobResponse> {
        return new Promise((resolve, reject) => {
            const settle = (act: () => void) => {
                this._worker.off("message", onMessage);
                this._worker.off("error", onError);
                act();
            };
            const onMessage = (response: JobResponse) => settle(() => resolve(response));
            const onError = (error: Error) => settle(() => reject(error));
            this._worker.on("message", onMessage);
            this._worker.on("error", onError);
            this._worker.postMessage(request);
        });
    }

    public async disposeAsync(): Promise<void> {
        await this._worker.terminate();
    }
}
