import { ShaderLanguage } from "@babylonjs/core/Materials/shaderLanguage.js";
import { toWgsl, type ShaderNames } from "../babylon/shader/toWgsl.js";
import { HORIZON_FUNCTIONS, HORIZON_SAMPLERS, HORIZON_UNIFORMS } from "./horizonMaps.js";
import { SKY_FUNCTIONS, SKY_UNIFORMS } from "./skyShader.js";

/** Uniforms that the plugin's materials have, vec4 each. */
export const AIR_UNIFORMS = [
    ...SKY_UNIFORMS,
    ...HORIZON_UNIFORMS,
    "terraneTowardsSun",
    "terraneAwayFromSun",
    "terraneGround",
    "terraneEye",
] as const;

const DEFINITIONS = `
#ifdef TERRANE_ENVIRONMENT
${HORIZON_SAMPLERS.map((name) => `uniform sampler2D ${name};\n`).join("")}
${SKY_FUNCTIONS}
${HORIZON_FUNCTIONS}

#ifndef TERRANE
float terraneSunSeen;
#endif

/* Light from all around on what faces "n": from above, from the side that it faces, and from the ground. */
vec3 terraneAmbient(vec3 n) {
    vec2 side = terraneLight.xz / max(length(terraneLight.xz), 0.001);
    float facing = 0.5 + 0.5 * dot(normalize(n.xz + vec2(0.0001, 0.0)), side) * sqrt(max(1.0 - n.y * n.y, 0.0));
    float up = 0.5 + 0.5 * n.y;
    vec3 level = mix(terraneAwayFromSun.xyz, terraneTowardsSun.xyz, facing);
    return mix(terraneGround.xyz, mix(level, terraneZenith.xyz, up), smoothstep(0.0, 1.0, up));
}
#endif
`;

const LIGHT_COLOR = `
#ifdef TERRANE_ENVIRONMENT
#ifdef TERRANE_ENVIRONMENT_SUN
{
terraneSunSeen = 1.0;
#ifdef TERRANE_ENVIRONMENT_SHADOWS
vec3 terraneWay = vPositionW - vEyePosition.xyz;
terraneSunSeen = terraneHorizon(vPositionW.xz, vPositionW.y + terraneEye.x, 3.5 + 0.0015 * length(terraneWay)).x;
#endif
#ifdef TERRANE
terraneSunSeen = terraneSunSeen * smoothstep(0.25, 0.90, terraneDaylight);
#endif
diffuse0 = vec4(diffuse0.xyz * terraneSunSeen, diffuse0.w);
}
#endif
#endif
`;

/** What comes before air: ambient light for materials that have none of their own, the lamp, water over the place. */
const beforeAir = (albedo: string, color: string): string => `
#ifdef TERRANE_ENVIRONMENT_AMBIENT
#ifndef TERRANE
${color} = ${color} + ${albedo} * terraneAmbient(normalW);
#endif
#endif
#ifdef TERRANE
if (terraneDaylight < 1.0) {
    /* A lamp held up beside the eye: light from the eye itself flattens every form. */
    vec3 terraneAside = normalize(vec3(terraneFromEye.z, 0.001, -terraneFromEye.x)) * 2.6 + vec3(0.0, 2.4, 0.0);
    vec3 terraneToLamp = terraneAside - terraneFromEye;
    float terraneLampFar = length(terraneToLamp);
    float terraneFacing = 0.14 + 0.86 * max(dot(normalW, terraneToLamp / max(terraneLampFar, 0.01)), 0.0);
    float terraneLampShare = terraneLight.w * (1.0 - terraneDaylight) / (1.0 + terraneLampFar * terraneLampFar / 240.0);
    ${color} = ${color} + ${albedo} * vec3(7.5, 6.5, 5.2) * (terraneFacing * terraneLampShare * (0.2 + 0.8 * terraneCavity) * 1.55 / max(terraneTone.y, 0.001));
}
#endif
#ifdef TERRANE_ENVIRONMENT_WATER
float terraneDepth = terraneNight.w - terraneHeight;
if (terraneDepth > 0.0) {
    vec3 terraneClear = exp(-terraneDepth * vec3(0.42, 0.13, 0.10));
    ${color} = ${color} * terraneClear + terraneDeepWater() * (0.75 - 0.75 * terraneClear);
}
#endif
#ifdef TERRANE_ENVIRONMENT_AIR
${color} = terraneThroughAir(${color}, terraneFromEye, vEyePosition.y + terraneEye.x);
#endif
`;

const PLACE = `
vec3 terraneFromEye = vPositionW - vEyePosition.xyz;
float terraneHeight = vPositionW.y + terraneEye.x;
`;

/** Before a PBR material's colours are added up: what lies under water does not shine. */
const PBR_SHINE = `
#ifdef TERRANE_ENVIRONMENT_WATER
#ifdef SPECULARTERM
finalSpecularScaled = finalSpecularScaled * (1.0 - smoothstep(-0.05, 0.1, terraneNight.w - (vPositionW.y + terraneEye.x)));
#endif
#endif
`;

/** At the end of a PBR material, whose colours are linear until its image processing. */
const PBR_END = `
#ifdef TERRANE_ENVIRONMENT
{
${PLACE}
vec3 terraneLit = finalColor.xyz;
${beforeAir("surfaceAlbedo", "terraneLit")}
#ifdef TERRANE_ENVIRONMENT_TONE
terraneLit = pow(terraneTonedGamma(terraneLit), vec3(2.2));
#endif
finalColor = vec4(terraneLit, finalColor.w);
}
#endif
`;

/** At the end of a standard material, whose colours are those of the screen. */
const STANDARD_END = `
#ifdef TERRANE_ENVIRONMENT
{
${PLACE}
vec3 terraneLit = pow(max(color.xyz, vec3(0.0)), vec3(2.2));
vec3 terraneAlbedo = pow(max(baseColor.xyz * diffuseColor.xyz, vec3(0.0)), vec3(2.2));
${beforeAir("terraneAlbedo", "terraneLit")}
#ifdef TERRANE_ENVIRONMENT_TONE
terraneLit = terraneTonedGamma(terraneLit);
#else
terraneLit = pow(max(terraneLit, vec3(0.0)), vec3(1.0 / 2.2));
#endif
color = vec4(terraneLit, color.w);
}
#endif
`;

/** Returns the plugin's code for the fragment shader of a standard or a PBR material. */
export function airPluginCode(shaderLanguage: ShaderLanguage, isStandard: boolean): Record<string, string> {
    const code: Record<string, string> = {
        CUSTOM_FRAGMENT_DEFINITIONS: DEFINITIONS,
        CUSTOM_LIGHT0_COLOR: LIGHT_COLOR,
        ...(isStandard ? {} : { CUSTOM_FRAGMENT_BEFORE_FINALCOLORCOMPOSITION: PBR_SHINE }),
        CUSTOM_FRAGMENT_BEFORE_FOG: isStandard ? STANDARD_END : PBR_END,
    };
    if (shaderLanguage !== ShaderLanguage.WGSL) {
        return code;
    }
    const names: ShaderNames = {
        stage: "fragment",
        uniforms: AIR_UNIFORMS,
        varyings: ["vPositionW"],
        samplers: Object.fromEntries(HORIZON_SAMPLERS.map((name) => [name, "sampler2D"])),
    };
    return Object.fromEntries(
        Object.entries(code).map(([point, glsl]) => [
            point,
            toWgsl(glsl, names).replace(/\bvEyePosition\b/g, "scene.vEyePosition"),
        ]),
    );
}
