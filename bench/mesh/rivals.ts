import isosurface, { type Isosurface } from "isosurface";

import type { Mesh, Mesher } from "./meshJob.js";
import { SIDE, type MeshVolume } from "./meshVolumes.js";

const DIMENSIONS = [SIDE, SIDE, SIDE] as const;

export function createIsosurface(
    kind: "surfaceNets" | "marchingCubes" | "marchingTetrahedra",
    volumes: readonly MeshVolume[],
): Mesher {
    const polygonise = isosurface[kind];
    let made: Isosurface = { positions: [], cells: [] };
    return {
        run(volume) {
            const { density } = volumes[volume]!;
            const start = performance.now();
            made = polygonise(DIMENSIONS, (x, y, z) => density[(z * SIDE + y) * SIDE + x]!);
            const ms = performance.now() - start;
            return { ms, triangles: made.cells.reduce((sum, cell) => sum + cell.length - 2, 0) };
        },
        read: (): Mesh => ({
            positions: Float32Array.from(made.positions.flat()),
            triangles: Uint32Array.from(made.cells.flatMap(toTriangles)),
        }),
    };
}

/** Returns a cell as triangles: marching tetrahedra makes quadrangles, too. */
function toTriangles(cell: readonly number[]): number[] {
    return cell.slice(2).flatMap((corner, i) => [cell[0]!, cell[i + 1]!, corner]);
}
