import type { Vec3Like } from "../base/vec3Like.js";
import { childrenCanCover, isGivenUp, isUpToDate, type QuadNode } from "./quadtree.js";
import type { Selection } from "./selectLevels.js";

/** Scratch: metres from the position to a node. */
const distance = new Float64Array(1);

/**
 * Whether the ground within `radius` metres of a position is shown as finely as the last selection wants it, or as finely
 * as it ever will be where chunks were given up. False where nobody wants ground.
 */
export function isGroundSettled<THandle>(selection: Selection<THandle>, position: Vec3Like, radius: number): boolean {
    let isAny = false;
    for (let i = 0; i < selection.roots.count; i++) {
        const root = selection.roots.at(i);
        if (touches(selection, root, position, radius)) {
            isAny = true;
            if (!isSettled(selection, root, position, radius)) {
                return false;
            }
        }
    }
    return isAny;
}

function isSettled<THandle>(
    selection: Selection<THandle>,
    node: QuadNode<THandle>,
    position: Vec3Like,
    radius: number,
): boolean {
    if (node.isShown) {
        return (isUpToDate(node) || isGivenUp(node)) && isFineEnough(selection, node);
    }
    // A stand-in that is still to come, or comes with the next frame.
    const isAwaited = node.neededPass === selection.pass && !isGivenUp(node);
    if (isAwaited) {
        return false;
    }
    for (const child of node.isSplit ? node.children : NONE) {
        if (touches(selection, child, position, radius) && !isSettled(selection, child, position, radius)) {
            return false;
        }
    }
    return true;
}

function isFineEnough<THandle>(selection: Selection<THandle>, node: QuadNode<THandle>): boolean {
    return !node.isSplit || (!childrenCanCover(node) && !isAnyOutstanding(selection, node));
}

const NONE: readonly never[] = [];

/** Whether anything that is needed of a node or below it may still come. */
function isAnyOutstanding<THandle>(selection: Selection<THandle>, node: QuadNode<THandle>): boolean {
    if (node.neededPass === selection.pass && !isUpToDate(node) && !isGivenUp(node)) {
        return true;
    }
    return node.isSplit && node.children.some((child) => isAnyOutstanding(selection, child));
}

function touches<THandle>(
    { topology }: Selection<THandle>,
    { face, level, x, z }: QuadNode<THandle>,
    position: Vec3Like,
    radius: number,
): boolean {
    topology.groundDistanceToRef(face, level, x, z, position, distance, 0);
    return distance[0]! <= radius;
}
