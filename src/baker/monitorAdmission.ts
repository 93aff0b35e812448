import type { BufferPool } from "../memory/bufferPool.js";
import type { BakeAdmission } from "../scheduler/bakeSchedulerOptions.js";
import type { ResourceMonitor } from "../scheduler/resourceMonitor.js";

/** Admits as many chunks as a resource monitor allows. Idle buffers are dropped before a chunk has to wait. */
export class MonitorAdmission implements BakeAdmission {
    public constructor(
        private readonly _monitor: ResourceMonitor,
        private readonly _pool: BufferPool,
    ) {}

    public get maxInFlight(): number {
        return this._monitor.tasksInFlight;
    }

    public admits(inFlight: number, usedBytes: number, nextBytes: number): boolean {
        let freed = 0;
        if (usedBytes + nextBytes > this._monitor.memoryLimitBytes) {
            freed = this._pool.bytesIdle;
            this._pool.trim(0);
        }
        return this._monitor.admits(inFlight, usedBytes - freed, nextBytes);
    }

    public onSettled(usedBytes: number, moreBytes: number): void {
        this._monitor.taskEnded(usedBytes, moreBytes);
    }
}
