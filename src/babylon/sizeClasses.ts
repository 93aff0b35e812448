const SMALLEST_CLASS = 1024;
/** Classes to each power of two: a class is at most a quarter larger than what it is for. Few, so that slots are recycled. */
const CLASSES_PER_POWER = 4;

/** Indices kept room for per vertex: a closed surface has two triangles a vertex, skirts no more. */
export const INDICES_PER_VERTEX = 6;

/** The smallest size class that holds `count`. */
export function sizeClassOf(count: number): number {
    let power = SMALLEST_CLASS;
    while (power * 2 <= count) {
        power *= 2;
    }
    const step = power / CLASSES_PER_POWER;
    return Math.max(SMALLEST_CLASS, Math.ceil(count / step) * step);
}

/**
 * Vertices that the slot for a chunk with indices of its own has to hold. Index capacity follows from it, so that one number
 * is the whole class and slots of few kinds are recycled often.
 */
export function fusedNeedOf(vertexCount: number, indexCount: number): number {
    return Math.max(vertexCount, Math.ceil(indexCount / INDICES_PER_VERTEX));
}
