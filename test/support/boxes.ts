import type { SeenBox } from "../../src/lod/seenBox.js";

const VIEWER = { x: 0, y: 0, z: 0 };

/** Whether a box is seen whose middle is at a place, as far from the viewer; half of its width and of its height are given. */
export function touchesBox(
    seen: SeenBox,
    [x, y, z]: readonly [number, number, number],
    halfSide = 0,
    halfHeight = 0,
): boolean {
    const box = [x - halfSide, y - halfHeight, z - halfSide, x + halfSide, y + halfHeight, z + halfSide];
    return seen.touches(VIEWER, Float64Array.from(box));
}
