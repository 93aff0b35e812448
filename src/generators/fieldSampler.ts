import { TerraneError } from "../base/errors.js";
import type { Vec3Like } from "../base/vec3Like.js";
import type { Kernels } from "../kernels/kernels.js";
import { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { quantumAt } from "../recipe/lattice.js";
import type { Recipe } from "../recipe/recipe.js";
import { createTopology } from "../space/createTopology.js";
import { CaveCell, CaveTiles } from "./caveTiles.js";
import { ChunkFields } from "./chunkFields.js";
import { GroundRay } from "./groundRay.js";
import { HeightTiles, TILE_CELLS, type HeightPlanes } from "./heightTiles.js";
import { MacroBounds } from "./groundBounds.js";

/** Scratch. Numbers alone: nothing here keeps a tile alive when its world is gone. */
const corners = { a: 0, b: 0, c: 0, weightA: 0, weightB: 0, weightC: 0 };
const normal = { x: 0, y: 0, z: 0 };
const unit = { x: 0, y: 0, z: 0 };

/**
 * Answers what the finest level is like anywhere, whether loaded or not: with the same kernels, samples and triangles
 * that chunks are baked from.
 */
export class FieldSampler {
    private readonly _spacing: number;
    private readonly _quantum: number;
    private readonly _limit: number;
    private readonly _heights: HeightTiles;
    private readonly _caves: CaveTiles;
    private readonly _ray: GroundRay;
    private readonly _parts: readonly { dispose(): void }[];
    private readonly _cell = new CaveCell();

    /** @param buffers leases tiles, whatever its limit: a question is always answered. Default: one of its own */
    public constructor(
        public readonly recipe: Recipe,
        kernels: Kernels,
        buffers = new BufferPoolManager({ memoryLimitBytes: Infinity }),
    ) {
        const fields = new ChunkFields(recipe, kernels, buffers);
        this._spacing = fields.lattice.spacing;
        this._quantum = quantumAt(recipe, 0);
        this._limit = createTopology(recipe).extent;
        this._heights = new HeightTiles(fields, kernels, buffers);
        this._caves = new CaveTiles(fields, kernels, buffers);
        const bounds = new MacroBounds(recipe, fields.macro, buffers);
        this._ray = new GroundRay(recipe, this._limit, this._heights, this._caves, bounds);
        this._parts = [this._heights, this._caves, bounds, fields.macro];
    }

    /** Releases what is leased. Nothing is answered from now on. */
    public dispose(): void {
        this._parts.forEach((part) => part.dispose());
    }

    /**
     * Returns the height of the terrain in metres, caves aside, on the triangles of the finest level.
     *
     * @throws TerraneError where x or z is outside the world
     */
    public sampleHeight(x: number, z: number): number {
        this._findCorners(x, z);
        const { a, b, c, weightA, weightB, weightC } = corners;
        const { quanta } = this._heights.planes;
        // A quantum is a power of two: the product rounds nothing, and neither does where it stands.
        return this._quantum * (weightA * quanta[a]! + weightB * quanta[b]! + weightC * quanta[c]!);
    }

    /**
     * Samples the height at many places. Returns `result`.
     *
     * @param places x and z of each place, metres
     * @param result receives places.length / 2 heights
     * @throws TerraneError where `places` has an odd length, `result` is too short, or a place is outside the world
     */
    public sampleHeightsToRef<T extends Float32Array | Float64Array | number[]>(
        places: ArrayLike<number>,
        result: T,
    ): T {
        const count = places.length / 2;
        if (!Number.isInteger(count)) {
            throw new TerraneError("places.length", places.length, "an even number", "Pass x and z of each place.");
        }
        if (!Array.isArray(result) && result.length < count) {
            throw new TerraneError("result.length", result.length, `at least ${count}`, "Pass one value a place.");
        }
        for (let i = 0; i < count; i++) {
            result[i] = this.sampleHeight(places[2 * i]!, places[2 * i + 1]!);
        }
        return result;
    }

    /**
     * Writes the unit normal of the terrain, caves aside, into `ref` and returns it: the normals of the triangle's
     * vertices, mixed.
     *
     * @throws TerraneError where x or z is outside the world
     */
    public sampleNormalToRef<T extends Vec3Like>(x: number, z: number, ref: T): T {
        this._findCorners(x, z);
        const { planes } = this._heights;
        const { a, b, c, weightA, weightB, weightC } = corners;
        normal.x = 0;
        normal.y = 0;
        normal.z = 0;
        this._addNormal(planes, a, weightA);
        this._addNormal(planes, b, weightB);
        this._addNormal(planes, c, weightC);
        const inverse = 1 / Math.sqrt(normal.x * normal.x + normal.y * normal.y + normal.z * normal.z);
        ref.x = normal.x * inverse;
        ref.y = normal.y * inverse;
        ref.z = normal.z * inverse;
        return ref;
    }

    private _addNormal({ smooth, rowLength }: HeightPlanes, at: number, weight: number): void {
        const slopeX = (smooth[at + 1]! - smooth[at - 1]!) / (2 * this._spacing);
        const slopeZ = (smooth[at + rowLength]! - smooth[at - rowLength]!) / (2 * this._spacing);
        const scale = weight / Math.sqrt(slopeX * slopeX + slopeZ * slopeZ + 1);
        normal.x -= slopeX * scale;
        normal.y += scale;
        normal.z -= slopeZ * scale;
    }

    /**
     * Writes the triangle over (x, z) into `corners`: its corners' indices in the grid, and their weights at the point.
     */
    private _findCorners(x: number, z: number): void {
        this._assertInside("x", x);
        this._assertInside("z", z);
        const cellX = Math.floor(x / this._spacing);
        const cellZ = Math.floor(z / this._spacing);
        const tx = x / this._spacing - cellX;
        const tz = z / this._spacing - cellZ;
        this._heights.findCell(cellX, cellZ);
        const { at, planes } = this._heights;
        const { rowLength } = planes;
        // Quads are split from (0, 0) to (1, 1), as in `createHeightGridIndices`.
        const isNearX = tx >= tz;
        corners.a = at;
        corners.b = isNearX ? at + 1 : at + rowLength;
        corners.c = at + rowLength + 1;
        corners.weightA = 1 - Math.max(tx, tz);
        corners.weightB = Math.abs(tx - tz);
        corners.weightC = Math.min(tx, tz);
    }

    /**
     * Returns the density: negative in rock, positive in air, near the surface about the distance to it in metres. On
     * the samples of the finest level it is what chunks are baked from; between them it is interpolated.
     *
     * @throws TerraneError where the position is outside the world
     */
    public sampleDensity(x: number, y: number, z: number): number {
        assertFinite("y", y);
        const height = this.sampleHeight(x, z);
        const { caves } = this.recipe;
        if (y >= height || !caves.enabled) {
            return y - height;
        }
        const cellX = Math.floor(x / this._spacing);
        const cellZ = Math.floor(z / this._spacing);
        const tileX = Math.floor(cellX / TILE_CELLS);
        const tileZ = Math.floor(cellZ / TILE_CELLS);
        const lowest = this._heights.tileAt(tileX, tileZ).lowest * this._quantum;
        if (y < lowest - caves.maxDepth - 2 * this._spacing) {
            return y - height;
        }
        const tile = this._caves.tileAt(tileX, tileZ);
        const row = y / this._spacing - tile.firstRow;
        // Below a volume is rock alone.
        if (tile.distance === null || row < 0) {
            return y - height;
        }
        const firstX = tileX * TILE_CELLS;
        const firstZ = tileZ * TILE_CELLS;
        this._caves.read(tile, cellX - firstX, Math.floor(row), cellZ - firstZ, this._cell);
        const distance = this._cell.distanceAt(x / this._spacing - firstX, row, z / this._spacing - firstZ);
        return Math.max(y - height, -this._spacing * distance);
    }

    /**
     * Returns the first point where a ray enters rock, cave walls included, loaded or not; null if there is none. A ray
     * that starts in rock hits at once. Above the ground it meets the triangles of the finest level, below it what
     * `sampleDensity` interpolates, and it passes through nothing. It ends where the world ends.
     *
     * @param origin metres, finite
     * @param direction of any length but 0
     * @param maxDistance metres, Infinity included: no ray is followed for more than 1,000 km over the ground
     * @throws TerraneError where an argument is not valid
     */
    public raycast(origin: Vec3Like, direction: Vec3Like, maxDistance: number): RaycastHit | null {
        assertFinite("origin.x", origin.x);
        assertFinite("origin.y", origin.y);
        assertFinite("origin.z", origin.z);
        normalizeToRef(direction, unit);
        if (!(maxDistance >= 0)) {
            throw new TerraneError("maxDistance", maxDistance, "metres from 0 up", "Pass how far the ray goes.");
        }
        return this._ray.cast(origin, unit, maxDistance) ? this._readHit(origin) : null;
    }

    private _readHit(origin: Vec3Like): RaycastHit {
        const { distance, isCave } = this._ray;
        const position = {
            x: origin.x + unit.x * distance,
            y: origin.y + unit.y * distance,
            z: origin.z + unit.z * distance,
        };
        const normal = { x: 0, y: 1, z: 0 };
        if (!(isCave && this._readWallNormal(normal))) {
            const { _limit: limit } = this;
            this.sampleNormalToRef(clamp(position.x, limit), clamp(position.z, limit), normal);
        }
        return { distance, position, normal, isCave };
    }

    /**
     * Writes the unit normal of the cave wall that the ray met, facing the ray. Returns false if no wall has one there.
     */
    private _readWallNormal(ref: Vec3Like): boolean {
        const { tile, cell, cellX, cellRow, cellZ } = this._ray;
        if (tile === null) {
            return false;
        }
        const x = cell.slopeAt(cellX, cellRow, cellZ, 1);
        const y = cell.slopeAt(cellX, cellRow, cellZ, 2);
        const z = cell.slopeAt(cellX, cellRow, cellZ, 4);
        const length = Math.sqrt(x * x + y * y + z * z);
        if (!(length > 0)) {
            return false;
        }
        // Cave distance rises into the rock, and along the ray. It falls where the ray came from a cell of another size, whose
        // wall does not quite meet this one's: then the ray grazes it.
        const along = Math.min(0, (x * unit.x + y * unit.y + z * unit.z) / length);
        ref.x = along * unit.x - x / length;
        ref.y = along * unit.y - y / length;
        ref.z = along * unit.z - z / length;
        const rest = Math.sqrt(1 - along * along);
        if (!(rest > 1e-6)) {
            return false;
        }
        ref.x /= rest;
        ref.y /= rest;
        ref.z /= rest;
        return true;
    }

    private _assertInside(axis: string, value: number): void {
        if (!(Math.abs(value) <= this._limit)) {
            throw new TerraneError(
                axis,
                value,
                `metres within ${this._limit} of 0`,
                "Pass a position inside the world.",
            );
        }
    }
}

/** Where a ray met rock. */
export interface RaycastHit {
    /** Metres from the ray's origin. */
    distance: number;
    /** Where the ray met rock. */
    position: Vec3Like;
    /** Unit vector, out of the rock. */
    normal: Vec3Like;
    /** Whether it met a cave's wall, floor or ceiling. */
    isCave: boolean;
}

/**
 * Scales a vector to length 1, the greatest component to 1 first: squares of very large or small numbers overflow or
 * vanish.
 */
function normalizeToRef(direction: Vec3Like, ref: Vec3Like): void {
    const greatest = Math.max(Math.abs(direction.x), Math.abs(direction.y), Math.abs(direction.z));
    if (!(greatest > 0 && greatest < Number.POSITIVE_INFINITY)) {
        throw new TerraneError("direction", greatest, "finite numbers, not all of them 0", "Pass where the ray goes.");
    }
    const x = direction.x / greatest;
    const y = direction.y / greatest;
    const z = direction.z / greatest;
    const length = Math.sqrt(x * x + y * y + z * z);
    ref.x = x / length;
    ref.y = y / length;
    ref.z = z / length;
}

function assertFinite(field: string, value: number): void {
    if (!Number.isFinite(value)) {
        throw new TerraneError(field, value, "a finite number", "Pass where the ray begins.");
    }
}

function clamp(value: number, limit: number): number {
    return Math.min(limit, Math.max(-limit, value));
}
