// What whoever draws tells the runtime of those who look: where they are, and what their pictures show.
export { SeenBox } from "../lod/seenBox.js";
export { pixelsPerMetre } from "../lod/splitDistances.js";
export type { Viewer, ViewerPicture } from "../streaming/viewer.js";
