import { TerraneError } from "../base/errors.js";

/** Above this share of the limit fewer tasks are let in, below that one more. */
const LOWER_ABOVE = 0.85;
const RAISE_BELOW = 0.6;
/** Latest decisions that are kept to be read. */
const REMEMBERED = 64;

/** Why the number of tasks in flight changed, or a task was not sent though one might have been. */
export interface ResourceDecision {
    readonly kind: "lowered" | "raised" | "held";
    /** Tasks that may be in flight, before and after. */
    readonly from: number;
    readonly to: number;
    readonly usedBytes: number;
    /** What the next task was estimated to take; 0 where the decision was about none. */
    readonly nextBytes: number;
}

export interface ResourceMonitorOptions {
    /** Bytes that all tasks together may take, with what their workers hold. Infinity for no limit. */
    readonly memoryLimitBytes: number;
    /** Tasks in flight where memory is plentiful, an integer of 1 or more. */
    readonly maxTasksInFlight: number;
    /** What a task and a worker may be expected to take: so many are let in at first. Default: nothing, all are. */
    readonly expectedTaskBytes?: number;
    readonly expectedWorkerBytes?: number;
    readonly workers?: number;
}

/**
 * Decides how many tasks may be in flight: half as many when memory nears its limit, one more at a time when there is room
 * again (additive increase and multiplicative decrease, as congestion is held off in networks). One task always may, so that
 * a limit that is too small makes work slow but ends it.
 */
export class ResourceMonitor {
    public readonly memoryLimitBytes: number;
    public readonly maxTasksInFlight: number;

    private readonly _decisions: ResourceDecision[] = [];
    private readonly _counts = { lowered: 0, raised: 0, held: 0 };
    private _tasksInFlight: number;
    /** Tasks that must end before the next change, since those in flight were let in by the rule before. */
    private _settling = 0;
    private _peakBytes = 0;
    private _fewest: number;

    public constructor(options: ResourceMonitorOptions) {
        const { memoryLimitBytes, maxTasksInFlight } = options;
        if (!(memoryLimitBytes > 0)) {
            throw new TerraneError("memoryLimitBytes", memoryLimitBytes, "bytes above 0", "Leave it out for no limit.");
        }
        if (!Number.isInteger(maxTasksInFlight) || maxTasksInFlight < 1) {
            throw new TerraneError("maxTasksInFlight", maxTasksInFlight, "an integer of 1 or more", "Raise it.");
        }
        this.memoryLimitBytes = memoryLimitBytes;
        this.maxTasksInFlight = maxTasksInFlight;
        this._tasksInFlight = maxTasksInFlight;
        this._fewest = maxTasksInFlight;
        const { expectedTaskBytes = 0, expectedWorkerBytes = 0, workers = 0 } = options;
        const room = LOWER_ABOVE * memoryLimitBytes - workers * expectedWorkerBytes;
        const fitting = expectedTaskBytes > 0 ? Math.floor(room / expectedTaskBytes) : maxTasksInFlight;
        if (fitting < maxTasksInFlight) {
            this._change("lowered", Math.max(1, fitting), workers * expectedWorkerBytes, expectedTaskBytes);
            this._settling = 0;
        }
    }

    /** Tasks that may be in flight now. */
    public get tasksInFlight(): number {
        return this._tasksInFlight;
    }

    /** The fewest that ever were allowed. */
    public get fewestInFlight(): number {
        return this._fewest;
    }

    /** The most bytes that were ever reported. */
    public get peakBytes(): number {
        return this._peakBytes;
    }

    /** How often each kind of decision was taken. */
    public get counts(): Readonly<Record<ResourceDecision["kind"], number>> {
        return this._counts;
    }

    /** The latest decisions, oldest first. */
    public get decisions(): readonly ResourceDecision[] {
        return this._decisions;
    }

    /**
     * Tells what is used whenever a task has ended.
     *
     * @param moreBytes what one more task in flight would take, its worker's memory included
     */
    public taskEnded(usedBytes: number, moreBytes = 0): void {
        this._peakBytes = Math.max(this._peakBytes, usedBytes);
        this._settling--;
        if (this._settling > 0) {
            return;
        }
        const limit = this.memoryLimitBytes;
        const from = this._tasksInFlight;
        // What is raised must not have to be lowered at once.
        const hasRoom = usedBytes < RAISE_BELOW * limit && usedBytes + moreBytes < LOWER_ABOVE * limit;
        if (usedBytes > LOWER_ABOVE * limit && from > 1) {
            this._change("lowered", Math.floor(from / 2), usedBytes);
        } else if (hasRoom && from < this.maxTasksInFlight) {
            this._change("raised", from + 1, usedBytes);
        }
    }

    /**
     * Whether another task may be sent.
     *
     * @param inFlight tasks that are under way now
     * @param nextBytes what the next is estimated to take
     */
    public admits(inFlight: number, usedBytes: number, nextBytes: number): boolean {
        this._peakBytes = Math.max(this._peakBytes, usedBytes);
        if (inFlight === 0) {
            return true;
        }
        if (inFlight >= this._tasksInFlight) {
            return false;
        }
        if (usedBytes + nextBytes <= this.memoryLimitBytes) {
            return true;
        }
        const now = this._tasksInFlight;
        this._record({ kind: "held", from: now, to: now, usedBytes, nextBytes });
        return false;
    }

    private _change(kind: "lowered" | "raised", to: number, usedBytes: number, nextBytes = 0): void {
        const from = this._tasksInFlight;
        this._tasksInFlight = to;
        this._fewest = Math.min(this._fewest, to);
        this._settling = Math.max(from, to);
        this._record({ kind, from, to, usedBytes, nextBytes });
    }

    private _record(decision: ResourceDecision): void {
        this._counts[decision.kind]++;
        this._decisions.push(decision);
        if (this._decisions.length > REMEMBERED) {
            this._decisions.shift();
        }
    }
}
