import type { Material } from "@babylonjs/core/Materials/material.js";
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import {
    createHeightGridIndices,
    heightGridIndexCount,
    heightGridTriangleCount,
} from "../meshing/heightGridIndices.js";
import { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { FrameRecord } from "../profiler/frameRecord.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { LevelFade, ViewSink } from "../runtime/chunkSink.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { ChunkBuffers } from "./chunkBuffers.js";
import { ChunkMesh } from "./chunkMesh.js";
import { ChunkMeshContext, DrawMeter, type DrawnCount } from "./chunkMeshContext.js";
import { addMeshes, createMeshPoolStats, type ChunkMeshPoolStats } from "./chunkMeshStats.js";
import { FadingChunks, OVER } from "./fade/fadingChunks.js";
import { keepFrozenLists } from "./frozenScene.js";
import { groundTextureBytesOf } from "./material/groundTextures.js";
import { gridKindOf } from "./meshKinds.js";
import { PooledChunk } from "./pooledChunk.js";
import { SharedIndices } from "./sharedIndices.js";
import { SiblingMerger } from "./siblingMerger.js";
import { SingleChunkMeshes, type HeightGridKind } from "./singleChunkMeshes.js";

export interface ChunkMeshPoolOptions {
    /** Prefix of mesh names. */
    readonly name: string;
    /** Height cells along a chunk's side. */
    readonly resolution: number;
    readonly material: Material | null;
    readonly receiveShadows: boolean;
    /** Whether chunks' skirts are drawn. Default true. */
    readonly hasSkirts?: boolean;
    /** Whether siblings that stay are drawn by one call. Default true. */
    readonly mergesSiblings?: boolean;
    /** Its clock measures what drawing takes, while it is on. Default: nothing is measured. */
    readonly profiler?: PerformanceProfiler;
    /** Gets what was measured. */
    readonly frame?: FrameRecord;
    /** Lends the memory that it needs. Default: pools of its own. */
    readonly buffers?: BufferPoolManager;
}

/** What all height grids of one layout share. */
interface HeightGrids extends HeightGridKind {
    readonly merger: SiblingMerger | null;
}

/**
 * Owns every GPU object of a world's chunks. A chunk that goes leaves its mesh and buffers to the next that fits, which
 * writes over them: once enough are there, no GPU buffer is made or destroyed. Siblings that stay for a while are drawn by
 * one call. Chunks that are exchanged fade into each other, and what goes is drawn until then, whoever has released it.
 */
export class ChunkMeshPool implements ViewSink<PooledChunk> {
    /** What its meshes share, among it the list of those that are shown. */
    public readonly context: ChunkMeshContext;
    private readonly _singles: SingleChunkMeshes;
    /** Of height grids without walls, and with. What they need is made when the first such chunk comes. */
    private readonly _grids: readonly [HeightGrids, HeightGrids];
    private readonly _hasSkirts: boolean;
    private readonly _fading = new FadingChunks();
    private _fades = false;
    private _chunksShown = 0;
    private _hasUploaded = false;
    private _isDisposed = false;
    /** Made once: memory may be short for many frames. */
    private readonly _disposeFree = (): void => this._trim();

    public constructor(
        private readonly _scene: Scene,
        private readonly _options: ChunkMeshPoolOptions,
    ) {
        const { name, profiler, frame, buffers, material, receiveShadows } = _options;
        this.context = new ChunkMeshContext(
            _scene,
            new ChunkBuffers(
                _scene.getEngine(),
                name,
                buffers ?? new BufferPoolManager({ memoryLimitBytes: Infinity }),
            ),
            new DrawMeter(profiler ?? null, frame ?? new FrameRecord()),
            material,
            receiveShadows,
        );
        this._hasSkirts = _options.hasSkirts ?? true;
        const gridsOf = (hasWalls: boolean): HeightGrids => this._grids[hasWalls ? 1 : 0];
        this._singles = new SingleChunkMeshes(name, _scene, this.context, gridsOf);
        this._grids = [this._createGrids(false), this._createGrids(true)];
    }

    /** What it has done and what it holds, as a new object of this moment. */
    public get stats(): ChunkMeshPoolStats {
        const stats = createMeshPoolStats();
        const { all } = this._singles;
        stats.gpuBuffersCreated = this.gpuBuffersCreated;
        stats.gpuBytes = this.gpuBytes;
        stats.uploadedBytes = this.context.buffers.uploadedBytes;
        stats.meshes = all.length;
        stats.meshesInUse = all.filter(({ chunk }) => chunk !== null).length;
        addMeshes(stats, all);
        for (const { merger } of this._grids) {
            stats.mergedMeshesShown += merger?.shownCount ?? 0;
            addMeshes(stats, merger?.all ?? []);
        }
        return stats;
    }

    /** Bytes of all its GPU buffers, in use or free. */
    public get gpuBytes(): number {
        return this.context.buffers.bytes;
    }

    /** Bytes of the textures that the ground is drawn with. */
    public get textureBytes(): number {
        return groundTextureBytesOf(this.context.material);
    }

    /** Number of GPU buffers ever created. */
    public get gpuBuffersCreated(): number {
        return this.context.buffers.created;
    }

    /** Number of chunks shown, alone or merged with their siblings. */
    public get chunksShown(): number {
        return this._chunksShown;
    }

    public get material(): Material | null {
        return this.context.material;
    }

    public set material(material: Material | null) {
        // Another material may not fade, or not yet: both sides would be drawn wholly until the end.
        this._endFades();
        this.context.material = material;
        this._attachFades();
        this._applyMaterial();
    }

    /** Whether chunks fade, where their material lets them. Off at first: then nothing of it is in any shader. */
    public get fades(): boolean {
        return this._fades;
    }

    public set fades(value: boolean) {
        if (this._fades !== value) {
            this._endFades();
            this._fades = value;
            this._attachFades();
        }
    }

    public get canFade(): boolean {
        return this.context.fadeVariant.isReady;
    }

    public get receiveShadows(): boolean {
        return this.context.receiveShadows;
    }

    public set receiveShadows(value: boolean) {
        this.context.receiveShadows = value;
        this._applyMaterial();
    }

    public upload(address: ChunkAddress, bytes: Uint8Array): PooledChunk {
        const leaving = this._fading.findReleased(address, bytes);
        if (leaving !== null) {
            leaving.reclaim(bytes);
            return leaving;
        }
        const chunk = new PooledChunk(address, bytes, this._hasSkirts);
        this._singles.give(chunk);
        this._hasUploaded = true;
        return chunk;
    }

    public show(chunk: PooledChunk, fade: LevelFade | null = null): void {
        if (this._isDisposed || chunk.isShown) {
            return;
        }
        if (chunk.isLeaving) {
            this._settle(chunk);
        }
        chunk.isShown = true;
        this._chunksShown++;
        // One that was hidden among merged siblings has no mesh of its own.
        (chunk.mesh ?? this._singles.give(chunk)).setEnabled(true);
        this._mergerOf(chunk)?.shown(chunk);
        if (fade !== null) {
            this._fading.add(chunk, fade, false);
        }
    }

    public hide(chunk: PooledChunk, fade: LevelFade | null = null): void {
        if (this._isDisposed || !chunk.isShown) {
            return;
        }
        chunk.isShown = false;
        this._chunksShown--;
        if (chunk.fade !== null) {
            this._fading.remove(chunk);
        }
        if (fade !== null) {
            this._fading.add(chunk, fade, true);
        } else {
            this._vanish(chunk);
        }
    }

    public release(chunk: PooledChunk): void {
        if (this._isDisposed || chunk.isReleased) {
            return;
        }
        this.hide(chunk);
        chunk.release();
        if (!chunk.isLeaving) {
            this._singles.takeBack(chunk);
        }
    }

    public endFade(fade: LevelFade): void {
        if (this._isDisposed) {
            return;
        }
        for (let i = 0; i < this._fading.count; i++) {
            const chunk = this._fading.at(i);
            if (chunk.fade === fade) {
                chunk.fade = OVER;
            }
        }
        // Backwards, as each that is taken out moves only a later one.
        for (let i = this._fading.count - 1; i >= 0; i--) {
            const chunk = this._fading.at(i);
            const mayGo = !chunk.isLeaving || (this._mergerOf(chunk)?.mayGo(chunk) ?? true);
            if (chunk.fade === OVER && mayGo) {
                this._settle(chunk);
            }
        }
    }

    /** Merges siblings that have stayed, in frames without uploads. To be called once a frame, after the picture has changed. */
    public update(): void {
        let mayMerge = !this._hasUploaded;
        this._hasUploaded = false;
        for (let i = 0; i < this._grids.length; i++) {
            const hasMerged = this._grids[i]!.merger?.update(mayMerge) ?? false;
            mayMerge &&= !hasMerged;
        }
    }

    /** Disposes the meshes that no chunk uses, for when memory is short. */
    public trim(): void {
        keepFrozenLists(this._scene, this._disposeFree);
    }

    /**
     * Replaces meshes that somebody else has disposed, or whose geometry, and draws again what they drew. To be called before
     * each frame.
     *
     * @returns the number of meshes lost
     */
    public repair(): number {
        let lost = this._singles.repair();
        for (let i = 0; i < this._grids.length; i++) {
            lost += this._grids[i]!.merger?.repair() ?? 0;
        }
        if (lost > 0) {
            // What went by them is gone, and what comes in its place must be whole.
            this._endFades();
        }
        return lost;
    }

    /** Creates index buffers anew and writes every chunk again from its bytes. To be called after a lost context. */
    public rebuild(): void {
        this._endFades();
        for (const { indices } of this._grids) {
            indices.forget();
        }
        this._singles.rebuild();
        for (const { merger } of this._grids) {
            merger?.rebuild();
        }
    }

    /** Returns the meshes that draw the chunks shown now, in no order, as a new array. */
    public shownMeshes(): Mesh[] {
        return [...this.context.shown.meshes];
    }

    /** Returns the level of the chunks that a mesh of this pool has; -1 for other meshes, and for one that has none. */
    public levelOf(mesh: AbstractMesh): number {
        return mesh instanceof ChunkMesh && mesh.context === this.context ? mesh.level : -1;
    }

    /** Writes into `ref` what the main views have drawn since the last call. */
    public takeDrawn(ref: DrawnCount): void {
        this.context.meter.takeDrawn(ref);
    }

    public dispose(): void {
        if (this._isDisposed) {
            return;
        }
        this._isDisposed = true;
        this._chunksShown = 0;
        this.context.fadeVariant.dispose();
        this._singles.dispose();
        for (const { merger, indices } of this._grids) {
            merger?.dispose();
            indices.dispose();
        }
    }

    private _trim(): void {
        this._endFades();
        this._singles.trim();
        for (const { merger } of this._grids) {
            merger?.trim();
        }
    }

    /** A chunk that came is there wholly; one that went is drawn no more. */
    private _settle(chunk: PooledChunk): void {
        const { isLeaving } = chunk;
        this._fading.remove(chunk);
        if (isLeaving) {
            this._vanish(chunk);
            if (chunk.isReleased) {
                this._singles.takeBack(chunk);
            }
        }
    }

    private _vanish(chunk: PooledChunk): void {
        const merger = this._mergerOf(chunk);
        if (merger !== null && !merger.mayGo(chunk)) {
            this._endFadesOf(chunk.mesh!);
        }
        merger?.hidden(chunk);
        // One that was merged has none now.
        chunk.mesh?.setEnabled(false);
    }

    /** Ends the exchanges at once by which siblings go that one mesh draws, which is to part. */
    private _endFadesOf(mesh: Mesh): void {
        // Backwards: each that ends takes out one or more, and moves only later ones.
        for (let i = this._fading.count - 1; i >= 0; i--) {
            const chunk = i < this._fading.count ? this._fading.at(i) : null;
            if (chunk?.mesh === mesh && chunk.isLeaving && chunk.fade !== OVER) {
                this.endFade(chunk.fade!);
            }
        }
    }

    /** Ends all fades at once: whoever began them may end them again. */
    private _endFades(): void {
        for (let i = 0; i < this._fading.count; i++) {
            this._fading.at(i).fade = OVER;
        }
        this.endFade(OVER);
    }

    private _attachFades(): void {
        this.context.fadeVariant.attachTo(this._fades ? this.context.material : null);
    }

    private _applyMaterial(): void {
        for (const mesh of this._singles.all) {
            mesh.applyMaterial();
        }
        for (const { merger } of this._grids) {
            merger?.all.forEach((mesh) => mesh.applyMaterial());
        }
    }

    private _mergerOf({ isHeightGrid, hasWalls }: PooledChunk): SiblingMerger | null {
        return isHeightGrid ? this._grids[hasWalls ? 1 : 0].merger : null;
    }

    private _createGrids(hasWalls: boolean): HeightGrids {
        const { resolution, name, mergesSiblings } = this._options;
        const layout = { resolution, hasWalls };
        // The surface comes first, then skirts and walls.
        const indexCount = this._hasSkirts ? heightGridIndexCount(layout) : 3 * heightGridTriangleCount(resolution);
        const createIndices = (): Uint16Array => createHeightGridIndices(layout).subarray(0, indexCount);
        const kind = gridKindOf(layout, indexCount);
        const { context, _singles: singles } = this;
        const merger =
            (mergesSiblings ?? true)
                ? new SiblingMerger(this._scene, { name, kind, createIndices, context, singles })
                : null;
        return { kind, indices: new SharedIndices(context.buffers, createIndices), merger };
    }
}
