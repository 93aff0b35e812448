import type { DirectionalLight } from "@babylonjs/core/Lights/directionalLight.js";
import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import type { MaterialDefines } from "@babylonjs/core/Materials/materialDefines.js";
import { MaterialPluginBase } from "@babylonjs/core/Materials/materialPluginBase.js";
import { ShaderLanguage } from "@babylonjs/core/Materials/shaderLanguage.js";
import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import type { UniformBuffer } from "@babylonjs/core/Materials/uniformBuffer.js";
import { Vector4 } from "@babylonjs/core/Maths/math.vector.js";
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { AIR_UNIFORMS, airPluginCode } from "./airPluginShader.js";
import type { EnvironmentUniforms } from "./environmentUniforms.js";
import type { HorizonMaps } from "./horizonMaps.js";
import { SKY_UNIFORMS } from "./skyShader.js";

/** What a material gets of an environment. */
export interface Surroundings {
    readonly uniforms: EnvironmentUniforms;
    /** The light of sun or moon; null where the environment has none. */
    readonly light: DirectionalLight | null;
    readonly maps: HorizonMaps;
    /** Metres: the altitude 0 of shaders. */
    readonly baseAltitude: number;
    readonly parts: {
        readonly shadows: boolean;
        readonly ambient: boolean;
        readonly water: boolean;
        readonly air: boolean;
        readonly tone: boolean;
    };
}

const NAME = "TerraneAir";
/** After Terrane's own look, and late among others', since it ends with what the eye sees. */
const PRIORITY = 300;
const DEFINES = {
    TERRANE_ENVIRONMENT: false,
    TERRANE_ENVIRONMENT_SUN: false,
    TERRANE_ENVIRONMENT_SHADOWS: false,
    TERRANE_ENVIRONMENT_AMBIENT: false,
    TERRANE_ENVIRONMENT_WATER: false,
    TERRANE_ENVIRONMENT_AIR: false,
    TERRANE_ENVIRONMENT_TONE: false,
};
const UNIFORMS = AIR_UNIFORMS.map((name) => ({ name, size: 4, type: "vec4" }));
const SHARED = [...SKY_UNIFORMS, "airTowardsSun", "airAwayFromSun", "airBounce"] as const;
const PBR_CLASSES: readonly string[] = ["PBRMaterial", "PBRMetallicRoughnessMaterial", "PBRSpecularGlossinessMaterial"];
const STANDARD_CLASS = "StandardMaterial";

/** Scratch. */
const place = new Vector4();

/** Puts horizon shadows, ambient light, a lamp, water, air and tone on what a material draws. */
export class AirPlugin extends MaterialPluginBase {
    /** The environment that the material is in; null for none: then its shaders are as without the plugin. */
    private _surroundings: Surroundings | null = null;
    private readonly _code: Record<string, string>;

    private constructor(material: Material) {
        super(material, NAME, PRIORITY, { ...DEFINES }, false);
        this.doNotSerialize = true;
        this._code = airPluginCode(material.shaderLanguage, material.getClassName() === STANDARD_CLASS);
        // Being listed asks for the code at once: so that comes first.
        this._pluginManager._addPlugin(this);
        this._enable(true);
    }

    /** Returns whether a material can have it: Standard and PBR ones can. */
    public static IsSupported(material: Material): boolean {
        const name = material.getClassName();
        return name === STANDARD_CLASS || PBR_CLASSES.includes(name);
    }

    /** Returns the material's own, made where it has none. */
    public static GetOrCreate(material: Material): AirPlugin {
        return (material.pluginManager?.getPlugin(NAME) as AirPlugin | null | undefined) ?? new AirPlugin(material);
    }

    /** The environment that the material is in. */
    public get surroundings(): Surroundings | null {
        return this._surroundings;
    }

    /** Puts the material into an environment, or out of all. Its shaders are made anew. */
    public set surroundings(surroundings: Surroundings | null) {
        this._surroundings = surroundings;
        this.markAllDefinesAsDirty();
    }

    public override getClassName(): string {
        return "AirPlugin";
    }

    public override isCompatible(shaderLanguage: ShaderLanguage): boolean {
        return shaderLanguage === ShaderLanguage.GLSL || shaderLanguage === ShaderLanguage.WGSL;
    }

    public override prepareDefines(defines: MaterialDefines, _scene: Scene, mesh: AbstractMesh): void {
        const { parts, light } = this._surroundings ?? NOWHERE;
        defines["TERRANE_ENVIRONMENT"] = this._surroundings !== null;
        defines["TERRANE_ENVIRONMENT_SUN"] = light !== null && mesh.lightSources[0] === light;
        defines["TERRANE_ENVIRONMENT_SHADOWS"] = parts.shadows;
        defines["TERRANE_ENVIRONMENT_AMBIENT"] = parts.ambient;
        defines["TERRANE_ENVIRONMENT_WATER"] = this._surroundings !== null && parts.water;
        defines["TERRANE_ENVIRONMENT_AIR"] = parts.air;
        defines["TERRANE_ENVIRONMENT_TONE"] = parts.tone;
    }

    public override getSamplers(samplers: string[]): void {
        samplers.push("airHorizonNear", "airHorizonFar");
    }

    public override getUniforms(): ReturnType<MaterialPluginBase["getUniforms"]> {
        return { ubo: UNIFORMS, fragment: UNIFORMS.map(({ name, type }) => `uniform ${type} ${name};\n`).join("") };
    }

    public override hasTexture(texture: BaseTexture): boolean {
        const maps = this._surroundings?.maps;
        return texture === maps?.near.texture || texture === maps?.far.texture;
    }

    public override bindForSubMesh(uniforms: UniformBuffer, scene: Scene, _engine: AbstractEngine): void {
        if (this._surroundings === null) {
            return;
        }
        const { uniforms: shared, maps, baseAltitude } = this._surroundings;
        const { x, y, z } = scene.floatingOriginOffset;
        for (const name of SHARED) {
            uniforms.updateVector4(name, shared[name]);
        }
        maps.near.placeToRef(x, z, place);
        uniforms.updateVector4("airNear", place);
        maps.far.placeToRef(x, z, place);
        uniforms.updateVector4("airFar", place);
        uniforms.updateFloat4("airEye", y - baseAltitude, 0, 0, 0);
        uniforms.setTexture("airHorizonNear", maps.near.texture);
        uniforms.setTexture("airHorizonFar", maps.far.texture);
    }

    public override getCustomCode(shaderType: string): Record<string, string> | null {
        return shaderType === "fragment" ? this._code : null;
    }
}

const NOWHERE = {
    light: null,
    parts: { shadows: false, ambient: false, water: false, air: false, tone: false },
};
