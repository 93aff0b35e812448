/** Pixels of a picture. */
export const WIDTH = 320;
export const HEIGHT = 180;
/** Pixels of a block's side. */
const BLOCK = 8;

/** By how much blocks change from a picture to the next. */
export interface BlockChange {
    /** The most that a block has changed, as a share of the range: the mean over its pixels and their colours. */
    worst: number;
    /** Blocks that have changed by more than was allowed. */
    above: number;
}

/**
 * Compares two pictures block by block. Blocks cover them wholly: where a side is no multiple of theirs, the last ones overlap.
 *
 * @param one, other four bytes a pixel
 * @param allowed share of the range
 */
export function compareBlocks(one: Uint8Array, other: Uint8Array, allowed: number): BlockChange {
    const change: BlockChange = { worst: 0, above: 0 };
    for (const top of startsOf(HEIGHT)) {
        for (const left of startsOf(WIDTH)) {
            let sum = 0;
            for (let y = top; y < top + BLOCK; y++) {
                const from = (y * WIDTH + left) * 4;
                for (let at = from; at < from + BLOCK * 4; at += 4) {
                    sum +=
                        Math.abs(one[at]! - other[at]!) +
                        Math.abs(one[at + 1]! - other[at + 1]!) +
                        Math.abs(one[at + 2]! - other[at + 2]!);
                }
            }
            const share = sum / (BLOCK * BLOCK * 3 * 255);
            change.worst = Math.max(change.worst, share);
            change.above += share > allowed ? 1 : 0;
        }
    }
    return change;
}

function startsOf(length: number): number[] {
    return Array.from({ length: Math.ceil(length / BLOCK) }, (_, i) => Math.min(i * BLOCK, length - BLOCK));
}
