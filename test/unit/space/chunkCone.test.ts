import type { ChunkAddress } from "../../../src/space/chunkAddress.js";
import type { PlanetTopology } from "../../../src/space/planetTopology.js";
import type { Place } from "../../../src/space/topology.js";
import { Random, testSeed } from "../../support/randomRecipe.js";
import { distanceBetween, lengthOf, placeIn, PLANETS, randomChunk, randomPosition } from "./planets.js";

const seed = testSeed();
/** Samples along a chunk's side for comparisons. */
const STEPS = 64;
/** Radii by which a double's rounding may put a result off. */
const ROUNDING = 1e-13;

function groundDistance(planet: PlanetTopology, { face, level, x, z }: ChunkAddress, position: Place): number {
    const distance = new Float64Array(3);
    planet.groundDistanceToRef(face, level, x, z, position, distance, 2);
    return distance[2]!;
}

function distance(
    planet: PlanetTopology,
    { face, level, x, z }: ChunkAddress,
    position: Place,
    span: Float64Array,
): number {
    const measured = new Float64Array(1);
    planet.distanceToRef(face, level, x, z, position, span, measured);
    return measured[0]!;
}

function boxOf(planet: PlanetTopology, { face, level, x, z }: ChunkAddress, span: Float64Array, margin = 0): number[] {
    const box = new Float64Array(6);
    planet.boxToRef(face, level, x, z, span, margin, box);
    return [...box];
}

/** Places all over a chunk at an altitude. */
function placesOf(planet: PlanetTopology, chunk: ChunkAddress, altitude: number, steps = STEPS): Place[] {
    return Array.from({ length: (steps + 1) ** 2 }, (_, at) =>
        placeIn(planet, chunk, (at % (steps + 1)) / steps, Math.floor(at / (steps + 1)) / steps, altitude),
    );
}

function randomSpan(planet: PlanetTopology, random: Random): Float64Array {
    const reach = planet.radius * random.pick([0.002, 0.02, 0.2]);
    const least = random.between(-reach, reach);
    return Float64Array.of(least, least + random.next() * reach);
}

const componentsOf = ({ x, y, z }: Place) => [x, y, z];

