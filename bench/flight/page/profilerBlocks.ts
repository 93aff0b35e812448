/**
 * Whether the profiler runs in a leg's frame, in the variant without it: in half of them, in no order, since looks ahead and
 * chunk borders come at regular ones.
 */
export function isProfilerOn(frame: number): boolean {
    return ((Math.imul(frame, 0x9e3779b1) >>> 15) & 1) === 0;
}
