import { Worker } from "node:worker_threads";

import { median } from "../common/statistics.js";
import {
    CONTENDERS,
    samplesOf,
    type ContenderKind,
    type NoiseJob,
    type NoiseRequest,
    type NoiseResponse,
    type Spread,
} from "./noiseJob.js";

const ROUNDS = 9;
/** Milliseconds of one contender's share of a round. */
const ROUND_MS = 250;
const WARM_UP_MS = 600;
const CHECKED_GRIDS = 16;
/** Deviation and roughness of each contender over those of `open-simplex-noise`: between one over this and this. */
const LIKENESS = 3;

export interface ContenderResult {
    readonly kind: ContenderKind;
    readonly name: string;
    /** Samples a second: median of the rounds. */
    readonly samplesPerSecond: number;
    /** Speed over that of `open-simplex-noise`: median of the rounds' ratios. */
    readonly ratio: number;
    readonly spread: Spread;
}

/** Runs a contender in a thread of its own: none runs on code that the engine has tuned to another. */
class Contender {
    public readonly rates: number[] = [];
    public spread: Spread | null = null;
    /** Grids that take about ROUND_MS. */
    private _grids = 1;
    private readonly _worker: Worker;

    public constructor(
        public readonly kind: ContenderKind,
        private readonly _job: NoiseJob,
        wasmUrl: string,
    ) {
        this._worker = new Worker(new URL("./noiseThread.mjs", import.meta.url), {
            workerData: { kind, job: _job, wasmUrl },
        });
    }

    /** Checks the noise; then runs until the engine has compiled what it will, and the rate is known. */
    public async warmUpAsync(): Promise<void> {
        const { spread } = await this._runAsync({ firstGrid: 0, grids: CHECKED_GRIDS, isCheck: true });
        this.spread = spread;
        let spentMs = 0;
        while (spentMs < WARM_UP_MS) {
            const { ms } = await this._runAsync({ firstGrid: 0, grids: this._grids, isCheck: false });
            spentMs += ms;
            this._grids = Math.max(1, Math.round((this._grids * ROUND_MS) / Math.max(ms, 1)));
        }
    }

    public async runRoundAsync(round: number): Promise<void> {
        const firstGrid = 97 * round;
        const { ms } = await this._runAsync({ firstGrid, grids: this._grids, isCheck: false });
        this.rates.push((this._grids * samplesOf(this._job) * 1000) / ms);
    }

    public async disposeAsync(): Promise<void> {
        await this._worker.terminate();
    }

    private _runAsync(request: NoiseRequest): Promise<NoiseResponse> {
        return new Promise((resolve, reject) => {
            const settle = (act: () => void) => {
                this._worker.off("message", onMessage);
                this._worker.off("error", onError);
                act();
            };
            const onMessage = (response: NoiseResponse) => settle(() => resolve(response));
            const onError = (error: Error) => settle(() => reject(error));
            this._worker.on("message", onMessage);
            this._worker.on("error", onError);
            this._worker.postMessage(request);
        });
    }
}

/** Measures all contenders at the same job, in turn, so that what else the machine does affects all alike. */
export async function measureContendersAsync(job: NoiseJob, wasmUrl: string): Promise<ContenderResult[]> {
    const contenders = (Object.keys(CONTENDERS) as ContenderKind[]).map((kind) => new Contender(kind, job, wasmUrl));
    try {
        for (const contender of contenders) {
            await contender.warmUpAsync();
        }
        const rival = contenders.find(({ kind }) => kind === "openSimplex")!;
        contenders.forEach(({ kind, spread }) => assertAlike(CONTENDERS[kind], spread!, rival.spread!));
        for (let round = 0; round < ROUNDS; round++) {
            for (const contender of contenders) {
                await contender.runRoundAsync(round);
            }
        }
        return contenders.map(({ kind, rates, spread }) => ({
            kind,
            name: CONTENDERS[kind],
            samplesPerSecond: median(rates),
            ratio: median(rates.map((rate, round) => rate / rival.rates[round]!)),
            spread: spread!,
        }));
    } finally {
        await Promise.all(contenders.map((contender) => contender.disposeAsync()));
    }
}

/** Checks that a contender fills its grids with octaves of noise like the others, and not with less work. */
function assertAlike(name: string, spread: Spread, wanted: Spread): void {
    for (const key of ["deviation", "roughness"] as const) {
        const ratio = spread[key] / wanted[key];
        // Also where the ratio is no number, as it is where a grid is not filled.
        if (!(ratio > 1 / LIKENESS && ratio < LIKENESS)) {
            throw new Error(
                `The noise of ${name} has ${ratio.toFixed(2)} times the ${key} of open-simplex-noise: ` +
                    "the comparison is not fair.",
            );
        }
    }
    if (!(Math.abs(spread.mean) < wanted.deviation)) {
        throw new Error(`The noise of ${name} has a mean of ${spread.mean}: the comparison is not fair.`);
    }
}
