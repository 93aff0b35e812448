/**
 * Cuts each run of air in an outline of samples off by one segment, from the edge where it begins to the one where it ends:
 * separate runs stay separate, whoever looks at the outline and in whichever sense.
 *
 * @param outline samples in one sense of rotation as seen from outside a cell
 * @param edgeBetween number of the edge between two samples, whichever comes first
 * @param next gets the edge that follows on each edge
 */
export function linkOutline(
    outline: readonly number[],
    isAir: (sample: number) => boolean,
    edgeBetween: (a: number, b: number) => number,
    next: Map<number, number>,
): void {
    const sampleAt = (i: number): number => outline[i % outline.length]!;
    for (let i = 0; i < outline.length; i++) {
        if (!isAir(sampleAt(i)) && isAir(sampleAt(i + 1))) {
            let end = i + 1;
            while (isAir(sampleAt(end + 1))) {
                end++;
            }
            next.set(edgeBetween(sampleAt(i), sampleAt(i + 1)), edgeBetween(sampleAt(end), sampleAt(end + 1)));
        }
    }
}

/** The closed loops of edges that segments join to: each from its lowest edge on, in ascending order of those. */
export function joinLoops(next: ReadonlyMap<number, number>): number[][] {
    const loops: number[][] = [];
    const seen = new Set<number>();
    for (const start of [...next.keys()].sort((a, b) => a - b)) {
        const loop: number[] = [];
        for (let edge = start; !seen.has(edge); edge = next.get(edge)!) {
            loop.push(edge);
            seen.add(edge);
        }
        if (loop.length > 0) {
            loops.push(loop);
        }
    }
    return loops;
}
