import { findBottlenecks, type Bottleneck } from "./bottlenecks.js";
import { epochNow } from "./clock.js";
import { contextText } from "./contextText.js";
import { FrameTrack, type FrameStats, type FrameVisitor } from "./frameTrack.js";
import { FrameNumbers, writeFrame, type FrameMetrics } from "./frameNumbers.js";
import { FRAME_STEPS, FrameRecord, placeOfStep } from "./frameRecord.js";
import { HITCH_LEAST_FRAMES, HITCH_RATIO, HitchLog, type Hitch } from "./hitches.js";
import { FrameInbox, SpanInbox, type FrameReceiver, type SpanReceiver } from "./inbox.js";
import { OperationTrack, type OperationStats } from "./operationTrack.js";
import { recommend, sortRecommendations } from "./recommend.js";
import { REPORT_KIND, REPORT_VERSION, type PerformanceReport } from "./report.js";
import type { Recommendation } from "./rules/rule.js";
import { NULL_SPAN, type RunningSpan, type Span, type SpanContext } from "./span.js";
import { SpanPool } from "./spanPool.js";
import { MAIN_THREAD, SpanRing } from "./spanRing.js";
import { readProfilerOptions, type PerformanceProfilerOptions } from "./profilerOptions.js";
import { createTargets, type OperationTarget } from "./targets.js";
import { createTiming, DURATION, START, type Numbers } from "./timing.js";
import { createTrace, type TraceDocument } from "./trace.js";
import { utilisationOf } from "./utilisation.js";
import { measureSteps, measureUserTiming } from "./userTiming.js";
import { cleanSnapshot, type SnapshotSource, type WorldSnapshot } from "./worldSnapshot.js";

export { epochNow } from "./clock.js";
export { WAITING } from "./spanRing.js";

export type { PerformanceProfilerOptions } from "./profilerOptions.js";

/**
 * Measures named operations and frames, in bounded memory: about 8 KB an operation, 20 KB for frames and 300 KB for the
 * trace, however long it runs. Knows no engine and no DOM; works in pages, workers and Node. All times are milliseconds.
 */
export class PerformanceProfiler {
    /** Whether it records. While false, spans are a shared object that does nothing. */
    public isEnabled: boolean;
    /**
     * Whether worlds read the size of the heap: see `PerformanceProfilerOptions.tracksHeap`. May be changed at any
     * time.
     */
    public tracksHeap: boolean;
    /**
     * Targets by operation, for `analyzeBottlenecks`. May be set and deleted at any time. Setting one that is not
     * valid, or whose limits do not rise, throws a `TerraneError`.
     */
    public readonly targets: Record<string, OperationTarget>;

    private readonly _now: () => number;
    private readonly _frameBudgetMs: number;
    private readonly _userTiming: boolean;
    private readonly _traceCapacity: number;
    private readonly _operations = new Map<string, OperationTrack>();
    private readonly _ids = new Map<string, number>();
    /** Names of the operations by their numbers. */
    private _names: string[] = [];
    private _tracks: OperationTrack[] = [];
    private readonly _spanInbox = new SpanInbox();
    private readonly _frameInbox = new FrameInbox();
    /** Index of the last frame in the inbox, even after it has been counted. */
    private _lastFrame = 0;
    /**
     * Milliseconds: a longer frame is counted at once, since what ran in a hitch is looked up before the trace goes on.
     */
    private _countsAboveMs = 0;
    /** The frame that `recordFrameMetrics` was given; it has no steps. */
    private readonly _toldFrame = new FrameRecord();
    private _frames = new FrameTrack();
    private _hitches = new HitchLog();
    private _ring: SpanRing;
    private _snapshotSources: SnapshotSource[] = [];
    private _startedMs: number;
    private readonly _spans: SpanPool;
    private readonly _timing = createTiming();

    private readonly _countSpan: SpanReceiver = (operation, thread, isSpan, timing) => {
        const track = this._tracks[operation]!;
        track.add(timing);
        if (isSpan) {
            track.keepIfSlowest(timing, null);
        }
        this._ring.add(operation, thread, timing, null);
    };

