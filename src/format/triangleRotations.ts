/**
 * Four triangles a byte, two bits each, the first in the lowest: how far `turned` must be turned to be `own`.
 * Throws where the two are not the same triangles in the same order.
 */
export function packRotations(own: Uint16Array | Uint32Array, turned: Uint16Array | Uint32Array): Uint8Array {
    const rotations = new Uint8Array(Math.ceil(own.length / 12));
    for (let i = 0, triangle = 0; i < own.length; i += 3, triangle++) {
        let turns = 0;
        while (turns < 3 && !isTurnedBy(turns, own, turned, i)) {
            turns++;
        }
        if (turns === 3) {
            throw new Error(`Triangle ${triangle} is another after packing.`);
        }
        rotations[triangle >> 2]! |= turns << ((triangle & 3) * 2);
    }
    return rotations;
}

/** Turns each triangle back, in place. A turn of 3 is none. */
export function rotateTriangles(indices: Uint16Array | Uint32Array, rotations: Uint8Array): void {
    for (let i = 0, triangle = 0; i < indices.length; i += 3, triangle++) {
        const turns = (rotations[triangle >> 2]! >> ((triangle & 3) * 2)) & 3;
        if (turns === 0 || turns === 3) {
            continue;
        }
        const [a, b, c] = [indices[i]!, indices[i + 1]!, indices[i + 2]!];
        indices[i] = turns === 1 ? b : c;
        indices[i + 1] = turns === 1 ? c : a;
        indices[i + 2] = turns === 1 ? a : b;
    }
}

function isTurnedBy(by: number, own: ArrayLike<number>, turned: ArrayLike<number>, at: number): boolean {
    const b = by === 2 ? 0 : by + 1;
    const c = b === 2 ? 0 : b + 1;
    return own[at] === turned[at + by] && own[at + 1] === turned[at + b] && own[at + 2] === turned[at + c];
}
