import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";

const DEGREE = Math.PI / 180;
const ELEVATION = 23 * DEGREE;
const AZIMUTH = 232 * DEGREE;

/** Unit vector to the sun. It stands still: its place is part of all shaders. */
export const SUN_DIRECTION: Readonly<Vector3> = new Vector3(
    Math.cos(ELEVATION) * Math.sin(AZIMUTH),
    Math.sin(ELEVATION),
    Math.cos(ELEVATION) * Math.cos(AZIMUTH),
);

const glslVector = ({ x, y, z }: Readonly<Vector3>): string => `vec3(${[x, y, z].map((v) => v.toFixed(6)).join(", ")})`;

/**
 * Light of the sky, distance haze and tone curve, shared by sky, sea and land: where haze is all that is left of a
 * mountain, it has exactly the colour of the sky behind it. Colours are linear, 1 is about white in sunlight.
 *
 * @param seaLevel metres; below it the eye looks through water
 * @param viewDistance metres: what is farther is all haze
 */
export const atmosphereGlsl = (seaLevel: number, viewDistance: number): string => `
const vec3 SUN_DIRECTION = ${glslVector(SUN_DIRECTION)};
const vec3 SUN_COLOR = vec3(1.0, 0.83, 0.60);
const float SEA_LEVEL = ${seaLevel.toFixed(3)};
const float VIEW_DISTANCE = ${viewDistance.toFixed(1)};
const vec3 WATER_COLOR = vec3(0.012, 0.075, 0.098);

/* Light from a direction, clouds and the sun's disc left out. Below the horizon it is the horizon's. */
vec3 skyLight(vec3 direction) {
    float up = max(direction.y, 0.0);
    vec3 flat_ = normalize(vec3(direction.x, up, direction.z));
    float towardsSun = dot(flat_, SUN_DIRECTION);
    float side = 0.5 + 0.5 * towardsSun;
    vec3 horizon = mix(vec3(0.46, 0.60, 0.80), vec3(0.98, 0.80, 0.60), side * side * side);
    vec3 color = mix(vec3(0.052, 0.145, 0.40), vec3(0.17, 0.36, 0.70), exp(-up * 3.4));
    color = mix(color, horizon, exp(-up * 7.5) * 0.94);
    float glow = max(towardsSun, 0.0);
    return color + SUN_COLOR * (0.10 * pow(glow, 9.0) + 0.30 * pow(glow, 70.0));
}

/* What the eye sees of a colour that lies at "ray" from it, through air that thins out with height. */
vec3 throughAir(vec3 color, vec3 ray, float eyeHeight) {
    float far = length(ray);
    vec3 direction = ray / max(far, 0.001);
    if (eyeHeight < SEA_LEVEL) {
        float wet = ray.y > 0.0 ? min(far, (SEA_LEVEL - eyeHeight) / max(direction.y, 0.0001)) : far;
        vec3 clear = exp(-wet * vec3(0.16, 0.055, 0.045));
        return color * clear + WATER_COLOR * (1.0 - clear) * (0.6 + 0.5 * direction.y);
    }
    const float SCALE = 760.0;
    float rise = clamp(ray.y / SCALE, -8.0, 8.0);
    float mean = abs(rise) > 0.001 ? (1.0 - exp(-rise)) / rise : 1.0;
    float air = exp(-max(eyeHeight - SEA_LEVEL, -100.0) / SCALE) * mean * far;
    vec3 clear = exp(-air * vec3(0.74e-4, 0.98e-4, 1.34e-4));
    clear *= 1.0 - smoothstep(0.70, 0.98, far / VIEW_DISTANCE);
    return color * clear + skyLight(direction) * (1.0 - clear);
}

/* A film curve (after Narkowicz's fit of ACES): linear in, linear out, bright light bends instead of clipping. */
vec3 toFilm(vec3 color) {
    color *= 0.92;
    return clamp(color * (2.51 * color + 0.03) / (color * (2.43 * color + 0.59) + 0.14), 0.0, 1.0);
}

vec3 toScreen(vec3 color) {
    return pow(toFilm(color), vec3(1.0 / 2.2));
}
`;
