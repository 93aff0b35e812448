import { DirectionalLight } from "@babylonjs/core/Lights/directionalLight.js";
import { ShadowGenerator } from "@babylonjs/core/Lights/Shadows/shadowGenerator.js";
import "@babylonjs/core/Lights/Shadows/shadowGeneratorSceneComponent.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { CreateTerrainWorldAsync } from "../../../src/babylon/createTerrainWorld.js";
import { TerraneError } from "../../../src/base/errors.js";
import { wasmFile } from "../../support/kernels.js";
import { createScene, PLAIN_RECIPE } from "./fixtures.js";

async function createWorldAsync() {
    const host = createScene();
    const light = new DirectionalLight("sun", new Vector3(1, -1, 0), host.scene);
    const world = await CreateTerrainWorldAsync("world", host.scene, {
        recipe: PLAIN_RECIPE,
        viewDistance: 200,
        workers: 0,
        wasmUrl: wasmFile,
        material: null,
    });
    await framesAsync(host.scene, 60);
    return { ...host, light, world };
}

async function framesAsync(scene: Scene, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
        scene.render();
        await new Promise((resolve) => setTimeout(resolve, 2));
    }
}

// `test/browser/passes.test.ts` has the cascades, which the null engine cannot make.
test("a generator's list has the chunks that are shown, and others' casters, in each frame of a flight", async () => {
    const { scene, engine, camera, light, world } = await createWorldAsync();
    const generator = new ShadowGenerator(64, light);
    const own = new Mesh("house", scene);
    generator.addShadowCaster(own);
    const shadows = world.castShadows(generator);
    expect(world.castShadows(generator)).toBe(shadows);
    const seen = new Set<Mesh>();
    for (let frame = 0; frame < 60; frame++) {
        camera.position.x += 20;
        await framesAsync(scene, 1);
        const { renderList } = generator.getShadowMap()!;
        const shown = world.shownMeshes();
        expect(renderList).toHaveLength(shown.length + 1);
        expect(new Set(renderList)).toEqual(new Set([own, ...shown]));
        shown.forEach((mesh) => seen.add(mesh));
    }
    expect(seen.size).toBeGreaterThan(world.shownMeshes().length);
    expect(shadows.isDisposed).toBe(false);
    shadows.dispose();
    shadows.dispose();
    expect([...generator.getShadowMap()!.renderList!]).toEqual([own]);
    camera.position.x += 500;
    await framesAsync(scene, 20);
    expect([...generator.getShadowMap()!.renderList!]).toEqual([own]);
    expect(world.castShadows(generator)).not.toBe(shadows);
    engine.dispose();
});

test("in frames in which nothing changed the list is not touched; a map that is drawn once is drawn again when it did", async () => {
    const { scene, engine, camera, light, world } = await createWorldAsync();
    await framesAsync(scene, 60);
    const generator = new ShadowGenerator(64, light);
    world.castShadows(generator);
    const map = generator.getShadowMap()!;
    let touched = 0;
    let refreshed = 0;
    const reset = map.resetRefreshCounter.bind(map);
    map.resetRefreshCounter = () => {
        refreshed++;
        reset();
    };
    map.renderList = new Proxy(map.renderList!, {
        set: (target, key, value) => {
            touched++;
            return Reflect.set(target, key, value);
        },
    });
    await framesAsync(scene, 1);
    // Another list is written once.
    expect(touched).toBeGreaterThan(0);
    touched = refreshed = 0;
    await framesAsync(scene, 20);
    expect([touched, refreshed]).toEqual([0, 0]);
    camera.position.x += 300;
    await framesAsync(scene, 60);
    expect(touched).toBeGreaterThan(0);
    expect(refreshed).toBeGreaterThan(0);
    map.renderList = null;
    await framesAsync(scene, 1);
    expect(new Set(map.renderList)).toEqual(new Set(world.shownMeshes()));
    engine.dispose();
});

test("it follows a shadow map that is made anew, and ends with the generator or the world", async () => {
    const { scene, engine, light, world } = await createWorldAsync();
    const generators = [0, 1].map(() => new ShadowGenerator(64, light));
    const [first, second] = generators.map((generator) => world.castShadows(generator));
    generators[0]!.mapSize = 128;
    await framesAsync(scene, 2);
    expect(new Set(generators[0]!.getShadowMap()!.renderList)).toEqual(new Set(world.shownMeshes()));
    generators[0]!.dispose();
    await framesAsync(scene, 1);
    expect([first!.isDisposed, second!.isDisposed]).toEqual([true, false]);
    first!.dispose();
    world.dispose();
    expect(second!.isDisposed).toBe(true);
    expect([...generators[1]!.getShadowMap()!.renderList!]).toEqual([]);
    await framesAsync(scene, 2);
    engine.dispose();
});

test("what is no generator of this scene is refused by name", async () => {
    const { engine, light, world } = await createWorldAsync();
    const castAnything = (generator: unknown) => () => world.castShadows(generator as ShadowGenerator);
    for (const nonsense of [undefined, null, {}, light, "shadows"]) {
        expect(castAnything(nonsense)).toThrow(TerraneError);
        expect(castAnything(nonsense)).toThrow(/^generator is .*a ShadowGenerator or a CascadedShadowGenerator/);
    }
    const disposed = new ShadowGenerator(64, light);
    disposed.dispose();
    expect(castAnything(disposed)).toThrow(/^generator is "disposed"/);
    const other = createScene();
    const foreign = new ShadowGenerator(64, new DirectionalLight("moon", Vector3.Down(), other.scene));
    expect(castAnything(foreign)).toThrow(/^generator is "of another scene"/);
    other.engine.dispose();
    world.dispose();
    expect(castAnything(new ShadowGenerator(64, light))).toThrow(/disposed/);
    engine.dispose();
});
