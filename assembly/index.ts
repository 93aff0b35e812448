// What the host may call. src/kernels/ holds the typed side.
export { arenaTop, reserve, resetArena, takeFailure } from "./arena";
export { hash64 } from "./hash64";
export { setOctave, setTerrain } from "./octaves";
export { setCaveOctave, setCaves } from "./caveWorld";
export { layoutGrid, macroPlanesStart, planeRowBytes, planeSize, quantaPlane, smoothPlane } from "./grid";
export { fillMacro } from "./macroFields";
export { fillHeights } from "./heights";
export { fillColumns, highestQuantum, lowestQuantum, measureHeights, touchesCaveCountry } from "./columns";
export { fillCaveLattice } from "./caveLattice";
export { distancesStart, fillSlices, layoutBlend, layoutSlices, widenSlices } from "./caveSlices";
export { lowOfCell } from "./wideCells";
export { meshVolume } from "./fusion";
export { addSkirts } from "./skirts";
export { splitVertices } from "./uvMapping";
export { alignTangents } from "./tangents";
export { meshHeightGrid } from "./heightGrid";
export {
    chunkStart,
    finishChunk,
    highestVertex,
    indicesMade,
    isIndex32,
    lowestVertex,
    verticesMade,
} from "./finish";
