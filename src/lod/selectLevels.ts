import { Availability, type ChunkAvailability } from "../space/chunkAvailability.js";
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
    /**
     * What chunks there are; null where every chunk can be had. A chunk is split only where all four children are, and a
     * root that there is none of is beyond the edge: nothing is wanted there.
     */
    readonly available: ChunkAvailability | null;
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
    /** Roots in reach beyond the edge, and those of which nobody knows yet whether they are. A root may be listed twice. */
    readonly absentRoots: ChunkList;
    readonly unknownRoots: ChunkList;
    /** Nodes that might be split if more was known: see `QuadNode.isUndecided`. */
    undecidedCount: number;
    /** Nodes to be drawn. */
    readonly chosen: NodeList<THandle>;
    /** Nodes that would be exchanged for others, and are left as they are while an exchange is under way there. */
    deferredCount: number;
    /**
     * Nodes whose chunk is needed (leaves, and coarse stand-ins where nothing finer covers yet) and which the sink does not
     * have as it is wanted, but for what is given up. None: nothing is outstanding.
     */
    readonly missing: NodeList<THandle>;
}

/** Scratch: the roots around a point, and the metres within which it wants them. */
const reached = new ChunkList();
const reach = new Float64Array(1);

/**
 * Marks what the present view wants, level by level: from the roots in reach down to where a chunk is as fine as the
 * picture can show.
 */
export function selectLevels<THandle>(selection: Selection<THandle>, points: readonly SelectionPoint[]): void {
    const { topology, roots, rootLevel, frame, available } = selection;
    roots.clear();
    selection.absentRoots.clear();
    selection.unknownRoots.clear();
    selection.undecidedCount = 0;
    selection.leafCount = 0;
    // Where there are no coarser roots, to see farther would take ever more of them.
    const farthest = available === null ? Infinity : topology.rootRadii[rootLevel]!;
    for (let i = 0; i < points.length; i++) {
        const point = points[i]!;
        if (!point.isKnown) {
            continue;
        }
        reach[0] = Math.min(point.radius, farthest);
        topology.rootsInReachToRef(rootLevel, point, reach[0] * KEEP_FACTOR, reached);
        for (let j = 0; j < reached.count; j++) {
            const root = wantedRoot(selection, j);
            if (root !== null && root.wantedFrame !== frame) {
                roots.add(root);
                beginDescent(rootLevel);
                visit(selection, root, points, true);
            }
        }
    }
}

/**
 * Returns the root at a place of `reached`; null where it is none that is wanted, or was wanted and may be kept. Roots that
 * are wanted and cannot be had are listed.
 */
function wantedRoot<THandle>(selection: Selection<THandle>, at: number): QuadNode<THandle> | null {
    const { tree, rootLevel, frame, available } = selection;
    const face = reached.faces[at]!;
    const x = reached.xs[at]!;
    const z = reached.zs[at]!;
    const isInReach = reached.distances[at]! <= reach[0]!;
    if (isInReach && (available === null || available.at(face, rootLevel, x, z) === Availability.available)) {
        return tree.rootAt(face, rootLevel, x, z);
    }
    const root = tree.find(face, rootLevel, x, z);
    if (root !== undefined && root.wantedFrame >= frame - 1) {
        return root;
    }
    if (isInReach) {
        const isAbsent = available!.at(face, rootLevel, x, z) === Availability.absent;
        (isAbsent ? selection.absentRoots : selection.unknownRoots).add(face, x, z);
    }
    return null;
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
    if (selection.available !== null) {
        settleSplit(selection, selection.available, node, wasSplit);
    }
    if (node.isSplit) {
        tree.expand(node);
        for (let i = 0; i < 4; i++) {
            visit(selection, node.children[i]!, points, isLost);
        }
    } else {
        selection.leafCount++;
    }
}

/** Leaves a node whole whose children cannot be had. While nobody knows, it stays as it was. */
function settleSplit<THandle>(
    selection: Selection<THandle>,
    available: ChunkAvailability,
    node: QuadNode<THandle>,
    wasSplit: boolean,
): void {
    node.isUndecided = false;
    if (!node.isSplit) {
        return;
    }
    const children = available.childrenAt(node.face, node.level, node.x, node.z);
    if (children === Availability.unknown) {
        node.isUndecided = true;
        selection.undecidedCount++;
        node.isSplit = wasSplit;
    } else {
        node.isSplit = children === Availability.available;
    }
}

/**
 * Chooses what to draw of what is uploaded, so that no area that was covered ever is not: finer chunks take a coarse one's
 * place only all four together, and a coarse one takes theirs only once it is uploaded itself. What fades is left to end.
 */
export function chooseShown<THandle>(selection: Selection<THandle>): void {
    selection.pass++;
    selection.chosen.clear();
    selection.deferredCount = 0;
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
    const canSplit = childrenCanCover(node);
    if (node.fade !== null || !canSplit) {
        selection.deferredCount += canSplit ? 1 : 0;
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
        if (!node.isShown && hasFadeBelow(node)) {
            selection.deferredCount++;
            keepShown(selection, node);
        } else {
            selection.chosen.add(node);
        }
        return;
    }
    for (let i = 0; i < node.children.length; i++) {
        chooseAvailable(selection, node.children[i]!);
    }
}

/** Whether something below a node is still coming: to replace it as well would draw three landscapes in one place. */
function hasFadeBelow<THandle>({ children }: QuadNode<THandle>): boolean {
    for (let i = 0; i < children.length; i++) {
        if (children[i]!.fade !== null || hasFadeBelow(children[i]!)) {
            return true;
        }
    }
    return false;
}

/** Leaves a node's area as it is drawn. */
function keepShown<THandle>(selection: Selection<THandle>, node: QuadNode<THandle>): void {
    if (node.isShown) {
        selection.chosen.add(node);
        return;
    }
    for (let i = 0; i < node.children.length; i++) {
        keepShown(selection, node.children[i]!);
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
