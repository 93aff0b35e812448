import { Surface } from "./surfaces.js";

/** Where each surface lies: by slope, height, moisture, relief, caves and noise. */
export const PLACING_GLSL = `
struct TerraneNoises {
    vec4 broad;
    vec4 fine;
    vec4 close;
    vec4 beds;
};

/* Noises of 8 km, 680 m and 85 m, in which height enters, so that they do not smear down cliffs; and of beds in rock. */
TerraneNoises terraneNoises(vec3 p, float footprint) {
    vec4 broad = terraneRuffle(vec2(p.x + 2.0 * p.z, p.z - 2.0 * p.x) * terraneScales.x, footprint + terraneLods.x);
    vec4 fine = terraneRuffle(vec2(p.z, -p.x) * terraneScales.y + p.y * vec2(0.0021, 0.0013), footprint + terraneLods.y);
    vec4 close = terraneRuffle(p.xz * terraneScales.z + p.y * vec2(0.006, 0.004), footprint + terraneLods.z);
    /* Beds are bent by the noises, and tilted by some beds a period. */
    float bed = p.y + 30.0 * broad.g + 9.0 * fine.b + terraneOrigin.w * p.x;
    vec4 beds = terraneRuffle(vec2(0.31 + 0.05 * broad.r, bed * terraneScales.w), footprint + terraneLods.w);
    return TerraneNoises(broad, fine, close, beds);
}

/* How heavy each surface lies, and what those laid so far leave bare. From the topmost down: each takes its share of that, so the
   weights sum to 1 in the end. */
float terraneShares[TERRANE_SURFACES];
float terraneBare;

void terraneLay(int surface, float share) {
    terraneShares[surface] += terraneBare * share;
    terraneBare *= 1.0 - share;
}

void terranePlace(vec3 p, vec3 n, TerraneNoises noises) {
    vec4 broad = noises.broad;
    vec4 fine = noises.fine;
    vec4 close = noises.close;
    float relief = vTerraneWeights.x;
    float rockSlope = terraneHeights.w;
    float snowHeight = terraneHeights.z;
    float aboveSea = p.y - terraneHeights.x;
    float slope = sqrt(max(0.0, 1.0 - n.y * n.y)) / max(n.y, 0.05);
    float steep = slope + 0.22 * fine.g + 0.18 * broad.g + 0.16 * close.g;
    float moisture = vTerraneWeights.y + 0.45 * broad.r + 0.30 * fine.r + 0.12 * close.r;

    float alpine = smoothstep(0.42, 0.80, (p.y + 90.0 * broad.g + 50.0 * fine.r + 25.0 * close.r) / max(snowHeight, 1.0));
    float lush = smoothstep(0.36, 0.60, moisture + 0.20 * close.b) * (1.0 - 0.75 * alpine);
    float forest = smoothstep(0.54, 0.66, moisture + 0.30 * broad.g + 0.22 * fine.a + 0.18 * close.g) * (1.0 - alpine) * (1.0 - smoothstep(0.5, 1.0, steep));
    float bare = smoothstep(0.20, 0.46, 0.30 * fine.a + 0.30 * broad.a + 0.25 * fine.g + 0.30 * close.r + 0.35 * (0.45 - moisture));
    float broken = smoothstep(0.55, 0.85, steep / rockSlope) * mix(0.5, 1.0, relief);
    float high = 0.8 * alpine * smoothstep(-0.15, 0.20, fine.g + broad.r + 0.5 * close.r);
    float sand = 1.0 - smoothstep(0.6, 1.2, (aboveSea + 2.2 * fine.r + 3.0 * broad.g + 1.2 * close.r) / terraneHeights.y);
    /* Ledges of grass follow the beds. */
    float rock = smoothstep(0.88, 1.12, (steep + 0.55 * noises.beds.g + 0.10 * close.b) / rockSlope);
    float aboveSnow = p.y - (snowHeight + 170.0 * broad.b + 80.0 * fine.b + 45.0 * close.b - 60.0 * n.z);
    float snow = smoothstep(-60.0, 70.0, aboveSnow + 60.0 * fine.g) * (1.0 - smoothstep(0.70, 1.25, steep + 0.3 * close.r - 0.0012 * max(0.0, aboveSnow)));
    float inCave = smoothstep(0.35, 0.65, vTerraneWeights.z + 0.20 * fine.g + 0.2 * close.g);
    float floorShare = smoothstep(0.55, 0.80, n.y + 0.25 * close.r);

    for (int i = 0; i < TERRANE_SURFACES; i++) {
        terraneShares[i] = 0.0;
    }
    terraneBare = 1.0;
    //TERRANE_CAVE_RULES
    terraneLay(${Surface.caveFloor}, inCave * floorShare);
    terraneLay(${Surface.caveWall}, inCave);
    //TERRANE_RULES
    terraneLay(${Surface.snow}, snow);
    terraneLay(${Surface.rock}, rock);
    terraneLay(${Surface.sand}, sand);
    terraneLay(${Surface.scree}, max(0.8 * bare, max(broken, high)));
    terraneLay(${Surface.forest}, forest);
    terraneLay(${Surface.lushGrass}, lush);
    terraneLay(${Surface.dryGrass}, 1.0);
    terraneCave = inCave;
}
`;
