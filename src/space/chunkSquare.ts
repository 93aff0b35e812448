import { formatAddress, isAddress, NO_FACE, type ChunkAddress } from "./chunkAddress.js";

/*
 * Chunks of one level, grouped in aligned squares: of 2^height chunks along each side, whose places are multiples of that.
 * Squares of one height lie in a grid of their own; a square has four quadrants, and 32 x 32 children five heights lower.
 */

/** An aligned square of 2^`height` by 2^`height` chunks of one level. */
export interface ChunkSquare {
    /** Face of a planet, 0 to 5; `NO_FACE` on flat worlds. */
    readonly face: number;
    /** Level of the chunks. */
    readonly level: number;
    /** 0 is a chunk, `BLOCK_HEIGHT` a block, `GRID_HEIGHT` all chunks of the level. */
    readonly height: number;
    /** Place along x in squares of this height: that of chunk x is x / 2^height, rounded down. */
    readonly x: number;
    /** Place along z, as `x`. */
    readonly z: number;
}

/** Height of a block: 32 x 32 chunks. */
export const BLOCK_HEIGHT = 5;
/** Slots of a square: its 32 x 32 children, five heights lower, in Morton order. */
export const SQUARE_SLOTS = 1024;
/** Height of the one square that holds all chunks of a level. */
export const GRID_HEIGHT = 25;

/** What is added to the coordinates of flat worlds, so that all chunks of a level lie in one square. */
const OFFSET = 2 ** 23;

/** Returns the square of a height that a chunk lies in. */
export function squareOf(address: ChunkAddress, height: number): ChunkSquare {
    return ancestorSquare(squareOfChunk(address), height);
}

/** Returns the square that a square lies in, five heights above it. */
export function parentSquare(square: ChunkSquare): ChunkSquare {
    return ancestorSquare(square, square.height + BLOCK_HEIGHT);
}

/** Returns the square of a height that a square lies in, or is. */
export function ancestorSquare({ face, level, height, x, z }: ChunkSquare, ancestorHeight: number): ChunkSquare {
    const steps = ancestorHeight - height;
    const offset = offsetOf(face, ancestorHeight);
    return {
        face,
        level,
        height: ancestorHeight,
        x: (gridCoordinate(face, height, x) >> steps) - offset,
        z: (gridCoordinate(face, height, z) >> steps) - offset,
    };
}

/** Returns a square's child in a slot. */
export function childSquare({ face, level, height, x, z }: ChunkSquare, slot: number): ChunkSquare {
    const childHeight = height - BLOCK_HEIGHT;
    const offset = offsetOf(face, childHeight);
    return {
        face,
        level,
        height: childHeight,
        x: gridCoordinate(face, height, x) * 32 + evenBits(slot) - offset,
        z: gridCoordinate(face, height, z) * 32 + evenBits(slot >> 1) - offset,
    };
}

/** Returns the slot that a square takes in its parent. */
export function slotOf({ face, height, x, z }: ChunkSquare): number {
    return mortonOf(gridCoordinate(face, height, x) & 31, gridCoordinate(face, height, z) & 31);
}

/** Returns a chunk as the square of height 0 that it is. */
export function squareOfChunk({ face, level, x, z }: ChunkAddress): ChunkSquare {
    return { face, level, height: 0, x, z };
}

/** Returns the chunk in a slot of a block. */
export function chunkInBlock(block: ChunkSquare, slot: number): ChunkAddress {
    const { face, level, x, z } = childSquare(block, slot);
    return { face, level, x, z };
}

/** Returns the slot that a chunk takes in its block. */
export function slotInBlock({ x, z }: ChunkAddress): number {
    return slotOfChunk(x, z);
}

/** Returns the slot of a chunk by its coordinates, which make no object on the frame path. */
export function slotOfChunk(x: number, z: number): number {
    return mortonOf(x & 31, z & 31);
}

/** Compares two squares of one height by face, level, and Morton order. */
export function compareSquares(a: ChunkSquare, b: ChunkSquare): number {
    return a.face - b.face || a.level - b.level || compareMorton(a, b);
}

