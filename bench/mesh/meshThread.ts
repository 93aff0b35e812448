import { parentPort, workerData } from "node:worker_threads";

import { compileKernelsAsync } from "../../src/kernels/kernelModule.js";
import { createKernels } from "../../src/kernels/kernels.js";
import { VOLUMES, type Mesher, type MesherKind, type MeshRequest, type MeshResponse } from "./meshJob.js";
import { createVolumes } from "./meshVolumes.js";
import { createOracle, createTerrane } from "./ours.js";
import { createIsosurface } from "./rivals.js";

const { kind, wasmUrl } = workerData as { kind: MesherKind; wasmUrl: string };
const mesher = await createMesherAsync();
parentPort!.on("message", (request: MeshRequest) => parentPort!.postMessage(answer(request)));

async function createMesherAsync(): Promise<Mesher> {
    const volumes = createVolumes(VOLUMES);
    switch (kind) {
        case "terrane":
            return createTerrane(volumes, createKernels(await compileKernelsAsync(wasmUrl)));
        case "oracle":
            return createOracle(volumes);
        case "surfaceNets":
        case "marchingCubes":
        case "marchingTetrahedra":
            return createIsosurface(kind, volumes);
    }
}

function answer({ passes }: MeshRequest): MeshResponse {
    if (passes === 0) {
        return { ...mesher.run(0), mesh: mesher.read() };
    }
    let [ms, triangles] = [0, 0];
    for (let pass = 0; pass < passes; pass++) {
        for (let volume = 0; volume < VOLUMES; volume++) {
            const result = mesher.run(volume);
            ms += result.ms;
            triangles += result.triangles;
        }
    }
    return { ms, triangles, mesh: null };
}
