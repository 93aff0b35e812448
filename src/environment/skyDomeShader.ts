import { declareVectors, type ShaderSource } from "./shaderSource.js";
import { SKY_FUNCTIONS, SKY_UNIFORMS } from "./skyShader.js";

/** What a sky is made of. */
export interface SkyDetail {
    /** Fetches of noise for a place in the clouds, 2 or 3, and places towards the sun that are looked at for its shade. */
    readonly octaves: 2 | 3;
    readonly shades: 1 | 2 | 3;
    readonly isToned: boolean;
    /** Whether what is drawn is to be linear, since a post-process makes it gamma. */
    readonly isLinear: boolean;
}

const UNIFORMS = ["skyDrift", "skyCover", "skyCloudColor", "skyMoon", "skyStars", "skyPlace"] as const;

const VERTEX = `
precision highp float;
attribute vec3 position;
uniform mat4 skyToWorld;
uniform vec4 skyPlace;
varying vec3 vDirection;
void main() {
    gl_Position = vec4(position.xy, skyPlace.y, 1.0);
    vec4 far = skyToWorld * vec4(position.xy, 1.0, 1.0);
    vec4 near = skyToWorld * vec4(position.xy, 0.5, 1.0);
    vDirection = (far.xyz / far.w - near.xyz / near.w) * skyPlace.z;
}
`;

