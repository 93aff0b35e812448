import { TerraneError } from "../base/errors.js";

/** The face of an address in a flat world, which has none. */
export const NO_FACE = -1;

/** The coarsest level that an address may have. A level-24 chunk of 64 m covers a million kilometres. */
export const MAX_LEVEL = 24;

/** Chunk coordinates stay within this distance of 0, so that `addressKey` fits a double. */
export const MAX_CHUNK_COORDINATE = 2 ** 23 - 1;

/**
 * The coarsest level that an address on a planet's face may have. A face is a quadtree below one chunk: at level n its
 * coordinates are 0 to 2^(`MAX_FACE_LEVEL` - n) - 1 at most.
 */
export const MAX_FACE_LEVEL = 23;

/**
 * One chunk. Level 0 is the finest; a level-n chunk covers 2^n times the side. In chunk coordinates of its own level,
 * it spans [x, x + 1] by [z, z + 1]. `face` is 0 to 5 on planets and `NO_FACE` on flat worlds.
 */
export interface ChunkAddress {
    /** Face of a planet, 0 to 5; `NO_FACE` on flat worlds. */
    readonly face: number;
    /** Level of detail; 0 is the finest. */
    readonly level: number;
    /** X in chunks of the level. */
    readonly x: number;
    /** Z in chunks of the level. */
    readonly z: number;
}

/**
 * Returns the address of a flat world's chunk.
 *
 * @throws TerraneError where the level or a coordinate is out of range
 */
export function flatAddress(level: number, x: number, z: number): ChunkAddress {
    const address: ChunkAddress = { face: NO_FACE, level, x, z };
    assertAddress(address);
    return address;
}

/** Throws a `TerraneError` where a part of an address is out of range. */
export function assertAddress(address: ChunkAddress): void {
    const { face, level, x, z } = address;
    check("face", face, isFace(face), "an integer from 0 to 5, or -1 on flat worlds");
    check("level", level, isLevel(face, level), `an integer from 0 to ${maxLevelOf(face)}`);
    check("x", x, isChunkCoordinate(face, level, x), allowedCoordinates(face, level));
    check("z", z, isChunkCoordinate(face, level, z), allowedCoordinates(face, level));
}

/** Tells whether `assertAddress` would accept the address. */
export function isAddress({ face, level, x, z }: ChunkAddress): boolean {
    return (
        isFace(face) && isLevel(face, level) && isChunkCoordinate(face, level, x) && isChunkCoordinate(face, level, z)
    );
}

/** Returns an address as text: `L/x/z` on flat worlds, `F/L/x/z` on planets. */
export function formatAddress(address: ChunkAddress): string {
    const tail = `${address.level}/${address.x}/${address.z}`;
    return address.face === NO_FACE ? tail : `${address.face}/${tail}`;
}

/**
 * Parses what `formatAddress` returns.
 *
 * @throws TerraneError that shows the text, where it is no address
 */
export function parseAddress(text: string): ChunkAddress {
    const parts = text.split("/");
    const wellFormed =
        (parts.length === 3 || parts.length === 4) && parts.every((part) => /^(0|-?[1-9]\d{0,8})$/.test(part));
    if (!wellFormed) {
        throw new TerraneError(
            "address",
            text,
            "level/x/z, or face/level/x/z on planets, all integers",
            "Write it like 0/12/-7.",
        );
    }
    const numbers = parts.map(Number);
    const [z, x, level, face = NO_FACE] = numbers.reverse() as [number, number, number, number?];
    const address: ChunkAddress = { face, level, x, z };
    assertAddress(address);
    return address;
}

function isFace(face: number): boolean {
    return Number.isInteger(face) && face >= NO_FACE && face <= 5;
}

function maxLevelOf(face: number): number {
    return face === NO_FACE ? MAX_LEVEL : MAX_FACE_LEVEL;
}

function isLevel(face: number, level: number): boolean {
    return Number.isInteger(level) && level >= 0 && level <= maxLevelOf(face);
}

function isChunkCoordinate(face: number, level: number, value: number): boolean {
    return face === NO_FACE
        ? Number.isInteger(value) && Math.abs(value) <= MAX_CHUNK_COORDINATE
        : Number.isInteger(value) && value >= 0 && value < chunksAlongFace(level);
}

/** Returns the most chunks of a level that lie along a face's edge. */
function chunksAlongFace(level: number): number {
    return 2 ** (MAX_FACE_LEVEL - level);
}

function allowedCoordinates(face: number, level: number): string {
    return face === NO_FACE
        ? `an integer within ${MAX_CHUNK_COORDINATE} of 0`
        : `an integer from 0 to ${chunksAlongFace(level) - 1} at level ${level} of a face`;
}

function check(field: string, value: unknown, isValid: boolean, allowed: string): void {
    if (!isValid) {
        throw new TerraneError(`address.${field}`, value, allowed, "Correct the address.");
    }
}
