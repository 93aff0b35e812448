import { flatAddress, formatAddress } from "../../src/space/chunkAddress.js";
import { bakeMesh, type BakedMesh, type MeshBaker } from "./bakedMesh.js";
import type { BorderAxis } from "./borderLines.js";
import { randomAddress, type Random } from "./randomRecipe.js";

/** Two chunks that share a border: the finer one's whole, where their levels differ. */
export interface Neighbours {
    readonly low: BakedMesh;
    readonly high: BakedMesh;
    readonly axis: BorderAxis;
    /** For messages. */
    readonly name: string;
}

/** Any two neighbours. @param level of the finer one; @param jump by how many levels the other is coarser */
export function randomNeighbours(baker: MeshBaker, random: Random, level: number, jump: number): Neighbours {
    const scale = 2 ** jump;
    const within = randomAddress(random, baker.recipe, 0);
    const [x, z] = [Math.floor(within.x / 2 ** (level + jump)), Math.floor(within.z / 2 ** (level + jump))] as const;
    const axis = random.pick([0, 2] as const);
    const isFineLow = random.next() < 0.5;
    const coarse = flatAddress(level + jump, x, z);
    const [across, along] = axis === 0 ? [x, z] : [z, x];
    const fineAcross = isFineLow ? across * scale - 1 : (across + 1) * scale;
    const fineAlong = along * scale + random.whole(0, scale - 1);
    const fine = axis === 0 ? flatAddress(level, fineAcross, fineAlong) : flatAddress(level, fineAlong, fineAcross);
    const [low, high] = isFineLow ? [fine, coarse] : [coarse, fine];
    return {
        low: bakeMesh(baker, low),
        high: bakeMesh(baker, high),
        axis,
        name: `${formatAddress(low)} and ${formatAddress(high)} of ${JSON.stringify(baker.recipe)}`,
    };
}
