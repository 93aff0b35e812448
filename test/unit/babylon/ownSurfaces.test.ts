import { PBRMaterial } from "@babylonjs/core/Materials/PBR/pbrMaterial.js";
import { ShaderLanguage } from "@babylonjs/core/Materials/shaderLanguage.js";
import { CreateTerrainWorldAsync } from "../../../src/babylon/createTerrainWorld.js";
import { planGround } from "../../../src/babylon/material/ground/groundPlan.js";
import { codeIdOf, groundCode, PERIOD } from "../../../src/babylon/material/ground/groundShader.js";
import { placingCode } from "../../../src/babylon/material/ground/rulesGlsl.js";
import { Surface, SURFACES } from "../../../src/babylon/material/ground/surfaces.js";
import type { SurfaceOptions, SurfacesOptions } from "../../../src/babylon/material/surfaces/surfaceOptions.js";
import {
    createTerrainMaterial,
    type TerrainMaterialPlugin,
} from "../../../src/babylon/material/terrainMaterialPlugin.js";
import { parseRecipe } from "../../../src/recipe/parseRecipe.js";
import type { BiomeRule } from "../../../src/recipe/surfaceRule.js";
import { TEXTURE_LAYERS, TextureLayer } from "../../../src/textures/textureLayers.js";
import { wasmFile } from "../../support/kernels.js";
import { countsOf, createScene, PLAIN_RECIPE } from "./fixtures.js";

const albedo = { data: new Uint8Array(3), width: 1, height: 1 };
const textures = { albedo };
const MATERIALS = { tileSize: 4 };
const plan = (surfaces: SurfacesOptions, biomes: readonly BiomeRule[] = []) =>
    planGround({ ...MATERIALS, biomes }, surfaces);

