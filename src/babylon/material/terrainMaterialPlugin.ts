import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import type { MaterialDefines } from "@babylonjs/core/Materials/materialDefines.js";
import { MaterialPluginBase } from "@babylonjs/core/Materials/materialPluginBase.js";
import { PBRMaterial } from "@babylonjs/core/Materials/PBR/pbrMaterial.js";
import { ShaderLanguage } from "@babylonjs/core/Materials/shaderLanguage.js";
import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import type { UniformBuffer } from "@babylonjs/core/Materials/uniformBuffer.js";
import { Color3 } from "@babylonjs/core/Maths/math.color.js";
import { Logger } from "@babylonjs/core/Misc/logger.js";
import { Observable } from "@babylonjs/core/Misc/observable.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { TerraneError } from "../../base/errors.js";
import type { DrawingWorkerOptions } from "../../runtime/textureDrawing.js";
import type { Recipe } from "../../recipe/recipe.js";
import { ChunkAttributes } from "../chunkGeometry.js";
import { enableLevelFades } from "../fade/levelFadePlugin.js";
import { AMBIENT_PLUGIN, type AmbientLight, type AmbientReceiver } from "./ambientLight.js";
import { acquireGroundTextures, setGroundTextures, type GroundTextures } from "./groundTextures.js";
import { planGround, type GroundPlan } from "./ground/groundPlan.js";
import { codeIdOf, groundCode, PERIOD, SAMPLERS, uniformsOf, type GroundUniform } from "./ground/groundShader.js";
import { assertQuality, chooseQuality, TEXTURE_QUALITY, type TerrainQuality } from "./quality.js";
import { createSceneLight, readSceneLight } from "./sceneLight.js";
import type { SurfacesOptions } from "./surfaces/surfaceOptions.js";

// Repeats a metre of the noises that spread the surfaces: one in 8 km before a turn that shrinks it, in 680 m and in 85 m; and
// of the one that lays beds into rock.
const BROAD_REPEATS = 1 / PERIOD;
const FINE_REPEATS = 12 / PERIOD;
const CLOSE_REPEATS = 96 / PERIOD;
const BED_REPEATS = 1 / 120;
/** How much the shader's turn of the broad noise shrinks it. */
const TURN = Math.sqrt(5);
/** Rise of beds by a metre eastwards: three beds a period. */
const BED_TILT = 3 / (PERIOD * BED_REPEATS);

/** Metres: sea level where there is no sea. */
const NO_SEA = -1e6;

/** Milliseconds that drawn textures take to come up. */
const APPEAR_MS = 600;

/** Options of Terrane's look of the ground. */
export interface TerrainMaterialOptions extends DrawingWorkerOptions {
    /** How much it may cost. Default: by the device */
    readonly quality?: TerrainQuality;
    /**
     * Whether the ground gets light from all around where the scene has no hemispheric light, no environment texture and no
     * `TerrainEnvironment`. Default: true
     */
    readonly ambientLight?: boolean;
    /**
     * Kinds of ground by name: default ones to change, and up to eight others. Each that has pictures gives the material
     * texture arrays of its own. Default: the drawn look
     */
    readonly surfaces?: SurfacesOptions;
}

/**
 * Gives Terrane's own look to any `PBRMaterial` that draws chunks: sand, grass, forest floor, scree, rock, snow and cave
 * walls by slope, height and the recipe's macro fields. The material's albedo colour tints it; lights, shadows and fog stay
 * the material's. Its textures are made in code and are disposed with the material.
 */
export class TerrainMaterialPlugin extends MaterialPluginBase implements AmbientReceiver {
    /** The light that comes from no lamp. null: found out from the scene. */
    public ambient: AmbientLight | null = null;
    /**
     * Notifies of each set of pictures that is of no use: out of reach, or of a wrong size or format. The surface keeps its
     * default layer; the console tells of it as well.
     */
    public readonly onErrorObservable = new Observable<TerraneError>();
    private readonly _workers: DrawingWorkerOptions;
    private readonly _plan: GroundPlan;
    private readonly _codeId: number;
    private readonly _uniforms: GroundUniform[];
    private _textures: GroundTextures;
    /** Milliseconds: when the textures were drawn; 0 where they were before the first frame, NaN while they are not. */
    private _drawnAtMs = NaN;
    private readonly _seaLevel: number;
    private readonly _sandHeight: number;
    private readonly _snowHeight: number;
    private readonly _rockSlope: number;
    private readonly _light = createSceneLight();
    private readonly _hasAmbientLight: boolean;
    private _lightFrame = -1;
    private _quality: TerrainQuality;

