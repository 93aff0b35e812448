/** Measurements of the page's calls to WebGL and of messages from workers, since it opened. */
export const meters = {
    /** Whether nothing is drawn: else a software renderer's time would be all that is measured. */
    drawsNothing: false,
    buffersCreated: 0,
    uploadedBytes: 0,
    /** Milliseconds of handling messages from workers, with all that follows from them at once. */
    messageMs: 0,
    /** Whether messages are timed, which leaves more garbage than they do. */
    timesMessages: true,
};

/**
 * Number of turns of the microtask queue that a message's handling may take: promises of the scheduler are a few deep.
 */
const TURNS = 24;

/** Installs the measurements. Call it before any of the page's own code runs. */
export function installInstruments(): void {
    patchDrawing(WebGL2RenderingContext.prototype);
    patchBuffers(WebGL2RenderingContext.prototype);
    patchWorkers(Worker.prototype);
}

function patchDrawing(gl: WebGL2RenderingContext): void {
    for (const name of ["drawElements", "drawArrays", "drawElementsInstanced", "drawArraysInstanced"] as const) {
        const draw = gl[name] as (...args: unknown[]) => void;
        (gl as unknown as Record<string, unknown>)[name] = function (this: unknown, ...args: unknown[]): void {
            if (!meters.drawsNothing) {
                draw.apply(this, args);
            }
        };
    }
}

function patchBuffers(gl: WebGL2RenderingContext): void {
    const { createBuffer, bufferData, bufferSubData } = gl;
    gl.createBuffer = function (this: WebGL2RenderingContext) {
        meters.buffersCreated++;
        return createBuffer.call(this);
    };
    gl.bufferData = function (this: WebGL2RenderingContext, ...args: unknown[]) {
        meters.uploadedBytes += byteLengthOf(args[1]);
        (bufferData as (...args: unknown[]) => void).apply(this, args);
    };
    gl.bufferSubData = function (this: WebGL2RenderingContext, ...args: unknown[]) {
        // (target, offset, data, from, length): length counts elements; 0 or missing is all.
        const data = args[2] as ArrayBufferView & { BYTES_PER_ELEMENT?: number };
        const length = (args[4] as number | undefined) ?? 0;
        meters.uploadedBytes += length > 0 ? length * (data.BYTES_PER_ELEMENT ?? 1) : data.byteLength;
        (bufferSubData as (...args: unknown[]) => void).apply(this, args);
    };
}

function byteLengthOf(data: unknown): number {
    return typeof data === "number" ? data : ((data as ArrayBufferView | null)?.byteLength ?? 0);
}

function patchWorkers(worker: Worker): void {
    const { addEventListener } = worker;
    worker.addEventListener = function (this: Worker, type: string, handler: unknown, options?: unknown) {
        const timed = type === "message" && typeof handler === "function" ? timedHandler(handler as Handler) : handler;
        (addEventListener as (...args: unknown[]) => void).call(this, type, timed, options);
    } as typeof addEventListener;
    const { set } = Object.getOwnPropertyDescriptor(worker, "onmessage")!;
    Object.defineProperty(worker, "onmessage", {
        set(this: Worker, handler: Handler) {
            set!.call(this, timedHandler(handler));
        },
    });
}

type Handler = (this: Worker, event: MessageEvent) => void;

function timedHandler(handler: Handler): Handler {
    return function (this: Worker, event) {
        if (!meters.timesMessages) {
            handler.call(this, event);
            return;
        }
        const startMs = performance.now();
        handler.call(this, event);
        settle(startMs, TURNS);
    };
}

/** Calls back after everything that the message set going in microtasks. */
function settle(startMs: number, turns: number): void {
    if (turns === 0) {
        meters.messageMs += performance.now() - startMs;
    } else {
        queueMicrotask(() => settle(startMs, turns - 1));
    }
}
