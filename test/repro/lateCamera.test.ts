import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Logger } from "@babylonjs/core/Misc/logger.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { jest } from "@jest/globals";
import { createRenderedWorldAsync, renderWhileAsync } from "../support/renderedWorld.js";

// Before a scene's first camera `activeCamera` is undefined, not null.

/** Without a camera Babylon refuses to draw, once the world has had its turn. */
function renderWithoutCamera(scene: Scene): void {
    expect(() => scene.render()).toThrow("No camera defined");
}

test("a world may be there before the first camera: it says once that it waits, and streams when there is one", async () => {
    const warn = jest.spyOn(Logger, "Warn").mockImplementation(() => {});
    const warnings = (): number =>
        warn.mock.calls.filter(([message]) => /"world" has no viewer/.test(String(message))).length;
    const { engine, scene, world } = await createRenderedWorldAsync();
    expect(scene.activeCamera).toBeUndefined();
    for (let frame = 0; frame < 59; frame++) {
        renderWithoutCamera(scene);
    }
    expect(warnings()).toBe(0);
    for (let frame = 0; frame < 200; frame++) {
        renderWithoutCamera(scene);
    }
    expect(warnings()).toBe(1);

    new FreeCamera("camera", new Vector3(0, 60, 0), scene);
    let isReady = false;
    void world.whenReadyAsync().then(() => (isReady = true));
    await renderWhileAsync(
        () => scene.render(),
        () => isReady,
    );

    expect(world.getStats().visibleChunks).toBeGreaterThan(4);
    expect(warnings()).toBe(1);
    warn.mockRestore();
    engine.dispose();
});

test("a world whose camera comes within a second says nothing", async () => {
    const warn = jest.spyOn(Logger, "Warn").mockImplementation(() => {});
    const { engine, scene } = await createRenderedWorldAsync();
    renderWithoutCamera(scene);
    new FreeCamera("camera", new Vector3(0, 60, 0), scene);
    for (let frame = 0; frame < 200; frame++) {
        scene.render();
    }
    expect(warn.mock.calls.filter(([message]) => String(message).includes("no viewer"))).toEqual([]);
    warn.mockRestore();
    engine.dispose();
});
