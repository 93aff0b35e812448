import { LOW_LOOKS_GLSL } from "./lowLooksGlsl.js";

/** How each surface looks at a place: detail of metres, macro of tens of metres, seen from above or from three sides. */
export const LOOKS_GLSL = `
struct TerraneLook {
    vec3 albedo;
    float height;
    vec3 slope;
    float moment;
    float cavity;
    float roughness;
    float leaf;
};

/* What all surfaces at a place share. "near" is 1 where detail shows, "hidden" where bumps hide each other, "region" and
   "broadRegion" choose copies. */
struct TerranePlace {
    vec3 p;
    vec3 dx;
    vec3 dy;
    vec3 n;
    float region;
    float broadRegion;
    float far;
    float near;
    float hidden;
    vec2 bend;
    vec3 tint;
};

#ifdef TERRANE_LOW
${LOW_LOOKS_GLSL}
#else
TerraneTexel terranePlain(int layer) {
    return TerraneTexel(groundMeans[layer].rgb, 0.5, vec2(0.0), 0.0, 0.8);
}

float terraneLost(float moment, vec2 slope) {
    return max(moment - dot(slope, slope), 0.0);
}

TerraneTexel terraneMacro(int layer, vec2 p, vec2 dx, vec2 dy, float repeats, float region) {
#ifdef TERRANE_HIGH
    return terraneScattered(float(layer), p, dx, dy, repeats, region);
#else
    return terraneTap(float(layer), p * repeats, dx * repeats, dy * repeats);
#endif
}

TerraneLook terraneGroundLook(int surface, TerranePlace place) {
    int layer = TERRANE_DETAIL[surface];
    int macroLayer = TERRANE_MACRO[surface];
    vec4 kind = TERRANE_KINDS[surface];
    TerraneTexel detail = terranePlain(layer);
    vec3 mean = detail.color;
    if (place.near > 0.0) {
        detail = terraneMix(detail, terraneScattered(float(layer), place.p.xz, place.dx.xz, place.dy.xz, TERRANE_REPEATS[layer], place.region), place.near);
    }
    float repeats = TERRANE_MACRO_REPEATS[surface];
    TerraneTexel wide = terraneMacro(macroLayer, place.p.xz, place.dx.xz, place.dy.xz, repeats, place.broadRegion);
    vec3 macroMean = groundMeans[macroLayer].rgb;
    float strength = kind.x * mix(0.55, 1.0, smoothstep(2.0, 25.0, place.far)) * groundShown;
    vec3 albedo = detail.color * mix(vec3(1.0), wide.color / macroMean, strength);
    /* Woods have the colour of their crowns from some way off, not that of their litter. */
    float crowned = TERRANE_CROWNED[surface] * mix(0.1, 1.0, smoothstep(6.0, 60.0, place.far));
    float lightness = dot(detail.color, vec3(1.0)) / dot(mean, vec3(1.0));
    albedo = mix(albedo, wide.color * (0.6 + 0.4 * lightness), crowned);

    float macroRelief = kind.y * groundShown;
    float relief = kind.z;
    vec2 slope = detail.slope * relief + wide.slope * macroRelief;
    float moment = terraneLost(detail.moment, detail.slope) * relief * relief + terraneLost(wide.moment, wide.slope) * macroRelief * macroRelief;
    float cavity = detail.cavity * mix(1.0, wide.cavity * 1.12, macroRelief);
    float height = mix(detail.height, wide.height, mix(0.25, 0.6, smoothstep(5.0, 60.0, place.far)));
    return TerraneLook(albedo, height, vec3(slope.x, 0.0, slope.y), moment, cavity, kind.w * groundMeans[layer].a, TERRANE_LEAF[surface]);
}

struct TerranePlanes {
    TerraneTexel detail;
    TerraneTexel wide;
    vec3 slope;
    vec3 macroSlope;
    float weight;
};

/* Adds one of three sides, weighted by the height found there as well, so that sides do not ghost through each other. */
TerranePlanes terraneAddPlane(TerranePlanes before, int layer, int macroLayer, float macroRepeats, vec2 p, vec2 dx, vec2 dy, float share, int side, TerranePlace place) {
    float repeats = TERRANE_REPEATS[layer];
    TerraneTexel detail = terranePlain(layer);
    vec2 bent = (p + place.bend * 1.5) * macroRepeats;
    vec2 uv = (p + place.bend) * repeats;
    TerraneTexel wide = terraneTap(float(macroLayer), bent, dx * macroRepeats, dy * macroRepeats);
    if (place.near > 0.0) {
        detail = terraneMix(detail, terraneTap(float(layer), uv, dx * repeats, dy * repeats), place.near);
    }
    float weight = share * exp2(7.0 * (mix(detail.height, wide.height, 0.5) - 0.5));
    float sum = before.weight + weight;
    float t = weight / max(sum, 1e-5);
    vec3 slope = vec3(detail.slope.x, 0.0, detail.slope.y);
    vec3 macroSlope = vec3(wide.slope.x, 0.0, wide.slope.y);
    if (side == 0) {
        slope = vec3(0.0, detail.slope.y, detail.slope.x);
        macroSlope = vec3(0.0, wide.slope.y, wide.slope.x);
    }
    if (side == 2) {
        slope = vec3(detail.slope, 0.0);
        macroSlope = vec3(wide.slope, 0.0);
    }
    wide.color = mix(vec3(1.0), wide.color / groundMeans[macroLayer].rgb, groundShown);
    return TerranePlanes(terraneMix(before.detail, detail, t), terraneMix(before.wide, wide, t), mix(before.slope, slope, t), mix(before.macroSlope, macroSlope, t), sum);
}

TerraneLook terraneRockLook(int surface, TerranePlace place) {
    int top = TERRANE_DETAIL[surface];
    int side = TERRANE_SIDE[surface];
    int macroTop = TERRANE_MACRO[surface];
    int macroSide = TERRANE_MACRO_SIDE[surface];
    float macroRepeats = TERRANE_MACRO_REPEATS[surface];
    vec4 kind = TERRANE_KINDS[surface];
    /* The two sides that face most, less the third. Beds show on slopes as well: the top takes a third. */
    vec3 facing = abs(place.n);
    facing = facing * facing;
    facing = facing * facing * vec3(1.0, 0.3, 1.0);
    facing = facing * facing;
    facing = facing - vec3(min(facing.x, min(facing.y, facing.z)));
    facing = facing / (facing.x + facing.y + facing.z);
    facing = max(facing - vec3(0.02), vec3(0.0));

    TerraneTexel nothing = terranePlain(side);
    TerranePlanes planes = TerranePlanes(nothing, nothing, vec3(0.0), vec3(0.0), 0.0);
    if (facing.x > 0.0) {
        planes = terraneAddPlane(planes, side, macroSide, macroRepeats, place.p.zy, place.dx.zy, place.dy.zy, facing.x, 0, place);
    }
    if (facing.z > 0.0) {
        planes = terraneAddPlane(planes, side, macroSide, macroRepeats, place.p.xy + vec2(1.7, 0.0), place.dx.xy, place.dy.xy, facing.z, 2, place);
    }
    if (facing.y > 0.0) {
        planes = terraneAddPlane(planes, top, macroTop, macroRepeats, place.p.xz, place.dx.xz, place.dy.xz, facing.y, 1, place);
    }

    TerraneTexel detail = planes.detail;
    TerraneTexel wide = planes.wide;
    float relief = kind.z * place.near;
    float macroRelief = kind.y * groundShown * mix(1.0, 0.6, smoothstep(400.0, 2500.0, place.far)) * (1.0 - 0.75 * place.hidden);
    float macroColor = mix(0.6, 1.0, smoothstep(3.0, 40.0, place.far)) * (1.0 - 0.6 * place.hidden);
    vec3 albedo = detail.color * mix(vec3(1.0), wide.color, macroColor);
    vec3 slope = planes.slope * relief + planes.macroSlope * macroRelief;
    float lost = max(detail.moment - dot(planes.slope, planes.slope), 0.0) * relief * relief;
    float macroLost = max(wide.moment - dot(planes.macroSlope, planes.macroSlope), 0.0) * macroRelief * macroRelief;
    float height = mix(detail.height, wide.height, mix(0.25, 0.6, smoothstep(5.0, 60.0, place.far)));
    return TerraneLook(albedo * mix(vec3(1.0), place.tint, TERRANE_TINTED[surface]), height, slope, lost + macroLost, mix(detail.cavity * wide.cavity * 1.1, 1.0, 0.7 * place.hidden), kind.w * groundMeans[top].a, TERRANE_LEAF[surface]);
}

TerraneLook terraneLook(int surface, TerranePlace place, bool isFirst) {
    TerraneLook look = TerraneLook(vec3(0.0), 0.0, vec3(0.0), 0.0, 0.0, 0.0, 0.0);
    if (TERRANE_SIDE[surface] >= 0) {
        look = terraneRockLook(surface, place);
    } else {
        look = terraneGroundLook(surface, place);
    }
    return look;
}
#endif

/* Where two surfaces meet the higher shows, so that stones stick out of sand. Far away heights have averaged out: there the border
   gets the width that its coverage would have. */
TerraneLook terraneMeet(TerraneLook a, TerraneLook b, float t, float footprint) {
    float depth = mix(0.10, 0.75, smoothstep(-5.0, 2.0, footprint));
    float heightA = 0.8 * a.height + 1.0 - t;
    float heightB = 0.8 * b.height + t;
    float ground = max(heightA, heightB) - depth;
    float shareA = max(heightA - ground, 0.0);
    float shareB = max(heightB - ground, 0.0);
    float q = shareB / (shareA + shareB);
    return TerraneLook(mix(a.albedo, b.albedo, q), mix(a.height, b.height, q), mix(a.slope, b.slope, q), mix(a.moment, b.moment, q), mix(a.cavity, b.cavity, q), mix(a.roughness, b.roughness, q), mix(a.leaf, b.leaf, q));
}
`;
