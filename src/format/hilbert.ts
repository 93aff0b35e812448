/**
 * Tiles of a pyramid in one order: zoom by zoom, and in each zoom along a Hilbert curve, so that what lies side by side is
 * mostly close in the order too. As PMTiles numbers its tiles.
 */

/** Zooms above this one have tiles whose ids are no safe integers. */
export const MAX_ZOOM = 26;

/**
 * Returns the id of a tile. Ids of zoom `z` follow those of all lower zooms.
 *
 * @param zoom from 0 to `MAX_ZOOM`
 * @param x from 0 to 2^zoom - 1
 * @param y from 0 to 2^zoom - 1
 */
export function tileIdOf(zoom: number, x: number, y: number): number {
    let id = firstIdOf(zoom);
    for (let side = 2 ** zoom / 2; side >= 1; side /= 2) {
        const isRight = (x & side) !== 0;
        const isLower = (y & side) !== 0;
        id += side * side * quadrantOf(isRight, isLower);
        [x, y] = turned(side, x & (side - 1), y & (side - 1), isRight, isLower);
    }
    return id;
}

/** A tile's place: what `tileIdOf` takes. */
export interface TilePlace {
    readonly zoom: number;
    readonly x: number;
    readonly y: number;
}

/** Returns the place of a tile; null where no zoom up to `MAX_ZOOM` has its id. */
export function placeOfTile(id: number): TilePlace | null {
    let zoom = 0;
    while (zoom <= MAX_ZOOM && id >= firstIdOf(zoom + 1)) {
        zoom++;
    }
    if (!Number.isSafeInteger(id) || id < 0 || zoom > MAX_ZOOM) {
        return null;
    }
    let rest = id - firstIdOf(zoom);
    let [x, y] = [0, 0];
    for (let side = 1; side < 2 ** zoom; side *= 2) {
        const quadrant = rest % 4;
        rest = Math.floor(rest / 4);
        const isRight = quadrant >= 2;
        const isLower = quadrant === 1 || quadrant === 2;
        [x, y] = turned(side, x, y, isRight, isLower);
        x += isRight ? side : 0;
        y += isLower ? side : 0;
    }
    return { zoom, x, y };
}

/** Returns how many tiles all lower zooms have. */
function firstIdOf(zoom: number): number {
    return (4 ** zoom - 1) / 3;
}

/** Returns the quadrants' order along the curve: down the left side, up the right one. */
function quadrantOf(isRight: boolean, isLower: boolean): number {
    return isRight ? (isLower ? 2 : 3) : isLower ? 1 : 0;
}

/** Turns the curve inside a quadrant, so that it begins where the one before ends. Turns back as well. */
function turned(side: number, x: number, y: number, isRight: boolean, isLower: boolean): [number, number] {
    if (isLower) {
        return [x, y];
    }
    return isRight ? [side - 1 - y, side - 1 - x] : [y, x];
}
