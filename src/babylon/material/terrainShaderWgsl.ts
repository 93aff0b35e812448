import { Layer } from "./layerTextures.js";

/** The default look in WGSL; `terrainShaderGlsl.ts` says the same in GLSL, and why. Change both together. */

export const VERTEX_DEFINITIONS_WGSL = `
attribute terraneWeights: vec4f;
varying vTerranePosition: vec3f;
varying vTerraneWeights: vec4f;
`;

export const VERTEX_MAIN_END_WGSL = `
var terraneMesh: vec3f = finalWorld[3].xyz + uniforms.terraneOrigin.xyz;
var terraneLocal: vec3f = mat3x3f(finalWorld[0].xyz, finalWorld[1].xyz, finalWorld[2].xyz) * positionUpdated;
var terraneCell: vec2f = terraneMesh.xz - uniforms.terraneOrigin.w * floor(terraneMesh.xz / uniforms.terraneOrigin.w);
vertexOutputs.vTerranePosition = vec3f(terraneCell.x + terraneLocal.x, terraneMesh.y + terraneLocal.y, terraneCell.y + terraneLocal.z);
vertexOutputs.vTerraneWeights = vertexInputs.terraneWeights;
`;

export const FRAGMENT_DEFINITIONS_WGSL = `
var terraneLayersSampler: sampler;
var terraneLayers: texture_2d_array<f32>;
varying vTerranePosition: vec3f;
varying vTerraneWeights: vec4f;

var<private> terraneAlbedo: vec3f;
var<private> terraneNormal: vec3f;
var<private> terraneRoughness: f32;

var<private> terraneDark: array<vec3f, 8> = array<vec3f, 8>(
    vec3f(0.36, 0.275, 0.160), vec3f(0.034, 0.062, 0.013), vec3f(0.115, 0.104, 0.037), vec3f(0.014, 0.029, 0.008),
    vec3f(0.078, 0.067, 0.054), vec3f(0.105, 0.082, 0.054), vec3f(0.62, 0.68, 0.77), vec3f(0.062, 0.054, 0.046));
var<private> terraneLight: array<vec3f, 8> = array<vec3f, 8>(
    vec3f(0.62, 0.505, 0.325), vec3f(0.135, 0.190, 0.042), vec3f(0.345, 0.300, 0.125), vec3f(0.078, 0.112, 0.032),
    vec3f(0.310, 0.278, 0.236), vec3f(0.330, 0.275, 0.200), vec3f(0.90, 0.92, 0.95), vec3f(0.250, 0.218, 0.182));

fn terraneTurn(p: vec2f) -> vec2f {
    return vec2f(p.x + 2.0 * p.y, p.y - 2.0 * p.x);
}

/* Tiles of one size show their rows far away and their texels near by. So tiles grow eightfold from step to step with the
   distance; each odd step lies a quarter turn aside. What follows is one step's sample, its slopes turned back. */
fn terraneStep(p: vec2f, dx: vec2f, dy: vec2f, layer: f32, scale: f32, isOdd: bool) -> vec4f {
    if (isOdd) {
        var texel: vec4f = textureSampleGrad(terraneLayers, terraneLayersSampler, vec2f(p.y, -p.x) * scale, i32(layer), vec2f(dx.y, -dx.x) * scale, vec2f(dy.y, -dy.x) * scale);
        return vec4f(texel.rg, 1.0 - texel.a, texel.b) * vec4f(1.0, 1.0, 2.0, 2.0) - vec4f(0.0, 0.0, 1.0, 1.0);
    }
    return textureSampleGrad(terraneLayers, terraneLayersSampler, p * scale, i32(layer), dx * scale, dy * scale) * vec4f(1.0, 1.0, 2.0, 2.0) - vec4f(0.0, 0.0, 1.0, 1.0);
}

/* Tone, height, and slopes along p of a layer. Whole zoom is the step, its fraction the way to the next. */
fn terraneLayer(p: vec2f, dx: vec2f, dy: vec2f, layer: f32, zoom: f32) -> vec4f {
    var level: f32 = floor(zoom);
    var way: f32 = zoom - level;
    var scale: f32 = uniforms.terraneScales.x * exp2(-3.0 * level);
    var isOdd: bool = (i32(level) & 1) == 1;
    var small: f32 = min(1.0, 2.5 - 2.5 * way);
    var large: f32 = clamp(2.5 * way - 0.6, 0.0, 1.0);
    var result: vec4f = vec4f(0.5, 0.5, 0.0, 0.0);
    if (small > 0.02) {
        result += small * (terraneStep(p, dx, dy, layer, scale, isOdd) - vec4f(0.5, 0.5, 0.0, 0.0));
    }
    if (large > 0.0) {
        result += large * (terraneStep(p, dx, dy, layer, scale * 0.125, !isOdd) - vec4f(0.5, 0.5, 0.0, 0.0));
    }
    return result;
}

/* Four noises, -0.5 to 0.5. */
fn terraneNoise(uv: vec2f, lod: f32) -> vec4f {
    return textureSampleLevel(terraneLayers, terraneLayersSampler, uv, ${Layer.noise}, max(lod, 0.0)) - 0.5;
}

fn terraneColor(layer: i32, tone: f32) -> vec3f {
    return mix(terraneDark[layer], terraneLight[layer], clamp(tone, 0.0, 1.0));
}

/* Share of b where a and b meet, t of the way to b: the higher of the two shows, so that stones stick out of sand. */
fn terraneBlend(heightA: f32, heightB: f32, t: f32) -> f32 {
    var a: f32 = 0.55 * heightA + 1.0 - t;
    var b: f32 = 0.55 * heightB + t;
    var floorHeight: f32 = max(a, b) - 0.22;
    a = max(a - floorHeight, 0.0);
    b = max(b - floorHeight, 0.0);
    return b / (a + b);
}

fn terraneSurface(normal: vec3f, distanceToEye: f32) {
    var p: vec3f = fragmentInputs.vTerranePosition;
    var dx: vec3f = dpdx(p);
    var dy: vec3f = dpdy(p);
    var relief: f32 = fragmentInputs.vTerraneWeights.x;
    var cave: f32 = fragmentInputs.vTerraneWeights.z;
    var sky: f32 = fragmentInputs.vTerraneWeights.w;
    var n: vec3f = normal;
    var slope: f32 = sqrt(max(0.0, 1.0 - n.y * n.y)) / max(n.y, 0.05);

    /* Noise of some kilometres down to some hundred metres, and of those down to a few. Height enters so that it does not
       smear down cliffs. Explicit levels of detail: noise needs no costly anisotropy. */
    var footprint: f32 = log2(max(length(dx), length(dy)) + 1e-6);
    var broad: vec4f = terraneNoise(terraneTurn(p.xz) * uniforms.terraneScales.y, footprint + uniforms.terraneLods.y);
    var fine: vec4f = terraneNoise(vec2f(p.z, -p.x) * uniforms.terraneScales.z + p.y * vec2f(0.0021, 0.0013), footprint + uniforms.terraneLods.z);

    /* Where each surface lies. Each is laid over those before it. */
    var sea: f32 = uniforms.terraneHeights.x;
    var aboveSea: f32 = p.y - sea;
    var moisture: f32 = fragmentInputs.vTerraneWeights.y + 0.45 * broad.r + 0.25 * fine.r;
    var steepness: f32 = slope + 0.30 * fine.g + 0.25 * broad.g;
    var rockSlope: f32 = uniforms.terraneHeights.w;
    var snowLine: f32 = uniforms.terraneHeights.z + 170.0 * broad.b + 70.0 * fine.b - 45.0 * n.z;
    var alpine: f32 = smoothstep(0.42, 0.80, (p.y + 90.0 * broad.g + 40.0 * fine.r) / max(uniforms.terraneHeights.z, 1.0));
    var lush: f32 = smoothstep(0.34, 0.62, moisture) * (1.0 - 0.75 * alpine);
    var forest: f32 = smoothstep(0.52, 0.68, moisture + 0.30 * broad.g + 0.18 * fine.a) * (1.0 - alpine) * (1.0 - smoothstep(0.5, 1.1, steepness));
    var bare: f32 = smoothstep(0.16, 0.42, 0.30 * fine.a + 0.35 * broad.a + 0.25 * fine.g + 0.35 * (0.45 - moisture));
    var scree: f32 = max(0.8 * bare, max(smoothstep(0.50, 0.86, steepness / rockSlope) * mix(0.45, 1.0, relief), 0.75 * alpine * smoothstep(-0.1, 0.25, fine.g + broad.r)));
    var sand: f32 = 1.0 - smoothstep(0.55, 1.25, (aboveSea + 2.2 * fine.r + 3.0 * broad.g) / uniforms.terraneHeights.y);
    var snow: f32 = smoothstep(-30.0, 30.0, p.y - snowLine) * (1.0 - smoothstep(0.85, 1.5, steepness - 0.0014 * max(0.0, p.y - snowLine)));
    var inCave: f32 = smoothstep(0.35, 0.65, cave + 0.25 * fine.g);
    scree = max(scree, inCave);
    sand *= 1.0 - inCave;
    snow *= 1.0 - inCave;

    var weights: array<f32, 7>;
    var rest: f32 = 1.0 - snow;
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
    var first: i32 = 0;
    var second: i32 = 0;
    var heaviest: vec3f = vec3f(-1.0);
    for (var i: i32 = 0; i < 7; i++) {
        var weight: f32 = weights[i];
        if (weight > heaviest.x) {
            heaviest = vec3f(weight, heaviest.xy);
            second = first;
            first = i;
        } else if (weight > heaviest.y) {
            heaviest = vec3f(heaviest.x, weight, heaviest.y);
            second = i;
        } else if (weight > heaviest.z) {
            heaviest.z = weight;
        }
    }
    heaviest -= vec3f(max(heaviest.z, 0.0));
    var share: f32 = heaviest.y / max(heaviest.x + heaviest.y, 1e-4);

    var zoom: f32 = clamp((log2(max(distanceToEye, 0.25)) + uniforms.terraneLods.x) / 3.0, -1.0, 2.999);
    var rock: f32 = max(smoothstep(0.86, 1.14, steepness / rockSlope), inCave * (1.0 - smoothstep(0.70, 0.90, n.y + 0.3 * fine.r)));
    var color: vec3f = vec3f(0.0);
    var lean: vec3f = vec3f(0.0);
    var height: f32 = 0.0;
    if (rock < 1.0) {
        var a: vec4f = terraneLayer(p.xz, dx.xz, dy.xz, f32(first), zoom);
        color = terraneColor(first, a.r + 0.35 * broad.b);
        lean = vec3f(a.z, 0.0, a.w);
        height = a.g;
        if (share > 0.11) {
            var b: vec4f = terraneLayer(p.xz, dx.xz, dy.xz, f32(second), zoom);
            var blend: f32 = terraneBlend(a.g, b.g, share);
            color = mix(color, terraneColor(second, b.r + 0.35 * broad.b), blend);
            lean = mix(lean, vec3f(b.z, 0.0, b.w), blend);
            height = mix(a.g, b.g, blend);
        }
        /* Large patches differ in ripeness, so that plains far away are no flat green. */
        var green: f32 = weights[${Layer.lushGrass}] + weights[${Layer.dryGrass}] + weights[${Layer.forest}];
        var ripe: vec3f = color * vec3f(1.30, 1.06, 0.74) + vec3f(0.010, 0.006, 0.0);
        var young: vec3f = color * vec3f(0.72, 0.94, 0.80);
        color = mix(color, select(young, ripe, broad.a > 0.0), min(1.0, abs(broad.a) * 2.2) * green);
        lean *= (1.0 - 0.5 * snow) * mix(1.0, 0.55, green);
    }
    if (rock > 0.0) {
        /* From the two sides that face most, less the third. */
        var facing: vec3f = abs(n);
        facing *= facing;
        facing -= vec3f(min(facing.x, min(facing.y, facing.z)));
        var layer: f32 = select(${Layer.rock}.0, ${Layer.caveRock}.0, cave + 0.4 * fine.g > 0.5);
        var texel: vec4f = vec4f(0.0);
        var rockLean: vec3f = vec3f(0.0);
        facing /= vec3f(facing.x + facing.y + facing.z);
        if (facing.x > 0.01) {
            var side: vec4f = terraneLayer(p.zy, dx.zy, dy.zy, layer, zoom);
            texel += facing.x * side;
            rockLean += facing.x * vec3f(0.0, side.w, side.z);
        }
        if (facing.y > 0.01) {
            var side: vec4f = terraneLayer(p.xz, dx.xz, dy.xz, layer, zoom);
            texel += facing.y * side;
            rockLean += facing.y * vec3f(side.z, 0.0, side.w);
        }
        if (facing.z > 0.01) {
            var side: vec4f = terraneLayer(p.xy, dx.xy, dy.xy, layer, zoom);
            texel += facing.z * side;
            rockLean += facing.z * vec3f(side.z, side.w, 0.0);
        }
        /* Strata: beds of a few metres and of tens, bent by the broad noise and tilted by three beds a period. */
        var bed: f32 = p.y + 26.0 * broad.g + 4.0 * fine.b + 3.0 / (uniforms.terraneScales.w * uniforms.terraneOrigin.w) * p.x;
        var strata: vec4f = terraneNoise(vec2f(0.31 + 0.05 * broad.r, bed * uniforms.terraneScales.w), footprint + uniforms.terraneLods.w);
        var rockColor: vec3f = terraneColor(i32(layer), texel.r + 0.55 * strata.r + 0.25 * broad.r);
        rockColor *= mix(vec3f(1.0), vec3f(1.22, 1.0, 0.80), clamp(0.5 + 1.6 * strata.b + broad.b, 0.0, 1.0) * (1.0 - 0.6 * inCave));
        var blend: f32 = select(1.0, terraneBlend(height, texel.g, rock), rock < 1.0);
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
    var shoreHeight: f32 = aboveSea + 0.5 * fine.r;
    var wet: f32 = 1.0 - smoothstep(0.25, 1.1, shoreHeight);
    color *= mix(1.0, 0.46, wet);
    var through: vec3f = exp(-max(0.0, -aboveSea) * vec3f(0.30, 0.105, 0.07));
    color = color * through + vec3f(0.004, 0.020, 0.034) * (1.0 - through);
    terraneRoughness = mix(mix(0.96, 0.80, snow), 0.55, wet);

    terraneAlbedo = color;
    terraneNormal = normalize(n - lean + n * dot(n, lean));
}
`;

export const FRAGMENT_BEFORE_LIGHTS_WGSL = `
terraneSurface(normalW, distance(scene.vEyePosition.xyz, fragmentInputs.vPositionW));
surfaceAlbedo *= terraneAlbedo;
normalW = terraneNormal;
`;

export const FRAGMENT_ROUGHNESS_WGSL = `
metallicRoughness.g *= terraneRoughness;
`;
