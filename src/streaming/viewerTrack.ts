import { SeenBox } from "../lod/seenBox.js";
import { createMotion, trackMotion, type Motion } from "./motion.js";
import type { Viewer, ViewerPicture } from "./viewer.js";

/** A viewer as the present frame sees it. */
export interface ViewerPose {
    readonly viewer: Viewer;
    /**
     * Metres; of the last frame in which all three were finite. With an orthographic picture, to which it is all the same
     * from how far it is taken: where the ground is in the middle of that.
     */
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
    /** Pixels, as the viewer's picture has it; NaN where it has none. */
    pixelsPerMetre: number;
    sharpness: number;
    isOrthographic: boolean;
    readonly seen: SeenBox;
    /** Metres: the viewer's own position. */
    ownX: number;
    ownZ: number;
    /** Metres: height of the ground below that, and where it was asked for. */
    groundY: number;
    groundX: number;
    groundZ: number;
    /** False until the viewer had a finite position once. */
    isKnown: boolean;
    readonly motion: Motion;
    /** How many of its jumps the picture has followed. Only the picture sets it. */
    seenJumps: number;
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
                pixelsPerMetre: Number.NaN,
                sharpness: 1,
                isOrthographic: false,
                seen: new SeenBox(),
                ownX: 0,
                ownZ: 0,
                groundY: 0,
                groundX: Number.POSITIVE_INFINITY,
                groundZ: Number.POSITIVE_INFINITY,
                isKnown: false,
                motion: createMotion(),
                seenJumps: 0,
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
            const { position, forward, radius, weight, picture } = pose.viewer;
            const { x, y, z } = position;
            if (Math.abs(x) <= limit && Math.abs(z) <= limit && Number.isFinite(y)) {
                pose.x = x;
                pose.y = y;
                pose.z = z;
                pose.ownX = x;
                pose.ownZ = z;
                pose.isKnown = true;
                readPicture(pose, picture);
                if (pose.isOrthographic) {
                    moveToMiddle(pose, limit);
                }
            }
            pose.hasForward = forward !== undefined && Number.isFinite(forward.x + forward.y + forward.z);
            if (pose.hasForward) {
                pose.forwardX = forward!.x;
                pose.forwardY = forward!.y;
                pose.forwardZ = forward!.z;
            }
            // Where an orthographic picture's middle is, is known once the ground is.
            const isPlaced = pose.isKnown && !(pose.isOrthographic && pose.groundX === Number.POSITIVE_INFINITY);
            if (isPlaced && nowMs === nowMs) {
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

    /**
     * Compares each viewer's picture with the view that split distances are made for.
     *
     * @param pixels that 1 m takes there
     */
    public compare(pixels: number): void {
        for (let i = 0; i < this.poses.length; i++) {
            const pose = this.poses[i]!;
            const { pixelsPerMetre } = pose;
            pose.sharpness = pixelsPerMetre === pixelsPerMetre ? pixelsPerMetre / pixels : 1;
        }
    }

    /** Asks for the ground below each viewer that has moved. */
    public sampleGround(source: GroundSource): void {
        for (let i = 0; i < this.poses.length; i++) {
            const pose = this.poses[i]!;
            const { ownX, ownZ } = pose;
            const moved = Math.abs(ownX - pose.groundX) + Math.abs(ownZ - pose.groundZ);
            if (pose.isKnown && moved >= GROUND_STEP) {
                pose.groundX = ownX;
                pose.groundZ = ownZ;
                pose.groundY = source.sampleHeight(ownX, ownZ);
            }
        }
    }
}

/** A picture that is not finite, or shows nothing, is none. */
function readPicture(pose: ViewerPose, picture: ViewerPicture | undefined): void {
    if (picture !== undefined && isSane(picture)) {
        pose.pixelsPerMetre = picture.pixelsPerMetre;
        pose.isOrthographic = picture.isOrthographic;
    } else {
        pose.pixelsPerMetre = Number.NaN;
        pose.isOrthographic = false;
    }
}

function isSane({ pixelsPerMetre, isOrthographic, seen }: ViewerPicture): boolean {
    return pixelsPerMetre > 0 && pixelsPerMetre < Infinity && (!isOrthographic || seen.isFinite());
}

const middle = { x: 0, y: 0, z: 0 };

function moveToMiddle(pose: ViewerPose, limit: number): void {
    pose.seen.copyFrom(pose.viewer.picture!.seen);
    const isGroundKnown = pose.groundX < Number.POSITIVE_INFINITY;
    if (!isGroundKnown || !pose.seen.findMiddle(pose.groundY - pose.y, middle)) {
        return;
    }
    const x = pose.x + middle.x;
    const z = pose.z + middle.z;
    if (Math.abs(x) <= limit && Math.abs(z) <= limit) {
        pose.seen.moveViewer(middle.x, middle.y, middle.z);
        pose.x = x;
        pose.y = pose.groundY;
        pose.z = z;
    }
}
