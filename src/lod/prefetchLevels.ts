import { Availability } from "../space/chunkAvailability.js";
import { childX, childZ } from "../space/chunkTree.js";
import { isGivenUp, type QuadNode } from "./quadtree.js";
import type { Selection } from "./selectLevels.js";
import { beginDescent, enterNode, isSplitForAny, measuredDistance, type SelectionPoint } from "./wantedDetail.js";

/** Visits what is to be prefetched. An object, not a function: the frame path makes no closures. */
export interface PrefetchVisitor {
    /** A chunk will be wanted and is not here; `distance` is in metres from where the viewer will be. */
    visitMissing(face: number, level: number, x: number, z: number, distance: number): void;
}

/**
 * Finds the chunks that the selection around `points` would want and does not want now, below the roots that are wanted
 * now. Changes nothing of the selection, and makes no nodes.
 */
export function prefetchLevels<THandle>(
    selection: Selection<THandle>,
    points: readonly SelectionPoint[],
    visitor: PrefetchVisitor,
): void {
    for (let i = 0; i < selection.roots.count; i++) {
        const root = selection.roots.at(i);
        beginDescent(root.level);
        visit(selection, root, root.face, root.level, root.x, root.z, points, visitor);
    }
}

function visit<THandle>(
    selection: Selection<THandle>,
    node: QuadNode<THandle> | null,
    face: number,
    level: number,
    x: number,
    z: number,
    points: readonly SelectionPoint[],
    visitor: PrefetchVisitor,
): void {
    enterNode(level, node);
    const isWanted = isSplitForAny(selection, points, face, level, x, z, false) && level > 0;
    if (isWanted && hasChildren(selection, face, level, x, z)) {
        for (let i = 0; i < 4; i++) {
            const child = node !== null && node.children.length > 0 ? node.children[i]! : null;
            visit(selection, child, face, level - 1, childX(x, i), childZ(z, i), points, visitor);
        }
    } else if (node === null || isUnwanted(selection, node)) {
        visitor.visitMissing(face, level, x, z, measuredDistance());
    }
}

function hasChildren<THandle>(
    { available }: Selection<THandle>,
    face: number,
    level: number,
    x: number,
    z: number,
): boolean {
    return available === null || available.childrenAt(face, level, x, z) === Availability.available;
}

function isUnwanted<THandle>({ pass }: Selection<THandle>, node: QuadNode<THandle>): boolean {
    return node.handle === null && node.neededPass !== pass && !isGivenUp(node);
}
