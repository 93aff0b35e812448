/** Reads the textures of the ground: one copy, or two where regions of turned copies meet. */
export const SAMPLING_GLSL = `
struct TerraneTexel {
    vec3 color;
    float height;
    vec2 slope;
    float moment;
    float cavity;
};

vec2 terraneTurn(vec2 p, vec2 turn) {
    return vec2(turn.x * p.x + turn.y * p.y, turn.x * p.y - turn.y * p.x);
}

vec2 terraneTurnBack(vec2 p, vec2 turn) {
    return vec2(turn.x * p.x - turn.y * p.y, turn.y * p.x + turn.x * p.y);
}

/* Four noises, -0.5 to 0.5. Explicit levels of detail: noise needs no costly anisotropy. */
vec4 terraneRuffle(vec2 uv, float lod) {
    return textureLod(terraneNoise, uv, max(lod, 0.0)) - vec4(0.5);
}

/* Colours are stored as their roots. */
vec4 terraneColorTap(float layer, vec2 uv, vec2 dx, vec2 dy) {
    vec4 texel = textureGrad(terraneColors, vec3(uv, layer), dx, dy);
    return vec4(texel.rgb * texel.rgb, texel.a);
}

TerraneTexel terraneTap(float layer, vec2 uv, vec2 dx, vec2 dy) {
    vec4 color = terraneColorTap(layer, uv, dx, dy);
    vec4 relief = textureGrad(terraneRelief, vec3(uv, layer), dx, dy);
    return TerraneTexel(color.rgb, color.a, relief.xy * 4.0 - vec2(2.0), relief.z * 4.0, relief.w);
}

/* Copy i of a texture: turned and shifted. */
TerraneTexel terraneCopy(float layer, vec2 p, vec2 dx, vec2 dy, float repeats, float i) {
    vec2 turn = TERRANE_TURNS[int(mod(i, 9.0))];
    TerraneTexel texel = terraneTap(layer, terraneTurn(p, turn) * repeats + vec2(0.37, 0.61) * i, terraneTurn(dx, turn) * repeats, terraneTurn(dy, turn) * repeats);
    texel.slope = terraneTurnBack(texel.slope, turn);
    return texel;
}

TerraneTexel terraneMix(TerraneTexel a, TerraneTexel b, float t) {
    return TerraneTexel(mix(a.color, b.color, t), mix(a.height, b.height, t), mix(a.slope, b.slope, t), mix(a.moment, b.moment, t), mix(a.cavity, b.cavity, t));
}

/* Against repetition: regions of turned and shifted copies, by a noise of 0 to 1; where two meet, the higher one shows. */
TerraneTexel terraneScattered(float layer, vec2 p, vec2 dx, vec2 dy, float repeats, float region) {
    float l = region * 8.0 + 16.0;
    float i = floor(l);
    float f = smoothstep(0.30, 0.70, l - i);
    TerraneTexel texel = terraneCopy(layer, p, dx, dy, repeats, i + step(1.0, f));
    if (f > 0.0 && f < 1.0) {
        TerraneTexel next = terraneCopy(layer, p, dx, dy, repeats, i + 1.0);
        float w = smoothstep(0.15, 0.85, clamp(f + 3.0 * (next.height - texel.height) * f * (1.0 - f), 0.0, 1.0));
        texel = terraneMix(texel, next, w);
    }
    return texel;
}
`;
