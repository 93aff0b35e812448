import { createMotion, extrapolateToRef, speedOf, trackMotion, type Motion } from "../../../src/streaming/motion.js";

const STEP_MS = 1000 / 60;

/** Moves along `path` at 60 frames a second, and returns the motion with the true position `ahead` seconds later. */
function follow(path: (seconds: number) => [number, number, number], seconds: number, ahead: number) {
    const motion = createMotion();
    let time = 0;
    for (; time < seconds; time += STEP_MS / 1000) {
        const [x, y, z] = path(time);
        const [nextX, , nextZ] = path(time + 1e-3);
        trackMotion(motion, time * 1000, x, y, z, Math.atan2(nextZ - z, nextX - x));
    }
    const ref = { x: 0, y: 0, z: 0 };
    extrapolateToRef(motion, ahead, ref);
    const [x, y, z] = path(time - STEP_MS / 1000 + ahead);
    return { motion, off: Math.hypot(ref.x - x, ref.y - y, ref.z - z) };
}

test("straight flight is extrapolated", () => {
    const { motion, off } = follow((t) => [60 * t, 100 + 5 * t, -20 * t], 3, 4);
    expect(speedOf(motion)).toBeCloseTo(Math.hypot(60, 5, 20), 1);
    expect(off).toBeLessThan(1);
});

test("a steady turn is followed along its arc", () => {
    const radius = 200;
    const rate = 60 / radius;
    const circle = (t: number): [number, number, number] => [
        radius * Math.cos(rate * t),
        80,
        radius * Math.sin(rate * t),
    ];
    const { motion, off } = follow(circle, 5, 2);
    expect(motion.turnRate).toBeCloseTo(rate, 2);
    // The velocity lags a quarter of a second behind; a straight line would be 35 m off.
    expect(off).toBeLessThan(12);
});

test("who stands still goes nowhere, and a shaking hand is no motion", () => {
    const { motion, off } = follow((t) => [10 + 0.02 * Math.sin(40 * t), 2, 5], 3, 4);
    expect(speedOf(motion)).toBeLessThan(1);
    expect(off).toBeLessThan(4);
});

test("a jump is no motion, and is counted", () => {
    const motion = createMotion();
    const at = (ms: number, x: number): void => trackMotion(motion, ms, x, 0, 0, Number.NaN);
    for (let i = 0; i < 120; i++) {
        at(i * STEP_MS, i);
    }
    expect(motion.jumps).toBe(0);
    at(120 * STEP_MS, 5000);
    expect([motion.jumps, speedOf(motion), motion.turnRate]).toEqual([1, 0, 0]);
    at(121 * STEP_MS, 5001);
    expect(motion.jumps).toBe(1);
});

test("a pause, a clock that stands still or runs back, and a missing heading spoil nothing", () => {
    const { motion } = follow((t) => [30 * t, 0, 0], 2, 1);
    const before: Motion = { ...motion };
    trackMotion(motion, motion.lastMs, 1e4, 0, 0, 0);
    trackMotion(motion, motion.lastMs - 50, 1e4, 0, 0, 0);
    expect(motion).toEqual(before);
    // A tab that rested for two seconds, and somebody who walked on by 60 m meanwhile.
    trackMotion(motion, motion.lastMs + 2000, motion.lastX + 60, 0, 0, Number.NaN);
    expect(motion.velocityX).toBeCloseTo(before.velocityX, 5);
    trackMotion(motion, motion.lastMs + 16, motion.lastX + 0.48, 0, 0, 0.2);
    expect(motion.turnRate).toBe(before.turnRate);
});
