import type { Vec3Like } from "../base/vec3Like.js";
import type { SeenBox } from "../lod/seenBox.js";

/** How a viewer's picture shows the world. */
export interface ViewerPicture {
    /** Pixels that 1 m takes: in perspective at a distance of 1 m, in an orthographic picture anywhere. */
    readonly pixelsPerMetre: number;
    readonly isOrthographic: boolean;
    /** What is seen of the world, of use in an orthographic picture. */
    readonly seen: SeenBox;
}

/**
 * Anything that needs ground around it. The runtime reads it each frame and keeps nothing of it: move it as you like.
 */
export interface Viewer {
    /** Metres: where it is in the world. */
    readonly position: Vec3Like;
    /** Unit vector: where it looks. What lies ahead is loaded first. Default: all directions are equal. */
    readonly forward?: Vec3Like;
    /** Metres: how far it needs ground. Default: the world's view distance. */
    readonly radius?: number;
    /**
     * How much its ground matters beside other viewers', above 0. With 2, what is 200 m away is as urgent as what is
     * 100 m away with 1. Default: 1.
     */
    readonly weight?: number;
    /**
     * What it sees, for cameras. Default: everything is to be as fine as in the picture of the scene's camera.
     *
     * @internal
     */
    readonly picture?: ViewerPicture;
}
