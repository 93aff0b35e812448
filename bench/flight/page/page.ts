import type { SampleParts } from "../../../samples/common/openSample.js";
import { installInstruments } from "./instruments.js";
import type { DrawnFrame } from "./magenta.js";
import { Pilot, type ChunkCounts, type FlightPlan, type FlightRecord } from "./pilot.js";
import { measureBandsAsync, measureCached } from "./requests.js";
import { planFlight, planTeleports, type Pose } from "./route.js";

installInstruments();

/** Runs what the bench calls, step by step, so that it can collect the heap's garbage between them. */
class FlightBench {
    private _pilot: Pilot | null = null;
    private _plan: FlightPlan | null = null;
    private readonly _drawn: DrawnFrame[] = [];
    private _record: FlightRecord | null = null;
    private _poses: Pose[] = [];

    public get isLoaded(): boolean {
        return window.terrane?.world["_runtime"].isReady() === true;
    }

    public async prepareAsync(plan: FlightPlan): Promise<void> {
        this._plan = plan;
        this._pilot = new Pilot(this._parts);
        await this._pilot.beginAsync(plan);
        this._poses = planFlight(this._parts.world, this._pilot.start());
        await this._pilot.settleAsync(this._poses[0]!);
    }

    public async flyAsync(): Promise<void> {
        const { world } = this._parts;
        const half = this._poses.length / 2;
        world.profiler.reset();
        const out = await this._pilot!.flyAsync(this._poses.slice(0, half), this._plan!.drawEvery, this._drawn);
        const back = await this._pilot!.flyAsync(this._poses.slice(half), this._plan!.drawEvery, this._drawn);
        this._record = this._pilot!.finish([out, back], [], this._drawn);
        const stats = world.profiler.getOperationStats("awaitChunk");
        if (stats !== undefined) {
            this._record.awaitChunk = { count: stats.count, p50Ms: stats.p50Ms, p95Ms: stats.p95Ms };
        }
    }

    /** See `Pilot.flyOnAsync`. */
    public flyOnAsync(frames: number, metresAFrame: number): Promise<ChunkCounts> {
        return this._pilot!.flyOnAsync(frames, metresAFrame);
    }

    public async teleportAsync(): Promise<FlightRecord> {
        for (const pose of planTeleports(this._parts.world)) {
            this._record!.arrivals.push(await this._pilot!.teleportAsync(pose, this._plan!.drawEvery > 0, this._drawn));
        }
        return this._record!;
    }

    public async measureRequestsAsync(): Promise<{ cachedMs: number[]; immediate: number[]; normal: number[] }> {
        const cachedMs = measureCached(this._parts);
        const bands = await measureBandsAsync(this._parts, () => this._pilot!.frameAsync());
        return { cachedMs, ...bands };
    }

    private get _parts(): SampleParts {
        return window.terrane!;
    }
}

declare global {
    interface Window {
        flightBench: FlightBench;
    }
}
window.flightBench = new FlightBench();
export type { FlightBench };
