import type { Vec3Like } from "../../src/base/vec3Like.js";
import { levelHasCaves, spacingAt } from "../../src/recipe/lattice.js";
import type { DrawnLevels } from "./drawnLevels.js";
import type { LevelHeights } from "./levelHeights.js";
import type { Field } from "./places.js";

/** How often a ray may leave rock again before it is taken to meet no more. */
const MOST_CASTS = 64;
/** Share of a sample that a ray goes on in rock before it is asked again how deep that is. */
const STEP = 0.25;

/**
 * Tells pixels that miss ground from those that show the sky. A pixel misses ground where the field, along its ray, is rock
 * deeper than one sample of the level that is drawn there, as that level has the ground; of all that are, where two levels are drawn
 * over each other. What is less deep a mesh may not have: it has no more than its samples.
 */
export class DepthRule {
    private readonly _spacings: readonly number[];
    private readonly _haveCaves: readonly boolean[];
    private readonly _at = { x: 0, y: 0, z: 0 };
    /** Metres: around where all ground is drawn, which is where the viewer stands by whom levels were chosen. */
    public readonly centre = { x: 0, z: 0 };

    /**
     * @param _land the same ground, with its caves filled
     * @param _heights the ground of any level
     * @param _farthest metres up to which all ground is drawn, and how far rays go
     */
    public constructor(
        private readonly _field: Field,
        private readonly _land: Field,
        private readonly _heights: LevelHeights,
        private readonly _drawn: DrawnLevels,
        private readonly _farthest: number,
    ) {
        const levels = Array.from({ length: 32 }, (_, level) => level);
        this._spacings = levels.map((level) => spacingAt(_field.recipe, level));
        this._haveCaves = levels.map((level) => levelHasCaves(_field.recipe, level));
    }

    /**
     * Returns the metres at which a ray has met ground that must be drawn; null where it meets none.
     *
     * @param direction a unit vector
     */
    public groundOn(origin: Vec3Like, direction: Vec3Like): number | null {
        const { _at: at, _field: field, _farthest: farthest } = this;
        let metres = 0;
        for (let cast = 0; cast < MOST_CASTS; cast++) {
            alongToRef(origin, direction, metres, at);
            const hit = field.raycast(at, direction, farthest - metres);
            if (hit === null) {
                return null;
            }
            metres += hit.distance;
            do {
                alongToRef(origin, direction, metres, at);
                if (this.clearanceAt(at) < 0) {
                    return metres;
                }
                metres += STEP * this._spacings[Math.max(0, this._drawn.finestAt(at.x, at.z))]!;
                if (metres >= farthest) {
                    return null;
                }
                alongToRef(origin, direction, metres, at);
            } while (field.sampleDensity(at.x, at.y, at.z) < 0);
        }
        return null;
    }

    /** Returns the levels drawn along a ray, as text: `0 to 12 m, 2 to 31 m`. */
    public levelsOn(origin: Vec3Like, direction: Vec3Like, metres: number): string {
        const { _at: at } = this;
        const parts: string[] = [];
        let levels = this._drawn.levelsAt(origin.x, origin.z);
        for (let way = 0; way < metres; way = Math.min(metres, way + this._spacings[0]!)) {
            alongToRef(origin, direction, way, at);
            const here = this._drawn.levelsAt(at.x, at.z);
            if (here !== levels) {
                parts.push(`${levelNames(levels)} to ${way.toFixed(1)} m`);
                levels = here;
            }
        }
        return [...parts, `${levelNames(levels)} to ${metres.toFixed(1)} m`].join(", ");
    }

    /** Returns whether a point is above the ground. */
    public isAboveLand({ x, y, z }: Vec3Like): boolean {
        return y > this._land.sampleHeight(x, z);
    }

    /** Returns whether a ray meets no ground at all, not even the one over caves. */
    public passesOverLand(origin: Vec3Like, direction: Vec3Like): boolean {
        return this._land.raycast(origin, direction, this._farthest) === null;
    }

    /**
     * Returns the metres by which a point is less deep in rock than one sample of each level that is drawn there, as the field
     * has it: below 0 it is deeper. Where nothing is drawn the finest level counts, but for beyond where all is
     * drawn.
     */
    public clearanceAt({ x, y, z }: Vec3Like): number {
        const levels = this._drawn.levelsAt(x, z);
        if (levels === 0) {
            const isBeyond = Math.hypot(x - this.centre.x, z - this.centre.z) > this._farthest;
            return isBeyond ? Infinity : this._field.sampleDensity(x, y, z) + this._spacings[0]!;
        }
        let most = Number.NEGATIVE_INFINITY;
        for (let level = 0; levels >> level !== 0; level++) {
            if ((levels & (1 << level)) !== 0) {
                most = Math.max(most, this._densityAt(level, x, y, z) + this._spacings[level]!);
            }
        }
        return most;
    }

    /** Returns whether a point is in the open, with a sample around it, of every level that is drawn there. */
    public isOpen({ x, y, z }: Vec3Like): boolean {
        const levels = this._drawn.levelsAt(x, z);
        for (let level = 0; levels >> level !== 0; level++) {
            if ((levels & (1 << level)) !== 0 && this._densityAt(level, x, y, z) < this._spacings[level]!) {
                return false;
            }
        }
        return levels !== 0;
    }

    /** Returns the density that a level's chunks are made of: those too coarse for caves have none. */
    private _densityAt(level: number, x: number, y: number, z: number): number {
        const overGround = y - this._heights.heightAt(level, x, z);
        return this._haveCaves[level] ? Math.max(overGround, this._field.sampleDensity(x, y, z)) : overGround;
    }
}

function levelNames(levels: number): string {
    return Array.from({ length: 32 }, (_, level) => level)
        .filter((level) => ((levels >> level) & 1) === 1)
        .join(" and ");
}

function alongToRef(origin: Vec3Like, direction: Vec3Like, metres: number, ref: Vec3Like): void {
    ref.x = origin.x + metres * direction.x;
    ref.y = origin.y + metres * direction.y;
    ref.z = origin.z + metres * direction.z;
}
