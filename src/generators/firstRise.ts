/** Halvings of an interval: to a trillionth of it. */
const HALVINGS = 40;
/** Scratch: where the cubic's slope vanishes, and the interval's end. */
const stops = [0, 0, 0];

/**
 * Returns where a cubic first rises above 0 between 0 and 1: the last point before, to a trillionth. 0 if it begins
 * above; NaN if it never rises above 0. What is trilinear is a cubic along a line.
 *
 * @param f0 its value at 0
 * @param f1 its value at 1/3
 * @param f2 its value at 2/3
 * @param f3 its value at 1
 */
export function firstRise(f0: number, f1: number, f2: number, f3: number): number {
    if (f0 > 0) {
        return 0;
    }
    // As a Bezier curve it stays between its control values.
    const b1 = (-5 * f0 + 18 * f1 - 9 * f2 + 2 * f3) / 6;
    const b2 = (2 * f0 - 9 * f1 + 18 * f2 - 5 * f3) / 6;
    if (b1 <= 0 && b2 <= 0 && f3 <= 0) {
        return Number.NaN;
    }
    const c1 = 3 * (b1 - f0);
    const c2 = 3 * (b2 - 2 * b1 + f0);
    const c3 = f3 - 3 * b2 + 3 * b1 - f0;
    const count = findStops(c1, 2 * c2, 3 * c3);
    let low = 0;
    for (let i = 0; i < count; i++) {
        let high = stops[i]!;
        if (f0 + high * (c1 + high * (c2 + high * c3)) > 0) {
            for (let halving = 0; halving < HALVINGS; halving++) {
                const middle = (low + high) / 2;
                if (f0 + middle * (c1 + middle * (c2 + middle * c3)) > 0) {
                    high = middle;
                } else {
                    low = middle;
                }
            }
            return low;
        }
        low = high;
    }
    return Number.NaN;
}

/**
 * Writes the zeros of a + b t + c t^2 between 0 and 1, in rising order, and then 1 into `stops`. Returns how many there
 * are.
 */
function findStops(a: number, b: number, c: number): number {
    let count = 0;
    const inner = b * b - 4 * a * c;
    if (inner >= 0) {
        const q = -0.5 * (b + (b < 0 ? -1 : 1) * Math.sqrt(inner));
        const [first, second] = [q / c, a / q];
        const low = Math.min(first, second);
        const high = Math.max(first, second);
        // What is divided by 0 is no number between 0 and 1.
        if (low > 0 && low < 1) {
            stops[count++] = low;
        }
        if (high > 0 && high < 1 && high !== low) {
            stops[count++] = high;
        }
    }
    stops[count++] = 1;
    return count;
}