    public constructor(
        material: PBRMaterial,
        recipe: Pick<Recipe, "materials" | "water">,
        options: TerrainMaterialOptions = {},
    ) {
        // Being listed asks for the code at once, which needs the fields: so they come first.
        super(
            material,
            AMBIENT_PLUGIN,
            200,
            { TERRANE: false, TERRANE_LOW: false, TERRANE_HIGH: false, TERRANE_CODE: 0 },
            false,
            true,
        );
        const { materials, water } = recipe;
        const scene = material.getScene();
        this.doNotSerialize = true;
        if (options.quality !== undefined) {
            assertQuality(options.quality, "quality");
        }
        this._quality = options.quality ?? chooseQuality(scene.getEngine());
        this._hasAmbientLight = options.ambientLight ?? true;
        this._workers = options;
        this._plan = planGround(materials, options.surfaces);
        this._codeId = codeIdOf(this._plan);
        this._uniforms = uniformsOf(this._plan);
        this._textures = this._acquireTextures();
        this._seaLevel = water.enabled ? water.level : NO_SEA;
        this._sandHeight = Math.max(0.01, materials.sandHeight);
        this._snowHeight = materials.snowHeight;
        this._rockSlope = Math.max(0.05, materials.rockSlope);
        this._pluginManager._addPlugin(this);
        this._enable(true);
    }

    /** How much the look may cost. Setting it compiles another shader, and replaces textures where their size changes. */
    public get quality(): TerrainQuality {
        return this._quality;
    }

    public set quality(quality: TerrainQuality) {
        assertQuality(quality, "quality");
        if (quality === this._quality) {
            return;
        }
        const before = this._textures;
        this._quality = quality;
        this._textures = this._acquireTextures();
        before.dispose();
        this.markAllDefinesAsDirty();
    }

    /**
     * Whether nothing more will come: the textures are drawn and have come up, or cannot be drawn. Until then the ground shows their
     * mean colours.
     */
    public get isComplete(): boolean {
        return this._textures.hasFailed || this._shown() === 1;
    }

    /** Returns the plugin of a material made by `createTerrainMaterial`; null for others. */
    public static Of(material: Material | null): TerrainMaterialPlugin | null {
        const plugin = material?.pluginManager?.getPlugin(AMBIENT_PLUGIN);
        return plugin instanceof TerrainMaterialPlugin ? plugin : null;
    }

    public override getClassName(): string {
        return "TerrainMaterialPlugin";
    }

    public override isCompatible(shaderLanguage: ShaderLanguage): boolean {
        return shaderLanguage === ShaderLanguage.GLSL || shaderLanguage === ShaderLanguage.WGSL;
    }

    public override prepareDefines(defines: MaterialDefines): void {
        defines["TERRANE"] = true;
        defines["TERRANE_LOW"] = this._quality === "low";
        defines["TERRANE_HIGH"] = this._quality === "high";
        defines["TERRANE_CODE"] = this._codeId;
    }

    public override getAttributes(attributes: string[]): void {
        attributes.push(ChunkAttributes.weights);
    }

    public override getSamplers(samplers: string[]): void {
        samplers.push(...Object.keys(SAMPLERS));
    }

    public override getUniforms(): ReturnType<MaterialPluginBase["getUniforms"]> {
        const declarations = this._uniforms
            .map(
                ({ name, type, arraySize }) =>
                    `uniform ${type} ${name}${arraySize === undefined ? "" : `[${arraySize}]`};\n`,
            )
            .join("");
        return { ubo: this._uniforms, vertex: declarations, fragment: declarations };
    }

    public override hasTexture(texture: BaseTexture): boolean {
        const { color, relief, noise } = this._textures;
        return texture === color || texture === relief || texture === noise;
    }

    public override getActiveTextures(activeTextures: BaseTexture[]): void {
        activeTextures.push(this._textures.color, this._textures.relief, this._textures.noise);
    }

    public override isReadyForSubMesh(): boolean {
        const { color, relief, noise } = this._textures;
        return color.isReadyOrNotBlocking() && relief.isReadyOrNotBlocking() && noise.isReadyOrNotBlocking();
    }

