import { mix32, noiseRow3 } from "./gradientNoise.js";
import { LEDGE_TILT_X, LEDGE_TILT_Z, ledgesAt } from "../../src/recipe/ledges.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { seedFrom, subSeed } from "../../src/seed/seed.js";
import { latticeOf, quantumAt } from "../../src/recipe/lattice.js";

/** Tunnels narrower than this many samples are not drawn: a level has caves while its spacing is at most radius / this. */
const SAMPLES_PER_RADIUS = 1.75;

/** Noise units to metres: the mean slope of gradient noise is about 1 / (0.36 wavelengths), measured over 10^6 points. */
const DISTANCE_PER_WAVELENGTH = 0.36;

/** Caves stay this far above the sea, so that none would have to be flooded. Metres. */
const ABOVE_SEA = 2;

/** The lattice of cave noise over a box. Distances are metres and negative inside a tunnel, before any clamp by depth. */
export interface CaveLattice {
    /** Metres between nodes. */
    step: number;
    /** First node, in nodes from the origin. */
    x: number;
    y: number;
    z: number;
    countX: number;
    countY: number;
    countZ: number;
    /** y outer, then z, then x. For each node the distance to the tunnels' axis; radius and country come from the macro fields. */
    distance: Float64Array;
}

export function createCaveLattice(): CaveLattice {
    return { step: 1, x: 0, y: 0, z: 0, countX: 0, countY: 0, countZ: 0, distance: new Float64Array(0) };
}

/**
 * Caves as a signed distance from 3D noise. A tunnel runs where two noises vanish together; further octaves roughen its
 * walls. Where caves lie, and how wide they are, the macro fields say.
 */
export class CaveField {
    private readonly _recipe: Recipe;
    private readonly _spacing: number;
    private readonly _seeds: number[];
    private readonly _ledgeSeed: number;
    private _a = new Float64Array(0);
    private _b = new Float64Array(0);
    private _rough = new Float64Array(0);

    public constructor(recipe: Recipe) {
        this._recipe = recipe;
        this._spacing = latticeOf(recipe).spacing;
        const seed = seedFrom(recipe.seed);
        this._seeds = Array.from({ length: recipe.caves.octaves }, (_, octave) =>
            subSeed(seed, "caves", "tunnels", octave),
        );
        this._ledgeSeed = subSeed(seed, "caves", "ledges");
    }

    public hasCavesAt(level: number): boolean {
        return (
            this._recipe.caves.enabled && this._spacing * 2 ** level * SAMPLES_PER_RADIUS <= this._recipe.caves.radius
        );
    }

    /** Whether the lattice is coarser than a level's samples, and tunnels wide enough for cells of two samples. */
    public hasCoarseCellsAt(level: number): boolean {
        const width = 2 * this._spacing * 2 ** level;
        return this.stepAt(level) >= width && width * SAMPLES_PER_RADIUS <= this._recipe.caves.radius;
    }

    /** Metres between nodes of the cave lattice at a level: never finer than the samples. */
    public stepAt(level: number): number {
        return Math.max(this._recipe.caves.latticeStep, this._spacing * 2 ** level);
    }

    /** Fills the lattice that covers a box given in metres, rounded out to nodes. */
    public fillLattice(
        level: number,
        minX: number,
        minY: number,
        minZ: number,
        maxX: number,
        maxY: number,
        maxZ: number,
        lattice: CaveLattice,
    ): void {
        const step = this.stepAt(level);
        lattice.step = step;
        lattice.x = Math.floor(minX / step);
        lattice.y = Math.floor(minY / step);
        lattice.z = Math.floor(minZ / step);
        lattice.countX = Math.ceil(maxX / step) - lattice.x + 1;
        lattice.countY = Math.ceil(maxY / step) - lattice.y + 1;
        lattice.countZ = Math.ceil(maxZ / step) - lattice.z + 1;
        const { countX, countY, countZ } = lattice;
        const count = countX * countY * countZ;
        if (lattice.distance.length < count) {
            lattice.distance = new Float64Array(count);
        }
        if (this._a.length < countX) {
            this._a = new Float64Array(countX);
            this._b = new Float64Array(countX);
            this._rough = new Float64Array(countX);
        }
        let at = 0;
        for (let y = 0; y < countY; y++) {
            for (let z = 0; z < countZ; z++) {
                this._fillRow(lattice, y, z, at);
                at += countX;
            }
        }
    }

