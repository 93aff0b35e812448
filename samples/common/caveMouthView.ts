import type { Ground } from "./ground.js";
import type { View } from "./queryOptions.js";

/** Metres between spots that are tried, roughly. */
const SPOT_STEP = 30;
const MOST_SPOTS = 3000;
/** Most looks into caves: each fills a volume. */
const MOST_LOOKS = 240;
/** Number of mouths of which the best is taken. */
const MOST_MOUTHS = 6;
/** Metres above the sea. */
const LEAST_HEIGHT = 15;
/** Rise over run: a mouth in a hillside is walked into, one in a plain is fallen into. */
const LEAST_SLOPE = 0.28;
/** Radians to either side of the way down. */
const TURNS = [0, 0.35, -0.35, 0.7, -0.7] as const;

/**
 * Finds a view from outside into a cave mouth near the origin; null where there is none. The same world gives the same
 * view.
 */
export function findCaveMouthView(ground: Ground, seaLevel: number): View | null {
    let best: ScoredView | null = null;
    let looks = 0;
    let mouths = 0;
    for (let spot = 0; spot < MOST_SPOTS && looks < MOST_LOOKS && mouths < MOST_MOUTHS; spot++) {
        // A sunflower's spiral comes by everything near before anything far.
        const angle = spot * 2.399963;
        const away = SPOT_STEP * Math.sqrt(spot);
        const x = Math.sin(angle) * away;
        const z = Math.cos(angle) * away;
        const height = ground.sampleHeight(x, z);
        if (height < seaLevel + LEAST_HEIGHT) {
            continue;
        }
        const slopeX = (ground.sampleHeight(x + 14, z) - ground.sampleHeight(x - 14, z)) / 28;
        const slopeZ = (ground.sampleHeight(x, z + 14) - ground.sampleHeight(x, z - 14)) / 28;
        if (Math.hypot(slopeX, slopeZ) < LEAST_SLOPE) {
            continue;
        }
        looks++;
        if (ground.sampleDensity(x, height - 4, z) < 1.5) {
            continue;
        }
        const found = viewInto(ground, x, height - 4, z, Math.atan2(slopeX, slopeZ));
        if (found !== null) {
            mouths++;
            best = best === null || found.score > best.score ? found : best;
        }
    }
    return best?.view ?? null;
}

interface ScoredView {
    readonly view: View;
    readonly score: number;
}

/**
 * Returns the view into a cave from a point in it near the surface: which way is out, and how far one sees the other
 * way.
 */
function viewInto(ground: Ground, x: number, y: number, z: number, uphill: number): ScoredView | null {
    let best: ScoredView | null = null;
    for (const turn of TURNS) {
        const dx = Math.sin(uphill + turn);
        const dz = Math.cos(uphill + turn);
        const out = freeDistance(ground, x, y, z, -dx, 0.06, -dz, 40) * 0.96;
        const eyeX = x - dx * out;
        const eyeY = y + 0.06 * out;
        const eyeZ = z - dz * out;
        if (ground.sampleDensity(eyeX, eyeY, eyeZ) < 1.6 || eyeY < ground.sampleHeight(eyeX, eyeZ)) {
            continue;
        }
        const into = freeDistance(ground, x, y, z, dx, -0.1, dz, 50);
        const roof = ground.sampleHeight(x + dx * into * 0.6, z + dz * into * 0.6) - y;
        const score = into + Math.min(roof, 14) * 2 + Math.min(out, 24);
        if (into > 8 && roof > 4 && out > 9 && score > (best?.score ?? 0)) {
            const yaw = (((uphill + turn) * 180) / Math.PI + 360) % 360;
            best = { view: { x: eyeX, y: eyeY, z: eyeZ, yaw, pitch: 1 }, score };
        }
    }
    return best;
}

/** Returns the metres of air from a point along a direction. */
function freeDistance(
    ground: Ground,
    x: number,
    y: number,
    z: number,
    dx: number,
    dy: number,
    dz: number,
    most: number,
): number {
    let free = 0;
    while (free < most && ground.sampleDensity(x + dx * (free + 2), y + dy * (free + 2), z + dz * (free + 2)) > 0) {
        free += 2;
    }
    return free;
}
