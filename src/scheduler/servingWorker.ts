import workerpool from "workerpool";
import type { BatchMessage, ServeRequest, WorkerEvent } from "../bake/protocol.js";
import { isNode, scriptForHost } from "../base/host.js";

/** How long a worker that is to end may take to end by itself, milliseconds. One in the midst of a bake does not listen. */
const TERMINATE_TIMEOUT_MS = 100;
/** After this a thread that does not end is left to its fate, milliseconds. */
const END_TIMEOUT_MS = 5000;

export interface ServingWorkerOptions {
    readonly workerUrl: string;
    readonly kernels: WebAssembly.Module;
    /** Megabytes of JavaScript heap at which Node ends the worker. Default: Node's own. */
    readonly memoryLimitMb?: number;
}

/** Told what becomes of a worker, until `endAsync`. */
export interface WorkerListener {
    onEvent(event: WorkerEvent): void;
    /** It has died, or could not be started; nothing follows. */
    onLost(error: unknown): void;
}

/**
 * One worker from its start to its end: a workerpool of one that runs one call, `serve`. workerpool loads the script, speaks to
 * threads and browsers' workers alike, and tells of crashes; batches go past it.
 */
export class ServingWorker {
    private readonly _pool: ReturnType<typeof workerpool.pool>;
    private readonly _port: MessagePort;
    private _listener: WorkerListener | null;

    public constructor({ workerUrl, kernels, memoryLimitMb }: ServingWorkerOptions, listener: WorkerListener) {
        this._listener = listener;
        this._pool = workerpool.pool(scriptForHost(workerUrl), {
            maxWorkers: 1,
            workerType: isNode() ? "thread" : "web",
            // A script that is no module runs as one too; a worker that a bundler made of several files is one.
            workerOpts: { type: "module" },
            ...(memoryLimitMb !== undefined && {
                workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: memoryLimitMb } },
            }),
            workerTerminateTimeout: TERMINATE_TIMEOUT_MS,
        });
        const { port1, port2 } = new MessageChannel();
        this._port = port1;
        const request: ServeRequest = { port: port2, kernels };
        const serving = this._pool.exec("serve", [request], {
            transfer: [port2],
            on: (event: WorkerEvent) => this._listener?.onEvent(event),
        });
        serving.then(
            () => this._lose(new Error("it stopped serving")),
            (error: unknown) => this._lose(error),
        );
    }

    /** Sends a batch; one sent before the worker has loaded waits for it. Throws, with nothing sent, what cannot be cloned. */
    public post(message: BatchMessage, buffers: ArrayBuffer[]): void {
        this._port.postMessage(message, buffers);
    }

    /** Ends the worker at once. Nobody is told of it. Resolves when its thread is gone. */
    public endAsync(): Promise<void> {
        this._listener = null;
        // The port closes with the thread. Closed here, its other end could not be sent to a worker that is yet loading, at which
        // workerpool throws where nobody catches.
        return new Promise((resolve) => {
            const done = (): void => resolve();
            this._pool.terminate(true, END_TIMEOUT_MS).then(done, done);
        });
    }

    private _lose(error: unknown): void {
        const listener = this._listener;
        this._listener = null;
        listener?.onLost(error);
    }
}
