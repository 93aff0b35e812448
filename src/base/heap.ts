import { isNode } from "./host.js";

/** Chromium's own, which no standard names. */
interface HeapMemory {
    readonly usedJSHeapSize: number;
}

/**
 * Returns the bytes of JavaScript's heap that this thread uses: in Node, and in Chromium (to the byte where the page is
 * cross-origin isolated, in steps elsewhere). NaN where the host does not tell. Each call leaves an object to collect.
 */
export function heapBytes(): number {
    if (isNode()) {
        return process.memoryUsage().heapUsed;
    }
    const { memory } = performance as Performance & { readonly memory?: HeapMemory };
    return memory?.usedJSHeapSize ?? Number.NaN;
}
