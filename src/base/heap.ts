import { isNode } from "./host.js";

/** Chromium's, beside the standard. */
interface HeapMemory {
    readonly usedJSHeapSize: number;
}

/**
 * Bytes of JavaScript's heap in use, on this thread: in Node, and in Chromium (to the byte where the page is cross-origin
 * isolated, in steps elsewhere). NaN where the host does not tell. Each look leaves an object.
 */
export function heapBytes(): number {
    if (isNode()) {
        return process.memoryUsage().heapUsed;
    }
    const { memory } = performance as Performance & { readonly memory?: HeapMemory };
    return memory?.usedJSHeapSize ?? Number.NaN;
}
