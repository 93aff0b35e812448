import { TerraneError } from "../base/errors.js";
import { DEFAULT_LOAD_TIMEOUT_MS } from "../kernels/kernelModule.js";
import { ServingWorker, type SideMethod } from "./servingWorker.js";

export interface LoadWorkerOptions {
    /** Address of `terrane.worker.js`; in Node it may be a path. Default: beside this very script */
    readonly workerUrl?: string | undefined;
    /** Milliseconds that the worker may take to load. Default: 30,000 */
    readonly loadTimeoutMs?: number | undefined;
    /** What it does: loads chunks from stores, or draws textures. Default: "load" */
    readonly method?: SideMethod;
}

/** Told what a worker that loads says, until it is ended. */
export interface LoadWorkerListener<TEvent> {
    /** Called with what it has said since the last call. */
    onEvents(events: readonly TEvent[]): void;
    /** The worker has died, or could not be started. Nothing follows. */
    onLost(error: unknown): void;
}

/** One more worker of the same script, beside those that bake: it loads chunks from stores, or draws textures. */
export class LoadWorker<TRequest, TEvent> {
    private readonly _worker: ServingWorker;

    public constructor(
        { workerUrl, loadTimeoutMs, method = "load" }: LoadWorkerOptions,
        listener: LoadWorkerListener<TEvent>,
    ) {
        const url = workerUrl ?? new URL("./terrane.worker.js", import.meta.url).href;
        if (typeof url !== "string" || url === "") {
            throw new TerraneError("workerUrl", url, "an address as a text", "Pass where terrane.worker.js is.");
        }
        this._worker = new ServingWorker(
            { workerUrl: url, kernels: null, method, startTimeoutMs: loadTimeoutMs ?? DEFAULT_LOAD_TIMEOUT_MS },
            {
                onEvent: () => {},
                onMessage: (events) => listener.onEvents(events as readonly TEvent[]),
                onLost: (error) => listener.onLost(error),
            },
        );
    }

    /** Sends a request. Throws where something in it cannot be cloned. */
    public post(request: TRequest, buffers: ArrayBuffer[]): void {
        this._worker.post(request, buffers);
    }

    /** Ends the worker at once. Resolves when its thread is gone. */
    public endAsync(): Promise<void> {
        return this._worker.endAsync();
    }
}
