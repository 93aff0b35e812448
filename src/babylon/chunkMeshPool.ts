import type { DataBuffer } from "@babylonjs/core/Buffers/dataBuffer.js";
import type { Material } from "@babylonjs/core/Materials/material.js";
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { ChunkFlags, VertexLayout } from "../format/chunkData.js";
import { createHeightGridIndices, heightGridTriangleCount } from "../meshing/heightGridIndices.js";
import { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { FrameRecord } from "../profiler/frameRecord.js";
import type { PerformanceProfiler } from "../profiler/performanceProfiler.js";
import type { ChunkSink } from "../runtime/chunkSink.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import { createIndexStore } from "./chunkGeometry.js";
import { ChunkMeshContext, DrawMeter } from "./chunkMesh.js";
import { ChunkFamilies } from "./chunkFamilies.js";
import { createMeshPoolStats, type ChunkMeshPoolStats, type DrawnCount } from "./chunkMeshStats.js";
import { ChunkMeshSlot, type SlotClass } from "./chunkMeshSlot.js";
import { FreeSlots } from "./freeSlots.js";
import { GridMeshes } from "./gridMeshes.js";
import { keepFrozenLists } from "./frozenScene.js";
import { PooledChunk } from "./pooledChunk.js";
import { fusedNeedOf, INDICES_PER_VERTEX, sizeClassOf } from "./sizeClasses.js";

export interface ChunkMeshPoolOptions {
    /** Prefix of mesh names. */
    readonly name: string;
    /** Metres: side of a level-0 chunk. */
    readonly chunkSize: number;
    /** Height cells along a chunk's side. */
    readonly resolution: number;
    readonly material: Material | null;
    readonly receiveShadows: boolean;
    /** Whether chunks' skirts are drawn. Default true. */
    readonly hasSkirts?: boolean;
    /** Whether siblings that stay are drawn by one call. Default true. */
    readonly mergesSiblings?: boolean;
    /** What drawing takes is entered in `frame` on the profiler's clock, while that is on. Default: nobody is told. */
    readonly profiler?: PerformanceProfiler;
    readonly frame?: FrameRecord;
    /** What it needs in memory is leased from these. Default: its own. */
    readonly buffers?: BufferPoolManager;
}

/**
 * Owns every GPU object of a world's chunks. A chunk that goes leaves its mesh and buffers to the next that fits, which
 * writes over them: once enough are there, no GPU buffer is made or destroyed. Siblings that stay for a while are drawn by
 * one call.
 */
export class ChunkMeshPool implements ChunkSink<PooledChunk> {
    private readonly _slots: ChunkMeshSlot[] = [];
    private readonly _slotOf = new Map<AbstractMesh, ChunkMeshSlot>();
    private readonly _free = new FreeSlots();
    private readonly _context: ChunkMeshContext;
    private readonly _buffers: BufferPoolManager;
    /** Height grids without walls, and those with walls. */
    private readonly _grids: readonly [GridMeshes, GridMeshes];
    private _material: Material | null;
    private _receiveShadows: boolean;
    private readonly _hasSkirts: boolean;
    private _isDisposed = false;
    private readonly _stats = createMeshPoolStats();
    /** Made once: memory may be short for many frames. */
    private readonly _disposeFree = (): void => this._trim();

    public constructor(
        private readonly _scene: Scene,
        private readonly _options: ChunkMeshPoolOptions,
    ) {
        this._context = new ChunkMeshContext(
            new DrawMeter(_options.profiler ?? null, _options.frame ?? new FrameRecord()),
        );
        this._buffers = _options.buffers ?? new BufferPoolManager({ memoryLimitBytes: Infinity });
        this._material = _options.material;
        this._receiveShadows = _options.receiveShadows;
        this._hasSkirts = _options.hasSkirts ?? true;
        this._grids = [this._createGrids(false), this._createGrids(true)];
    }

    /** The live counters: read them, do not keep them. */
    public get stats(): Readonly<ChunkMeshPoolStats> {
        return this._stats;
    }

    public get gpuBytes(): number {
        return this._stats.gpuBytes;
    }

    public get material(): Material | null {
        return this._material;
    }

    public set material(material: Material | null) {
        this._material = material;
        this._dressAll();
    }

    public get receiveShadows(): boolean {
        return this._receiveShadows;
    }

    public set receiveShadows(value: boolean) {
        this._receiveShadows = value;
        this._dressAll();
    }

    public upload(address: ChunkAddress, bytes: Uint8Array): PooledChunk {
        const chunk = new PooledChunk(address, bytes, this._hasSkirts);
        this._giveSlot(chunk);
        for (const { families } of this._grids) {
            families?.uploaded();
        }
        return chunk;
    }

    public show(chunk: PooledChunk): void {
        if (this._isDisposed || chunk.isShown) {
            return;
        }
        chunk.isShown = true;
        // One that was hidden in a family has no mesh of its own.
        if (chunk.slot === null) {
            this._giveSlot(chunk);
        }
        chunk.slot!.mesh.setEnabled(true);
        this._count(chunk, 1);
        if (isHeightGrid(chunk)) {
            this._gridsOf(chunk).families?.shown(chunk);
        }
    }

    public hide(chunk: PooledChunk): void {
        if (this._isDisposed || !chunk.isShown) {
            return;
        }
        chunk.isShown = false;
        chunk.slot?.mesh.setEnabled(false);
        this._count(chunk, -1);
        if (isHeightGrid(chunk)) {
            this._gridsOf(chunk).families?.hidden(chunk);
        }
    }

    public release(chunk: PooledChunk): void {
        if (this._isDisposed || chunk.isReleased) {
            return;
        }
        this.hide(chunk);
        this._takeSlot(chunk);
        chunk.isReleased = true;
    }

    /** Once a frame, after the picture has changed: draws siblings together that have stayed. */
    public update(): void {
        const hasMerged = this._grids[0].families?.update(true) ?? false;
        this._grids[1].families?.update(!hasMerged);
    }

    /** Disposes what no chunk uses, for when memory is short. */
    public trim(): void {
        keepFrozenLists(this._scene, this._disposeFree);
    }

    /**
     * To be called before each frame: makes anew what somebody else has disposed of meshes and geometries, and draws again
     * what they drew. Returns how many those were.
     */
    public repair(): number {
        let lost = 0;
        let chunks: PooledChunk[] | null = null;
        for (let i = this._slots.length - 1; i >= 0; i--) {
            const slot = this._slots[i]!;
            if (!slot.isIntact) {
                lost++;
                const { chunk } = slot;
                if (chunk !== null) {
                    this._takeSlot(chunk);
                    chunks ??= [];
                    chunks.push(chunk);
                }
                this._free.remove(slot);
                this._forget(slot);
            }
        }
        for (let i = 0; chunks !== null && i < chunks.length; i++) {
            const chunk = chunks[i]!;
            this._giveSlot(chunk);
            chunk.slot!.mesh.setEnabled(chunk.isShown);
        }
        for (let i = 0; i < this._grids.length; i++) {
            lost += this._grids[i]!.families?.repair() ?? 0;
        }
        return lost;
    }

    /** After a lost context: makes index buffers anew and writes every chunk again from its bytes. */
    public rebuild(): void {
        for (const grids of this._grids) {
            grids.forgetIndexBuffer();
        }
        for (const slot of this._slots) {
            if (slot.isIntact) {
                slot.rebuild(this._indexBufferFor(slot.slotClass));
            }
        }
        for (const { families } of this._grids) {
            families?.rebuild();
        }
    }

    /** What its meshes share; knows which of them are shown. */
    public get context(): ChunkMeshContext {
        return this._context;
    }

    /** Meshes that draw the chunks shown now, in no order. */
    public shownMeshes(): Mesh[] {
        return [...this._context.shown.meshes];
    }

    /** Level of what a mesh of this pool draws; -1 for other meshes, and for one that draws nothing now. */
    public levelOf(mesh: AbstractMesh): number {
        const own = this._slotOf.get(mesh)?.chunk?.address.level ?? -1;
        const drawnTogether = Math.max(
            this._grids[0].families?.levelOf(mesh) ?? -1,
            this._grids[1].families?.levelOf(mesh) ?? -1,
        );
        return Math.max(own, drawnTogether);
    }

    /** Writes what the main views have drawn since the last call into `ref`. */
    public takeDrawn(ref: DrawnCount): void {
        this._context.meter.takeDrawn(ref);
    }

    public dispose(): void {
        if (this._isDisposed) {
            return;
        }
        this._isDisposed = true;
        for (const slot of this._slots) {
            slot.dispose();
        }
        this._slots.length = 0;
        this._slotOf.clear();
        this._free.drain();
        for (const grids of this._grids) {
            grids.dispose();
        }
        const { gpuBuffersCreated, uploadedBytes } = this._stats;
        Object.assign(this._stats, createMeshPoolStats(), { gpuBuffersCreated, uploadedBytes });
    }

    private _trim(): void {
        for (const slot of this._free.drain()) {
            this._forget(slot);
        }
        for (const { families } of this._grids) {
            families?.trim();
        }
    }

    private _count({ vertexCount, triangleCount }: PooledChunk, sign: number): void {
        this._stats.meshesShown += sign;
        this._stats.trianglesShown += sign * triangleCount;
        this._stats.verticesShown += sign * vertexCount;
    }

    private _giveSlot(chunk: PooledChunk): void {
        const { vertexCount, indexCount, flags } = chunk;
        const is32Bits = (flags & ChunkFlags.index32) !== 0;
        const need = fusedNeedOf(vertexCount, indexCount);
        const slotClass = isHeightGrid(chunk) ? this._gridsOf(chunk).slotClass : fusedClassOf(need, is32Bits);
        let slot = this._free.take(slotClass, need);
        while (slot !== null && !slot.isIntact) {
            this._forget(slot);
            slot = this._free.take(slotClass, need);
        }
        if (slot === null) {
            slot = this._create(slotClass);
        } else {
            this._stats.idleGpuBytes -= gpuBytesOf(slot.slotClass);
        }
        chunk.slot = slot;
        this._stats.uploadedBytes += slot.load(chunk, this._options.chunkSize);
        this._stats.roundingGpuBytes += gpuBytesOf(slot.slotClass) - slot.usedBytes;
        this._stats.meshesInUse++;
    }

    /** Takes back a chunk's own slot, where it has one. */
    private _takeSlot(chunk: PooledChunk): void {
        const { slot } = chunk;
        if (slot === null) {
            return;
        }
        chunk.slot = null;
        slot.mesh.setEnabled(false);
        this._stats.roundingGpuBytes -= gpuBytesOf(slot.slotClass) - slot.usedBytes;
        slot.unload();
        this._free.add(slot);
        this._stats.idleGpuBytes += gpuBytesOf(slot.slotClass);
        this._stats.meshesInUse--;
    }

    /** Disposes a slot that is taken out of the free ones. */
    private _forget(slot: ChunkMeshSlot): void {
        this._slots.splice(this._slots.indexOf(slot), 1);
        this._slotOf.delete(slot.mesh);
        this._stats.meshes--;
        this._stats.gpuBytes -= gpuBytesOf(slot.slotClass);
        this._stats.idleGpuBytes -= gpuBytesOf(slot.slotClass);
        slot.dispose();
    }

    private _create(slotClass: SlotClass): ChunkMeshSlot {
        const slot = new ChunkMeshSlot(
            this._options.name,
            this._scene,
            slotClass,
            this._indexBufferFor(slotClass),
            this._context,
            this._buffers,
        );
        this._dress(slot.mesh);
        this._slots.push(slot);
        this._slotOf.set(slot.mesh, slot);
        this._stats.gpuBuffersCreated++;
        this._stats.gpuBytes += gpuBytesOf(slotClass);
        this._stats.meshes++;
        return slot;
    }

    private _dress(mesh: Mesh): void {
        mesh.material = this._material;
        mesh.receiveShadows = this._receiveShadows;
    }

    private _dressAll(): void {
        for (const slot of this._slots) {
            this._dress(slot.mesh);
        }
        for (const { families } of this._grids) {
            families?.dressAll();
        }
    }

    /** An index buffer with a reference for the caller. The pool holds one more on the shared one until it is disposed. */
    private _indexBufferFor(slotClass: SlotClass): DataBuffer {
        if (slotClass.isHeightGrid) {
            return this._grids[slotClass.hasWalls ? 1 : 0].takeIndexBuffer();
        }
        this._stats.gpuBuffersCreated++;
        const { indexCapacity, is32Bits } = slotClass;
        return createIndexStore(this._scene.getEngine(), indexCapacity, is32Bits, this._options.name, this._buffers);
    }

    private _gridsOf({ flags }: PooledChunk): GridMeshes {
        return this._grids[(flags & ChunkFlags.walled) === 0 ? 0 : 1];
    }

    private _createGrids(hasWalls: boolean): GridMeshes {
        const { resolution, name, chunkSize, mergesSiblings } = this._options;
        const layout = { resolution, hasWalls };
        const all = createHeightGridIndices(layout);
        // The surface comes first, then skirts and walls.
        const gridIndices = this._hasSkirts ? all : all.slice(0, 3 * heightGridTriangleCount(resolution));
        const families =
            (mergesSiblings ?? true)
                ? new ChunkFamilies(this._scene, {
                      name,
                      chunkSize,
                      layout,
                      gridIndices,
                      stats: this._stats,
                      context: this._context,
                      buffers: this._buffers,
                      giveSlot: (chunk) => this._giveSlot(chunk),
                      takeSlot: (chunk) => this._takeSlot(chunk),
                      dress: (mesh) => this._dress(mesh),
                  })
                : null;
        return new GridMeshes(this._scene.getEngine(), name, layout, gridIndices, families, this._stats);
    }
}

function isHeightGrid({ flags }: PooledChunk): boolean {
    return (flags & ChunkFlags.fused) === 0;
}

function fusedClassOf(need: number, is32Bits: boolean): SlotClass {
    const vertexCapacity = sizeClassOf(need);
    return {
        vertexCapacity,
        indexCapacity: vertexCapacity * INDICES_PER_VERTEX,
        is32Bits,
        isHeightGrid: false,
        hasWalls: false,
    };
}

function gpuBytesOf({ vertexCapacity, indexCapacity, is32Bits, isHeightGrid: sharesIndices }: SlotClass): number {
    const ownIndices = sharesIndices ? 0 : indexCapacity * (is32Bits ? 4 : 2);
    return vertexCapacity * VertexLayout.stride + ownIndices;
}
