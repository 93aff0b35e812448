import type { ChunkBlock } from "../baker/chunkBlock.js";
import type { Problem } from "../base/errors.js";
import { isPlanet } from "../recipe/planetRadius.js";
import type { PlanetRecipe, Recipe } from "../recipe/recipe.js";
import { ChunkList } from "../space/chunkList.js";
import { createPlanetTopology } from "../space/createTopology.js";

/** A place on a planet, in degrees. North is +Y; at longitude 0 lies +X, and east of it +Z. */
export interface GlobePlace {
    readonly latitude: number;
    readonly longitude: number;
}

/** What the command line says of where chunks lie. */
export interface PlanetFlags {
    readonly faces?: readonly number[];
    readonly around?: GlobePlace;
    readonly center?: unknown;
}

/**
 * Returns what is wrong with the flags of planets.
 *
 * @param recipe undefined where it is wrong
 */
export function faceProblems({ faces, around, center }: PlanetFlags, recipe: Recipe | undefined): Problem[] {
    if (recipe === undefined) {
        return [];
    }
    const problems: Problem[] = [];
    const report = (field: string, value: unknown, allowed: string, remedy: string): void => {
        problems.push({ field, value, allowed, remedy });
    };
    if (!isPlanet(recipe)) {
        const remedy = "Leave it out: --center says where a block lies.";
        if (faces !== undefined) {
            report("--faces", faces.join(), "none on flat worlds", remedy);
        }
        if (around !== undefined) {
            report("--around", textOf(around), "none on flat worlds", remedy);
        }
        return problems;
    }
    if (faces !== undefined && (around !== undefined || center !== undefined)) {
        report("--faces", faces.join(), "none beside --center and --around", "Blocks of faces lie in their middle.");
    }
    if (around !== undefined && center !== undefined) {
        report("--around", textOf(around), "none beside --center", "Say in one way where the block lies.");
    }
    return problems;
}

/** Engines differ in the last bits of a cosine: on a chunk's border they would choose different ones. */
function rounded(value: number): number {
    return Math.round(value * 2 ** 40) / 2 ** 40;
}

function textOf({ latitude, longitude }: GlobePlace): string {
    return `${latitude},${longitude}`;
}

/** Returns a block that is centred below a place, or as near to it as it lies on one face. */
export function blockAround(recipe: PlanetRecipe, block: ChunkBlock, { latitude, longitude }: GlobePlace): ChunkBlock {
    const planet = createPlanetTopology(recipe);
    const level = Math.min(block.level ?? 0, planet.rootLevel);
    const [north, east] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
    const place = {
        x: rounded(Math.cos(north) * Math.cos(east)),
        y: rounded(Math.sin(north)),
        z: rounded(Math.cos(north) * Math.sin(east)),
    };
    const found = new ChunkList();
    planet.chunkAtToRef(level, place, found);
    const along = planet.chunksAlong(level);
    const centerOf = (wanted: number, cell: number): number => {
        const count = Math.min(wanted, along);
        const before = Math.floor(count / 2);
        return Math.max(before, Math.min(along - count + before, cell));
    };
    return {
        ...block,
        face: found.faces[0]!,
        centerX: centerOf(block.countX, found.xs[0]!),
        centerZ: centerOf(block.countZ, found.zs[0]!),
    };
}
