import type { FieldSampler } from "../../src/generators/fieldSampler.js";
import type { Random } from "../support/randomRecipe.js";

/** What is known of a world's ground without any chunk. */
export type Field = Pick<FieldSampler, "sampleHeight" | "sampleDensity" | "raycast" | "recipe">;

/** Where a camera stands, and where it looks: metres and radians, as Babylon's rotation has them. Pitch grows downwards. */
export interface Pose {
    readonly x: number;
    readonly y: number;
    readonly z: number;
    readonly yaw: number;
    readonly pitch: number;
}

interface Point {
    readonly x: number;
    readonly y: number;
    readonly z: number;
}

interface Spot {
    readonly x: number;
    readonly z: number;
    /** Metres: the height of its ground. */
    readonly ground: number;
}

/** Metres around a centre within which spots are tried first. */
const RADIUS = 2500;
/** Spots that are tried before the radius doubles, and how often it may. */
const MOST_SPOTS = 400;
const MOST_DOUBLINGS = 5;
/** Metres of air around an eye: more than the near plane and a sample of most levels. */
export const CLEARANCE = 1.3;
/** Metres that a ray goes free by which the open is told from a cave. */
const OPEN = 60;

/** Returns a random spot of land or sea floor. */
export function findSpot(field: Field, centre: Omit<Spot, "ground">, random: Random, radius = RADIUS): Spot {
    const angle = random.next() * 2 * Math.PI;
    const away = radius * Math.sqrt(random.next());
    const x = centre.x + Math.cos(angle) * away;
    const z = centre.z + Math.sin(angle) * away;
    return { x, z, ground: field.sampleHeight(x, z) };
}

/**
 * Finds a pose before, in or over a cave mouth, looking at it.
 *
 * @param isAbove whether from straight above
 */
export function findMouth(field: Field, centre: Omit<Spot, "ground">, isAbove: boolean, random: Random): Pose {
    return search(field, centre, random, ({ x, z, ground }) => {
        const mouth = { x, y: ground - 1 - 5 * random.next(), z };
        if (field.sampleDensity(x, mouth.y, z) < CLEARANCE) {
            return null;
        }
        if (isAbove) {
            const isPit = field.raycast(mouth, { x: 0, y: 1, z: 0 }, OPEN) === null;
            const y = ground + 4 * 20 ** random.next();
            return isPit ? { x, y, z, yaw: random.next() * 2 * Math.PI, pitch: Math.PI / 2 } : null;
        }
        const out = directionOf(random.next() * 2 * Math.PI, -(random.next() ** 2));
        const hit = field.raycast(mouth, out, OPEN);
        if (hit !== null) {
            return null;
        }
        const eye = along(mouth, out, 1 + 40 * random.next() ** 1.5);
        if (field.sampleDensity(eye.x, eye.y, eye.z) < CLEARANCE) {
            return null;
        }
        return { ...eye, ...lookAlong({ x: -out.x, y: -out.y, z: -out.z }, random) };
    });
}

/** Finds a pose in a cave. Every other looks to where most is to be seen. */
export function findCave(field: Field, centre: Omit<Spot, "ground">, random: Random): Pose {
    const { maxDepth } = field.recipe.caves;
    return search(field, centre, random, ({ x, z, ground }) => {
        const depths: number[] = [];
        for (let depth = 3; depth < maxDepth; depth += 1.5) {
            if (field.sampleDensity(x, ground - depth, z) >= CLEARANCE) {
                depths.push(depth);
            }
        }
        if (depths.length === 0) {
            return null;
        }
        const eye = { x, y: ground - depths[Math.floor(random.next() * depths.length)]!, z };
        const directions = Array.from({ length: 6 }, () =>
            directionOf(random.next() * 2 * Math.PI, random.next() - 0.5),
        );
        const free = directions.map((direction) => field.raycast(eye, direction, OPEN)?.distance ?? OPEN);
        const best = random.next() < 0.5 ? 0 : free.indexOf(Math.max(...free));
        return { ...eye, ...lookAlong(directions[best]!, random) };
    });
}

function search(field: Field, centre: Omit<Spot, "ground">, random: Random, poseAt: (spot: Spot) => Pose | null): Pose {
    for (let doubling = 0; doubling <= MOST_DOUBLINGS; doubling++) {
        for (let i = 0; i < MOST_SPOTS; i++) {
            const pose = poseAt(findSpot(field, centre, random, RADIUS * 2 ** doubling));
            if (pose !== null) {
                return pose;
            }
        }
    }
    throw new Error(`no cave near ${centre.x}, ${centre.z} in the world of seed ${field.recipe.seed}`);
}

/** @param pitch radians, growing downwards */
function directionOf(yaw: number, pitch: number): Point {
    return { x: Math.sin(yaw) * Math.cos(pitch), y: -Math.sin(pitch), z: Math.cos(yaw) * Math.cos(pitch) };
}

/** Returns where a camera looks that looks along a direction, a little off it. */
function lookAlong({ x, y, z }: Point, random: Random): Pick<Pose, "yaw" | "pitch"> {
    return {
        yaw: Math.atan2(x, z) + (random.next() - 0.5) * 0.6,
        pitch: -Math.atan2(y, Math.hypot(x, z)) + (random.next() - 0.5) * 0.4,
    };
}

function along({ x, y, z }: Point, direction: Point, metres: number): Point {
    return { x: x + direction.x * metres, y: y + direction.y * metres, z: z + direction.z * metres };
}
