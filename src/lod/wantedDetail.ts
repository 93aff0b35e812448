import { MAX_LEVEL } from "../space/chunkAddress.js";
import type { Topology } from "../space/topology.js";
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

/** Sides of a node that an orthographic picture is wider for what it is to be split for: a child's. */
const AROUND_PICTURE = 0.5;

/**
 * Scratch: least and greatest height of the node that is visited at each level, or of the nearest known one above it; those
 * of the node for the point that is looked at, and its box; the distance to the point that was measured last, through the
 * air and over the ground, and to the nearest of all. A number that a recursion passes down, or a call returns, is an object
 * each time.
 */
const heights = new Float64Array(2 * (MAX_LEVEL + 2));
const span = new Float64Array(2);
const box = new Float64Array(6);
const measured = new Float64Array(1);
const ground = new Float64Array(1);
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

interface Scale {
    readonly topology: Topology;
    /** Metres by level: see `fillSplitDistances`. */
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
    face: number,
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
            const isSplit = isSplitFor(scale, point, face, level, x, z, wasSplit);
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
    { topology, splitDistances }: Scale,
    point: SelectionPoint,
    face: number,
    level: number,
    x: number,
    z: number,
    wasSplit: boolean,
): boolean {
    span[0] = Number.isNaN(heights[2 * level]!) ? point.groundY - UNKNOWN_REACH : heights[2 * level]!;
    span[1] = Number.isNaN(heights[2 * level + 1]!) ? point.groundY + UNKNOWN_REACH : heights[2 * level + 1]!;
    topology.distanceToRef(face, level, x, z, point, span, measured);
    const reach = splitDistances[level]! * point.sharpness * (wasSplit ? MERGE_FACTOR : 1);
    return point.isOrthographic
        ? reach > 1 && isAroundPicture(topology, point, face, level, x, z, wasSplit)
        : measured[0]! < reach && !topology.isBeyondHorizon(face, level, x, z, point, span);
}

/** Whether an orthographic picture shows the node whose heights are in `span`, or would show it if it were a child's side nearer. */
function isAroundPicture(
    topology: Topology,
    point: SelectionPoint,
    face: number,
    level: number,
    x: number,
    z: number,
    wasSplit: boolean,
): boolean {
    topology.groundDistanceToRef(face, level, x, z, point, ground, 0);
    if (ground[0]! > point.radius * (wasSplit ? KEEP_FACTOR : 1)) {
        return false;
    }
    topology.boxToRef(face, level, x, z, span, wasSplit ? AROUND_PICTURE * MERGE_FACTOR : AROUND_PICTURE, box);
    return point.seen.touches(point, box);
}

/** Whether an orthographic picture shows any of a node. */
export function isNodeSeen(topology: Topology, point: SelectionPoint, node: QuadNode<unknown>): boolean {
    const { face, level, x, z } = node;
    const { minY, maxY } = node.record;
    span[0] = Number.isNaN(minY) ? point.groundY - UNKNOWN_REACH : minY;
    span[1] = Number.isNaN(maxY) ? point.groundY + UNKNOWN_REACH : maxY;
    topology.boxToRef(face, level, x, z, span, 0, box);
    return point.seen.touches(point, box);
}
