import type { Vec3Like } from "../../src/index.js";
import { floorBelow, type Ground } from "./ground.js";

/** Metres above the feet. */
export const EYE_HEIGHT = 1.8;
const KNEE_HEIGHT = 0.75;
const HEAD_ROOM = 0.2;
/** Metres above the sea for the eyes of a swimmer. */
const SWIM_HEIGHT = 0.5;
const GRAVITY = 18;
const JUMP_SPEED = 7.5;
/** Metres: how far below the ground is looked for. */
const REACH = 60;
/** A second: how fast the eye follows uneven ground. */
const FOLLOW_RATE = 14;

/** Walks on whatever is below: land, cave floors, or the sea, in which one swims. */
export class Walker {
    private _fallSpeed = 0;
    private _isStanding = false;

    public constructor(
        private readonly _ground: Ground,
        private readonly _seaLevel: number,
    ) {}

    public get isStanding(): boolean {
        return this._isStanding;
    }

    /** Starts the fall at rest. Call it when walking begins. */
    public reset(): void {
        this._fallSpeed = 0;
        this._isStanding = false;
    }

    public jump(): void {
        if (this._isStanding) {
            this._fallSpeed = -JUMP_SPEED;
            this._isStanding = false;
        }
    }

    /** Moves the eye at `position` by (moveX, moveZ) metres along the ground, and down as it falls. */
    public move(position: Vec3Like, moveX: number, moveZ: number, seconds: number): void {
        // Small steps, so that no wall is stepped through.
        const steps = Math.max(1, Math.ceil(Math.hypot(moveX, moveZ) / 0.5));
        for (let i = 0; i < steps; i++) {
            this._step(position, moveX / steps, moveZ / steps);
        }
        const floor = floorBelow(this._ground, position.x, position.y, position.z, REACH) + EYE_HEIGHT;
        const rest = Math.max(floor, this._seaLevel + SWIM_HEIGHT);
        this._fallSpeed += GRAVITY * seconds;
        const fallen = position.y - this._fallSpeed * seconds;
        if (fallen > rest + (this._isStanding ? 0.6 : 0)) {
            position.y = this._hasRoom(position.x, fallen, position.z) ? fallen : position.y;
            this._isStanding = false;
            return;
        }
        const follow = Math.min(1, FOLLOW_RATE * seconds);
        // Up is followed smoothly, but never so late that the eye comes near the ground; and not into a low ceiling.
        const risen = Math.max(rest - 0.35, position.y + (rest - position.y) * follow);
        const next = position.y < rest ? risen : rest;
        if (next < position.y || this._hasRoom(position.x, next, position.z)) {
            position.y = next;
        }
        this._fallSpeed = 0;
        this._isStanding = true;
    }

    private _step(position: Vec3Like, moveX: number, moveZ: number): void {
        const { x, y, z } = position;
        if (this._isFree(x + moveX, y, z + moveZ)) {
            position.x += moveX;
            position.z += moveZ;
        } else if (this._isFree(x + moveX, y, z)) {
            position.x += moveX;
        } else if (this._isFree(x, y, z + moveZ)) {
            position.z += moveZ;
        }
    }

    private _isFree(x: number, y: number, z: number): boolean {
        return this._ground.sampleDensity(x, y - EYE_HEIGHT + KNEE_HEIGHT, z) > 0 && this._hasRoom(x, y, z);
    }

    private _hasRoom(x: number, y: number, z: number): boolean {
        return this._ground.sampleDensity(x, y + HEAD_ROOM, z) > 0;
    }
}
