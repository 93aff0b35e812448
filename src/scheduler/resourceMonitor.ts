import { TerraneError } from "../base/errors.js";

/** Above this share of the limit fewer tasks are admitted, below the next one more. */
const LOWER_ABOVE = 0.85;
const RAISE_BELOW = 0.6;
/** Latest decisions that are kept to be read. */
const REMEMBERED = 64;

/** A change of the number of tasks in flight, or a task held back that might have been sent, and why. */
export interface ResourceDecision {
    /** Whether fewer or more tasks are admitted from now on, or one was held back. */
    readonly kind: "lowered" | "raised" | "held";
    /** Tasks that might be in flight until then. */
    readonly from: number;
    /** Tasks that may be in flight from then on. */
    readonly to: number;
    /** Bytes in use when it was made. */
    readonly usedBytes: number;
    /** What the next task was estimated to take; 0 where the decision was about none. */
    readonly nextBytes: number;
}

export interface ResourceMonitorOptions {
    /** Bytes that all tasks together may take, with what their workers hold. Infinity for no limit. */
    readonly memoryLimitBytes: number;
    /** Tasks in flight where memory is plentiful, an integer of 1 or more. */
    readonly maxTasksInFlight: number;
    /**
     * Bytes that a task is expected to take, which limits how many are admitted at first. Default: nothing, all are.
     */
    readonly expectedTaskBytes?: number;
    /** Bytes that a worker is expected to take beside its tasks. Default: 0. */
    readonly expectedWorkerBytes?: number;
    /** Number of workers. Default: 0. */
    readonly workers?: number;
}

/**
 * Decides how many tasks may be in flight: half as many when memory nears its limit, one more at a time when there is
 * room again (additive increase and multiplicative decrease, as in congestion control). One task is always admitted, so
 * that a limit that is too small slows work down but does not stop it.
 */
export class ResourceMonitor {
    public readonly memoryLimitBytes: number;
    public readonly maxTasksInFlight: number;

    private readonly _decisions: ResourceDecision[] = [];
    private readonly _counts = { lowered: 0, raised: 0, held: 0 };
    private _tasksInFlight: number;
    /** Tasks that must end before the next change, because those in flight were admitted before the last one. */
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

    /** Number of tasks that may be in flight now. */
    public get tasksInFlight(): number {
        return this._tasksInFlight;
    }

    /** The fewest tasks that were ever allowed. */
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
     * Counts a task that has ended, and what is used now.
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
     * Returns whether another task may be sent.
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
