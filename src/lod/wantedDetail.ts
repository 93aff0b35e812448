import { MAX_LEVEL } from "../space/chunkAddress.js";
import type { QuadNode } from "./quadtree.js";
import type { SeenBox } from "./seenBox.js";
import { MERGE_FACTOR } from "./splitDistances.js";

/** A point that levels are selected around. Metres. */
export interface SelectionPoint {
    readonly x: number;
    readonly y: number;
    readonly z: number;
    readonly radius: number;
    /** Height of the ground below it. */
    readonly groundY: number;
    readonly isKnown: boolean;
    /** How many times as large it sees things as the view that split distances are made for: 1 in that view. */
    readonly sharpness: number;
    /** Whether it sees everything as large as if it were 1 m away, and only what `seen` holds. */
    readonly isOrthographic: boolean;
    readonly seen: SeenBox;
}

/** What is split stays so up to this many times the radius: no coming and going at the edge. */
export const KEEP_FACTOR = 1.05;
/** Metres above and below the ground under a viewer that a chunk is taken to reach while nobody has seen it. */
const UNKNOWN_REACH = 150;

/**
 * Scratch: least and greatest height of the node that is visited at each level, or of the nearest known one above it; and the
 * distance to the point that was measured last, and to the nearest of all. A number that a recursion passes down, or a call returns, is an object each time.
 */
const heights = new Float64Array(2 * (MAX_LEVEL + 2));
const measured = new Float64Array(1);
const nearest = new Float64Array(1);

/** Begins a way down from a root of `level`. */
export function beginDescent(level: number): void {
    heights.fill(Number.NaN, 2 * level + 2, 2 * level + 4);
}

/** The way down has come to a node of `level`; null where there is none yet. */
export function enterNode(level: number, node: QuadNode<unknown> | null): void {
    const at = 2 * level;
    const isUnknown = node === null || Number.isNaN(node.record.minY);
    heights[at] = isUnknown ? heights[at + 2]! : node.record.minY;
    heights[at + 1] = isUnknown ? heights[at + 3]! : node.record.maxY;
}

/** Returns the metres from the nearest point to the node that `isSplitForAny` was called with last. */
export function measuredDistance(): number {
    return nearest[0]!;
}

/** Metres: side of a level-0 chunk; and by level, see `fillSplitDistances`. */
interface Scale {
    readonly chunkSize: number;
    readonly splitDistances: Float64Array;
}

/**
 * Returns whether any point wants the children of the node that was entered last at `level`.
 *
 * @param wasSplit whether it is split already, which takes more to undo
 */
export function isSplitForAny(
    scale: Scale,
    points: readonly SelectionPoint[],
    level: number,
    x: number,
    z: number,
    wasSplit: boolean,
): boolean {
    let isWanted = false;
    nearest[0] = Number.POSITIVE_INFINITY;
    for (let i = 0; i < points.length; i++) {
        const point = points[i]!;
        if (point.isKnown) {
            const isSplit = isSplitFor(scale, point, level, x, z, wasSplit);
            isWanted ||= isSplit;
            nearest[0] = Math.min(nearest[0]!, measured[0]!);
        }
    }
    return isWanted;
}

/**
 * Whether a point wants the children of the node that was entered last at `level`: in perspective where it is near; in an
 * orthographic picture where that shows it, or one of its children would be next to what is shown.
 *
 * @param wasSplit whether it is split already, which takes more to undo
 */
function isSplitFor(
    { chunkSize, splitDistances }: Scale,
    point: SelectionPoint,
    level: number,
    x: number,
    z: number,
    wasSplit: boolean,
): boolean {
    const side = chunkSize * 2 ** level;
    const low = Number.isNaN(heights[2 * level]!) ? point.groundY - UNKNOWN_REACH : heights[2 * level]!;
    const high = Number.isNaN(heights[2 * level + 1]!) ? point.groundY + UNKNOWN_REACH : heights[2 * level + 1]!;
    const flat = squareDistance(x * side, z * side, side, point.x, point.z);
    const up = Math.max(0, point.y - high, low - point.y);
    const distance = Math.sqrt(flat * flat + up * up);
    measured[0] = distance;
    const reach = splitDistances[level]! * point.sharpness * (wasSplit ? MERGE_FACTOR : 1);
    return point.isOrthographic
        ? reach > 1 && isAroundPicture(point, level, x, z, chunkSize, wasSplit)
        : distance < reach;
}

/** Whether an orthographic picture shows the node that was entered last at `level`, or would show it if it were a child's side nearer. */
function isAroundPicture(
    point: SelectionPoint,
    level: number,
    x: number,
    z: number,
    chunkSize: number,
    wasSplit: boolean,
): boolean {
    const side = chunkSize * 2 ** level;
    const flat = squareDistance(x * side, z * side, side, point.x, point.z);
    if (flat > point.radius * (wasSplit ? KEEP_FACTOR : 1)) {
        return false;
    }
    const low = Number.isNaN(heights[2 * level]!) ? point.groundY - UNKNOWN_REACH : heights[2 * level]!;
    const high = Number.isNaN(heights[2 * level + 1]!) ? point.groundY + UNKNOWN_REACH : heights[2 * level + 1]!;
    const around = wasSplit ? (side / 2) * MERGE_FACTOR : side / 2;
    return point.seen.touches(
        (x + 0.5) * side - point.x,
        (low + high) / 2 - point.y,
        (z + 0.5) * side - point.z,
        side / 2 + around,
        (high - low) / 2,
    );
}

/** Whether an orthographic picture shows any of a node. */
export function isNodeSeen(point: SelectionPoint, node: QuadNode<unknown>, chunkSize: number): boolean {
    const side = chunkSize * 2 ** node.level;
    const { minY, maxY } = node.record;
    const low = Number.isNaN(minY) ? point.groundY - UNKNOWN_REACH : minY;
    const high = Number.isNaN(maxY) ? point.groundY + UNKNOWN_REACH : maxY;
    return point.seen.touches(
        (node.x + 0.5) * side - point.x,
        (low + high) / 2 - point.y,
        (node.z + 0.5) * side - point.z,
        side / 2,
        (high - low) / 2,
    );
}

/** Metres from a point to a square, on the map. */
export function squareDistance(minX: number, minZ: number, side: number, x: number, z: number): number {
    const dx = Math.max(0, minX - x, x - minX - side);
    const dz = Math.max(0, minZ - z, z - minZ - side);
    return Math.sqrt(dx * dx + dz * dz);
}