    private _fillRow(lattice: CaveLattice, y: number, z: number, at: number): void {
        const { countX, distance, step } = lattice;
        const { wavelength } = this._recipe.caves;
        const period = wavelength / step;
        const atY = lattice.y + y;
        const atZ = lattice.z + z;
        // Half the wavelength vertically: tunnels lie flat enough to walk in.
        const periodY = Math.max(2, period / 2);
        noiseRow3(this._seeds[0]!, period, periodY, lattice.x, atY, atZ, 1, countX, this._a);
        // Gradient noise is 0 at every corner of its cells: shifted against each other, the two share none of them.
        const [shiftX, shiftY, shiftZ] = [period * 0.375, periodY * 0.5, period * 0.625];
        noiseRow3(this._seeds[1]!, period, periodY, lattice.x + shiftX, atY + shiftY, atZ + shiftZ, 1, countX, this._b);
        const scale = wavelength * DISTANCE_PER_WAVELENGTH * 0.75;
        for (let x = 0; x < countX; x++) {
            const a = this._a[x]!;
            const b = this._b[x]!;
            distance[at + x] = Math.sqrt(a * a + b * b) * scale;
        }
        let roughPeriod = period / 4;
        let roughness = this._recipe.caves.radius * 0.3;
        for (let octave = 2; octave < this._seeds.length && roughPeriod >= 2; octave++) {
            noiseRow3(this._seeds[octave]!, roughPeriod, roughPeriod, lattice.x, atY, atZ, 1, countX, this._rough);
            for (let x = 0; x < countX; x++) {
                distance[at + x] = distance[at + x]! + roughness * this._rough[x]!;
            }
            roughPeriod /= 2;
            roughness *= 0.5;
        }
        const { thickness, depth } = ledgesAt(step, this._recipe.caves);
        for (let x = 0; x < countX && depth > 0; x++) {
            const raised = LEDGE_TILT_X * (lattice.x + x) + LEDGE_TILT_Z * atZ;
            const place = ((atY + Math.floor(raised * LEDGE_PARTS + 0.5) / LEDGE_PARTS) * step) / thickness;
            const bed = Math.floor(place);
            const t = place - bed;
            const hardness = (mix32(Math.imul(bed | 0, 0x9e3779b1) ^ this._ledgeSeed) >>> 24) / 255;
            const fade = t * t * t * (t * (t * 6 - 15) + 10);
            distance[at + x] = distance[at + x]! + (fade * (0.35 + 0.65 * fade) - t) * hardness * depth;
        }
    }

    /** The bare distance to the tunnels' axis at a point of the lattice's box, trilinear between nodes. */
    public static SampleLattice(lattice: CaveLattice, x: number, y: number, z: number): number {
        const { countX, countZ, distance } = lattice;
        const fx = x / lattice.step - lattice.x;
        const fy = y / lattice.step - lattice.y;
        const fz = z / lattice.step - lattice.z;
        const ix = Math.min(Math.floor(fx), countX - 2);
        const iy = Math.min(Math.floor(fy), lattice.countY - 2);
        const iz = Math.min(Math.floor(fz), countZ - 2);
        const tx = fx - ix;
        const ty = fy - iy;
        const tz = fz - iz;
        const at = (iy * countZ + iz) * countX + ix;
        const above = at + countZ * countX;
        const d00 = distance[at]! + tx * (distance[at + 1]! - distance[at]!);
        const d01 = distance[at + countX]! + tx * (distance[at + countX + 1]! - distance[at + countX]!);
        const d10 = distance[above]! + tx * (distance[above + 1]! - distance[above]!);
        const d11 = distance[above + countX]! + tx * (distance[above + countX + 1]! - distance[above + countX]!);
        const low = d00 + tz * (d01 - d00);
        return low + ty * (d10 + tz * (d11 - d10) - low);
    }

    /** Metres below the surface at which caves end: whole quanta of the level. */
    public depthAt(level: number): number {
        const quantum = quantumAt(this._recipe, level);
        return Math.round(this._recipe.caves.maxDepth / quantum) * quantum;
    }

