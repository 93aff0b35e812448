/** The pattern of a fade in GLSL, by points of Babylon's shaders; `levelFadeWgsl.ts` says the same in WGSL. Change both together. */

export const FADE_VERTEX = {
    CUSTOM_VERTEX_DEFINITIONS: `
#ifdef TERRANE_LEVEL_FADE
uniform vec4 terraneFades;
uniform float terraneFadeVertices;
flat varying float vTerraneFade;
#endif
`,
    // A vertex's number is the value in the index buffer, wherever a draw begins in that.
    CUSTOM_VERTEX_MAIN_END: `
#ifdef TERRANE_LEVEL_FADE
vTerraneFade = terraneFades[min(gl_VertexID / int(terraneFadeVertices), 3)];
#endif
`,
};

export const FADE_FRAGMENT = {
    /* Bayer's matrix of 8 x 8: the bits of x xor y and of y, interleaved in reverse. Every window of 8 x 8 pixels holds each
       threshold once, so that as many of its pixels change in every step. */
    CUSTOM_FRAGMENT_DEFINITIONS: `
#ifdef TERRANE_LEVEL_FADE
flat varying float vTerraneFade;
bool terraneIsFaded() {
    uvec2 cell = uvec2(gl_FragCoord.xy) & 7u;
    uint odd = cell.x ^ cell.y;
    uint rank = ((odd & 1u) << 5) | ((cell.y & 1u) << 4) | ((odd & 2u) << 2) | ((cell.y & 2u) << 1) | ((odd & 4u) >> 1) | (cell.y >> 2);
    float threshold = (float(rank) + 0.5) / 64.0;
    return vTerraneFade <= 1.0 ? threshold >= vTerraneFade : threshold < vTerraneFade - 1.0;
}
#endif
`,
    // A depth pre-pass returns early.
    CUSTOM_FRAGMENT_MAIN_BEGIN: `
#if defined(TERRANE_LEVEL_FADE) && defined(DEPTHPREPASS)
if (terraneIsFaded()) { discard; }
#endif
`,
    // At the end, where no derivative is taken any more.
    CUSTOM_FRAGMENT_BEFORE_FRAGCOLOR: `
#ifdef TERRANE_LEVEL_FADE
if (terraneIsFaded()) { discard; }
#endif
`,
};
