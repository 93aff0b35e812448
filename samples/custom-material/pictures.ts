import type { SurfaceTextures } from "../../src/index.js";
import { honeycomb, mix, noise, randomAt, SIZE, step } from "./patterns.js";

/** sRGB, 0 to 255. */
type Color = readonly [red: number, green: number, blue: number];

/** What a texel is like. */
interface Texel {
    /** 0 to 1. */
    readonly height: number;
    readonly color: Color;
    /** 0 to 1. */
    readonly roughness?: number;
}

/** Draws albedo and heights, and roughness where the texels have it; normals come from the heights. */
function draw(texelAt: (u: number, v: number, x: number, y: number) => Texel): SurfaceTextures {
    const albedo = new Uint8ClampedArray(3 * SIZE * SIZE);
    const height = new Uint8ClampedArray(SIZE * SIZE);
    const roughness = new Uint8ClampedArray(SIZE * SIZE);
    let isRough = false;
    for (let y = 0, at = 0; y < SIZE; y++) {
        for (let x = 0; x < SIZE; x++, at++) {
            const texel = texelAt((x + 0.5) / SIZE, (y + 0.5) / SIZE, x, y);
            albedo.set(texel.color, 3 * at);
            height[at] = 255 * texel.height;
            roughness[at] = 255 * (texel.roughness ?? 1);
            isRough ||= texel.roughness !== undefined;
        }
    }
    const picture = (data: Uint8ClampedArray): { data: Uint8ClampedArray; width: number; height: number } => ({
        data,
        width: SIZE,
        height: SIZE,
    });
    return {
        albedo: picture(albedo),
        height: picture(height),
        ...(isRough && { roughness: picture(roughness) }),
    };
}

/** Draws wind ripples, with darker grains gathered in their hollows. */
export function drawSand(bright: Color, dark: Color, seed: number): SurfaceTextures {
    return draw((u, v, x, y) => {
        const bend = 1.1 * noise(u, v, 3, 2, 3, seed) + 0.12 * noise(u, v, 12, 10, 2, seed + 9);
        const phase = v * 11 + 2 * bend;
        const along = phase - Math.floor(phase);
        // Ripples rise slowly to windward and fall off steeply.
        const ripple = along < 0.7 ? along / 0.7 : (1 - along) / 0.3;
        const crest = ripple * ripple * (3 - 2 * ripple) * (0.65 + 0.7 * noise(u, v, 5, 4, 2, seed + 20));
        const grain = randomAt(x, y, seed + 30);
        const patch = noise(u, v, 4, 4, 4, seed + 40);
        const share = 0.3 + 0.45 * crest + 0.5 * patch + 0.28 * (grain - 0.5) - (grain > 0.965 ? 0.4 : 0);
        return { height: 0.15 + 0.7 * crest + 0.07 * grain, color: mixed(dark, bright, share) };
    });
}

const ASH: Color = [52, 50, 52];
const PALE: Color = [112, 108, 106];
const RUST: Color = [122, 74, 46];

/** Draws the tops of basalt columns: a pavement of prisms, each worn its own way. */
export function drawPavement(): SurfaceTextures {
    return draw((u, v, x, y) => {
        const { tone, border, du, dv } = honeycomb(u, v, 20, 0.36, 100);
        const inside = step(0.02, 0.16, border);
        const tilt = (tone - 0.5) * 0.12 * du + (((tone * 7.3) % 1) - 0.5) * 0.12 * dv;
        const rough = noise(u, v, 16, 16, 4, 120);
        const grain = randomAt(x, y, 130) - 0.5;
        const height = (0.25 + 0.5 * tone + tilt + 0.1 * rough) * inside + 0.02 * grain + 0.04;
        const stone = mixed(ASH, PALE, 0.3 + 0.25 * tone + 0.6 * rough + 0.25 * grain);
        const rusty = step(0.12, 0.4, noise(u, v, 6, 6, 4, 140) + 0.3 * (1 - inside));
        return { height, color: scaled(mixed(stone, RUST, 0.35 * rusty), mix(0.35, 1, inside)) };
    });
}

