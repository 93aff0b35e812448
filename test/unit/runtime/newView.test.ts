import { NewView } from "../../../src/runtime/newView.js";
import { ViewerTrack } from "../../../src/streaming/viewerTrack.js";

const STEP_MS = 20;

function createViewer() {
    const track = new ViewerTrack();
    const position = { x: 0, y: 0, z: 0 };
    track.add({ position });
    const view = new NewView();
    let nowMs = 0;
    const followAt = (x: number): boolean => {
        position.x = x;
        nowMs += STEP_MS;
        track.read(1000, 1e7, nowMs);
        return view.follow(track.poses, nowMs);
    };
    return { view, followAt };
}

test("a view is new until its picture is whole, and again after a jump", () => {
    const { view, followAt } = createViewer();
    for (let i = 0; i < 1000; i++) {
        expect(followAt(0)).toBe(false);
    }
    expect(view.isNew).toBe(true);
    view.end();
    followAt(1);
    expect(view.isNew).toBe(false);
    expect(followAt(500)).toBe(true);
    expect(view.isNew).toBe(true);
    expect(followAt(500)).toBe(false);
});

test("for one who flies on it is no longer new after some 100 m", () => {
    const { view, followAt } = createViewer();
    let x = 0;
    while (view.isNew && x < 1000) {
        followAt((x += 1));
    }
    // The estimate of speed begins at 0.
    expect(x).toBeGreaterThan(95);
    expect(x).toBeLessThan(130);
});