    private readonly _countFrame: FrameReceiver = (numbers, at) => {
        for (let step = 0; step < FRAME_STEPS.length; step++) {
            this._countStep(step, numbers, placeOfStep(at, step));
        }
        if (!isCounted(numbers[at + FrameNumbers.frameTimeMs]!)) {
            return;
        }
        if (this._frames.isHitch(numbers, at)) {
            this._logHitch(numbers, at);
        }
        this._frames.add(numbers, at);
    };

    /** @throws TerraneError naming every option that is wrong or unknown */
    public constructor(options: PerformanceProfilerOptions = {}) {
        const read = readProfilerOptions(options);
        this.isEnabled = read.enabled;
        this.tracksHeap = read.tracksHeap;
        this.targets = createTargets(read.targets);
        this._now = read.now ?? epochNow;
        this._userTiming = read.userTiming;
        this._frameBudgetMs = read.frameBudgetMs;
        this._traceCapacity = read.traceCapacity;
        this._ring = new SpanRing(read.traceCapacity);
        this._spans = new SpanPool(this._now, (span, timing) => this._recordSpan(span, timing));
        this._startedMs = this._now();
    }

    /** Returns the milliseconds since the epoch: the clock of all `startMs`. */
    public now(): number {
        return this._now();
    }

    /**
     * Counts one run of `operation`. A duration that is not a finite number is left out; a negative one, from a clock
     * that was set back, counts as 0. Allocates nothing after an operation's first run.
     *
     * @param thread where it ran: 0 for the main thread, workers from 1 to 254, each a track of the trace; `WAITING`
     *   for a time in which nothing ran. Default 0
     */
    public record(operation: string, startMs: number, durationMs: number, thread: number = MAIN_THREAD): void {
        if (this.isEnabled) {
            const timing = this._timing;
            timing[START] = startMs;
            timing[DURATION] = durationMs;
            this.recordTiming(operation, timing, thread);
        }
    }

    /**
     * Counts one run of `operation` whose numbers are in an array (`START`, `DURATION`): as arguments numbers may be
     * objects, and garbage.
     */
    public recordTiming(operation: string, timing: Numbers, thread: number = MAIN_THREAD): void {
        if (this.isEnabled && Number.isFinite(timing[START]!) && Number.isFinite(timing[DURATION]!)) {
            timing[DURATION] = Math.max(0, timing[DURATION]!);
            this._takeIn(operation, thread, false, timing);
        }
    }

    /** Begins a measurement in `timing`, without a span. */
    public startTiming(timing: Numbers): void {
        timing[START] = this._now();
    }

    /** Counts one run of `operation` that began with `startTiming` on the main thread and ends now. */
    public endTiming(operation: string, timing: Numbers): void {
        timing[DURATION] = this._now() - timing[START]!;
        this.recordTiming(operation, timing);
    }

    /**
     * Begins a span of `operation`. Spans that begin before it ends are nested in it, and their time is not its own.
     * With `using` it leaves no garbage: spans are recycled (see `Span`).
     *
     * @param context kept whole for the slowest span, and as a short text for the trace, which costs that text. Default
     *   none
     */
    public span(operation: string, context: SpanContext | null = null): Span {
        return this.isEnabled ? this._spans.begin(operation, context) : NULL_SPAN;
    }

    /** Measures `fn`, whether it returns or throws, and returns what it returns. For synchronous work. */
    public profile<T>(operation: string, context: SpanContext | null, fn: () => T): T {
        const span = this.span(operation, context);
        try {
            return fn();
        } finally {
            span[Symbol.dispose]();
        }
    }

    /**
     * Counts one frame. If it is a hitch, over twice the median of the latest 256, keeps what ran in it. A frame whose
     * time is 0 or not a number is left out. Keeps nothing of `metrics`, and allocates nothing but for a hitch.
     */
    public recordFrameMetrics(metrics: FrameMetrics): void {
        if (this.isEnabled && isCounted(metrics.frameTimeMs)) {
            writeFrame(metrics, this._now, this._toldFrame.numbers);
            this.recordFrame(this._toldFrame);
        }
    }

