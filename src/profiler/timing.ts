/**
 * Numbers on their way to where they are counted: an array and a place in it. A number passed as an argument is boxed
 * wherever the engine does not inline the call, which in the frame path would be garbage each time.
 */
export type Numbers = Float64Array;

/** Places of the numbers of what has just been measured, in milliseconds. */
export const START = 0;
export const DURATION = 1;
/** What ran directly inside it. */
export const NESTED = 2;

/** Room for one measurement. */
export function createTiming(): Numbers {
    return new Float64Array(3);
}
