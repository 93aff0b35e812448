import { Camera } from "@babylonjs/core/Cameras/camera.js";
import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { Matrix, Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Viewport } from "@babylonjs/core/Maths/math.viewport.js";
import { CameraPicture, isOrthographic, verticalFovOf } from "../../../src/babylon/cameraPicture.js";
import { touchesBox } from "../../support/boxes.js";
import { createScene } from "./fixtures.js";

// The null engine's picture: see `createScene`.
const WIDTH = 640;
const HEIGHT = 360;

function orthographic(camera: Camera, width: number, height: number): void {
    camera.mode = Camera.ORTHOGRAPHIC_CAMERA;
    camera.orthoLeft = -width / 2;
    camera.orthoRight = width / 2;
    camera.orthoBottom = -height / 2;
    camera.orthoTop = height / 2;
}

test("a horizontally fixed angle of view is told as the vertical one", () => {
    const { engine, camera } = createScene();
    camera.fov = 1;
    expect(verticalFovOf(camera, 2)).toBe(1);
    camera.fovMode = Camera.FOVMODE_HORIZONTAL_FIXED;
    expect(Math.tan(verticalFovOf(camera, 2) / 2)).toBeCloseTo(Math.tan(0.5) / 2, 9);
    engine.dispose();
});

test("pixels a metre follow the extents, the render size where there are none, the viewport, and the finer direction", () => {
    const { engine, camera } = createScene();
    const picture = new CameraPicture();
    const read = (): number => {
        picture.readFrom(camera);
        return picture.pixelsPerMetre;
    };
    expect(read()).toBeCloseTo(HEIGHT / (2 * Math.tan(0.4)), 6);
    expect([isOrthographic(camera), picture.isOrthographic]).toEqual([false, false]);
    camera.mode = Camera.ORTHOGRAPHIC_CAMERA;
    // Babylon takes a metre a pixel then.
    expect(read()).toBeCloseTo(1, 6);
    expect([isOrthographic(camera), picture.isOrthographic]).toEqual([true, true]);
    orthographic(camera, 64, 36);
    expect(read()).toBeCloseTo(10, 5);
    orthographic(camera, 64, 72);
    expect(read()).toBeCloseTo(10, 5);
    orthographic(camera, 128, 36);
    expect(read()).toBeCloseTo(10, 5);
    camera.viewport = new Viewport(0, 0, 1, 0.5);
    expect(read()).toBeCloseTo(5, 5);
    camera.orthoLeft = null;
    camera.orthoTop = null;
    expect(read()).toBeGreaterThan(0);
    // The host's own projection.
    camera.freezeProjectionMatrix(Matrix.OrthoOffCenterLH(-1, 1, -1, 1, 0.1, 10, engine.isNDCHalfZRange));
    expect(read()).toBeCloseTo(WIDTH / 2, 3);
    engine.dispose();
});

test("extents that show nothing leave the last picture", () => {
    const { engine, camera } = createScene();
    const picture = new CameraPicture();
    orthographic(camera, 64, 36);
    picture.readFrom(camera);
    const before = picture.pixelsPerMetre;
    for (const nothing of [0, Number.NaN, Infinity]) {
        orthographic(camera, nothing, nothing);
        picture.readFrom(camera);
        expect([picture.pixelsPerMetre, picture.seen.isFinite()]).toEqual([before, true]);
    }
    engine.dispose();
});

const SEED = Number(process.env.TERRANE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

test(`a place is seen where Babylon's own matrices draw it, however the camera stands (seed ${SEED})`, () => {
    let state = SEED;
    const random = (least: number, most: number): number => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return least + (most - least) * (state / 2 ** 32);
    };
    let inside = 0;
    for (let round = 0; round < 200; round++) {
        const { engine, scene } = createScene();
        scene.useRightHandedSystem = round % 2 === 1;
        const camera = new FreeCamera(
            "camera",
            new Vector3(random(-500, 500), random(0, 300), random(-500, 500)),
            scene,
        );
        camera.rotation.set(random(-1.5, 1.5), random(-3, 3), random(-1, 1));
        camera.minZ = random(-50, 10);
        camera.maxZ = random(100, 1000);
        camera.mode = Camera.ORTHOGRAPHIC_CAMERA;
        if (round % 3 > 0) {
            orthographic(camera, random(20, 400), random(20, 400));
            camera.orthoLeft! += random(-50, 50);
        }
        if (round % 5 === 0) {
            camera.oblique = { length: random(0, 1), angle: random(0, 3), offset: random(-10, 10) };
        }
        camera.computeWorldMatrix();
        const picture = new CameraPicture();
        picture.readFrom(camera);
        const eye = camera.globalPosition;
        const transform = camera.getViewMatrix().multiply(camera.getProjectionMatrix());
        for (let i = 0; i < 50; i++) {
            const place = eye.add(new Vector3(random(-400, 400), random(-400, 400), random(-400, 400)));
            const { x, y } = Vector3.TransformCoordinates(place, transform);
            const z =
                Vector3.TransformCoordinates(place, camera.getViewMatrix()).z * (scene.useRightHandedSystem ? -1 : 1);
            const isClear = Math.abs(Math.abs(x) - 1) > 1e-3 && Math.abs(Math.abs(y) - 1) > 1e-3;
            const isDrawn = Math.abs(x) < 1 && Math.abs(y) < 1 && z > camera.minZ && z < camera.maxZ;
            if (isClear && Math.abs(z - camera.minZ) > 0.1 && Math.abs(z - camera.maxZ) > 0.1) {
                expect(touchesBox(picture.seen, [place.x - eye.x, place.y - eye.y, place.z - eye.z])).toBe(isDrawn);
                inside += isDrawn ? 1 : 0;
            }
        }
        engine.dispose();
    }
    expect(inside).toBeGreaterThan(100);
});
