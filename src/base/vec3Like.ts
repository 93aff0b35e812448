/** A position or direction in metres; Babylon's `Vector3` is one. */
export interface Vec3Like {
    x: number;
    y: number;
    z: number;
}
