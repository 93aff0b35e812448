// The bench's own wasm: plain noise over grids, and simplex noise at points, which terrane.wasm does not hold.
// bench/noise/noiseKernels.ts is the typed side.
export { arenaTop, reserve, resetArena } from "../../../assembly/base/arena";
export { arePointsWithin, layoutPoints, pointPlaneBytes, simplex2Points, simplex3Points } from "../../../assembly/noise/simplex";
export { noiseGrid2 } from "./noiseGrid2";
export { noiseGrid3 } from "./noiseGrid3";
export { setNoiseOctave } from "./noiseOctaves";
