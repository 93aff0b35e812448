import { readFileSync } from "node:fs";
import path from "node:path";

import { ChunkBaker } from "../../src/bake/chunkBaker.js";
import { initHashAsync } from "../../src/base/hash.js";
import { TerraneError } from "../../src/base/errors.js";
import { parseRecipe } from "../../src/recipe/parseRecipe.js";
import { parseAddress } from "../../src/space/chunkAddress.js";
import { loadKernelsAsync } from "../support/kernels.js";

// Two valid recipes whose heights left int16 by far. Triangles of vertices that were held at its limits had corners that tangents
// were never done with: "Maximum call stack size exceeded" in `addFour`. A third kind took 2 GB: see `areCavesTooLarge`.

interface Case {
    readonly address: string;
    readonly recipe: {
        readonly caves: { readonly maxDepth: number };
        readonly terrain: Record<string, unknown> & { macro: { continentSpline: [number, number][] } };
    };
}

const cases = JSON.parse(
    readFileSync(path.join(import.meta.dirname, "trappingRecipes.json"), "utf8"),
) as readonly Case[];

/** The recipe with all its heights, and the depth of its caves, multiplied. */
function scaled({ recipe }: Case, share: number): unknown {
    const { terrain, caves } = recipe;
    const of = (field: string) => (terrain[field] as number) * share;
    const continentSpline = terrain.macro.continentSpline.map(([x, y]) => [x, y * share]);
    return {
        ...recipe,
        caves: { ...caves, maxDepth: caves.maxDepth * share },
        terrain: {
            ...terrain,
            plainsHeight: of("plainsHeight"),
            mountainHeight: of("mountainHeight"),
            rangeHeight: of("rangeHeight"),
            macro: { ...terrain.macro, continentSpline },
        },
    };
}

test.each(cases)(
    "a recipe that trapped at $address bakes there, or is refused by name and bakes lower",
    async (trap) => {
        await initHashAsync();
        const kernels = await loadKernelsAsync();
        let share = 1;
        for (; share > 0.01; share *= 0.8) {
            try {
                parseRecipe(scaled(trap, share));
                break;
            } catch (error) {
                expect(error).toBeInstanceOf(TerraneError);
                expect((error as TerraneError).allowed).toMatch(/at most [\d.]+/);
            }
        }
        const recipe = parseRecipe(scaled(trap, share));
        const { byteLength } = new ChunkBaker(recipe, kernels).bake(parseAddress(trap.address), new ArrayBuffer(0));
        expect(byteLength).toBeLessThan(16 * 2 ** 20);
        expect(kernels.exports.memory.buffer.byteLength).toBeLessThanOrEqual(128 * 2 ** 20);
    },
);
