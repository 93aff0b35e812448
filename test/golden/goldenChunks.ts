import { parseRecipe } from "../../src/recipe/parseRecipe.js";
import { parseAddress, type ChunkAddress } from "../../src/space/chunkAddress.js";

/** Every number stands here, so that tuning a default leaves the hashes alone. */
export const GOLDEN_RECIPE = parseRecipe({
    id: "golden",
    seed: 20260214,
    topology: "flat",
    chunkSize: 64,
    terrain: {
        resolution: 64,
        octaves: 8,
        wavelength: 1024,
        gain: 0.5,
        damping: 0.12,
        ridgeOctaves: 4,
        plainsHeight: 28,
        mountainHeight: 170,
        rangeHeight: 420,
        valleyDepth: 0.8,
        gullies: { strength: 0.15, wavelength: 256, octaves: 6, gain: 0.95 },
        beds: { strength: 0.6, thickness: 26 },
        macro: {
            continentWavelength: 9000,
            erosionWavelength: 6000,
            rangeWavelength: 5000,
            valleyWavelength: 4000,
            moistureWavelength: 3000,
            warpStrength: 250,
            warpWavelength: 1500,
            continentSpline: [
                [-1, -90],
                [-0.2, -12],
                [0.2, 22],
                [1, 110],
            ],
            reliefSpline: [
                [-1, 1],
                [-0.1, 0.42],
                [0.25, 0.16],
                [1, 0.03],
            ],
        },
    },
    caves: {
        enabled: true,
        complexity: 0.85,
        maxDepth: 90,
        wavelength: 64,
        radius: 9,
        octaves: 5,
        latticeStep: 2,
        mouths: 0.8,
    },
});

/** Several levels, all signs, the far ends of the world, height grids and fused chunks, plains and mountains with gullies. */
export const GOLDEN_ADDRESSES: readonly ChunkAddress[] = [
    "0/0/0",
    "0/-3/2",
    "0/5/-9",
    "1/-2/1",
    "1/-40/17",
    "2/3/3",
    "4/-7/12",
    "8/1/-2",
    "0/156250/-156250",
    "0/-8388607/8388607",
    "0/-5/-337",
    "0/-202/-82",
    "1/194/15",
    "3/34/43",
    "5/12/1",
].map(parseAddress);
