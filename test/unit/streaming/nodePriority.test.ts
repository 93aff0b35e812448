import { QuadNode } from "../../../src/lod/quadtree.js";
import { FlatTopology } from "../../../src/space/flatTopology.js";
import { nodePriority } from "../../../src/streaming/nodePriority.js";
import { ViewerTrack } from "../../../src/streaming/viewerTrack.js";
import type { Viewer } from "../../../src/streaming/viewer.js";

const topology = new FlatTopology(64);

function posesOf(...viewers: Viewer[]) {
    const track = new ViewerTrack();
    viewers.forEach((viewer) => track.add(viewer));
    track.read(10_000, 1e7);
    return track.poses;
}

/**
 * A node that is drawn coarser, so that no hole makes all else indifferent.
 *
 * @param distance metres to its parent, and to itself unless `own` says so
 */
function nodeAt(level: number, x: number, z: number, distance: number, own = distance): QuadNode<number> {
    const parent = new QuadNode<number>();
    Object.assign(parent, { level: level + 1, x: Math.floor(x / 2), z: Math.floor(z / 2), distance, isShown: true });
    const node = new QuadNode<number>();
    Object.assign(node, { level, x, z, distance: own, parent, neededPass: 7 });
    return node;
}

const ahead: Viewer = { position: { x: 0, y: 0, z: 0 }, forward: { x: 0, y: 0, z: 1 } };

test("what lies ahead comes before what lies behind, in the same band", () => {
    const poses = posesOf(ahead);
    expect(nodePriority(nodeAt(0, 0, 20, 1300), poses, topology)).toBeLessThan(
        nodePriority(nodeAt(0, 0, -20, 1200), poses, topology),
    );
    // A nearer band counts for more than the view.
    expect(nodePriority(nodeAt(0, 0, -20, 1200), poses, topology)).toBeLessThan(
        nodePriority(nodeAt(0, 0, 80, 5100), poses, topology),
    );
});

test("looking straight down, all directions are equal", () => {
    const poses = posesOf({ position: { x: 0, y: 0, z: 0 }, forward: { x: 0, y: -1, z: 0 } });
    expect(nodePriority(nodeAt(0, 0, 20, 1300), poses, topology)).toBe(
        nodePriority(nodeAt(0, 0, -20, 1300), poses, topology),
    );
});

test("a hole comes before everything that is only too coarse", () => {
    const poses = posesOf(ahead);
    const hole = nodeAt(7, 0, -3, 9000);
    hole.parent = null;
    expect(nodePriority(hole, poses, topology)).toBeLessThan(nodePriority(nodeAt(0, 0, 0, 0), poses, topology));
    // Drawn finer until it comes is no hole.
    const child = new QuadNode<number>();
    child.isShown = true;
    hole.children.push(child);
    expect(nodePriority(hole, poses, topology)).toBeGreaterThan(nodePriority(nodeAt(0, 0, 0, 0), poses, topology));
});

test("below what is needed itself nothing is a hole: that will be there first", () => {
    const poses = posesOf(ahead);
    const node = nodeAt(6, 0, 0, 9000);
    node.parent!.isShown = false;
    const isBefore = () => nodePriority(node, poses, topology) < nodePriority(nodeAt(0, 0, 0, 0), poses, topology);
    // Needed in the frame before.
    node.parent!.neededPass = 6;
    expect(isBefore()).toBe(true);
    node.parent!.neededPass = 7;
    expect(isBefore()).toBe(false);
    node.parent!.isRefused = true;
    expect(isBefore()).toBe(true);
});

test("the four that take a coarse one's place are equally urgent, wherever bands and view end", () => {
    const poses = posesOf(ahead);
    // Of a radius of 10 km, 3 km are immediate; what is in view ends aside of the viewer.
    for (const [x, z] of [
        [0, 22],
        [22, 12],
        [-2, -2],
    ] as const) {
        const priorities = [0, 1, 2, 3].map((i) =>
            nodePriority(nodeAt(1, x + (i & 1), z + (i >> 1), 2950, 2950 + 40 * i), poses, topology),
        );
        expect(new Set(priorities).size).toBe(1);
    }
});

test("what shows by itself is as urgent as it lies itself: stale ground, a hole, what takes finer ones' place", () => {
    const poses = posesOf(ahead);
    const byItself = (change: (node: QuadNode<number>) => void): number[] =>
        [100, 4000].map((own) => {
            const node = nodeAt(1, 0, 22, 2950, own);
            change(node);
            return nodePriority(node, poses, topology);
        });
    const changes: ((node: QuadNode<number>) => void)[] = [
        (node) => (node.handle = 1),
        (node) => (node.parent!.isShown = false),
        (node) => {
            const child = new QuadNode<number>();
            child.isShown = true;
            node.parent!.isShown = false;
            node.children.push(child);
        },
    ];
    for (const change of changes) {
        const [near, far] = byItself(change);
        expect(near).toBeLessThan(far!);
    }
});

test("of several viewers the most urgent counts; one that was never anywhere does not", () => {
    const node = nodeAt(0, 0, 60, 3900);
    const alone = nodePriority(node, posesOf(ahead), topology);
    const nowhere: Viewer = { position: { x: Number.NaN, y: 0, z: 0 } };
    expect(nodePriority(node, posesOf(ahead, nowhere), topology)).toBe(alone);
    const wide: Viewer = { position: { x: 0, y: 0, z: 100_000 }, radius: 100_000 };
    expect(nodePriority(node, posesOf(ahead, wide), topology)).toBeLessThan(alone);
});

test("a viewer's weight brings its ground nearer", () => {
    const position = { x: 0, y: 0, z: 0 };
    const plain = posesOf({ position });
    const heavy = posesOf({ position, weight: 2 });
    const far = nodeAt(0, 60, 0, 4000);
    expect(nodePriority(far, heavy, topology)).toBeLessThan(nodePriority(far, plain, topology));
    expect(nodePriority(nodeAt(0, 60, 0, 2000), heavy, topology)).toBeLessThan(
        nodePriority(nodeAt(0, 60, 0, 2000), posesOf({ position, weight: 0.5 }), topology),
    );
    // One that is no number above 0 counts as 1.
    expect(nodePriority(far, posesOf({ position, weight: Number.NaN }), topology)).toBe(
        nodePriority(far, plain, topology),
    );
});
