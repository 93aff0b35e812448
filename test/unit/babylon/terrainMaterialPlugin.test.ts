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

test("the plugin gives code for exactly those shader languages that it calls compatible", () => {
    const { scene, engine } = createScene();
    const plugin = new TerrainMaterialPlugin(new PBRMaterial("mine", scene), PLAIN_RECIPE);
    for (const language of [ShaderLanguage.GLSL, ShaderLanguage.WGSL]) {
        for (const shader of ["vertex", "fragment"]) {
            const code = plugin.getCustomCode(shader, language);
            expect(code !== null && Object.values(code).every((text) => text.trim() !== "")).toBe(
                plugin.isCompatible(language),
            );
        }
    }
    engine.dispose();
});
