import { Constants } from "@babylonjs/core/Engines/constants.js";
import "@babylonjs/core/Engines/Extensions/engine.rawTexture.js";
import { RawTexture } from "@babylonjs/core/Materials/Textures/rawTexture.js";
import { Texture } from "@babylonjs/core/Materials/Textures/texture.js";
import { ToHalfFloat } from "@babylonjs/core/Misc/textureTools.js";
import type { Vector4 } from "@babylonjs/core/Maths/math.vector.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { Vec3Like } from "../base/vec3Like.js";

/** Answers heights. */
export interface HeightSource {
    sampleHeight(x: number, z: number): number;
}

/** The grid of a map. */
export interface HorizonGrid {
    /** Texels a side, not a multiple of 7. */
    readonly side: number;
    /** Metres a texel. */
    readonly spacing: number;
}

/** Texels between two consecutive samples: the library fills a whole tile where queries keep coming close together. */
const STRIDE = 7;
/** Samples, and lines of a sweep, between two looks at the clock. */
const SAMPLES_A_LOOK = 24;
const LINES_A_LOOK = 4;
/** A new map is begun when the viewer is this share of the side away from the middle. */
const RECENTRE_SHARE = 0.12;
/** The light that shadows are swept by stands at least this high: lower, everything would lie in shadow. */
const LOWEST_LIGHT = 0.012;
/** The cosine of the angle by which the light moves until shadows are swept anew: 0.06 degrees. */
const MOVED = Math.cos(0.001);
/** Metres: the shadow outside of all maps. */
const NO_SHADOW = -1e4;

/**
 * A square of coarse heights around the viewer. Red is the height below which land hides the light, green the land's own height,
 * both above the base altitude. One texture fetch gives a shadow that reaches from one valley into the next, in place of cascades
 * of shadow maps. A little of it is filled each frame and swept as the light moves; what is there serves until the next is whole.
 */
export class HorizonMap {
    public readonly texture: RawTexture;
    /** Metres: the side of the square. */
    public readonly size: number;
    /** Rises with each new picture in the texture. */
    public edition = 0;
    private readonly _side: number;
    private readonly _spacing: number;
    private readonly _texels: Uint16Array;
    // What is shown: its corner, and its heights and shadows.
    private _originX = Number.NaN;
    private _originZ = Number.NaN;
    private _heights: Float32Array;
    private _shadows: Float32Array;
    // What comes: the same, in work.
    private _nextX = Number.NaN;
    private _nextZ = Number.NaN;
    private _nextHeights: Float32Array;
    private _nextShadows: Float32Array;
    private _step: "rest" | "fill" | "sweep" = "rest";
    private _row = 0;
    private _column = 0;
    private readonly _light: Vec3Like = { x: 0, y: 1, z: 0 };
    private _aroundEdition = 0;
    private _isStale = false;