const FRAGMENT = `
precision highp float;
varying vec3 vDirection;
uniform sampler2D skyNoise;
${declareVectors([...SKY_UNIFORMS, ...UNIFORMS])}
${SKY_FUNCTIONS}

/* Share that clouds cover of a thin layer, at a place of it: banks, torn into streaks that lie along the wind. */
float cloudsAt(vec2 p) {
    vec2 w = vec2(p.x * 0.80 + p.y * 0.60, p.y * 0.80 - p.x * 0.60);
    float banks = textureLod(skyNoise, w * vec2(0.026, 0.047) + skyDrift.xy, 0.0).x;
    float streaks = textureLod(skyNoise, w * vec2(0.085, 0.21) + skyDrift.zw + (banks - 0.5) * 0.10, 0.0).y;
    float d = banks * 0.56 + streaks * 0.32;
#ifdef SKY_THREE_OCTAVES
    d += textureLod(skyNoise, p * vec2(0.47, 0.61) - skyDrift.yx + (streaks - 0.5) * 0.08, 0.0).x * 0.12;
#else
    d += 0.06;
#endif
    return smoothstep(skyCover.x, skyCover.y, d);
}

float hash(vec3 cell) {
    vec3 p = fract(cell * 0.1031);
    p += dot(p, p.zyx + 31.32);
    return fract((p.x + p.y) * p.z);
}

/* Stars, and the band of those that cannot be told apart. */
vec3 starsIn(vec3 d) {
    /* About the pole, which stands as high as the place lies north. */
    vec3 axis = vec3(0.0, skyStars.w, skyStars.z);
    float c = cos(skyStars.y);
    float s = sin(skyStars.y);
    vec3 t = d * c + cross(axis, d) * s + axis * (dot(axis, d) * (1.0 - c));
    vec3 place = t * 75.0;
    vec3 cell = floor(place);
    float kind = hash(cell);
    vec3 light = vec3(0.0);
    if (kind > 0.955) {
        vec3 at = normalize(cell + 0.25 + 0.5 * vec3(hash(cell + 17.0), hash(cell + 37.0), hash(cell + 59.0)));
        float size = max(0.0009, 0.8 * skyPlace.w);
        float away = length(t - at) / size;
        float magnitude = (kind - 0.955) / 0.045;
        magnitude = 0.03 + magnitude * magnitude * magnitude * magnitude;
        float warm = hash(cell + 83.0);
        light = mix(vec3(0.75, 0.86, 1.0), vec3(1.0, 0.86, 0.68), warm * warm) * (magnitude * 0.35 * exp(-away * away * 2.0) * 0.0009 * 0.0009 / (size * size));
    }
    float bend = t.x * 0.42 + t.y * 0.75 + t.z * 0.51;
    vec2 along = vec2(atan(t.z, t.x) * 0.9, bend * 1.7);
    float dust = textureLod(skyNoise, along * 0.21, 0.0).x;
    float fine = textureLod(skyNoise, along * 0.83 + 0.37, 0.0).y;
    float band = exp(-bend * bend * 14.0) * smoothstep(0.30, 0.72, dust * 0.75 + fine * 0.35);
    return light + vec3(0.0030, 0.0031, 0.0040) * band;
}

/* The moon's disc, larger than it is, as all painters have it. */
vec4 moonIn(vec3 d) {
    float mu = dot(d, skyMoon.xyz);
    vec3 side = normalize(cross(vec3(0.0, 1.0, 0.0), skyMoon.xyz) + vec3(1e-4, 0.0, 0.0));
    vec2 p = vec2(dot(d, side), dot(d, cross(skyMoon.xyz, side))) / 0.0085;
    float r2 = dot(p, p);
    float inside = (1.0 - smoothstep(0.9, 1.0, r2)) * step(0.0, mu);
    vec3 bulge = side * p.x + cross(skyMoon.xyz, side) * p.y - skyMoon.xyz * sqrt(max(0.0, 1.0 - r2));
    float lit = smoothstep(-0.05, 0.25, dot(bulge, airSun.xyz));
    float maria = smoothstep(0.40, 0.66, textureLod(skyNoise, p * 0.06 + 0.2, 0.0).x);
    return vec4(vec3(1.0, 0.97, 0.90) * (mix(0.62, 1.0, maria) * (0.04 + lit)), inside);
}

void main() {
    vec3 d = normalize(vDirection);
    float up = airRise(d);
    float sunlit = max(dot(d, airSun.xyz), 0.0);
    float lit = max(dot(d, airLight.xyz), 0.0);
    vec3 color = airSky(d);
    if (skyPlace.x < airNight.w) {
        color = airThroughWater(color, d * 1e5, airNight.w - skyPlace.x);
    } else {
        if (up > -0.01) {
            float c = 0.0;
            vec3 veil = color;
            float seen = smoothstep(0.004, 0.15, up);
            if (up > 0.004) {
                vec2 p = d.xz / (up + 0.075);
                vec2 way = airLight.xz / max(length(airLight.xz), 0.2) * 0.17;
                c = cloudsAt(p);
                float shade = cloudsAt(p + way);
#ifdef SKY_TWO_SHADES
                shade += cloudsAt(p + way * 2.3) * 0.8;
#else
                shade *= 1.8;
#endif
#ifdef SKY_THREE_SHADES
                shade += cloudsAt(p + way * 4.2) * 0.6;
#else
                shade *= 1.33;
#endif
                float near2 = lit * lit;
                float near6 = near2 * near2 * near2;
                float silver = 0.30 * near6 + 1.5 * pow(lit, 48.0) * (1.0 - 0.8 * c);
                veil = skyCloudColor.xyz * (0.13 + 0.40 * exp(-0.9 * shade) + silver * exp(-1.5 * c));
                veil += airSky(vec3(0.2, 0.9, 0.1)) * 1.05 + airSky(airWithRise(d, 0.05)) * 0.30;
            }
            float clear = 1.0 - c * seen;
            if (skyStars.x > 0.0) {
                vec4 moon = moonIn(d);
                float low = smoothstep(-0.005, 0.16, up);
                color += starsIn(d) * (skyStars.x * low * (1.0 - moon.w));
                color = mix(color, color + moon.xyz * 0.62, moon.w * smoothstep(-0.004, 0.03, up));
                color += vec3(0.010, 0.012, 0.015) * (skyStars.x * (pow(max(dot(d, skyMoon.xyz), 0.0), 220.0) + 0.12 * pow(max(dot(d, skyMoon.xyz), 0.0), 18.0)));
            }
            color = mix(color, mix(color, veil, seen), c * 0.93 * seen);
            float disc = smoothstep(0.999872, 0.999935, sunlit) * smoothstep(-0.006, 0.002, up);
            color += airSunThrough(up + 0.01) * 132.0 * disc * (1.0 - 0.985 * (1.0 - clear));
        }
    }
#ifdef SKY_TONED
    vec3 shown = airToned(color);
#else
    vec3 shown = pow(max(color * airTone.xyz, vec3(0.0)), vec3(1.0 / 2.2));
#endif
#ifdef SKY_LINEAR
    shown = pow(shown, vec3(2.2));
#else
    /* Less than a step of eight bits: without it the gradient shows bands. */
    float grain = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5;
    shown += grain / 255.0;
#endif
    gl_FragColor = vec4(shown, 1.0);
}
`;

/** Returns the sky's shader. */
export function skyShader({ octaves, shades, isToned, isLinear }: SkyDetail): ShaderSource {
    const defines = {
        SKY_THREE_OCTAVES: octaves === 3,
        SKY_TWO_SHADES: shades >= 2,
        SKY_THREE_SHADES: shades === 3,
        SKY_TONED: isToned,
        SKY_LINEAR: isLinear,
    };
    return {
        vertex: VERTEX,
        fragment: FRAGMENT,
        uniforms: ["skyToWorld", ...SKY_UNIFORMS, ...UNIFORMS],
        samplers: ["skyNoise"],
        defines: Object.entries(defines).flatMap(([name, isSet]) => (isSet ? [name] : [])),
        needAlphaBlending: true,
    };
}
