import { PBRMaterial } from "@babylonjs/core/Materials/PBR/pbrMaterial.js";
import { ShaderLanguage } from "@babylonjs/core/Materials/shaderLanguage.js";
import { createTerrainMaterial, TerrainMaterialPlugin } from "../../../src/babylon/material/terrainMaterialPlugin.js";
import { countsOf, createScene, PLAIN_RECIPE } from "./fixtures.js";

test("the default material leaves no material and no texture behind", () => {
    const { scene, engine } = createScene();
    // Babylon keeps one look-up texture a scene from the first PBR material on.
    new PBRMaterial("other", scene).dispose();
    const before = countsOf(scene);

    const material = createTerrainMaterial("ground", scene, PLAIN_RECIPE);

    expect(countsOf(scene)).toMatchObject({ materials: before["materials"]! + 1, textures: before["textures"]! + 1 });
    expect(material.getActiveTextures().map((texture) => texture.name)).toEqual(["ground layers"]);

    material.dispose();

    expect(countsOf(scene)).toEqual(before);
    engine.dispose();
});

test("the plugin has code for both shader languages, at the same points, with the same numbers", () => {
    const { scene, engine } = createScene();
    const plugin = new TerrainMaterialPlugin(new PBRMaterial("mine", scene), PLAIN_RECIPE);
    const numbersOf = (text: string): string[] => (text.match(/\d+\.\d+(e-?\d+)?/g) ?? []).sort();
    for (const shader of ["vertex", "fragment"]) {
        const [glsl, wgsl] = [ShaderLanguage.GLSL, ShaderLanguage.WGSL].map((language) => {
            expect(plugin.isCompatible(language)).toBe(true);
            return plugin.getCustomCode(shader, language);
        });
        expect(Object.keys(wgsl!)).toEqual(Object.keys(glsl!));
        // Layers are whole numbers in one language and not in the other, and GLSL has its own remainder.
        const layers = /^[0-8]\.0$/;
        for (const point of Object.keys(glsl!)) {
            const own = numbersOf(glsl![point]!).filter((text) => !layers.test(text));
            expect(numbersOf(wgsl![point]!).filter((text) => !layers.test(text))).toEqual(own);
        }
    }
    engine.dispose();
});
