import { TerraneError } from "../../../src/base/errors.js";
import { isAddress, MAX_FACE_LEVEL, type ChunkAddress } from "../../../src/space/chunkAddress.js";
import { childX, childZ, parentCoordinate } from "../../../src/space/chunkTree.js";
import { createTopology } from "../../../src/space/createTopology.js";
import { placeToRef } from "../../../src/space/cubeSphere.js";
import { PlanetTopology } from "../../../src/space/planetTopology.js";
import type { Place, TopologySettings } from "../../../src/space/topology.js";
import { Random, testSeed } from "../../support/randomRecipe.js";
import {
    chunksAlong,
    distanceBetween,
    lengthOf,
    listOf,
    placeIn,
    PLANETS,
    randomChunk,
    randomPosition,
    textOf,
} from "./planets.js";

const seed = testSeed();
const SPAN = Float64Array.of(-20, 50);

function neighboursOf(planet: PlanetTopology, { face, level, x, z }: ChunkAddress): ChunkAddress[] {
    return listOf(level, (list) => planet.neighboursToRef(face, level, x, z, list));
}

function chunkAt(planet: PlanetTopology, level: number, position: Place): ChunkAddress {
    const found = listOf(level, (list) => planet.chunkAtToRef(level, position, list));
    expect(found).toHaveLength(1);
    return found[0]!;
}

function groundDistance(planet: PlanetTopology, { face, level, x, z }: ChunkAddress, position: Place): number {
    const distance = new Float64Array(1);
    planet.groundDistanceToRef(face, level, x, z, position, distance, 0);
    return distance[0]!;
}

/** A chunk's corners, as text that tells each bit. */
function cornersOf(planet: PlanetTopology, { face, level, x, z }: ChunkAddress): string[] {
    const place = new Float64Array(3);
    return [0, 1, 2, 3].map((corner) => {
        placeToRef(face, x + (corner & 1), z + (corner >> 1), chunksAlong(planet, level), place);
        return place.join(" ");
    });
}

/** The longest and the shortest side of a level's chunks, of those on a face's axes and its edges. */
function sidesOf(planet: PlanetTopology, level: number): [number, number] {
    const count = chunksAlong(planet, level);
    let [longest, shortest] = [0, Infinity];
    for (const z of [0, count / 2]) {
        for (let x = 0; x < count; x++) {
            const ends = [0, 1].map((u) => placeIn(planet, { face: 0, level, x, z }, u, 0)) as [Place, Place];
            longest = Math.max(longest, distanceBetween(...ends));
            shortest = Math.min(shortest, distanceBetween(...ends));
        }
    }
    return [longest, shortest];
}