    public override bindForSubMesh(uniforms: UniformBuffer, scene: Scene, _engine: AbstractEngine): void {
        const offset = scene.floatingOriginOffset;
        uniforms.updateFloat4("terraneOrigin", remainder(offset.x), offset.y, remainder(offset.z), BED_TILT);
        uniforms.updateFloat4("terraneHeights", this._seaLevel, this._sandHeight, this._snowHeight, this._rockSlope);
        uniforms.updateFloat4("terraneScales", BROAD_REPEATS, FINE_REPEATS, CLOSE_REPEATS, BED_REPEATS);
        const { size } = TEXTURE_QUALITY[this._quality];
        uniforms.updateFloat4(
            "terraneLods",
            Math.log2(BROAD_REPEATS * TURN * size),
            Math.log2(FINE_REPEATS * size),
            Math.log2(CLOSE_REPEATS * size),
            Math.log2(BED_REPEATS * size),
        );
        uniforms.updateArray("groundMeans", this._textures.means);
        uniforms.updateFloat("groundShown", this._shown());
        this._bindLight(uniforms, scene);
        uniforms.setTexture("terraneColors", this._textures.color);
        uniforms.setTexture("terraneRelief", this._textures.relief);
        uniforms.setTexture("terraneNoise", this._textures.noise);
    }

    public override getCustomCode(
        shaderType: string,
        shaderLanguage = ShaderLanguage.GLSL,
    ): Record<string, string> | null {
        return shaderType === "vertex" || shaderType === "fragment"
            ? groundCode(shaderType, shaderLanguage, this._plan)
            : null;
    }

    public override dispose(): void {
        this._textures.dispose();
        this.onErrorObservable.clear();
    }

    private _acquireTextures(): GroundTextures {
        const { size, anisotropy } = TEXTURE_QUALITY[this._quality];
        const textures = acquireGroundTextures(this._material.getScene(), size, this._workers, {
            plan: this._plan,
            onError: (error) => this._tell(error),
        });
        textures.anisotropy = anisotropy;
        setGroundTextures(this._material, textures);
        this._drawnAtMs = textures.isReady ? 0 : NaN;
        return textures;
    }

    private _tell(error: TerraneError): void {
        Logger.Warn(`Terrane: ${error.message}`);
        this.onErrorObservable.notifyObservers(error);
    }

    /** Returns how much of the textures shows: they come up softly once they are drawn. */
    private _shown(): number {
        if (!this._textures.isReady) {
            return 0;
        }
        if (Number.isNaN(this._drawnAtMs)) {
            this._drawnAtMs = this._lightFrame < 0 ? 0 : performance.now();
        }
        return Math.min(1, (performance.now() - this._drawnAtMs) / APPEAR_MS);
    }

    private _bindLight(uniforms: UniformBuffer, scene: Scene): void {
        const light = this._light;
        const frame = scene.getFrameId();
        if (frame !== this._lightFrame) {
            this._lightFrame = frame;
            const hasEnvironment =
                scene.environmentTexture !== null || (this._material as PBRMaterial).reflectionTexture !== null;
            readSceneLight(scene, hasEnvironment || !this._hasAmbientLight, light);
        }
        const { toSun, sunlight } = light;
        const { zenith, towardsSun, awayFromSun, ground } = this.ambient ?? light;
        uniforms.updateFloat4("groundSun", toSun.x, toSun.y, toSun.z, light.hasSun ? 1 : 0);
        uniforms.updateColor4("groundSunlight", sunlight, 1);
        uniforms.updateColor4("groundZenith", zenith, 1);
        uniforms.updateColor4("groundTowards", towardsSun, 1);
        uniforms.updateColor4("groundAway", awayFromSun, 1);
        uniforms.updateColor4("groundBounce", ground, 1);
    }
}

/**
 * Creates Terrane's default material: rough, without reflections, lit by any of Babylon's lights and in need of no environment
 * texture. Takes its heights and slopes from `recipe`. Dispose it when no chunk uses it.
 *
 * @throws TerraneError naming every option that is wrong, and every surface that the recipe's biomes name and nothing defines
 */
export function createTerrainMaterial(
    name: string,
    scene: Scene,
    recipe: Pick<Recipe, "materials" | "water">,
    options: TerrainMaterialOptions = {},
): PBRMaterial {
    const material = new PBRMaterial(name, scene);
    material.doNotSerialize = true;
    material.albedoColor = Color3.White();
    material.metallic = 0;
    material.roughness = 1;
    material.specularIntensity = 0.7;
    // Only environments need its look-up table; without it each pixel saves a fetch.
    material.environmentBRDFTexture = null;
    try {
        new TerrainMaterialPlugin(material, recipe, options);
    } catch (error) {
        material.dispose();
        throw error;
    }
    // Now, since a plugin that comes later has all shaders made anew.
    enableLevelFades(material);
    return material;
}

function remainder(value: number): number {
    return value - Math.floor(value / PERIOD) * PERIOD;
}
