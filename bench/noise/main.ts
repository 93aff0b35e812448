import path from "node:path";

import { rounded } from "../common/statistics.js";
import { tableOf } from "../common/table.js";
import { measureContendersAsync, type ContenderResult } from "./contenders.js";
import { JOB_2D, JOB_2D_FINEST, JOB_3D, samplesOf, type NoiseJob } from "./noiseJob.js";

export interface BenchOptions {
    /** The repository. */
    readonly root: string;
    readonly json: boolean;
}

/** Runs the bench `noise`: octaves of noise over grids, ours and the packages'. */
export async function runAsync({ root, json }: BenchOptions): Promise<void> {
    const wasmUrl = path.join(root, ".cache/bench/noise.wasm");
    const results: { prefix: string; contenders: ContenderResult[] }[] = [];
    for (const [prefix, job] of [
        ["2D", JOB_2D],
        ["2D finest", JOB_2D_FINEST],
        ["3D", JOB_3D],
    ] as const) {
        console.log(describeJob(job));
        const contenders = await measureContendersAsync(job, wasmUrl);
        console.log(`${tableOf(contenders.map(describeContender))}\n`);
        results.push({ prefix, contenders });
    }
    if (json) {
        const rows = results.flatMap(({ prefix, contenders }) => contenders.map((row) => rowOf(prefix, row)));
        const [ratio2d, ratio2dFinest, ratio3d] = results.map(({ contenders }) => gridRatio(contenders));
        console.log(JSON.stringify({ rows, ratio2d, ratio2dFinest, ratio3d }));
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

function rowOf(prefix: string, { name, samplesPerSecond, ratio, spread }: ContenderResult) {
    return {
        name: `${prefix} ${name}`,
        mSamplesPerSecond: rounded(samplesPerSecond / 1e6),
        ratio: rounded(ratio),
        deviation: rounded(spread.deviation),
        roughness: rounded(spread.roughness),
    };
}

function gridRatio(contenders: readonly ContenderResult[]): number {
    return rounded(contenders.find(({ kind }) => kind === "grid")!.ratio);
}
