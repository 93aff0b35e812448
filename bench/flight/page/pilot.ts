import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { SampleParts } from "../../../samples/common/openSample.js";
import type { WorldStats } from "../../../src/runtime/worldStats.js";
import { isCovered } from "./coverage.js";
import { meters } from "./instruments.js";
import { drawAndCheck, type DrawnFrame } from "./magenta.js";
import { naiveBytes } from "./naiveBytes.js";
import { isProfilerOn } from "./profilerBlocks.js";
import { CLEARANCE, FRAME_RATE, type Pose } from "./route.js";

/** What is switched off, to see what it is worth; or the profiler, in one half of the frames or in the other. */
export type Variant = "" | "prefetch" | "pools" | "budgets" | "fades" | "profiler" | "profilerMirrored";

export interface FlightPlan {
    readonly variant: Variant;
    /** One frame in this many is drawn and checked; 0: none, and milliseconds are then not disturbed. */
    readonly drawEvery: number;
    readonly memoryLimitBytes: number;
}

export interface Leg {
    /**
     * Terrane's own milliseconds a frame on the main thread: before and after drawing, and for messages from workers.
     */
    pluginMs: number[];
    uploadBytes: number[];
    /** Number of frames in which a probe met no chunk. */
    uncovered: number;
    buffersCreated: number;
    /** Frames in which that was. */
    createdAt: number[];
    stats: { before: WorldStats; after: WorldStats };
}

/** Numbers of chunks that were baked, and shown. */
export interface ChunkCounts {
    readonly baked: number;
    readonly shown: number;
}

export interface Arrival {
    /** Milliseconds from the jump until all that is in view has ground. */
    groundMs: number;
    /** Milliseconds from the jump until the ground around is as fine as wanted. */
    fineMs: number;
}

export interface FlightRecord {
    out: Leg;
    back: Leg;
    arrivals: Arrival[];
    drawn: DrawnFrame[];
    awaitChunk: { count: number; p50Ms: number; p95Ms: number } | null;
    peakBytes: number;
    peakNaiveBytes: number;
    /** Idle bytes and rounding over leased bytes, at the peak, of the buffer pools. */
    poolOverhead: number;
    /** Idle bytes and rounding over bytes in use, at the peak, of GPU buffers. */
    gpuOverhead: number;
}

/** Seconds that a teleport may take. */
const ARRIVAL_SECONDS = 20;
const GROUND_RADIUS = 30;
const WARM_UP_FRAMES = 20 * FRAME_RATE;

/** Flies one world, while the page's own loop rests. */
export class Pilot {
    private _pluginMs = 0;
    private _nextMs = 0;
    private _peakBytes = 0;
    private _peakNaiveBytes = 0;
    private _poolOverhead = 0;
    private _gpuOverhead = 0;
    private _isPoolless = false;
    private _togglesProfiler = false;
    private _isMirrored = false;

    public constructor(private readonly _parts: SampleParts) {
        this._timeOwnShare();
    }

    public async beginAsync({ variant, memoryLimitBytes }: FlightPlan): Promise<void> {
        const { engine, world } = this._parts;
        engine.stopRenderLoop();
        // The page's own last frames take a software renderer a second. Uploads would wait behind them, a megabyte of them at
        // most, and the next would hold up the frame that makes it.
        await gpuIdleAsync(engine._gl);
        meters.drawsNothing = true;
        world.memoryLimitBytes = memoryLimitBytes;
        if (variant === "prefetch") {
            world.prefetchTime = 0;
        } else if (variant === "budgets") {
            world.applyBudgetMs = 100;
            world.applyBudgetBytes = 2 ** 30;
        } else if (variant === "fades") {
            world.levelFadeTime = 0;
        }
        this._isPoolless = variant === "pools";
        this._isMirrored = variant === "profilerMirrored";
        this._togglesProfiler = variant === "profiler" || this._isMirrored;
        this._nextMs = performance.now();
    }

    public start(): Pose {
        const { camera } = this._parts;
        return { x: camera.position.x, y: camera.position.y, z: camera.position.z, yaw: camera.rotation.y };
    }

    public async settleAsync(pose: Pose): Promise<void> {
        this._moveTo(pose);
        let calm = 0;
        while (calm < 30) {
            await this.frameAsync();
            calm = this._parts.world["_runtime"].isReady() ? calm + 1 : 0;
        }
    }

    public async flyAsync(poses: readonly Pose[], drawEvery: number, drawn: DrawnFrame[]): Promise<Leg> {
        const { world } = this._parts;
        const isOut = poses[0]!.yaw === poses.at(-1)!.yaw;
        const before = world.getStats();
        const leg: Leg = {
            pluginMs: [],
            uploadBytes: [],
            uncovered: 0,
            buffersCreated: 0,
            createdAt: [],
            stats: { before, after: before },
        };
        for (let i = 0; i < poses.length; i++) {
            this._moveTo(poses[i]!);
            if (this._togglesProfiler) {
                world.profiler.isEnabled = isProfilerOn(i, this._isMirrored);
            }
            const buffers = meters.buffersCreated;
            const uploaded = meters.uploadedBytes;
            leg.pluginMs.push(await this.frameAsync());
            leg.uploadBytes.push(meters.uploadedBytes - uploaded);
            leg.buffersCreated += isOut && i < WARM_UP_FRAMES ? 0 : meters.buffersCreated - buffers;
            if (meters.buffersCreated > buffers) {
                leg.createdAt.push(i);
            }
            if (!isCovered(world, poses[i]!)) {
                leg.uncovered++;
            }
            if (drawEvery > 0 && i % drawEvery === drawEvery - 1) {
                drawn.push(drawAndCheck(this._parts));
                this._nextMs = performance.now();
            }
        }
        leg.stats.after = world.getStats();
        return leg;
    }

