import { movingMean } from "../base/movingMean.js";
import type { Vec3Like } from "../base/vec3Like.js";
import { isFusedChunk } from "../format/chunkData.js";
import { isGroundSettled } from "../lod/groundReadiness.js";
import { NodeList } from "../lod/nodeList.js";
import { Quadtree, type NodeRecords, type QuadNode } from "../lod/quadtree.js";
import { chooseShown, selectLevels, type Selection } from "../lod/selectLevels.js";
import { fillSplitDistances } from "../lod/splitDistances.js";
import { WAITING, type PerformanceProfiler } from "../profiler/performanceProfiler.js";
import { NEVER, RecordState, type ChunkRecord } from "../residency/chunkRecord.js";
import type { Residency } from "../residency/residency.js";
import type { ChunkAvailability } from "../space/chunkAvailability.js";
import { ChunkList } from "../space/chunkList.js";
import type { Topology } from "../space/topology.js";
import { nodePriority } from "../streaming/nodePriority.js";
import type { ViewerPose } from "../streaming/viewerTrack.js";
import type { ViewSink } from "./chunkSink.js";
import { LevelExchanges } from "./levelExchanges.js";
import { NewView } from "./newView.js";
import { Prefetch } from "./prefetch.js";
import type { RuntimeEvents } from "./runtimeOptions.js";
import { UploadQueue } from "./uploadQueue.js";
import type { WorldStats } from "./worldStats.js";

/** What the picture shows, and shall show: selects levels, claims their chunks, and brings them to the sink and back. */
export class ViewStream<THandle> implements NodeRecords {
    public readonly tree = new Quadtree<THandle>(this);
    public readonly selection: Selection<THandle>;
    public readonly shown: QuadNode<THandle>[] = [];
    public readonly prefetch: Prefetch<THandle>;
    /** Chunks that wait for the apply budget. */
    public readonly uploads = new UploadQueue<QuadNode<THandle>>(({ record }) => record.viewPriority);

    /** What the present frame shows and hides, to be told once the picture is whole. */
    private readonly _nowShown = new NodeList<THandle>();
    private readonly _nowHidden = new NodeList<THandle>();
    private readonly _exchanges: LevelExchanges<THandle>;
    /** While it is new, all switches at once: it shows other ground. */
    private readonly _newView = new NewView();
    /** Keys of the chunks that the sink could not take. */
    private readonly _refused = new Set<number>();
    /** Recent mean of the milliseconds from the request of a chunk that was not at hand to the picture. */
    private _latencyMs = 0;
    private _isEnded = false;

    public constructor(
        topology: Topology,
        viewDistance: number,
        private readonly _residency: Residency,
        private readonly _sink: ViewSink<THandle>,
        private readonly _events: RuntimeEvents<THandle>,
        private readonly _profiler: PerformanceProfiler,
        available: ChunkAvailability | null = null,
    ) {
        this.selection = {
            tree: this.tree,
            topology,
            available,
            splitDistances: new Float64Array(topology.sides.length),
            frame: 0,
            pass: 0,
            rootLevel: Math.min(topology.rootLevelFor(viewDistance), available?.coarsestLevel ?? Infinity),
            leafCount: 0,
            roots: new NodeList(),
            absentRoots: new ChunkList(),
            unknownRoots: new ChunkList(),
            undecidedCount: 0,
            chosen: new NodeList(),
            deferredCount: 0,
            missing: new NodeList(),
        };
        this.prefetch = new Prefetch(this.selection, _residency);
        this._exchanges = new LevelExchanges(_sink, (address, handle) => _events.onHidden(address, handle));
    }

    /** Whether the present picture is to be whole as soon as can be: at the start, and after a jump, until it is. */
    public get isNewView(): boolean {
        return this._newView.isNew;
    }

    public get latencyMs(): number {
        return this._latencyMs;
    }

    /**
     * True when everything that the present view needs is shown, and has faded in, or is given up, as far as the last frame
     * knows, and it is known what chunks there are. Beyond the edge of a bake nothing is needed.
     */
    public get isSettled(): boolean {
        return this._exchanges.count === 0 && this.hasAll;
    }

    /** True when everything that the present view needs is shown, or fades in, or is given up. */
    public get hasAll(): boolean {
        const { roots, absentRoots, unknownRoots, undecidedCount, missing } = this.selection;
        const isSelected = roots.count > 0 || absentRoots.count > 0;
        return isSelected && unknownRoots.count === 0 && undecidedCount === 0 && missing.count === 0;
    }

    /** Whether what is chosen to be drawn is what is wanted: nothing waits for an exchange to be over. */
    public get isChosen(): boolean {
        return this.hasAll && this.selection.deferredCount === 0;
    }

    /** Whether all exchanges are over that had begun by a pass. */
    public hasFaded(pass: number): boolean {
        return this._exchanges.hasEnded(pass);
    }

    /** True when the ground within `radius` metres of a position is shown as finely as wanted, or given up. */
    public isGroundSettled(position: Vec3Like, radius: number): boolean {
        return isGroundSettled(this.selection, position, radius);
    }

