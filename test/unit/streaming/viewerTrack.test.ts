import type { Viewer } from "../../../src/streaming/viewer.js";
import { ViewerTrack } from "../../../src/streaming/viewerTrack.js";

type Changing<T> = { -readonly [key in keyof T]: T[key] };
const LIMIT = 1e6;

function track(viewer: Changing<Viewer>) {
    const viewers = new ViewerTrack();
    viewers.add(viewer);
    return viewers;
}

test("the last finite pose holds, all of it: no mixture of two", () => {
    const viewer: Changing<Viewer> = { position: { x: 1, y: 2, z: 3 } };
    const viewers = track(viewer);
    expect(viewers.read(500, LIMIT)).toBe(true);
    for (const position of [
        { x: Number.NaN, y: 9, z: 9 },
        { x: 9, y: Number.NEGATIVE_INFINITY, z: 9 },
        { x: 9, y: 9, z: Number.POSITIVE_INFINITY },
        { x: 2e6, y: 9, z: 9 },
    ]) {
        viewer.position = position;
        expect(viewers.read(500, LIMIT)).toBe(true);
        expect(viewers.poses[0]).toMatchObject({ x: 1, y: 2, z: 3, isKnown: true });
    }
});

test("a viewer that was never anywhere is not known", () => {
    const viewers = track({ position: { x: Number.NaN, y: 0, z: 0 } });
    expect(viewers.read(500, LIMIT)).toBe(false);
    expect(new ViewerTrack().read(500, LIMIT)).toBe(false);
});

test("a radius that is none is the world's", () => {
    const viewer: Changing<Viewer> = { position: { x: 0, y: 0, z: 0 } };
    const viewers = track(viewer);
    for (const [radius, expected] of [
        [undefined, 500],
        [70, 70],
        [0, 500],
        [-3, 500],
        [Number.NaN, 500],
        [Number.POSITIVE_INFINITY, 500],
        [1e9, LIMIT],
    ] as const) {
        if (radius === undefined) {
            delete viewer.radius;
        } else {
            viewer.radius = radius;
        }
        viewers.read(500, LIMIT);
        expect(viewers.poses[0]!.radius).toBe(expected);
    }
});

test("a viewer without a direction, or with nonsense for one, has none", () => {
    const viewer: Changing<Viewer> = { position: { x: 0, y: 0, z: 0 }, forward: { x: 0, y: 0, z: 1 } };
    const viewers = track(viewer);
    viewers.read(500, LIMIT);
    expect(viewers.poses[0]).toMatchObject({ hasForward: true, forwardZ: 1 });
    viewer.forward = { x: Number.NaN, y: 0, z: 1 };
    viewers.read(500, LIMIT);
    expect(viewers.poses[0]!.hasForward).toBe(false);
});

test("the ground below is asked for again only after some metres, and not for one that is nowhere", () => {
    const viewer: Changing<Viewer> = { position: { x: Number.NaN, y: 0, z: 0 } };
    const viewers = track(viewer);
    const asked: string[] = [];
    const source = { sampleHeight: (x: number, z: number) => (asked.push(`${x}/${z}`), x / 10) };
    const moveTo = (x: number) => {
        viewer.position = { x, y: 0, z: 0 };
        viewers.read(500, LIMIT);
        viewers.sampleGround(source);
    };
    moveTo(Number.NaN);
    for (const x of [0, 5, 15, 17, 20, 40]) {
        moveTo(x);
    }
    expect(asked).toEqual(["0/0", "17/0", "40/0"]);
    expect(viewers.poses[0]!.groundY).toBe(4);
});

test("a viewer counts once, however often it is added", () => {
    const viewer: Viewer = { position: { x: 0, y: 0, z: 0 } };
    const viewers = track(viewer);
    viewers.add(viewer);
    expect(viewers.poses.length).toBe(1);
    viewers.remove(viewer);
    viewers.remove(viewer);
    expect(viewers.poses.length).toBe(0);
});