/** Compares two chunks by face, level, and Morton order. */
export function compareChunks(a: ChunkAddress, b: ChunkAddress): number {
    if (a.face !== b.face || a.level !== b.level) {
        return a.face - b.face || a.level - b.level;
    }
    return compareMorton(squareOfChunk(a), squareOfChunk(b));
}

/**
 * Packs a square of at least a block into one number, a key for maps: a safe integer, and no other square has it. Its column
 * begins with a bit that tells the height.
 */
export function squareKey({ face, level, height, x, z }: ChunkSquare): number {
    const column = gridCoordinate(face, height, x) + 2 ** (GRID_HEIGHT - height);
    return (((face + 1) * 25 + level) * 2 ** 22 + column) * 2 ** 20 + gridCoordinate(face, height, z);
}

/** Tells whether there can be a square of this place: some of its chunks have addresses. */
export function isSquare({ face, level, height, x, z }: ChunkSquare): boolean {
    const side = face === NO_FACE ? 2 ** 24 : 2 ** (23 - level);
    const places = Math.max(1, side / 2 ** height);
    return isPlace(gridCoordinate(face, height, x), places) && isPlace(gridCoordinate(face, height, z), places);
}

/** Parses a block as text, `L/X/Z` or on planets `F/L/X/Z`, which is its level and place; null for any other text. */
export function parseBlock(text: string): ChunkSquare | null {
    const match = /^(?:([0-5])\/)?(0|[1-9]\d?)\/(0|-?[1-9]\d{0,6})\/(0|-?[1-9]\d{0,6})$/.exec(text);
    if (match === null) {
        return null;
    }
    const [level, x, z] = match.slice(2).map(Number) as [number, number, number];
    const face = match[1] === undefined ? NO_FACE : Number(match[1]);
    const block = { face, level, height: BLOCK_HEIGHT, x, z };
    return isAddress({ face, level, x: 0, z: 0 }) && isSquare(block) ? block : null;
}

/** Returns a block as the text that `parseBlock` takes. */
export function formatBlock(block: ChunkSquare): string {
    return formatAddress(block);
}

/** Returns a coordinate of a square in the grid of its height, in which none is negative. */
export function gridCoordinate(face: number, height: number, coordinate: number): number {
    return coordinate + offsetOf(face, height);
}

function isPlace(coordinate: number, places: number): boolean {
    return Number.isInteger(coordinate) && coordinate >= 0 && coordinate < places;
}

function offsetOf(face: number, height: number): number {
    return face === NO_FACE ? OFFSET >> height : 0;
}

/** Morton order: the highest bit in which the places differ decides, of equal ones that of z. */
function compareMorton(a: ChunkSquare, b: ChunkSquare): number {
    const [ax, bx] = [gridCoordinate(a.face, a.height, a.x), gridCoordinate(b.face, b.height, b.x)];
    const [az, bz] = [gridCoordinate(a.face, a.height, a.z), gridCoordinate(b.face, b.height, b.z)];
    const [dx, dz] = [ax ^ bx, az ^ bz];
    const isByX = dz < dx && dz < (dx ^ dz);
    return isByX ? ax - bx : az - bz;
}

/** Interleaves five bits of each: x in the even places, z in the odd ones. */
function mortonOf(x: number, z: number): number {
    return spreadBits(x) | (spreadBits(z) << 1);
}

function spreadBits(value: number): number {
    const pairs = (value | (value << 4)) & 0x10f;
    const nibbles = (pairs | (pairs << 2)) & 0x133;
    return (nibbles | (nibbles << 1)) & 0x155;
}

function evenBits(slot: number): number {
    const pairs = slot & 0x155;
    const nibbles = (pairs | (pairs >> 1)) & 0x133;
    const bytes = (nibbles | (nibbles >> 2)) & 0x10f;
    return (bytes | (bytes >> 4)) & 0x1f;
}
