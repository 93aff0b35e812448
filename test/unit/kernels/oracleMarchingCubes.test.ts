import { EDGE_AXIS, EDGE_CORNER, TRIANGLES, TRIANGLE_START } from "../../oracle/marchingCubesTable.js";

function edgesOf(mask: number): number[] {
    return [...TRIANGLES.subarray(TRIANGLE_START[mask], TRIANGLE_START[mask + 1])];
}

function cornersOf(edge: number): [number, number] {
    return [EDGE_CORNER[edge]!, EDGE_CORNER[edge]! | (1 << EDGE_AXIS[edge]!)];
}

test("a case without or full of air has no triangles, every other has some", () => {
    for (let mask = 0; mask < 256; mask++) {
        expect(edgesOf(mask).length > 0).toBe(mask !== 0 && mask !== 255);
    }
});

test("triangles use exactly the edges whose ends differ", () => {
    for (let mask = 0; mask < 256; mask++) {
        const crossing = Array.from({ length: 12 }, (_, edge) => edge).filter((edge) => {
            const [a, b] = cornersOf(edge);
            return ((mask >> a) & 1) !== ((mask >> b) & 1);
        });
        expect([...new Set(edgesOf(mask))].sort((a, b) => a - b)).toEqual(crossing);
    }
});

test("two cells that share a face draw the same lines on it, in opposite directions", () => {
    for (let axis = 0; axis < 3; axis++) {
        for (let low = 0; low < 256; low++) {
            for (let high = 0; high < 256; high++) {
                if (faceBits(low, axis, 1) === faceBits(high, axis, 0)) {
                    const below = linesOnFace(low, axis, 1);
                    const above = linesOnFace(high, axis, 0).map(([a, b]) => [b, a] as const);
                    expect(below.map(String).sort()).toEqual(above.map(String).sort());
                }
            }
        }
    }
});

/** Signs of a face's corners, in an order that both its cells share. */
function faceBits(mask: number, axis: number, side: number): number {
    let bits = 0;
    let place = 0;
    for (let corner = 0; corner < 8; corner++) {
        if (((corner >> axis) & 1) === side) {
            bits |= ((mask >> corner) & 1) << place++;
        }
    }
    return bits;
}

/** Directed triangle sides in a face that belong to one triangle only, named by edges as the cell below sees them. */
function linesOnFace(mask: number, axis: number, side: number): (readonly [number, number])[] {
    const edges = edgesOf(mask);
    const lines: [number, number][] = [];
    for (let i = 0; i < edges.length; i += 3) {
        for (let corner = 0; corner < 3; corner++) {
            const a = edges[i + corner]!;
            const b = edges[i + ((corner + 1) % 3)]!;
            if (liesOn(a, axis, side) && liesOn(b, axis, side)) {
                lines.push([inFace(a, axis), inFace(b, axis)]);
            }
        }
    }
    return lines.filter(([a, b]) => !lines.some(([c, d]) => a === d && b === c));
}

function liesOn(edge: number, axis: number, side: number): boolean {
    return cornersOf(edge).every((corner) => ((corner >> axis) & 1) === side);
}

function inFace(edge: number, axis: number): number {
    const [a, b] = cornersOf(edge).map((corner) => corner & ~(1 << axis));
    return a! * 8 + b!;
}
