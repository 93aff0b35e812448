import type { Rgb } from "./arithmetic.js";
import type { Canvas } from "./canvas.js";

export interface Leaf {
    readonly x: number;
    readonly y: number;
    readonly angle: number;
    /** Metres from its middle to its tip. */
    readonly length: number;
    /** Its width as a share of its length. */
    readonly aspect: number;
    /** Metres above the ground. */
    readonly height: number;
    readonly color: Rgb;
    /** How much it rises along and across, and how much its sides curl up: metres a metre. */
    readonly tiltAlong: number;
    readonly tiltAcross: number;
    readonly curl: number;
}

/** Stamps a leaf with a rib and veins. */
export function stampLeaf(canvas: Canvas, leaf: Leaf): void {
    const { size, texel } = canvas;
    const mask = size - 1;
    const length = leaf.length / texel;
    const width = length * leaf.aspect;
    const alongX = Math.cos(leaf.angle);
    const alongY = Math.sin(leaf.angle);
    const reach = Math.ceil(length) + 1;
    const x0 = Math.floor(leaf.x / texel);
    const y0 = Math.floor(leaf.y / texel);
    const [red, green, blue] = leaf.color;
    for (let j = -reach; j <= reach; j++) {
        for (let i = -reach; i <= reach; i++) {
            const along = (alongX * i + alongY * j) / length;
            const across = (alongX * j - alongY * i) / width;
            // Texels to the rim, about.
            const coverage = (1 - along * along - Math.abs(across)) * width * 0.8 + 0.5;
            if (coverage <= 0) {
                continue;
            }
            const rise =
                leaf.length * (leaf.tiltAlong * along + leaf.tiltAcross * across + leaf.curl * across * across);
            const rib = Math.abs(across) * width < 0.6 ? 0.8 : 1;
            const vein = 1 - 0.1 * Math.max(0, Math.cos((along * 5 + Math.abs(across) * 2) * 2 * Math.PI));
            const brightness = rib * vein * (0.92 + 0.1 * along);
            canvas.stamp(
                ((y0 + j) & mask) * size + ((x0 + i) & mask),
                leaf.height + rise * 0.5,
                red * brightness,
                green * brightness,
                blue * brightness,
                leaf.height * 0.3 + rise,
                Math.min(1, coverage),
            );
        }
    }
}