describe("surfaces of one's own", () => {
    test("take layers behind the default ones; pictures of default surfaces take theirs", () => {
        const { surfaces, layers, pictures } = plan({
            rock: { textures, tileSize: 3 },
            moss: { textures, rule: {}, color: [0.1, 0.2, 0.1], roughness: 0.9, leaf: 0.5 },
            snow: { roughness: 0.3 },
        });
        expect(surfaces.map(({ name }) => name)).toEqual([...SURFACES.map(({ name }) => name), "moss"]);
        expect(surfaces.at(-1)).toMatchObject({ detail: 14, macro: TextureLayer.loose, roughness: 0.9, leaf: 0.5 });
        expect(surfaces[Surface.snow]).toEqual({ ...SURFACES[Surface.snow], roughness: 0.3, isOwn: false });
        expect(layers).toHaveLength(TEXTURE_LAYERS.length + 1);
        expect(layers[14]).toEqual({ tile: 2, color: [0.1, 0.2, 0.1] });
        expect([layers[TextureLayer.rockTop]!.tile, layers[TextureLayer.cliff]!.tile]).toEqual([4, 4]);
        expect(pictures.map(({ field, layers: places }) => [field, places])).toEqual([
            ["surfaces.rock.textures", [TextureLayer.rockTop, TextureLayer.cliff]],
            ["surfaces.moss.textures", [14]],
        ]);
        expect(pictures[1]).toMatchObject({ tileSize: 2, heightScale: 0.1, flipNormals: false, roughness: 0.9 });
    });

    test("leave the default shader alone where there are none", () => {
        const code = placingCode(plan({}));
        expect(code).not.toContain("_RULES");
        expect(code.match(/terraneLay\(\d+/g)).toHaveLength(9);
        expect(codeIdOf(plan({}))).toBe(codeIdOf(planGround(MATERIALS)));
        expect(codeIdOf(plan({ sand: { relief: 0.5 } }))).not.toBe(codeIdOf(plan({})));
        expect(codeIdOf(planGround({ tileSize: 8 }))).not.toBe(codeIdOf(plan({})));
    });

    test("have tiles that divide the period, turned ones too", () => {
        for (const tileSize of [0.125, 3, 512]) {
            const code = groundCode("fragment", ShaderLanguage.GLSL, plan({ a: { textures, tileSize, rule: {} } }));
            const numbersOf = (name: string): number[] =>
                new RegExp(`${name}\\[\\d+\\] = \\w+\\[\\d+\\]\\((.*)\\);`)
                    .exec(code["CUSTOM_FRAGMENT_DEFINITIONS"]!)![1]!
                    .match(/-?\d+(\.\d+)?(e-\d+)?/g)!
                    .map(Number);
            for (const repeat of numbersOf("TERRANE_REPEATS")) {
                for (const turn of numbersOf("TERRANE_TURNS").filter((value) => Math.abs(value) <= 1.2)) {
                    expect(Number.isInteger(PERIOD * repeat * turn)).toBe(true);
                }
            }
        }
    });

    test("are translated to WGSL with all that rules may say", () => {
        const everything = plan(
            {
                rock: { rule: { slope: [0.5, 10], noise: 0 } },
                moss: { textures, triplanar: true, rule: { slope: [0, 0.6], height: [40, 400], coverage: 0.3 } },
                slime: { textures, rule: { cave: [0.4, 1], relief: [0.1, 0.5], moisture: [0.5, 1] } },
            },
            [{ surface: "snow", moisture: [0.9, 1] }],
        );
        const code = Object.values(groundCode("fragment", ShaderLanguage.WGSL, everything)).join("");
        expect(code).not.toMatch(/\b(vec3|float|int)\b/);
        expect(code).toContain("array<f32, 11>");
    });
});

describe("rules", () => {
    const lines = (surfaces: SurfacesOptions, biomes?: readonly BiomeRule[]): string[] =>
        placingCode(plan(surfaces, biomes))
            .split("\n")
            .map((line) => line.trim())
            .filter((line) => /^terraneLay\(\d/.test(line));
    const orderOf = (...given: Parameters<typeof lines>): number[] =>
        lines(...given).map((line) => Number(/\d+/.exec(line)));

    test("lie over default surfaces in the order given, biomes lowest, beneath caves or over them: the topmost is laid first", () => {
        const order = orderOf(
            {
                moss: { textures, rule: {} },
                slime: { textures, rule: { cave: [0.5, 1] } },
                ash: { textures },
            },
            [{ surface: "ash" }, { surface: "sand", height: [100, 120] }],
        );
        const { dryGrass, lushGrass, forest, scree, sand, rock, snow, caveWall, caveFloor } = Surface;
        const [moss, slime, ash] = [9, 10, 11];
        expect(order).toEqual([
            ...[slime, caveFloor, caveWall],
            ...[moss, sand, ash],
            ...[snow, rock, sand, scree, forest, lushGrass, dryGrass],
        ]);
    });

    test("of default surfaces take the place of their own", () => {
        const own = lines({ rock: { rule: { slope: [1, 10], noise: 0, softness: 0.25 } } });
        expect(own).toHaveLength(9);
        expect(own[3]).toBe(`terraneLay(${Surface.rock}, smoothstep(0.75, 1.25, slope));`);
        expect(orderOf({ snow: { rule: { cave: [0.5, 1] } } })).toEqual([5, 8, 7, 6, 0, 4, 3, 1, 2]);
    });

    test("are open at the limits, soft at edges, in the quantity's own unit", () => {
        const rule = { noise: 0, softness: 0.1 };
        const codeOf = (more: object): string =>
            lines({ a: { textures, rule: { ...rule, ...more } } }).find((line) => line.startsWith("terraneLay(9"))!;
        expect(codeOf({})).toBe("terraneLay(9, 1.0);");
        expect(codeOf({ slope: [0, 10], moisture: [0, 1], height: [-10_000, 10_000] })).toBe("terraneLay(9, 1.0);");
        expect(codeOf({ height: [40, 400] })).toBe(
            "terraneLay(9, smoothstep(30.0, 50.0, p.y) * (1.0 - smoothstep(390.0, 410.0, p.y)));",
        );
        expect(codeOf({ moisture: [0, 0.5] })).toBe("terraneLay(9, (1.0 - smoothstep(0.4, 0.6, vTerraneWeights.y)));");
        expect(codeOf({ coverage: 0 })).toBe("terraneLay(9, 0.0);");
        expect(codeOf({ coverage: 0.5 })).toMatch(/smoothstep\(-0\.1, 0\.1, 0\.7 \* noises\.fine/);
        expect(codeOf({ slope: [0.3, 10], noise: 0.5 })).toContain("slope + 0.5 * (");
    });
});

describe("what is wrong with surfaces is named", () => {
    const wrong: [string, SurfacesOptions, RegExp][] = [
        [
            "a new one without pictures",
            { moss: { rule: {} } },
            /surfaces\.moss\.textures is undefined.*sand, lushGrass/,
        ],
        ["a new one that lies nowhere", { moss: { textures } }, /surfaces\.moss\.rule.*materials\.biomes/],
        ["pictures without colours", { sand: { textures: {} as never } }, /surfaces\.sand\.textures\.albedo/],
        [
            "no picture",
            { sand: { textures: { albedo: 7 as never } } },
            /surfaces\.sand\.textures\.albedo is 7.*address/,
        ],
        ["a tile size", { sand: { tileSize: 600 } }, /surfaces\.sand\.tileSize is 600.*0\.125 to 512/],
        [
            "a macro",
            { sand: { macro: "lava" as never } },
            /surfaces\.sand\.macro.*"meadow", "shrubs", "rockFace" or "loose"/,
        ],
        ["a misspelt option", { sand: { tilesize: 2 } as SurfaceOptions }, /surfaces\.sand\.tilesize.*tileSize/],
        ["ranges upside down", { rock: { rule: { slope: [2, 1] } } }, /surfaces\.rock\.rule\.slope.*\[least, most\]/],
        ["ranges beyond limits", { rock: { rule: { moisture: [0, 2] } } }, /surfaces\.rock\.rule\.moisture\[1\] is 2/],
        ["a rule for what lies everywhere", { dryGrass: { rule: {} } }, /surfaces\.dryGrass\.rule.*allowed: none/],
        ["no object", 5 as never, /surfaces is 5/],
        ["no surface", { moss: null as never }, /surfaces\.moss is null/],
        [
            "too many",
            Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`s${i}`, { textures, rule: {} }])),
            /surfaces is 9; allowed: at most 8/,
        ],
    ];

    test.each(wrong)("%s", (_, surfaces, message) => {
        const { scene, engine } = createScene();
        const before = countsOf(scene)["materials"];
        expect(() => createTerrainMaterial("land", scene, PLAIN_RECIPE, { surfaces })).toThrow(message);
        expect(countsOf(scene)["materials"]).toBe(before);
        engine.dispose();
    });

    test("biomes that name what nothing defines, by a world as well, which leaves nothing behind", async () => {
        const { scene, engine } = createScene();
        const biomes = [{ surface: "moss", slope: [0, 1] }] as const;
        const recipe = parseRecipe({ ...PLAIN_RECIPE, materials: { biomes } });
        const message = /recipe\.materials\.biomes\[0\]\.surface is "moss"; allowed: sand, .*surfaces\[name\]/;
        expect(() => createTerrainMaterial("land", scene, recipe)).toThrow(message);
        const options = { viewDistance: 200, workers: 0, wasmUrl: wasmFile };
        await expect(CreateTerrainWorldAsync("world", scene, { recipe, ...options })).rejects.toThrow(message);
        const world = await CreateTerrainWorldAsync("world", scene, { recipe: PLAIN_RECIPE, ...options });
        const { material } = world;
        expect(() => world.setRecipe(recipe)).toThrow(message);
        expect([world.recipe.materials.biomes, world.material]).toEqual([undefined, material]);
        world.material = createTerrainMaterial("land", scene, recipe, { surfaces: { moss: { textures } } });
        world.setRecipe(recipe);
        expect(world.recipe.materials.biomes).toHaveLength(1);
        engine.dispose();
    });
});

test("materials with pictures share no textures, and dispose theirs", () => {
    const { scene, engine } = createScene();
    // Babylon keeps one look-up texture a scene from the first PBR material on.
    new PBRMaterial("other", scene).dispose();
    const before = countsOf(scene);
    const surfaces = { sand: { textures } };
    const [first, second] = ["a", "b"].map((name) => createTerrainMaterial(name, scene, PLAIN_RECIPE, { surfaces }));
    expect(first!.getActiveTextures()[0]).not.toBe(second!.getActiveTextures()[0]);
    const plugin = first!.pluginManager!.getPlugin("TerraneTerrain") as TerrainMaterialPlugin;
    plugin.quality = plugin.quality === "low" ? "high" : "low";
    first!.dispose();
    second!.dispose();
    expect(countsOf(scene)["textures"]).toBe(before["textures"]);
    engine.dispose();
});
