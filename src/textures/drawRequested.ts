import { messageOf } from "../base/errors.js";
import type { Steps } from "./canvas.js";
import { drawLayerSteps, drawNoiseSteps } from "./drawLayer.js";
import type { DrawEvent, DrawRequest } from "./drawProtocol.js";
import { LayerCache } from "./layerCache.js";

/** Sends an event, with the buffers to transfer. */
type Send = (event: DrawEvent, buffers: ArrayBuffer[]) => void;

export interface DrawingOptions {
    /** Resolves when the next step may be taken. Default: at once, for a thread that has nothing else to do */
    readonly turnAsync?: () => Promise<void>;
    /** Whether nobody wants the rest any more. Default: never */
    readonly isCancelled?: () => boolean;
    /** Resolves when the first layer may be drawn; those that are kept do not wait. Default: after 0.8 s */
    readonly restAsync?: () => Promise<void>;
}

/** Milliseconds in which the chunks of a world's first view are baked, on a machine that has no core to spare for pictures. */
const REST_MS = 800;

/**
 * Draws what is asked for, or takes it from the browser's cache, and sends each picture as it is ready. Resolves when all are
 * sent, or one has failed, or the rest is cancelled; never rejects.
 */
export async function drawRequestedAsync(
    { size, layers }: DrawRequest,
    send: Send,
    { turnAsync, isCancelled = () => false, restAsync = restOnceAsync }: DrawingOptions = {},
): Promise<void> {
    try {
        const cache = await LayerCache.OpenAsync();
        const bytes = await finishAsync(drawNoiseSteps(size), turnAsync, isCancelled);
        if (bytes === null) {
            return;
        }
        send({ kind: "noise", bytes }, [bytes.buffer]);
        let hasRested = false;
        for (const layer of layers) {
            const kept = (await cache?.getAsync(layer, size)) ?? null;
            if (kept === null && !hasRested) {
                hasRested = true;
                await restAsync();
            }
            const image = kept ?? (await finishAsync(drawLayerSteps(layer, size), turnAsync, isCancelled));
            if (image === null || isCancelled()) {
                return;
            }
            if (kept === null) {
                await cache?.putAsync(layer, size, image);
            }
            send({ kind: "layer", layer, ...image }, [...new Set([image.color.buffer, image.relief.buffer])]);
        }
    } catch (error) {
        send({ kind: "failed", message: messageOf(error) }, []);
    }
}

function restOnceAsync(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, REST_MS));
}

/** Takes all steps. Resolves with null where it is cancelled before. */
export async function finishAsync<T>(
    steps: Steps<T>,
    turnAsync: (() => Promise<void>) | undefined,
    isCancelled: () => boolean,
): Promise<T | null> {
    for (;;) {
        if (turnAsync !== undefined) {
            await turnAsync();
        }
        if (isCancelled()) {
            return null;
        }
        const step = steps.next();
        if (step.done === true) {
            return step.value;
        }
    }
}
