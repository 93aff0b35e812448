/**
 * Returns the mean of the texels around each, in a square that repeats at the borders.
 *
 * @param radius texels to each side, from 1 on
 */
export function boxBlur(source: Float32Array, size: number, radius: number): Float32Array {
    const mask = size - 1;
    const share = 1 / (2 * radius + 1);
    const rows = new Float32Array(source.length);
    for (let y = 0; y < size; y++) {
        const row = y * size;
        let sum = 0;
        for (let x = -radius; x <= radius; x++) {
            sum += source[row + (x & mask)]!;
        }
        for (let x = 0; x < size; x++) {
            rows[row + x] = sum * share;
            sum += source[row + ((x + radius + 1) & mask)]! - source[row + ((x - radius) & mask)]!;
        }
    }
    // Row by row, with a sum for each column: memory is read in the order in which it lies.
    const sums = new Float64Array(size);
    for (let y = -radius; y <= radius; y++) {
        const row = (y & mask) * size;
        for (let x = 0; x < size; x++) {
            sums[x]! += rows[row + x]!;
        }
    }
    const blurred = new Float32Array(source.length);
    for (let y = 0; y < size; y++) {
        const row = y * size;
        const next = ((y + radius + 1) & mask) * size;
        const last = ((y - radius) & mask) * size;
        for (let x = 0; x < size; x++) {
            blurred[row + x] = sums[x]! * share;
            sums[x]! += rows[next + x]! - rows[last + x]!;
        }
    }
    return blurred;
}
