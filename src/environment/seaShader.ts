import { HORIZON_FUNCTIONS, HORIZON_SAMPLERS, HORIZON_UNIFORMS } from "./horizonMaps.js";
import { declareVectors, type ShaderSource } from "./shaderSource.js";
import { SKY_FUNCTIONS, SKY_UNIFORMS } from "./skyShader.js";

/** What a sea is made of. */
export interface SeaDetail {
    /** Whether there are horizon maps, by which it knows its depth and the shadows on it. */
    readonly hasMaps: boolean;
    /** Whether light passes air between the sea and the eye. */
    readonly hasAir: boolean;
    readonly isToned: boolean;
    /** Whether what is drawn is to be linear, since a post-process makes it gamma. */
    readonly isLinear: boolean;
}

/**
 * Metres a repeat of each layer of waves, and how it moves: repeats a second along u and v. A layer's waves are a fortieth to a
 * third of its repeat long.
 */
export const WAVES = [
    { size: 390, u: 0.0105, v: 0.0085 },
    { size: 83, u: 0.031, v: 0.019 },
    { size: 19, u: 0.07, v: 0.083 },
    { size: 5.3, u: 0.19, v: 0.11 },
] as const;

/** Metres a repeat, and motion, of foam in two layers, and of gusts, which ruffle patches of water. */
export const FOAM = [
    { size: 37, u: 0.004, v: -0.003 },
    { size: 9.7, u: -0.006, v: 0.009 },
] as const;
export const GUSTS = { size: 2300, u: 0.004, v: 0.003 } as const;

const UNIFORMS = ["seaWavesA", "seaWavesB", "seaFoam", "seaGusts", "seaPlace"] as const;

const VERTEX = `
precision highp float;
attribute vec3 position;
uniform mat4 seaToScreen;
uniform vec4 seaPlace;
varying vec3 vRay;
void main() {
    vRay = vec3(position.x * seaPlace.z, -seaPlace.x, position.z * seaPlace.z);
    gl_Position = seaToScreen * vec4(vRay, 1.0);
}
`;

