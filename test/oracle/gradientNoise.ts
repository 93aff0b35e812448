/**
 * Gradient noise on a lattice that is aligned with the sample grid. Along a row of samples each corner's contribution is
 * linear in x, so a cell costs one set-up and a sample costs a few multiply-adds (DESIGN section 4, "grid-coherent").
 *
 * Positions are whole numbers of samples at level 0, and a cell's side is a power of two of them: cell and fraction are
 * exact at any distance from the origin.
 */

/** Sixteen directions of length sqrt 2, turned by 0.09 rad so that none lies along an axis. Literals: sin and cos differ between engines. */
// prettier-ignore
const GRADIENTS_2D = new Float64Array([
    1.4084898625, 0.1271074632, 1.2526330354, 0.6564377188, 0.9060741838, 1.0858312822, 0.4215737513, 1.3499168760,
    -0.1271074632, 1.4084898625, -0.6564377188, 1.2526330354, -1.0858312822, 0.9060741838, -1.3499168760, 0.4215737513,
    -1.4084898625, -0.1271074632, -1.2526330354, -0.6564377188, -0.9060741838, -1.0858312822, -0.4215737513, -1.3499168760,
    0.1271074632, -1.4084898625, 0.6564377188, -1.2526330354, 1.0858312822, -0.9060741838, 1.3499168760, -0.4215737513,
]);

/** A cube's twelve edge directions, four of them twice so that four bits choose one. */
// prettier-ignore
const GRADIENTS_3D = new Float64Array([
    1, 1, 0, -1, 1, 0, 1, -1, 0, -1, -1, 0, 1, 0, 1, -1, 0, 1, 1, 0, -1, -1, 0, -1,
    0, 1, 1, 0, -1, 1, 0, 1, -1, 0, -1, -1, 1, 1, 0, -1, 1, 0, 0, -1, 1, 0, -1, -1,
]);

export function mix32(hash: number): number {
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    hash ^= hash >>> 12;
    hash = Math.imul(hash, 0x297a2d39);
    return (hash ^ (hash >>> 15)) >>> 0;
}

function gradient2(seed: number, x: number, z: number): number {
    return (mix32(seed ^ Math.imul(x | 0, 0x9e3779b1) ^ Math.imul(z | 0, 0x85ebca77)) >>> 28) * 2;
}

function gradient3(seed: number, x: number, y: number, z: number): number {
    const hash = seed ^ Math.imul(x | 0, 0x9e3779b1) ^ Math.imul(y | 0, 0xc2b2ae3d) ^ Math.imul(z | 0, 0x85ebca77);
    return (mix32(hash) >>> 28) * 3;
}

function fade(t: number): number {
    return t * t * t * (t * (t * 6 - 15) + 10);
}

function fadeSlope(t: number): number {
    return 30 * t * t * (t * (t - 2) + 1);
}

/**
 * One row of 2D noise with its derivatives.
 *
 * @param period cell side in level-0 samples, a power of two
 * @param x first sample of the row, @param z the row, both in level-0 samples, offsets included; integers
 * @param step level-0 samples between neighbours of the row
 * @param value about -1 to 1; @param slopeX and @param slopeZ its derivatives by cell (not by metre)
 */
