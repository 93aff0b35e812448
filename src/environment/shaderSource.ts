import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import { ShaderLanguage } from "@babylonjs/core/Materials/shaderLanguage.js";
import { ShaderMaterial } from "@babylonjs/core/Materials/shaderMaterial.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { toWgsl } from "../babylon/shader/toWgsl.js";

/** A shader of its own, in the part of GLSL that `toWgsl` translates. */
export interface ShaderSource {
    readonly vertex: string;
    readonly fragment: string;
    readonly uniforms: readonly string[];
    readonly samplers: readonly string[];
    readonly defines: readonly string[];
    readonly needAlphaBlending: boolean;
}

/** Returns the language in which an engine's shaders are written. */
export function shaderLanguageOf(engine: AbstractEngine): ShaderLanguage {
    return engine.isWebGPU ? ShaderLanguage.WGSL : ShaderLanguage.GLSL;
}

/** Returns declarations of uniforms that are vec4 each. */
export function declareVectors(names: readonly string[]): string {
    return names.map((name) => `uniform vec4 ${name};\n`).join("");
}

/** Creates a material of it, in the engine's own language. */
export function createShaderMaterial(name: string, scene: Scene, source: ShaderSource): ShaderMaterial {
    const shaderLanguage = shaderLanguageOf(scene.getEngine());
    const isWgsl = shaderLanguage === ShaderLanguage.WGSL;
    const { vertex, fragment, uniforms, samplers, defines, needAlphaBlending } = source;
    const material = new ShaderMaterial(
        name,
        scene,
        {
            vertexSource: isWgsl ? toWgsl(vertex, { stage: "vertex" }) : vertex,
            fragmentSource: isWgsl ? toWgsl(fragment, { stage: "fragment" }) : fragment,
        },
        {
            attributes: ["position"],
            uniforms: [...uniforms],
            samplers: [...samplers],
            defines: defines.map((define) => `#define ${define}`),
            needAlphaBlending,
            shaderLanguage,
        },
    );
    material.doNotSerialize = true;
    material.backFaceCulling = false;
    return material;
}