    public forNode(face: number, level: number, x: number, z: number): ChunkRecord {
        return this._residency.records.forNode(face, level, x, z);
    }

    public leaveNode(record: ChunkRecord): void {
        this._residency.records.leaveNode(record);
    }

    /** Says how far a level may be seen. See `fillSplitDistances`. */
    public setSplitDistances(
        resolution: number,
        verticalFov: number,
        viewportHeight: number,
        screenSpaceError: number,
    ): void {
        const { topology, splitDistances } = this.selection;
        fillSplitDistances(topology.sides, resolution, verticalFov, viewportHeight, screenSpaceError, splitDistances);
    }

    /** Selects the levels that viewers want. */
    public select(poses: readonly ViewerPose[], viewDistance: number): void {
        this._growRoots(poses, viewDistance);
        this.selection.frame++;
        selectLevels(this.selection, poses);
    }

    /** Brings fades up to date, which take `fadeMs` each, and ends them where they are over. */
    public updateFades(nowMs: number, fadeMs: number): void {
        this._exchanges.update(nowMs, fadeMs);
        this._exchanges.tell();
    }

    /** Shows what the selection wants and the sink has, and hides what is replaced. */
    public diffShown(poses: readonly ViewerPose[], nowMs: number, fadeMs: number): void {
        if (this._newView.follow(poses, nowMs)) {
            this._exchanges.endAll();
        }
        chooseShown(this.selection);
        this._markChanges(nowMs);
        const { _nowShown: nowShown, _nowHidden: nowHidden } = this;
        const mayFade = fadeMs > 0 && !this._newView.isNew;
        this._exchanges.apply(nowShown, nowHidden, this.selection.pass, mayFade, nowMs);
        this._tellChanges();
        if (this.hasAll) {
            this._newView.end();
        }
        this._dropUnneeded();
    }

    /** Claims the chunks that the picture needs and the sink does not have, and readies those that are here for upload. */
    public claimNeeded(poses: readonly ViewerPose[], nowMs: number): void {
        const { missing, topology } = this.selection;
        this._residency.viewPass++;
        for (let i = 0; i < missing.count; i++) {
            const node = missing.at(i);
            const { record } = node;
            if (this._refused.has(record.key)) {
                node.isRefused = true;
                continue;
            }
            this._residency.claimForView(record, nodePriority(node, poses, topology), nowMs);
            if (record.state === RecordState.ready && !this.uploads.has(node)) {
                this.uploads.add(node);
            }
        }
    }

    /** Uploads the most urgent of what is ready. The caller has looked whether the budget allows it. */
    public upload(node: QuadNode<THandle>): void {
        const { record } = node;
        this.uploads.remove(node);
        this._exchanges.endOf(node);
        const bytes = this._residency.hold(record);
        const oldHandle = node.handle;
        const oldBytes = node.handleBytes;
        try {
            node.handle = this._sink.upload(record.address, new Uint8Array(bytes.buffer, 0, bytes.byteLength));
            node.handleBytes = bytes;
            node.hasCaves = isFusedChunk(bytes.buffer);
        } catch (error) {
            // It would fail again with each frame, and what waits behind it would never come.
            this._refused.add(record.key);
            node.isRefused = true;
            this._residency.giveBack(record, bytes);
            this._residency.releaseView(record);
            this._events.onFailed(record.address, error instanceof Error ? error : new Error(String(error)));
            this._exchanges.tell();
            return;
        }
        if (oldHandle !== null) {
            // Within a frame: neither is seen without the other.
            if (node.isShown) {
                this._sink.hide(oldHandle, null);
                this._sink.show(node.handle, null);
            }
            this._sink.release(oldHandle);
            this._residency.giveBack(record, oldBytes!);
            if (node.isShown) {
                this._events.onReplaced?.(record.address, node.handle);
            }
        }
        this._exchanges.tell();
    }

    /** What `invalidate` has left without data waits for an upload no more; what the sink could not take has another chance. */
    public invalidated(): void {
        for (const node of this.tree.nodes) {
            if (node.record.state !== RecordState.ready) {
                this.uploads.remove(node);
            }
            node.isRefused = false;
        }
        this._refused.clear();
    }

    /** Hides everything and gives it back, for a start from nothing. */
    public clear(): void {
        this._newView.begin();
        this._exchanges.endAll();
        this._nowShown.clear();
        this._nowHidden.clear();
        for (let i = 0; i < this.shown.length; i++) {
            const node = this.shown[i]!;
            node.isShown = false;
            this._sink.hide(node.handle!, null);
            this._nowHidden.add(node);
        }
        this.shown.length = 0;
        this._tellChanges();
        this.uploads.clear();
        this._refused.clear();
        for (const node of this.tree.nodes) {
            node.isRefused = false;
            this._drop(node);
        }
    }

