import { SeenBox } from "../../../src/lod/seenBox.js";
import type { Viewer, ViewerPicture } from "../../../src/streaming/viewer.js";
import { ViewerTrack } from "../../../src/streaming/viewerTrack.js";
import { touchesBox } from "../../support/boxes.js";

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

/** 200 m by 100 m, from 45 degrees above, looking along z. */
function pictureOf(pixelsPerMetre: number): ViewerPicture & { pixelsPerMetre: number; isOrthographic: boolean } {
    const seen = new SeenBox();
    const slope = Math.SQRT1_2;
    seen.setPair(0, 1 / 100, 0, 0, 0);
    seen.setPair(1, 0, slope / 50, slope / 50, 0);
    seen.setPair(2, 0, -slope / 5000, slope / 5000, 0);
    seen.setOutlines();
    return { pixelsPerMetre, isOrthographic: true, seen };
}

test("a viewer with an orthographic picture stands where the ground is in its middle, and does not come near by that", () => {
    const track = new ViewerTrack();
    const position = { x: 10, y: 1020, z: 30 };
    track.add({ position, picture: pictureOf(4) });
    const ground = { sampleHeight: () => 20 };
    const read = (nowMs: number) => {
        track.read(5000, 1e6, nowMs);
        track.sampleGround(ground);
        track.compare(2);
        return track.poses[0]!;
    };
    read(0);
    const pose = read(16);
    expect([pose.x, pose.y, pose.sharpness, pose.isOrthographic]).toEqual([10, 20, 2, true]);
    expect(pose.z).toBeCloseTo(1030, 6);
    expect(touchesBox(pose.seen, [99, 0, 0])).toBe(true);
    expect(touchesBox(pose.seen, [101, 0, 0])).toBe(false);
    // Farther away it shows the same, and has not moved.
    position.y += 500;
    position.z -= 500;
    expect(read(32).z).toBeCloseTo(1030, 6);
    expect([pose.motion.velocityX, pose.motion.velocityY, pose.motion.jumps]).toEqual([0, 0, 0]);
    expect(pose.motion.velocityZ).toBeCloseTo(0, 6);
});

test("a picture that is not finite is none", () => {
    const picture = pictureOf(4);
    const track = new ViewerTrack();
    track.add({ position: { x: 0, y: 0, z: 0 }, picture });
    const pose = track.poses[0]!;
    for (const nothing of [Number.NaN, 0, Infinity]) {
        picture.pixelsPerMetre = nothing;
        track.read(5000, 1e6);
        track.compare(2);
        expect([pose.sharpness, pose.isOrthographic]).toEqual([1, false]);
    }
    picture.pixelsPerMetre = 1;
    picture.seen.setPair(0, Number.NaN, 0, 0, 0);
    track.read(5000, 1e6);
    track.compare(2);
    expect([pose.sharpness, pose.isOrthographic]).toEqual([1, false]);
});
