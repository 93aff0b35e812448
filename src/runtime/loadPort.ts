import { LoadWorker, type LoadWorkerListener, type LoadWorkerOptions } from "../scheduler/loadWorker.js";
import type { LoadEvent, LoadRequest } from "../store/loadProtocol.js";
import { LoadSession } from "../store/loadSession.js";
import { Turns } from "./turns.js";

/** Where chunks are loaded from stores: a worker, or the calling thread. */
export interface LoadPort {
    /** Whether stores themselves may be in a request: nothing is cloned. */
    readonly isInline: boolean;
    /** Sends a request. Throws where something in it cannot be sent. */
    post(request: LoadRequest, buffers: ArrayBuffer[]): void;
    /** Ends it at once. Nothing is told from now on. */
    endAsync(): Promise<void>;
}

export type LoadPortListener = LoadWorkerListener<LoadEvent>;

/** Milliseconds a turn for unpacking on a thread that draws. */
const INLINE_BUDGET_MS = 2;

/** Loads in a worker. */
export class WorkerLoadPort implements LoadPort {
    public readonly isInline = false;
    private readonly _worker: LoadWorker<LoadRequest, LoadEvent>;

    public constructor(options: LoadWorkerOptions, listener: LoadPortListener) {
        this._worker = new LoadWorker(options, listener);
    }

    public post(request: LoadRequest, buffers: ArrayBuffer[]): void {
        this._worker.post(request, buffers);
    }

    public endAsync(): Promise<void> {
        return this._worker.endAsync();
    }
}

/** Loads on the calling thread, a little at a time: for pages that may start no workers. */
export class InlineLoadPort implements LoadPort {
    public readonly isInline = true;
    private readonly _session: LoadSession;
    private _listener: LoadPortListener | null;

    public constructor(listener: LoadPortListener) {
        const turns = new Turns(INLINE_BUDGET_MS);
        this._listener = listener;
        // Events come later, as from a worker: whoever asks is never told within the call.
        const send = (event: LoadEvent): void => queueMicrotask(() => this._listener?.onEvents([event]));
        this._session = new LoadSession(send, { turnAsync: () => turns.takeAsync() });
    }

    public post(request: LoadRequest): void {
        this._session.receive(request);
    }

    public endAsync(): Promise<void> {
        this._listener = null;
        return Promise.resolve();
    }
}
