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
    /** False until the viewer had a finite position once. */
    isKnown: boolean;
}

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
                isKnown: false,
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
     * Reads every viewer. One with a position that is not finite, or beyond `limit` metres, keeps its last good pose.
     * Returns whether any viewer is known.
     */
    public read(defaultRadius: number, limit: number): boolean {
        let isAnyKnown = false;
        for (let i = 0; i < this.poses.length; i++) {
            const pose = this.poses[i]!;
            const { position, forward, radius } = pose.viewer;
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
            pose.radius = radius ?? defaultRadius;
            isAnyKnown ||= pose.isKnown;
        }
        return isAnyKnown;
    }
}
