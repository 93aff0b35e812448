/** What a pass over many chunks spends its time on. */
export type WorkKind = "processor" | "memory" | "mixed" | "hash";

/** Most workers of a game. Beyond this, workers that wait for a main thread cost more memory than they bake. */
const MAX_GAME_WORKERS = 8;
/** Most workers that an executor starts. */
export const MAX_WORKERS = 64;

/**
 * Returns how many workers a game starts by default: one less than the cores, since the main thread renders and does
 * not bake; at least 1, at most 8.
 *
 * @param cores `navigator.hardwareConcurrency` or `os.availableParallelism()`; where it is unknown, 1 worker
 */
export function defaultWorkerCount(cores: number | undefined): number {
    return Math.min(MAX_GAME_WORKERS, Math.max(1, known(cores) - 1));
}

/**
 * Returns how many workers suit a pass that has the machine to itself: a bake ahead of time, a rebake, a verification.
 *
 * - `processor`: all cores but the one that hands out work and writes; on 2 cores both, where the second worker was
 *   measured to add nine tenths of the first, because handing out takes little of a core
 * - `memory`: half, as cores share what memory gives
 * - `mixed`: three quarters
 * - `hash`: passes that read, unpack and hash are bound by memory and disk: half, but both of two cores
 *
 * @param cores where it is unknown, 1 worker
 */
export function workerCountFor(kind: WorkKind, cores: number | undefined): number {
    const available = known(cores);
    if (available <= 2) {
        return kind === "memory" ? 1 : available;
    }
    const wanted = { processor: available - 1, memory: available / 2, mixed: (available * 3) / 4, hash: available / 2 };
    return Math.max(1, Math.min(MAX_WORKERS, Math.floor(wanted[kind])));
}

function known(cores: number | undefined): number {
    return cores !== undefined && cores >= 1 ? Math.floor(cores) : 1;
}
