import { findCaveMouthView } from "../../samples/common/caveMouthView.js";
import type { View } from "../../samples/common/queryOptions.js";
import type { TerrainWorld } from "../../src/babylon/terrainWorld.js";
import { Random } from "../support/randomRecipe.js";

/** Metres from the origin within which rough ground is looked for. */
const REACH = 3000;
const SPOTS = 240;
const DIRECTIONS = 12;
/** Metres above the ground. */
const EYE_HEIGHT = 2.5;
/** Degrees, from left to right and down: where a view must have ground. */
const LOOKS = [-35, -20, 0, 20, 35] as const;
const PITCH = -8;
/** Metres at which ground near by is. */
const NEAR = 120;
const NOWHERE = -1e5;

/** Finds a view from within the roughest ground of some, towards as much of it as may be. The same seed gives the same. */
export function findRoughView(world: TerrainWorld, seed: number): View {
    const random = new Random(seed);
    const sea = seaOf(world);
    let best = { x: 0, z: 0 };
    let most = -1;
    for (let i = 0; i < SPOTS; i++) {
        const [x, z] = [random.between(-REACH, REACH), random.between(-REACH, REACH)];
        const roughness = roughnessAt(world, x, z);
        if (world.sampleHeight(x, z) > sea + 5 && roughness > most) {
            most = roughness;
            best = { x, z };
        }
    }
    const { x, z } = best;
    const y = world.sampleHeight(x, z) + EYE_HEIGHT;
    const yaws = Array.from({ length: DIRECTIONS }, (_, i) => (i / DIRECTIONS) * 360);
    const groundSeen = yaws.map((yaw) => LOOKS.filter((turn) => isGroundAhead(world, x, y, z, yaw + turn)).length);
    return { x, y, z, yaw: yaws[groundSeen.indexOf(Math.max(...groundSeen))]!, pitch: PITCH };
}

/** Finds a view into the mouth of a cave. The same world gives the same. @throws where there is none near the origin */
export function findMouthView(world: TerrainWorld): View {
    const view = findCaveMouthView(world, seaOf(world));
    if (view === null) {
        throw new Error("There is no mouth of a cave near the origin.");
    }
    return view;
}

function seaOf({ recipe: { water } }: TerrainWorld): number {
    return water.enabled ? water.level : NOWHERE;
}

/** Metres by which the ground bends at two scales. */
function roughnessAt(world: TerrainWorld, x: number, z: number): number {
    const height = world.sampleHeight(x, z);
    const bend = (reach: number): number =>
        Math.abs(world.sampleHeight(x + reach, z) + world.sampleHeight(x - reach, z) - 2 * height) +
        Math.abs(world.sampleHeight(x, z + reach) + world.sampleHeight(x, z - reach) - 2 * height);
    return 4 * bend(4) + bend(16);
}

function isGroundAhead(world: TerrainWorld, x: number, y: number, z: number, yaw: number): boolean {
    const turn = (yaw * Math.PI) / 180;
    const down = (PITCH * Math.PI) / 180;
    const way = { x: Math.sin(turn) * Math.cos(down), y: Math.sin(down), z: Math.cos(turn) * Math.cos(down) };
    const hit = world.raycast({ x, y, z }, way, NEAR);
    return hit !== null && hit.distance > 4;
}