    /**
     * What all samples of a column share.
     *
     * @param country macro channel `caves`; @param mouth macro channel `mouths`
     * @param steepest metres: the larger of the sample spacing and the greatest step in height to a neighbour
     */
    public columnAt(level: number, country: number, mouth: number, steepest: number): CaveColumn {
        const { caves, water } = this._recipe;
        const quantum = quantumAt(this._recipe, level);
        const spacing = this._spacing * 2 ** level;
        // Tunnels narrow towards the edge of cave country and end, instead of being cut off.
        const radius = country > CAVE_COUNTRY_EDGE ? caves.radius * Math.min(1, TAPER * country) : -NEVER * spacing;
        return {
            spacing,
            lipWidth: lipWidthAt(level) * spacing,
            radius,
            depth: this.depthAt(level),
            sea: water.enabled ? Math.round((water.level + ABOVE_SEA) / quantum) * quantum : Number.NEGATIVE_INFINITY,
            // No end of an edge that the surface crosses lies deeper than `steepest`; under a roof of twice that, the cave
            // term changes none of them, and the surface is the height grid's own (measured: 1.5 times is not enough).
            roof:
                Math.floor(Math.max(ROOF * steepest + LIP_ROCK * spacing, ROOF_RADII * caves.radius) / quantum) *
                quantum,
            roofLimit: (0.5 - mouth) * MOUTH_METRES,
        };
    }
}

/**
 * Cave distance at a sample, from the bare distance: the tunnel's radius, closed below by a floor that is a dish, above the sea, and
 * under a roof unless the macro fields want a mouth here; and rounded where it meets the ground.
 *
 * @param depth metres below the surface; @param y metres
 */
export function shapeCave(column: CaveColumn, bare: number, depth: number, y: number): number {
    const sharp = Math.max(
        bare - column.radius,
        Math.max(depth - column.depth, column.sea - y) + DISH * Math.max(0, bare),
        Math.min(column.roof - depth, column.roofLimit),
    );
    if (depth >= LIP_DEPTH * column.spacing) {
        return sharp;
    }
    // Density is the larger of -depth and -distance; this makes it the smooth maximum of both.
    const width = column.lipWidth;
    const apart = sharp - depth;
    const near = Math.max(0, 1 - Math.abs(apart) / width);
    const over = Math.min(2 * Math.max(0, apart - width), Math.max(0, apart));
    return depth + Math.min(apart, 0) + over - (width / 4) * near * near;
}

/** How caves are shaped in a column of samples. Metres. */
export interface CaveColumn {
    /** From sample to sample. */
    readonly spacing: number;
    /** Over which a wall and the ground round the edge where they meet. */
    readonly lipWidth: number;
    /** Radius of tunnels; negative where there are none. */
    readonly radius: number;
    /** Below the surface, where caves end. */
    readonly depth: number;
    /** Height that caves stay above. */
    readonly sea: number;
    /** Below the surface, where caves begin. */
    readonly roof: number;
    /** Distance that the roof adds at most: not positive where a mouth may open. */
    readonly roofLimit: number;
}

/** Columns whose `caves` channel says this or less have no caves: by then tunnels have tapered away. */
export const CAVE_COUNTRY_EDGE = -0.2;
/** How fast tunnels reach their full radius from the edge of cave country inwards. */
const TAPER = 4;
/** Samples: a radius of minus this makes every sample rock. */
const NEVER = 1e4;
/** Least roof, in steps of height to a neighbour. */
const ROOF = 2.1;
/** Rock over a cave that the rounding of lips needs besides. Samples. */
const LIP_ROCK = 1.6;
/** Samples over which a wall and the ground round the edge where they meet: at two levels, and half as many every second level. */
const LIP_WIDTHS = [1.5, 1.0625] as const;
/** Samples below the ground from which on nothing is rounded. */
const LIP_DEPTH = 6;
/** Share of the distance to a tunnel's axis by which its floor rises. */
const DISH = 0.3;
/** Parts of a node by which columns of beds are raised against each other. */
const LEDGE_PARTS = 8;
/** Least roof, in radii of a tunnel. */
const ROOF_RADII = 0.6;
/** Metres of cave distance for each unit that the `mouths` channel is short of an open roof. */
export const MOUTH_METRES = 60;

/** Returns over how many samples of a level a wall and the ground round the edge where they meet. */
export function lipWidthAt(level: number): number {
    return LIP_WIDTHS[level & 1]! / 2 ** (level >> 1);
}
