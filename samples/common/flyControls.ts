import type { TargetCamera } from "@babylonjs/core/Cameras/targetCamera.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { moveInAir, type Ground } from "./ground.js";
import { KeyboardInput } from "./keyboardInput.js";
import { PointerInput } from "./pointerInput.js";
import { EYE_HEIGHT, Walker } from "./walker.js";

export type Mode = "fly" | "walk";

/** Metres a second. */
const SPEEDS: Record<Mode, readonly [least: number, first: number, most: number]> = {
    fly: [2, 40, 2000],
    walk: [2, 4, 12],
};
/** Metres a second: in caves, where there is little room. */
const MOST_IN_CAVES = 9;
/** What one notch of the wheel multiplies the speed by. */
const SPEED_STEP = 1.22;
const RUN_FACTOR = 2.5;
const LOOK_RADIANS_A_PIXEL = 0.0024;
const STEEPEST_LOOK = 1.54;
/** A second: how fast the speed follows the keys, and the look the mouse. */
const SPEED_RATE = 6;
const LOOK_RATE = 28;

/**
 * Flies or walks the camera. WASD or arrows move, Q and E (or Shift and Space) go down and up, the wheel sets the
 * speed, G switches between flying and walking. Leaves the camera alone while nobody touches anything, so that scripts
 * may move it.
 */
export class FlyControls {
    public readonly keyboard = new KeyboardInput();
    public readonly pointer: PointerInput;
    private readonly _walker: Walker;
    private readonly _speeds: Record<Mode, number> = { fly: SPEEDS.fly[1], walk: SPEEDS.walk[1] };
    private readonly _velocity = new Vector3();
    private readonly _wanted = new Vector3();
    private readonly _move = new Vector3();
    private _mode: Mode = "fly";
    private _depth = 0;

    public constructor(
        private readonly _camera: TargetCamera,
        canvas: HTMLCanvasElement,
        private readonly _ground: Ground,
        private readonly _seaLevel: number,
    ) {
        this.pointer = new PointerInput(canvas);
        this._walker = new Walker(_ground, _seaLevel);
        this.keyboard.on("KeyG", () => this.toggleMode());
        this.keyboard.on("Space", () => this._walker.jump());
        this.keyboard.on("Equal", () => this.changeSpeed(1));
        this.keyboard.on("Minus", () => this.changeSpeed(-1));
    }

    public get mode(): Mode {
        return this._mode;
    }

    /** Speed at full stick, in metres a second. */
    public get speed(): number {
        return this._speeds[this._mode];
    }

    /** Metres that the eye is below the land's surface; 0 in the open. */
    public get depth(): number {
        return this._depth;
    }

    public toggleMode(): void {
        this._mode = this._mode === "fly" ? "walk" : "fly";
        this._velocity.setAll(0);
        this._walker.reset();
        if (this._mode === "walk") {
            this._land();
        }
    }

    /** Changes the speed by notches of the wheel. */
    public changeSpeed(notches: number): void {
        const [least, , most] = SPEEDS[this._mode];
        this._speeds[this._mode] = Math.min(most, Math.max(least, this.speed * SPEED_STEP ** notches));
    }

    /** Moves the camera. Call it once a frame, before the world reads it. */
    public update(seconds: number): void {
        this._look(seconds);
        if (this.pointer.wheel !== 0) {
            this.changeSpeed(this.pointer.wheel);
            this.pointer.wheel = 0;
        }
        this._readWanted();
        const follow = 1 - Math.exp(-SPEED_RATE * seconds);
        const { _velocity: velocity, _wanted: wanted, _move: move } = this;
        velocity.x += (wanted.x - velocity.x) * follow;
        velocity.y += (wanted.y - velocity.y) * follow;
        velocity.z += (wanted.z - velocity.z) * follow;
        const { position } = this._camera;
        if (velocity.lengthSquared() < 1e-4) {
            velocity.setAll(0);
        } else {
            move.copyFrom(velocity).scaleInPlace(seconds);
        }
        if (this._mode === "walk") {
            this._walker.move(position, velocity.x * seconds, velocity.z * seconds, seconds);
        } else if (velocity.lengthSquared() > 0) {
            moveInAir(this._ground, position, move);
        }
        this._depth = Math.max(0, this._ground.sampleHeight(position.x, position.z) - position.y);
    }

    public dispose(): void {
        this.keyboard.dispose();
        this.pointer.dispose();
    }

    private _look(seconds: number): void {
        const { pointer } = this;
        if (pointer.lookX === 0 && pointer.lookY === 0) {
            return;
        }
        // A share of the way each frame: mice report in jerks.
        const share = Math.min(1, 1 - Math.exp(-LOOK_RATE * seconds));
        const isDrag = document.pointerLockElement === null;
        const scale = LOOK_RADIANS_A_PIXEL * (isDrag ? 1.25 : 1) * share;
        const { rotation } = this._camera;
        rotation.y += pointer.lookX * scale;
        rotation.x = Math.min(STEEPEST_LOOK, Math.max(-STEEPEST_LOOK, rotation.x + pointer.lookY * scale));
        pointer.lookX = Math.abs(pointer.lookX) < 0.05 ? 0 : pointer.lookX * (1 - share);
        pointer.lookY = Math.abs(pointer.lookY) < 0.05 ? 0 : pointer.lookY * (1 - share);
    }

    /** Reads the velocity that keys and stick ask for. */
    private _readWanted(): void {
        const { keyboard, pointer, _wanted: wanted } = this;
        const isWalking = this._mode === "walk";
        let right = keyboard.axis("KeyD", "KeyA", "ArrowRight", "ArrowLeft") + pointer.stickX;
        let forward = keyboard.axis("KeyW", "KeyS", "ArrowUp", "ArrowDown") + pointer.stickY;
        let up = isWalking ? 0 : keyboard.axis("KeyE", "KeyQ", "Space", "ShiftLeft");
        const length = Math.max(1, Math.hypot(right, forward, up));
        right /= length;
        forward /= length;
        up /= length;
        let speed = this.speed;
        if (isWalking && keyboard.isHeld("ShiftLeft", "ShiftRight")) {
            speed = Math.min(SPEEDS.walk[2], speed * RUN_FACTOR);
        } else if (!isWalking && this._depth > 1) {
            speed = Math.min(speed, MOST_IN_CAVES);
        }
        const { x: pitch, y: yaw } = this._camera.rotation;
        const level = isWalking ? 1 : Math.cos(pitch);
        wanted.x = (Math.sin(yaw) * level * forward + Math.cos(yaw) * right) * speed;
        wanted.y = isWalking ? 0 : (up - Math.sin(pitch) * forward) * speed;
        wanted.z = (Math.cos(yaw) * level * forward - Math.sin(yaw) * right) * speed;
    }

    /** Sets the camera on the ground below, unless it is in a cave already. */
    private _land(): void {
        const { position } = this._camera;
        const height = this._ground.sampleHeight(position.x, position.z);
        if (position.y > height + EYE_HEIGHT + 30) {
            position.y = Math.max(height, this._seaLevel) + EYE_HEIGHT + 30;
        }
    }
}
