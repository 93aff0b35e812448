import type { BakeBatchRequest, BakeTask } from "../../src/bake/protocol.js";
import type { BakeAnswer, BakeExecutor } from "../../src/scheduler/bakeExecutor.js";
import type { ChunkAddress } from "../../src/space/chunkAddress.js";

/** Workers that do not bake what is late: coarser ground stays drawn in its place. */
export class LateExecutor implements BakeExecutor {
    /** What has been left out since this was emptied. */
    public readonly leftOut: ChunkAddress[] = [];
    /** Tells what is late. */
    public isLate: (address: ChunkAddress) => boolean = () => false;

    public constructor(private readonly _inner: BakeExecutor) {}

    public get maxBatchesInFlight(): number {
        return this._inner.maxBatchesInFlight;
    }

    public get workerCount(): number {
        return this._inner.workerCount;
    }

    public async runBatchAsync(request: BakeBatchRequest, avoidWorker?: number): Promise<BakeAnswer> {
        const late = request.tasks.filter(({ address }) => this.isLate(address));
        if (late.length === 0) {
            return this._inner.runBatchAsync(request, avoidWorker);
        }
        const tasks = request.tasks.filter((task) => !late.includes(task));
        this.leftOut.push(...late.map(({ address }) => address));
        const answer =
            tasks.length > 0 ? await this._inner.runBatchAsync({ ...request, tasks }, avoidWorker) : { outcomes: [] };
        return { ...answer, outcomes: [...answer.outcomes, ...late.map(refuse)] };
    }

    public disposeAsync(): Promise<void> {
        return this._inner.disposeAsync();
    }
}

/** Refused as what can never be baked, a chunk is given up at once, and the view is ready without it. */
function refuse({ id, buffer }: BakeTask): BakeAnswer["outcomes"][number] {
    return { id, ok: false, code: "TERRANE_INVALID", message: "This chunk is late.", buffer };
}
