/** Frames after which the profiler goes off and on again. */
const BLOCK = 30;

/** Whether the profiler runs in a leg's frame, in the variant without it. */
export function isProfilerOn(frame: number): boolean {
    return Math.floor(frame / BLOCK) % 2 === 0;
}
