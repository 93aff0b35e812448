import workerpool from "workerpool";
import type { PortRequest, ServeRequest, WorkerEvent } from "../bake/protocol.js";
import { isNode, scriptForHost } from "../base/host.js";
import { VERSION } from "../base/version.js";
import { keepCopyAsync, keptCopyOf } from "./keptScripts.js";

/** Milliseconds that a worker which is told to end may take to do so. One in the middle of a bake does not listen. */
const TERMINATE_TIMEOUT_MS = 100;
/** Milliseconds after which a thread that does not end is no longer waited for. */
const END_TIMEOUT_MS = 5000;
/** Milliseconds that a server is waited for where there is a copy of what it should give. */
const START_TIMEOUT_WITH_COPY_MS = 3000;

/** What workers do that do not bake: load chunks from stores, draw textures. */
export type SideMethod = "load" | "draw";

export interface ServingWorkerOptions {
    readonly workerUrl: string;
    /** Compiled `terrane.wasm`, for a worker that bakes; null for others. */
    readonly kernels: WebAssembly.Module | null;
    /** What a worker without kernels does. Default: "load" */
    readonly method?: SideMethod;
    /** Milliseconds that the worker may take to load. */
    readonly startTimeoutMs: number;
    /** Megabytes of JavaScript heap at which Node ends the worker. Default: Node's own. */
    readonly memoryLimitMb?: number;
}

/** Told what becomes of a worker, until `endAsync`. */
export interface WorkerListener {
    onEvent(event: WorkerEvent): void;
    /** Called with what comes through the port. Default: nothing does */
    onMessage?(message: unknown): void;
    /** Called when the worker has died or could not be started; nothing follows. */
    onLost(error: unknown): void;
}

type Pool = ReturnType<typeof workerpool.pool>;

/**
 * Runs one worker from its start to its end: a workerpool of one, which makes one call, `serve`, once the worker has
 * said that it is of this version. workerpool loads the script, speaks to threads and browsers' workers alike, and
 * reports crashes; batches go through a port beside it. Where the script does not load, or is another by now, a copy of
 * what this page has run before is started in its place.
 */
export class ServingWorker {
    private _pool: Pool;
    private readonly _port: MessagePort;
    /** The worker's end of the port, until it is sent there. */
    private readonly _portOfWorker: MessagePort;
    private readonly _options: ServingWorkerOptions;
    private _listener: WorkerListener | null;
    private _isPortSent = false;
    private _isCopy = false;
    private _timer: ReturnType<typeof setTimeout> | undefined;
    /** The end of the pool whose script did not load, where a copy was started in its place. */
    private _endingFirst: Promise<void> = Promise.resolve();

    public constructor(options: ServingWorkerOptions, listener: WorkerListener) {
        this._options = options;
        this._listener = listener;
        const { port1, port2 } = new MessageChannel();
        this._port = port1;
        if (listener.onMessage !== undefined) {
            port1.onmessage = ({ data }: MessageEvent) => this._listener?.onMessage!(data);
        }
        this._portOfWorker = port2;
        const copy = keptCopyOf(options.workerUrl);
        const timeoutMs =
            copy === undefined
                ? options.startTimeoutMs
                : Math.min(START_TIMEOUT_WITH_COPY_MS, options.startTimeoutMs / 2);
        this._pool = this._open(scriptForHost(options.workerUrl), timeoutMs);
    }

    /**
     * Sends a message; one sent before the worker has loaded waits for it. Throws where something cannot be cloned, with
     * nothing sent.
     */
    public post(message: unknown, buffers: ArrayBuffer[]): void {
        this._port.postMessage(message, buffers);
    }

    /** Ends the worker at once, without telling the listener. Resolves when its thread is gone. */
    public async endAsync(): Promise<void> {
        this._listener = null;
        clearTimeout(this._timer);
        this._stopListening();
        // The port closes with the thread. Closed here, its other end could not be sent to a worker that is yet loading, at which
        // workerpool throws where nobody catches.
        await Promise.all([endPoolAsync(this._pool), this._endingFirst]);
    }

    private _open(script: string, timeoutMs: number): Pool {
        const { memoryLimitMb } = this._options;
        const pool = workerpool.pool(script, {
            maxWorkers: 1,
            workerType: isNode() ? "thread" : "web",
            // A script that is no module runs as one too; a worker that a bundler made of several files is one.
            workerOpts: { type: "module" },
            ...(memoryLimitMb !== undefined && {
                workerThreadOpts: { resourceLimits: { maxOldGenerationSizeMb: memoryLimitMb } },
            }),
            workerTerminateTimeout: TERMINATE_TIMEOUT_MS,
        });
        this._timer = setTimeout(() => this._fail(pool, new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
        // Browsers refuse some addresses by a throw, which must not come before there is somebody to be told.
        void startAsync(pool).then(
            () => this._serve(pool),
            (error: unknown) => this._fail(pool, error),
        );
        return pool;
    }

    private _serve(pool: Pool): void {
        if (this._listener === null || pool !== this._pool) {
            return;
        }
        this._isPortSent = true;
        const { kernels, method = "load" } = this._options;
        const port = this._portOfWorker;
        const request: ServeRequest | PortRequest = kernels === null ? { port } : { port, kernels };
        const serving = pool.exec(kernels === null ? method : "serve", [request], {
            transfer: [this._portOfWorker],
            on: (event: WorkerEvent) => {
                if (event === "serving") {
                    clearTimeout(this._timer);
                    void keepCopyAsync(this._options.workerUrl);
                }
                this._listener?.onEvent(event);
            },
        });
        serving.then(
            () => this._lose(new Error("it stopped serving")),
            (error: unknown) => this._lose(error),
        );
    }

    /** Deals with a script that did not load or is of another version: nothing was sent to it. */
    private _fail(pool: Pool, error: unknown): void {
        if (this._listener === null || pool !== this._pool) {
            return;
        }
        clearTimeout(this._timer);
        const copy = keptCopyOf(this._options.workerUrl);
        if (copy === undefined || this._isCopy || this._isPortSent) {
            this._lose(error);
            return;
        }
        this._isCopy = true;
        this._endingFirst = endPoolAsync(pool);
        this._pool = this._open(copy, this._options.startTimeoutMs);
    }

    /** In Node a port that is listened to keeps the process alive. */
    private _stopListening(): void {
        this._port.onmessage = null;
        (this._port as { unref?(): void }).unref?.();
    }

    private _lose(error: unknown): void {
        clearTimeout(this._timer);
        this._stopListening();
        const listener = this._listener;
        this._listener = null;
        listener?.onLost(error);
    }
}

/** Resolves when the script has loaded and is of this version. */
async function startAsync(pool: Pool): Promise<void> {
    let version: unknown;
    try {
        version = await pool.exec("version");
    } catch (error) {
        if (!/^Unknown method/.test(String((error as { message?: unknown } | null)?.message))) {
            throw error;
        }
        version = "one that does not tell which it is";
    }
    if (version !== VERSION) {
        throw new Error(`its script is of another version, ${String(version)}; this library is ${VERSION}`);
    }
}

function endPoolAsync(pool: Pool): Promise<void> {
    return new Promise((resolve) => {
        const done = (): void => resolve();
        pool.terminate(true, END_TIMEOUT_MS).then(done, done);
    });
}
