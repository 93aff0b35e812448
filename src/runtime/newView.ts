import { speedOf } from "../streaming/motion.js";
import type { ViewerPose } from "../streaming/viewerTrack.js";

/** Metres that a viewer goes until what it sees is no new view any more, whole or not. */
const GONE_METRES = 100;

/**
 * Tells whether what is seen is new, at the start and after a jump: then its picture is to be whole as soon as can be. For one
 * who flies on it may never be; whoever has gone far enough sees another view.
 */
export class NewView {
    private _isNew = true;
    /** How far the fastest viewer has gone since it was new. */
    private _metres = 0;
    private _lastMs = Number.NaN;

    public get isNew(): boolean {
        return this._isNew;
    }

    public begin(): void {
        this._isNew = true;
        this._metres = 0;
    }

    /** The picture is whole. */
    public end(): void {
        this._isNew = false;
    }

    /** Follows viewers, once a frame. Returns whether one of them has jumped: then the view is new. */
    public follow(poses: readonly ViewerPose[], nowMs: number): boolean {
        let hasJumped = false;
        let speed = 0;
        for (let i = 0; i < poses.length; i++) {
            const pose = poses[i]!;
            speed = Math.max(speed, speedOf(pose.motion));
            hasJumped ||= pose.motion.jumps !== pose.seenJumps;
            pose.seenJumps = pose.motion.jumps;
        }
        if (hasJumped) {
            this.begin();
        }
        this._metres += nowMs > this._lastMs ? ((nowMs - this._lastMs) / 1000) * speed : 0;
        this._lastMs = nowMs;
        this._isNew &&= this._metres < GONE_METRES;
        return hasJumped;
    }
}