    /** @param around a larger map, which tells what the light is hidden by beyond the border */
    public constructor(
        name: string,
        scene: Scene,
        private readonly _source: HeightSource,
        { side, spacing }: HorizonGrid,
        private readonly _baseAltitude: number,
        private readonly _around: HorizonMap | null = null,
    ) {
        const texels = side * side;
        this._side = side;
        this._spacing = spacing;
        this.size = side * spacing;
        this._texels = new Uint16Array(texels * 2);
        this._heights = new Float32Array(texels);
        this._nextHeights = new Float32Array(texels);
        this._shadows = new Float32Array(texels);
        this._nextShadows = new Float32Array(texels);
        this.texture = new RawTexture(
            this._texels,
            side,
            side,
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

    /** Bytes that it holds, on the GPU and beside it. */
    public get byteLength(): number {
        const { _texels: texels, _heights: heights } = this;
        // Texels here and on the GPU; heights and shadows, of what is shown and of what comes.
        return 2 * texels.byteLength + 4 * heights.byteLength;
    }

    /** Whether there is a map at all. */
    public get isValid(): boolean {
        return this.edition > 0;
    }

    /** Writes how places, relative to (x, z), lead to the texture's coordinates: offsets, factor; factor 0 where there is no map. */
    public placeToRef(x: number, z: number, ref: Vector4): void {
        if (this.isValid) {
            ref.set((x - this._originX) / this.size, (z - this._originZ) / this.size, 1 / this.size, 0);
        } else {
            ref.set(0, 0, 0, 0);
        }
    }

    /** Forgets all heights, since the ground is another; the old picture stays until the new is there. */
    public invalidate(): void {
        this._isStale = true;
        this._step = "rest";
    }

    /**
     * Goes on with the map for a viewer at (x, z), lit from `light`, until `untilMs` at most.
     *
     * @returns whether nothing is left to do
     */
    public update(x: number, z: number, light: Vec3Like, untilMs: number): boolean {
        for (;;) {
            if (this._step === "fill" && this._isOutside(x, z)) {
                this._step = "rest";
            }
            if (this._step === "rest" && !this._begin(x, z, light)) {
                return true;
            }
            if (this._step === "fill") {
                if (!this._fillSome()) {
                    this._beginSweep(light);
                }
            } else if (!this._sweepSome()) {
                this._publish();
            }
            if (performance.now() >= untilMs) {
                return false;
            }
        }
    }

    public dispose(): void {
        this.texture.dispose();
    }

    /** Returns whether the map being filled would not even hold the viewer. */
    private _isOutside(x: number, z: number): boolean {
        return !(x > this._nextX && z > this._nextZ && x < this._nextX + this.size && z < this._nextZ + this.size);
    }

    /** Begins what is due. Returns whether anything is. */
    private _begin(x: number, z: number, light: Vec3Like): boolean {
        const half = this.size / 2;
        const away = Math.max(Math.abs(x - this._originX - half), Math.abs(z - this._originZ - half));
        if (this._isStale || !(away < this.size * RECENTRE_SHARE)) {
            this._beginFill(x, z);
            return true;
        }
        const { _light: last, _around: around } = this;
        const isLit = last.x * light.x + last.y * light.y + last.z * light.z > MOVED;
        if (isLit && (around === null || around.edition === this._aroundEdition)) {
            return false;
        }
        this._nextX = this._originX;
        this._nextZ = this._originZ;
        this._nextHeights.set(this._heights);
        this._beginSweep(light);
        return true;
    }

    private _beginFill(x: number, z: number): void {
        const { _spacing: spacing, _side: side, size } = this;
        this._nextX = Math.round((x - size / 2) / spacing) * spacing;
        this._nextZ = Math.round((z - size / 2) / spacing) * spacing;
        this._step = "fill";
        this._row = 0;
        this._column = 0;
        this._nextHeights.fill(Number.NaN);
        if (!this.isValid || this._isStale) {
            this._isStale = false;
            return;
        }
        const movedX = Math.round((this._nextX - this._originX) / spacing);
        const movedZ = Math.round((this._nextZ - this._originZ) / spacing);
        const from = Math.max(0, movedX);
        const to = Math.min(side, side + movedX);
        for (let v = Math.max(0, movedZ); from < to && v < Math.min(side, side + movedZ); v++) {
            this._nextHeights.set(
                this._heights.subarray(v * side + from, v * side + to),
                (v - movedZ) * side + from - movedX,
            );
        }
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
                this._nextHeights[at] = this._source.sampleHeight(x, z) - this._baseAltitude;
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

    private _beginSweep({ x, y, z }: Vec3Like): void {
        this._light.x = x;
        this._light.y = y;
        this._light.z = z;
        this._aroundEdition = this._around?.edition ?? 0;
        this._step = "sweep";
        this._row = 0;
    }

    /**
     * Computes shadows of some lines, each from the one before it, away from the light: what that one casts, or is, lower by what
     * the light rises over one line. Returns false after the last.
     */
    private _sweepSome(): boolean {
        const { x, y, z } = this._light;
        const { _side: side, _nextHeights: heights, _nextShadows: shadows } = this;
        const alongZ = Math.abs(z) >= Math.abs(x);
        const main = (alongZ ? z : x) || 1e-3;
        const sideways = (alongZ ? x : z) / Math.abs(main);
        const drop = (Math.max(y, LOWEST_LIGHT) / Math.abs(main)) * this._spacing;
        const step = alongZ ? 1 : side;
        const row = alongZ ? side : 1;
        const end = Math.min(side, this._row + LINES_A_LOOK);
        for (let n = this._row; n < end; n++) {
            const line = main > 0 ? side - 1 - n : n;
            const before = line + (main > 0 ? 1 : -1);
            for (let i = 0; i < side; i++) {
                const at = line * row + i * step;
                const from = i + sideways;
                const low = Math.floor(from);
                if (n === 0 || low < 0 || low + 1 >= side) {
                    shadows[at] = this._shadowFromAround(at) - drop;
                } else {
                    const first = before * row + low * step;
                    const a = Math.max(shadows[first]!, heights[first]!);
                    const b = Math.max(shadows[first + step]!, heights[first + step]!);
                    shadows[at] = a + (b - a) * (from - low) - drop;
                }
                this._texels[at * 2] = ToHalfFloat(Math.max(shadows[at]!, NO_SHADOW));
                this._texels[at * 2 + 1] = ToHalfFloat(heights[at]!);
            }
        }
        this._row = end;
        return end < side;
    }

    private _publish(): void {
        const { _heights: heights, _shadows: shadows } = this;
        this._heights = this._nextHeights;
        this._shadows = this._nextShadows;
        this._nextHeights = heights;
        this._nextShadows = shadows;
        this._originX = this._nextX;
        this._originZ = this._nextZ;
        this._step = "rest";
        this.edition++;
        this.texture.update(this._texels);
    }

    private _shadowFromAround(at: number): number {
        if (this._around === null || !this._around.isValid) {
            return NO_SHADOW;
        }
        const x = this._nextX + ((at % this._side) + 0.5) * this._spacing;
        const z = this._nextZ + (Math.floor(at / this._side) + 0.5) * this._spacing;
        return Math.max(NO_SHADOW, this._around._shadowHeightAt(x + this._light.x, z + this._light.z));
    }

    /** Returns the height below which land hides the light; far below everything outside the map. */
    private _shadowHeightAt(x: number, z: number): number {
        const u = Math.floor((x - this._originX) / this._spacing);
        const v = Math.floor((z - this._originZ) / this._spacing);
        const isInside = u >= 0 && v >= 0 && u < this._side && v < this._side;
        return isInside ? Math.max(this._shadows[v * this._side + u]!, this._heights[v * this._side + u]!) : NO_SHADOW;
    }
}