    /** Counts one frame together with its steps, as `recordFrameMetrics` does. Keeps nothing of `frame`. */
    public recordFrame(frame: FrameRecord): void {
        if (!this.isEnabled) {
            return;
        }
        if (this._frameInbox.isFull) {
            this._settle();
        }
        const { numbers } = frame;
        if (this._userTiming) {
            measureSteps(numbers);
        }
        this._lastFrame = this._frameInbox.add(numbers);
        if (numbers[FrameNumbers.frameTimeMs]! > this._countsAboveMs) {
            this._settle();
        }
    }

    /** Milliseconds that Terrane took in the last frame recorded. Allocates nothing. */
    public get lastFrameUpdateMs(): number {
        return this._frameInbox.numbers[this._lastFrame + FrameNumbers.updateTimeMs]!;
    }

    /** Returns an operation's statistics; undefined if it has not run. */
    public getOperationStats(operation: string): OperationStats | undefined {
        return this._settled().get(operation)?.getStats();
    }

    /** Returns the names of operations that have run, in the order of their first runs. */
    public getOperationNames(): string[] {
        return [...this._settled().keys()];
    }

    /**
     * Calls `visit` with each of the latest 256 runs of an operation, oldest first: when it began and how long it took.
     */
    public forEachRecent(operation: string, visit: (startMs: number, durationMs: number) => void): void {
        this._settled().get(operation)?.forEachRecent(visit);
    }

    /** Calls `visit` with each of the latest 256 frames, oldest first. */
    public forEachRecentFrame(visit: FrameVisitor): void {
        this._settle();
        this._frames.forEachRecent(visit);
    }

    /**
     * Returns how busy each thread was with `operation` in the latest `windowMs`, 0 to 1 by the thread's number, as far
     * as the trace reaches back. What has not ended, or has not come back from a worker, does not count.
     */
    public getUtilisation(operation: string, windowMs: number): number[] {
        const track = this._settled().get(operation);
        return track === undefined ? [] : utilisationOf(this._ring, track.id, this._now() - windowMs, windowMs);
    }

    /** Returns the statistics of the latest 256 frames. */
    public getFrameStats(): FrameStats {
        this._settle();
        return this._frames.getStats(this._frameBudgetMs);
    }

    /** Returns the latest 32 hitches, oldest first: frames over twice the median, and what ran in each. */
    public getHitches(): Hitch[] {
        this._settle();
        return this._hitches.latest;
    }

    /** Returns the operations whose recent p95 misses its target, worst first. */
    public analyzeBottlenecks(): Bottleneck[] {
        return findBottlenecks(this._allStats(), this.targets);
    }

    /**
     * Adds a world to those that `analyze` and reports judge: `source` returns its snapshot, anew for each of them. It
     * should be cheap and return plain data.
     *
     * @returns a function that removes the source: call it when the world is disposed
     */
    public addSnapshotSource(source: SnapshotSource): () => void {
        this._snapshotSources.push(source);
        return () => {
            this._snapshotSources = this._snapshotSources.filter((other) => other !== source);
        };
    }

    /**
     * Returns what is saturated and which option of the world to change, worst first. It judges by the latest runs,
     * frames and hitches and by the snapshots of `addSnapshotSource`; without any there are no options to change, and
     * the list is empty.
     */
    public analyze(): Recommendation[] {
        return this._recommend(this._readSnapshots());
    }

    /** Returns everything known, as plain JSON with a version. */
    public exportReport(): PerformanceReport {
        const worlds = this._readSnapshots();
        return {
            kind: REPORT_KIND,
            version: REPORT_VERSION,
            startedMs: this._startedMs,
            createdMs: this._now(),
            operations: this._allStats(),
            frames: this.getFrameStats(),
            targets: { ...this.targets },
            bottlenecks: this.analyzeBottlenecks(),
            hitches: this.getHitches(),
            worlds,
            recommendations: this._recommend(worlds),
        };
    }

    /**
     * Returns the latest spans and hitches in the Trace Event Format: as JSON, a file that Perfetto and
     * `chrome://tracing` open. Each thread is a track of its own.
     */
    public exportTrace(): TraceDocument {
        this._settle();
        return createTrace(this._ring, this._names, this._hitches.latest);
    }

