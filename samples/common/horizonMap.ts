import { Constants } from "@babylonjs/core/Engines/constants.js";
import { RawTexture } from "@babylonjs/core/Materials/Textures/rawTexture.js";
import { Texture } from "@babylonjs/core/Materials/Textures/texture.js";
import { ToHalfFloat } from "@babylonjs/core/Misc/textureTools.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { SUN_DIRECTION } from "./atmosphereGlsl.js";

/** Answers heights. */
export interface HeightSource {
    sampleHeight(x: number, z: number): number;
}

/** Texels between two consecutive samples: the library fills a whole tile where queries keep coming close together. */
const STRIDE = 7;
/** Samples between two looks at the clock. */
const SAMPLES_A_LOOK = 24;
/** A new map is begun when the viewer is this share of the side away from the middle. */
const RECENTRE_SHARE = 0.12;

/**
 * A square of coarse heights around the viewer. Red is the height below which land hides the sun, green the land's own
 * height. One texture fetch gives a shadow that reaches from one valley into the next, in place of cascades of shadow
 * maps. A little of it is filled each frame; an old map serves until the next is complete.
 */
export class HorizonMap {
    public readonly texture: RawTexture;
    /** Metres: the side of the square. */
    public readonly size: number;
    /** Metres: the corner of the map in the texture. */
    public originX = Number.NaN;
    public originZ = Number.NaN;

    private readonly _texels: Uint16Array;
    private _heights: Float32Array;
    private _shadows: Float32Array;
    private _nextHeights: Float32Array;
    private _nextX = Number.NaN;
    private _nextZ = Number.NaN;
    private _row = 0;
    private _column = 0;
    private _isFilling = false;

    /**
     * @param side texels, not a multiple of 7
     * @param spacing metres a texel
     * @param around a larger map, which tells what the sun is hidden by beyond the border
     */
    public constructor(
        name: string,
        scene: Scene,
        private readonly _source: HeightSource,
        private readonly _side: number,
        private readonly _spacing: number,
        private readonly _around: HorizonMap | null = null,
    ) {
        const texels = _side * _side;
        this.size = _side * _spacing;
        this._texels = new Uint16Array(texels * 2);
        this._heights = new Float32Array(texels);
        this._nextHeights = new Float32Array(texels).fill(Number.NaN);
        this._shadows = new Float32Array(texels);
        this.texture = new RawTexture(
            this._texels,
            _side,
            _side,
            Constants.TEXTUREFORMAT_RG,
            scene,
            false,
            false,
            Texture.BILINEAR_SAMPLINGMODE,
            Constants.TEXTURETYPE_HALF_FLOAT,
        );
        this.texture.name = name;
        this.texture.wrapU = Texture.CLAMP_ADDRESSMODE;
        this.texture.wrapV = Texture.CLAMP_ADDRESSMODE;
    }

    /** Whether there is a map to use. */
    public get isValid(): boolean {
        return !Number.isNaN(this.originX);
    }

    /** Works for about `budgetMs` towards a map around (x, z). Returns true where the present one serves as it is. */
    public update(x: number, z: number, budgetMs: number): boolean {
        if (this._isFilling && this._isOutside(x, z)) {
            this._isFilling = false;
        }
        if (!this._isFilling && !this._beginWhereNeeded(x, z)) {
            return true;
        }
        const until = performance.now() + budgetMs;
        do {
            if (!this._fillSome()) {
                this._finish();
                return !this._beginWhereNeeded(x, z);
            }
        } while (performance.now() < until);
        return false;
    }

    /** Returns the height in metres below which land hides the sun; far below everything outside the map. */
    public shadowHeightAt(x: number, z: number): number {
        const u = Math.floor((x - this.originX) / this._spacing);
        const v = Math.floor((z - this.originZ) / this._spacing);
        const isInside = u >= 0 && v >= 0 && u < this._side && v < this._side;
        return isInside ? Math.max(this._shadows[v * this._side + u]!, this._heights[v * this._side + u]!) : -1e5;
    }

    /** Returns whether the map being filled would not even hold the viewer. */
    private _isOutside(x: number, z: number): boolean {
        return !(x > this._nextX && z > this._nextZ && x < this._nextX + this.size && z < this._nextZ + this.size);
    }

