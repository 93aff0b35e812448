/** Bytes of a table. */
export const OPEN_SIMPLEX_TABLE_BYTES = 256;

/**
 * Returns the permutation that the package `open-simplex-noise` makes of a seed, as the kernels take it. It keeps its own to itself: these
 * are its steps (lib/2d.js, lib/shuffle_seed.js), which `test/unit/kernels/openSimplex.test.ts` holds against its noise.
 *
 * @param seed whole, 0 to 2^32 - 1
 */
export function openSimplexTable(seed: number): Uint8Array {
    const table = new Uint8Array(OPEN_SIMPLEX_TABLE_BYTES);
    const source = Uint8Array.from(table, (_, i) => i);
    let state = shuffled(shuffled(shuffled(seed)));
    for (let i = OPEN_SIMPLEX_TABLE_BYTES - 1; i >= 0; i--) {
        state = shuffled(state);
        const pick = (state + 31) % (i + 1);
        table[i] = source[pick]!;
        source[pick] = source[i]!;
    }
    return table;
}

/** Products of 32 bits by 21 are exact in f64. */
function shuffled(state: number): number {
    return (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
}
