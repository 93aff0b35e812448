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

/** A node that is drawn coarser, so that no hole makes all else indifferent. */
function nodeAt(level: number, x: number, z: number, distance: number): QuadNode<number> {
    const parent = new QuadNode<number>();
    parent.isShown = true;
    const node = new QuadNode<number>();
    Object.assign(node, { level, x, z, distance, parent });
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
