import type { Camera } from "@babylonjs/core/Cameras/camera.js";
import type { Observer } from "@babylonjs/core/Misc/observable.js";
import type { Node } from "@babylonjs/core/node.js";
import type { Scene } from "@babylonjs/core/scene.js";
import type { Viewer } from "../runtime/view.js";
import { isOrthographic } from "./cameraPicture.js";
import { activeCameraOf, CameraViewer } from "./cameraViewer.js";

/** Frames that a camera keeps its viewer after its last use: cameras that take turns all keep their ground. */
const KEPT_FRAMES = 120;
/** Cameras that are kept though they are not in use; of more, those go that have not been used for longest. */
const MOST_KEPT = 16;

/** Where camera viewers are announced and withdrawn. */
export interface ViewerHost {
    addViewer(viewer: Viewer): void;
    removeViewer(viewer: Viewer): void;
}

interface Followed {
    readonly camera: Camera;
    readonly isOrthographic: boolean;
    readonly viewer: CameraViewer;
    readonly disposal: Observer<Node> | null;
    /** The frame in which the camera was active last. */
    lastFrame: number;
}

/**
 * Keeps one viewer for each camera that is active, or was so recently: whoever swaps `scene.activeCamera` from frame to frame
 * moves no viewer by that. A camera that sees in perspective and orthographically by turns has two, for it wants other ground.
 */
export class ActiveCameraViewers {
    private readonly _followed: Followed[] = [];
    /** For the next camera. One whose pose is not finite yet would throw one away each frame. */
    private _spare: CameraViewer | null = null;
    private _frame = 0;

    public constructor(
        private readonly _scene: Scene,
        private readonly _host: ViewerHost,
    ) {}

    /** Once a frame. */
    public update(): void {
        this._frame++;
        const cameras = this._scene.activeCameras;
        if (cameras !== null && cameras.length > 0) {
            for (let i = 0; i < cameras.length; i++) {
                this._follow(cameras[i]!);
            }
        } else {
            const camera = activeCameraOf(this._scene);
            if (camera !== null) {
                this._follow(camera);
            }
        }
        this._removeUnused();
    }

    public clear(): void {
        while (this._followed.length > 0) {
            this._remove(this._followed.length - 1);
        }
    }

    private _follow(camera: Camera): void {
        if (camera.isDisposed()) {
            return;
        }
        const isFlat = isOrthographic(camera);
        for (let i = 0; i < this._followed.length; i++) {
            const followed = this._followed[i]!;
            if (followed.camera === camera && followed.isOrthographic === isFlat) {
                followed.viewer.readFrom(camera);
                followed.lastFrame = this._frame;
                return;
            }
        }
        const viewer = (this._spare ??= new CameraViewer());
        if (viewer.readFrom(camera)) {
            this._spare = null;
            this._add(camera, isFlat, viewer);
        }
    }

    private _add(camera: Camera, isFlat: boolean, viewer: CameraViewer): void {
        const disposal = camera.onDisposeObservable.addOnce(() => {
            this._remove(this._followed.findIndex((followed) => followed.viewer === viewer));
        });
        this._followed.push({ camera, isOrthographic: isFlat, viewer, disposal, lastFrame: this._frame });
        this._host.addViewer(viewer);
    }

    private _removeUnused(): void {
        let kept = 0;
        for (let i = this._followed.length - 1; i >= 0; i--) {
            const unusedFrames = this._frame - this._followed[i]!.lastFrame;
            if (unusedFrames > KEPT_FRAMES) {
                this._remove(i);
            } else if (unusedFrames > 0) {
                kept++;
            }
        }
        for (; kept > MOST_KEPT; kept--) {
            let oldest = 0;
            for (let i = 1; i < this._followed.length; i++) {
                if (this._followed[i]!.lastFrame < this._followed[oldest]!.lastFrame) {
                    oldest = i;
                }
            }
            this._remove(oldest);
        }
    }

    private _remove(index: number): void {
        const [followed] = this._followed.splice(index, 1);
        followed!.disposal?.remove();
        this._host.removeViewer(followed!.viewer);
    }
}
