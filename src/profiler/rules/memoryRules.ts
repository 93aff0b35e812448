import type { WorldSnapshot } from "../worldSnapshot.js";
import {
    digits,
    mebibytes,
    MOST_AS_CONSEQUENCE,
    recommendationOf,
    type Recommendation,
    type RuleInput,
} from "./rule.js";

const MIB = 2 ** 20;
/** Bytes below which a world's limit leaves no room even for the chunks under way. */
const LEAST_LIMIT_BYTES = 16 * MIB;
const MOST_LIMIT_BYTES = 2 ** 40;
const MOST_RISE = 8;
/** Levels that are coarser than set by less than this factor are not noticed. */
const LEAST_COARSENING = 1.2;
/** Share of buffers from pools below which pools are short, where the limit keeps them from growing. */
const GOOD_HIT_RATE = 0.8;
const FULL = 0.85;

/** Returns how many times more memory the world would take than it may; below 1 if it has enough. */
export function memoryPressure(snapshot: WorldSnapshot): number {
    const { memoryLimitBytes: limit, usedBytes, screenSpaceError, effectiveScreenSpaceError } = snapshot;
    if (!(limit > 0)) {
        return 0;
    }
    const coarsening = effectiveScreenSpaceError / screenSpaceError;
    return Math.max(
        // Chunks become fewer with the error's square.
        coarsening >= LEAST_COARSENING ? coarsening ** 2 : 0,
        usedBytes > limit ? (2 * usedBytes) / limit : 0,
        limit < LEAST_LIMIT_BYTES ? (4 * LEAST_LIMIT_BYTES) / limit : 0,
    );
}

/** Finds a memory limit that holds chunks back and makes levels coarser than was asked for. */
export function memoryShort({ snapshot }: RuleInput): Recommendation | null {
    const { memoryLimitBytes, usedBytes, screenSpaceError, effectiveScreenSpaceError } = snapshot;
    const message =
        `${mebibytes(usedBytes)} are used of a limit of ${mebibytes(memoryLimitBytes)}, and levels are chosen by ` +
        `${digits(effectiveScreenSpaceError)} pixels in place of ${digits(screenSpaceError)}.`;
    return recommendationOf(
        {
            rule: "memoryShort",
            pressure: memoryPressure(snapshot),
            saturated: "memory",
            message,
            option: "memoryLimitBytes",
            from: memoryLimitBytes,
            to: enoughBytes(snapshot),
        },
        snapshot,
    );
}

/** Finds full memory in which buffers are allocated all the time: what is dropped is needed again at once. */
export function poolMisses({ snapshot }: RuleInput): Recommendation | null {
    const { memoryLimitBytes, usedBytes, poolHitRate } = snapshot;
    if (!(memoryLimitBytes > 0 && usedBytes >= FULL * memoryLimitBytes && poolHitRate < GOOD_HIT_RATE)) {
        return null;
    }
    const message =
        `Only ${digits(poolHitRate * 100)} percent of buffers come from the pools, while ${mebibytes(usedBytes)} of ` +
        `${mebibytes(memoryLimitBytes)} are used.`;
    return recommendationOf(
        {
            rule: "poolMisses",
            // A cache that has only just filled up looks the same.
            pressure: Math.min((1 - poolHitRate) / (1 - GOOD_HIT_RATE), MOST_AS_CONSEQUENCE),
            saturated: "buffer pools",
            message,
            option: "memoryLimitBytes",
            from: memoryLimitBytes,
            to: enoughBytes(snapshot),
        },
        snapshot,
    );
}

/**
 * Returns a limit that would do: a power of two, at least twice the present limit and at most a fixed multiple of it.
 * What it takes to cover the ground at all does not shrink with the error, so that far from the error that was asked
 * for the square says too much.
 */
function enoughBytes({
    memoryLimitBytes,
    usedBytes,
    screenSpaceError,
    effectiveScreenSpaceError,
}: WorldSnapshot): number {
    const coarsening = Math.max(1, effectiveScreenSpaceError / screenSpaceError || 1);
    const least = Math.max(LEAST_LIMIT_BYTES, 2 * memoryLimitBytes);
    const bytes = Math.max(least, Math.min(usedBytes * coarsening ** 2, MOST_RISE * memoryLimitBytes));
    return Math.min(MOST_LIMIT_BYTES, 2 ** Math.ceil(Math.log2(bytes)));
}
