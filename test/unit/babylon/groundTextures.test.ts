import {
    acquireGroundTextures,
    setGroundTextures,
    type GroundTextures,
} from "../../../src/babylon/material/groundTextures.js";
import { bytesWithMips } from "../../../src/babylon/material/swappedTexture.js";
import { StandardMaterial } from "@babylonjs/core/Materials/standardMaterial.js";
import { Scene } from "@babylonjs/core/scene.js";
import { CreateTerrainWorldAsync } from "../../../src/babylon/createTerrainWorld.js";
import { wasmFile } from "../../support/kernels.js";
import { countsOf, createScene, PLAIN_RECIPE } from "./fixtures.js";

const MIB = 2 ** 20;

test("materials of one engine and size share textures, until the last gives them up", () => {
    const { engine, scene } = createScene();
    const before = countsOf(scene);
    const first = acquireGroundTextures(scene, 512);
    expect(acquireGroundTextures(new Scene(engine), 512)).toBe(first);
    const small = acquireGroundTextures(scene, 256);
    expect(small).not.toBe(first);
    small.dispose();
    expect([small.isDisposed, first.isDisposed]).toEqual([true, false]);
    first.dispose();
    expect(first.isDisposed).toBe(false);
    expect(first.byteLength).toBeGreaterThan(0);
    first.dispose();
    expect(first.isDisposed).toBe(true);
    expect(first.byteLength).toBe(0);
    expect(countsOf(scene)).toEqual(before);
    const next = acquireGroundTextures(scene, 512);
    expect(next).not.toBe(first);
    engine.dispose();
});

test("engines share nothing, and textures go with theirs", () => {
    const one = createScene();
    const other = createScene();
    const ofOne = acquireGroundTextures(one.scene, 512);
    const ofOther = acquireGroundTextures(other.scene, 512);
    expect(ofOne).not.toBe(ofOther);
    one.engine.dispose();
    expect([ofOne.isDisposed, ofOther.isDisposed]).toEqual([true, false]);
    other.engine.dispose();
});

test("an engine that draws nothing has nothing drawn, and is ready at once", () => {
    const { engine, scene } = createScene();
    const textures = acquireGroundTextures(scene, 512);
    expect(textures.isReady).toBe(true);
    expect(textures.byteLength).toBeLessThan(200);
    for (const texture of [textures.color, textures.relief, textures.noise]) {
        expect(texture.isReady()).toBe(true);
        expect(texture.getInternalTexture()!._bufferView).toBeNull();
    }
    engine.dispose();
});

test("where somebody disposes one of them, all go, and the next to ask gets new ones", () => {
    const { engine, scene } = createScene();
    const textures = acquireGroundTextures(scene, 512);
    textures.relief.dispose();
    expect(textures.isDisposed).toBe(true);
    const next = acquireGroundTextures(scene, 512);
    expect(next).not.toBe(textures);
    // Who had the lost ones gives them up as ever.
    textures.dispose();
    expect(next.isDisposed).toBe(false);
    engine.dispose();
});

test("anisotropy is that of both arrays, and can be set", () => {
    const { engine, scene } = createScene();
    const textures = acquireGroundTextures(scene, 512);
    expect(textures.anisotropy).toBe(8);
    textures.anisotropy = 4;
    expect([textures.color, textures.relief].map((texture) => texture.anisotropicFilteringLevel)).toEqual([4, 4]);
    engine.dispose();
});

test("WebGL 1 is refused by name", () => {
    const { engine, scene } = createScene();
    Object.defineProperty(engine, "shaderPlatformName", { value: "WEBGL1" });
    expect(() => acquireGroundTextures(scene, 512)).toThrow(/scene.*WebGL 1.*WebGL 2 or WebGPU/);
    engine.dispose();
});

test("full textures take 39 MB and a noise at 512, a quarter at 256", () => {
    expect(2 * bytesWithMips(512, 14)).toBeGreaterThan(39.1e6);
    expect(2 * bytesWithMips(512, 14)).toBeLessThan(39.2e6);
    expect(bytesWithMips(512, 14) / bytesWithMips(256, 14)).toBeCloseTo(4, 3);
    expect(bytesWithMips(1, 14)).toBe(56);
});

test("a world counts its material's textures against its memory limit, and another material's not", async () => {
    const { engine, scene } = createScene();
    const world = await CreateTerrainWorldAsync("world", scene, {
        ...{ recipe: PLAIN_RECIPE, viewDistance: 200, workers: 0, wasmUrl: wasmFile },
        material: new StandardMaterial("material", scene),
    });
    scene.render();
    expect(world.getStats().textureBytes).toBe(0);
    const { usedBytes } = world.getStats();
    setGroundTextures(world.material!, { byteLength: 39 * MIB } as GroundTextures);
    scene.render();
    expect(world.getStats().textureBytes).toBe(39 * MIB);
    expect(world.getStats().usedBytes).toBeGreaterThanOrEqual(usedBytes + 39 * MIB);
    world.material = null;
    scene.render();
    expect(world.getStats().textureBytes).toBe(0);
    expect(world.getStats().usedBytes).toBeLessThan(39 * MIB);
    engine.dispose();
});
