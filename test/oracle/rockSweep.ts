/** A corner of the region: where it lies in the plane, in whole quanta, and its vertex. */
export interface PlanePoint {
    readonly u: number;
    readonly y: number;
    readonly vertex: number;
}

/** A piece of the region's outline. Rock lies to the right of the way from `from` to `to`, where u grows to the right. */
export interface OutlineEdge {
    readonly from: PlanePoint;
    readonly to: PlanePoint;
}

/** A point of a chain. */
interface Link {
    readonly point: PlanePoint;
    lower: Link | null;
    upper: Link | null;
}

/**
 * An edge that the sweep line crosses. Where rock lies above it, so does a part of the region whose left is already covered: up to
 * a chain of points, which bulges to the right, from the edge's left end to that of the edge above.
 */
interface Crossing {
    readonly left: PlanePoint;
    readonly right: PlanePoint;
    readonly isRockAbove: boolean;
    chain: Chain | null;
}

interface Chain {
    lowest: Link;
    highest: Link;
    /** The point farthest to the right, which any point further on sees. */
    foremost: Link;
}

/**
 * Covers the region of rock within outlines by triangles that have no corners but the outlines' own. Outlines may touch, but do not
 * cross. Source: Hertel and Mehlhorn, Fast triangulation of simple polygons, 1983: a line sweeps from left to right.
 *
 * @param add gets each triangle, its corners counter-clockwise where u grows to the right and y upwards
 */
export function coverRock(
    edges: readonly OutlineEdge[],
    add: (a: PlanePoint, b: PlanePoint, c: PlanePoint) => void,
): void {
    new Sweep(edges, add).run();
}

class Sweep {
    /** From the lowest up. */
    private readonly _status: Crossing[] = [];

    public constructor(
        private readonly _edges: readonly OutlineEdge[],
        private readonly _add: (a: PlanePoint, b: PlanePoint, c: PlanePoint) => void,
    ) {}

    public run(): void {
        const begin = new Map<string, Crossing[]>();
        const points = new Map<string, PlanePoint>();
        for (const { from, to } of this._edges) {
            const order = comparePoints(from, to);
            if (order === 0) {
                continue;
            }
            const crossing: Crossing =
                order < 0
                    ? { left: from, right: to, isRockAbove: false, chain: null }
                    : { left: to, right: from, isRockAbove: true, chain: null };
            const key = keyOf(crossing.left);
            begin.set(key, [...(begin.get(key) ?? []), crossing]);
            for (const point of [from, to]) {
                if (!points.has(keyOf(point))) {
                    points.set(keyOf(point), point);
                }
            }
        }
        for (const point of [...points.values()].sort(comparePoints)) {
            this._meet(point, begin.get(keyOf(point)) ?? []);
        }
    }

    private _meet(point: PlanePoint, beginning: Crossing[]): void {
        const { _status: status } = this;
        // Edges below the point, then those that end in it.
        let first = 0;
        while (first < status.length && isBelow(status[first]!, point)) {
            first++;
        }
        let end = first;
        while (end < status.length && comparePoints(status[end]!.right, point) === 0) {
            end++;
        }
        const below = first > 0 ? status[first - 1]! : null;
        let chainBelow = below?.chain ?? null;
        let chainAbove: Chain | null = null;
        if (end === first) {
            if (chainBelow !== null && beginning.length > 0) {
                [chainBelow, chainAbove] = this._split(chainBelow, point);
            }
        } else {
            if (chainBelow !== null) {
                this._addAbove(chainBelow, point);
            }
            for (let i = first; i < end - 1; i++) {
                const closed = status[i]!.chain;
                if (closed !== null) {
                    this._addAbove(closed, point);
                    this._addBelow(closed, point);
                }
            }
            chainAbove = status[end - 1]!.chain;
            if (chainAbove !== null) {
                this._addBelow(chainAbove, point);
            }
        }
        const sorted = sortBeginning(beginning, chainBelow !== null);
        status.splice(first, end - first, ...sorted);
        if (sorted.length === 0) {
            if (below !== null) {
                below.chain = joined(chainBelow, chainAbove);
            }
            return;
        }
        if (below !== null) {
            below.chain = chainBelow;
        }
        for (const [i, crossing] of sorted.entries()) {
            if (i === sorted.length - 1) {
                crossing.chain = crossing.isRockAbove ? (chainAbove ?? single(point)) : null;
            } else {
                crossing.chain = crossing.isRockAbove ? single(point) : null;
            }
        }
    }

