import type { Ground } from "./ground.js";
import type { View } from "./queryOptions.js";

const DEGREE = Math.PI / 180;
/** Degrees: where the afternoon's sun stands. */
const SUN_YAW = 232;
const DIRECTIONS = 16;
/** Degrees. */
const TURNS = [-22, -7, 8, 23] as const;
/** Metres from the eye at which land is looked at, and what water is worth there. */
const LOOKS = [
    { distance: 60, waterWorth: 0 },
    { distance: 160, waterWorth: 0.2 },
    { distance: 350, waterWorth: 0.6 },
    { distance: 700, waterWorth: 0.8 },
    { distance: 1400, waterWorth: 0.8 },
    { distance: 2400, waterWorth: 0.5 },
    { distance: 3600, waterWorth: 0.2 },
    { distance: 5000, waterWorth: 0.1 },
    { distance: 6500, waterWorth: 0 },
] as const;
/** Metres. */
const FOREGROUND = 1000;
const RINGS = 8;
const RING_STEP = 1100;
const SPOTS_A_RING = 8;
/** Metres above the ground. */
const EYE_HEIGHT = 60;

/**
 * Finds a view worth seeing near the origin: from dry land over water or a plain towards high mountains, with the sun
 * from the side. The same world gives the same view.
 */
export function findLandscapeView(ground: Ground, seaLevel: number): View {
    let best: View = { x: 0, y: Math.max(ground.sampleHeight(0, 0), seaLevel) + 120, z: 0, yaw: 0, pitch: -8 };
    let bestScore = Number.NEGATIVE_INFINITY;
    for (let ring = 0; ring < RINGS; ring++) {
        const spots = ring === 0 ? 1 : SPOTS_A_RING + 2 * ring;
        for (let spot = 0; spot < spots; spot++) {
            const angle = (spot / spots) * 2 * Math.PI + ring;
            const x = Math.round(Math.sin(angle) * ring * RING_STEP);
            const z = Math.round(Math.cos(angle) * ring * RING_STEP);
            const height = ground.sampleHeight(x, z);
            if (height < seaLevel + 2 || height > seaLevel + 320) {
                continue;
            }
            const y = height + EYE_HEIGHT;
            for (let i = 0; i < DIRECTIONS; i++) {
                const yaw = (i / DIRECTIONS) * 360;
                const score = scoreView(ground, seaLevel, x, y, z, yaw) - ring * 0.1;
                if (score > bestScore) {
                    bestScore = score;
                    best = { x, y, z, yaw, pitch: -4 };
                }
            }
        }
    }
    return best;
}

function scoreView(ground: Ground, seaLevel: number, x: number, y: number, z: number, yaw: number): number {
    let score = 0;
    let skyline = 0;
    let water = 0;
    for (const turn of TURNS) {
        const dx = Math.sin((yaw + turn) * DEGREE);
        const dz = Math.cos((yaw + turn) * DEGREE);
        let highest = 0;
        for (const { distance, waterWorth } of LOOKS) {
            const height = ground.sampleHeight(x + dx * distance, z + dz * distance);
            if (distance < FOREGROUND) {
                // Land near by must leave the view open.
                score -= Math.max(0, (height - y) / distance + 0.05) * 10;
            } else {
                highest = Math.max(highest, (height - y) / distance);
            }
            water += height < seaLevel - 1 ? waterWorth : 0;
        }
        // Mountains that fill the picture are no better than none.
        skyline += highest < 0.24 ? highest : 0.24 - (highest - 0.24) * 2;
    }
    score += skyline * 14;
    // Some water is best; a view of nothing else is dull.
    score += water < 5 ? water * 0.6 : 3 - (water - 5) * 0.25;
    const towardsSun = Math.cos((yaw - SUN_YAW) * DEGREE);
    // Side light shows relief; looking along the light flattens it, looking into it dazzles.
    return score - 1.8 * Math.abs(towardsSun - 0.2);
}