test(`chunks are as few as they may be for none to be longer than its nominal side (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let run = 0; run < 60; run++) {
        const chunkSize = random.power(4, 1024);
        const planet = new PlanetTopology(chunkSize, chunkSize * 2 ** random.between(1, 12));
        const [longest, shortest] = sidesOf(planet, 0);
        expect(longest).toBeLessThanOrEqual(chunkSize);
        // Half as many would be too long; the constant that says so is rounded up, and short chords are not arcs.
        expect(2 * longest).toBeGreaterThan(chunkSize * (chunksAlong(planet, 0) < 32 ? 0.97 : 0.999));
        expect(shortest / chunkSize).toBeGreaterThan(0.32);
        expect(planet.sides[3]).toBe(8 * chunkSize);
    }
});

test("roots are the six faces, at the same level for whatever is seen and wherever from", () => {
    for (const planet of PLANETS) {
        const { rootLevel } = planet;
        for (const position of [
            { x: 0, y: 0, z: 0 },
            { x: 1e9, y: -2, z: 5 },
        ]) {
            const roots = listOf(rootLevel, (list) =>
                planet.rootsInReachToRef(planet.rootLevelFor(), position, 10, list),
            );
            expect(roots).toEqual(
                [0, 1, 2, 3, 4, 5].map((face) => ({ face, level: rootLevel, x: 0, z: 0, distance: 0 })),
            );
            expect(roots.every(isAddress)).toBe(true);
        }
        expect([planet.rootRadii[rootLevel - 1], planet.rootRadii[rootLevel]]).toEqual([0, Infinity]);
        expect(Number.isFinite(planet.extent) && planet.extent === planet.viewerExtent).toBe(true);
        expect(listOf(rootLevel + 1, (list) => planet.chunkAtToRef(rootLevel + 1, { x: 1, y: 2, z: 3 }, list))).toEqual(
            [],
        );
    }
});

test(`neighbours are each other's and share an edge or a corner with it, to the bit (seed ${seed})`, () => {
    const random = new Random(seed);
    const counts = new Map<number, number>();
    for (let run = 0; run < 600; run++) {
        const planet = random.pick(PLANETS);
        const chunk = randomChunk(planet, random);
        const neighbours = neighboursOf(planet, chunk);
        const last = chunksAlong(planet, chunk.level) - 1;
        const isCorner = [chunk.x, chunk.z].every((at) => at === 0 || at === last);
        expect(neighbours).toHaveLength(last === 0 ? 4 : isCorner ? 7 : 8);
        expect(new Set(neighbours.map(textOf)).size).toBe(neighbours.length);
        counts.set(neighbours.length, 1 + (counts.get(neighbours.length) ?? 0));
        const corners = cornersOf(planet, chunk);
        const shared = neighbours.map((neighbour) => {
            expect(isAddress(neighbour)).toBe(true);
            expect(neighboursOf(planet, neighbour).map(textOf)).toContain(textOf(chunk));
            return cornersOf(planet, neighbour).filter((corner) => corners.includes(corner)).length;
        });
        expect(shared.filter((count) => count === 2)).toHaveLength(4);
        expect(shared.filter((count) => count === 1)).toHaveLength(neighbours.length - 4);
    }
    expect([...counts.keys()].sort()).toEqual([4, 7, 8]);
});

test(`a position lies above one chunk of each level, children in their parents, at distance 0 (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let run = 0; run < 200; run++) {
        const planet = random.pick(PLANETS);
        const chunk = randomChunk(planet, random);
        // Corners and edges among them, where rounding decides.
        const [u, v] = [random.pick([0, 1, random.next()]), random.pick([0, 1, random.next()])];
        const position =
            run % 3 === 0 ? randomPosition(planet, random) : placeIn(planet, chunk, u, v, random.between(-9, 99));
        let parent: ChunkAddress | null = null;
        for (let level = planet.rootLevel; level >= 0; level--) {
            const found = chunkAt(planet, level, position);
            expect(isAddress(found)).toBe(true);
            expect(groundDistance(planet, found, position)).toBe(0);
            if (parent !== null) {
                expect([found.face, parentCoordinate(found.x), parentCoordinate(found.z)]).toEqual([
                    parent.face,
                    parent.x,
                    parent.z,
                ]);
            }
            parent = found;
        }
        const inside = placeIn(
            planet,
            chunk,
            random.between(0.01, 0.99),
            random.between(0.01, 0.99),
            random.between(-9, 99),
        );
        expect(textOf(chunkAt(planet, chunk.level, inside))).toBe(textOf(chunk));
    }
});

test(`chunks in reach are those whose distance is no more than the radius, each once (seed ${seed})`, () => {
    const random = new Random(seed);
    const planet = PLANETS[0]!;
    for (let run = 0; run < 60; run++) {
        const level = random.whole(0, 3);
        const position = randomPosition(planet, random, randomChunk(planet, random, level));
        const radius = random.next() * random.pick([1, 4, 40]) * planet.sides[level]!;
        const found = listOf(level, (list) => planet.chunksInReachToRef(level, position, radius, list));
        const expected = new Map<string, number>();
        const count = chunksAlong(planet, level);
        for (let at = 0; at < 6 * count * count; at++) {
            const chunk = {
                face: Math.floor(at / count / count),
                level,
                x: at % count,
                z: Math.floor(at / count) % count,
            };
            const distance = groundDistance(planet, chunk, position);
            if (distance <= radius) {
                expected.set(textOf(chunk), distance);
            }
        }
        expect(found).toHaveLength(expected.size);
        expect(new Map(found.map((chunk) => [textOf(chunk), chunk.distance]))).toEqual(expected);
    }
});

test(`the nearest of a chunk's children is as near as the chunk (seed ${seed})`, () => {
    const random = new Random(seed);
    for (let run = 0; run < 1500; run++) {
        const planet = random.pick(PLANETS);
        const chunk = randomChunk(planet, random, random.whole(1, planet.rootLevel));
        const position = randomPosition(planet, random, chunk);
        const nearest = Math.min(
            ...[0, 1, 2, 3].map((i) => {
                const child = { ...chunk, level: chunk.level - 1, x: childX(chunk.x, i), z: childZ(chunk.z, i) };
                return groundDistance(planet, child, position);
            }),
        );
        expect(Math.abs(groundDistance(planet, chunk, position) - nearest)).toBeLessThanOrEqual(1e-13 * planet.radius);
    }
});

