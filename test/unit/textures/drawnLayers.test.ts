import { readFileSync, writeFileSync } from "node:fs";
import { DRAWING_VERSION, drawLayer } from "../../../src/textures/drawLayer.js";
import { TEXTURE_LAYERS } from "../../../src/textures/textureLayers.js";

const file = new URL("./drawnLayers.json", import.meta.url);
const SIZE = 64;
const BLOCKS = 4;

/** What layers of a version look like: means of green, height, slope along u and cavity in 4 x 4 blocks, in bytes. */
interface Drawn {
    readonly version: number;
    readonly layers: Record<string, number[]>;
}

function describeLayer(layer: number): number[] {
    const { color, relief } = drawLayer(layer, SIZE);
    const sums = new Array<number>(BLOCKS * BLOCKS * 4).fill(0);
    for (let at = 0; at < SIZE * SIZE; at++) {
        const column = Math.floor((at % SIZE) / (SIZE / BLOCKS));
        const row = Math.floor(at / SIZE / (SIZE / BLOCKS));
        const to = 4 * (row * BLOCKS + column);
        sums[to]! += color[4 * at + 1]!;
        sums[to + 1]! += color[4 * at + 3]!;
        sums[to + 2]! += relief[4 * at]!;
        sums[to + 3]! += relief[4 * at + 3]!;
    }
    return sums.map((sum) => Number((sum / (SIZE / BLOCKS) ** 2).toFixed(1)));
}

// TERRANE_UPDATE_GOLDEN=1 writes the file: for a change that is meant to be seen, with a step of DRAWING_VERSION, or
// browsers would go on showing what they have kept.
test("layers look as those of the drawing's version, so that what browsers keep is what would be drawn", () => {
    const layers = Object.fromEntries(TEXTURE_LAYERS.map(({ name }, layer) => [name, describeLayer(layer)]));
    if (process.env.TERRANE_UPDATE_GOLDEN === "1") {
        const lines = Object.entries(layers).map(([name, values]) => `        "${name}": [${values.join(", ")}]`);
        writeFileSync(file, `{\n    "version": ${DRAWING_VERSION},\n    "layers": {\n${lines.join(",\n")}\n    }\n}\n`);
    }
    const drawn = JSON.parse(readFileSync(file, "utf8")) as Drawn;
    expect(drawn.version).toBe(DRAWING_VERSION);
    for (const [name, values] of Object.entries(layers)) {
        const known = drawn.layers[name]!;
        // Machines round differently, by less.
        const others = values.filter((value, i) => !(Math.abs(value - known[i]!) <= 0.6));
        expect([name, others]).toEqual([name, []]);
    }
});