export function noiseRow2(
    seed: number,
    period: number,
    x: number,
    z: number,
    step: number,
    count: number,
    value: Float64Array,
    slopeX: Float64Array,
    slopeZ: Float64Array,
): void {
    const inverse = 1 / period;
    const cellZ = Math.floor(z * inverse);
    const tz = z * inverse - cellZ;
    const wz = fade(tz);
    const dz = fadeSlope(tz);
    const uz = tz - 1;
    let cell = Number.NaN;
    // Value at a sample: left + fade(tx) * (right - left); left = leftX * tx + leftC, right = rightX * (tx - 1) + rightC.
    let leftX = 0;
    let leftC = 0;
    let rightX = 0;
    let rightC = 0;
    // The same for the derivative by z.
    let leftZx = 0;
    let leftZc = 0;
    let rightZx = 0;
    let rightZc = 0;
    for (let i = 0; i < count; i++) {
        const scaled = (x + i * step) * inverse;
        const here = Math.floor(scaled);
        const tx = scaled - here;
        if (here !== cell) {
            cell = here;
            const g00 = gradient2(seed, cell, cellZ);
            const g10 = gradient2(seed, cell + 1, cellZ);
            const g01 = gradient2(seed, cell, cellZ + 1);
            const g11 = gradient2(seed, cell + 1, cellZ + 1);
            const near0 = GRADIENTS_2D[g00 + 1]! * tz;
            const far0 = GRADIENTS_2D[g01 + 1]! * uz;
            const near1 = GRADIENTS_2D[g10 + 1]! * tz;
            const far1 = GRADIENTS_2D[g11 + 1]! * uz;
            leftX = GRADIENTS_2D[g00]! + wz * (GRADIENTS_2D[g01]! - GRADIENTS_2D[g00]!);
            leftC = near0 + wz * (far0 - near0);
            rightX = GRADIENTS_2D[g10]! + wz * (GRADIENTS_2D[g11]! - GRADIENTS_2D[g10]!);
            rightC = near1 + wz * (far1 - near1);
            leftZx = dz * (GRADIENTS_2D[g01]! - GRADIENTS_2D[g00]!);
            leftZc =
                GRADIENTS_2D[g00 + 1]! + wz * (GRADIENTS_2D[g01 + 1]! - GRADIENTS_2D[g00 + 1]!) + dz * (far0 - near0);
            rightZx = dz * (GRADIENTS_2D[g11]! - GRADIENTS_2D[g10]!);
            rightZc =
                GRADIENTS_2D[g10 + 1]! + wz * (GRADIENTS_2D[g11 + 1]! - GRADIENTS_2D[g10 + 1]!) + dz * (far1 - near1);
        }
        const wx = fade(tx);
        const left = leftX * tx + leftC;
        const across = rightX * (tx - 1) + rightC - left;
        value[i] = left + wx * across;
        slopeX[i] = leftX + wx * (rightX - leftX) + fadeSlope(tx) * across;
        const leftZ = leftZx * tx + leftZc;
        slopeZ[i] = leftZ + wx * (rightZx * (tx - 1) + rightZc - leftZ);
    }
}

/**
 * One row of 3D noise along x, about -1 to 1. Units as in `noiseRow2`; `periodY` may differ, which flattens or
 * stretches features.
 */
export function noiseRow3(
    seed: number,
    period: number,
    periodY: number,
    x: number,
    y: number,
    z: number,
    step: number,
    count: number,
    value: Float64Array,
): void {
    const inverse = 1 / period;
    const cellY = Math.floor(y / periodY);
    const ty = y / periodY - cellY;
    const cellZ = Math.floor(z * inverse);
    const tz = z * inverse - cellZ;
    const wy = fade(ty);
    const wz = fade(tz);
    const w00 = (1 - wy) * (1 - wz);
    const w10 = wy * (1 - wz);
    const w01 = (1 - wy) * wz;
    const w11 = wy * wz;
    let cell = Number.NaN;
    let leftX = 0;
    let leftC = 0;
    let rightX = 0;
    let rightC = 0;
    for (let i = 0; i < count; i++) {
        const scaled = (x + i * step) * inverse;
        const here = Math.floor(scaled);
        const tx = scaled - here;
        if (here !== cell) {
            cell = here;
            for (let side = 0; side < 2; side++) {
                const a = gradient3(seed, cell + side, cellY, cellZ);
                const b = gradient3(seed, cell + side, cellY + 1, cellZ);
                const c = gradient3(seed, cell + side, cellY, cellZ + 1);
                const d = gradient3(seed, cell + side, cellY + 1, cellZ + 1);
                const alongX =
                    w00 * GRADIENTS_3D[a]! + w10 * GRADIENTS_3D[b]! + w01 * GRADIENTS_3D[c]! + w11 * GRADIENTS_3D[d]!;
                const constant =
                    w00 * (GRADIENTS_3D[a + 1]! * ty + GRADIENTS_3D[a + 2]! * tz) +
                    w10 * (GRADIENTS_3D[b + 1]! * (ty - 1) + GRADIENTS_3D[b + 2]! * tz) +
                    w01 * (GRADIENTS_3D[c + 1]! * ty + GRADIENTS_3D[c + 2]! * (tz - 1)) +
                    w11 * (GRADIENTS_3D[d + 1]! * (ty - 1) + GRADIENTS_3D[d + 2]! * (tz - 1));
                if (side === 0) {
                    leftX = alongX;
                    leftC = constant;
                } else {
                    rightX = alongX;
                    rightC = constant;
                }
            }
        }
        const left = leftX * tx + leftC;
        value[i] = left + fade(tx) * (rightX * (tx - 1) + rightC - left);
    }
}
