import { createTerrainMaterial, Presets } from "../../src/index.js";
import { findLandscapeView } from "../common/landscapeView.js";
import { openSampleAsync } from "../common/openSample.js";
import { drawColumns, drawIce, drawPavement, drawSand } from "./pictures.js";

// Terrane's look with other pictures: dunes for grass, columns of basalt for rock, ice for snow. Default surfaces keep their
// places unless a rule says otherwise; the recipe's table of biomes lays a pavement that only this material knows.
const NOWHERE = { coverage: 0 };

await openSampleAsync({
    title: "Custom material",
    createRecipe: (seed) =>
        Presets.endless({
            seed,
            materials: {
                snowHeight: 420,
                rockSlope: 0.6,
                biomes: [{ surface: "pavement", slope: [0, 0.5], relief: [0.12, 1], coverage: 0.3, noise: 0.6 }],
            },
        }),
    createMaterial: (scene, recipe, look) =>
        createTerrainMaterial("red land", scene, recipe, {
            ...look,
            surfaces: {
                dryGrass: {
                    textures: drawSand([190, 132, 94], [124, 72, 50], 1),
                    ...{ tileSize: 8, heightScale: 0.17, color: [0.35, 0.16, 0.08], leaf: 0 },
                    ...{ macro: "loose", macroColor: 0.55, macroRelief: 0.6, roughness: 0.9 },
                },
                sand: {
                    textures: drawSand([104, 92, 88], [48, 43, 44], 2),
                    ...{ tileSize: 2, heightScale: 0.04, color: [0.08, 0.07, 0.065] },
                },
                pavement: {
                    textures: drawPavement(),
                    ...{ tileSize: 16, heightScale: 0.5, color: [0.07, 0.06, 0.055], roughness: 0.75 },
                    ...{ macro: "rockFace", macroColor: 0.8, macroRelief: 0.4 },
                },
                rock: {
                    textures: drawColumns(),
                    ...{ tileSize: 8, heightScale: 0.9, color: [0.07, 0.055, 0.045] },
                },
                snow: {
                    textures: drawIce(),
                    ...{ tileSize: 16, heightScale: 0.6, color: [0.45, 0.6, 0.7], roughness: 0.4 },
                    rule: { height: [430, 10_000], slope: [0, 1.1], noise: 1, softness: 0.3 },
                },
                lushGrass: { rule: NOWHERE },
                forest: { rule: NOWHERE },
                scree: { rule: NOWHERE },
            },
        }),
    // Nearer to the ground than the other samples: these pictures are worth it.
    findView: (ground, seaLevel) => {
        const view = findLandscapeView(ground, seaLevel);
        return { ...view, y: Math.max(seaLevel, ground.sampleHeight(view.x, view.z)) + 14 };
    },
});
