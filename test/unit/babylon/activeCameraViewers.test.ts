import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { ActiveCameraViewers } from "../../../src/babylon/activeCameraViewers.js";
import type { Viewer } from "../../../src/streaming/viewer.js";
import { createScene } from "./fixtures.js";

function follow(scene: Scene) {
    const viewers: Viewer[] = [];
    const active = new ActiveCameraViewers(scene, {
        addViewer: (viewer) => void viewers.push(viewer),
        removeViewer: (viewer) => void viewers.splice(viewers.indexOf(viewer), 1),
    });
    const update = (frames = 1): number[] => {
        for (let frame = 0; frame < frames; frame++) {
            active.update();
        }
        return viewers.map(({ position }) => position.x);
    };
    return { active, viewers, update };
}

function cameraAt(x: number, scene: Scene): FreeCamera {
    const camera = new FreeCamera(`at ${x}`, new Vector3(x, 0, 0), scene);
    camera.computeWorldMatrix();
    return camera;
}

test("each active camera has one viewer, which follows it and stays for 120 frames after its last use", () => {
    const { engine, scene, camera } = createScene();
    const { active, update } = follow(scene);
    const second = cameraAt(100, scene);
    camera.position.x = 7;
    expect(update()).toEqual([7]);
    scene.activeCameras = [camera, second];
    expect(update(500)).toEqual([7, 100]);
    scene.activeCameras = [];
    scene.activeCamera = second;
    second.position.x = 200;
    second.computeWorldMatrix();
    expect(update(120)).toEqual([7, 200]);
    expect(update()).toEqual([200]);
    scene.activeCamera = null;
    expect(update(120)).toEqual([200]);
    expect(update()).toEqual([]);
    scene.activeCamera = camera;
    expect(update()).toEqual([7]);
    active.clear();
    expect(update(0)).toEqual([]);
    engine.dispose();
});

test("cameras that take turns keep their viewers: none moves from one place to the other", () => {
    const { engine, scene } = createScene();
    const { viewers, update } = follow(scene);
    const cameras = [cameraAt(-50_000, scene), cameraAt(50_000, scene)] as const;
    scene.activeCamera = cameras[0];
    update();
    const [first] = viewers;
    for (let frame = 1; frame < 1000; frame++) {
        scene.activeCamera = cameras[frame % 2]!;
        update();
        expect(viewers[0]).toBe(first);
        expect(viewers[0]!.position.x).toBe(-50_000);
    }
    expect(viewers).toHaveLength(2);
    engine.dispose();
});

test("a camera that is disposed leaves at once, and does not come back though it is still set", async () => {
    const { engine, scene, camera } = createScene();
    const { active, update, viewers } = follow(scene);
    const second = cameraAt(100, scene);
    const observers = camera.onDisposeObservable.observers.length;
    camera.position.x = 7;
    scene.activeCameras = [camera, second];
    update();
    second.dispose();
    expect(viewers).toHaveLength(1);
    scene.activeCameras = [second];
    expect(update()).toEqual([7]);
    active.clear();
    // Babylon takes out what was removed a moment later.
    await new Promise((resolve) => setTimeout(resolve));
    expect(camera.onDisposeObservable.observers).toHaveLength(observers);
    engine.dispose();
});

test("of cameras that are made anew each frame only the latest are kept, whatever is in use", () => {
    const { engine, scene } = createScene();
    const { update } = follow(scene);
    for (let x = 0; x < 300; x++) {
        scene.activeCamera = cameraAt(x, scene);
        update();
    }
    expect(update()).toEqual(Array.from({ length: 17 }, (_, i) => 283 + i));
    scene.activeCameras = Array.from({ length: 40 }, (_, i) => cameraAt(1000 + i, scene));
    expect(update(200)).toHaveLength(40);
    engine.dispose();
});

test("before the first camera there is no viewer; nor for one whose pose was never finite", () => {
    const { engine, scene, camera } = createScene();
    camera.dispose();
    // As Babylon has it in a new scene.
    (scene as { _activeCamera?: unknown })._activeCamera = undefined;
    expect(scene.activeCamera).toBeUndefined();
    const { update } = follow(scene);
    expect(update(3)).toEqual([]);
    const broken = cameraAt(Number.NaN, scene);
    scene.activeCamera = broken;
    expect(update(3)).toEqual([]);
    broken.position.x = 5;
    broken.computeWorldMatrix();
    expect(update()).toEqual([5]);
    engine.dispose();
});
