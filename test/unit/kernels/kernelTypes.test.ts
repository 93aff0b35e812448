import { readFileSync } from "node:fs";
import path from "node:path";
import { generateAsync, readConstant } from "../../../scripts/kernelTypes.mjs";
import { chunkLimitsOf } from "../../../src/format/chunkLimits.js";
import { CHUNK_HEADER_BYTES, VERTEX_BYTES } from "../../../src/format/chunkHeader.js";
import { GRID_MARGIN } from "../../../src/generators/chunkFields.js";
import { MACRO_CHANNELS, MacroChannel } from "../../../src/generators/macroField.js";
import { isRoomForCaves } from "../../../src/recipe/caveVolume.js";
import { levelHasCaves } from "../../../src/recipe/lattice.js";
import { parseRecipe } from "../../../src/recipe/parseRecipe.js";
import { Presets } from "../../../src/recipe/presets.js";
import { loadKernelsAsync } from "../../support/kernels.js";

const root = path.resolve(import.meta.dirname, "../../..");

describe("what src/ knows of assembly/", () => {
    test("is what the sources say", async () => {
        for (const [file, text] of Object.entries(await generateAsync())) {
            // Else run `node scripts/kernelTypes.mjs`.
            expect({ file, text: readFileSync(path.join(root, file), "utf8") }).toEqual({ file, text });
        }
    });

    test("names every export of the wasm, with as many parameters, and no other", async () => {
        const { exports } = await loadKernelsAsync();
        const files = await generateAsync();
        const source = files["src/kernels/kernelExports.ts"]!.replace(/\/\*.*?\*\//gs, "");
        const declared = [...source.matchAll(/^ {4}(\w+)\((.*?)\): \w+;$/gms)].map(([, name, parameters]) => ({
            name: name!,
            parameters: parameters!.split(",").filter((parameter) => parameter.trim() !== "").length,
        }));
        const found = Object.entries(exports)
            .filter(([name]) => name !== "memory")
            .map(([name, value]) => ({ name, parameters: (value as () => void).length }));
        const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
        expect(found.sort(byName)).toEqual(declared.sort(byName));
        expect(exports.memory).toBeInstanceOf(WebAssembly.Memory);
    });
});

describe("constants that both sides have", () => {
    test("layout of chunks", () => {
        expect(readConstant("surface/packedVertex.ts", "VERTEX_BYTES")).toBe(VERTEX_BYTES);
        expect(readConstant("surface/packedVertex.ts", "HEADER_BYTES")).toBe(CHUNK_HEADER_BYTES);
        const { vertexCount, byteLength } = chunkLimitsOf(Presets.endless());
        expect(readConstant("surface/surface.ts", "MOST_VERTICES")).toBe(vertexCount);
        expect(readConstant("surface/surface.ts", "ROOM_BYTES") * vertexCount).toBe(byteLength - CHUNK_HEADER_BYTES);
    });

    test("macro fields, in the same order", () => {
        expect(readConstant("heightfield/grid.ts", "MACRO_CHANNELS")).toBe(MACRO_CHANNELS);
        for (const [name, channel] of Object.entries(MacroChannel)) {
            expect({ name, channel: readConstant("heightfield/grid.ts", name.toUpperCase()) }).toEqual({
                name,
                channel,
            });
        }
    });

    test("octaves and samples that a recipe may ask for", () => {
        const octaves = readConstant("heightfield/octaves.ts", "MAX_OCTAVES");
        expect(parseRecipe({ terrain: { octaves } }).terrain.octaves).toBe(octaves);
        expect(() => parseRecipe({ terrain: { octaves: octaves + 1 } })).toThrow("octaves");
        const caveOctaves = readConstant("caves/caveWorld.ts", "MAX_CAVE_OCTAVES");
        expect(parseRecipe({ caves: { octaves: caveOctaves } }).caves.octaves).toBe(caveOctaves);
        expect(() => parseRecipe({ caves: { octaves: caveOctaves + 1 } })).toThrow("octaves");
        const samples = readConstant("heightfield/heights.ts", "MOST_SAMPLES");
        const resolution = samples - 1 - 2 * GRID_MARGIN;
        expect(parseRecipe({ terrain: { resolution: 128 } }).terrain.resolution).toBeLessThanOrEqual(resolution);
        expect(() => parseRecipe({ terrain: { resolution: 256 } })).toThrow("resolution");
    });

    test("cells are coarse only where tunnels have twice the samples that a level needs to have caves", () => {
        const samples = readConstant("caves/coarseCells.ts", "LEAST_RADIUS") / 2;
        const recipe = Presets.caves();
        const spacing = recipe.chunkSize / recipe.terrain.resolution;
        const withRadius = (radius: number) => ({ ...recipe, caves: { ...recipe.caves, radius } });
        expect(levelHasCaves(withRadius(samples * spacing), 0)).toBe(true);
        expect(levelHasCaves(withRadius(samples * spacing * 0.999), 0)).toBe(false);
    });

    test("no volume has so many rows that one would have the number that stands for none", () => {
        expect(isRoomForCaves(readConstant("caves/coarseCells.ts", "NEVER"), 1, 1)).toBe(false);
    });
});
