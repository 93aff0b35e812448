import type { ChunkAddress } from "../../../src/space/chunkAddress.js";
import { ChunkList } from "../../../src/space/chunkList.js";
import { placeToRef } from "../../../src/space/cubeSphere.js";
import { PlanetTopology } from "../../../src/space/planetTopology.js";
import type { Place } from "../../../src/space/topology.js";
import type { Random } from "../../support/randomRecipe.js";

/** Chunks of 64 m on a rock, an asteroid and the Earth. */
export const PLANETS = [1_000, 123_000, 6_371_000].map((radius) => new PlanetTopology(64, radius));

/** Grid of a chunk to which `placeIn` rounds. */
const FINE = 2 ** 20;

export function chunksAlong(planet: PlanetTopology, level: number): number {
    return 2 ** (planet.rootLevel - level);
}

/** Any chunk of a planet, often one at the border of its face. */
export function randomChunk(
    planet: PlanetTopology,
    random: Random,
    level = random.whole(0, planet.rootLevel),
): ChunkAddress {
    const last = chunksAlong(planet, level) - 1;
    const coordinate = () => random.pick([0, last, random.whole(0, last), random.whole(0, last)]);
    return { face: random.whole(0, 5), level, x: coordinate(), z: coordinate() };
}

/** The place of a chunk that is shares `u` and `v` of its way along x and z, at an altitude. */
export function placeIn(
    planet: PlanetTopology,
    { face, level, x, z }: ChunkAddress,
    u: number,
    v: number,
    altitude = 0,
): Place {
    const place = new Float64Array(3);
    const [i, k] = [x * FINE + Math.round(u * FINE), z * FINE + Math.round(v * FINE)];
    placeToRef(face, i, k, FINE * chunksAlong(planet, level), place);
    const scale = planet.radius + altitude;
    return { x: place[0]! * scale, y: place[1]! * scale, z: place[2]! * scale };
}

/** Any position from deep in a planet to high above it, at times near a chunk. */
export function randomPosition(planet: PlanetTopology, random: Random, near?: ChunkAddress): Place {
    if (near !== undefined && random.next() < 0.6) {
        const side = planet.sides[near.level]! * 2 ** random.whole(-2, 3);
        const { x, y, z } = placeIn(planet, near, random.next(), random.next(), random.between(-side / 4, side));
        return {
            x: x + random.between(-side, side),
            y: y + random.between(-side, side),
            z: z + random.between(-side, side),
        };
    }
    const length = planet.radius * random.pick([random.next(), random.between(0.99, 1.01), 10 * random.next()]);
    const at = [random.between(-1, 1), random.between(-1, 1), random.between(-1, 1)] as const;
    const scale = length / Math.hypot(...at);
    return { x: at[0] * scale, y: at[1] * scale, z: at[2] * scale };
}

export function listOf(
    level: number,
    fill: (list: ChunkList) => void,
): (ChunkAddress & { readonly distance: number })[] {
    const list = new ChunkList();
    fill(list);
    return Array.from({ length: list.count }, (_, i) => ({
        face: list.faces[i]!,
        level,
        x: list.xs[i]!,
        z: list.zs[i]!,
        distance: list.distances[i]!,
    }));
}

export function textOf({ face, level, x, z }: ChunkAddress): string {
    return [face, level, x, z].join("/");
}

export function distanceBetween(a: Place, b: Place): number {
    return Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);
}

export function lengthOf(a: Place): number {
    return Math.hypot(a.x, a.y, a.z);
}
