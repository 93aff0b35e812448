const SMALLEST_CLASS = 1024;

/** Indices kept room for per vertex: a closed surface has two triangles a vertex, skirts no more. */
export const INDICES_PER_VERTEX = 6;

/** The smallest size class that holds `count`: powers of two and one and a half times them, so at most a third idles. */
export function sizeClassOf(count: number): number {
    let power = SMALLEST_CLASS;
    while (power < count) {
        if (power * 1.5 >= count) {
            return power * 1.5;
        }
        power *= 2;
    }
    return power;
}

/**
 * The vertex capacity of the slot for a chunk with indices of its own. Index capacity follows from it, so that one
 * number is the whole class and slots of few kinds are recycled often.
 */
export function fusedCapacityOf(vertexCount: number, indexCount: number): number {
    return sizeClassOf(Math.max(vertexCount, Math.ceil(indexCount / INDICES_PER_VERTEX)));
}