test(`a chunk's middle and origin lie at altitude 0, within it; up and altitude point there (seed ${seed})`, () => {
    const random = new Random(seed);
    const [center, origin, up] = [new Float64Array(3), new Float64Array(3), new Float64Array(3)];
    for (let run = 0; run < 500; run++) {
        const planet = random.pick(PLANETS);
        const chunk = randomChunk(planet, random);
        const { face, level, x, z } = chunk;
        planet.centerToRef(face, level, x, z, center);
        planet.originToRef(face, level, x, z, origin);
        const middle = placeIn(planet, chunk, 0.5, 0.5);
        expect([...center]).toEqual([middle.x, middle.y, middle.z]);
        expect([...origin]).toEqual([...center]);
        expect(Math.abs(planet.altitudeAt(middle))).toBeLessThan(1e-15 * 4 * planet.radius);
        const above = placeIn(planet, chunk, 0.5, 0.5, 1234.5);
        expect(planet.altitudeAt(above)).toBeCloseTo(1234.5, 7);
        planet.upToRef(above, up);
        expect(distanceBetween({ x: up[0]!, y: up[1]!, z: up[2]! }, scaled(middle, 1 / planet.radius))).toBeLessThan(
            1e-15 * 2,
        );
    }
});

test("at the middle, the poles, in the middle of faces, on edges, at corners and in orbit all answers are numbers", () => {
    const steps = [-1, 0, 1];
    const faults: object[] = [];
    for (const planet of PLANETS) {
        for (const scale of [0, 0.5, 1, 1 + 1e-9, 3, planet.viewerExtent / planet.radius]) {
            for (const [x, y, z] of steps.flatMap((a) => steps.flatMap((b) => steps.map((c) => [a, b, c] as const)))) {
                const length = Math.hypot(x, y, z) || 1;
                const position = scaled({ x, y, z }, (scale * planet.radius) / length);
                const up = new Float64Array(3);
                planet.upToRef(position, up);
                expect(Math.hypot(...up)).toBeCloseTo(1, 14);
                const altitude = lengthOf(position) - planet.radius;
                expect(Math.abs(planet.altitudeAt(position) - altitude)).toBeLessThanOrEqual(
                    1e-15 * lengthOf(position),
                );
                for (const level of [0, planet.rootLevel]) {
                    expect(groundDistance(planet, chunkAt(planet, level, position), position)).toBe(0);
                }
                for (let face = 0; face < 6; face++) {
                    const last = chunksAlong(planet, 0) - 1;
                    for (const [level, at] of [
                        [planet.rootLevel, 0],
                        [0, 0],
                        [0, last],
                        [0, last >> 1],
                    ] as const) {
                        const [distance, box] = [new Float64Array(1), new Float64Array(6)];
                        planet.distanceToRef(face, level, at, at, position, SPAN, distance);
                        planet.boxToRef(face, level, at, at, SPAN, 0.5, box);
                        const along = groundDistance(planet, { face, level, x: at, z: at }, position);
                        planet.isBeyondHorizon(face, level, at, at, position, SPAN);
                        const isGood = [...distance, along, ...box].every(Number.isFinite);
                        if (!isGood || along > Math.PI * planet.radius) {
                            faults.push({ position, face, level, at, along, distance, box });
                        }
                    }
                }
            }
        }
        expect(faults).toEqual([]);
        const middle = { x: 0, y: 0, z: 0 };
        const up = new Float64Array(3);
        planet.upToRef(middle, up);
        expect([...up]).toEqual([0, 1, 0]);
        expect(chunkAt(planet, planet.rootLevel, middle).face).toBe(2);
        expect(planet.isBeyondHorizon(0, 0, 0, 0, middle, SPAN)).toBe(true);
    }
});

