import { SUN_DIRECTION } from "./atmosphereGlsl.js";
import type { Ground } from "./ground.js";
import type { View } from "./queryOptions.js";

const DEGREE = Math.PI / 180;
const DIRECTIONS = 16;
/** Metres from the eye at which land is looked at. */
const NEAR = [60, 160, 350, 700] as const;
const FAR = [1400, 2400, 3600, 5200, 7000] as const;
const RINGS = 5;
const RING_STEP = 1300;
const SPOTS_A_RING = 7;
/** Metres above the ground. */
const EYE_HEIGHT = 46;

/**
 * A view worth seeing near the origin: from dry land over water or a plain towards high mountains, with the sun from the
 * side. The same for the same world, whoever looks.
 */
export function findLandscapeView(ground: Ground, seaLevel: number): View {
    let best: View = { x: 0, y: Math.max(ground.sampleHeight(0, 0), seaLevel) + 120, z: 0, yaw: 0, pitch: -8 };
    let bestScore = Number.NEGATIVE_INFINITY;
    for (let ring = 0; ring < RINGS; ring++) {
        const spots = ring === 0 ? 1 : SPOTS_A_RING + ring;
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
                const score = scoreView(ground, seaLevel, x, y, z, yaw) - ring * 0.25;
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
    for (const turn of [-18, 0, 18]) {
        const dx = Math.sin((yaw + turn) * DEGREE);
        const dz = Math.cos((yaw + turn) * DEGREE);
        for (const distance of NEAR) {
            const height = ground.sampleHeight(x + dx * distance, z + dz * distance);
            // Land near by must leave the view open.
            score -= Math.max(0, (height - y + 6) / distance + 0.04) * 9;
            water += height < seaLevel - 1 ? 0.6 : 0;
        }
        let highest = 0;
        for (const distance of FAR) {
            const height = ground.sampleHeight(x + dx * distance, z + dz * distance);
            highest = Math.max(highest, (height - y) / distance);
            water += height < seaLevel - 3 ? 1 : 0;
        }
        skyline += Math.min(0.3, highest);
    }
    score += skyline * 9;
    // Some water is best; a view of nothing else is dull.
    score += water <= 6 ? water * 0.42 : Math.max(0, 2.5 - (water - 6) * 0.3);
    const towardsSun =
        (Math.sin(yaw * DEGREE) * SUN_DIRECTION.x + Math.cos(yaw * DEGREE) * SUN_DIRECTION.z) /
        Math.hypot(SUN_DIRECTION.x, SUN_DIRECTION.z);
    // Side light shows relief; looking along the light flattens it, looking into it dazzles.
    return score - 1.6 * Math.abs(towardsSun - 0.15);
}
