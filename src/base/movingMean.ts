/** Weight of the newest value: the mean follows the latest twenty or so. */
const NEWEST = 0.05;

/** A mean of late, with one more value taken in. */
export function movingMean(mean: number, value: number): number {
    return mean + NEWEST * (value - mean);
}
