/** Gives the next number of a sequence, from 0 up to 1. */
export type Random = () => number;

/** Returns a sequence of random numbers (Mulberry32): the same one for the same seed. */
export function createRandom(seed: number): Random {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

/** Returns 32 random bits of a place on a lattice. */
export function hashOf(x: number, y: number, seed: number): number {
    let hash = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca6b) ^ Math.imul(seed, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
    return (hash ^ (hash >>> 15)) >>> 0;
}

/** Returns a random number from 0 up to 1 of a place on a lattice. */
export function randomAt(x: number, y: number, seed: number): number {
    return hashOf(x, y, seed) / 2 ** 32;
}
