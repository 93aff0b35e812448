import { joinLoops, linkOutline } from "./contours.js";
import { FACES } from "./marchingCubesTable.js";
import { COARSE } from "./coarseCells.js";

/**
 * Transition cells: coarse cells beside fine ones, or below. Their surface takes the fine cells' vertices on the faces and edges that the
 * two share, and those of coarse cells on all others, so that it meets both.
 *
 * A cell's samples, 3 by 3 by 3, are numbered 25 z + 5 y + x from its lowest corner on, and its edges by the sum of their
 * ends' numbers, which no two edges share: edges are as long as the cell, or half as long.
 */
export class TransitionCell {
    /** Outlines of samples that the surface crosses in lines: one for each face, or four. */
    private readonly _outlines: readonly (readonly number[])[];

    /** @param isFineAt whether fine cells touch a sample of the cell in the middle of one of its faces or edges, each from 0 to 2 */
    public constructor(isFineAt: (x: number, y: number, z: number) => boolean) {
        const isFine = (middle: number) => isFineAt(...placeOf(middle));
        this._outlines = FACES.flatMap((face) => outlinesOf(face.map(cornerSample), isFine));
    }

    /**
     * The closed lines around the surface's parts in the cell, as its edges, each line in the sense of its triangles.
     *
     * @param isAir of a sample of the cell
     */
    public loops(isAir: (x: number, y: number, z: number) => boolean): CellEdge[][] {
        const edges = new Map<number, CellEdge>();
        const edgeBetween = (a: number, b: number): number => {
            edges.set(a + b, cellEdge(Math.min(a, b), Math.max(a, b)));
            return a + b;
        };
        const next = new Map<number, number>();
        for (const outline of this._outlines) {
            linkOutline(outline, (sample) => isAir(...placeOf(sample)), edgeBetween, next);
        }
        return joinLoops(next).map((loop) => loop.map((edge) => edges.get(edge)!));
    }
}

/** An edge of a cell, from a sample of the cell on. */
export interface CellEdge {
    readonly x: number;
    readonly y: number;
    readonly z: number;
    /** 0 x, 1 y, 2 z. */
    readonly axis: number;
    /** Whether it is as long as the cell, not half as long. */
    readonly isCoarse: boolean;
}

function cellEdge(low: number, high: number): CellEdge {
    const [x, y, z] = placeOf(low);
    const along = placeOf(high - low);
    const axis = along.findIndex((length) => length > 0);
    return { x, y, z, axis, isCoarse: along[axis] === COARSE };
}

/** The sample at one of the cell's corners, which are numbered as in the table of marching cubes. */
function cornerSample(corner: number): number {
    return COARSE * ((corner & 1) + 5 * ((corner >> 1) & 1) + 25 * (corner >> 2));
}

function placeOf(sample: number): [x: number, y: number, z: number] {
    return [sample % 5, Math.floor(sample / 5) % 5, Math.floor(sample / 25)];
}

/**
 * A face is fine, and so is an edge, where fine cells touch its middle. A fine face has four outlines, as the four fine
 * faces there have them; any other has one, with the middles of its fine edges.
 */
function outlinesOf(corners: readonly number[], isFine: (middle: number) => boolean): number[][] {
    const middles = corners.map((corner, i) => (corner + corners[(i + 1) % 4]!) / 2);
    const centre = (corners[0]! + corners[2]!) / 2;
    if (isFine(centre)) {
        return corners.map((corner, i) => [corner, middles[i]!, centre, middles[(i + 3) % 4]!]);
    }
    return [corners.flatMap((corner, i) => (isFine(middles[i]!) ? [corner, middles[i]!] : [corner]))];
}
