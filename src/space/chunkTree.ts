// Four children to a chunk: (0, 0), (1, 0), (0, 1), (1, 1), on its own face and one level finer.

/** Returns x of a chunk's child 0 to 3. */
export function childX(x: number, child: number): number {
    return x * 2 + (child & 1);
}

/** Returns z of a chunk's child 0 to 3. */
export function childZ(z: number, child: number): number {
    return z * 2 + (child >> 1);
}

/** Returns a coordinate, x or z, of a chunk's parent. */
export function parentCoordinate(coordinate: number): number {
    return coordinate >> 1;
}
