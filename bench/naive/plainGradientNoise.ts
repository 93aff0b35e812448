/**
 * Terrane's gradient noise as one would write it plainly: a function of a point, nothing shared between neighbours.
 * Cells have side 1. The bench checks that it gives the values of the kernel.
 */

// prettier-ignore
const GRADIENTS_2D = new Float64Array([
    1.4084898625, 0.1271074632, 1.2526330354, 0.6564377188, 0.9060741838, 1.0858312822, 0.4215737513, 1.3499168760,
    -0.1271074632, 1.4084898625, -0.6564377188, 1.2526330354, -1.0858312822, 0.9060741838, -1.3499168760, 0.4215737513,
    -1.4084898625, -0.1271074632, -1.2526330354, -0.6564377188, -0.9060741838, -1.0858312822, -0.4215737513, -1.3499168760,
    0.1271074632, -1.4084898625, 0.6564377188, -1.2526330354, 1.0858312822, -0.9060741838, 1.3499168760, -0.4215737513,
]);

// prettier-ignore
const GRADIENTS_3D = new Float64Array([
    1, 1, 0, -1, 1, 0, 1, -1, 0, -1, -1, 0, 1, 0, 1, -1, 0, 1, 1, 0, -1, -1, 0, -1,
    0, 1, 1, 0, -1, 1, 0, 1, -1, 0, -1, -1, 1, 1, 0, -1, 1, 0, 0, -1, 1, 0, -1, -1,
]);

export type Noise2D = (x: number, z: number) => number;
export type Noise3D = (x: number, y: number, z: number) => number;

export function makeGradientNoise2D(seed: number): Noise2D {
    const corner = (x: number, z: number, dx: number, dz: number) => {
        const at = (mix32(seed ^ Math.imul(x, 0x9e3779b1) ^ Math.imul(z, 0x85ebca77)) >>> 28) * 2;
        return GRADIENTS_2D[at]! * dx + GRADIENTS_2D[at + 1]! * dz;
    };
    return (x, z) => {
        const cellX = Math.floor(x);
        const cellZ = Math.floor(z);
        const tx = x - cellX;
        const tz = z - cellZ;
        const wx = fade(tx);
        const near = lerp(corner(cellX, cellZ, tx, tz), corner(cellX + 1, cellZ, tx - 1, tz), wx);
        const far = lerp(corner(cellX, cellZ + 1, tx, tz - 1), corner(cellX + 1, cellZ + 1, tx - 1, tz - 1), wx);
        return lerp(near, far, fade(tz));
    };
}

export function makeGradientNoise3D(seed: number): Noise3D {
    const corner = (x: number, y: number, z: number, dx: number, dy: number, dz: number) => {
        const hash = seed ^ Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0xc2b2ae3d) ^ Math.imul(z, 0x85ebca77);
        const at = (mix32(hash) >>> 28) * 3;
        return GRADIENTS_3D[at]! * dx + GRADIENTS_3D[at + 1]! * dy + GRADIENTS_3D[at + 2]! * dz;
    };
    return (x, y, z) => {
        const cx = Math.floor(x);
        const cy = Math.floor(y);
        const cz = Math.floor(z);
        const tx = x - cx;
        const ty = y - cy;
        const tz = z - cz;
        const wx = fade(tx);
        const wy = fade(ty);
        const a = lerp(corner(cx, cy, cz, tx, ty, tz), corner(cx + 1, cy, cz, tx - 1, ty, tz), wx);
        const b = lerp(corner(cx, cy + 1, cz, tx, ty - 1, tz), corner(cx + 1, cy + 1, cz, tx - 1, ty - 1, tz), wx);
        const c = lerp(corner(cx, cy, cz + 1, tx, ty, tz - 1), corner(cx + 1, cy, cz + 1, tx - 1, ty, tz - 1), wx);
        const d = lerp(
            corner(cx, cy + 1, cz + 1, tx, ty - 1, tz - 1),
            corner(cx + 1, cy + 1, cz + 1, tx - 1, ty - 1, tz - 1),
            wx,
        );
        return lerp(lerp(a, b, wy), lerp(c, d, wy), fade(tz));
    };
}

function mix32(hash: number): number {
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    hash ^= hash >>> 12;
    hash = Math.imul(hash, 0x297a2d39);
    return (hash ^ (hash >>> 15)) >>> 0;
}

function fade(t: number): number {
    return t * t * t * (t * (t * 6 - 15) + 10);
}

function lerp(a: number, b: number, t: number): number {
    return a + (b - a) * t;
}
