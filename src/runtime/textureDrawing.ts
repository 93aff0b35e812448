import { messageOf } from "../base/errors.js";
import { LoadWorker } from "../scheduler/loadWorker.js";
import type { DrawEvent, DrawRequest } from "../textures/drawProtocol.js";
import { drawRequestedAsync } from "../textures/drawRequested.js";
import { TEXTURE_LAYERS } from "../textures/textureLayers.js";
import { Turns } from "./turns.js";

/** How a world may use workers. */
export interface DrawingWorkerOptions {
    /** 0 draws on the calling thread. Default: a worker draws */
    readonly workers?: number | undefined;
    /** Address of `terrane.worker.js`. Default: beside this very script */
    readonly workerUrl?: string | undefined;
    /** Milliseconds that the worker may take to load. Default: 30,000 */
    readonly loadTimeoutMs?: number | undefined;
}

/** Told of each picture, and of the end. */
export interface DrawingListener {
    onNoise(bytes: Uint8Array): void;
    onLayer(layer: number, color: Uint8Array, relief: Uint8Array): void;
    /** Called after the last picture. */
    onDone(): void;
    /** Called where no picture can be drawn, and nothing follows. */
    onFailed(message: string): void;
    onWarning(message: string): void;
}

/** Milliseconds after which a worker that sends no picture is given up. A layer takes a second on a busy phone. */
const SILENCE_MS = 30_000;
/** Milliseconds a turn for drawing on a thread that has frames to draw. */
const INLINE_BUDGET_MS = 6;

/**
 * Has all layers and the noise drawn in a worker of its own, which ends with the last. Where there can be no worker, or it dies,
 * the calling thread draws the rest, some milliseconds at a time.
 */
export class TextureDrawing {
    private readonly _missing = new Set(TEXTURE_LAYERS.keys());
    private _worker: LoadWorker<DrawRequest, DrawEvent> | null = null;
    private _ending: Promise<void> = Promise.resolve();
    private _timer: ReturnType<typeof setTimeout> | undefined;
    private _isOver = false;

    public constructor(
        private readonly _size: number,
        private readonly _options: DrawingWorkerOptions,
        private readonly _listener: DrawingListener,
    ) {
        if (_options.workers === 0) {
            this._drawHere();
            return;
        }
        try {
            this._worker = new LoadWorker<DrawRequest, DrawEvent>(
                { workerUrl: _options.workerUrl, loadTimeoutMs: _options.loadTimeoutMs, method: "draw" },
                {
                    onEvents: (events) => events.forEach((event) => this._onEvent(event)),
                    onLost: (error) => this._onLost(messageOf(error)),
                },
            );
            this._worker.post({ size: _size, layers: [...this._missing] }, []);
            this._watch();
        } catch (error) {
            this._onLost(messageOf(error));
        }
    }

    /** Ends it at once. Nothing is told from now on. Resolves when its thread is gone. */
    public endAsync(): Promise<void> {
        this._isOver = true;
        this._endWorker();
        return this._ending;
    }

    private _onEvent(event: DrawEvent): void {
        if (this._isOver) {
            return;
        }
        this._watch();
        if (event.kind === "failed") {
            this._onFailed(event.message);
        } else if (event.kind === "noise") {
            this._listener.onNoise(event.bytes);
        } else if (this._missing.delete(event.layer)) {
            this._listener.onLayer(event.layer, event.color, event.relief);
            if (this._missing.size === 0 && !this._isOver) {
                this._isOver = true;
                this._endWorker();
                this._listener.onDone();
            }
        }
    }

    private _onFailed(message: string): void {
        if (this._worker !== null) {
            this._onLost(message);
            return;
        }
        this._isOver = true;
        this._listener.onFailed(message);
    }

    private _onLost(message: string): void {
        if (this._isOver) {
            return;
        }
        this._endWorker();
        this._listener.onWarning(
            `The worker that draws the ground's textures is lost, and this thread draws them, a little at a time: ${message}`,
        );
        this._drawHere();
    }

    private _drawHere(): void {
        const turns = new Turns(INLINE_BUDGET_MS);
        void drawRequestedAsync({ size: this._size, layers: [...this._missing] }, (event) => this._onEvent(event), {
            turnAsync: () => turns.takeAsync(),
            isCancelled: () => this._isOver,
        });
    }

    /** Starts the clock anew for the worker's next picture. */
    private _watch(): void {
        clearTimeout(this._timer);
        if (this._worker !== null) {
            const loadMs =
                this._missing.size === TEXTURE_LAYERS.length ? (this._options.loadTimeoutMs ?? SILENCE_MS) : 0;
            this._timer = setTimeout(
                () => this._onLost(`it sent nothing for ${SILENCE_MS / 1000} seconds`),
                SILENCE_MS + loadMs,
            );
        }
    }

    private _endWorker(): void {
        clearTimeout(this._timer);
        if (this._worker !== null) {
            this._ending = this._worker.endAsync();
            this._worker = null;
        }
    }
}
