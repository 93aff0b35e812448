/** Weight of the newest value: the mean follows the latest twenty or so. */
const NEWEST = 0.05;

/** Returns the moving mean after one more value; the latest twenty or so count. */
export function movingMean(mean: number, value: number): number {
    return mean + NEWEST * (value - mean);
}