    /** Forgets all operations, frames, hitches and the trace; targets and sources of snapshots stay. */
    public reset(): void {
        this._spanInbox.clear();
        this._frameInbox.clear();
        this._lastFrame = 0;
        this._countsAboveMs = 0;
        this._operations.clear();
        this._ids.clear();
        this._names = [];
        this._tracks = [];
        this._frames = new FrameTrack();
        this._hitches = new HitchLog();
        this._ring = new SpanRing(this._traceCapacity);
        this._startedMs = this._now();
    }

    private _recordSpan({ operation, context }: RunningSpan, timing: Numbers): void {
        if (!this.isEnabled) {
            return;
        }
        if (context === null) {
            this._takeIn(operation, MAIN_THREAD, true, timing);
            return;
        }
        // What has come before stands before it.
        this._settle();
        this._tellUserTiming(operation, timing);
        const track = this._tracks[this._idOf(operation)]!;
        track.add(timing);
        track.keepIfSlowest(timing, context);
        this._ring.add(track.id, MAIN_THREAD, timing, contextText(context));
    }

    private _takeIn(operation: string, thread: number, isSpan: boolean, timing: Numbers): void {
        this._tellUserTiming(operation, timing);
        if (this._spanInbox.isFull) {
            this._settle();
        }
        this._spanInbox.add(this._idOf(operation), thread, isSpan, timing);
    }

    private _tellUserTiming(operation: string, timing: Numbers): void {
        if (this._userTiming) {
            measureUserTiming(operation, timing[START]!, timing[DURATION]!);
        }
    }

    /** Counts what waits in the inboxes. */
    private _settle(): void {
        this._spanInbox.drain(this._countSpan);
        this._frameInbox.drain(this._countFrame);
        const isMedianKnown = this._frames.frames >= HITCH_LEAST_FRAMES;
        this._countsAboveMs = isMedianKnown ? HITCH_RATIO * this._frames.medianMs : 0;
    }

    private _countStep(step: number, numbers: Numbers, at: number): void {
        if (Number.isNaN(numbers[at]!)) {
            return;
        }
        const timing = this._timing;
        timing[START] = numbers[at]!;
        timing[DURATION] = Math.max(0, numbers[at + 1]!);
        this._countSpan(this._idOf(FRAME_STEPS[step]!), MAIN_THREAD, false, timing);
    }

    private _settled(): ReadonlyMap<string, OperationTrack> {
        this._settle();
        return this._operations;
    }

    private _readSnapshots(): WorldSnapshot[] {
        return this._snapshotSources.map((source) => cleanSnapshot(source()));
    }

    private _recommend(worlds: readonly WorldSnapshot[]): Recommendation[] {
        const { targets } = this;
        const input = {
            operations: this._allStats(),
            targets,
            frames: this.getFrameStats(),
            hitches: this.getHitches(),
        };
        return sortRecommendations(worlds.flatMap((snapshot) => recommend({ ...input, snapshot })));
    }

    private _logHitch(numbers: Numbers, at: number): void {
        const hitch = {
            frame: this._frames.frames + 1,
            startMs: numbers[at + FrameNumbers.startMs]!,
            frameTimeMs: numbers[at + FrameNumbers.frameTimeMs]!,
            medianMs: this._frames.medianMs,
            updateTimeMs: numbers[at + FrameNumbers.updateTimeMs]!,
            drawTimeMs: numbers[at + FrameNumbers.drawTimeMs]!,
        };
        this._hitches.add(hitch, this._ring, this._names);
    }

    private _idOf(operation: string): number {
        let id = this._ids.get(operation);
        if (id === undefined) {
            id = this._names.length;
            const track = new OperationTrack(operation, id);
            this._ids.set(operation, id);
            this._operations.set(operation, track);
            this._tracks[id] = track;
            this._names.push(operation);
        }
        return id;
    }

    private _allStats(): OperationStats[] {
        return [...this._settled().values()].map((track) => track.getStats());
    }
}

function isCounted(frameTimeMs: number): boolean {
    return frameTimeMs > 0 && frameTimeMs < Infinity;
}
