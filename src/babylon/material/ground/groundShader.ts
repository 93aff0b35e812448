import { ShaderLanguage } from "@babylonjs/core/Materials/shaderLanguage.js";
import { toWgsl, type ShaderNames } from "../../shader/toWgsl.js";
import {
    BEFORE_LIGHTS_GLSL,
    GROUND_GLOBALS_GLSL,
    GROUND_GLSL,
    ROUGHNESS_GLSL,
    VERTEX_DEFINITIONS_GLSL,
    VERTEX_MAIN_END_GLSL,
} from "./groundGlsl.js";
import type { GroundPlan } from "./groundPlan.js";
import { LIGHT_GLSL, LIGHT_MAIN_GLSL } from "./lightGlsl.js";
import { LOOKS_GLSL } from "./looksGlsl.js";
import { placingCode } from "./rulesGlsl.js";
import { SAMPLING_GLSL } from "./samplingGlsl.js";
import { Surface } from "./surfaces.js";

/**
 * Metres after which all textures repeat together: every tile divides it. A power of two, so that a chunk's origin modulo it is
 * exact.
 */
export const PERIOD = 8192;

/** A uniform, as Babylon declares it. */
export interface GroundUniform {
    readonly name: string;
    readonly size: number;
    readonly type: string;
    readonly arraySize?: number;
}

const UNIFORMS: readonly GroundUniform[] = [
    { name: "terraneOrigin", size: 4, type: "vec4" },
    { name: "terraneHeights", size: 4, type: "vec4" },
    { name: "terraneScales", size: 4, type: "vec4" },
    { name: "terraneLods", size: 4, type: "vec4" },
    { name: "groundSun", size: 4, type: "vec4" },
    { name: "groundSunlight", size: 4, type: "vec4" },
    { name: "groundZenith", size: 4, type: "vec4" },
    { name: "groundTowards", size: 4, type: "vec4" },
    { name: "groundAway", size: 4, type: "vec4" },
    { name: "groundBounce", size: 4, type: "vec4" },
    /* Mean colours of the layers, linear; factors of roughness. */
    { name: "groundMeans", size: 4, type: "vec4" },
    { name: "groundShown", size: 1, type: "float" },
];

/** Returns the uniforms of a plan's shader. */
export function uniformsOf({ layers }: GroundPlan): GroundUniform[] {
    return UNIFORMS.map((uniform) =>
        uniform.name === "groundMeans" ? { ...uniform, arraySize: layers.length } : uniform,
    );
}

export const SAMPLERS = {
    terraneColors: "sampler2DArray",
    terraneRelief: "sampler2DArray",
    terraneNoise: "sampler2D",
} as const;
/** The defines of what a quality adds or leaves out. */
export const QUALITY_DEFINES = { low: "TERRANE_LOW", high: "TERRANE_HIGH" } as const;

/** Radians. */
const TURNS = [0, 2.4, 4.8, 0.92, 3.32, 5.71, 1.83, 4.23, 0.35];

/** Returns the ground's shader by the points where it enters Babylon's. */
export function groundCode(
    stage: "vertex" | "fragment",
    language: ShaderLanguage,
    plan: GroundPlan,
): Record<string, string> {
    const points: Record<string, string> =
        stage === "vertex"
            ? {
                  CUSTOM_VERTEX_DEFINITIONS: VERTEX_DEFINITIONS_GLSL,
                  CUSTOM_VERTEX_MAIN_END: VERTEX_MAIN_END_GLSL.replace("TERRANE_PERIOD", float(PERIOD)),
              }
            : {
                  CUSTOM_FRAGMENT_DEFINITIONS: definitions(plan),
                  CUSTOM_FRAGMENT_BEFORE_LIGHTS: BEFORE_LIGHTS_GLSL,
                  CUSTOM_FRAGMENT_UPDATE_METALLICROUGHNESS: ROUGHNESS_GLSL,
                  CUSTOM_FRAGMENT_BEFORE_FINALCOLORCOMPOSITION: LIGHT_MAIN_GLSL,
              };
    if (language === ShaderLanguage.GLSL) {
        return points;
    }
    const names = { ...NAMES, stage, ...(stage === "vertex" && { attributes: ["terraneWeights"] }) };
    const translate = ([point, code]: [string, string]): [string, string] => {
        const isBody = !point.endsWith("_DEFINITIONS");
        return [point, toWgsl(code, { ...names, isBody })];
    };
    return Object.fromEntries(Object.entries(points).map(translate));
}

