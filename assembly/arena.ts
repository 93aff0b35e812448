// Work memory: one arena that is laid out anew for each job. Nothing in it outlives the job, so nothing is ever freed.

// All of it begins on a 16-byte border, which 128-bit loads are fastest on.
const ALIGNMENT: usize = 16;

let top: usize = align(__heap_base);

function align(at: usize): usize {
    return (at + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}

/** Forgets all that was reserved. */
export function resetArena(): void {
    top = align(__heap_base);
}

/**
 * Bytes for the present job: their address, on a 16-byte border. What they hold is left over from earlier jobs.
 * Grows the memory where it must, which detaches the host's views. Traps where the host gives no more.
 */
export function reserve(bytes: usize): usize {
    const at = top;
    top = align(at + bytes);
    const missing = <isize>(top - (<usize>memory.size() << 16));
    if (missing > 0 && memory.grow(<i32>((missing + 0xffff) >> 16)) < 0) {
        unreachable();
    }
    return at;
}

/** Address behind all that is reserved. */
export function arenaTop(): usize {
    return top;
}
