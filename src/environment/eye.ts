import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { Scene } from "@babylonjs/core/scene.js";

/** Returns where the scene's present view is seen from, which is not the camera in mirrors and probes. Do not change it. */
export function eyeOf(scene: Scene): Readonly<Vector3> {
    return (
        scene._forcedViewPosition ??
        scene._mirroredCameraPosition ??
        scene.activeCamera?.globalPosition ??
        Vector3.ZeroReadOnly
    );
}
