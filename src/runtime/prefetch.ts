import type { PrefetchVisitor } from "../lod/prefetchLevels.js";
import { prefetchLevels } from "../lod/prefetchLevels.js";
import { SeenBox } from "../lod/seenBox.js";
import type { Selection } from "../lod/selectLevels.js";
import { NEVER, PrefetchUse, type ChunkRecord } from "../residency/chunkRecord.js";
import type { Residency } from "../residency/residency.js";
import { BANDS, priorityOf } from "../streaming/bands.js";
import { extrapolateToRef, speedOf } from "../streaming/motion.js";
import type { ViewerPose } from "../streaming/viewerTrack.js";

const LOW = BANDS.indexOf("low");
/** Milliseconds between two rounds: in a tenth of a second nobody gets far. */
const ROUND_MS = 100;
/** Rounds after which what was prefetched and never shown counts as wasted. */
const ROUNDS_TO_LIVE = 60;
/** Metres a second from which a viewer goes somewhere. */
const LEAST_SPEED = 1;
/** Seconds: the shortest look ahead, and how many latencies a look reaches. */
const LEAST_TIME = 1;
const LATENCIES = 3;
/** Places along the way at which to look: chunks that are passed by on it are wanted too. */
const STOPS = 2;

/** How well chunks were prefetched. Counted since the world began. */
export interface PrefetchCounts {
    /** Chunks that were prefetched, and of those: shown later, and never shown. */
    prefetched: number;
    used: number;
    wasted: number;
    /** Chunks that were shown, and of those: prefetched before. */
    shown: number;
    shownPrefetched: number;
}

/**
 * Claims the chunks that will be wanted if viewers go on as they go, as far ahead as chunks take to come. They are loaded
 * when nothing more urgent waits, and rest in memory until they are wanted.
 */
export class Prefetch<THandle> implements PrefetchVisitor {
    public readonly counts: PrefetchCounts = { prefetched: 0, used: 0, wasted: 0, shown: 0, shownPrefetched: 0 };

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
    private readonly _points = [this._point];
    private _lastRoundMs = Number.NEGATIVE_INFINITY;
    private _jumps = 0;

    public constructor(
        private readonly _selection: Selection<THandle>,
        private readonly _residency: Residency,
    ) {}

    /** A chunk is shown. */
    public shown(record: ChunkRecord): void {
        this.counts.shown++;
        if (record.prefetchUse === PrefetchUse.none) {
            return;
        }
        this.counts.shownPrefetched++;
        if (record.prefetchUse === PrefetchUse.prefetched) {
            record.prefetchUse = PrefetchUse.used;
            this.counts.used++;
        }
    }

    /**
     * Looks ahead, ten times a second at most. Call it once a frame.
     *
     * @param longest seconds to look ahead at most; 0: does nothing
     * @param latencyMs milliseconds that a chunk takes to come, recently
     */
    public update(nowMs: number, poses: readonly ViewerPose[], longest: number, latencyMs: number): void {
        let jumps = 0;
        for (let i = 0; i < poses.length; i++) {
            jumps += poses[i]!.motion.jumps;
        }
        // Fewer: a viewer that once jumped has gone.
        if (jumps > this._jumps) {
            this._forgetAll();
        }
        this._jumps = jumps;
        if (longest <= 0 || nowMs - this._lastRoundMs < ROUND_MS) {
            return;
        }
        this._lastRoundMs = nowMs;
        const seconds = Math.min(longest, Math.max(LEAST_TIME, (LATENCIES * latencyMs) / 1000));
        this._residency.prefetchRound++;
        for (let i = 0; i < poses.length; i++) {
            const pose = poses[i]!;
            if (pose.isKnown && speedOf(pose.motion) >= LEAST_SPEED) {
                this._look(pose, seconds);
            }
        }
        this._forgetOld();
    }

    public visitMissing(face: number, level: number, x: number, z: number, distance: number): void {
        const record = this._residency.records.at(face, level, x, z);
        if (record.prefetchUse === PrefetchUse.none) {
            record.prefetchUse = PrefetchUse.prefetched;
            this.counts.prefetched++;
        }
        this._residency.claimForPrefetch(record, priorityOf(false, LOW, false, level, distance));
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
            prefetchLevels(this._selection, this._points, this);
        }
    }

    /** Forgets what was not claimed for long and never shown: it was prefetched in vain. */
    private _forgetOld(): void {
        const { records, prefetchRound } = this._residency;
        for (let i = records.all.length - 1; i >= 0; i--) {
            const record = records.all[i]!;
            if (record.prefetchUse !== PrefetchUse.none && prefetchRound - record.prefetchRound > ROUNDS_TO_LIVE) {
                this._forget(record);
            }
        }
    }

    /** Forgets everything: after a jump nothing that was prefetched is of use. */
    private _forgetAll(): void {
        const { all } = this._residency.records;
        for (let i = all.length - 1; i >= 0; i--) {
            if (all[i]!.prefetchUse !== PrefetchUse.none) {
                this._forget(all[i]!);
            }
        }
    }

    private _forget(record: ChunkRecord): void {
        this.counts.wasted += record.prefetchUse === PrefetchUse.prefetched ? 1 : 0;
        record.prefetchUse = PrefetchUse.none;
        record.prefetchRound = NEVER;
        this._residency.settle(record);
    }
}
