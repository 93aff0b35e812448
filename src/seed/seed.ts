/** Every random choice comes from a named sub-stream, so that a new use of randomness never shifts an old one. */

/** Returns a recipe's seed as an unsigned 32-bit integer: numbers are taken as they are, texts are hashed. */
export function seedFrom(seed: number | string): number {
    return typeof seed === "number" ? seed >>> 0 : hashText(0x811c9dc5, seed);
}

/**
 * Returns the seed of the sub-stream `domain` / `context` / `index`, an unsigned 32-bit integer.
 *
 * @param seed from `seedFrom` or from another `subSeed`
 * @param domain what it shapes: "terrain", "caves", "materials"
 * @param context what it is for within its domain
 * @param index octave, or any integer that tells the streams of one context apart. Default 0
 */
export function subSeed(seed: number, domain: string, context: string, index = 0): number {
    // A byte that no text holds ends each name: "ab" + "c" and "a" + "bc" differ.
    const named = hashText(hashText(avalanche(seed), domain), context);
    return avalanche(named ^ Math.imul(index | 0, 0x9e3779b1));
}

/** Hashes a text with FNV-1a over its UTF-16 code units and a final mark. Source: Fowler, Noll, Vo. */
function hashText(hash: number, text: string): number {
    for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        hash = Math.imul(hash ^ (unit & 0xff), 0x01000193);
        hash = Math.imul(hash ^ (unit >>> 8), 0x01000193);
    }
    return avalanche(Math.imul(hash ^ 0xff, 0x01000193));
}

/** Mixes the bits as MurmurHash3's finaliser does: every bit of the input moves every bit of the output. */
function avalanche(hash: number): number {
    hash ^= hash >>> 16;
    hash = Math.imul(hash, 0x85ebca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2ae35);
    return (hash ^ (hash >>> 16)) >>> 0;
}