    /** Flies straight on from where the camera is, without timing. */
    public async flyOnAsync(frames: number, metresAFrame: number): Promise<ChunkCounts> {
        const { world } = this._parts;
        const before = world.getStats();
        meters.timesMessages = false;
        const pose = this.start();
        for (let i = 0; i < frames; i++) {
            pose.x += Math.sin(pose.yaw) * metresAFrame;
            pose.z += Math.cos(pose.yaw) * metresAFrame;
            pose.y = world.sampleHeight(pose.x, pose.z) + CLEARANCE;
            this._moveTo(pose);
            await this.frameAsync();
        }
        meters.timesMessages = true;
        const after = world.getStats();
        return { baked: after.bakedChunks - before.bakedChunks, shown: after.shownChunks - before.shownChunks };
    }

    public async teleportAsync(pose: Pose, drawsEnd: boolean, drawn: DrawnFrame[]): Promise<Arrival> {
        const { world } = this._parts;
        this._nextMs = performance.now();
        const startMs = performance.now();
        this._moveTo(pose);
        const arrival: Arrival = { groundMs: Number.NaN, fineMs: Number.NaN };
        const place = new Vector3(pose.x, pose.y, pose.z);
        while (!(arrival.groundMs > 0 && arrival.fineMs > 0)) {
            await this.frameAsync();
            const ms = performance.now() - startMs;
            if (!(arrival.groundMs > 0) && isCovered(world, pose)) {
                arrival.groundMs = ms;
            }
            if (!(arrival.fineMs > 0) && world["_runtime"].isGroundReady(place, GROUND_RADIUS)) {
                arrival.fineMs = ms;
            }
            if (ms > ARRIVAL_SECONDS * 1000) {
                throw new Error(`no ground at (${pose.x}, ${pose.z}) after ${ARRIVAL_SECONDS} s`);
            }
        }
        if (drawsEnd) {
            drawn.push(drawAndCheck(this._parts));
        }
        return arrival;
    }

    /** Runs one frame of 1/60 s when its time has come. Returns Terrane's milliseconds since the last one. */
    public async frameAsync(): Promise<number> {
        const waitMs = this._nextMs - performance.now();
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, waitMs)));
        this._nextMs = Math.max(this._nextMs, performance.now() - 100) + 1000 / FRAME_RATE;
        const { scene } = this._parts;
        scene.render();
        const pluginMs = this._pluginMs + meters.messageMs;
        this._pluginMs = 0;
        meters.messageMs = 0;
        this._watchMemory();
        return pluginMs;
    }

    public finish(legs: readonly [Leg, Leg], arrivals: Arrival[], drawn: DrawnFrame[]): FlightRecord {
        return {
            out: legs[0],
            back: legs[1],
            arrivals,
            drawn,
            awaitChunk: null,
            peakBytes: this._peakBytes,
            peakNaiveBytes: this._peakNaiveBytes,
            poolOverhead: this._poolOverhead,
            gpuOverhead: this._gpuOverhead,
        };
    }

    private _moveTo({ x, y, z, yaw }: Pose): void {
        const { camera } = this._parts;
        camera.position.set(x, y, z);
        camera.rotation.set(0.08, yaw, 0);
    }

    private _timeOwnShare(): void {
        const driven = this._parts.world["_driven"];
        for (const name of ["onBeforeFrame", "applyNext", "onApplied", "onAfterFrame"] as const) {
            const run = driven[name].bind(driven) as () => boolean;
            driven[name] = () => {
                const startMs = performance.now();
                const result = run();
                this._pluginMs += performance.now() - startMs;
                return result;
            };
        }
    }

    private _watchMemory(): void {
        const { world } = this._parts;
        if (this._isPoolless) {
            world["_pool"].trim();
            world["_runtime"]["_loader"]["_pool"].trim(0);
        }
        const stats = world.getStats();
        const bytes = stats.pooledBytes + stats.gpuBytes;
        if (bytes > this._peakBytes) {
            this._peakBytes = bytes;
            this._peakNaiveBytes = naiveBytes(world);
            const { idleBytes, roundingBytes, pooledBytes, idleGpuBytes, roundingGpuBytes, gpuBytes } = stats;
            const over = (waste: number, all: number): number => waste / (all - waste);
            this._poolOverhead = over(idleBytes + roundingBytes, pooledBytes);
            this._gpuOverhead = over(idleGpuBytes + roundingGpuBytes, gpuBytes);
        }
    }
}

/** Resolves once the GPU has done all that was asked of it so far. */
async function gpuIdleAsync(gl: WebGL2RenderingContext): Promise<void> {
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0)!;
    gl.flush();
    // Its status changes between tasks alone.
    while (gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED) {
        await new Promise((resolve) => setTimeout(resolve, 1));
    }
    gl.deleteSync(fence);
}
