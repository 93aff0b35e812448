/** Beyond this, workers that wait for a main thread cost more memory than they bake. */
const MAX_DEFAULT_WORKERS = 8;

/**
 * How many workers to start where nobody says: one less than the cores, for the main thread bakes nothing but renders;
 * at least 1, at most 8.
 *
 * @param cores `navigator.hardwareConcurrency` or `os.availableParallelism()`; where it is unknown, 1 worker
 */
export function defaultWorkerCount(cores: number | undefined): number {
    if (cores === undefined || !(cores >= 1)) {
        return 1;
    }
    return Math.max(1, Math.min(MAX_DEFAULT_WORKERS, Math.floor(cores) - 1));
}
