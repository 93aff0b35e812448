import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Logger } from "@babylonjs/core/Misc/logger.js";
import { jest } from "@jest/globals";
import { createRenderedWorldAsync } from "../support/renderedWorld.js";

// A world took the textures that another quality replaces for lost: it warned that somebody had disposed its material, and made another.

afterEach(() => {
    jest.restoreAllMocks();
});

const groundTexturesOf = (material: Material | null): BaseTexture[] =>
    material!.getActiveTextures().filter(({ name }) => name.startsWith("terrane"));

test("another quality leaves the world its material, whose new textures are watched", async () => {
    const warn = jest.spyOn(Logger, "Warn").mockImplementation(() => {});
    const { engine, scene, world } = await createRenderedWorldAsync({ quality: "low" });
    new FreeCamera("camera", new Vector3(0, 60, 0), scene);
    const { material } = world;
    scene.render();
    world.quality = "high";
    scene.render();
    expect(world.material === material).toBe(true);
    expect(warn).not.toHaveBeenCalled();
    groundTexturesOf(material)[0]!.dispose();
    scene.render();
    expect(world.material === material).toBe(false);
    expect(warn).toHaveBeenCalledTimes(1);
    engine.dispose();
});
