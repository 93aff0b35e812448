import { TerraneError } from "../base/errors.js";
import { MAX_FACE_LEVEL } from "./chunkAddress.js";
import { FlatTopology } from "./flatTopology.js";
import { LONGEST_FACE, PlanetTopology } from "./planetTopology.js";
import { sideAt, type Topology, type TopologySettings } from "./topology.js";

/** Chunk sides that a planet's radius has at least: then a face has four chunks of level 0 along its edge, or more. */
const LEAST_SIDES = 2;

/**
 * Makes the topology that a recipe names.
 *
 * @throws TerraneError where there is none of that name, or a planet's radius or lowest ground is out of range
 */
export function createTopology(settings: TopologySettings): Topology {
    switch (settings.topology) {
        case "flat":
            return new FlatTopology(settings.chunkSize);
        case "planet":
            return createPlanetTopology(settings);
        default:
            throw new TerraneError(
                "recipe.topology",
                settings.topology,
                '"flat" or "planet"',
                'Correct it, or leave it out for the default "flat".',
            );
    }
}

/** Returns the least and the greatest radius that a planet may have, in metres, given the side of its level-0 chunks. */
export function planetRadiiFor(chunkSize: number): { readonly least: number; readonly greatest: number } {
    return { least: LEAST_SIDES * chunkSize, greatest: Math.floor(sideAt(chunkSize, MAX_FACE_LEVEL) / LONGEST_FACE) };
}

/**
 * Makes a planet's topology.
 *
 * @throws TerraneError where its radius or lowest ground is out of range
 */
export function createPlanetTopology({ chunkSize, radius, lowestGround = 0 }: TopologySettings): PlanetTopology {
    const { least, greatest } = planetRadiiFor(chunkSize);
    if (radius === undefined || !Number.isFinite(radius) || radius < least || radius > greatest) {
        throw new TerraneError(
            "recipe.radius",
            radius,
            `a number from ${least} to ${greatest} (m), with chunks of ${chunkSize} m`,
            "Set it to metres in that range, or choose another chunk size.",
        );
    }
    if (!Number.isFinite(lowestGround) || lowestGround > 0 || lowestGround <= -radius) {
        throw new TerraneError(
            "lowestGround",
            lowestGround,
            `a number over ${-radius} and at most 0 (m)`,
            "Set it to the altitude of the lowest ground, or leave it out where none is below altitude 0.",
        );
    }
    return new PlanetTopology(chunkSize, radius, lowestGround);
}
