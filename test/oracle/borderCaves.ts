import { MACRO_CHANNELS, MacroChannel } from "../../src/generators/macroField.js";
import { latticeErrorAt } from "../../src/recipe/latticeError.js";
import type { Recipe } from "../../src/recipe/recipe.js";
import { CaveField, lipWidthAt } from "./caveField.js";
import type { CaveVolume } from "./caveVolume.js";
import { GRID_MARGIN, type HeightGrid } from "./heightField.js";

/** Cells from one column of a border that is asked for caves to the next. */
const ASKED = 4;
/** Cave distance grows by less than so many samples in one. Measured. */
const STEEPNESS = 1.5;

/** One of a chunk's border planes. */
export interface Border {
    /** Across it: 0 for x, 2 for z. */
    readonly axis: 0 | 2;
    readonly isHigh: boolean;
}

/** The border planes of a chunk. */
export const BORDERS: readonly Border[] = [
    { axis: 0, isHigh: false },
    { axis: 0, isHigh: true },
    { axis: 2, isHigh: false },
    { axis: 2, isHigh: true },
];

/** Tells how low caves of any level may reach in the border planes of a chunk that the volume was filled for. */
export class BorderCaves {
    /** Metres from a tunnel's wall within which another level may have it, or an asked column. */
    private readonly _reach: number;

    /** @param x, z the chunk's first sample */
    public constructor(
        recipe: Recipe,
        private readonly _caves: CaveField,
        private readonly _level: number,
        private readonly _x: number,
        private readonly _z: number,
        private readonly _resolution: number,
        private readonly _grid: HeightGrid,
        private readonly _volume: CaveVolume,
    ) {
        let coarsest = _level;
        while (_caves.hasCavesAt(coarsest + 1)) {
            coarsest++;
        }
        const errorAt = (level: number): number => latticeErrorAt(_caves.stepAt(level), recipe.caves);
        this._reach =
            STEEPNESS *
            ((ASKED / 2) * _volume.spacing +
                errorAt(_level) +
                errorAt(coarsest) +
                (lipWidthAt(coarsest) / 4) * 2 ** (coarsest - _level) * _volume.spacing);
    }

    /** Returns the height, in metres, down to which air may be `i` cells along a border. That of the ground where there is none. */
    public lowestAir(border: Border, i: number): number {
        const { height, floor } = this._columnAt(border, i);
        const near = this._lowestNear(border, ASKED * Math.floor((i + ASKED / 2) / ASKED));
        return Math.min(height, Math.max(floor, near));
    }

    /** Returns how far below the ground of the borders air may be, in metres. */
    public deepestAir(): number {
        let deepest = 0;
        for (const border of BORDERS) {
            for (let i = 0; i <= this._resolution; i++) {
                deepest = Math.max(deepest, this._columnAt(border, i).height - this.lowestAir(border, i));
            }
        }
        return deepest;
    }

    private _columnAt({ axis, isHigh }: Border, i: number) {
        const { _grid: grid } = this;
        const across = isHigh ? this._resolution : 0;
        const [x, z] = axis === 0 ? [across, i] : [i, across];
        const column = (z + GRID_MARGIN) * grid.countX + x + GRID_MARGIN;
        const height = grid.height[column]!;
        const { spacing } = this._volume;
        const country = grid.macro[column * MACRO_CHANNELS + MacroChannel.caves]!;
        const { radius, depth, sea } = this._caves.columnAt(this._level, country, 0, spacing);
        return { x: this._x + x, z: this._z + z, height, floor: Math.max(height - depth, sea), radius };
    }

    /** Returns the height below which no cave is near. */
    private _lowestNear(border: Border, i: number): number {
        const { _volume: volume } = this;
        const { spacing, lattice } = volume;
        const { x, z, height, floor, radius } = this._columnAt(border, i);
        if (radius < -1e3 * spacing) {
            return Infinity;
        }
        const firstNode = Math.floor((Math.floor(floor / spacing) * spacing) / lattice.step);
        for (let node = firstNode; node * lattice.step < height; node++) {
            const y = node * lattice.step;
            if (CaveField.SampleLattice(lattice, x * spacing, y, z * spacing) <= radius + this._reach) {
                return y - lattice.step;
            }
        }
        return Infinity;
    }
}