    public fillStats(ref: WorldStats): void {
        ref.visibleChunks = this.shown.length;
        for (let i = 0; i < this.shown.length; i++) {
            const { level } = this.shown[i]!;
            while (ref.visibleByLevel.length <= level) {
                ref.visibleByLevel.push(0);
            }
            ref.visibleByLevel[level]!++;
        }
        ref.fadingExchanges = this._exchanges.count;
        ref.waitingForUpload = this.uploads.count;
        ref.failedChunks += this._refused.size;
        ref.chunkLatencyMs = this._latencyMs;
        const { counts } = this.prefetch;
        ref.prefetchedChunks = counts.prefetched;
        ref.prefetchedUsed = counts.used;
        ref.prefetchedWasted = counts.wasted;
        ref.shownChunks = counts.shown;
        ref.shownPrefetched = counts.shownPrefetched;
    }

    /** Makes tasks that give every handle back, for whoever runs them all whatever one of them throws. */
    public end(): (() => void)[] {
        this._isEnded = true;
        this.selection.roots.clear();
        this.selection.absentRoots.clear();
        this.shown.length = 0;
        this._nowShown.clear();
        this._nowHidden.clear();
        this.uploads.clear();
        return [() => this._exchanges.forget(), ...this.tree.nodes.map((node) => () => this._endNode(node))];
    }

    private _endNode(node: QuadNode<THandle>): void {
        const { handle } = node;
        node.handle = null;
        if (handle !== null) {
            try {
                if (node.isShown) {
                    this._sink.hide(handle, null);
                }
            } finally {
                this._sink.release(handle);
            }
        }
    }

    /**
     * Roots only ever grow: what is there becomes part of larger ones, and nothing has to go. They grow no coarser than the
     * chunks that there are.
     */
    private _growRoots(poses: readonly ViewerPose[], viewDistance: number): void {
        const { selection } = this;
        const { available } = selection;
        let radius = viewDistance;
        for (let i = 0; i < poses.length; i++) {
            radius = Math.max(radius, poses[i]!.radius);
        }
        const wanted = selection.topology.rootLevelFor(radius);
        const level = available === null ? wanted : Math.min(wanted, available.coarsestLevel);
        while (selection.rootLevel < level) {
            this.tree.growRoots(selection.rootLevel);
            selection.rootLevel++;
        }
    }

    /** Notes what is chosen and not yet shown, and what is shown and no longer chosen. */
    private _markChanges(nowMs: number): void {
        const { shown, _nowShown: nowShown, _nowHidden: nowHidden } = this;
        const { pass, chosen } = this.selection;
        nowShown.clear();
        nowHidden.clear();
        for (let i = 0; i < chosen.count; i++) {
            const node = chosen.at(i);
            node.chosenPass = pass;
            if (!node.isShown) {
                node.isShown = true;
                node.shownPass = pass;
                shown.push(node);
                nowShown.add(node);
                this._countShown(node.record, nowMs);
            }
        }
        for (let i = shown.length - 1; i >= 0; i--) {
            const node = shown[i]!;
            if (node.chosenPass !== pass) {
                node.isShown = false;
                node.hiddenPass = pass;
                shown[i] = shown[shown.length - 1]!;
                shown.pop();
                nowHidden.add(node);
            }
        }
    }

    private _countShown(record: ChunkRecord, nowMs: number): void {
        this.prefetch.shown(record);
        const { requestedMs } = record;
        if (requestedMs === requestedMs) {
            this._latencyMs = movingMean(this._latencyMs, nowMs - requestedMs);
            this._profiler.record("awaitChunk", requestedMs, nowMs - requestedMs, WAITING);
            record.requestedMs = Number.NaN;
        }
    }

    /** Who is told may end the world: then both lists are empty. */
    private _tellChanges(): void {
        const { _nowShown: nowShown, _nowHidden: nowHidden } = this;
        this._exchanges.tell();
        for (let i = 0; i < nowShown.count; i++) {
            this._events.onShown(nowShown.at(i).record.address, nowShown.at(i).handle!);
        }
        for (let i = 0; i < nowHidden.count; i++) {
            this._events.onHidden(nowHidden.at(i).record.address, nowHidden.at(i).handle!);
        }
    }

    /** What is neither shown nor needed goes: meshes to their pool, data to memory, nodes to theirs. */
    private _dropUnneeded(): void {
        if (this._isEnded) {
            return;
        }
        const { frame, pass } = this.selection;
        const { nodes } = this.tree;
        for (let i = nodes.length - 1; i >= 0; i--) {
            const node = nodes[i]!;
            if (node.neededPass !== pass && !node.isShown) {
                this._drop(node);
            }
        }
        // Backwards, and a removal moves only a later node into the gap: none is left out.
        for (let i = nodes.length - 1; i >= 0; i--) {
            if (i < nodes.length) {
                this.tree.prune(nodes[i]!, frame);
            }
        }
    }

    /** Takes from a node that is not drawn all it has. Most have nothing. */
    private _drop(node: QuadNode<THandle>): void {
        const { record, handle, handleBytes } = node;
        if (handle !== null) {
            node.handle = null;
            node.handleBytes = null;
            this._sink.release(handle);
            this._residency.giveBack(record, handleBytes!);
        }
        if (record.viewPass !== NEVER) {
            this.uploads.remove(node);
            this._residency.releaseView(record);
        }
    }
}
