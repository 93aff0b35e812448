import { createLayerBytes, Layer, LAYER_COUNT } from "../../../src/babylon/material/layerTextures.js";
import { TILE } from "../../../src/babylon/material/tileableNoise.js";

const bytes = createLayerBytes();
const at = (layer: number, x: number, y: number, channel: number): number =>
    bytes[((layer * TILE + y) * TILE + x) * 4 + channel]!;

function spread(layer: number, channel: number): { mean: number; deviation: number } {
    let sum = 0;
    let squares = 0;
    for (let y = 0; y < TILE; y++) {
        for (let x = 0; x < TILE; x++) {
            const value = at(layer, x, y, channel);
            sum += value;
            squares += value * value;
        }
    }
    const mean = sum / (TILE * TILE);
    return { mean, deviation: Math.sqrt(squares / (TILE * TILE) - mean * mean) };
}

/** Mean difference of neighbours in tone across the line x = `x` - 1 | `x`. */
function stepAcross(layer: number, x: number): number {
    let sum = 0;
    for (let y = 0; y < TILE; y++) {
        sum += Math.abs(at(layer, x % TILE, y, 0) - at(layer, (x + TILE - 1) % TILE, y, 0));
    }
    return sum / TILE;
}

describe.each(Object.entries(Layer))("layer %s", (name, layer) => {
    test("repeats without a visible edge", () => {
        let inside = 0;
        for (let x = 1; x < TILE; x++) {
            inside = Math.max(inside, stepAcross(layer, x));
        }
        expect(stepAcross(layer, TILE)).toBeLessThanOrEqual(inside * 1.15);
    });

    test("has its mean in the middle, so that mips keep its colour, and is not flat", () => {
        const { mean, deviation } = spread(layer, 0);
        expect(Math.abs(mean - 127.5)).toBeLessThan(8);
        expect(deviation).toBeGreaterThan(8);
    });

    test("slopes belong to the height", () => {
        if (name === "noise") {
            return;
        }
        const u = spread(layer, 2);
        const v = spread(layer, 3);
        expect(Math.abs(u.mean - 127.5)).toBeLessThan(1.5);
        expect(Math.abs(v.mean - 127.5)).toBeLessThan(1.5);
        // Where height rises by many steps from left to right, the slope along u is above the middle.
        let agree = 0;
        let steep = 0;
        for (let y = 0; y < TILE; y++) {
            for (let x = 1; x < TILE - 1; x++) {
                const rise = at(layer, x + 1, y, 1) - at(layer, x - 1, y, 1);
                if (Math.abs(rise) >= 4) {
                    steep++;
                    agree += Math.sign(rise) === Math.sign(at(layer, x, y, 2) - 127.5) ? 1 : 0;
                }
            }
        }
        expect(agree).toBe(steep);
    });
});

test("there is a layer for each number", () => {
    expect(Object.values(Layer).sort((a, b) => a - b)).toEqual(Array.from({ length: LAYER_COUNT }, (_, i) => i));
    expect(bytes.byteLength).toBe(LAYER_COUNT * TILE * TILE * 4);
});
