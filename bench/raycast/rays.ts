import type { FieldSampler } from "../../src/generators/fieldSampler.js";

export interface Ray {
    readonly origin: { x: number; y: number; z: number };
    readonly direction: { x: number; y: number; z: number };
    readonly maxDistance: number;
}

export interface Route {
    readonly name: string;
    /** Returns rays of that kind over a world: `count`, or fewer where it has no more places for them. */
    raysOf(sampler: FieldSampler, count: number): Ray[];
}

/** Metres around the origin from which rays begin. */
const REACH = 20_000;
/** Number of places that are tried for each ray. */
const TRIES = 50;

/** Rays of the kinds that picking, sight lines and bodies send. */
export const ROUTES: readonly Route[] = [
    slanting("from 100 m down to 500 m away, 1 km", 1000),
    over("grazing over hills, 1 km", 1000, 20, -0.005, (height) => height > 100),
    over("grazing over hills, 10 km", 10_000, 150, 0, (height) => height > 100),
    over("level at 2 m over plains, 1 km", 1000, 2, 0, (height) => height > 4 && height < 60),
    over("level over the sea, 10 km", 10_000, 2, 0, (height) => height < -40),
    over("climbing, 10 km", 10_000, 2, 0.05, () => true),
    insideCave("inside a cave, 1 km", 1000),
];

function slanting(name: string, maxDistance: number): Route {
    return {
        name,
        raysOf: (sampler, count) =>
            rays(count, (at) => {
                const y = sampler.sampleHeight(at.x, at.z) + 100;
                return { origin: { ...at, y }, direction: { ...around(at.turn), y: -0.2 }, maxDistance };
            }),
    };
}

/**
 * Creates a kind of ray.
 *
 * @param over metres above the ground, or above the sea where that is higher
 * @param climb metres a metre
 */
function over(
    name: string,
    maxDistance: number,
    above: number,
    climb: number,
    isWanted: (height: number) => boolean,
): Route {
    return {
        name,
        raysOf: (sampler, count) =>
            rays(count, (at) => {
                const height = sampler.sampleHeight(at.x, at.z);
                const origin = { ...at, y: Math.max(0, height) + above };
                return isWanted(height) ? { origin, direction: { ...around(at.turn), y: climb }, maxDistance } : null;
            }),
    };
}

function insideCave(name: string, maxDistance: number): Route {
    return {
        name,
        raysOf: (sampler, count) =>
            rays(count, (at) => {
                const y = sampler.sampleHeight(at.x, at.z) - 5 - (at.turn / (2 * Math.PI)) * 40;
                const direction = { ...around(at.turn), y: 0 };
                return sampler.sampleDensity(at.x, y, at.z) > 1
                    ? { origin: { ...at, y }, direction, maxDistance }
                    : null;
            }),
    };
}

function around(turn: number): { x: number; z: number } {
    return { x: Math.cos(turn), z: Math.sin(turn) };
}

/** Returns rays from places spread evenly, the same every time. */
function rays(count: number, rayAt: (at: { x: number; y: number; z: number; turn: number }) => Ray | null): Ray[] {
    const found: Ray[] = [];
    for (let i = 1; i <= count * TRIES && found.length < count; i++) {
        const spread = (step: number) => (i * step) % 1;
        const ray = rayAt({
            x: (2 * spread(0.754877666) - 1) * REACH,
            y: 0,
            z: (2 * spread(0.569840291) - 1) * REACH,
            turn: spread(0.618033989) * 2 * Math.PI,
        });
        if (ray !== null) {
            found.push(ray);
        }
    }
    return found;
}
