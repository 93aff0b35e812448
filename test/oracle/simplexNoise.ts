/** Simplex noise of assembly/noise/simplex.ts, plainly, one point at a time and in f64. */

// prettier-ignore
const DIRECTIONS_2D = [
    [121, 12], [116, 35], [107, 57], [94, 77], [77, 94], [57, 107], [35, 116], [12, 121],
    [-12, 121], [-35, 116], [-57, 107], [-77, 94], [-94, 77], [-107, 57], [-116, 35], [-121, 12],
] as const;

// prettier-ignore
const DIRECTIONS_3D = [
    [1, -122, -32], [34, 27, 118], [91, -71, 50], [35, 82, -89], [92, -37, -78], [-112, -55, -15],
    [77, -96, -25], [100, 5, 77], [39, 8, -120], [-61, -109, 17], [-6, -114, -54], [30, 50, 112],
    [74, -80, 63], [12, 88, -89], [105, -21, -66], [-119, -41, 3],
] as const;

const LONGEST_2D = Math.max(...DIRECTIONS_2D.map(([x, z]) => Math.sqrt(x * x + z * z)));
const LONGEST_3D = Math.max(...DIRECTIONS_3D.map(([x, y, z]) => Math.sqrt(x * x + y * y + z * z)));

/** Greatest sum over a point's corners of (1/2 - |offset|^2)^4 * |offset|, found numerically. */
const GREATEST_2D = 0.01008020471281144;
const GREATEST_3D = 0.009289062925455902;

/** Value, then derivatives by each coordinate. `x` and `z` are in cells. */
export function simplex2(seed: number, x: number, z: number): [number, number, number] {
    const skew = ((Math.sqrt(3) - 1) / 2) * (x + z);
    const u = x + skew + shiftOf(seed, 1);
    const w = z + skew + shiftOf(seed, 3);
    const cell = [Math.floor(u), Math.floor(w)] as const;
    const steps = u - cell[0] >= w - cell[1] ? [0, 1] : [1, 0];
    const at = [cell[0], cell[1]];
    const sum: [number, number, number] = [0, 0, 0];
    for (let corner = 0; corner < 3; corner++) {
        // Offset from the corner, back on straight axes.
        const [du, dw] = [u - at[0]!, w - at[1]!];
        const back = ((3 - Math.sqrt(3)) / 6) * (du + dw);
        const offset = [du - back, dw - back] as const;
        const falloff = 0.5 - offset[0] ** 2 - offset[1] ** 2;
        if (falloff > 0) {
            const { index, sign } = chooseDirection(seed ^ product(at[0]!, 0x9e3779b1) ^ product(at[1]!, 0x85ebca77));
            const gradient = DIRECTIONS_2D[index]!.map((part) => (sign * part) / LONGEST_2D / GREATEST_2D);
            const dot = gradient[0]! * offset[0] + gradient[1]! * offset[1];
            sum[0] += falloff ** 4 * dot;
            sum[1] += falloff ** 4 * gradient[0]! - 8 * falloff ** 3 * dot * offset[0];
            sum[2] += falloff ** 4 * gradient[1]! - 8 * falloff ** 3 * dot * offset[1];
        }
        if (corner < 2) {
            at[steps[corner]!]!++;
        }
    }
    return sum;
}

/** Value, then derivatives by each coordinate. Coordinates are in cells. */
export function simplex3(seed: number, x: number, y: number, z: number): [number, number, number, number] {
    const skew = (x + y + z) / 3;
    const skewed = [x + skew + shiftOf(seed, 1), y + skew + shiftOf(seed, 2), z + skew + shiftOf(seed, 3)];
    const at = skewed.map(Math.floor);
    const fractions = skewed.map((value, axis) => value - at[axis]!);
    // A stable sort: of equal fractions the first axis comes first.
    const steps = [0, 1, 2].sort((a, b) => fractions[b]! - fractions[a]!);
    const sum: [number, number, number, number] = [0, 0, 0, 0];
    for (let corner = 0; corner < 4; corner++) {
        const from = skewed.map((value, axis) => value - at[axis]!);
        const back = (from[0]! + from[1]! + from[2]!) / 6;
        const offset = from.map((value) => value - back);
        const falloff = 0.5 - offset[0]! ** 2 - offset[1]! ** 2 - offset[2]! ** 2;
        if (falloff > 0) {
            const { index, sign } = chooseDirection(
                seed ^ product(at[0]!, 0x9e3779b1) ^ product(at[1]!, 0xc2b2ae3d) ^ product(at[2]!, 0x85ebca77),
            );
            const gradient = DIRECTIONS_3D[index]!.map((part) => (sign * part) / LONGEST_3D / GREATEST_3D);
            const dot = gradient[0]! * offset[0]! + gradient[1]! * offset[1]! + gradient[2]! * offset[2]!;
            sum[0] += falloff ** 4 * dot;
            for (let axis = 0; axis < 3; axis++) {
                sum[axis + 1]! += falloff ** 4 * gradient[axis]! - 8 * falloff ** 3 * dot * offset[axis]!;
            }
        }
        if (corner < 3) {
            at[steps[corner]!]!++;
        }
    }
    return sum;
}

function product(cell: number, prime: number): number {
    return Math.imul(Number(BigInt.asIntN(32, BigInt(cell))), prime);
}

function chooseDirection(hash: number): { index: number; sign: number } {
    hash = mix(hash);
    return { index: hash >>> 28, sign: (hash & 0x08000000) === 0 ? 1 : -1 };
}

function mix(hash: number): number {
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
}

function shiftOf(seed: number, axis: number): number {
    return (mix((seed + Math.imul(axis, 0x9e3779b1)) | 0) >>> 8) / 2 ** 24;
}
