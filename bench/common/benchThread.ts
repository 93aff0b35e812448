import { Worker } from "node:worker_threads";

/**
 * Runs a bench's thread, which answers requests one at a time. Contenders each have their own, so that none runs on
 * code that the engine has tuned to another.
 */
export class BenchThread<Request, Response> {
    private readonly _worker: Worker;

    /** @param file name of its bundle, beside this one */
    public constructor(file: string, workerData: unknown) {
        this._worker = new Worker(new URL(`./${file}`, import.meta.url), { workerData });
    }

    public runAsync(request: Request): Promise<Response> {
        return new Promise((resolve, reject) => {
            const settle = (act: () => void) => {
                this._worker.off("message", onMessage);
                this._worker.off("error", onError);
                act();
            };
            const onMessage = (response: Response) => settle(() => resolve(response));
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
