import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { MaterialPluginBase } from "@babylonjs/core/Materials/materialPluginBase.js";
import { PBRMaterial } from "@babylonjs/core/Materials/PBR/pbrMaterial.js";
import { ShaderLanguage } from "@babylonjs/core/Materials/shaderLanguage.js";
import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import type { UniformBuffer } from "@babylonjs/core/Materials/uniformBuffer.js";
import { Color3 } from "@babylonjs/core/Maths/math.color.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { Recipe } from "../../recipe/recipe.js";
import { ChunkAttributes } from "../chunkGeometry.js";
import { enableLevelFades } from "../fade/levelFadePlugin.js";
import { AMBIENT_PLUGIN, type AmbientLight, type AmbientReceiver } from "./ambientLight.js";
import { createLayerTexture } from "./layerTextures.js";
import { TILE } from "./tileableNoise.js";
import * as glsl from "./terrainShaderGlsl.js";
import * as wgsl from "./terrainShaderWgsl.js";

/**
 * Metres after which all textures repeat together: every tile divides it, turned tiles too. A power of two, so that a
 * chunk's origin modulo it is exact.
 */
const PERIOD = 8192;

/** The shader's tiles grow eightfold three times; the largest must still divide the period. */
const COARSEST_TILES = 8 ** 3;

/** The shader turns noise by atan 2, which also shrinks it by this. */
const TURN = Math.sqrt(5);

// Repeats a metre of the noises that spread the surfaces, about one in 8 km before the turn and one in 680 m, and of the
// one that lays beds into rock.
const BROAD_REPEATS = repeatsPerMetre(3600 * TURN);
const FINE_REPEATS = repeatsPerMetre(680);
const BED_REPEATS = 1 / 96;

/** The inverse of how many tiles of one step away they begin to give way to the next. */
const STEP_SHARE = 0.4;

/** Metres: sea level where there is no sea. */
const NO_SEA = -1e6;

const UNIFORMS = [
    { name: "terraneOrigin", size: 4, type: "vec4" },
    { name: "terraneHeights", size: 4, type: "vec4" },
    { name: "terraneScales", size: 4, type: "vec4" },
    { name: "terraneLods", size: 4, type: "vec4" },
];

/**
 * Gives Terrane's own look to any `PBRMaterial` that draws chunks: sand, grass, forest floor, scree, rock, snow and cave
 * walls by slope, height and the recipe's macro fields. The material's albedo colour tints it; lights, shadows and fog stay
 * the material's. Its textures are made in code and are disposed with the material.
 */
export class TerrainMaterialPlugin extends MaterialPluginBase implements AmbientReceiver {
    /** The light that comes from no lamp. null: found out from the scene. */
    public ambient: AmbientLight | null = null;
    private readonly _layers: BaseTexture;
    private readonly _seaLevel: number;
    private readonly _sandHeight: number;
    private readonly _snowHeight: number;
    private readonly _rockSlope: number;
    private readonly _tileRepeats: number;

    public constructor(material: PBRMaterial, recipe: Pick<Recipe, "materials" | "water">) {
        super(material, AMBIENT_PLUGIN, 200, undefined, true, true);
        const { materials, water } = recipe;
        this.doNotSerialize = true;
        this._layers = createLayerTexture(`${material.name} layers`, material.getScene());
        this._seaLevel = water.enabled ? water.level : NO_SEA;
        this._sandHeight = Math.max(0.01, materials.sandHeight);
        this._snowHeight = materials.snowHeight;
        this._rockSlope = Math.max(0.05, materials.rockSlope);
        this._tileRepeats = repeatsPerMetre(materials.tileSize, COARSEST_TILES);
    }

    public override getClassName(): string {
        return "TerrainMaterialPlugin";
    }

    public override isCompatible(shaderLanguage: ShaderLanguage): boolean {
        return shaderLanguage === ShaderLanguage.GLSL || shaderLanguage === ShaderLanguage.WGSL;
    }

    public override getAttributes(attributes: string[]): void {
        attributes.push(ChunkAttributes.weights);
    }

    public override getSamplers(samplers: string[]): void {
        samplers.push("terraneLayers");
    }

