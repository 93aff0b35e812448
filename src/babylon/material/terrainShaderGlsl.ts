import { Layer } from "./layerTextures.js";

/** Where the default look enters Babylon's GLSL; `terrainShaderWgsl.ts` says the same in WGSL. Change both together. */

// Texture coordinates do not come from the world position: a million metres out its float32 steps by 6 cm, and textures
// would swim; under a floating origin it would move with the camera. They come from the vertex inside its mesh, which is
// exact, and the mesh's origin modulo a period that every tile divides. Chunk origins are multiples of powers of two, so
// that remainder is exact too; under a floating origin, the origin relative to the camera is exact where it is near.
export const VERTEX_DEFINITIONS_GLSL = `
attribute vec4 terraneWeights;
varying vec3 vTerranePosition;
varying vec4 vTerraneWeights;
`;

export const VERTEX_MAIN_END_GLSL = `
vec3 terraneMesh = finalWorld[3].xyz + terraneOrigin.xyz;
vec3 terraneLocal = mat3(finalWorld) * positionUpdated;
vTerranePosition.xz = mod(terraneMesh.xz, terraneOrigin.w) + terraneLocal.xz;
vTerranePosition.y = terraneMesh.y + terraneLocal.y;
vTerraneWeights = terraneWeights;
`;

