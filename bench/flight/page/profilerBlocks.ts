/**
 * Returns whether the profiler runs in a leg's frame, in the flights that tell what it costs: in half of them, in no
 * order, since prefetch and chunk borders come at regular intervals. In a mirrored flight it runs in the others.
 */
export function isProfilerOn(frame: number, isMirrored: boolean): boolean {
    return (((Math.imul(frame, 0x9e3779b1) >>> 15) & 1) === 0) !== isMirrored;
}
