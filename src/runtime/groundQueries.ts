import { assertNumber, assertPosition } from "../base/assertPlace.js";
import type { Vec3Like } from "../base/vec3Like.js";
import type { FieldSampler, RaycastHit } from "../generators/fieldSampler.js";

/** Answers queries about a world's ground, whatever is loaded. */
export abstract class GroundQueries {
    /** @internal Answers by the recipe that holds now. */
    public abstract readonly sampler: FieldSampler;

    /**
     * Returns the height of the terrain surface at (x, z) in metres, loaded or not: that of the finest level. Ignores
     * caves.
     */
    public sampleHeight(x: number, z: number): number {
        assertFinite2(x, z);
        return this.sampler.sampleHeight(x, z);
    }

    /**
     * Writes the heights of many places into `result`, as `sampleHeight` gives them, and returns it.
     *
     * @param places x and z of each, metres
     * @param result its first places.length / 2 values are written
     */
    public sampleHeightsToRef<T extends Float32Array | Float64Array | number[]>(
        places: ArrayLike<number>,
        result: T,
    ): T {
        return this.sampler.sampleHeightsToRef(places, result);
    }

    /** Writes the unit normal of the terrain surface at (x, z) into `ref` and returns it. */
    public sampleNormalToRef<T extends Vec3Like>(x: number, z: number, ref: T): T {
        assertFinite2(x, z);
        this.sampler.sampleNormalToRef(x, z, ref);
        return ref;
    }

    /**
     * Returns the density at a point: about the distance to the surface in metres, negative in rock, positive in air
     * and inside caves.
     */
    public sampleDensity(x: number, y: number, z: number): number {
        assertFinite2(x, z);
        assertNumber("y", y, -Number.MAX_VALUE, Number.MAX_VALUE);
        return this.sampler.sampleDensity(x, y, z);
    }

    /**
     * Returns the first point where a ray from air meets rock, cave walls included; null where it meets none within
     * `maxDistance` metres. That may be Infinity: no ray is followed for more than 1,000 km over the ground, nor beyond
     * the world. `direction` may have any length but 0. Reads the field, not the meshes, so it works before anything is
     * loaded.
     */
    public raycast(origin: Vec3Like, direction: Vec3Like, maxDistance: number): RaycastHit | null {
        assertPosition("origin", origin);
        assertPosition("direction", direction);
        assertNumber("maxDistance", maxDistance, 0, Number.POSITIVE_INFINITY);
        return this.sampler.raycast(origin, direction, maxDistance);
    }
}

function assertFinite2(x: number, z: number): void {
    assertNumber("x", x, -Number.MAX_VALUE, Number.MAX_VALUE);
    assertNumber("z", z, -Number.MAX_VALUE, Number.MAX_VALUE);
}
