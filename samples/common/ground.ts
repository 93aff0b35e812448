import type { Vec3Like } from "../../src/index.js";

/** What controls need to know of the world. A `TerrainWorld` has it. */
export interface Ground {
    sampleHeight(x: number, z: number): number;
    /** Returns about the metres to the surface: negative in rock, positive in air. */
    sampleDensity(x: number, y: number, z: number): number;
}

/** Metres: how near a flying eye comes to rock. Well above the camera's near plane. */
const CLEARANCE = 1.5;
/** Metres that land rises by at most, for each metre along it, over a move. */
const STEEPEST = 6;
/** Metres: one step of a move near rock. */
const STEP = 1;
const MOST_STEPS = 64;

/** Moves `position` by `move` without entering rock: slides along it, and out of it where it began inside. */
export function moveInAir(ground: Ground, position: Vec3Like, move: Vec3Like): void {
    const length = Math.hypot(move.x, move.y, move.z);
    // Far above the land nothing can be hit on the way.
    const isFree = position.y - ground.sampleHeight(position.x, position.z) > STEEPEST * length + 2 * CLEARANCE;
    const steps = isFree ? 1 : Math.min(MOST_STEPS, Math.max(1, Math.ceil(length / STEP)));
    for (let i = 0; i < steps; i++) {
        const { x, y, z } = position;
        position.x += move.x / steps;
        position.y += move.y / steps;
        position.z += move.z / steps;
        if (!pushOut(ground, position) && ground.sampleDensity(x, y, z) > 0) {
            position.x = x;
            position.y = y;
            position.z = z;
            return;
        }
    }
    if (steps === MOST_STEPS) {
        position.y = Math.max(position.y, ground.sampleHeight(position.x, position.z) + CLEARANCE);
    }
}

/** Moves `position` out of rock. Returns false where there is no way out near by. */
function pushOut(ground: Ground, position: Vec3Like): boolean {
    for (let i = 0; i < 4; i++) {
        const { x, y, z } = position;
        const density = ground.sampleDensity(x, y, z);
        const missing = CLEARANCE - density;
        if (missing <= 0) {
            return true;
        }
        const reach = 0.5;
        const gx = ground.sampleDensity(x + reach, y, z) - ground.sampleDensity(x - reach, y, z);
        const gy = ground.sampleDensity(x, y + reach, z) - ground.sampleDensity(x, y - reach, z);
        const gz = ground.sampleDensity(x, y, z + reach) - ground.sampleDensity(x, y, z - reach);
        const squared = gx * gx + gy * gy + gz * gz;
        if (squared < 1e-9) {
            return false;
        }
        // To the surface by its slope, at most two metres at once.
        const scale = Math.min((missing * 2 * reach) / squared, 2 / Math.sqrt(squared));
        position.x += gx * scale;
        position.y += gy * scale;
        position.z += gz * scale;
    }
    return ground.sampleDensity(position.x, position.y, position.z) > CLEARANCE / 3;
}

/**
 * Returns the height in metres of the rock below a point in air, cave floors included; of the land where none is within
 * `reach`.
 */
export function floorBelow(ground: Ground, x: number, y: number, z: number, reach: number): number {
    const height = ground.sampleHeight(x, z);
    let free = y;
    while (free > y - reach) {
        // Through open air at one bound.
        const next = free > height + 1 ? height + 0.5 : free - 0.5;
        if (ground.sampleDensity(x, next, z) < 0) {
            let blocked = next;
            for (let i = 0; i < 8; i++) {
                const middle = (free + blocked) / 2;
                if (ground.sampleDensity(x, middle, z) < 0) {
                    blocked = middle;
                } else {
                    free = middle;
                }
            }
            return free;
        }
        free = next;
    }
    return Math.min(height, y - reach);
}
