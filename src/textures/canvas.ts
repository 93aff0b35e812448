import { clamp } from "./arithmetic.js";
import { boxBlur } from "./blur.js";

/** Work in steps: between two of them the thread may do something else. */
export type Steps<T = void> = Generator<void, T, void>;

/** Draws a layer on a canvas. */
export type Painter = (canvas: Canvas) => Steps;

/** Texels along the side of the size that patterns are thought out at; others draw the same things coarser. */
const DESIGN_SIZE = 512;

/**
 * A picture that repeats at its borders, into which things are stamped: what lies higher covers what lies lower. Lengths are
 * metres, measured from a corner of the tile.
 */
export class Canvas {
    /** Texels along a side: a power of two. */
    public readonly size: number;
    /** Metres along a side. */
    public readonly tile: number;
    /** Metres along the side of a texel. */
    public readonly texel: number;
    /** Linear red, green and blue of each texel. */
    public readonly color: Float32Array;
    /** Height of each texel, in metres: what covers what, what lies in a hollow, and how layers blend. */
    public readonly height: Float32Array;
    /** Heights that normals come from. The same array as `height` until they are split. */
    public relief: Float32Array;

    public constructor(size: number, tile: number) {
        this.size = size;
        this.tile = tile;
        this.texel = tile / size;
        this.color = new Float32Array(3 * size * size);
        this.height = new Float32Array(size * size);
        this.relief = this.height;
    }

    /** Returns how many texels there are for `count` texels of a canvas of 512 x 512; at least one. */
    public texels(count: number): number {
        return Math.max(1, Math.round((count * this.size) / DESIGN_SIZE));
    }

    /** Returns the texel at a place, wherever that lies. */
    public indexAt(x: number, y: number): number {
        const mask = this.size - 1;
        return (Math.floor(y / this.texel) & mask) * this.size + (Math.floor(x / this.texel) & mask);
    }

    public setColor(at: number, red: number, green: number, blue: number): void {
        this.color[3 * at] = red;
        this.color[3 * at + 1] = green;
        this.color[3 * at + 2] = blue;
    }

    /**
     * Gives heights for normals an array of their own. Where blades stand decimetres above the ground, their heights would make
     * each edge a cliff: things that are stamped from now on say what relief they have.
     */
    public splitRelief(): void {
        this.relief = Float32Array.from(this.height);
    }

    /**
     * Stamps one texel where it lies higher than what is there.
     *
     * @param coverage the share of the texel that is covered, 0 to 1
     */
    public stamp(
        at: number,
        height: number,
        red: number,
        green: number,
        blue: number,
        relief: number,
        coverage: number,
    ): void {
        const below = this.height[at]!;
        if (height <= below) {
            return;
        }
        const color = this.color;
        const to = 3 * at;
        color[to] = color[to]! + (red - color[to]!) * coverage;
        color[to + 1] = color[to + 1]! + (green - color[to + 1]!) * coverage;
        color[to + 2] = color[to + 2]! + (blue - color[to + 2]!) * coverage;
        this.height[at] = below + (height - below) * coverage;
        if (this.relief !== this.height) {
            this.relief[at]! += (relief - this.relief[at]!) * coverage;
        }
    }

    /**
     * Makes edges lighter and hollows darker, as wind and water do.
     *
     * @param radius texels at 512 x 512 within which a texel stands out or not
     * @param amount brightness for each metre of height over a metre of radius
     */
    public wear(radius: number, amount: number, least = 0.6, most = 1.4): void {
        const texels = this.texels(radius);
        const means = boxBlur(this.relief, this.size, texels);
        const scale = amount / (texels * this.texel);
        for (let at = 0; at < means.length; at++) {
            const factor = clamp(1 + (this.relief[at]! - means[at]!) * scale, least, most);
            this.color[3 * at]! *= factor;
            this.color[3 * at + 1]! *= factor;
            this.color[3 * at + 2]! *= factor;
        }
    }
}