/** Draws basalt columns from the side: facets, joints across, rust that water has left. */
export function drawColumns(): SurfaceTextures {
    const columns = 10;
    return draw((u, v, x, y) => {
        const wander = 0.16 * noise(u, v, 4, 2, 2, 200);
        const at = u * columns + wander * 2;
        const column = Math.floor(at);
        const index = ((column % columns) + columns) % columns;
        const across = at - column;
        const tone = randomAt(index, 0, 210);
        // Two or three sides of a prism are seen.
        const ridge = 0.3 + 0.4 * randomAt(index, 1, 210);
        const facet = across < ridge ? across / ridge : (1 - across) / (1 - ridge);
        const inside = step(0, 0.09, Math.min(across, 1 - across));
        const joints = 3 + Math.floor(3 * randomAt(index, 2, 210));
        const along = v * joints + randomAt(index, 3, 210) + 0.04 * noise(u, v, 20, 4, 2, 220);
        const piece = Math.floor(along);
        const joint = step(0, 0.035, Math.min(along - piece, 1 - along + piece));
        const shift = randomAt(index, ((piece % joints) + joints) % joints, 230);
        const rough = noise(u, v, 24, 10, 4, 240);
        const grain = randomAt(x, y, 250) - 0.5;
        const height = (0.15 + 0.3 * tone + 0.22 * facet + 0.12 * shift) * mix(0.2, 1, inside) * mix(0.75, 1, joint);
        const share = 0.08 + 0.3 * tone + 0.22 * facet + 0.2 * shift + 0.5 * rough + 0.2 * grain;
        const streaks = step(0.05, 0.35, noise(u, v, 14, 2, 3, 260) + 0.15 * (1 - joint));
        const color = mixed(mixed(ASH, PALE, share), RUST, 0.55 * streaks);
        return {
            height: height + 0.06 * rough + 0.02 * grain + 0.06,
            color: scaled(color, mix(0.4, 1, inside * joint)),
        };
    });
}

const DEEP_ICE: Color = [92, 158, 196];
const PALE_ICE: Color = [196, 224, 236];
const FIRN: Color = [240, 246, 250];

/** Draws glacier ice: blue where wind has swept it, with fine cracks, and firn in patches. */
export function drawIce(): SurfaceTextures {
    return draw((u, v, x, y) => {
        const bendU = u + 0.05 * noise(u, v, 4, 4, 3, 300);
        const bendV = v + 0.05 * noise(u, v, 4, 4, 3, 310);
        const wide = honeycomb(bendU, bendV, 4, 0.9, 320);
        const narrow = honeycomb(bendU, bendV, 14, 1, 330);
        const crack = 1 - Math.min(step(0, 0.045, wide.border), 0.45 + 0.55 * step(0, 0.07, narrow.border));
        const swell = noise(u, v, 3, 3, 5, 340);
        const firn = step(0.04, 0.2, swell + 0.25 * noise(u, v, 24, 24, 3, 350));
        const grain = randomAt(x, y, 360) - 0.5;
        const ice = mixed(DEEP_ICE, PALE_ICE, 0.3 + 0.7 * swell + 0.25 * wide.tone + 0.9 * crack + 0.06 * grain);
        return {
            height: 0.35 + 0.45 * swell + 0.14 * firn + 0.08 * (wide.tone - 0.5) - 0.12 * crack + 0.01 * grain,
            color: scaled(mixed(ice, FIRN, firn), 1 + 0.04 * grain),
            roughness: mix(0.22 + 0.3 * crack, 0.8, firn),
        };
    });
}

function mixed(from: Color, to: Color, share: number): Color {
    const t = Math.min(1, Math.max(0, share));
    return [mix(from[0], to[0], t), mix(from[1], to[1], t), mix(from[2], to[2], t)];
}

function scaled(color: Color, factor: number): Color {
    return [color[0] * factor, color[1] * factor, color[2] * factor];
}
