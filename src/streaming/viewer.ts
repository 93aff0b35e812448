import type { Vec3Like } from "../base/vec3Like.js";

/** Anything that needs ground around it. The runtime reads it each frame and keeps nothing of it: move it as you like. */
export interface Viewer {
    /** Metres, in the world. */
    readonly position: Vec3Like;
    /** Unit vector: where it looks. What lies ahead comes first. Without it all directions are equal. */
    readonly forward?: Vec3Like;
    /** Metres: how far it needs ground. Default: the world's view distance. */
    readonly radius?: number;
}