    private _beginWhereNeeded(x: number, z: number): boolean {
        const half = this.size / 2;
        const awayX = Math.abs(x - this.originX - half);
        const awayZ = Math.abs(z - this.originZ - half);
        if (Math.max(awayX, awayZ) < this.size * RECENTRE_SHARE) {
            return false;
        }
        const { _spacing: spacing, _side: side } = this;
        this._nextX = Math.round((x - half) / spacing) * spacing;
        this._nextZ = Math.round((z - half) / spacing) * spacing;
        this._isFilling = true;
        this._row = 0;
        this._column = 0;
        this._nextHeights.fill(Number.NaN);
        if (this.isValid) {
            const movedX = Math.round((this._nextX - this.originX) / spacing);
            const movedZ = Math.round((this._nextZ - this.originZ) / spacing);
            const from = Math.max(0, movedX);
            const to = Math.min(side, side + movedX);
            for (let v = Math.max(0, movedZ); from < to && v < Math.min(side, side + movedZ); v++) {
                this._nextHeights.set(
                    this._heights.subarray(v * side + from, v * side + to),
                    (v - movedZ) * side + from - movedX,
                );
            }
        }
        return true;
    }

    /** Fills a part. Returns false where nothing is left to fill. */
    private _fillSome(): boolean {
        const { _side: side, _spacing: spacing } = this;
        for (let sampled = 0; sampled < SAMPLES_A_LOOK;) {
            if (this._row === side) {
                return false;
            }
            const at = this._row * side + this._column;
            if (Number.isNaN(this._nextHeights[at]!)) {
                const x = this._nextX + (this._column + 0.5) * spacing;
                const z = this._nextZ + (this._row + 0.5) * spacing;
                this._nextHeights[at] = this._source.sampleHeight(x, z);
                sampled++;
            }
            // Comes by every texel of the row, since the stride does not divide the side.
            this._column = (this._column + STRIDE) % side;
            if (this._column === 0) {
                this._row++;
            }
        }
        return true;
    }

    private _finish(): void {
        const old = this._heights;
        this._heights = this._nextHeights;
        this._nextHeights = old;
        this.originX = this._nextX;
        this.originZ = this._nextZ;
        this._isFilling = false;
        this._sweep();
        for (let i = 0; i < this._heights.length; i++) {
            this._texels[i * 2] = ToHalfFloat(this._shadows[i]!);
            this._texels[i * 2 + 1] = ToHalfFloat(this._heights[i]!);
        }
        this.texture.update(this._texels);
    }

    /**
     * Computes shadows row by row away from the sun: shadow falls from the row before, lower by what the sun rises over
     * one row.
     */
    private _sweep(): void {
        const { x: sunX, y: sunY, z: sunZ } = SUN_DIRECTION;
        const alongZ = Math.abs(sunZ) >= Math.abs(sunX);
        const main = alongZ ? sunZ : sunX;
        const sideways = (alongZ ? sunX : sunZ) / Math.abs(main);
        const drop = (sunY / Math.abs(main)) * this._spacing;
        const { _side: side } = this;
        const step = alongZ ? 1 : side;
        const row = alongZ ? side : 1;
        for (let n = 0; n < side; n++) {
            const line = main > 0 ? side - 1 - n : n;
            const before = line + (main > 0 ? 1 : -1);
            for (let i = 0; i < side; i++) {
                const at = line * row + i * step;
                const from = i + sideways;
                const low = Math.floor(from);
                if (n === 0 || low < 0 || low + 1 >= side) {
                    this._shadows[at] = this._shadowFromAround(at) - drop;
                    continue;
                }
                const first = before * row + low * step;
                const a = Math.max(this._shadows[first]!, this._heights[first]!);
                const b = Math.max(this._shadows[first + step]!, this._heights[first + step]!);
                this._shadows[at] = a + (b - a) * (from - low) - drop;
            }
        }
    }

    private _shadowFromAround(at: number): number {
        if (this._around === null || !this._around.isValid) {
            return -1000;
        }
        const x = this.originX + ((at % this._side) + 0.5) * this._spacing;
        const z = this.originZ + (Math.floor(at / this._side) + 0.5) * this._spacing;
        return Math.max(-1000, this._around.shadowHeightAt(x + SUN_DIRECTION.x, z + SUN_DIRECTION.z));
    }
}
