import path from "node:path";

import { rounded } from "../common/statistics.js";
import { tableOf } from "../common/table.js";
import { measureMeshersAsync, type MesherResult } from "./meshers.js";
import { VOLUMES } from "./meshJob.js";
import { SIDE } from "./meshVolumes.js";

export interface BenchOptions {
    /** The repository. */
    readonly root: string;
    readonly json: boolean;
}

/** Runs the bench `mesh`: the surface of ground with tunnels, by our kernels and by the package `isosurface`. */
export async function runAsync({ root, json }: BenchOptions): Promise<void> {
    console.log(
        `${VOLUMES} volumes of ${SIDE} x ${SIDE} x ${SIDE} samples, ground and tunnels as in the endless preset. ` +
            "Ours are packed vertices with normals, tangents and uvs; the package's are positions alone.",
    );
    const results = await measureMeshersAsync(path.join(root, "dist/terrane.wasm"));
    console.log(tableOf(results.map(describe)));
    if (json) {
        const ratio = rounded(results.find(({ kind }) => kind === "terrane")!.ratio);
        console.log(JSON.stringify({ rows: results.map(rowOf), ratio }));
    }
}

function describe({ name, ms, triangles, trianglesPerSecond, ratio, gap }: MesherResult) {
    return {
        mesher: name,
        "ms a volume": rounded(ms),
        triangles: Math.round(triangles),
        "M triangles/s": rounded(trianglesPerSecond / 1e6),
        "over isosurface's fastest": `${ratio.toFixed(2)} x`,
        "cells from ours, mean": rounded(gap.mean),
        "at most": rounded(gap.largest),
    };
}

function rowOf({ name, ms, triangles, trianglesPerSecond, ratio, gap }: MesherResult) {
    return {
        name,
        ms: rounded(ms),
        mTrianglesPerSecond: rounded(trianglesPerSecond / 1e6),
        ratio: rounded(ratio),
        triangles: Math.round(triangles),
        gapMean: rounded(gap.mean),
        gapMax: rounded(gap.largest),
    };
}
