import { createMotion, trackMotion, type Motion } from "./motion.js";
import type { Viewer } from "./viewer.js";

/** A viewer as the present frame sees it. */
export interface ViewerPose {
    readonly viewer: Viewer;
    /** Metres; of the last frame in which all three were finite. */
    x: number;
    y: number;
    z: number;
    forwardX: number;
    forwardY: number;
    forwardZ: number;
    hasForward: boolean;
    /** Metres. */
    radius: number;
    weight: number;
    /** Metres: height of the ground below it, and where that was asked for. */
    groundY: number;
    groundX: number;
    groundZ: number;
    /** False until the viewer had a finite position once. */
    isKnown: boolean;
    readonly motion: Motion;
}

/** Answers how high the ground is. */
export interface GroundSource {
    sampleHeight(x: number, z: number): number;
}

/** Metres that a viewer moves before the ground below it is asked for again. */
const GROUND_STEP = 16;

/** Keeps the poses of all viewers. */
export class ViewerTrack {
    public readonly poses: ViewerPose[] = [];

    public add(viewer: Viewer): void {
        if (!this.poses.some((pose) => pose.viewer === viewer)) {
            this.poses.push({
                viewer,
                x: 0,
                y: 0,
                z: 0,
                forwardX: 0,
                forwardY: 0,
                forwardZ: 0,
                hasForward: false,
                radius: 0,
                weight: 1,
                groundY: 0,
                groundX: Number.POSITIVE_INFINITY,
                groundZ: Number.POSITIVE_INFINITY,
                isKnown: false,
                motion: createMotion(),
            });
        }
    }

    public remove(viewer: Viewer): void {
        const index = this.poses.findIndex((pose) => pose.viewer === viewer);
        if (index !== -1) {
            this.poses.splice(index, 1);
        }
    }

    /**
     * Reads every viewer. One with a position that is not finite, or beyond `limit` metres, keeps its last good pose; one
     * with a radius that is not above 0 and finite has the default. Returns whether any viewer is known.
     *
     * @param nowMs the frame's time, for the estimate of motion; without it motions stay as they are
     */
    public read(defaultRadius: number, limit: number, nowMs = Number.NaN): boolean {
        let isAnyKnown = false;
        for (let i = 0; i < this.poses.length; i++) {
            const pose = this.poses[i]!;
            const { position, forward, radius, weight } = pose.viewer;
            const { x, y, z } = position;
            if (Math.abs(x) <= limit && Math.abs(z) <= limit && Number.isFinite(y)) {
                pose.x = x;
                pose.y = y;
                pose.z = z;
                pose.isKnown = true;
            }
            pose.hasForward = forward !== undefined && Number.isFinite(forward.x + forward.y + forward.z);
            if (pose.hasForward) {
                pose.forwardX = forward!.x;
                pose.forwardY = forward!.y;
                pose.forwardZ = forward!.z;
            }
            if (pose.isKnown && nowMs === nowMs) {
                const { forwardX, forwardZ } = pose;
                const hasHeading = pose.hasForward && (forwardX !== 0 || forwardZ !== 0);
                const heading = hasHeading ? Math.atan2(forwardZ, forwardX) : Number.NaN;
                trackMotion(pose.motion, nowMs, pose.x, pose.y, pose.z, heading);
            }
            const isRadius = radius !== undefined && radius > 0 && Number.isFinite(radius);
            pose.radius = Math.min(isRadius ? radius : defaultRadius, limit);
            pose.weight = weight !== undefined && weight > 0 && Number.isFinite(weight) ? weight : 1;
            isAnyKnown ||= pose.isKnown;
        }
        return isAnyKnown;
    }

    /** Asks for the ground below each viewer that has moved. */
    public sampleGround(source: GroundSource): void {
        for (let i = 0; i < this.poses.length; i++) {
            const pose = this.poses[i]!;
            const moved = Math.abs(pose.x - pose.groundX) + Math.abs(pose.z - pose.groundZ);
            if (pose.isKnown && moved >= GROUND_STEP) {
                pose.groundX = pose.x;
                pose.groundZ = pose.z;
                pose.groundY = source.sampleHeight(pose.x, pose.z);
            }
        }
    }
}
