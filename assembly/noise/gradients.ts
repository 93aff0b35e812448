// The gradients of lattice.ts for rows of corners, four at once: bits of a hash choose them from tables in registers.

import { reserveTable } from "../base/arena";

// In memory rather than in the code, where each use of a constant vector takes three instructions.
export const CONSTANTS: usize = memory.data<u32>([
    0x2c1b3c6d, 0x2c1b3c6d, 0x2c1b3c6d, 0x2c1b3c6d,
    0x297a2d39, 0x297a2d39, 0x297a2d39, 0x297a2d39,
    0x78dde6c4, 0x78dde6c4, 0x78dde6c4, 0x78dde6c4,
    0x0000000c, 0x0000000c, 0x0000000c, 0x0000000c,
    0x03020100, 0x03020100, 0x03020100, 0x03020100,
    0x80000000, 0x80000000, 0x80000000, 0x80000000,
    0x00ffffff, 0x00ffffff, 0x00ffffff, 0x00ffffff,
    0x01010101, 0x01010101, 0x01010101, 0x01010101,
], 16);
export const MULTIPLIER_1: usize = 0;
export const MULTIPLIER_2: usize = 16;
/** Four times what one more along x adds to a hash's product. */
const STEP: usize = 32;
const ENTRY: usize = 48;
const LANES: usize = 64;
export const SIGN: usize = 80;
export const NO_BYTE: usize = 96;
const IN_EACH_BYTE: usize = 112;

/** The first four directions of lattice.ts; all others are these turned by right angles. */
const DIRECTIONS_2D: usize = memory.data<f32>([
    1.4084898625, 1.2526330354, 0.9060741838, 0.4215737513, 0.1271074632, 0.6564377188, 1.0858312822, 1.3499168760,
], 16);

/** Parts of the directions of lattice.ts: x of all, y of all, z of all. */
const DIRECTIONS_3D: usize = memory.data<i8>([
    1, -1, 1, -1, 1, -1, 1, -1, 0, 0, 0, 0, 1, -1, 0, 0,
    1, 1, -1, -1, 0, 0, 0, 0, 1, -1, 1, -1, 1, 1, -1, -1,
    0, 0, 0, 0, 1, 1, -1, -1, 1, 1, -1, -1, 0, 0, 1, -1,
], 16);

/** What is the same for a whole row of corners goes through memory, or the engine computes it for each vector. */
const shared: usize = reserveTable(4);

/** Mixes the bits of four hashes, as lattice.ts does one's, as far as their upper bits need it. */
@inline
export function mix(hash: v128, multiplier1: v128, multiplier2: v128): v128 {
    hash = v128.xor(hash, i32x4.shr_u(hash, 15));
    hash = i32x4.mul(hash, multiplier1);
    hash = v128.xor(hash, i32x4.shr_u(hash, 12));
    // What lattice.ts does next leaves the upper bits alone, and no others are used.
    return i32x4.mul(hash, multiplier2);
}

/** Returns what x adds to the hashes of four corners. */
@inline
function productsAlongX(x: i32): v128 {
    return i32x4.mul(i32x4.add(i32x4.splat(x), i32x4(0, 1, 2, 3)), i32x4.splat(0x9e3779b1));
}

/** Fills the gradients of `count` corners from x on, and of up to three behind them. */
export function gradients2(seed: u32, x: i32, z: i32, count: i32, toX: usize, toZ: usize): void {
    store<u32>(shared, seed ^ (<u32>z * 0x85ebca77));
    const others = v128.load32_splat(shared);
    const multiplier1 = v128.load(CONSTANTS, MULTIPLIER_1);
    const multiplier2 = v128.load(CONSTANTS, MULTIPLIER_2);
    const step = v128.load(CONSTANTS, STEP);
    const entryMask = v128.load(CONSTANTS, ENTRY);
    const lanes = v128.load(CONSTANTS, LANES);
    const sign = v128.load(CONSTANTS, SIGN);
    const inEachByte = v128.load(CONSTANTS, IN_EACH_BYTE);
    const tableX = v128.load(DIRECTIONS_2D);
    const tableZ = v128.load(DIRECTIONS_2D, 16);
    let products = productsAlongX(x);
    const end = toX + (<usize>count << 2);
    do {
        const hash = mix(v128.xor(products, others), multiplier1, multiplier2);
        products = i32x4.add(products, step);
        // Bits 28 and 29 choose the direction, as bytes of the table; 30 and 31 the turn.
        const entry = v128.and(i32x4.shr_u(hash, 26), entryMask);
        const bytes = i32x4.add(i32x4.mul(entry, inEachByte), lanes);
        const baseX = i8x16.swizzle(tableX, bytes);
        const baseZ = i8x16.swizzle(tableZ, bytes);
        const quarter = i32x4.shl(hash, 1);
        const swap = v128.and(v128.xor(baseX, baseZ), i32x4.shr_s(quarter, 31));
        v128.store(toX, v128.xor(v128.xor(baseX, swap), v128.and(v128.xor(hash, quarter), sign)));
        v128.store(toZ, v128.xor(v128.xor(baseZ, swap), v128.and(hash, sign)));
        toX += 16;
        toZ += 16;
    } while (toX < end);
}

/** The gradients of `gradients3` are this many times those of lattice.ts: whole numbers in a word's upper byte. */
export const GRADIENT_SCALE_3D: f32 = 16777216;

/** Gradients of `count` corners from `x` on, and of up to three behind them; GRADIENT_SCALE_3D times too large. */
export function gradients3(seed: u32, x: i32, y: i32, z: i32, count: i32, toX: usize, toY: usize, toZ: usize): void {
    store<u32>(shared, seed ^ (<u32>y * 0xc2b2ae3d) ^ (<u32>z * 0x85ebca77));
    const others = v128.load32_splat(shared);
    const multiplier1 = v128.load(CONSTANTS, MULTIPLIER_1);
    const multiplier2 = v128.load(CONSTANTS, MULTIPLIER_2);
    const step = v128.load(CONSTANTS, STEP);
    const noByte = v128.load(CONSTANTS, NO_BYTE);
    const tableX = v128.load(DIRECTIONS_3D);
    const tableY = v128.load(DIRECTIONS_3D, 16);
    const tableZ = v128.load(DIRECTIONS_3D, 32);
    let products = productsAlongX(x);
    const end = toX + (<usize>count << 2);
    do {
        const hash = mix(v128.xor(products, others), multiplier1, multiplier2);
        products = i32x4.add(products, step);
        const bytes = v128.or(i32x4.shr_u(hash, 4), noByte);
        v128.store(toX, f32x4.convert_i32x4_s(i8x16.swizzle(tableX, bytes)));
        v128.store(toY, f32x4.convert_i32x4_s(i8x16.swizzle(tableY, bytes)));
        v128.store(toZ, f32x4.convert_i32x4_s(i8x16.swizzle(tableZ, bytes)));
        toX += 16;
        toY += 16;
        toZ += 16;
    } while (toX < end);
}
