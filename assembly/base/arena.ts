// Work memory: tables that stay, then one arena that is laid out anew for each job. Nothing in the arena outlives its
// job, so nothing is ever freed.

import { MEMORY_FULL } from "./shared";

// All of it begins on a 16-byte border, which 128-bit loads are fastest on.
const ALIGNMENT: usize = 16;

/** Bytes below the arena for tables that are computed or set once: they take no room in the binary. */
const TABLE_BYTES: usize = 0x30000;

/** 64 KB each: 128 MB. */
const MOST_PAGES: usize = 2048;

/** The reason for which the last job was given up, until it is taken: see `fail`. */
let failure: i32 = 0;

const bottom: usize = align(__heap_base);
let tableTop: usize = bottom;
let top: usize = bottom + TABLE_BYTES;

/** Returns the first 16-byte border from an address on. */
function align(at: usize): usize {
    return (at + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

/** Grows the memory to hold an address; fails where it cannot. */
function growTo(end: usize): void {
    const missing = <isize>(end - (<usize>memory.size() << 16));
    if (missing > 0 && (end > MOST_PAGES << 16 || memory.grow(<i32>((missing + 0xffff) >> 16)) < 0)) {
        fail(MEMORY_FULL);
    }
}

/** Gives up the present job: traps, and keeps the reason. The next job begins as if this one had not been. */
export function fail(cause: i32): void {
    failure = cause;
    unreachable();
}

/**
 * Returns why the last job was given up and forgets it: `MEMORY_FULL`, `TOO_MANY_VERTICES` or `TOO_MANY_CROSSINGS` after a
 * call that trapped, else 0.
 */
export function takeFailure(): i32 {
    const cause = failure;
    failure = 0;
    return cause;
}

/** Reserves bytes for a table that is kept for good, and returns their address. For use while the module starts. */
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
 * Reserves bytes for the present job and returns their address, which lies on a 16-byte border. They hold what earlier jobs
 * left. Grows the memory where it must, which detaches the host's views; fails where the host gives no more, or where 128 MB
 * are used up.
 */
export function reserve(bytes: usize): usize {
    const at = top;
    top = align(at + bytes);
    growTo(top);
    return at;
}

/** Returns the address behind all that is reserved. */
export function arenaTop(): usize {
    return top;
}
