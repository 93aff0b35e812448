/** The pattern of a fade in WGSL; `levelFadeGlsl.ts` says the same in GLSL, and why. Change both together. */

export const FADE_VERTEX = {
    CUSTOM_VERTEX_DEFINITIONS: `
#ifdef TERRANE_LEVEL_FADE
uniform terraneFades: vec4f;
uniform terraneFadeVertices: f32;
flat varying vTerraneFade: f32;
#endif
`,
    CUSTOM_VERTEX_MAIN_END: `
#ifdef TERRANE_LEVEL_FADE
vertexOutputs.vTerraneFade = uniforms.terraneFades[min(vertexInputs.vertexIndex / u32(uniforms.terraneFadeVertices), 3u)];
#endif
`,
};

export const FADE_FRAGMENT = {
    // Comparisons stand alone: `select(a < b, c >= d, ...)` is read as a list of template arguments.
    CUSTOM_FRAGMENT_DEFINITIONS: `
#ifdef TERRANE_LEVEL_FADE
flat varying vTerraneFade: f32;
fn terraneIsFaded(pixel: vec2f, fade: f32) -> bool {
    let cell = vec2u(pixel) & vec2u(7u, 7u);
    let odd = cell.x ^ cell.y;
    let rank = ((odd & 1u) << 5u) | ((cell.y & 1u) << 4u) | ((odd & 2u) << 2u) | ((cell.y & 2u) << 1u) | ((odd & 4u) >> 1u) | (cell.y >> 2u);
    let threshold = (f32(rank) + 0.5) / 64.0;
    if (fade <= 1.0) {
        return (threshold >= fade);
    }
    return (threshold < fade - 1.0);
}
#endif
`,
    CUSTOM_FRAGMENT_MAIN_BEGIN: `
#if defined(TERRANE_LEVEL_FADE) && defined(DEPTHPREPASS)
if (terraneIsFaded(fragmentInputs.position.xy, fragmentInputs.vTerraneFade)) { discard; }
#endif
`,
    CUSTOM_FRAGMENT_BEFORE_FRAGCOLOR: `
#ifdef TERRANE_LEVEL_FADE
if (terraneIsFaded(fragmentInputs.position.xy, fragmentInputs.vTerraneFade)) { discard; }
#endif
`,
};
