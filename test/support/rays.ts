export type Point = readonly [x: number, y: number, z: number];

export interface Ray {
    readonly eye: Point;
    /** Of length 1. */
    readonly way: Point;
}

/**
 * Returns how far along a ray it meets the first triangle; Infinity where it meets none.
 *
 * @param position x, y, z of each vertex
 * @param from, to which of the indices
 * @param nearest what is not farther does not count
 * @param isTwoSided whether backs count, too: fronts are Babylon's left-handed default
 */
export function meetsTriangle(
    position: Float64Array,
    indices: Uint16Array | Uint32Array,
    from: number,
    to: number,
    { eye, way }: Ray,
    nearest: number,
    isTwoSided: boolean,
): number {
    const [eyeX, eyeY, eyeZ] = eye;
    const [wayX, wayY, wayZ] = way;
    let best = Infinity;
    for (let i = from; i < to; i += 3) {
        const a = indices[i]! * 3;
        const b = indices[i + 1]! * 3;
        const c = indices[i + 2]! * 3;
        const ax = position[a]!;
        const ay = position[a + 1]!;
        const az = position[a + 2]!;
        const ux = position[b]! - ax;
        const uy = position[b + 1]! - ay;
        const uz = position[b + 2]! - az;
        const vx = position[c]! - ax;
        const vy = position[c + 1]! - ay;
        const vz = position[c + 2]! - az;
        // Source: Moller and Trumbore, Fast, minimum storage ray/triangle intersection.
        const px = wayY * vz - wayZ * vy;
        const py = wayZ * vx - wayX * vz;
        const pz = wayX * vy - wayY * vx;
        const facing = ux * px + uy * py + uz * pz;
        if (facing === 0 || (!isTwoSided && facing > 0)) {
            continue;
        }
        const tx = eyeX - ax;
        const ty = eyeY - ay;
        const tz = eyeZ - az;
        const first = (tx * px + ty * py + tz * pz) / facing;
        if (first < 0 || first > 1) {
            continue;
        }
        const qx = ty * uz - tz * uy;
        const qy = tz * ux - tx * uz;
        const qz = tx * uy - ty * ux;
        const second = (wayX * qx + wayY * qy + wayZ * qz) / facing;
        if (second < 0 || first + second > 1) {
            continue;
        }
        const distance = (vx * qx + vy * qy + vz * qz) / facing;
        if (distance > nearest && distance < best) {
            best = distance;
        }
    }
    return best;
}
