// What the host may call. src/kernels/ holds the typed side.
export { arenaTop, reserve, resetArena, takeFailure } from "./base/arena";
export { hash64 } from "./base/hash64";
export { setOctave, setTerrain } from "./heightfield/octaves";
export { setCaveOctave, setCaves } from "./caves/caveWorld";
export { layoutGrid, macroPlanesStart, planeRowBytes, planeSize, quantaPlane, smoothPlane } from "./heightfield/grid";
export { fillMacro } from "./heightfield/macroFields";
export { fillHeights } from "./heightfield/heights";
export { fillColumns, highestQuantum, lowestQuantum, measureHeights, touchesCaveCountry } from "./caves/columns";
export { fillCaveLattice } from "./caves/caveLattice";
export { distancesStart, fillSlices, layoutBlend, layoutSlices, widenSlices } from "./caves/caveSlices";
export { lowOfCell } from "./caves/coarseCells";
export { meshVolume } from "./fusion/fusion";
export { addSkirts } from "./fusion/skirts";
export { splitVertices } from "./surface/uvMapping";
export { alignTangents } from "./surface/tangents";
export { meshHeightGrid } from "./surface/heightGrid";
export {
    chunkStart,
    finishChunk,
    highestVertex,
    indicesMade,
    isIndex32,
    lowestVertex,
    verticesMade,
} from "./surface/finish";
