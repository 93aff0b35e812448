import { ShaderLanguage } from "@babylonjs/core/Materials/shaderLanguage.js";
import { toWgsl, type ShaderNames } from "../babylon/shader/toWgsl.js";
import { HORIZON_FUNCTIONS, HORIZON_SAMPLERS, HORIZON_UNIFORMS } from "./horizonMaps.js";
import { SKY_FUNCTIONS, SKY_UNIFORMS } from "./skyShader.js";

/** Uniforms that the plugin's materials have, vec4 each. */
export const AIR_UNIFORMS = [
    ...SKY_UNIFORMS,
    ...HORIZON_UNIFORMS,
    "airTowardsSun",
    "airAwayFromSun",
    "airBounce",
    "airEye",
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
vec3 airAmbient(vec3 n) {
    vec2 side = airLight.xz / max(length(airLight.xz), 0.001);
    float facing = 0.5 + 0.5 * dot(normalize(n.xz + vec2(0.0001, 0.0)), side) * sqrt(max(1.0 - n.y * n.y, 0.0));
    float up = 0.5 + 0.5 * n.y;
    vec3 level = mix(airAwayFromSun.xyz, airTowardsSun.xyz, facing);
    return mix(airBounce.xyz, mix(level, airZenith.xyz, up), smoothstep(0.0, 1.0, up));
}
#endif
`;

const LIGHT_COLOR = `
#ifdef TERRANE_ENVIRONMENT
#ifdef TERRANE_ENVIRONMENT_SUN
terraneSunSeen = 1.0;
#ifdef TERRANE_ENVIRONMENT_SHADOWS
vec3 airWay = vPositionW - vEyePosition.xyz;
terraneSunSeen = airHorizon(vPositionW.xz, vPositionW.y + airEye.x, 3.5 + 0.0015 * length(airWay)).x;
#endif
#ifdef TERRANE
terraneSunSeen = terraneSunSeen * smoothstep(0.25, 0.90, terraneDaylight);
#endif
diffuse0 = vec4(diffuse0.xyz * terraneSunSeen, diffuse0.w);
#endif
#endif
`;

/** What comes before air: ambient light for materials that have none of their own, the lamp, water over the place. */
const beforeAir = (albedo: string, color: string): string => `
#ifdef TERRANE_ENVIRONMENT_AMBIENT
#ifndef TERRANE
${color} = ${color} + ${albedo} * airAmbient(normalW);
#endif
#endif
#ifdef TERRANE
if (terraneDaylight < 1.0) {
    /* A lamp held up beside the eye: light from the eye itself flattens every form. */
    vec3 airAside = normalize(vec3(airFromEye.z, 0.001, -airFromEye.x)) * 2.6 + vec3(0.0, 2.4, 0.0);
    vec3 airToLamp = airAside - airFromEye;
    float airLampFar = length(airToLamp);
    float airFacing = 0.14 + 0.86 * max(dot(normalW, airToLamp / max(airLampFar, 0.01)), 0.0);
    float airLampShare = airLight.w * (1.0 - terraneDaylight) / (1.0 + airLampFar * airLampFar / 240.0);
    ${color} = ${color} + ${albedo} * vec3(7.5, 6.5, 5.2) * (airFacing * airLampShare * (0.2 + 0.8 * terraneCavity) * 1.55 / max(airTone.y, 0.001));
}
#endif
#ifdef TERRANE_ENVIRONMENT_WATER
float airDepth = airNight.w - airHeight;
if (airDepth > 0.0) {
    vec3 airClear = exp(-airDepth * vec3(0.42, 0.13, 0.10));
    ${color} = ${color} * airClear + airDeepWater() * (0.75 - 0.75 * airClear);
}
#endif
#ifdef TERRANE_ENVIRONMENT_AIR
${color} = airThrough(${color}, airFromEye, vEyePosition.y + airEye.x);
#endif
`;

const PLACE = `
vec3 airFromEye = vPositionW - vEyePosition.xyz;
float airHeight = vPositionW.y + airEye.x;
`;

/** Before a PBR material's colours are added up: what lies under water does not shine. */
const PBR_SHINE = `
#ifdef TERRANE_ENVIRONMENT_WATER
#ifdef SPECULARTERM
finalSpecularScaled = finalSpecularScaled * (1.0 - smoothstep(-0.05, 0.1, airNight.w - (vPositionW.y + airEye.x)));
#endif
#endif
`;

/** At the end of a PBR material, whose colours are linear until its image processing. */
const PBR_END = `
#ifdef TERRANE_ENVIRONMENT
${PLACE}
vec3 airLit = finalColor.xyz;
${beforeAir("surfaceAlbedo", "airLit")}
#ifdef TERRANE_ENVIRONMENT_TONE
airLit = pow(airToned(airLit), vec3(2.2));
#endif
finalColor = vec4(airLit, finalColor.w);
#endif
`;

/** At the end of a standard material, whose colours are those of the screen. */
const STANDARD_END = `
#ifdef TERRANE_ENVIRONMENT
${PLACE}
vec3 airLit = pow(max(color.xyz, vec3(0.0)), vec3(2.2));
vec3 airAlbedo = pow(max(baseColor.xyz * diffuseColor.xyz, vec3(0.0)), vec3(2.2));
${beforeAir("airAlbedo", "airLit")}
#ifdef TERRANE_ENVIRONMENT_TONE
airLit = airToned(airLit);
#else
airLit = pow(max(airLit, vec3(0.0)), vec3(1.0 / 2.2));
#endif
color = vec4(airLit, color.w);
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
        renamed: { vEyePosition: "scene.vEyePosition" },
    };
    return Object.fromEntries(
        Object.entries(code).map(([point, glsl]) => {
            const isBody = !point.endsWith("_DEFINITIONS");
            return [point, toWgsl(glsl, { ...names, isBody })];
        }),
    );
}
