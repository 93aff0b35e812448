import { MaterialPluginBase } from "@babylonjs/core/Materials/materialPluginBase.js";
import type { PBRMaterial } from "@babylonjs/core/Materials/PBR/pbrMaterial.js";
import { ShaderLanguage } from "@babylonjs/core/Materials/shaderLanguage.js";
import type { BaseTexture } from "@babylonjs/core/Materials/Textures/baseTexture.js";
import type { UniformBuffer } from "@babylonjs/core/Materials/uniformBuffer.js";
import { atmosphereGlsl } from "./atmosphereGlsl.js";
import type { HorizonMap } from "./horizonMap.js";

/** What the light on the land depends on beside the sun. */
export interface LandLightState {
    /** Metres: where the eye is. */
    readonly eye: { readonly x: number; readonly y: number; readonly z: number };
    /** 0 to 1: how bright the lamp is that one carries in caves. */
    readonly lamp: number;
    readonly near: HorizonMap;
    readonly far: HorizonMap;
}

const UNIFORMS = ["landEye", "landNear", "landFar"].map((name) => ({ name, size: 4, type: "vec4" }));

/** Reads the horizon maps: x is 1 where the sun is seen, y the height of the land. */
export const HORIZON_GLSL = `
uniform sampler2D horizonNear;
uniform sampler2D horizonFar;

float insideMap(vec2 uv) {
    vec2 border = min(uv, 1.0 - uv);
    return smoothstep(0.0, 0.06, min(border.x, border.y));
}

/* "near" and "far" have the eye's place in each map and metres to its coordinates; z is 0 where there is no map. */
vec2 readHorizon(vec2 fromEye, float height, vec4 near, vec4 far, float softness) {
    vec2 farUv = far.xy + fromEye * far.z;
    vec2 nearUv = near.xy + fromEye * near.z;
    float farShare = far.z > 0.0 ? insideMap(farUv) : 0.0;
    float nearShare = near.z > 0.0 ? insideMap(nearUv) : 0.0;
    vec2 farTexel = texture2D(horizonFar, farUv).rg;
    vec2 nearTexel = texture2D(horizonNear, nearUv).rg;
    float lit = mix(1.0, smoothstep(-1.2, 0.8, (height - farTexel.r) / (softness * 2.0)), farShare);
    lit = mix(lit, smoothstep(-1.2, 0.8, (height - nearTexel.r) / softness), nearShare);
    return vec2(lit, mix(mix(-1000.0, farTexel.g, farShare), nearTexel.g, nearShare));
}
`;

/**
 * Light of a clear evening on the land: the sun where no mountain hides it, blue light from above, warm light from
 * below, a lamp in caves, and the haze between land and eye. Lies on top of Terrane's own material.
 */
export class LandLightPlugin extends MaterialPluginBase {
    public constructor(
        material: PBRMaterial,
        private readonly _state: LandLightState,
        private readonly _seaLevel: number,
        private readonly _viewDistance: number,
    ) {
        // Being listed asks for the code at once, which needs the fields: so they come first.
        super(material, "LandLight", 300, undefined, false);
        this.doNotSerialize = true;
        this._pluginManager._addPlugin(this);
        this._enable(true);
    }

    public override getClassName(): string {
        return "LandLightPlugin";
    }

    public override isCompatible(shaderLanguage: ShaderLanguage): boolean {
        return shaderLanguage === ShaderLanguage.GLSL;
    }

    public override getSamplers(samplers: string[]): void {
        samplers.push("horizonNear", "horizonFar");
    }

    public override getUniforms(): ReturnType<MaterialPluginBase["getUniforms"]> {
        return { ubo: UNIFORMS, fragment: UNIFORMS.map(({ name, type }) => `uniform ${type} ${name};\n`).join("") };
    }

    public override getActiveTextures(activeTextures: BaseTexture[]): void {
        activeTextures.push(this._state.near.texture, this._state.far.texture);
    }

    public override bindForSubMesh(uniforms: UniformBuffer): void {
        const { eye, lamp, near, far } = this._state;
        uniforms.updateFloat4("landEye", eye.y, lamp, 0, 0);
        bindMap(uniforms, "landNear", near, eye.x, eye.z);
        bindMap(uniforms, "landFar", far, eye.x, eye.z);
        uniforms.setTexture("horizonNear", near.texture);
        uniforms.setTexture("horizonFar", far.texture);
    }

    public override getCustomCode(shaderType: string): Record<string, string> | null {
        if (shaderType !== "fragment") {
            return null;
        }
        return {
            CUSTOM_FRAGMENT_DEFINITIONS: atmosphereGlsl(this._seaLevel, this._viewDistance) + HORIZON_GLSL,
            CUSTOM_FRAGMENT_BEFORE_FINALCOLORCOMPOSITION: `
vec3 landRay = vPositionW - vEyePosition.xyz;
float landHeight = landEye.x + landRay.y;
float landDistance = length(landRay);
vec2 landHorizon = readHorizon(landRay.xz, landHeight, landNear, landFar, 3.5 + 0.0015 * landDistance);
float openSky = vTerraneWeights.w;
float sunSeen = landHorizon.x * smoothstep(0.25, 0.90, openSky);
finalDiffuse *= sunSeen;
#ifdef SPECULARTERM
finalSpecularScaled *= sunSeen;
#endif
float facesSky = 0.5 + 0.5 * normalW.y;
float facesSun = 0.5 + 0.5 * dot(normalW.xz, normalize(SUN_DIRECTION.xz));
vec3 fromSky = mix(vec3(0.125, 0.10, 0.078), mix(vec3(0.17, 0.26, 0.45), vec3(0.34, 0.34, 0.40), facesSun), facesSky);
finalDiffuse += surfaceAlbedo * fromSky * mix(0.52, 1.0, openSky);
/* A lamp at the eye, for places where no daylight comes. */
float lampDistance = landDistance / 26.0;
finalDiffuse += surfaceAlbedo * vec3(4.2, 3.1, 2.0) * (0.25 + 0.75 * landEye.y) * (1.0 - openSky)
    * (0.25 + 0.75 * max(dot(normalW, -landRay) / max(landDistance, 0.01), 0.0)) / (1.0 + lampDistance * lampDistance);
`,
            CUSTOM_FRAGMENT_BEFORE_FOG: `
finalColor.rgb = toFilm(throughAir(finalColor.rgb, landRay, landEye.x));
`,
        };
    }
}

function bindMap(uniforms: UniformBuffer, name: string, map: HorizonMap, x: number, z: number): void {
    if (map.isValid) {
        uniforms.updateFloat4(name, (x - map.originX) / map.size, (z - map.originZ) / map.size, 1 / map.size, 0);
    } else {
        uniforms.updateFloat4(name, 0, 0, 0, 0);
    }
}