    /** Adds a point to the upper end of a chain, and the triangles below it that it sees. */
    private _addAbove(chain: Chain, point: PlanePoint): void {
        let b = chain.highest;
        for (let a = b.lower; a !== null && turnOf(a.point, b.point, point) < 0; b = a, a = a.lower) {
            this._add(a.point, point, b.point);
        }
        const link: Link = { point, lower: b, upper: null };
        b.upper = link;
        chain.highest = link;
        chain.foremost = link;
    }

    /** Adds a point to the lower end of a chain, and the triangles above it that it sees. */
    private _addBelow(chain: Chain, point: PlanePoint): void {
        let b = chain.lowest;
        for (let a = b.upper; a !== null && turnOf(a.point, b.point, point) > 0; b = a, a = a.upper) {
            this._add(a.point, b.point, point);
        }
        const link: Link = { point, lower: null, upper: b };
        b.lower = link;
        chain.lowest = link;
        chain.foremost = link;
    }

    /** Splits a chain at its foremost point, for an outline that begins within the region. */
    private _split(chain: Chain, point: PlanePoint): [lower: Chain, upper: Chain] {
        const { foremost } = chain;
        const twin: Link = { point: foremost.point, lower: null, upper: foremost.upper };
        if (twin.upper !== null) {
            twin.upper.lower = twin;
        }
        const highest = chain.highest === foremost ? twin : chain.highest;
        foremost.upper = null;
        const lower: Chain = { lowest: chain.lowest, highest: foremost, foremost };
        const upper: Chain = { lowest: twin, highest, foremost: twin };
        this._addAbove(lower, point);
        this._addBelow(upper, point);
        return [lower, upper];
    }
}

function single(point: PlanePoint): Chain {
    const link: Link = { point, lower: null, upper: null };
    return { lowest: link, highest: link, foremost: link };
}

/** Joins two chains at the point that both have got last. */
function joined(lower: Chain | null, upper: Chain | null): Chain | null {
    if (lower === null || upper === null) {
        return null;
    }
    const shared = lower.highest;
    shared.upper = upper.lowest.upper;
    if (shared.upper === null) {
        return { lowest: lower.lowest, highest: shared, foremost: shared };
    }
    shared.upper.lower = shared;
    return { lowest: lower.lowest, highest: upper.highest, foremost: shared };
}

/** From the lowest up. Of those that lie on one another the order is that in which rock and air take turns. */
function sortBeginning(beginning: readonly Crossing[], isRock: boolean): Crossing[] {
    const sorted = [...beginning].sort((a, b) => turnOf(a.left, b.right, a.right));
    let isInRock = isRock;
    for (let i = 0; i < sorted.length; i++) {
        const other = sorted[i + 1];
        if (
            sorted[i]!.isRockAbove === isInRock &&
            other !== undefined &&
            turnOf(other.left, other.right, sorted[i]!.right) === 0
        ) {
            sorted[i + 1] = sorted[i]!;
            sorted[i] = other;
        }
        isInRock = sorted[i]!.isRockAbove;
    }
    return sorted;
}

/** From left to right; of points above one another from the lowest up. */
function comparePoints(a: PlanePoint, b: PlanePoint): number {
    return a.u - b.u || a.y - b.y;
}

function keyOf({ u, y }: PlanePoint): string {
    return `${u} ${y}`;
}

/** Above 0 where the way from a over b to c turns to the left. */
function turnOf(a: PlanePoint, b: PlanePoint, c: PlanePoint): number {
    return (b.u - a.u) * (c.y - a.y) - (b.y - a.y) * (c.u - a.u);
}

/** Whether an edge passes below a point. One that ends there does not. */
function isBelow({ left, right }: Crossing, point: PlanePoint): boolean {
    return comparePoints(right, point) !== 0 && turnOf(left, right, point) > 0;
}
