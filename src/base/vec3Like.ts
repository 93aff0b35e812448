/** A position or direction in metres; Babylon's `Vector3` is one. */
export interface Vec3Like {
    /** Metres. */
    x: number;
    /** Metres, upwards. */
    y: number;
    /** Metres. */
    z: number;
}
