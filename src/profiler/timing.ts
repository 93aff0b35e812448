/**
 * Numbers to be counted: an array, which goes with an index. A number passed as an argument is boxed wherever the
 * engine does not inline the call, which in the frame path would be garbage each time.
 */
export type Numbers = Float64Array;

/** Indices of the numbers of one measurement, in milliseconds. */
export const START = 0;
export const DURATION = 1;
/** Time of the spans directly inside. */
export const NESTED = 2;

/** Creates room for one measurement. */
export function createTiming(): Numbers {
    return new Float64Array(3);
}
