import type { Camera } from "@babylonjs/core/Cameras/camera.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { Viewer } from "../runtime/view.js";
import { CameraPicture } from "./cameraPicture.js";

/** A camera as a viewer: its pose and its picture, refreshed once a frame without garbage. */
export class CameraViewer implements Viewer {
    /** Metres, in the world; of the last frame in which the camera's pose was finite. */
    public readonly position = { x: 0, y: 0, z: 0 };
    /** Unit vector: where the camera looks. */
    public readonly forward = { x: 0, y: 0, z: 1 };
    public readonly picture = new CameraPicture();

    /**
     * Takes over the camera's pose and picture. False where it is not finite: a camera with NaN makes Babylon's frustum test true
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
        this.picture.readFrom(camera);
        return true;
    }
}

/** The active camera; null also before the first one, when Babylon's own property is undefined against its type. */
export function activeCameraOf(scene: Scene): Camera | null {
    return (scene.activeCamera as Camera | null | undefined) ?? null;
}

/** The camera a frame is selected for: the first of several, else the active one. */
export function mainCameraOf(scene: Scene): Camera | null {
    return scene.activeCameras?.[0] ?? activeCameraOf(scene);
}
