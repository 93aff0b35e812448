import type { Vec3Like } from "../base/vec3Like.js";
import type { ChunkList } from "../space/chunkList.js";
import type { Topology } from "../space/topology.js";
import { childrenCanCover, isGivenUp, isUpToDate, type QuadNode } from "./quadtree.js";
import type { Selection } from "./selectLevels.js";

/** Scratch: metres from the position to a node. */
const distance = new Float64Array(1);

/**
 * Whether the ground within `radius` metres of a position is shown as finely as the last selection wants it, or as finely
 * as it ever will be where chunks were given up, or there are none. False where nobody wants ground.
 */
export function isGroundSettled<THandle>(selection: Selection<THandle>, position: Vec3Like, radius: number): boolean {
    const { topology, rootLevel, absentRoots, unknownRoots } = selection;
    if (touchesAny(topology, unknownRoots, rootLevel, position, radius)) {
        return false;
    }
    let isAny = touchesAny(topology, absentRoots, rootLevel, position, radius);
    for (let i = 0; i < selection.roots.count; i++) {
        const root = selection.roots.at(i);
        if (touches(topology, root, position, radius)) {
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
    if (node.isUndecided) {
        return false;
    }
    if (node.isShown) {
        return (isUpToDate(node) || isGivenUp(node)) && isFineEnough(selection, node);
    }
    // A stand-in that is still to come, or comes with the next frame.
    const isAwaited = node.neededPass === selection.pass && !isGivenUp(node);
    if (isAwaited) {
        return false;
    }
    for (const child of node.isSplit ? node.children : NONE) {
        if (touches(selection.topology, child, position, radius) && !isSettled(selection, child, position, radius)) {
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
    if (node.isUndecided || (node.neededPass === selection.pass && !isUpToDate(node) && !isGivenUp(node))) {
        return true;
    }
    return node.isSplit && node.children.some((child) => isAnyOutstanding(selection, child));
}

function touches(
    topology: Topology,
    { face, level, x, z }: QuadNode<unknown>,
    position: Vec3Like,
    radius: number,
): boolean {
    topology.groundDistanceToRef(face, level, x, z, position, distance, 0);
    return distance[0]! <= radius;
}

function touchesAny(topology: Topology, list: ChunkList, level: number, position: Vec3Like, radius: number): boolean {
    for (let i = 0; i < list.count; i++) {
        topology.groundDistanceToRef(list.faces[i]!, level, list.xs[i]!, list.zs[i]!, position, distance, 0);
        if (distance[0]! <= radius) {
            return true;
        }
    }
    return false;
}