describe.each(PLANETS.map((planet) => [planet.radius, planet] as const))("radius %d m", (radius, planet) => {
    test(`the distance over the ground is the shortest arc, or too short by at most a part in 5,000 (seed ${seed})`, () => {
        const random = new Random(seed);
        let farOff = 0;
        for (let run = 0; run < 300; run++) {
            const chunk = randomChunk(planet, random);
            const position = randomPosition(planet, random, chunk);
            const scale = radius / lengthOf(position);
            const below = { x: position.x * scale, y: position.y * scale, z: position.z * scale };
            const measured = groundDistance(planet, chunk, position);
            let nearest = Infinity;
            for (const place of placesOf(planet, chunk, 0)) {
                nearest = Math.min(
                    nearest,
                    2 * radius * Math.asin(Math.min(1, distanceBetween(below, place) / (2 * radius))),
                );
            }
            farOff += nearest > radius ? 1 : 0;
            const step = planet.sides[chunk.level]! / STEPS;
            expect(measured).toBeLessThanOrEqual(nearest + ROUNDING * radius);
            expect(measured).toBeGreaterThanOrEqual(nearest * (1 - 1 / 5000) - step);
        }
        expect(farOff).toBeGreaterThan(10);
    });

    test(`the distance through the air is never too long, nor too short by more than a chunk (seed ${seed})`, () => {
        const random = new Random(seed);
        for (let run = 0; run < 300; run++) {
            const chunk = randomChunk(planet, random);
            const span = randomSpan(planet, random);
            const position = randomPosition(planet, random, chunk);
            const measured = distance(planet, chunk, position, span);
            let nearest = Infinity;
            for (const altitude of [span[0]!, (span[0]! + span[1]!) / 2, span[1]!]) {
                for (const place of placesOf(planet, chunk, altitude, 16)) {
                    nearest = Math.min(nearest, distanceBetween(position, place));
                }
            }
            const widest = Math.SQRT2 * planet.sides[chunk.level]! * (1 + span[1]! / radius);
            expect(measured).toBeLessThanOrEqual(nearest + ROUNDING * 10 * radius);
            expect(measured).toBeGreaterThanOrEqual(nearest - widest - (span[1]! - span[0]!));
        }
    });

    test(`a box holds all of a chunk, margin and all, and none of its sides could be nearer (seed ${seed})`, () => {
        const random = new Random(seed);
        for (let run = 0; run < 150; run++) {
            const chunk = randomChunk(planet, random);
            const span = randomSpan(planet, random);
            const box = boxOf(planet, chunk, span);
            const held = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity];
            for (const altitude of span) {
                for (const place of placesOf(planet, chunk, altitude)) {
                    componentsOf(place).forEach((at, axis) => {
                        held[axis] = Math.min(held[axis]!, at);
                        held[axis + 3] = Math.max(held[axis + 3]!, at);
                    });
                }
            }
            const slack = (planet.sides[chunk.level]! / STEPS) * (1 + Math.abs(span[1]!) / radius) + ROUNDING * radius;
            held.forEach((at, side) => {
                const room = side < 3 ? at - box[side]! : box[side]! - at;
                expect(room).toBeGreaterThanOrEqual(-ROUNDING * radius);
                expect(room).toBeLessThan(slack);
            });
            const margin = random.pick([0.5, 1]);
            const wide = boxOf(planet, chunk, span, margin);
            const [u, v] = [random.between(-margin, 1 + margin), random.between(-margin, 1 + margin)];
            const near = componentsOf(placeIn(planet, chunk, u, v, span[1]));
            const isNear =
                groundDistance(planet, chunk, { x: near[0]!, y: near[1]!, z: near[2]! }) <
                margin * planet.sides[chunk.level]!;
            expect(!isNear || near.every((at, axis) => at >= wide[axis]! && at <= wide[axis + 3]!)).toBe(true);
        }
    });

    test(`a chunk comes into a box where a line from the planet's middle through it does (seed ${seed})`, () => {
        const random = new Random(seed);
        let [inside, outside] = [0, 0];
        for (let run = 0; run < 600; run++) {
            const chunk = randomChunk(planet, random);
            const side = planet.sides[chunk.level]!;
            const middle = componentsOf(randomPosition(planet, random, chunk));
            const half = side * random.pick([0, 0.1, 1, 4]);
            const isMetBy = (rays: Place[], wider: number) =>
                rays.some((ray) => {
                    let [from, to] = [0, Infinity];
                    componentsOf(ray).forEach((along, axis) => {
                        const [low, high] = [middle[axis]! - half - wider, middle[axis]! + half + wider];
                        const [a, b] = [low / along, high / along];
                        const misses = along === 0 && (low > 0 || high < 0);
                        from = misses ? Infinity : along === 0 ? from : Math.max(from, Math.min(a, b));
                        to = along === 0 ? to : Math.min(to, Math.max(a, b));
                    });
                    return from <= to;
                });
            const [minimum, maximum] = [-half, half].map((off) => {
                return { x: middle[0]! + off, y: middle[1]! + off, z: middle[2]! + off };
            }) as [Place, Place];
            const isIn = planet.isInBox(chunk.face, chunk.level, chunk.x, chunk.z, minimum, maximum);
            const rays = placesOf(planet, chunk, 0, 32);
            const reach = Math.max(1, (lengthOf(maximum) + lengthOf(minimum)) / radius);
            expect(isIn || !isMetBy(rays, -ROUNDING * radius)).toBe(true);
            expect(!isIn || isMetBy(rays, (reach * side) / 32)).toBe(true);
            inside += isIn ? 1 : 0;
            outside += isIn ? 0 : 1;
        }
        expect(Math.min(inside, outside)).toBeGreaterThan(50);
    });

    test(`nothing that is in sight is beyond the horizon, and most that is not is (seed ${seed})`, () => {
        const random = new Random(seed);
        let [hidden, unseen] = [0, 0];
        for (let run = 0; run < 600; run++) {
            const chunk = randomChunk(planet, random, random.whole(0, planet.rootLevel - 1));
            const span = Float64Array.of(0, 0)
                .map(() => random.between(-0.01, 0.02) * radius * random.next())
                .sort();
            const height = radius * random.pick([0, 1e-5, 1e-3, 0.1, 3]);
            const eye = placeIn(
                planet,
                randomChunk(planet, random, 0),
                random.next(),
                random.next(),
                span[1]! + height,
            );
            // The ground that stands in the way.
            const ground = radius + Math.min(0, span[0]!);
            const isSeen = placesOf(planet, chunk, span[1]!, 16).some((place) => isInSight(eye, place, ground));
            const isHidden = planet.isBeyondHorizon(chunk.face, chunk.level, chunk.x, chunk.z, eye, span);
            expect(isSeen && isHidden).toBe(false);
            hidden += isHidden ? 1 : 0;
            unseen += isSeen ? 0 : 1;
        }
        expect(unseen).toBeGreaterThan(100);
        expect(hidden / unseen).toBeGreaterThan(0.8);
    });
});

/** Whether a sphere around the middle leaves the straight line between two places free. */
function isInSight(from: Place, to: Place, radius: number): boolean {
    const [a, b] = [componentsOf(from), componentsOf(to)];
    const along = a.map((value, axis) => b[axis]! - value);
    const square = along.reduce((sum, value) => sum + value * value, 0);
    const share = Math.max(0, Math.min(1, -a.reduce((sum, value, axis) => sum + value * along[axis]!, 0) / square));
    return Math.hypot(...a.map((value, axis) => value + share * along[axis]!)) >= radius * (1 - 1e-12);
}