const FRAGMENT = `
precision highp float;
varying vec3 vRay;
uniform sampler2D seaNoise;
${HORIZON_SAMPLERS.map((name) => `uniform sampler2D ${name};\n`).join("")}
${declareVectors([...SKY_UNIFORMS, ...HORIZON_UNIFORMS, ...UNIFORMS])}
${SKY_FUNCTIONS}
${HORIZON_FUNCTIONS}

/* Slopes of waves, one standard deviation long. */
vec2 seaSlope(vec2 uv, vec2 dx, vec2 dy) {
    return (textureGrad(seaNoise, uv, dx, dy).zw - 0.5) * 6.0;
}

vec3 seaShown(vec3 light) {
#ifdef SEA_TONED
    vec3 shown = airToned(light);
#else
    vec3 shown = pow(max(light * airTone.xyz, vec3(0.0)), vec3(1.0 / 2.2));
#endif
#ifdef SEA_LINEAR
    shown = pow(shown, vec3(2.2));
#endif
    return shown;
}

vec3 seaBehindAir(vec3 light, vec3 way) {
#ifdef SEA_AIR
    return airThrough(light, way, seaPlace.x + airNight.w);
#else
    return light;
#endif
}

void main() {
    vec2 p = vRay.xz;
    vec2 dx = dFdx(p);
    vec2 dy = dFdy(p);
    float far = length(vRay);
    vec3 v = -vRay / far;
    vec2 swell = seaSlope(seaWavesA.xy + p / ${WAVES[0].size.toFixed(1)}, dx / ${WAVES[0].size.toFixed(1)}, dy / ${WAVES[0].size.toFixed(1)}) * 0.022;
    vec2 waves = seaSlope(seaWavesA.zw + p / ${WAVES[1].size.toFixed(1)}, dx / ${WAVES[1].size.toFixed(1)}, dy / ${WAVES[1].size.toFixed(1)}) * 0.034;
    vec2 chop = seaSlope(seaWavesB.xy + p.yx / ${WAVES[2].size.toFixed(1)}, dx.yx / ${WAVES[2].size.toFixed(1)}, dy.yx / ${WAVES[2].size.toFixed(1)}).yx * 0.050;
    vec2 ripples = seaSlope(seaWavesB.zw + p.yx / ${WAVES[3].size.toFixed(1)}, dx.yx / ${WAVES[3].size.toFixed(1)}, dy.yx / ${WAVES[3].size.toFixed(1)}).yx * 0.062;
    vec4 foamA = textureGrad(seaNoise, p / 37.0 + seaFoam.xy, dx / 37.0, dy / 37.0);
    vec4 foamB = textureGrad(seaNoise, p / 9.7 + seaFoam.zw, dx / 9.7, dy / 9.7);
    vec4 gusts = textureGrad(seaNoise, p.yx / 2300.0 + seaGusts.xy, dx.yx / 2300.0, dy.yx / 2300.0);
    if (v.y < 0.0) {
        /* From below: the sky through a round window, else the inside of the surface. */
        float window = smoothstep(0.60, 0.72, -v.y + waves.x + chop.x + chop.y + 0.5 * (ripples.x + ripples.y));
        vec3 inside = mix(airDeepWater() * 1.3, airSky(vec3(-v.x, 1.2, -v.z)) * 0.9, window);
        gl_FragColor = vec4(seaShown(seaBehindAir(inside, vRay)), 1.0);
    } else {
        /* Waves too fine to be seen become roughness: they would be streaks. The footprint is that of a pixel along the view. */
        float foot = far * far / max(seaPlace.x, 0.5) * seaPlace.y;
        vec4 keep = 1.0 / (1.0 + vec4(foot) / vec4(52.0, 12.0, 3.0, 0.9));
        /* Gusts ruffle some patches more than others. */
        float gust = mix(0.45, 1.25, smoothstep(0.25, 0.75, gusts.x * 0.6 + gusts.y * 0.4));
        keep = keep * vec4(0.8, gust, gust, gust);
        vec2 slope = swell * keep.x + waves * keep.y + chop * keep.z + ripples * keep.w;
        float lost = dot(vec4(0.0007, 0.0018, 0.0031, 0.0038), max(1.0 - keep, vec4(0.0)));
        float spread = sqrt(lost);
        vec3 n = normalize(vec3(-slope.x, 1.0, -slope.y));
#ifdef SEA_MAPS
        vec2 horizon = airHorizon(p, airNight.w, 4.0);
        float depth = airNight.w - horizon.y;
        float lit = horizon.x;
#else
        float depth = 30.0;
        float lit = 1.0;
#endif
        /* The mean of Fresnel's law over a rough sea, whose waves turn their faces to the eye. */
        float facing = clamp(max(dot(n, v), 0.0) + 0.55 * spread, 0.0, 1.0);
        float away = 1.0 - facing;
        float away2 = away * away;
        float mirrors = 0.02 + 0.98 * away2 * away2 * away;
        vec3 r = reflect(-v, n);
        r = normalize(vec3(r.x, abs(r.y) + spread * 1.1, r.z));
        vec3 mirror = airSky(r) * mix(0.85, 1.0, lit);
        vec3 h = normalize(v + airLight.xyz);
        float rough = 0.038 + spread * 1.25;
        float rough2 = rough * rough;
        float nh = max(dot(n, h), 0.0);
        float lobe = nh * nh * (rough2 - 1.0) + 1.0;
        vec3 glitter = airLightColor.xyz * (min(rough2 / (3.14159265 * lobe * lobe) * 0.05, 7.0) * lit);

        /* Deep water hides its ground; so does water whose ground is too far to be drawn. */
        float murk = 1.0 - exp(-max(depth, 0.0) * 0.085);
        murk = max(murk, smoothstep(0.55, 0.80, far * airHaze.z));
        vec3 shallow = vec3(0.020, 0.115, 0.105);
        vec3 deep = vec3(0.0095, 0.044, 0.062);
        vec3 body = mix(shallow, deep, smoothstep(2.0, 26.0, depth)) * (airZenith.xyz * 0.85 + airLightColor.xyz * (0.24 * lit));
        float cover = mirrors * 0.98 + (1.0 - mirrors) * murk;
        vec3 color = mix(body, mirror, mirrors / max(cover, 0.001)) + glitter / max(cover, 0.15);

        /* Surf: lines that run up the shore, broken up, and patches that stay behind them. */
        float near = 1.0 - smoothstep(250.0, 1400.0, far);
        float shallowness = 1.0 - smoothstep(0.15, 2.4, depth);
        float line = 0.5 + 0.5 * sin(depth * 3.4 + seaPlace.w + 9.0 * foamA.x);
        float patches = smoothstep(0.50, 0.70, foamA.x * 0.55 + foamB.y * 0.55);
        float foam = shallowness * near * clamp(patches * (0.35 + 0.65 * line) + smoothstep(0.86, 0.99, line) * smoothstep(0.36, 0.56, foamB.x) * 0.8, 0.0, 1.0);
        vec3 white = (airZenith.xyz + airLightColor.xyz * (0.62 * lit * max(airLight.y, 0.1))) * 0.62;
        color = mix(color, white, foam * 0.85);
        cover = max(cover, foam * 0.85) * mix(0.30, 1.0, smoothstep(-0.2, 1.4, depth));
        gl_FragColor = vec4(seaShown(seaBehindAir(color, vRay)) * cover, cover);
    }
}
`;

/** Returns the sea's shader. */
export function seaShader({ hasMaps, hasAir, isToned, isLinear }: SeaDetail): ShaderSource {
    const defines = { SEA_MAPS: hasMaps, SEA_AIR: hasAir, SEA_TONED: isToned, SEA_LINEAR: isLinear };
    return {
        vertex: VERTEX,
        fragment: FRAGMENT,
        uniforms: ["seaToScreen", ...SKY_UNIFORMS, ...HORIZON_UNIFORMS, ...UNIFORMS],
        samplers: ["seaNoise", ...HORIZON_SAMPLERS],
        defines: Object.entries(defines).flatMap(([name, isSet]) => (isSet ? [name] : [])),
        needAlphaBlending: true,
    };
}
