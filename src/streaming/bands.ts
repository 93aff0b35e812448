import { PRIORITY_BANDS, type PriorityBand } from "../base/priorityBands.js";
import { MAX_LEVEL } from "../space/chunkAddress.js";

/** How urgent a request is. */
export type RequestBand = PriorityBand;
export const BANDS = PRIORITY_BANDS;

/** Shares of a viewer's radius at which bands end; beyond the last lies `low`. */
const BAND_ENDS = [0.3, 0.6, 1] as const;

/** Metres within which ground is that on which a viewer stands. */
const CLOSE = 100;

/** Metres: distances are compared up to here. */
const FARTHEST = 1e7;

/** Number of ranks in each band: close, in view, out of view. */
const RANKS = 3;
const URGENCIES = BANDS.length * RANKS;

/** Index into `BANDS` by distance over the radius. */
export function bandAt(share: number): number {
    return share < BAND_ENDS[0] ? 0 : share < BAND_ENDS[1] ? 1 : share < BAND_ENDS[2] ? 2 : 3;
}

/**
 * One number a request, lower first. Where nothing at all is drawn, the coarsest first, whatever the band: a handful of
 * bakes covers everything. Where only something finer is wanted: by band; then the ground on which a viewer stands, what is
 * in view, what is not; then coarse before fine, so that ground sharpens step by step; then near before far.
 */
export function priorityOf(isHole: boolean, band: number, isInView: boolean, level: number, distance: number): number {
    const share = Math.min(0.999, distance / FARTHEST);
    const fineness = MAX_LEVEL - level;
    const urgency = band * RANKS + (!isInView ? 2 : distance < CLOSE ? 0 : 1);
    return isHole
        ? fineness * URGENCIES + urgency + share
        : (MAX_LEVEL + 1) * URGENCIES + urgency * (MAX_LEVEL + 1) + fineness + share;
}

/** Index into `BANDS` of what `priorityOf` made a priority of; the last for one that is no number. */
export function bandOfPriority(priority: number): number {
    if (!(priority < Number.POSITIVE_INFINITY)) {
        return BANDS.length - 1;
    }
    const rest = priority - (MAX_LEVEL + 1) * URGENCIES;
    const urgency = rest < 0 ? priority % URGENCIES : rest / (MAX_LEVEL + 1);
    return Math.min(BANDS.length - 1, Math.floor(urgency / RANKS));
}
