import type { Vec3Like } from "../base/vec3Like.js";

/** Anything that needs ground around it. The runtime reads it each frame and keeps nothing of it: move it as you like. */
export interface Viewer {
    /** Metres, in the world. */
    readonly position: Vec3Like;
    /** Unit vector: where it looks. What lies ahead comes first. Without it all directions are equal. */
    readonly forward?: Vec3Like;
    /** Metres: how far it needs ground. Default: the world's view distance. */
    readonly radius?: number;
    /** Above 0: how much its ground matters beside other viewers'. With 2, what is 200 m away is as urgent as 100 m are with 1. Default 1. */
    readonly weight?: number;
}
