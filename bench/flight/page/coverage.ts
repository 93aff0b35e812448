import type { TerrainWorld } from "../../../src/index.js";
import type { Pose } from "./route.js";

/**
 * Number of directions of the probes in the field of view; each has distances from near to far in a geometric series.
 */
const DIRECTIONS = 24;
const DISTANCES = 14;
const NEAREST = 8;
/** Share of the view distance that must be covered: beyond it, selection ends in whole roots. */
const FARTHEST_SHARE = 0.95;
const HALF_VIEW = Math.PI / 4;

const keys = new Set<number>();

/**
 * Returns whether every probe in view has a chunk above or below it. Chunks have no gaps inside, so this finds each
 * hole that streaming can leave, in every frame; cracks between chunks it does not see.
 */
export function isCovered(world: TerrainWorld, pose: Pose): boolean {
    keys.clear();
    let levels = 0;
    world["_runtime"].forEachShown(({ level, x, z }) => {
        keys.add(keyOf(level, x, z));
        levels |= 1 << level;
    });
    const { chunkSize } = world.recipe;
    const reach = world.viewDistance * FARTHEST_SHARE;
    for (let i = 0; i < DIRECTIONS; i++) {
        const angle = pose.yaw + ((i + 0.5) / DIRECTIONS - 0.5) * 2 * HALF_VIEW;
        for (let j = 0; j < DISTANCES; j++) {
            const distance = NEAREST * (reach / NEAREST) ** (j / (DISTANCES - 1));
            const x = pose.x + Math.sin(angle) * distance;
            const z = pose.z + Math.cos(angle) * distance;
            if (!isPointCovered(x / chunkSize, z / chunkSize, levels)) {
                return false;
            }
        }
    }
    return true;
}

function isPointCovered(x: number, z: number, levels: number): boolean {
    for (let level = 0; levels >> level !== 0; level++) {
        const side = 2 ** level;
        if ((levels & (1 << level)) !== 0 && keys.has(keyOf(level, Math.floor(x / side), Math.floor(z / side)))) {
            return true;
        }
    }
    return false;
}

function keyOf(level: number, x: number, z: number): number {
    return (level * 2 ** 22 + (x + 2 ** 21)) * 2 ** 22 + (z + 2 ** 21);
}
