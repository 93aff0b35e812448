import {
    STAGES,
    type BakeBatchRequest,
    type BakeBatchResponse,
    type BakeOutcome,
    type BakeTask,
} from "../../../src/bake/protocol.js";
import type { BakeExecutor } from "../../../src/scheduler/bakeExecutor.js";

export interface SentBatch {
    /** Keys of its chunks. */
    readonly ids: number[];
    /** The tasks as a worker has them: their buffers moved by transfer. */
    readonly tasks: readonly BakeTask[];
    readonly recipeJson: string;
    /** Answers; `outcomes` defaults to every chunk well baked. */
    answerAsync(outcomes?: readonly BakeOutcome[]): Promise<void>;
    loseAsync(error: Error): Promise<void>;
}

/** Keeps what is sent until the test answers it. */
export class FakeExecutor implements BakeExecutor {
    public readonly sent: SentBatch[] = [];
    /** Sent and not answered. */
    public inFlight = 0;
    public mostInFlight = 0;

    public constructor(
        private readonly _maxBatchesInFlight = 1,
        public readonly workerCount = 1,
    ) {}

    public get maxBatchesInFlight(): number {
        return this._maxBatchesInFlight;
    }

    public runBatchAsync({ recipeJson, tasks }: BakeBatchRequest): Promise<BakeBatchResponse> {
        this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
        const moved = tasks.map((task) => ({
            ...task,
            buffer: structuredClone(task.buffer, { transfer: [task.buffer] }),
        }));
        return new Promise((resolve, reject) => {
            this.sent.push({
                ids: moved.map(({ id }) => id),
                tasks: moved,
                recipeJson,
                answerAsync: (outcomes = moved.map((task) => baked(task))) => {
                    this.inFlight--;
                    resolve({ outcomes });
                    return settledAsync();
                },
                loseAsync: (error) => {
                    this.inFlight--;
                    reject(error);
                    return settledAsync();
                },
            });
        });
    }

    public get last(): SentBatch {
        return this.sent.at(-1)!;
    }

    public disposeAsync(): Promise<void> {
        return Promise.resolve();
    }
}

/** One whose workers can hold more than two batches each. */
export class HoldingExecutor extends FakeExecutor {
    public batchesPerWorker = 2;

    public constructor(workerCount: number) {
        super(0, workerCount);
    }

    public override get maxBatchesInFlight(): number {
        return this.workerCount * this.batchesPerWorker;
    }
}

/** Every microtask that stands in line has run. */
export const settledAsync = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export interface BakedOptions {
    byteLength?: number;
    ms?: number;
    stageMs?: number[];
    startedMs?: number;
    /** The worker took a larger buffer of this length. */
    grownTo?: number;
}

export function baked(task: BakeTask, options: BakedOptions = {}): BakeOutcome {
    const { byteLength = 100, ms = 1, stageMs = STAGES.map(() => 0), startedMs = 5000, grownTo } = options;
    const larger = grownTo === undefined ? null : new ArrayBuffer(grownTo);
    return {
        id: task.id,
        ok: true,
        buffer: larger ?? task.buffer,
        byteLength,
        stageMs,
        startedMs,
        endedMs: startedMs + ms,
        unused: larger === null ? null : task.buffer,
    };
}

export function failed(task: BakeTask, code = "TERRANE_BAKE_FAILED", message = "no such thing"): BakeOutcome {
    return { id: task.id, ok: false, message, code, buffer: task.buffer };
}
