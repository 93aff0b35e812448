import type { Ground } from "./ground.js";
import type { View } from "./queryOptions.js";

const DEGREE = Math.PI / 180;
/** Metres between spots that are tried, and how far out. */
const SPOT_STEP = 48;
const MOST_SPOTS = 900;
/** Metres above the sea from which caves are dry. */
const DRY_HEIGHT = 12;
const DIRECTIONS = 16;
/** The best of so many mouths is taken. */
const MOST_MOUTHS = 5;

/**
 * A view from outside into a cave mouth near the origin; null where none is found. The same for the same world.
 */
export function findCaveMouthView(ground: Ground, seaLevel: number): View | null {
    let best: View | null = null;
    let bestScore = Number.NEGATIVE_INFINITY;
    let found = 0;
    for (let spot = 0; spot < MOST_SPOTS && found < MOST_MOUTHS; spot++) {
        // A sunflower's spiral comes by everything near before anything far.
        const angle = spot * 2.399963;
        const away = SPOT_STEP * Math.sqrt(spot);
        const view = viewInto(ground, seaLevel, Math.sin(angle) * away, Math.cos(angle) * away);
        if (view !== null) {
            found++;
            if (view.score > bestScore) {
                bestScore = view.score;
                best = view.view;
            }
        }
    }
    return best;
}

function viewInto(
    ground: Ground,
    seaLevel: number,
    x: number,
    z: number,
): { readonly view: View; readonly score: number } | null {
    const height = ground.sampleHeight(x, z);
    const y = height - 4;
    if (height < seaLevel + DRY_HEIGHT || ground.sampleDensity(x, y, z) < 1.5) {
        return null;
    }
    const openShare = openShareAround(ground, x, z);
    // In a cave near the surface: which way is out, and how far can one see the other way?
    let best: { view: View; score: number } | null = null;
    for (let i = 0; i < DIRECTIONS; i++) {
        const yaw = (i / DIRECTIONS) * 360;
        const dx = Math.sin(yaw * DEGREE);
        const dz = Math.cos(yaw * DEGREE);
        const out = freeDistance(ground, x, y, z, -dx, 0.06, -dz, 44);
        const eyeX = x - dx * out * 0.96;
        const eyeY = y + 0.06 * out;
        const eyeZ = z - dz * out * 0.96;
        if (ground.sampleDensity(eyeX, eyeY, eyeZ) < 1.6 || eyeY < ground.sampleHeight(eyeX, eyeZ)) {
            continue;
        }
        const into = freeDistance(ground, x, y, z, dx, -0.12, dz, 60);
        const roof = Math.max(0, ground.sampleHeight(x + dx * into * 0.6, z + dz * into * 0.6) - y);
        const score = Math.min(into, 40) + Math.min(roof, 12) * 2 + Math.min(out, 24) - openShare * 40;
        if (into > 8 && roof > 3 && out > 9 && score > (best?.score ?? Number.NEGATIVE_INFINITY)) {
            best = { view: { x: eyeX, y: eyeY, z: eyeZ, yaw, pitch: -5 }, score };
        }
    }
    return best;
}

/** How much of the land close by is open to caves below: a mouth shows only where there is land around it. */
function openShareAround(ground: Ground, x: number, z: number): number {
    const spots = 8;
    let open = 0;
    for (let i = 0; i < spots; i++) {
        const angle = (i / spots) * 2 * Math.PI;
        const spotX = x + Math.sin(angle) * 15;
        const spotZ = z + Math.cos(angle) * 15;
        open += ground.sampleDensity(spotX, ground.sampleHeight(spotX, spotZ) - 1.5, spotZ) > 0 ? 1 : 0;
    }
    return open / spots;
}

/** Metres of air from a point along a direction. */
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
