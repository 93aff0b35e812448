import type { TerrainWorld } from "../../../src/index.js";

/** Metres a second, seconds each way, frames a second. */
export const SPEED = 60;
export const SECONDS_EACH_WAY = 30;
export const FRAME_RATE = 60;
export const FRAMES_EACH_WAY = SECONDS_EACH_WAY * FRAME_RATE;
export const TELEPORTS = 20;

/** Metres above the ground, in flight and after a teleport. */
export const CLEARANCE = 45;
const ARRIVAL_CLEARANCE = 30;
/** Frames over which heights are smoothed, before and after. */
const SMOOTHING = 150;
const TELEPORT_REACH = 60_000;

export interface Pose {
    x: number;
    y: number;
    z: number;
    /** Radians, clockwise from +z as seen from above. */
    yaw: number;
}

/** Plans one pose a frame: straight on from `start`, up and down with the ground, and the same way back. */
export function planFlight(world: TerrainWorld, start: Pose): Pose[] {
    const ground: number[] = [];
    const step = SPEED / FRAME_RATE;
    const at = (frame: number): [number, number] => [
        start.x + Math.sin(start.yaw) * step * frame,
        start.z + Math.cos(start.yaw) * step * frame,
    ];
    for (let frame = -SMOOTHING; frame <= FRAMES_EACH_WAY + SMOOTHING; frame++) {
        ground.push(Math.max(0, world.sampleHeight(...at(frame))));
    }
    const out: Pose[] = [];
    for (let frame = 0; frame < FRAMES_EACH_WAY; frame++) {
        const near = ground.slice(frame, frame + 2 * SMOOTHING + 1);
        const mean = near.reduce((sum, y) => sum + y, 0) / near.length;
        const [x, z] = at(frame);
        out.push({ x, y: Math.max(mean, near[SMOOTHING]!) + CLEARANCE, z, yaw: start.yaw });
    }
    const back = [...out].reverse().map((pose) => ({ ...pose, yaw: pose.yaw + Math.PI }));
    return [...out, ...back];
}

/** Plans places to jump to, the same in each run. */
export function planTeleports(world: TerrainWorld): Pose[] {
    const poses: Pose[] = [];
    let state = 2463534242;
    const random = (): number => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return (state >>> 0) / 2 ** 32;
    };
    for (let i = 0; i < TELEPORTS; i++) {
        const [x, z] = [(random() * 2 - 1) * TELEPORT_REACH, (random() * 2 - 1) * TELEPORT_REACH];
        poses.push({ x, y: Math.max(0, world.sampleHeight(x, z)) + ARRIVAL_CLEARANCE, z, yaw: random() * 2 * Math.PI });
    }
    return poses;
}