const NAMES: Omit<ShaderNames, "stage"> = {
    uniforms: UNIFORMS.map(({ name }) => name),
    varyings: ["vTerranePosition", "vTerraneWeights", "vPositionW"],
    samplers: SAMPLERS,
    renamed: { vEyePosition: "scene.vEyePosition" },
};

/** Returns a number that tells a plan's shader from others': Babylon takes shaders with the same defines for the same. */
export function codeIdOf(plan: GroundPlan): number {
    let id = 0;
    for (const character of tables(plan) + placingCode(plan)) {
        id = (Math.imul(id, 31) + character.charCodeAt(0)) | 0;
    }
    return id >>> 1;
}

function definitions(plan: GroundPlan): string {
    const samplers = Object.entries(SAMPLERS).map(([name, kind]) => `uniform highp ${kind} ${name};\n`);
    const code = [
        GROUND_GLOBALS_GLSL,
        tables(plan),
        SAMPLING_GLSL,
        placingCode(plan),
        LOOKS_GLSL,
        GROUND_GLSL,
        LIGHT_GLSL,
    ].join("");
    return samplers.join("") + code.replaceAll("TERRANE_SURFACES", `${plan.surfaces.length}`);
}

/** Returns what is known of layers and surfaces as constants. */
function tables({ surfaces, layers }: GroundPlan): string {
    const repeats = layers.map(({ tile }) => 1 / tile);
    const ints = (name: string, values: number[]): string => table("int", name, values.map(String));
    const floats = (name: string, values: number[]): string => table("float", name, values.map(float));
    return [
        table("vec2", "TERRANE_TURNS", turns(1 / Math.min(...repeats))),
        floats("TERRANE_REPEATS", repeats),
        ints(
            "TERRANE_DETAIL",
            surfaces.map(({ detail }) => detail),
        ),
        ints(
            "TERRANE_SIDE",
            surfaces.map(({ side = -1 }) => side),
        ),
        ints(
            "TERRANE_MACRO",
            surfaces.map(({ macro }) => macro),
        ),
        ints(
            "TERRANE_MACRO_SIDE",
            surfaces.map(({ macroSide = -1 }) => macroSide),
        ),
        floats(
            "TERRANE_MACRO_REPEATS",
            surfaces.map(({ macro, macroTile }) => (macroTile === undefined ? repeats[macro]! : 1 / macroTile)),
        ),
        table(
            "vec4",
            "TERRANE_KINDS",
            surfaces.map((surface) => {
                const { macroColor, macroRelief, relief, roughness } = surface;
                return `vec4(${[macroColor, macroRelief, relief, roughness].map(float).join(", ")})`;
            }),
        ),
        floats(
            "TERRANE_LEAF",
            surfaces.map(({ leaf }) => leaf),
        ),
        floats(
            "TERRANE_CROWNED",
            surfaces.map(({ isOwn }, i) => (i === Surface.forest && isOwn !== true ? 1 : 0)),
        ),
        floats(
            "TERRANE_TINTED",
            surfaces.map(({ isOwn }) => (isOwn === true ? 0 : 1)),
        ),
    ].join("");
}

/**
 * Returns cosine and sine of nine turns that no eye puts together, rounded so that turned tiles, too, divide the period.
 *
 * @param largest metres: side of the largest tile
 */
function turns(largest: number): string[] {
    const steps = PERIOD / largest;
    const round = (value: number): string => float(Math.round(value * steps) / steps);
    return TURNS.map((turn) => `vec2(${round(Math.cos(turn))}, ${round(Math.sin(turn))})`);
}

function table(type: string, name: string, values: readonly string[]): string {
    return `const ${type} ${name}[${values.length}] = ${type}[${values.length}](${values.join(", ")});\n`;
}

function float(value: number): string {
    return Number.isInteger(value) ? value.toFixed(1) : `${value}`;
}