export const FRAGMENT_DEFINITIONS_GLSL = `
precision highp sampler2DArray;
uniform sampler2DArray terraneLayers;
varying vec3 vTerranePosition;
varying vec4 vTerraneWeights;

float terraneRoughness;

const vec3 TERRANE_DARK[8] = vec3[8](
    vec3(0.36, 0.275, 0.160), vec3(0.034, 0.062, 0.013), vec3(0.115, 0.104, 0.037), vec3(0.014, 0.029, 0.008),
    vec3(0.078, 0.067, 0.054), vec3(0.105, 0.082, 0.054), vec3(0.62, 0.68, 0.77), vec3(0.062, 0.054, 0.046));
const vec3 TERRANE_LIGHT[8] = vec3[8](
    vec3(0.62, 0.505, 0.325), vec3(0.135, 0.190, 0.042), vec3(0.345, 0.300, 0.125), vec3(0.078, 0.112, 0.032),
    vec3(0.310, 0.278, 0.236), vec3(0.330, 0.275, 0.200), vec3(0.90, 0.92, 0.95), vec3(0.250, 0.218, 0.182));

vec2 terraneTurn(vec2 p) {
    return vec2(p.x + 2.0 * p.y, p.y - 2.0 * p.x);
}

/* Tiles of one size show their rows far away and their texels near by. So tiles grow eightfold from step to step with the
   distance; each odd step lies a quarter turn aside. What follows is one step's sample, its slopes turned back. */
vec4 terraneStep(vec2 p, vec2 dx, vec2 dy, float layer, float scale, bool isOdd) {
    if (isOdd) {
        vec4 texel = textureGrad(terraneLayers, vec3(vec2(p.y, -p.x) * scale, layer), vec2(dx.y, -dx.x) * scale, vec2(dy.y, -dy.x) * scale);
        return vec4(texel.rg, 1.0 - texel.a, texel.b) * vec4(1.0, 1.0, 2.0, 2.0) - vec4(0.0, 0.0, 1.0, 1.0);
    }
    return textureGrad(terraneLayers, vec3(p * scale, layer), dx * scale, dy * scale) * vec4(1.0, 1.0, 2.0, 2.0) - vec4(0.0, 0.0, 1.0, 1.0);
}

/* Tone, height, and slopes along p of a layer. Whole zoom is the step, its fraction the way to the next. */
vec4 terraneLayer(vec2 p, vec2 dx, vec2 dy, float layer, float zoom) {
    float level = floor(zoom);
    float way = zoom - level;
    float scale = terraneScales.x * exp2(-3.0 * level);
    bool isOdd = (int(level) & 1) == 1;
    float small = min(1.0, 2.5 - 2.5 * way);
    float large = clamp(2.5 * way - 0.6, 0.0, 1.0);
    vec4 result = vec4(0.5, 0.5, 0.0, 0.0);
    if (small > 0.02) {
        result += small * (terraneStep(p, dx, dy, layer, scale, isOdd) - vec4(0.5, 0.5, 0.0, 0.0));
    }
    if (large > 0.0) {
        result += large * (terraneStep(p, dx, dy, layer, scale * 0.125, !isOdd) - vec4(0.5, 0.5, 0.0, 0.0));
    }
    return result;
}

/* Four noises, -0.5 to 0.5. */
vec4 terraneNoise(vec2 uv, float lod) {
    return textureLod(terraneLayers, vec3(uv, ${Layer.noise}.0), max(lod, 0.0)) - 0.5;
}

vec3 terraneColor(int layer, float tone) {
    return mix(TERRANE_DARK[layer], TERRANE_LIGHT[layer], clamp(tone, 0.0, 1.0));
}

/* Share of b where a and b meet, t of the way to b: the higher of the two shows, so that stones stick out of sand. */
float terraneBlend(float heightA, float heightB, float t) {
    float a = 0.55 * heightA + 1.0 - t;
    float b = 0.55 * heightB + t;
    float floorHeight = max(a, b) - 0.22;
    a = max(a - floorHeight, 0.0);
    b = max(b - floorHeight, 0.0);
    return b / (a + b);
}

void terraneSurface(inout vec3 albedo, inout vec3 normal, float distanceToEye) {
    vec3 p = vTerranePosition;
    vec3 dx = dFdx(p);
    vec3 dy = dFdy(p);
    float relief = vTerraneWeights.x;
    float cave = vTerraneWeights.z;
    float sky = vTerraneWeights.w;
    vec3 n = normal;
    float slope = sqrt(max(0.0, 1.0 - n.y * n.y)) / max(n.y, 0.05);

    /* Noise of some kilometres down to some hundred metres, and of those down to a few. Height enters so that it does not
       smear down cliffs. Explicit levels of detail: noise needs no costly anisotropy. */
    float footprint = log2(max(length(dx), length(dy)) + 1e-6);
    vec4 broad = terraneNoise(terraneTurn(p.xz) * terraneScales.y, footprint + terraneLods.y);
    vec4 fine = terraneNoise(vec2(p.z, -p.x) * terraneScales.z + p.y * vec2(0.0021, 0.0013), footprint + terraneLods.z);

    /* Where each surface lies. Each is laid over those before it. */
    float sea = terraneHeights.x;
    float aboveSea = p.y - sea;
    float moisture = vTerraneWeights.y + 0.45 * broad.r + 0.25 * fine.r;
    float steepness = slope + 0.30 * fine.g + 0.25 * broad.g;
    float rockSlope = terraneHeights.w;
    float snowLine = terraneHeights.z + 170.0 * broad.b + 70.0 * fine.b - 45.0 * n.z;
    float alpine = smoothstep(0.42, 0.80, (p.y + 90.0 * broad.g + 40.0 * fine.r) / max(terraneHeights.z, 1.0));
    float lush = smoothstep(0.34, 0.62, moisture) * (1.0 - 0.75 * alpine);
    float forest = smoothstep(0.52, 0.68, moisture + 0.30 * broad.g + 0.18 * fine.a) * (1.0 - alpine) * (1.0 - smoothstep(0.5, 1.1, steepness));
    float bare = smoothstep(0.16, 0.42, 0.30 * fine.a + 0.35 * broad.a + 0.25 * fine.g + 0.35 * (0.45 - moisture));
    float scree = max(0.8 * bare, max(smoothstep(0.50, 0.86, steepness / rockSlope) * mix(0.45, 1.0, relief), 0.75 * alpine * smoothstep(-0.1, 0.25, fine.g + broad.r)));
    float sand = 1.0 - smoothstep(0.55, 1.25, (aboveSea + 2.2 * fine.r + 3.0 * broad.g) / terraneHeights.y);
    float snow = smoothstep(-30.0, 30.0, p.y - snowLine) * (1.0 - smoothstep(0.85, 1.5, steepness - 0.0014 * max(0.0, p.y - snowLine)));
    float inCave = smoothstep(0.35, 0.65, cave + 0.25 * fine.g);
    scree = max(scree, inCave);
    sand *= 1.0 - inCave;
    snow *= 1.0 - inCave;

    float weights[7];
    float rest = 1.0 - snow;
    weights[${Layer.snow}] = snow;
    weights[${Layer.sand}] = sand * rest;
    rest *= 1.0 - sand;
    weights[${Layer.scree}] = scree * rest;
    rest *= 1.0 - scree;
    weights[${Layer.forest}] = forest * rest;
    rest *= 1.0 - forest;
    weights[${Layer.lushGrass}] = lush * rest;
    weights[${Layer.dryGrass}] = (1.0 - lush) * rest;
    weights[${Layer.rock}] = 0.0;

    /* The two heaviest, less the third: where second and third change places both count nothing, and no line shows. */
    int first = 0;
    int second = 0;
    vec3 heaviest = vec3(-1.0);
    for (int i = 0; i < 7; i++) {
        float weight = weights[i];
        if (weight > heaviest.x) {
            heaviest = vec3(weight, heaviest.xy);
            second = first;
            first = i;
        } else if (weight > heaviest.y) {
            heaviest = vec3(heaviest.x, weight, heaviest.y);
            second = i;
        } else if (weight > heaviest.z) {
            heaviest.z = weight;
        }
    }
    heaviest.xy -= max(heaviest.z, 0.0);
    float share = heaviest.y / max(heaviest.x + heaviest.y, 1e-4);

    float zoom = clamp((log2(max(distanceToEye, 0.25)) + terraneLods.x) / 3.0, -1.0, 2.999);
    float rock = max(smoothstep(0.86, 1.14, steepness / rockSlope), inCave * (1.0 - smoothstep(0.70, 0.90, n.y + 0.3 * fine.r)));
    vec3 color = vec3(0.0);
    vec3 lean = vec3(0.0);
    float height = 0.0;
    if (rock < 1.0) {
        vec4 a = terraneLayer(p.xz, dx.xz, dy.xz, float(first), zoom);
        color = terraneColor(first, a.r + 0.35 * broad.b);
        lean = vec3(a.z, 0.0, a.w);
        height = a.g;
        if (share > 0.11) {
            vec4 b = terraneLayer(p.xz, dx.xz, dy.xz, float(second), zoom);
            float blend = terraneBlend(a.g, b.g, share);
            color = mix(color, terraneColor(second, b.r + 0.35 * broad.b), blend);
            lean = mix(lean, vec3(b.z, 0.0, b.w), blend);
            height = mix(a.g, b.g, blend);
        }
        /* Large patches differ in ripeness, so that plains far away are no flat green. */
        float green = weights[${Layer.lushGrass}] + weights[${Layer.dryGrass}] + weights[${Layer.forest}];
        vec3 ripe = color * vec3(1.30, 1.06, 0.74) + vec3(0.010, 0.006, 0.0);
        vec3 young = color * vec3(0.72, 0.94, 0.80);
        color = mix(color, broad.a > 0.0 ? ripe : young, min(1.0, abs(broad.a) * 2.2) * green);
        lean *= (1.0 - 0.5 * snow) * mix(1.0, 0.55, green);
    }
    if (rock > 0.0) {
        /* From the two sides that face most, less the third. */
        vec3 facing = abs(n);
        facing *= facing;
        facing -= min(facing.x, min(facing.y, facing.z));
        float layer = cave + 0.4 * fine.g > 0.5 ? ${Layer.caveRock}.0 : ${Layer.rock}.0;
        vec4 texel = vec4(0.0);
        vec3 rockLean = vec3(0.0);
        facing /= facing.x + facing.y + facing.z;
        if (facing.x > 0.01) {
            vec4 side = terraneLayer(p.zy, dx.zy, dy.zy, layer, zoom);
            texel += facing.x * side;
            rockLean += facing.x * vec3(0.0, side.w, side.z);
        }
        if (facing.y > 0.01) {
            vec4 side = terraneLayer(p.xz, dx.xz, dy.xz, layer, zoom);
            texel += facing.y * side;
            rockLean += facing.y * vec3(side.z, 0.0, side.w);
        }
        if (facing.z > 0.01) {
            vec4 side = terraneLayer(p.xy, dx.xy, dy.xy, layer, zoom);
            texel += facing.z * side;
            rockLean += facing.z * vec3(side.z, side.w, 0.0);
        }
        /* Strata: beds of a few metres and of tens, bent by the broad noise and tilted by three beds a period. */
        float bed = p.y + 26.0 * broad.g + 4.0 * fine.b + 3.0 / (terraneScales.w * terraneOrigin.w) * p.x;
        vec4 strata = terraneNoise(vec2(0.31 + 0.05 * broad.r, bed * terraneScales.w), footprint + terraneLods.w);
        vec3 rockColor = terraneColor(int(layer), texel.r + 0.55 * strata.r + 0.25 * broad.r);
        rockColor *= mix(vec3(1.0), vec3(1.22, 1.0, 0.80), clamp(0.5 + 1.6 * strata.b + broad.b, 0.0, 1.0) * (1.0 - 0.6 * inCave));
        float blend = rock < 1.0 ? terraneBlend(height, texel.g, rock) : 1.0;
        color = mix(color, rockColor, blend);
        lean = mix(lean, rockLean * 1.25, blend);
        height = mix(height, texel.g, blend);
    }

    /* Grown large for the distance, relief would stand up to scale: it is flattened, and under deep water not seen. */
    lean *= 0.8 * mix(1.0, 0.5, clamp(zoom - 0.5, 0.0, 1.0)) * clamp(1.0 + aboveSea * 0.15, 0.0, 1.0);

    /* What lies deep between stones and blades sees less light; so do caves. */
    color *= 0.62 + 0.76 * height;
    color *= mix(0.40, 1.0, sky) * mix(1.0, 0.85, inCave);

    /* The sea wets the shore a little above its level and swallows light below it. */
    float shoreHeight = aboveSea + 0.5 * fine.r;
    float wet = 1.0 - smoothstep(0.25, 1.1, shoreHeight);
    color *= mix(1.0, 0.46, wet);
    vec3 through = exp(-max(0.0, -aboveSea) * vec3(0.30, 0.105, 0.07));
    color = color * through + vec3(0.004, 0.020, 0.034) * (1.0 - through);
    terraneRoughness = mix(mix(0.96, 0.80, snow), 0.55, wet);

    albedo *= color;
    normal = normalize(n - lean + n * dot(n, lean));
}
`;

export const FRAGMENT_BEFORE_LIGHTS_GLSL = `
terraneSurface(surfaceAlbedo, normalW, distance(vEyePosition.xyz, vPositionW));
`;

export const FRAGMENT_ROUGHNESS_GLSL = `
metallicRoughness.g *= terraneRoughness;
`;
