import fc from "fast-check";
import { TerraneError } from "../../../src/base/errors.js";
import { MAX_CHUNK_COORDINATE, MAX_LEVEL, NO_FACE, type ChunkAddress } from "../../../src/space/chunkAddress.js";
import { ChunkList } from "../../../src/space/chunkList.js";
import { childX, childZ, parentCoordinate } from "../../../src/space/chunkTree.js";
import { createTopology } from "../../../src/space/createTopology.js";
import type { Topology, TopologySettings } from "../../../src/space/topology.js";
import { flatAddresses } from "./addresses.js";

const SEED = Number(process.env.TERRANE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = { seed: SEED, numRuns: 3000 };

const topologies: fc.Arbitrary<Topology> = fc
    .integer({ min: 2, max: 10 })
    .map((power) => createTopology({ topology: "flat", chunkSize: 2 ** power }));
/** From one side of a chunk to the other. */
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const metres = fc.double({ min: -1e7, max: 1e7, noNaN: true });
const places = fc.record({ x: metres, y: metres, z: metres });
const levels = fc.integer({ min: 0, max: MAX_LEVEL });

function listOf(fill: (list: ChunkList) => void): ChunkAddress[] {
    const list = new ChunkList();
    fill(list);
    return Array.from({ length: list.count }, (_, i) => {
        return { face: list.faces[i]!, level: -1, x: list.xs[i]!, z: list.zs[i]! };
    });
}

function boxOf(topology: Topology, { face, level, x, z }: ChunkAddress, low = 0, high = 0, margin = 0): number[] {
    const box = new Float64Array(6);
    topology.boxToRef(face, level, x, z, Float64Array.of(low, high), margin, box);
    return [...box];
}

function groundDistance(topology: Topology, address: ChunkAddress, place: { x: number; y: number; z: number }): number {
    const distance = new Float64Array(2);
    topology.groundDistanceToRef(address.face, address.level, address.x, address.z, place, distance, 1);
    return distance[1]!;
}

test(`four children tile their parent, and know it (seed ${SEED})`, () => {
    fc.assert(
        fc.property(topologies, flatAddresses, share, share, (topology, parent, u, v) => {
            fc.pre(parent.level > 0);
            const [minX, , minZ, maxX, , maxZ] = boxOf(topology, parent) as [
                number,
                number,
                number,
                number,
                number,
                number,
            ];
            const boxes = [0, 1, 2, 3].map((i) => {
                const child = { ...parent, level: parent.level - 1, x: childX(parent.x, i), z: childZ(parent.z, i) };
                expect([parentCoordinate(child.x), parentCoordinate(child.z)]).toEqual([parent.x, parent.z]);
                return boxOf(topology, child);
            });
            const area = boxes.reduce((sum, box) => sum + (box[3]! - box[0]!) * (box[5]! - box[2]!), 0);
            expect(area).toBe((maxX - minX) * (maxZ - minZ));
            const x = minX + u * (maxX - minX);
            const z = minZ + v * (maxZ - minZ);
            // What rounding puts on the far border is the neighbour's.
            fc.pre(x < maxX && z < maxZ);
            const holders = boxes.filter((box) => x >= box[0]! && x < box[3]! && z >= box[2]! && z < box[5]!);
            expect(holders).toHaveLength(1);
        }),
        RUNS,
    );
});

test(`the chunk at a place inside a chunk's box is that chunk, at distance 0 (seed ${SEED})`, () => {
    fc.assert(
        fc.property(topologies, flatAddresses, share, share, metres, (topology, address, u, v, y) => {
            const { face, level, x, z } = address;
            const [minX, , minZ, maxX, , maxZ] = boxOf(topology, address) as [
                number,
                number,
                number,
                number,
                number,
                number,
            ];
            const place = { x: minX + u * (maxX - minX), y, z: minZ + v * (maxZ - minZ) };
            fc.pre(place.x < maxX && place.z < maxZ);
            const found = listOf((list) => topology.chunkAtToRef(level, place, list));
            expect(found).toEqual([{ face, level: -1, x, z }]);
            expect(groundDistance(topology, address, place)).toBe(0);
            const distance = new Float64Array(1);
            topology.distanceToRef(face, level, x, z, place, Float64Array.of(y - 1, y + 1), distance);
            expect(distance[0]).toBe(0);
            topology.distanceToRef(face, level, x, z, place, Float64Array.of(y - 9, y - 5), distance);
            expect(distance[0]).toBeCloseTo(5, 5);
            expect(topology.isInBox(face, level, x, z, place, place)).toBe(true);
        }),
        RUNS,
    );
});

test(`no place of a chunk is nearer than its distance, and one is no farther (seed ${SEED})`, () => {
    fc.assert(
        fc.property(topologies, levels, places, places, (topology, level, place, other) => {
            const [{ face, x, z }] = listOf((list) => topology.chunkAtToRef(level, other, list)) as [ChunkAddress];
            const address = { face, level, x, z };
            const span = [other.y, other.y + 100] as const;
            const box = boxOf(topology, address, ...span);
            const nearest = [place.x, place.y, place.z].map((at, i) => Math.min(Math.max(at, box[i]!), box[i + 3]!));
            const [dx, dy, dz] = [nearest[0]! - place.x, nearest[1]! - place.y, nearest[2]! - place.z];
            const distance = new Float64Array(1);
            topology.distanceToRef(face, level, x, z, place, Float64Array.from(span), distance);
            const expected = Math.hypot(dx, dy, dz);
            expect(Math.abs(distance[0]! - expected)).toBeLessThanOrEqual(1e-6 + 1e-12 * expected);
            const flat = Math.hypot(dx, dz);
            expect(Math.abs(groundDistance(topology, address, place) - flat)).toBeLessThanOrEqual(1e-6 + 1e-12 * flat);
        }),
        RUNS,
    );
});

test(`neighbours are each other's, eight to a chunk, fewer at the rim, and touch it (seed ${SEED})`, () => {
    fc.assert(
        fc.property(topologies, flatAddresses, (topology, { face, level, x, z }) => {
            const neighboursOf = (at: { face: number; x: number; z: number }) =>
                listOf((list) => topology.neighboursToRef(at.face, level, at.x, at.z, list));
            const isAtRim = (value: number) => Math.abs(value) === MAX_CHUNK_COORDINATE;
            const neighbours = neighboursOf({ face, x, z });
            expect(new Set(neighbours.map((at) => `${at.face}/${at.x}/${at.z}`)).size).toBe(neighbours.length);
            expect(neighbours).toHaveLength((isAtRim(x) ? 2 : 3) * (isAtRim(z) ? 2 : 3) - 1);
            const own = boxOf(topology, { face, level, x, z });
            for (const neighbour of neighbours) {
                expect(neighboursOf(neighbour)).toContainEqual({ face, level: -1, x, z });
                const box = boxOf(topology, { ...neighbour, level });
                expect(box[0]! <= own[3]! && box[3]! >= own[0]! && box[2]! <= own[5]! && box[5]! >= own[2]!).toBe(true);
            }
        }),
        RUNS,
    );
});

test(`chunks in reach are those whose distance is no more than the radius, each once (seed ${SEED})`, () => {
    fc.assert(
        fc.property(
            topologies,
            levels,
            places,
            fc.double({ min: 0, max: 6, noNaN: true }),
            (topology, level, place, sides) => {
                const radius = sides * topology.sides[level]!;
                const list = new ChunkList();
                topology.chunksInReachToRef(level, place, radius, list);
                const found = new Set<string>();
                for (let i = 0; i < list.count; i++) {
                    const address = { face: list.faces[i]!, level, x: list.xs[i]!, z: list.zs[i]! };
                    found.add(`${address.x}/${address.z}`);
                    expect(list.distances[i]).toBe(groundDistance(topology, address, place));
                    expect(list.distances[i]).toBeLessThanOrEqual(radius);
                }
                expect(found.size).toBe(list.count);
                // All others around are too far.
                const [at] = listOf((own) => topology.chunkAtToRef(level, place, own)) as [ChunkAddress];
                for (let dz = -8; dz <= 8; dz++) {
                    for (let dx = -8; dx <= 8; dx++) {
                        const address = { face: at.face, level, x: at.x + dx, z: at.z + dz };
                        const isInReach = groundDistance(topology, address, place) < radius - 1e-6;
                        expect(found.has(`${address.x}/${address.z}`) || !isInReach).toBe(true);
                    }
                }
            },
        ),
        { ...RUNS, numRuns: 300 },
    );
});

test(`roots are few, and cover all that a viewer sees (seed ${SEED})`, () => {
    fc.assert(
        fc.property(
            topologies,
            places,
            fc.double({ min: 1, max: 1e6, noNaN: true }),
            fc.double({ min: 0, max: 6.3, noNaN: true }),
            share,
            (topology, place, radius, angle, part) => {
                const level = topology.rootLevelFor(radius);
                const roots = listOf((list) => topology.rootsInReachToRef(level, place, radius, list));
                expect(roots.length).toBeLessThanOrEqual(36);
                const seen = {
                    x: place.x + Math.cos(angle) * radius * part,
                    y: 0,
                    z: place.z + Math.sin(angle) * radius * part,
                };
                const [root] = listOf((list) => topology.chunkAtToRef(level, seen, list)) as [ChunkAddress];
                expect(roots).toContainEqual(root);
            },
        ),
        RUNS,
    );
});

test("roots are at least half the radius wide, but never beyond the coarsest level", () => {
    const topology = createTopology({ topology: "flat", chunkSize: 64 });
    expect(topology.rootLevelFor(10_000)).toBe(7);
    expect(topology.rootLevelFor(50)).toBe(0);
    expect(createTopology({ topology: "flat", chunkSize: 4 }).rootLevelFor(1e12)).toBe(MAX_LEVEL);
});

test(`middle, origin, box and sides belong together (seed ${SEED})`, () => {
    fc.assert(
        fc.property(topologies, flatAddresses, (topology, address) => {
            const { face, level, x, z } = address;
            const side = topology.sides[level]!;
            const [center, origin] = [new Float64Array(3), new Float64Array(3)];
            topology.centerToRef(face, level, x, z, center);
            topology.originToRef(face, level, x, z, origin);
            expect([...origin]).toEqual([x * side, 0, z * side]);
            expect([...center]).toEqual([origin[0]! + side / 2, 0, origin[2]! + side / 2]);
            const end = [origin[0]! + side, 7, origin[2]! + side];
            expect(boxOf(topology, address, -5, 7)).toEqual([origin[0], -5, origin[2], ...end]);
            const wide = boxOf(topology, address, -5, 7, 0.5);
            expect(wide).toEqual([
                origin[0]! - side / 2,
                -5,
                origin[2]! - side / 2,
                end[0]! + side / 2,
                7,
                end[2]! + side / 2,
            ]);
        }),
        RUNS,
    );
});

test("a box holds a chunk that only touches it, whatever its height, and none beyond", () => {
    const topology = createTopology({ topology: "flat", chunkSize: 64 });
    const isInBox = (x: number, z: number) =>
        topology.isInBox(NO_FACE, 0, x, z, { x: 64, y: 5, z: 64 }, { x: 128, y: 6, z: 130 });
    expect([isInBox(0, 0), isInBox(1, 1), isInBox(2, 2)]).toEqual([true, true, true]);
    expect([isInBox(-1, 1), isInBox(3, 1), isInBox(1, -1), isInBox(1, 3)]).toEqual([false, false, false, false]);
});

test("beyond the last chunks is no chunk, and viewers stay well within", () => {
    const topology = createTopology({ topology: "flat", chunkSize: 64 });
    const end = 64 * (MAX_CHUNK_COORDINATE + 1);
    const at = (x: number) => listOf((list) => topology.chunkAtToRef(0, { x, y: 0, z: 0 }, list));
    expect(at(end - 1)).toHaveLength(1);
    expect(at(end)).toEqual([]);
    expect(topology.viewerExtent).toBeLessThan(end);
    expect(topology.extent).toBe(end * 2 ** MAX_LEVEL);
});

test("a plane's up is y, and no horizon hides anything", () => {
    const topology = createTopology({ topology: "flat", chunkSize: 64 });
    const up = new Float64Array(3);
    const place = { x: 1e6, y: 3, z: -5 };
    topology.upToRef(place, up);
    expect([...up]).toEqual([0, 1, 0]);
    expect(topology.altitudeAt(place)).toBe(3);
    expect(topology.isBeyondHorizon(NO_FACE, 0, -100_000, 0, place, Float64Array.of(0, 1))).toBe(false);
});

test("a topology that there is not is refused with the field, the value, what is allowed and the remedy", () => {
    const settings = { topology: "disc", chunkSize: 64 } as unknown as TopologySettings;
    const act = () => createTopology(settings);
    expect(act).toThrow(TerraneError);
    expect(act).toThrow('recipe.topology is "disc"; allowed: "flat" or "planet". Correct it');
});
