import { movingMean } from "../base/movingMean.js";
import { predictLevels } from "../lod/predictLevels.js";
import type { QuadNode } from "../lod/quadtree.js";
import { SeenBox } from "../lod/seenBox.js";
import type { Selection } from "../lod/selectLevels.js";
import { WAITING, type PerformanceProfiler } from "../profiler/performanceProfiler.js";
import { extrapolateToRef, speedOf } from "../streaming/motion.js";
import type { ViewerPose } from "../streaming/viewerTrack.js";
import type { ChunkSupply } from "./chunkSupply.js";

/** Milliseconds between two looks ahead: in a tenth of a second nobody gets far. */
const ROUND_MS = 100;
/** Metres a second from which a viewer goes somewhere. */
const LEAST_SPEED = 1;
/** Seconds: the shortest look ahead, and how many latencies a look reaches. */
const LEAST_TIME = 1;
const LATENCIES = 3;
/** Places along the way at which to look: chunks that are passed by on it are wanted too. */
const STOPS = 2;

/** Looks ahead along the ways that viewers go, as far as chunks take to come. */
export class Foresight<THandle> {
    private readonly _point = {
        x: 0,
        y: 0,
        z: 0,
        radius: 0,
        groundY: 0,
        isKnown: true,
        sharpness: 1,
        isOrthographic: false,
        seen: new SeenBox(),
    };
    private _lastRoundMs = Number.NEGATIVE_INFINITY;
    private _latencyMs = 0;
    private _jumps = 0;

    public constructor(
        private readonly _selection: Selection<THandle>,
        private readonly _supply: ChunkSupply<THandle>,
        private readonly _profiler: PerformanceProfiler,
    ) {}

    /** Mean milliseconds from the request of a chunk that was not at hand to the picture, of late. */
    public get latencyMs(): number {
        return this._latencyMs;
    }

    /** A node is shown. */
    public shown(node: QuadNode<THandle>, nowMs: number): void {
        this._supply.predictions.shown(node.key);
        const { requestedMs } = node;
        if (requestedMs === requestedMs) {
            this._latencyMs = movingMean(this._latencyMs, nowMs - requestedMs);
            this._profiler.record("awaitChunk", requestedMs, nowMs - requestedMs, WAITING);
            node.requestedMs = Number.NaN;
        }
    }

    /** Once a frame; looks ahead ten times a second. @param longest seconds; 0: does nothing */
    public update(nowMs: number, poses: readonly ViewerPose[], longest: number): void {
        const { predictions } = this._supply;
        let jumps = 0;
        for (let i = 0; i < poses.length; i++) {
            jumps += poses[i]!.motion.jumps;
        }
        // Fewer: a viewer that once jumped has gone.
        if (jumps > this._jumps) {
            predictions.drop();
        }
        this._jumps = jumps;
        if (longest <= 0 || nowMs - this._lastRoundMs < ROUND_MS) {
            return;
        }
        this._lastRoundMs = nowMs;
        const seconds = Math.min(longest, Math.max(LEAST_TIME, (LATENCIES * this._latencyMs) / 1000));
        predictions.beginRound();
        for (let i = 0; i < poses.length; i++) {
            const pose = poses[i]!;
            if (pose.isKnown && speedOf(pose.motion) >= LEAST_SPEED) {
                this._look(pose, seconds);
            }
        }
        predictions.endRound();
    }

    private _look(pose: ViewerPose, seconds: number): void {
        const { _point: point } = this;
        point.radius = pose.radius;
        point.groundY = pose.groundY;
        point.sharpness = pose.sharpness;
        point.isOrthographic = pose.isOrthographic;
        point.seen.copyFrom(pose.seen);
        for (let stop = 1; stop <= STOPS; stop++) {
            extrapolateToRef(pose.motion, (seconds * stop) / STOPS, point);
            predictLevels(this._selection, point, this._supply.predictions);
        }
    }
}
