import {
    MANY,
    MIE,
    MIE_FORWARD,
    OZONE,
    RAYLEIGH,
    SCATTERED,
    SUN_LIGHT,
    TOWARDS_SUN,
    TWILIGHT,
    type Rgb,
} from "./skyModel.js";

/** Uniforms of what follows, vec4 each. `EnvironmentUniforms` says what they hold. */
export const SKY_UNIFORMS = [
    "airSun",
    "airNight",
    "airLight",
    "airLightColor",
    "airHaze",
    "airTone",
    "airZenith",
] as const;

/** Returns a number as GLSL has it. */
export const glslFloat = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

const glslColor = (color: Readonly<Rgb>): string => `vec3(${color.map(glslFloat).join(", ")})`;

/**
 * The sky's light, air, water and tone: what sky, sea and land share, so that far land has exactly the colour of the sky behind it.
 * Which way is up, and how high a place lies, is asked of `airRise` and `airAltitude` alone.
 */
export const SKY_FUNCTIONS = `
const vec3 AIR_RAYLEIGH = ${glslColor(RAYLEIGH)};
const vec3 AIR_TAKEN = ${glslColor(RAYLEIGH.map((depth, i) => depth + OZONE[i]! + MIE * 0.8) as Rgb)};
const float AIR_MIE = ${glslFloat(MIE)};
const vec3 AIR_MANY = ${glslColor(MANY)};

/* The share of a direction, or of a way, that leads up. */
float airRise(vec3 way) {
    return way.y;
}

/* Metres above the sea of a place that lies at "way" from the eye. */
float airAltitude(vec3 way, float eyeAltitude) {
    return eyeAltitude + airRise(way);
}

/* The direction with another rise. */
vec3 airWithRise(vec3 direction, float rise) {
    return vec3(direction.x, rise, direction.z);
}

/* The share of the sun's light that comes through the air, with the sun at the sine "y" above the horizon. */
vec3 airSunThrough(float y) {
    return exp(-AIR_TAKEN * (0.85 / (max(y, 0.0) + 0.07)));
}

/* The sky from a direction: skyModel.ts says the same. */
vec3 airSky(vec3 direction) {
    vec3 d = normalize(airWithRise(direction, max(airRise(direction), 0.0)));
    float up = airRise(d);
    float level = dot(airWithRise(d, 0.0), airSun.xyz);
    float mu = dot(d, airSun.xyz);
    float mass = 1.0 / (up + 0.055 + 0.09 * exp(-9.0 * up));
    float elevation = airRise(airSun.xyz) + ${glslFloat(TOWARDS_SUN)} * level * exp(-3.0 * up);
    float low = min(elevation, 0.0);
    float lit = exp(-${glslFloat(TWILIGHT)} * low * low);
    vec3 through = airSunThrough(elevation + 0.1 + 0.25 * up) * lit;
    float forward = ${glslFloat(1 + MIE_FORWARD * MIE_FORWARD)} - ${glslFloat(2 * MIE_FORWARD)} * mu;
    float mie = ${glslFloat((1 - MIE_FORWARD * MIE_FORWARD) * 0.32 * MIE)} / (forward * sqrt(forward));
    float rayleigh = 0.75 + 0.75 * mu * mu;
    vec3 depth = AIR_RAYLEIGH + AIR_MIE;
    vec3 seen = 1.0 - exp(-depth * mass);
    vec3 single = (AIR_RAYLEIGH * rayleigh + mie) / depth * through;
    return seen * (${glslFloat(SUN_LIGHT * SCATTERED)} * (single + AIR_MANY * airSun.w) + airNight.xyz);
}

/* Metres of air as dense as at the sea, along a way, of air that thins out by e every "scale" metres. */
float airAlong(float eyeAltitude, float rise, float far, float scale) {
    float k = clamp(rise / scale, -12.0, 12.0);
    float mean = 1.0 - 0.5 * k;
    if (abs(k) > 0.001) {
        mean = (1.0 - exp(-k)) / k;
    }
    return exp(-max(eyeAltitude, -50.0) / scale) * mean * far;
}

/* The light that water sends back, where it is deep. */
vec3 airDeepWater() {
    return vec3(0.012, 0.056, 0.074) * (airZenith.xyz + 0.22 * airLightColor.xyz);
}

/* What the eye sees of a colour that lies at "way" from it, under water. */
vec3 airThroughWater(vec3 color, vec3 way, float eyeDepth) {
    float far = length(way);
    float rise = airRise(way) / max(far, 0.001);
    float wet = far;
    if (rise > 0.0) {
        wet = min(far, eyeDepth / max(rise, 0.0001));
    }
    vec3 clear = exp(-wet * vec3(0.16, 0.055, 0.045));
    return color * clear + airDeepWater() * (1.0 - clear) * (1.4 + rise);
}

/* What the eye sees of a colour that lies at "way" from it: blue air thins out slowly, haze stays low, mist lies in valleys. */
vec3 airThrough(vec3 color, vec3 way, float eyeAltitude) {
    if (eyeAltitude < airNight.w) {
        return airThroughWater(color, way, airNight.w - eyeAltitude);
    }
    float far = length(way);
    vec3 d = way / max(far, 0.001);
    float rise = airRise(way);
    vec3 blue = vec3(0.79e-5, 1.76e-5, 3.98e-5) * airAlong(eyeAltitude, rise, far, 2400.0);
    float haze = airAlong(eyeAltitude, rise, far, 520.0) * airHaze.x + airAlong(eyeAltitude, rise, far, 75.0) * airHaze.y;
    vec3 clear = exp(-blue - haze);
    float up = max(airRise(d), 0.0);
    vec3 behind = airSky(airWithRise(d, 0.02 + up));
    vec3 above = airSky(airWithRise(d, 0.22));
    float mu = 0.5 + 0.5 * dot(d, airLight.xyz);
    float glow = mu * mu;
    glow = glow * glow;
    vec3 hazy = behind + airLightColor.xyz * (0.05 * glow * glow);
    vec3 light = mix(hazy, mix(behind, above, 0.55), blue / max(blue + haze, vec3(1e-7)));
    vec3 seen = color * clear + light * (1.0 - clear);
    return mix(seen, behind, smoothstep(0.72, 0.985, far * airHaze.z));
}

/* How an eye used to this light sees it, for a screen: a fit of AgX, with more contrast and colour. Gamma is part of it. */
vec3 airToned(vec3 light) {
    vec3 r = light * airTone.xyz;
    vec3 c = vec3(
        dot(r, vec3(0.842479, 0.0784336, 0.0792237)),
        dot(r, vec3(0.0423282, 0.878469, 0.0791661)),
        dot(r, vec3(0.0423757, 0.0784336, 0.879143)));
    c = clamp((log2(max(c, vec3(1e-6))) + 12.47393) / 16.5, vec3(0.0), vec3(1.0));
    vec3 c2 = c * c;
    vec3 c4 = c2 * c2;
    c = 15.5 * c4 * c2 - 40.14 * c4 * c + 31.96 * c4 - 6.868 * c2 * c + 0.4298 * c2 + 0.1191 * c - 0.00232;
    c = pow(max(c, vec3(0.0)), vec3(1.3));
    float grey = dot(c, vec3(0.2126, 0.7152, 0.0722));
    c = grey + (c - grey) * 1.34;
    return clamp(vec3(
        dot(c, vec3(1.19687, -0.0980208, -0.0990297)),
        dot(c, vec3(-0.0528968, 1.151904, -0.0989611)),
        dot(c, vec3(-0.0529716, -0.0980434, 1.151073))), vec3(0.0), vec3(1.0));
}
`;
