import { messageOf } from "../base/errors.js";
import { MAX_FILE_BYTES } from "./chunkStore.js";
import type { Store, StoreRequest, StoreResult, StoreResultCallback } from "./store.js";

/** Gets each of several by itself, all at once. */
export async function getEachAsync(
    store: Pick<Store, "getAsync">,
    requests: readonly StoreRequest[],
    onResult: StoreResultCallback,
): Promise<void> {
    await Promise.all(requests.map(async (request, index) => onResult(index, await store.getAsync(request))));
}

/**
 * Returns what a request makes of the bytes that were found: their length is checked, then they are inspected.
 *
 * @param ownOf makes the receiver's own of them, once their length is known to be good. Default: they are its own
 */
export async function resultOfAsync(
    request: StoreRequest,
    found: Uint8Array,
    ownOf: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes,
): Promise<StoreResult> {
    const { maxBytes = MAX_FILE_BYTES } = request;
    if (found.byteLength > maxBytes) {
        return damagedByLength(found.byteLength, maxBytes);
    }
    const bytes = ownOf(found);
    let fault: string | null;
    try {
        fault = (await request.inspectAsync?.(bytes)) ?? null;
    } catch (error) {
        fault = `could not be inspected: ${messageOf(error)}`;
    }
    if (request.signal?.aborted === true) {
        return { status: "aborted" };
    }
    return fault === null ? { status: "found", bytes } : { status: "damaged", reason: fault };
}

export function damagedByLength(byteLength: number, maxBytes: number): StoreResult {
    return { status: "damaged", reason: `has ${byteLength} bytes; at most ${maxBytes} are read` };
}
