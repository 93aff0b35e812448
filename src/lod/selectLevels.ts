import { ChunkList } from "../space/chunkList.js";
import type { Topology } from "../space/topology.js";
import type { NodeList } from "./nodeList.js";
import { childrenCanCover, isGivenUp, isUpToDate, type QuadNode, type Quadtree } from "./quadtree.js";
import {
    beginDescent,
    enterNode,
    isSplitForAny,
    KEEP_FACTOR,
    measuredDistance,
    type SelectionPoint,
} from "./wantedDetail.js";

/** What a selection works on and leaves behind. One a world, reused each frame. */
export interface Selection<THandle> {
    readonly tree: Quadtree<THandle>;
    readonly topology: Topology;
    /** Metres by level: see `fillSplitDistances`. */
    readonly splitDistances: Float64Array;
    /** Counts selections. */
    frame: number;
    /** Counts choices: while the selection is frozen, what is drawn still follows it. */
    pass: number;
    rootLevel: number;
    /** Chunks that the last selection wants. */
    leafCount: number;
    readonly roots: NodeList<THandle>;
    /** Nodes to be drawn. */
    readonly chosen: NodeList<THandle>;
    /**
     * Nodes whose chunk is needed (leaves, and coarse stand-ins where nothing finer covers yet) and which the sink does not
     * have as it is wanted, but for what is given up. None: nothing is outstanding.
     */
    readonly missing: NodeList<THandle>;
}

/** Scratch: the roots around a point. */
const reached = new ChunkList();

/**
 * Marks what the present view wants, level by level: from the roots in reach down to where a chunk is as fine as the
 * picture can show.
 */
export function selectLevels<THandle>(selection: Selection<THandle>, points: readonly SelectionPoint[]): void {
    const { topology, roots, rootLevel, frame } = selection;
    roots.clear();
    selection.leafCount = 0;
    for (let i = 0; i < points.length; i++) {
        const point = points[i]!;
        if (!point.isKnown) {
            continue;
        }
        topology.rootsInReachToRef(rootLevel, point, point.radius * KEEP_FACTOR, reached);
        for (let j = 0; j < reached.count; j++) {
            const root = wantedRoot(selection, point, j);
            if (root !== null && root.wantedFrame !== frame) {
                roots.add(root);
                beginDescent(rootLevel);
                visit(selection, root, points, true);
            }
        }
    }
}

/** Returns the root at a place of `reached`; null where it is none that a point wants, or has wanted and may keep. */
function wantedRoot<THandle>(
    { tree, rootLevel, frame }: Selection<THandle>,
    point: SelectionPoint,
    at: number,
): QuadNode<THandle> | null {
    const face = reached.faces[at]!;
    const x = reached.xs[at]!;
    const z = reached.zs[at]!;
    if (reached.distances[at]! <= point.radius) {
        return tree.rootAt(face, rootLevel, x, z);
    }
    const root = tree.find(face, rootLevel, x, z);
    return root !== undefined && root.wantedFrame >= frame - 1 ? root : null;
}

/** @param isOrphan whether all that is coarser was given up: then a chunk that was given up as well has to be split */
function visit<THandle>(
    selection: Selection<THandle>,
    node: QuadNode<THandle>,
    points: readonly SelectionPoint[],
    isOrphan: boolean,
): void {
    const { frame, tree } = selection;
    const wasSplit = node.isSplit && node.wantedFrame === frame - 1;
    node.wantedFrame = frame;
    enterNode(node.level, node);
    const isLost = isOrphan && isGivenUp(node);
    const isWanted = isSplitForAny(selection, points, node.face, node.level, node.x, node.z, wasSplit);
    node.distance = measuredDistance();
    node.isSplit = node.level > 0 && (isWanted || isLost);
    if (node.isSplit) {
        tree.expand(node);
        for (let i = 0; i < 4; i++) {
            visit(selection, node.children[i]!, points, isLost);
        }
    } else {
        selection.leafCount++;
    }
}

/**
 * Chooses what to draw of what is uploaded, so that no area that was covered ever is not: finer chunks take a coarse one's
 * place only all four together, and a coarse one takes theirs only once it is uploaded itself.
 */
export function chooseShown<THandle>(selection: Selection<THandle>): void {
    selection.pass++;
    selection.chosen.clear();
    selection.missing.clear();
    for (let i = 0; i < selection.roots.count; i++) {
        choose(selection, selection.roots.at(i));
    }
}

function choose<THandle>(selection: Selection<THandle>, node: QuadNode<THandle>): void {
    const { children } = node;
    if (!node.isSplit) {
        need(selection, node);
        chooseAvailable(selection, node);
        return;
    }
    if (!childrenCanCover(node)) {
        need(selection, node);
        if (node.handle !== null) {
            selection.chosen.add(node);
            for (let i = 0; i < 4; i++) {
                prepare(selection, children[i]!);
            }
            return;
        }
    }
    for (let i = 0; i < 4; i++) {
        choose(selection, children[i]!);
    }
}

/** What can be drawn of a node's area right now: itself, else whatever finer is there. */
function chooseAvailable<THandle>(selection: Selection<THandle>, node: QuadNode<THandle>): void {
    if (node.handle !== null) {
        selection.chosen.add(node);
        return;
    }
    for (let i = 0; i < node.children.length; i++) {
        chooseAvailable(selection, node.children[i]!);
    }
}

/** Asks for what will replace a coarse chunk that is drawn, without drawing it yet. */
function prepare<THandle>(selection: Selection<THandle>, node: QuadNode<THandle>): void {
    if (!node.isSplit) {
        need(selection, node);
        return;
    }
    if (!childrenCanCover(node)) {
        need(selection, node);
    }
    for (let i = 0; i < 4; i++) {
        prepare(selection, node.children[i]!);
    }
}

function need<THandle>(selection: Selection<THandle>, node: QuadNode<THandle>): void {
    node.neededPass = selection.pass;
    if (!isUpToDate(node) && !isGivenUp(node)) {
        selection.missing.add(node);
    }
}
