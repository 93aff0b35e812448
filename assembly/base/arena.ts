// Work memory: tables that stay, then one arena that is laid out anew for each job. Nothing in the arena outlives its
// job, so nothing is ever freed.

// All of it begins on a 16-byte border, which 128-bit loads are fastest on.
const ALIGNMENT: usize = 16;

/** Bytes below the arena for tables that are computed or set once: they take no room in the binary. */
const TABLE_BYTES: usize = 0x30000;

/** 64 KB each: 128 MB. */
const MOST_PAGES: usize = 2048;

/** Why a job was given up: see `fail`. */
export const MEMORY_FULL: i32 = 1;
export const TOO_MANY_VERTICES: i32 = 2;
export const TOO_MANY_CROSSINGS: i32 = 3;
let failure: i32 = 0;

const bottom: usize = align(__heap_base);
let tableTop: usize = bottom;
let top: usize = bottom + TABLE_BYTES;

function align(at: usize): usize {
    return (at + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

function growTo(end: usize): void {
    const missing = <isize>(end - (<usize>memory.size() << 16));
    if (missing > 0 && (end > MOST_PAGES << 16 || memory.grow(<i32>((missing + 0xffff) >> 16)) < 0)) {
        fail(MEMORY_FULL);
    }
}

/** Gives up the present job: traps, and keeps why. The next job begins as if it had not been. */
export function fail(cause: i32): void {
    failure = cause;
    unreachable();
}

/** Why the last job was given up, once; 0 where it was not. */
export function takeFailure(): i32 {
    const cause = failure;
    failure = 0;
    return cause;
}

/** Bytes that are kept for good, for a table. For use while the module starts. */
export function reserveTable(bytes: usize): usize {
    const at = tableTop;
    tableTop = align(at + bytes);
    if (tableTop > bottom + TABLE_BYTES) {
        unreachable();
    }
    growTo(tableTop);
    return at;
}

/** Forgets all that was reserved for a job. */
export function resetArena(): void {
    top = bottom + TABLE_BYTES;
}

/**
 * Bytes for the present job: their address, on a 16-byte border. What they hold is left over from earlier jobs.
 * Grows the memory where it must, which detaches the host's views. Fails where the host gives no more, or that is the most.
 */
export function reserve(bytes: usize): usize {
    const at = top;
    top = align(at + bytes);
    growTo(top);
    return at;
}

/** Address behind all that is reserved. */
export function arenaTop(): usize {
    return top;
}
