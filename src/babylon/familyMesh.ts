import type { Camera } from "@babylonjs/core/Cameras/camera.js";
import type { Plane } from "@babylonjs/core/Maths/math.plane.js";
import type { SubMesh } from "@babylonjs/core/Meshes/subMesh.js";
import { ChunkMesh } from "./chunkMesh.js";

/** Number of bits that are set, of up to four. */
export function bitCount(bits: number): number {
    return (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1) + ((bits >> 3) & 1);
}

/** Members in one buffer, known by their places as bits. */
export interface Members {
    /** All that there are. */
    readonly present: number;
    /** Those in view of a frustum. */
    inFrustum(planes: Plane[]): number;
    /** Sets the range of `subMesh` to the shortest run that has all of `wanted`. */
    setRange(subMesh: SubMesh, wanted: number): void;
}

/**
 * Draws the run of its members that the active camera sees, in that camera's own view; all of them in every other pass.
 * Whoever draws from a list of his own (shadow maps, mirrors, render targets) does not ask what is in his view, and a
 * caster beside a light's frustum may still cast into it.
 */
export class FamilyMesh extends ChunkMesh {
    public members: Members | null = null;

    /** Members in view, of which camera, in which frame. */
    private _inView = 0;
    private _camera: Camera | null = null;
    private _frame = -1;

    public override isInFrustum(planes: Plane[]): boolean {
        if (this.members === null) {
            return super.isInFrustum(planes);
        }
        const inView = this.members.inFrustum(planes);
        const scene = this.getScene();
        // Others may ask about planes of their own at any time: these alone are followed by the camera's drawing.
        if (planes === scene.frustumPlanes && !scene._isInIntermediateRendering()) {
            this._inView = inView;
            this._camera = scene.activeCamera;
            this._frame = scene.getFrameId();
        }
        return inView !== 0;
    }

    protected override beginMainView(subMesh: SubMesh): number {
        const drawn = this._drawnInMainView();
        this.members?.setRange(subMesh, drawn);
        return bitCount(drawn);
    }

    protected override endMainView(subMesh: SubMesh): void {
        this.members?.setRange(subMesh, this.members.present);
    }

    /** All where nobody has asked what the camera sees: with `skipFrustumClipping`, or an aggressive `performancePriority`. */
    private _drawnInMainView(): number {
        const present = this.members?.present ?? 0;
        const scene = this.getScene();
        const isKnown = this._frame === scene.getFrameId() && this._camera === scene.activeCamera;
        const inView = isKnown ? this._inView & present : 0;
        return inView === 0 ? present : inView;
    }
}
