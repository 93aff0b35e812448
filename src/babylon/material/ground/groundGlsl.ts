/** What is found out about the ground at a pixel, for lights and for other plugins of the material. */
export const GROUND_GLOBALS_GLSL = `
varying vec3 vTerranePosition;
varying vec4 vTerraneWeights;

vec3 terraneAlbedo;
vec3 terraneNormal;
float terraneRoughness;
/* 1 is open, 0 is the bottom of a deep hollow. */
float terraneCavity;
/* Share of the sky that a place in a cave sees. */
float terraneDaylight;
float terraneCave;
float terraneLeaf;
/* How much of the sun's disc is seen: an environment lowers it where mountains stand before it. */
float terraneSunSeen;
/* The normal without relief. */
vec3 terraneFlatNormal;
`;

export const GROUND_GLSL = `
void terraneSurface(vec3 n, vec3 toEye, float far) {
    vec3 p = vTerranePosition;
    vec3 dx = dFdx(p);
    vec3 dy = dFdy(p);
    float footprint = log2(max(length(dx), length(dy)) + 1e-6);
    TerraneNoises noises = terraneNoises(p, footprint);
    vec4 broad = noises.broad;
    vec4 fine = noises.fine;
    vec4 close = noises.close;
    terraneFlatNormal = n;
    terraneSunSeen = 1.0;
    terraneDaylight = vTerraneWeights.w;
    terranePlace(p, n, noises);

    /* The two heaviest, less the third: where second and third change places both count nothing, and no line shows. */
    int first = 0;
    int second = 0;
    vec3 heaviest = vec3(-1.0);
    for (int i = 0; i < TERRANE_SURFACES; i++) {
        float share = terraneShares[i];
        if (share > heaviest.x) {
            heaviest = vec3(share, heaviest.x, heaviest.y);
            second = first;
            first = i;
        } else {
            if (share > heaviest.y) {
                heaviest = vec3(heaviest.x, share, heaviest.y);
                second = i;
            } else {
                heaviest.z = max(heaviest.z, share);
            }
        }
    }
    float third = max(heaviest.z, 0.0);
    float share = (heaviest.y - third) / max(heaviest.x + heaviest.y - 2.0 * third, 1e-4);

    /* A smooth warp bends beds. Its slope is below 0.2, or cells fold into strands. */
#ifdef TERRANE_LOW
    vec2 bend = close.rg * 0.35;
#else
    vec2 bend = terraneRuffle(p.xz * terraneScales.z + p.y * vec2(0.006, 0.004), 5.0).rg * 0.7;
#endif
    /* Beds of tens of metres tint the rock, whatever its pictures do. */
    vec3 warm = mix(vec3(0.76, 0.80, 0.85), vec3(0.95, 0.84, 0.71), clamp(0.36 + 1.2 * noises.beds.b + 0.8 * broad.b, 0.0, 1.0));
    vec3 tint = mix((1.0 + 0.75 * noises.beds.r + 0.35 * broad.r) * warm, vec3(1.0), terraneCave);
#ifdef TERRANE_LOW
    float near = (1.0 - smoothstep(60.0, 110.0, far)) * groundShown;
#else
    float near = (1.0 - smoothstep(120.0, 220.0, far)) * groundShown;
#endif
    /* Bumps of a cave's walls would hide each other at a grazing angle. Pictures of them do not: pressed together they are fur. */
    float hidden = terraneCave * (1.0 - smoothstep(0.25, 0.85, dot(n, toEye)));
    near = near * (1.0 - hidden);
    TerranePlace place = TerranePlace(p, dx, dy, n, close.a + 0.5, fine.a + 0.5, far, near, hidden, bend, tint);
    TerraneLook look = terraneLook(first, place, true);
    if (share > 0.02) {
        look = terraneMeet(look, terraneLook(second, place, false), share, footprint);
    }

    /* Whole hillsides differ in ripeness. */
    float ripeness = 1.5 * broad.a + 0.9 * fine.b + 0.5 * close.b;
    vec3 ripe = mix(vec3(0.78, 0.98, 0.82), vec3(1.45, 1.12, 0.72), step(0.0, ripeness));
    vec3 albedo = look.albedo * mix(vec3(1.0), ripe, clamp(abs(ripeness), 0.0, 1.0) * look.leaf * look.leaf * 0.8);
    albedo = albedo * (1.0 + 0.30 * fine.r + 0.25 * close.b);

    /* The sea wets the shore a little above its level and swallows light below it; water seeps from the walls of caves
       where no day dries them. */
    float aboveSea = p.y - terraneHeights.x;
    float wet = (1.0 - smoothstep(0.15, 1.0, aboveSea + 0.8 * close.r + 0.3 * (look.height - 0.5))) * (1.0 - terraneCave);
    float seeping = terraneCave * (1.0 - terraneDaylight) * smoothstep(0.55, 0.30, look.height + 0.6 * close.b);
    albedo = albedo * (mix(1.0, 0.42, wet) * (1.0 - 0.35 * seeping));
    vec3 through = exp(-max(0.0, -aboveSea) * vec3(0.42, 0.13, 0.10));
    terraneAlbedo = albedo * through + vec3(0.004, 0.020, 0.028) * (1.0 - through);

    /* At a grazing angle hollows hide. */
    float graze = mix(mix(0.65, 0.3, terraneCave), 1.0, smoothstep(0.04, 0.5, dot(n, toEye)));
    vec3 slope = look.slope * graze;
    terraneNormal = normalize(n - (slope - n * dot(n, slope)));
    terraneCavity = clamp(1.0 - (1.0 - look.cavity) * graze, 0.0, 1.0);
    terraneLeaf = look.leaf;
    /* Slopes that mips have lost make the surface rougher instead: else they would sparkle. */
    float rough = mix(mix(look.roughness, 0.30, wet * 0.9), 0.25, seeping);
    float alpha = rough * rough;
    terraneRoughness = clamp(sqrt(sqrt(alpha * alpha + 0.6 * look.moment)), 0.1, 1.0);
}
`;

export const BEFORE_LIGHTS_GLSL = `
terraneSurface(normalW, normalize(vEyePosition.xyz - vPositionW), distance(vEyePosition.xyz, vPositionW));
surfaceAlbedo *= terraneAlbedo;
normalW = terraneNormal;
`;

export const ROUGHNESS_GLSL = `
metallicRoughness.g *= terraneRoughness;
`;

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
vec3 terraneLocal = (finalWorld * vec4(positionUpdated, 0.0)).xyz;
vec2 terraneCell = mod(terraneMesh.xz, TERRANE_PERIOD);
vTerranePosition = vec3(terraneCell.x + terraneLocal.x, terraneMesh.y + terraneLocal.y, terraneCell.y + terraneLocal.z);
vTerraneWeights = terraneWeights;
`;