test("in a cave one sees as far as from the ground above, and basins far below altitude 0 do not hide what is behind", () => {
    const radius = 123_000;
    const [sea, basins] = [new PlanetTopology(64, radius), new PlanetTopology(64, radius, -5_000)];
    const [span, level] = [Float64Array.of(0, 100), 3];
    const chunk = chunkAt(sea, level, { x: radius, y: 0, z: 0 });
    const isHidden = (planet: PlanetTopology, altitude: number, angle: number) => {
        const eye = scaled({ x: Math.cos(angle), y: Math.sin(angle), z: 0 }, radius + altitude);
        return planet.isBeyondHorizon(chunk.face, level, chunk.x, chunk.z, eye, span);
    };
    // Mountains of 100 m are in sight over 4.96 km, and seen from 100 m over 9.92 km.
    const angle = (metres: number) => metres / radius + sea.sides[level]! / radius;
    expect([isHidden(sea, 0, angle(4_000)), isHidden(sea, 0, angle(6_000))]).toEqual([false, true]);
    expect([isHidden(sea, -300, angle(4_000)), isHidden(sea, -300, angle(6_000))]).toEqual([false, true]);
    expect([isHidden(sea, 100, angle(9_000)), isHidden(sea, 100, angle(11_000))]).toEqual([false, true]);
    expect([isHidden(basins, 0, angle(40_000)), isHidden(basins, 0, angle(80_000))]).toEqual([false, true]);
});

test("createTopology makes planets, and refuses radii with the field, the value, what is allowed and the remedy", () => {
    const create = (radius: unknown, more: Partial<TopologySettings> = {}) =>
        createTopology({ topology: "planet", chunkSize: 64, radius: radius as number, ...more });
    expect(create(128)).toBeInstanceOf(PlanetTopology);
    expect((create(128) as PlanetTopology).rootLevel).toBe(2);
    expect((create(329_368_000) as PlanetTopology).rootLevel).toBe(MAX_FACE_LEVEL);
    for (const radius of [127.9, 329_369_000, Infinity, NaN, -1_000, "1000", null, undefined]) {
        expect(() => create(radius)).toThrow(TerraneError);
        expect(() => create(radius)).toThrow(
            /^recipe\.radius is .*; allowed: a number from 128 to 32936\d{4} \(m\), with chunks/,
        );
    }
    expect((create(1_000, { lowestGround: -300 }) as PlanetTopology).lowestGround).toBe(-300);
    for (const lowestGround of [1, -1_000, NaN]) {
        expect(() => create(1_000, { lowestGround })).toThrow(
            /^lowestGround is .*; allowed: a number over -1000 and at most 0/,
        );
    }
});

function scaled({ x, y, z }: Place, by: number): Place {
    return { x: x * by, y: y * by, z: z * by };
}
