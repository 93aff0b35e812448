import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { CameraViewer } from "../../../src/babylon/cameraViewer.js";
import { createScene } from "./fixtures.js";

test("a viewer keeps the last finite pose of a camera that turns NaN", () => {
    const { engine, camera } = createScene();
    const viewer = new CameraViewer();
    camera.position.set(1, 2, 3);
    camera.rotation.y = Math.PI / 2;
    camera.computeWorldMatrix();
    expect(viewer.readFrom(camera)).toBe(true);
    camera.position.x = Number.NaN;
    camera.computeWorldMatrix();

    expect(viewer.readFrom(camera)).toBe(false);

    expect(viewer.position).toEqual({ x: 1, y: 2, z: 3 });
    expect(viewer.forward.x).toBeCloseTo(1, 6);
    expect(viewer.forward.z).toBeCloseTo(0, 6);
    engine.dispose();
});

test("a viewer looks where its camera looks in right-handed scenes", () => {
    const { engine, scene } = createScene();
    scene.useRightHandedSystem = true;
    const camera = new FreeCamera("right", Vector3.Zero(), scene);
    camera.setTarget(new Vector3(0, 0, -5));
    camera.computeWorldMatrix();
    const viewer = new CameraViewer();
    viewer.readFrom(camera);
    expect(viewer.forward.z).toBeCloseTo(-1, 6);
    engine.dispose();
});
