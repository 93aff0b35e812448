import { describe, expect, it } from "@jest/globals";
import { toWgsl, type ShaderNames } from "../../../../src/babylon/shader/toWgsl.js";

const translate = (glsl: string, names: Partial<ShaderNames> = {}): string =>
    toWgsl(glsl, { stage: "fragment", ...names })
        .replace(/\s+/g, " ")
        .trim();

describe("toWgsl", () => {
    it("translates functions, locals and loops", () => {
        const wgsl = translate(`
            /* Adds (a few). */
            vec3 add(vec3 a, float b) {
                vec3 sum = a + vec3(b); // here
                for (int i = 0; i < 3; i++) {
                    sum.x += float(i);
                }
                return sum;
            }`);
        expect(wgsl).toBe(
            "fn add(a: vec3f, b: f32) -> vec3f { var sum: vec3f = a + vec3f(b); for (var i: i32 = 0; i < 3; i++) { sum.x += f32(i); } return sum; }",
        );
    });

    it("puts what Babylon hands in where it lies, but members of that name", () => {
        const names = { uniforms: ["light"], varyings: ["vPlace"], structs: ["Look"] };
        expect(translate("Look look = find(vPlace.xy); look.light = light.x;", names)).toContain(
            "look: Look = find(fragmentInputs.vPlace.xy); look.light = uniforms.light.x;",
        );
        expect(
            translate("vPlace = position;", { stage: "vertex", varyings: ["vPlace"], attributes: ["position"] }),
        ).toBe("vertexOutputs.vPlace = vertexInputs.position;");
    });

    it("translates structures, constants, tables and globals", () => {
        expect(translate("struct Look { vec3 color; float height; };\nconst float PI = 3.14;\nfloat rough;")).toBe(
            "struct Look { color: vec3f, height: f32, } const PI: f32 = 3.14; var<private> rough: f32;",
        );
        expect(translate("const vec2 TURNS[2] = vec2[2](vec2(1.0, 0.0), vec2(0.0, 1.0));")).toBe(
            "var<private> TURNS: array<vec2f, 2> = array<vec2f, 2>(vec2f(1.0, 0.0), vec2f(0.0, 1.0));",
        );
        expect(translate("void f() { float weights[9]; }")).toBe("fn f() { var weights: array<f32, 9>; }");
    });

    it("translates samplers of both kinds", () => {
        const wgsl = translate(`
            uniform highp sampler2DArray layers;
            uniform sampler2D noise;
            void f() {
                vec4 a = textureGrad(layers, vec3(turn(p, r) * 2.0, float(layer)), dx * 2.0, dy);
                vec4 b = textureLod(noise, p.xy, max(lod, 0.0));
            }`);
        expect(wgsl).toContain("var layersSampler: sampler; var layers: texture_2d_array<f32>;");
        expect(wgsl).toContain(
            "textureSampleGrad(layers, layersSampler, turn(p, r) * 2.0, i32(f32(layer)), dx * 2.0, dy)",
        );
        expect(wgsl).toContain("textureSampleLevel(noise, noiseSampler, p.xy, max(lod, 0.0))");
    });

    it("translates a whole shader", () => {
        const wgsl = translate(`
            precision highp float;
            uniform vec4 tint;
            varying vec2 vUv;
            void main() {
            #ifdef DARK
                gl_FragColor = vec4(0.0);
            #else
                gl_FragColor = tint * mod(vUv.x, 2.0) * atan(vUv.y, 1.0);
            #endif
            }`);
        expect(wgsl).toContain("uniform tint: vec4f; varying vUv: vec2f; @fragment fn main(input: FragmentInputs)");
        expect(wgsl).toContain(
            "uniforms.tint * ((fragmentInputs.vUv.x) - (2.0) * floor((fragmentInputs.vUv.x) / (2.0))) * atan2(fragmentInputs.vUv.y, 1.0);",
        );
        expect(wgsl).toMatch(/#ifdef DARK.*#else.*#endif/);
    });

    it("refuses what it would get wrong", () => {
        expect(() => translate("void f(inout vec3 a) { }")).toThrow('Parameter "inout vec3 a" of f');
        expect(() => translate("float f(float a) { return a > 0.0 ? 1.0 : 0.0; }")).toThrow('"? 1.0');
        expect(() => translate("vec4 a = texture(layers, p);", {})).toThrow("no sampler of that name");
        expect(() => translate("vec4 a = texture(layers, p);", { samplers: { layers: "sampler2DArray" } })).toThrow(
            "vec3(place, layer)",
        );
        expect(() => translate("struct Look { dvec3 color; };")).toThrow('"dvec3" is no type that is translated');
        expect(() => translate("float a = 1.0")).toThrow("; is missing");
    });
});
