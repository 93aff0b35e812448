import { MAX_LEVEL } from "../space/chunkAddress.js";
import { NodeState, type QuadNode } from "./quadtree.js";
import { squareDistance, UNKNOWN_REACH, type Selection, type SelectionPoint } from "./selectLevels.js";

/** Takes what a prediction finds. An object, not a function: the frame path makes no closures. */
export interface PredictionTaker {
    /** A chunk that will be wanted and is not here; `distance` metres from where the viewer will be. */
    takePredicted(level: number, x: number, z: number, distance: number): void;
}

/** Scratch, as in `selectLevels`. */
const heights = new Float64Array(2 * (MAX_LEVEL + 2));

/**
 * Finds the chunks that the selection around `point` would want and that nobody has asked for yet, below the roots that are
 * wanted now. Changes nothing of the selection, and makes no nodes.
 */
export function predictLevels<THandle>(
    selection: Selection<THandle>,
    point: SelectionPoint,
    taker: PredictionTaker,
): void {
    for (let i = 0; i < selection.roots.count; i++) {
        const root = selection.roots.at(i);
        heights.fill(Number.NaN, 2 * root.level + 2, 2 * root.level + 4);
        visit(selection, root, root.level, root.x, root.z, point, taker);
    }
}

function visit<THandle>(
    selection: Selection<THandle>,
    node: QuadNode<THandle> | null,
    level: number,
    x: number,
    z: number,
    point: SelectionPoint,
    taker: PredictionTaker,
): void {
    const side = selection.chunkSize * 2 ** level;
    const at = 2 * level;
    const minY = node === null || Number.isNaN(node.minY) ? heights[at + 2]! : node.minY;
    const maxY = node === null || Number.isNaN(node.maxY) ? heights[at + 3]! : node.maxY;
    heights[at] = minY;
    heights[at + 1] = maxY;
    const low = Number.isNaN(minY) ? point.groundY - UNKNOWN_REACH : minY;
    const high = Number.isNaN(maxY) ? point.groundY + UNKNOWN_REACH : maxY;
    const flat = squareDistance(x * side, z * side, side, point.x, point.z);
    const up = Math.max(0, point.y - high, low - point.y);
    const distance = Math.sqrt(flat * flat + up * up);
    if (level > 0 && distance < selection.splitDistances[level]!) {
        for (let i = 0; i < 4; i++) {
            const child = node !== null && node.children.length > 0 ? node.children[i]! : null;
            visit(selection, child, level - 1, x * 2 + (i & 1), z * 2 + (i >> 1), point, taker);
        }
    } else if (node === null || (node.state === NodeState.absent && node.neededPass !== selection.pass)) {
        taker.takePredicted(level, x, z, distance);
    }
}
