// Hash and fades that all lattice noise shares. They are those of test/oracle/gradientNoise.ts.

/** Sixteen directions of length sqrt 2, turned by 0.09 rad so that none lies along an axis: x and z of each. */
export const GRADIENTS_2D: usize = memory.data<f32>([
    1.4084898625, 0.1271074632, 1.2526330354, 0.6564377188, 0.9060741838, 1.0858312822, 0.4215737513, 1.3499168760,
    -0.1271074632, 1.4084898625, -0.6564377188, 1.2526330354, -1.0858312822, 0.9060741838, -1.3499168760, 0.4215737513,
    -1.4084898625, -0.1271074632, -1.2526330354, -0.6564377188, -0.9060741838, -1.0858312822, -0.4215737513, -1.3499168760,
    0.1271074632, -1.4084898625, 0.6564377188, -1.2526330354, 1.0858312822, -0.9060741838, 1.3499168760, -0.4215737513,
]);

/** A cube's twelve edge directions, four of them twice so that four bits choose one: x, y and z of each. */
export const GRADIENTS_3D: usize = memory.data<f32>([
    1, 1, 0, -1, 1, 0, 1, -1, 0, -1, -1, 0, 1, 0, 1, -1, 0, 1, 1, 0, -1, -1, 0, -1,
    0, 1, 1, 0, -1, 1, 0, 1, -1, 0, -1, -1, 1, 1, 0, -1, 1, 0, 0, -1, 1, 0, -1, -1,
]);

/** Mixes the bits of a hash. Gradients use its upper ones. */
@inline
export function mix32(hash: u32): u32 {
    hash ^= hash >> 15;
    hash *= 0x2c1b3c6d;
    hash ^= hash >> 12;
    hash *= 0x297a2d39;
    return hash ^ (hash >> 15);
}

/** Returns the address of the gradient at a corner of a 2D lattice. */
@inline
export function gradient2(seed: u32, x: i32, z: i32): usize {
    return GRADIENTS_2D + (<usize>(mix32(seed ^ (<u32>x * 0x9e3779b1) ^ (<u32>z * 0x85ebca77)) >> 28) << 3);
}

/** Returns the address of the gradient at a corner of a 3D lattice. */
@inline
export function gradient3(seed: u32, x: i32, y: i32, z: i32): usize {
    const hash = seed ^ (<u32>x * 0x9e3779b1) ^ (<u32>y * 0xc2b2ae3d) ^ (<u32>z * 0x85ebca77);
    return GRADIENTS_3D + <usize>(mix32(hash) >> 28) * 12;
}

/** Returns x of a gradient, of either kind. */
@inline
export function gradientX(gradient: usize): f32 {
    return load<f32>(gradient);
}

/** Returns y of a 3D gradient. */
@inline
export function gradientY(gradient: usize): f32 {
    return load<f32>(gradient, 4);
}

/** Returns z of a 2D gradient. */
@inline
export function gradient2Z(gradient: usize): f32 {
    return load<f32>(gradient, 4);
}

/** Returns z of a 3D gradient. */
@inline
export function gradient3Z(gradient: usize): f32 {
    return load<f32>(gradient, 8);
}

/** Returns the share of the corner behind at t in [0, 1]: 6 t^5 - 15 t^4 + 10 t^3. */
@inline
export function fade(t: f32): f32 {
    return t * t * t * (t * (t * 6 - 15) + 10);
}

/** Returns the derivative of `fade`. */
@inline
export function fadeSlope(t: f32): f32 {
    return 30 * t * t * (t * (t - 2) + 1);
}

/** Returns the integer below a lattice coordinate, wrapped to 32 bits as the hash takes it. */
@inline
export function wrapCell(floored: f64): i32 {
    return <i32>(<i64>floored);
}
