import { DirectionalLight } from "@babylonjs/core/Lights/directionalLight.js";
import { HemisphericLight } from "@babylonjs/core/Lights/hemisphericLight.js";
import { PBRMaterial } from "@babylonjs/core/Materials/PBR/pbrMaterial.js";
import { ShaderLanguage } from "@babylonjs/core/Materials/shaderLanguage.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { PERIOD } from "../../../src/babylon/material/ground/groundShader.js";
import { QUALITIES } from "../../../src/babylon/material/quality.js";
import { createSceneLight, readSceneLight } from "../../../src/babylon/material/sceneLight.js";
import { createTerrainMaterial, TerrainMaterialPlugin } from "../../../src/babylon/material/terrainMaterialPlugin.js";
import { TEXTURE_LAYERS } from "../../../src/textures/textureLayers.js";
import { countsOf, createScene, PLAIN_RECIPE } from "./fixtures.js";

test("the default material leaves no material and no texture behind", () => {
    const { scene, engine } = createScene();
    // Babylon keeps one look-up texture a scene from the first PBR material on.
    new PBRMaterial("other", scene).dispose();
    const before = countsOf(scene);

    const material = createTerrainMaterial("ground", scene, PLAIN_RECIPE);

    expect(countsOf(scene)).toMatchObject({ materials: before["materials"]! + 1 });
    expect(material.getActiveTextures().map((texture) => texture.name)).toEqual([
        "terrane ground color",
        "terrane ground relief",
        "terrane noise",
    ]);

    material.dispose();

    expect(countsOf(scene)).toEqual(before);
    engine.dispose();
});

test("materials of one engine share their textures, which end with the last", () => {
    const { scene, engine } = createScene();
    const [first, second] = ["first", "second"].map((name) => createTerrainMaterial(name, scene, PLAIN_RECIPE));
    const textures = first!.getActiveTextures();
    expect(second!.getActiveTextures()).toEqual(textures);

    first!.dispose();
    expect(textures.every((texture) => texture.getInternalTexture() !== null)).toBe(true);
    second!.dispose();
    expect(textures.every((texture) => texture.getInternalTexture() === null)).toBe(true);
    engine.dispose();
});

test("the quality may change, and must be one that exists", () => {
    const { scene, engine } = createScene();
    const material = createTerrainMaterial("ground", scene, PLAIN_RECIPE, { quality: "low" });
    const small = material.getActiveTextures();
    const plugin = TerrainMaterialPlugin.Of(material)!;
    plugin.quality = "high";
    expect(plugin.quality).toBe("high");
    expect(material.getActiveTextures()).not.toEqual(small);
    expect(small.every((texture) => texture.getInternalTexture() === null)).toBe(true);

    expect(() => createTerrainMaterial("ground", scene, PLAIN_RECIPE, { quality: "best" as never })).toThrow(
        'quality is "best"; allowed: "low", "medium" or "high"',
    );
    expect(() => (plugin.quality = undefined as never)).toThrow("quality");
    expect(TerrainMaterialPlugin.Of(new PBRMaterial("mine", scene))).toBeNull();
    engine.dispose();
});

test("the plugin has code for both shader languages, at the same points", () => {
    const { scene, engine } = createScene();
    const plugin = new TerrainMaterialPlugin(new PBRMaterial("mine", scene), PLAIN_RECIPE);
    for (const stage of ["vertex", "fragment"]) {
        const [glsl, wgsl] = [ShaderLanguage.GLSL, ShaderLanguage.WGSL].map((language) => {
            expect(plugin.isCompatible(language)).toBe(true);
            return plugin.getCustomCode(stage, language)!;
        });
        expect(Object.keys(wgsl!)).toEqual(Object.keys(glsl!));
        expect(Object.values(wgsl!).join("")).not.toMatch(/\b(vec3|float|int)\b/);
    }
    engine.dispose();
});

test.each(QUALITIES)(
    "every tile divides the period, turned ones too, whatever the recipe's tile size: %s",
    (quality) => {
        const { scene, engine } = createScene();
        for (const tileSize of [0.125, 4, 5, 64]) {
            const recipe = { ...PLAIN_RECIPE, materials: { ...PLAIN_RECIPE.materials, tileSize } };
            const plugin = new TerrainMaterialPlugin(new PBRMaterial("mine", scene), recipe, { quality });
            const code = plugin.getCustomCode("fragment")!["CUSTOM_FRAGMENT_DEFINITIONS"]!;
            const numbersOf = (name: string): number[] =>
                new RegExp(`${name}\\[\\d+\\] = \\w+\\[\\d+\\]\\((.*)\\);`)
                    .exec(code)![1]!
                    .match(/-?\d+(\.\d+)?(e-\d+)?/g)!
                    .map(Number);
            const repeats = [...numbersOf("TERRANE_REPEATS"), ...numbersOf("TERRANE_MACRO_REPEATS")];
            expect(repeats.length).toBeGreaterThan(TEXTURE_LAYERS.length);
            // The digits of "vec2" are no turns.
            const turns = numbersOf("TERRANE_TURNS").filter((value) => Math.abs(value) <= 1.2);
            expect(turns).toHaveLength(18);
            for (const repeat of repeats) {
                for (const turn of turns) {
                    expect(Number.isInteger(PERIOD * repeat * turn)).toBe(true);
                }
            }
        }
        engine.dispose();
    },
);

describe("light from all around", () => {
    const sumOf = (scene: ReturnType<typeof createScene>["scene"], hasEnvironment = false): number => {
        const light = createSceneLight();
        readSceneLight(scene, hasEnvironment, light);
        return [light.zenith, light.towardsSun, light.awayFromSun, light.ground].reduce(
            (sum, { r, g, b }) => sum + r + g + b,
            0,
        );
    };

    test("comes from the scene's sun, a fifth as bright; the brightest counts", () => {
        const { scene, engine } = createScene();
        const sun = new DirectionalLight("sun", new Vector3(0, -2, 0), scene);
        sun.intensity = Math.PI;
        new DirectionalLight("moon", new Vector3(1, -1, 0), scene).intensity = 0.1;
        const light = createSceneLight();
        readSceneLight(scene, false, light);
        expect(light).toMatchObject({ hasSun: true });
        expect(light.toSun.equalsToFloats(0, 1, 0)).toBe(true);
        expect(light.sunlight.asArray()).toEqual([1, 1, 1]);
        expect(light.zenith.g).toBeGreaterThan(0.1);
        expect(light.zenith.g).toBeLessThan(0.3);

        sun.setEnabled(false);
        readSceneLight(scene, false, light);
        expect(light.toSun.y).toBeLessThan(0.8);
        engine.dispose();
    });

    test("is there without any light, and dim with lamps alone", () => {
        const { scene, engine } = createScene();
        const bright = sumOf(scene);
        expect(bright).toBeGreaterThan(5);
        const lamp = new DirectionalLight("lamp", Vector3.Down(), scene);
        lamp.intensity = 0;
        expect(sumOf(scene)).toBe(bright);
        engine.dispose();
    });

    test("is left to a hemispheric light or an environment texture", () => {
        const { scene, engine } = createScene();
        new DirectionalLight("sun", Vector3.Down(), scene);
        expect(sumOf(scene)).toBeGreaterThan(0);
        expect(sumOf(scene, true)).toBe(0);
        const hemisphere = new HemisphericLight("sky", Vector3.Up(), scene);
        expect(sumOf(scene)).toBe(0);
        hemisphere.setEnabled(false);
        expect(sumOf(scene)).toBeGreaterThan(0);
        engine.dispose();
    });
});
