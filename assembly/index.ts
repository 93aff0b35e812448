// What the host may call. `node scripts/kernelTypes.mjs` makes the host's side of it from here: src/kernels/kernelExports.ts.

// Memory, and what may go wrong.
export { arenaTop, reserve, resetArena, takeFailure } from "./base/arena";
export { hash64 } from "./base/hash64";

// The world, whenever the host turns to another.
export { setOctave, setTerrain } from "./heightfield/octaves";
export { setCarvedLand, setGullies, setGully } from "./heightfield/gullies";
export { setBeds } from "./heightfield/beds";
export { setCaveOctave, setCaves } from "./caves/caveWorld";
export { setLedges } from "./caves/ledges";

// A grid of samples. `layoutGrid` begins a job.
export {
    layoutGrid,
    macroPlanesStart,
    planeLineBytes,
    planeSize,
    quantaPlane,
    smoothPlane,
} from "./heightfield/grid";
export { fillMacro, fillMacroStrip } from "./heightfield/macroFields";
export { fillHeights } from "./heightfield/heights";
export { levelGap } from "./heightfield/levelGaps";
export {
    fillColumns,
    highestQuantum,
    lowestQuantum,
    measureHeights,
    touchesCaveCountry,
} from "./caves/columns";

// The same on a planet.
export { fillPlaces, placesStart } from "./planet/places";
export { fillPlacedHeights } from "./planet/placedHeights";
export { fillPlacedCaves } from "./planet/placedCaves";
export { bendSurface } from "./planet/bend";
// Noise at points anywhere, within a job.
export { addOpenSimplex2 } from "./noise/openSimplex";
export { addSimplex3, layoutPoints, pointPlaneBytes, simplex3Points } from "./noise/simplex";

// Caves below it.
export { fillCaveLattice } from "./caves/caveLattice";
export { distancesStart, layoutBlend, layoutSlices } from "./caves/caveSlices";
export { deepestAir } from "./caves/borderCaves";
export { coarsenSlices, fillSlices } from "./caves/caveFill";
export { firstFineRowOfCell } from "./caves/coarseCells";

// A chunk's surface, and its bytes.
export { meshVolume } from "./fusion/fusion";
export { addSkirts } from "./fusion/skirts";
export { splitVertices } from "./surface/uvMapping";
export { alignTangents } from "./surface/tangents";
export { meshHeightGrid } from "./surface/heightGrid";
export {
    chunkStart,
    finishChunk,
    greatestCoordinate,
    indicesMade,
    isIndex32,
    leastCoordinate,
    verticesMade,
} from "./surface/finish";
