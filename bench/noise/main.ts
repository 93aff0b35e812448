import path from "node:path";

import { rounded } from "../common/statistics.js";
import { tableOf } from "../common/table.js";
import { measureContendersAsync, type ContenderResult } from "./contenders.js";
import { JOB_2D, JOB_3D, samplesOf, type NoiseJob } from "./noiseJob.js";

export interface BenchOptions {
    /** The repository. */
    readonly root: string;
    readonly json: boolean;
}

/** The bench `noise`: octaves of noise over grids, ours and the packages'. */
export async function runAsync({ root, json }: BenchOptions): Promise<void> {
    const wasmUrl = path.join(root, "dist/terrane.wasm");
    const results: ContenderResult[][] = [];
    for (const job of [JOB_2D, JOB_3D]) {
        console.log(describeJob(job));
        const contenders = await measureContendersAsync(job, wasmUrl);
        console.log(`${tableOf(contenders.map(describeContender))}\n`);
        results.push(contenders);
    }
    if (json) {
        console.log(JSON.stringify(resultOf(results[0]!, results[1]!)));
    }
}

function describeJob(job: NoiseJob): string {
    const { dimensions, side, cells } = job;
    const size = Array.from({ length: dimensions }, () => side).join(" x ");
    return (
        `${dimensions}D: grids of ${size}, ${cells.length} octaves with cells of ${cells.join(", ")} samples: ` +
        `${samplesOf(job).toLocaleString("en")} samples, a sample being one octave at one point`
    );
}

function describeContender({ name, samplesPerSecond, ratio, spread }: ContenderResult) {
    return {
        contender: name,
        "M samples/s": rounded(samplesPerSecond / 1e6),
        "over open-simplex-noise": `${ratio.toFixed(2)} x`,
        mean: rounded(spread.mean),
        deviation: rounded(spread.deviation),
        roughness: rounded(spread.roughness),
    };
}

function resultOf(flat: readonly ContenderResult[], solid: readonly ContenderResult[]) {
    const rows = [flat, solid].flatMap((contenders, i) =>
        contenders.map(({ name, samplesPerSecond, ratio, spread }) => ({
            name: `${i + 2}D ${name}`,
            mSamplesPerSecond: rounded(samplesPerSecond / 1e6),
            ratio: rounded(ratio),
            deviation: rounded(spread.deviation),
            roughness: rounded(spread.roughness),
        })),
    );
    const ratioOf = (contenders: readonly ContenderResult[]) =>
        rounded(contenders.find(({ kind }) => kind === "grid")!.ratio);
    return { rows, ratio2d: ratioOf(flat), ratio3d: ratioOf(solid) };
}
