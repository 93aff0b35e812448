import { TerraneError } from "../base/errors.js";
import { FlatTopology } from "./flatTopology.js";
import type { Topology, TopologySettings } from "./topology.js";

/**
 * Makes the topology that a recipe names.
 *
 * @throws TerraneError where there is none of that name
 */
export function createTopology({ topology, chunkSize }: TopologySettings): Topology {
    switch (topology) {
        case "flat":
            return new FlatTopology(chunkSize);
        default:
            throw new TerraneError(
                "recipe.topology",
                topology,
                '"flat"',
                'Correct it, or leave it out for the default "flat".',
            );
    }
}