    public override getUniforms(): ReturnType<MaterialPluginBase["getUniforms"]> {
        const declarations = UNIFORMS.map(({ name, type }) => `uniform ${type} ${name};\n`).join("");
        return { ubo: UNIFORMS, vertex: declarations, fragment: declarations };
    }

    public override hasTexture(texture: BaseTexture): boolean {
        return texture === this._layers;
    }

    public override getActiveTextures(activeTextures: BaseTexture[]): void {
        activeTextures.push(this._layers);
    }

    public override isReadyForSubMesh(): boolean {
        return this._layers.isReadyOrNotBlocking();
    }

    public override bindForSubMesh(uniforms: UniformBuffer, scene: Scene, _engine: AbstractEngine): void {
        const offset = scene.floatingOriginOffset;
        uniforms.updateFloat4("terraneOrigin", remainder(offset.x), offset.y, remainder(offset.z), PERIOD);
        uniforms.updateFloat4("terraneHeights", this._seaLevel, this._sandHeight, this._snowHeight, this._rockSlope);
        uniforms.updateFloat4("terraneScales", this._tileRepeats, BROAD_REPEATS, FINE_REPEATS, BED_REPEATS);
        uniforms.updateFloat4(
            "terraneLods",
            Math.log2(this._tileRepeats * STEP_SHARE),
            Math.log2(BROAD_REPEATS * TURN * TILE),
            Math.log2(FINE_REPEATS * TILE),
            Math.log2(BED_REPEATS * TILE),
        );
        uniforms.setTexture("terraneLayers", this._layers);
    }

    public override getCustomCode(shaderType: string, shaderLanguage = ShaderLanguage.GLSL): Record<string, string> {
        const isWgsl = shaderLanguage === ShaderLanguage.WGSL;
        if (shaderType === "vertex") {
            return {
                CUSTOM_VERTEX_DEFINITIONS: isWgsl ? wgsl.VERTEX_DEFINITIONS_WGSL : glsl.VERTEX_DEFINITIONS_GLSL,
                CUSTOM_VERTEX_MAIN_END: isWgsl ? wgsl.VERTEX_MAIN_END_WGSL : glsl.VERTEX_MAIN_END_GLSL,
            };
        }
        return {
            CUSTOM_FRAGMENT_DEFINITIONS: isWgsl ? wgsl.FRAGMENT_DEFINITIONS_WGSL : glsl.FRAGMENT_DEFINITIONS_GLSL,
            CUSTOM_FRAGMENT_BEFORE_LIGHTS: isWgsl ? wgsl.FRAGMENT_BEFORE_LIGHTS_WGSL : glsl.FRAGMENT_BEFORE_LIGHTS_GLSL,
            CUSTOM_FRAGMENT_UPDATE_METALLICROUGHNESS: isWgsl
                ? wgsl.FRAGMENT_ROUGHNESS_WGSL
                : glsl.FRAGMENT_ROUGHNESS_GLSL,
        };
    }

    public override dispose(): void {
        this._layers.dispose();
    }
}

/**
 * Creates Terrane's default material: rough, without reflections, lit by any of Babylon's lights and in need of no environment
 * texture. Takes its heights and slopes from `recipe`. Dispose it when no chunk uses it.
 */
export function createTerrainMaterial(
    name: string,
    scene: Scene,
    recipe: Pick<Recipe, "materials" | "water">,
): PBRMaterial {
    const material = new PBRMaterial(name, scene);
    material.doNotSerialize = true;
    material.albedoColor = Color3.White();
    material.metallic = 0;
    material.roughness = 1;
    material.specularIntensity = 0.35;
    // Only environments need its look-up table; without it each pixel saves a fetch.
    material.environmentBRDFTexture = null;
    new TerrainMaterialPlugin(material, recipe);
    // Now, since a plugin that comes later has all shaders made anew.
    enableLevelFades(material);
    return material;
}

/** Returns the number of tiles a metre, nearest to one in `tileSize` metres, of which a multiple of `unit` makes the period. */
function repeatsPerMetre(tileSize: number, unit = 1): number {
    return (unit * Math.max(1, Math.round(PERIOD / tileSize / unit))) / PERIOD;
}

function remainder(value: number): number {
    return value - Math.floor(value / PERIOD) * PERIOD;
}
