import { Camera } from "@babylonjs/core/Cameras/camera.js";
import { pixelsPerMetre, SeenBox, type ViewerPicture } from "../runtime/view.js";

/** Radians: the vertical angle of view. */
export function verticalFovOf(camera: Camera, aspectRatio: number): number {
    if (camera.fovMode === Camera.FOVMODE_VERTICAL_FIXED || !(aspectRatio > 0)) {
        return camera.fov;
    }
    return 2 * Math.atan(Math.tan(camera.fov / 2) / aspectRatio);
}

/** Whether what is far is as large as what is near: by the projection itself, which may be of the host's own. */
export function isOrthographic(camera: Camera): boolean {
    const { m } = camera.getProjectionMatrix();
    return m[3] === 0 && m[7] === 0 && m[11] === 0;
}

/** Read into, then copied from once it is found to be finite. */
const seen = new SeenBox();

/** What a camera's picture shows, refreshed once a frame without garbage. One that shows nothing leaves the last in place. */
export class CameraPicture implements ViewerPicture {
    public pixelsPerMetre = Number.NaN;
    public isOrthographic = false;
    public readonly seen = new SeenBox();

    public readFrom(camera: Camera): void {
        const engine = camera.getEngine();
        const width = engine.getRenderWidth() * camera.viewport.width;
        const height = engine.getRenderHeight() * camera.viewport.height;
        if (!isOrthographic(camera)) {
            const pixels = pixelsPerMetre(verticalFovOf(camera, width / height), height);
            if (pixels > 0 && Number.isFinite(pixels)) {
                this.isOrthographic = false;
                this.pixelsPerMetre = pixels;
            }
            return;
        }
        const across = readPair(camera, 0);
        const up = readPair(camera, 1);
        readDepths(camera);
        seen.setOutlines();
        // The finer of the two, where pixels are not square.
        const pixels = Math.max((across * width) / 2, (up * height) / 2);
        if (pixels > 0 && Number.isFinite(pixels) && seen.isFinite()) {
            this.isOrthographic = true;
            this.pixelsPerMetre = pixels;
            this.seen.copyFrom(seen);
        }
    }
}

/** The planes left and right (0), or below and above (1), as the projection has them. Returns how many halves of the picture 1 m takes. */
function readPair(camera: Camera, pair: number): number {
    const view = camera.getViewMatrix().m;
    const projection = camera.getProjectionMatrix().m;
    const px = projection[pair]!;
    const py = projection[4 + pair]!;
    const pz = projection[8 + pair]!;
    // Without the view's own offset: in what is far from the origin that has few digits left, or none of the camera at all.
    const x = view[0]! * px + view[1]! * py + view[2]! * pz;
    const y = view[4]! * px + view[5]! * py + view[6]! * pz;
    const z = view[8]! * px + view[9]! * py + view[10]! * pz;
    seen.setPair(pair, x, y, z, projection[12 + pair]!);
    return Math.sqrt(x * x + y * y + z * z);
}

/** The planes near and far, which may be at infinity. */
function readDepths(camera: Camera): void {
    const { minZ, maxZ } = camera;
    if (camera.ignoreCameraMaxZ || !(maxZ > minZ)) {
        seen.setPair(2, 0, 0, 0, 0);
        return;
    }
    const view = camera.getViewMatrix().m;
    const scale = (camera.getScene().useRightHandedSystem ? -2 : 2) / (maxZ - minZ);
    seen.setPair(2, view[2]! * scale, view[6]! * scale, view[10]! * scale, -(maxZ + minZ) / (maxZ - minZ));
}
