import { MAX_FACE_LEVEL, NO_FACE } from "./chunkAddress.js";

/** A key's numbers from the highest: the slot, and 24 bits each for column and row. */
const PART = 2 ** 24;
/** What is added to the coordinates of flat worlds: none is negative then. */
const OFFSET = 2 ** 23;
/** Flat worlds have a slot for each level, which are `MAX_LEVEL + 1`; the faces of planets follow, one slot each. */
const FIRST_FACE_SLOT = 25;

/**
 * Packs an address into one number, a key for maps: a safe integer, and no other address has it. A face's column begins with
 * a bit that tells the level: the coarser, the shorter is what follows, as `MAX_FACE_LEVEL` says.
 */
export function addressKey(face: number, level: number, x: number, z: number): number {
    return face === NO_FACE
        ? (level * PART + (x + OFFSET)) * PART + (z + OFFSET)
        : ((FIRST_FACE_SLOT + face) * PART + (x + (1 << (MAX_FACE_LEVEL - level)))) * PART + z;
}

/** Returns the face of a key that `addressKey` packed; the functions below return the rest of its address. */
export function faceOfKey(key: number): number {
    const slot = slotOf(key);
    return slot < FIRST_FACE_SLOT ? NO_FACE : slot - FIRST_FACE_SLOT;
}

export function levelOfKey(key: number): number {
    const slot = slotOf(key);
    return slot < FIRST_FACE_SLOT ? slot : MAX_FACE_LEVEL - lengthOf(columnOf(key));
}

export function xOfKey(key: number): number {
    const column = columnOf(key);
    return slotOf(key) < FIRST_FACE_SLOT ? column - OFFSET : column - (1 << lengthOf(column));
}

export function zOfKey(key: number): number {
    const row = key % PART;
    return slotOf(key) < FIRST_FACE_SLOT ? row - OFFSET : row;
}

function slotOf(key: number): number {
    return Math.floor(key / (PART * PART));
}

function columnOf(key: number): number {
    return Math.floor(key / PART) % PART;
}

/** Returns how many bits follow the first one that is set. */
function lengthOf(column: number): number {
    return 31 - Math.clz32(column);
}
