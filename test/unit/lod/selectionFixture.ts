import { NodeList } from "../../../src/lod/nodeList.js";
import { Quadtree, type QuadNode } from "../../../src/lod/quadtree.js";
import { selectLevels, type Selection } from "../../../src/lod/selectLevels.js";
import { SeenBox } from "../../../src/lod/seenBox.js";
import { fillSplitDistances } from "../../../src/lod/splitDistances.js";
import type { SelectionPoint } from "../../../src/lod/wantedDetail.js";
import { ChunkRecords } from "../../../src/residency/chunkRecords.js";
import { MAX_LEVEL } from "../../../src/space/chunkAddress.js";
import type { ChunkAvailability } from "../../../src/space/chunkAvailability.js";
import { ChunkList } from "../../../src/space/chunkList.js";
import { FlatTopology } from "../../../src/space/flatTopology.js";

export interface SelectionOptions {
    chunkSize?: number;
    resolution?: number;
    screenSpaceError?: number;
    radius?: number;
    available?: ChunkAvailability;
}

export function createSelection(options: SelectionOptions = {}): Selection<number> {
    const { chunkSize = 64, resolution = 64, screenSpaceError = 3, radius = 10_000, available = null } = options;
    const splitDistances = new Float64Array(MAX_LEVEL + 1);
    const topology = new FlatTopology(chunkSize);
    fillSplitDistances(topology.sides, resolution, 0.8, 720, screenSpaceError, splitDistances);
    return {
        tree: new Quadtree<number>(new ChunkRecords()),
        topology,
        available,
        splitDistances,
        frame: 0,
        pass: 0,
        rootLevel: topology.rootLevelFor(radius),
        leafCount: 0,
        roots: new NodeList(),
        absentRoots: new ChunkList(),
        unknownRoots: new ChunkList(),
        undecidedCount: 0,
        chosen: new NodeList(),
        deferredCount: 0,
        missing: new NodeList(),
    };
}

export function pointAt(x: number, y: number, z: number, radius = 10_000, groundY = 0): SelectionPoint {
    return {
        x,
        y,
        z,
        radius,
        groundY,
        isKnown: true,
        sharpness: 1,
        isOrthographic: false,
        seen: new SeenBox(),
    };
}

export function select(selection: Selection<number>, ...points: SelectionPoint[]): QuadNode<number>[] {
    selection.frame++;
    selectLevels(selection, points);
    return leavesOf(selection.roots.toArray());
}

export function leavesOf(nodes: readonly QuadNode<number>[]): QuadNode<number>[] {
    return nodes.flatMap((node) => (node.isSplit ? leavesOf(node.children) : [node]));
}

/** The leaf that holds a place; throws where there are none or several. */
export function leafAt(selection: Selection<number>, x: number, z: number): QuadNode<number> {
    const chunk = new ChunkList();
    const found = leavesOf(selection.roots.toArray()).filter((leaf) => {
        selection.topology.chunkAtToRef(leaf.level, { x, y: 0, z }, chunk);
        return chunk.xs[0] === leaf.x && chunk.zs[0] === leaf.z;
    });
    if (found.length !== 1) {
        throw new Error(`${x}/${z} lies in ${found.length} leaves`);
    }
    return found[0]!;
}
