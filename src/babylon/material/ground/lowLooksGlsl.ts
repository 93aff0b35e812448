/**
 * How each surface looks at low quality. A processor runs all branches of a shader, whichever its pixels take: so one path serves land
 * and rock, and reads what the worst pixel reads. Land is rock that is seen from above alone.
 */
export const LOW_LOOKS_GLSL = `
/* A side from which textures are seen: along x, from above, along z. */
struct TerraneSide {
    vec2 p;
    vec2 dx;
    vec2 dy;
};

TerraneSide terraneSideOf(int side, TerranePlace place) {
    TerraneSide seen = TerraneSide(place.p.xz, place.dx.xz, place.dy.xz);
    if (side == 0) {
        seen = TerraneSide(place.p.zy, place.dx.zy, place.dy.zy);
    }
    if (side == 2) {
        seen = TerraneSide(place.p.xy + vec2(1.7, 0.0), place.dx.xy, place.dy.xy);
    }
    return seen;
}

vec4 terraneColorOf(int layer, TerraneSide side, vec2 bend, float repeats) {
    return terraneColorTap(float(layer), (side.p + bend) * repeats, side.dx * repeats, side.dy * repeats);
}

TerraneLook terraneLook(int surface, TerranePlace place, bool isFirst) {
    int top = TERRANE_DETAIL[surface];
    int side = TERRANE_SIDE[surface];
    float isRock = step(0.0, float(side));
    vec4 kind = TERRANE_KINDS[surface];
    float macroRepeats = TERRANE_MACRO_REPEATS[surface];
    vec2 bend = place.bend * isRock;

    /* The two sides that face most, less the third. Beds show on slopes as well: the top takes a third. */
    vec3 facing = abs(place.n);
    facing = facing * facing;
    facing = facing * facing * vec3(1.0, 0.3, 1.0);
    facing = facing * facing;
    facing = facing - vec3(min(facing.x, min(facing.y, facing.z)));
    facing = facing / (facing.x + facing.y + facing.z);
    facing = mix(vec3(0.0, 1.0, 0.0), max(facing - vec3(0.02), vec3(0.0)), isRock);
    float most = max(facing.x, max(facing.y, facing.z));
    int mostSide = 1;
    int nextSide = 0;
    float next = max(facing.x, facing.z);
    if (facing.z > facing.x) {
        nextSide = 2;
    }
    if (next > facing.y) {
        mostSide = nextSide;
        nextSide = 1;
        next = facing.y;
        if (min(facing.x, facing.z) > next) {
            nextSide = 2 - mostSide;
            next = min(facing.x, facing.z);
        }
    }
    int layer = top;
    int macroLayer = TERRANE_MACRO[surface];
    int nextLayer = side;
    if (mostSide != 1) {
        layer = side;
        macroLayer = TERRANE_MACRO_SIDE[surface];
        if (nextSide == 1) {
            nextLayer = top;
        }
    }

    /* Detail from both sides, macro from the one that faces most. */
    TerraneSide seen = terraneSideOf(mostSide, place);
    float repeats = TERRANE_REPEATS[layer];
    vec3 mean = groundMeans[layer].rgb;
    vec3 macroMean = groundMeans[macroLayer].rgb;
    vec4 detail = vec4(mean, 0.5);
    vec4 wide = terraneColorOf(macroLayer, seen, bend * 1.5, macroRepeats);
    if (place.near > 0.0) {
        detail = mix(detail, terraneColorOf(layer, seen, bend, repeats), place.near);
    }
    /* Weighted by the heights found there as well, so that sides do not ghost through each other. */
    float t = 1.0;
    if (next > 0.0) {
        vec4 other = vec4(groundMeans[nextLayer].rgb, 0.5);
        if (place.near > 0.0) {
            other = mix(other, terraneColorOf(nextLayer, terraneSideOf(nextSide, place), bend, TERRANE_REPEATS[nextLayer]), place.near);
        }
        float weight = most * exp2(7.0 * (mix(detail.a, wide.a, 0.5) - 0.5));
        t = weight / (weight + next * exp2(7.0 * (mix(other.a, 0.5, 0.5) - 0.5)));
        detail = mix(other, detail, t);
        wide.a = mix(0.5, wide.a, t);
    }

    /* Of the first surface one picture gives relief: near by the detail, the macro from some way off. */
    vec3 slope = vec3(0.0);
    float moment = 0.0;
    float cavity = mix(0.8, 0.85, place.near);
    float macroRelief = kind.y * groundShown * mix(1.0, mix(1.0, 0.6, smoothstep(400.0, 2500.0, place.far)), isRock);
    float macroCavity = mix(0.8, 0.85, t);
    if (isFirst) {
        float isWide = step(34.0, place.far);
        float scale = mix(repeats, macroRepeats, isWide);
        vec4 texel = textureGrad(terraneRelief, vec3((seen.p + bend * mix(1.0, 1.5, isWide)) * scale, mix(float(layer), float(macroLayer), isWide)), seen.dx * scale, seen.dy * scale);
        float share = mix(1.0 - smoothstep(18.0, 34.0, place.far), smoothstep(34.0, 60.0, place.far), isWide);
        /* Detail fades by distance, that of rock twice. */
        float shown = t * mix(place.near, 1.0, isWide);
        float relief = mix(kind.z * mix(1.0, place.near, isRock), macroRelief, isWide);
        vec2 lean = (texel.xy * 4.0 - vec2(2.0)) * (share * shown);
        moment = max(texel.z * 4.0 * shown - dot(lean, lean), 0.0) * relief * relief;
        lean = lean * relief;
        slope = vec3(lean.x, 0.0, lean.y);
        if (mostSide == 0) {
            slope = vec3(0.0, lean.y, lean.x);
        }
        if (mostSide == 2) {
            slope = vec3(lean, 0.0);
        }
        float hollow = (texel.w - 0.85) * share * shown;
        cavity = cavity + hollow * (1.0 - isWide);
        macroCavity = macroCavity + hollow * isWide;
    }

    float strength = mix(kind.x * mix(0.55, 1.0, smoothstep(2.0, 25.0, place.far)), t * mix(0.6, 1.0, smoothstep(3.0, 40.0, place.far)), isRock) * groundShown;
    vec3 albedo = detail.rgb * mix(vec3(1.0), wide.rgb / macroMean, strength);
    /* Woods have the colour of their crowns from some way off, not that of their litter. */
    float crowned = TERRANE_CROWNED[surface] * mix(0.1, 1.0, smoothstep(6.0, 60.0, place.far));
    float lightness = dot(detail.rgb, vec3(1.0)) / dot(mean, vec3(1.0));
    albedo = mix(albedo, wide.rgb * (0.6 + 0.4 * lightness), crowned);
    albedo = albedo * mix(vec3(1.0), place.tint, TERRANE_TINTED[surface] * isRock);
    cavity = cavity * mix(mix(1.0, macroCavity * 1.12, macroRelief), macroCavity * 1.1, isRock);
    float height = mix(detail.a, wide.a, mix(0.25, 0.6, smoothstep(5.0, 60.0, place.far)));
    return TerraneLook(albedo, height, slope, moment, cavity, kind.w * groundMeans[top].a, TERRANE_LEAF[surface]);
}
`;
