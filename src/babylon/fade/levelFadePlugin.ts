import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import type { Effect } from "@babylonjs/core/Materials/effect.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import type { MaterialDefines } from "@babylonjs/core/Materials/materialDefines.js";
import { MaterialPluginBase } from "@babylonjs/core/Materials/materialPluginBase.js";
import { ShaderLanguage } from "@babylonjs/core/Materials/shaderLanguage.js";
import type { UniformBuffer } from "@babylonjs/core/Materials/uniformBuffer.js";
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import type { SubMesh } from "@babylonjs/core/Meshes/subMesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import * as glsl from "./levelFadeGlsl.js";
import * as wgsl from "./levelFadeWgsl.js";

/** Chunks that a mesh draws at most, and so the number of values by which they fade. */
export const FADE_VALUES = 4;

/** A mesh whose chunks fade. */
export interface FadingMesh {
    /** Whether it is drawn by the variant of its material that fades. */
    readonly usesFadeVariant: boolean;
    /** Vertices of each of its chunks; those of the last may be more. */
    readonly verticesPerChunk: number;
    /**
     * Writes how each of its chunks fades, in their order in its buffer: 0 to 1 is the share of pixels that one has which
     * comes; 1 to 2 is one more than the share that one has lost which goes.
     */
    fadesToRef(ref: Float32Array): void;
}

const NAME = "TerraneLevelFade";

/** After Terrane's own look, before most of other people's. */
const PRIORITY = 210;

/** Materials in which it finds the places that it puts its code in. */
const CLASSES: readonly string[] = [
    "StandardMaterial",
    "PBRMaterial",
    "PBRMetallicRoughnessMaterial",
    "PBRSpecularGlossinessMaterial",
];

/** Scratch. */
const values = new Float32Array(FADE_VALUES);

/**
 * Lets chunks dissolve: by a pattern of 8 x 8 pixels it leaves out the share of a chunk that is yet to come or has gone, so
 * that each pixel has one of two chunks that fade into each other. Meshes that do not fade keep a shader without any of it,
 * since `discard` costs early depth tests.
 */
class LevelFadePlugin extends MaterialPluginBase {
    /** Whether an effect of a shadow map has the pattern. */
    private readonly _fades = new WeakMap<Effect, boolean>();

    public constructor(material: Material) {
        super(material, NAME, PRIORITY, { TERRANE_LEVEL_FADE: false }, true, false);
        this.doNotSerialize = true;
        // Before it is enabled, or Babylon never calls `hardBindForSubMesh`: the only hook that comes with every draw.
        this.registerForExtraEvents = true;
        this._enable(true);
    }

    public override getClassName(): string {
        return "LevelFadePlugin";
    }

    public override isCompatible(shaderLanguage: ShaderLanguage): boolean {
        return shaderLanguage === ShaderLanguage.GLSL || shaderLanguage === ShaderLanguage.WGSL;
    }

    public override prepareDefines(defines: MaterialDefines, _scene: Scene, mesh: AbstractMesh): void {
        defines["TERRANE_LEVEL_FADE"] = isFadingMesh(mesh) && mesh.usesFadeVariant;
    }

    public override getUniforms(): ReturnType<MaterialPluginBase["getUniforms"]> {
        // Declared in the code, where the variant alone has them.
        return { externalUniforms: ["terraneFades", "terraneFadeVertices"] };
    }

    public override hardBindForSubMesh(
        _uniforms: UniformBuffer,
        _scene: Scene,
        _engine: AbstractEngine,
        subMesh: SubMesh,
    ): void {
        const { effect } = subMesh;
        const mesh = subMesh.getMesh();
        if (effect === null || !isFadingMesh(mesh)) {
            return;
        }
        // A `ShadowDepthWrapper` draws with an effect made from either variant.
        if (!mesh.usesFadeVariant && (this._material.shadowDepthWrapper === null || !this._hasPattern(effect))) {
            return;
        }
        mesh.fadesToRef(values);
        effect.setFloat4("terraneFades", values[0]!, values[1]!, values[2]!, values[3]!);
        effect.setFloat("terraneFadeVertices", mesh.verticesPerChunk);
    }

    public override getCustomCode(shaderType: string, shaderLanguage = ShaderLanguage.GLSL): Record<string, string> {
        const { FADE_VERTEX, FADE_FRAGMENT } = shaderLanguage === ShaderLanguage.WGSL ? wgsl : glsl;
        return shaderType === "vertex" ? FADE_VERTEX : FADE_FRAGMENT;
    }

    private _hasPattern(effect: Effect): boolean {
        let hasPattern = this._fades.get(effect);
        if (hasPattern === undefined) {
            hasPattern = effect.defines.includes("#define TERRANE_LEVEL_FADE\n");
            this._fades.set(effect, hasPattern);
        }
        return hasPattern;
    }
}

function isFadingMesh(mesh: AbstractMesh): mesh is AbstractMesh & FadingMesh {
    return (mesh as Partial<FadingMesh>).usesFadeVariant !== undefined;
}

/**
 * Makes meshes that a material draws able to fade; a second call does nothing.
 *
 * @returns whether they can: Standard and PBR materials let them
 */
export function enableLevelFades(material: Material): boolean {
    if (!CLASSES.includes(material.getClassName())) {
        return false;
    }
    if (!material.pluginManager?.getPlugin(NAME)) {
        new LevelFadePlugin(material);
    }
    return true;
}
