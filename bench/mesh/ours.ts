import { CHUNK_HEADER_BYTES, VertexLayout } from "../../src/format/chunkData.js";
import { MACRO_CHANNELS } from "../../src/generators/macroField.js";
import type { Kernels } from "../../src/kernels/kernels.js";
import { createCaveVolume } from "../../test/oracle/caveVolume.js";
import { createFusionScratch, meshVolume } from "../../test/oracle/fusedMesh.js";
import { createSurfaceMesh } from "../../test/oracle/surfaceMesh.js";
import type { Mesh, Mesher } from "./meshJob.js";
import { COLUMNS, MARGIN, QUANTA, ROWS, SIDE, type MeshVolume } from "./meshVolumes.js";

/** As the bake has them, with samples of 1 m. */
const DAYLIGHT = 14;
const LIP = 1.5;
const SLOPE_SCALE = 0.5;
/** No sea in sight. */
const NO_SEA = -1e9;
/** Samples over which the edges of mouths are rounded. */
const LIP_WIDTH = 1.5;
/** Columns around that the kernels need where distances are given: normals reach no further. A bake's third tells of coarse cells. */
const NEEDED_MARGIN = 2;
const NEEDED_COLUMNS = SIDE + 2 * NEEDED_MARGIN;
const VERTEX_SHORTS = VertexLayout.stride / 2;

/** Creates a mesher by the kernels, given what the bake's earlier stages would have left in their memory. */
export function createTerrane(volumes: readonly MeshVolume[], { exports }: Kernels): Mesher {
    const inputs = volumes.map(neededColumns);
    return {
        run(volume) {
            const { heights, caves } = inputs[volume]!;
            exports.layoutGrid(NEEDED_COLUMNS, NEEDED_COLUMNS);
            writeGrid(heights);
            exports.setCaves(QUANTA, 6, SIDE, NO_SEA, 0, 0, 0, LIP_WIDTH);
            // What meshing takes from columns are the rows of the ground: counted, too.
            const start = performance.now();
            exports.fillColumns(0);
            exports.layoutSlices(0, 0, 0, SIDE, 1, NEEDED_COLUMNS, NEEDED_MARGIN);
            const paused = performance.now();
            new Float32Array(exports.memory.buffer).set(caves, exports.distancesStart() / 4);
            const resumed = performance.now();
            exports.meshVolume(NEEDED_MARGIN, 0, DAYLIGHT, LIP, SLOPE_SCALE, 1);
            const end = performance.now();
            return { ms: end - resumed + (paused - start), triangles: exports.indicesMade() / 3 };
        },
        read(): Mesh {
            exports.finishChunk();
            const vertices = exports.verticesMade();
            const start = exports.chunkStart() + CHUNK_HEADER_BYTES;
            const shorts = new Int16Array(exports.memory.buffer, start, vertices * VERTEX_SHORTS);
            const positions = new Float32Array(vertices * 3);
            for (let i = 0; i < positions.length; i++) {
                positions[i] = shorts[Math.floor(i / 3) * VERTEX_SHORTS + (i % 3)]! / QUANTA;
            }
            const indices = new Uint16Array(
                exports.memory.buffer,
                start + vertices * VertexLayout.stride,
                exports.indicesMade(),
            );
            return { positions, triangles: Uint32Array.from(indices) };
        },
    };

    function writeGrid(heights: Float32Array): void {
        const memory = new Float32Array(exports.memory.buffer);
        const macro = exports.macroPlanesStart() / 4;
        memory.fill(0, macro, macro + (MACRO_CHANNELS * exports.planeSize()) / 4);
        const stride = exports.planeLineBytes() / 4;
        for (let z = 0; z < NEEDED_COLUMNS; z++) {
            const quanta = exports.quantaPlane() / 4 + z * stride;
            const smooth = exports.smoothPlane() / 4 + z * stride;
            for (let x = 0; x < NEEDED_COLUMNS; x++) {
                const height = heights[z * NEEDED_COLUMNS + x]!;
                memory[quanta + x] = height;
                memory[smooth + x] = height / QUANTA;
            }
        }
    }
}

function neededColumns({ heights, caves }: MeshVolume): Pick<MeshVolume, "heights" | "caves"> {
    const inset = MARGIN - NEEDED_MARGIN;
    const needed = {
        heights: new Float32Array(NEEDED_COLUMNS * NEEDED_COLUMNS),
        caves: new Float32Array(NEEDED_COLUMNS * NEEDED_COLUMNS * ROWS),
    };
    for (let z = 0; z < NEEDED_COLUMNS; z++) {
        const to = z * NEEDED_COLUMNS;
        const from = (z + inset) * COLUMNS + inset;
        needed.heights.set(heights.subarray(from, from + NEEDED_COLUMNS), to);
        needed.caves.set(caves.subarray(from * ROWS, (from + NEEDED_COLUMNS) * ROWS), to * ROWS);
    }
    return needed;
}

/**
 * Creates a mesher by the plain TypeScript. It is no rival, but tells what the kernels' algorithm is worth in
 * TypeScript.
 */
export function createOracle(volumes: readonly MeshVolume[]): Mesher {
    const mesh = createSurfaceMesh();
    const scratch = createFusionScratch();
    const inputs = volumes.map(oracleInput);
    return {
        run(volume) {
            const { grid, caves } = inputs[volume]!;
            const start = performance.now();
            meshVolume(grid, caves, 1 / QUANTA, 0, mesh, scratch);
            return { ms: performance.now() - start, triangles: mesh.indexCount / 3 };
        },
        read: (): Mesh => ({
            positions: Float32Array.from(
                mesh.position.subarray(0, mesh.vertexCount * 3),
                (value, i) => value / QUANTA + (i % 3 === 1 ? mesh.baseY : 0),
            ),
            triangles: mesh.indices.slice(0, mesh.indexCount),
        }),
    };
}

function oracleInput({ heights, caves }: MeshVolume) {
    const height = Float64Array.from(heights, (quanta) => quanta / QUANTA);
    const macro = new Float64Array(COLUMNS * COLUMNS * MACRO_CHANNELS);
    const grid = { countX: COLUMNS, countZ: COLUMNS, height, smooth: height, macro };
    const volume = createCaveVolume();
    volume.maxDepth = SIDE;
    volume.rows = ROWS;
    volume.countX = COLUMNS;
    volume.countZ = COLUMNS;
    volume.distance = Float64Array.from(caves);
    volume.lowestCave = Int32Array.from(height, (top, column) => {
        const profile = caves.subarray(column * ROWS, (column + 1) * ROWS);
        const lowest = profile.findIndex((distance, row) => distance <= 0 && row < top);
        return lowest < 0 ? ROWS : lowest;
    });
    return { grid, caves: volume };
}
