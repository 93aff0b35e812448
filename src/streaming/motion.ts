/** How a viewer moves, as estimated from its positions. Metres and seconds. */
export interface Motion {
    velocityX: number;
    velocityY: number;
    velocityZ: number;
    /** Radians a second, from x towards z. */
    turnRate: number;
    /** Counts jumps: positions that no motion leads to. */
    jumps: number;
    lastMs: number;
    lastX: number;
    lastY: number;
    lastZ: number;
    lastHeading: number;
}

/** Seconds in which the estimate follows a change for the most part: longer than a frame's jitter, shorter than a turn. */
const SMOOTHING = 0.25;
/** Longer pauses between frames tell nothing of the motion. Seconds. */
const LONGEST_STEP = 0.5;
/** Who gets this much farther in a frame than he was going to has jumped. Metres. */
const JUMP = 120;
/** A path is followed into a turn no farther than a quarter of the circle. */
const MOST_TURN = Math.PI / 2;

export function createMotion(): Motion {
    return {
        velocityX: 0,
        velocityY: 0,
        velocityZ: 0,
        turnRate: 0,
        jumps: 0,
        lastMs: NaN,
        lastX: 0,
        lastY: 0,
        lastZ: 0,
        lastHeading: NaN,
    };
}

/**
 * Updates the estimate by where a viewer is now.
 *
 * @param heading radians of its direction on the map; NaN where it has none
 */
export function trackMotion(motion: Motion, nowMs: number, x: number, y: number, z: number, heading: number): void {
    const seconds = (nowMs - motion.lastMs) / 1000;
    const { lastX, lastY, lastZ, lastHeading } = motion;
    if (!(seconds > 0)) {
        // The first frame; or the clock stood still, and the same place says nothing.
        if (motion.lastMs === motion.lastMs) {
            return;
        }
    } else {
        const dx = x - lastX - motion.velocityX * seconds;
        const dy = y - lastY - motion.velocityY * seconds;
        const dz = z - lastZ - motion.velocityZ * seconds;
        if (dx * dx + dy * dy + dz * dz > JUMP * JUMP) {
            motion.jumps++;
            motion.velocityX = 0;
            motion.velocityY = 0;
            motion.velocityZ = 0;
            motion.turnRate = 0;
        } else if (seconds <= LONGEST_STEP) {
            // First order, exact for any step: 1 - exp(-t) by its series' quotient.
            const share = seconds / (SMOOTHING + seconds);
            motion.velocityX += (share * dx) / seconds;
            motion.velocityY += (share * dy) / seconds;
            motion.velocityZ += (share * dz) / seconds;
            if (heading === heading && lastHeading === lastHeading) {
                motion.turnRate += share * (turnBetween(lastHeading, heading) / seconds - motion.turnRate);
            }
        }
    }
    motion.lastMs = nowMs;
    motion.lastX = x;
    motion.lastY = y;
    motion.lastZ = z;
    motion.lastHeading = heading;
}

/** Where a viewer will be after `seconds`, along an arc where it turns. Written to `ref`; nothing is allocated. */
export function extrapolateToRef(motion: Motion, seconds: number, ref: { x: number; y: number; z: number }): void {
    const { velocityX, velocityY, velocityZ, turnRate } = motion;
    const turn = Math.max(-MOST_TURN, Math.min(MOST_TURN, turnRate * seconds));
    // The chord of an arc points half the turn aside, and is shorter by sin(h) / h.
    const half = turn / 2;
    const shorter = Math.abs(half) < 1e-6 ? 1 : Math.sin(half) / half;
    const cosine = Math.cos(half) * shorter * seconds;
    const sine = Math.sin(half) * shorter * seconds;
    ref.x = motion.lastX + velocityX * cosine - velocityZ * sine;
    ref.y = motion.lastY + velocityY * seconds;
    ref.z = motion.lastZ + velocityX * sine + velocityZ * cosine;
}

/** Metres a second. */
export function speedOf({ velocityX, velocityY, velocityZ }: Motion): number {
    return Math.sqrt(velocityX * velocityX + velocityY * velocityY + velocityZ * velocityZ);
}

/** Radians from one heading to the other the short way round. */
function turnBetween(from: number, to: number): number {
    const turn = to - from;
    return turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI));
}
