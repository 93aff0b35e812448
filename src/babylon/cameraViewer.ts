import { Camera } from "@babylonjs/core/Cameras/camera.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { Viewer } from "../streaming/viewer.js";

/** A camera as a viewer: its pose, refreshed once a frame without garbage. */
export class CameraViewer implements Viewer {
    /** Metres, in the world; of the last frame in which the camera's pose was finite. */
    public readonly position = { x: 0, y: 0, z: 0 };
    /** Unit vector: where the camera looks. */
    public readonly forward = { x: 0, y: 0, z: 1 };

    /**
     * Takes over the camera's pose. False where it is not finite: a camera with NaN makes Babylon's frustum test true
     * for everything, so the last good pose stays.
     */
    public readFrom(camera: Camera): boolean {
        // Position and matrix of this very frame, also where the camera moved since its own update.
        const world = camera.getWorldMatrix().m;
        const { x, y, z } = camera.globalPosition;
        const sign = camera.getScene().useRightHandedSystem ? -1 : 1;
        const forwardX = world[8]! * sign;
        const forwardY = world[9]! * sign;
        const forwardZ = world[10]! * sign;
        if (!Number.isFinite(x + y + z + forwardX + forwardY + forwardZ)) {
            return false;
        }
        this.position.x = x;
        this.position.y = y;
        this.position.z = z;
        this.forward.x = forwardX;
        this.forward.y = forwardY;
        this.forward.z = forwardZ;
        return true;
    }
}

/** Radians: the vertical angle of view. */
export function verticalFovOf(camera: Camera, aspectRatio: number): number {
    if (camera.fovMode === Camera.FOVMODE_VERTICAL_FIXED || !(aspectRatio > 0)) {
        return camera.fov;
    }
    return 2 * Math.atan(Math.tan(camera.fov / 2) / aspectRatio);
}

/** The camera a frame is selected for: the first of several, else the active one. */
export function mainCameraOf(scene: Scene): Camera | null {
    return scene.activeCameras?.[0] ?? scene.activeCamera;
}

/** Where camera viewers are announced and withdrawn. */
export interface ViewerHost {
    addViewer(viewer: Viewer): void;
    removeViewer(viewer: Viewer): void;
}

/** Keeps one viewer for each of the scene's active cameras, whichever these are at the moment. */
export class ActiveCameraViewers {
    private readonly _viewers: CameraViewer[] = [];

    public constructor(
        private readonly _scene: Scene,
        private readonly _host: ViewerHost,
    ) {}

    /** Once a frame. */
    public update(): void {
        const cameras = this._scene.activeCameras;
        let used = 0;
        if (cameras !== null && cameras.length > 0) {
            for (let i = 0; i < cameras.length; i++) {
                used = this._follow(cameras[i]!, used);
            }
        } else if (this._scene.activeCamera !== null) {
            used = this._follow(this._scene.activeCamera, used);
        }
        while (this._viewers.length > used) {
            this._host.removeViewer(this._viewers.pop()!);
        }
    }

    public clear(): void {
        while (this._viewers.length > 0) {
            this._host.removeViewer(this._viewers.pop()!);
        }
    }

    private _follow(camera: Camera, used: number): number {
        const viewer = this._viewers[used];
        if (viewer !== undefined) {
            viewer.readFrom(camera);
            return used + 1;
        }
        const added = new CameraViewer();
        if (!added.readFrom(camera)) {
            return used;
        }
        this._viewers.push(added);
        this._host.addViewer(added);
        return used + 1;
    }
}
