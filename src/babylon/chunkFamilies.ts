import type { DataBuffer } from "@babylonjs/core/Buffers/dataBuffer.js";
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { VertexLayout } from "../format/chunkData.js";
import { heightGridVertexCount, type GridLayout } from "../meshing/heightGridIndices.js";
import { addressKey, formatAddress } from "../space/chunkAddress.js";
import {
    ChunkFamily,
    createFamilyIndices,
    FAMILY_SIZE,
    familyBase,
    isFamily32Bits,
    placeInFamily,
    runStart,
} from "./chunkFamily.js";
import { isMeshIntact, type ChunkMeshContext } from "./chunkMesh.js";
import { bitCount } from "./familyMesh.js";
import type { ChunkMeshPoolStats } from "./chunkMeshStats.js";
import type { BufferLease } from "../memory/bufferPool.js";
import type { BufferPoolManager } from "../memory/bufferPoolManager.js";
import type { PooledChunk } from "./pooledChunk.js";

export interface ChunkFamiliesOptions {
    readonly name: string;
    /** Metres: side of a level-0 chunk. */
    readonly chunkSize: number;
    readonly layout: GridLayout;
    /** Of one member: a height grid's, with or without skirts and walls. */
    readonly gridIndices: Uint16Array;
    readonly context: ChunkMeshContext;
    readonly buffers: BufferPoolManager;
    /** The pool's counters. */
    readonly stats: ChunkMeshPoolStats;
    /** Gives a chunk a mesh of its own, hidden; and takes it away. */
    giveSlot(chunk: PooledChunk): void;
    takeSlot(chunk: PooledChunk): void;
    /** Gives a mesh the pool's material and the like. */
    dress(mesh: Mesh): void;
}

/** Height grids that are shown under one parent. */
interface Siblings {
    readonly key: number;
    /** By their place in the ring, and the places as bits. */
    readonly chunks: (PooledChunk | null)[];
    present: number;
    /** The frame from which these have been shown. */
    sinceFrame: number;
    isWaiting: boolean;
    family: ChunkFamily | null;
}

/** Frames that siblings must stay before they are drawn together: what comes and goes is not worth a second upload. */
const CALM_FRAMES = 20;
/** Some may wait for a family to become free: in steady flight no GPU buffer is made. As a share of all families. */
const STARVED_SHARE = 0.34;

/** Watches which height grids of one layout are shown, and draws siblings together while they stay. */
export class ChunkFamilies {
    private readonly _siblings = new Map<number, Siblings>();
    /** Shown otherwise than drawn together. */
    private readonly _waiting: Siblings[] = [];
    private readonly _all: ChunkFamily[] = [];
    private readonly _free: ChunkFamily[] = [];
    private readonly _familyOf = new Map<AbstractMesh, ChunkFamily>();
    private readonly _memberBytes: number;
    private readonly _scratchLease: BufferLease;
    private readonly _scratch: Uint8Array;
    private _indices: Uint16Array | Uint32Array | null = null;
    private _indexBuffer: DataBuffer | null = null;
    private _frame = 0;
    private _hasUploaded = false;

    public constructor(
        private readonly _scene: Scene,
        private readonly _options: ChunkFamiliesOptions,
    ) {
        this._memberBytes = heightGridVertexCount(_options.layout) * VertexLayout.stride;
        this._scratchLease = _options.buffers.poolOf("vertex").lease(this._memberBytes);
        this._scratch = new Uint8Array(this._scratchLease.buffer, 0, this._memberBytes);
    }

    /** The frame has uploaded a chunk: that was enough for it. */
    public uploaded(): void {
        this._hasUploaded = true;
    }

    public shown(chunk: PooledChunk): void {
        const { level, x, z } = chunk.address;
        const key = addressKey(level, x >> 1, z >> 1);
        let siblings = this._siblings.get(key);
        if (siblings === undefined) {
            const chunks = [null, null, null, null];
            siblings = { key, chunks, present: 0, sinceFrame: 0, isWaiting: false, family: null };
            this._siblings.set(key, siblings);
        }
        const place = placeInFamily(chunk.address);
        siblings.chunks[place] = chunk;
        siblings.present |= 1 << place;
        this._changed(siblings);
    }

    public hidden(chunk: PooledChunk): void {
        const { level, x, z } = chunk.address;
        const siblings = this._siblings.get(addressKey(level, x >> 1, z >> 1))!;
        const place = placeInFamily(chunk.address);
        siblings.chunks[place] = null;
        siblings.present &= ~(1 << place);
        const { family } = chunk;
        if (family !== null) {
            family.remove(chunk);
            chunk.family = null;
            this._options.stats.roundingGpuBytes += this._memberBytes;
            // What is left must be one run.
            if (runStart(family.present) < 0) {
                this._dissolve(siblings, family);
            }
        }
        this._changed(siblings);
        if (siblings.present === 0) {
            this._siblings.delete(siblings.key);
        }
    }

    /**
     * Merges at most one family a frame, and none in a frame that has uploaded chunks.
     *
     * @param mayMerge whether none was merged elsewhere in this frame
     * @returns whether one was merged
     */
    public update(mayMerge: boolean): boolean {
        this._frame++;
        if (this._hasUploaded || !mayMerge) {
            this._hasUploaded = false;
            return false;
        }
        let starved = 0;
        let firstStarved: Siblings | null = null;
        for (let i = 0; i < this._waiting.length; i++) {
            const siblings = this._waiting[i]!;
            if (this._frame - siblings.sinceFrame >= CALM_FRAMES) {
                if (this._hasRoomFor(siblings)) {
                    this._merge(siblings);
                    return true;
                }
                starved++;
                firstStarved ??= siblings;
            }
        }
        // Only where so many wait for a family to become free is it worth a new GPU buffer.
        if (firstStarved !== null && starved > this._all.length * STARVED_SHARE) {
            this._merge(firstStarved);
            return true;
        }
        return false;
    }

    /** Level of what a mesh draws; -1 where it is no family's, or draws nothing. */
    public levelOf(mesh: AbstractMesh): number {
        const members = this._familyOf.get(mesh)?.members;
        const chunk = members?.find((member) => member !== null);
        return chunk?.address.level ?? -1;
    }

    public dressAll(): void {
        for (const { mesh } of this._all) {
            this._options.dress(mesh);
        }
    }

    /** Disposes what draws nothing. */
    public trim(): void {
        for (const family of this._free.splice(0)) {
            this._forget(family);
        }
    }

    /** Draws one by one what families drew whose mesh somebody else has disposed. Returns how many those were. */
    public repair(): number {
        let lost = 0;
        for (let i = this._all.length - 1; i >= 0; i--) {
            const family = this._all[i]!;
            if (!isMeshIntact(family.mesh)) {
                lost++;
                for (const siblings of this._siblings.values()) {
                    if (siblings.family === family) {
                        this._dissolve(siblings, family);
                        this._changed(siblings);
                    }
                }
                this._free.splice(this._free.indexOf(family), 1);
                this._forget(family);
            }
        }
        return lost;
    }

    public rebuild(): void {
        if (this._indexBuffer !== null) {
            this._options.stats.gpuBytes -= this._indices!.byteLength;
            this._indexBuffer = null;
        }
        for (const family of this._all) {
            if (isMeshIntact(family.mesh)) {
                family.rebuild(this._indexBufferForOne(), isFamily32Bits(this._options.layout));
            }
        }
    }

    public dispose(): void {
        for (const family of this._all) {
            family.dispose();
        }
        this._all.length = 0;
        this._free.length = 0;
        this._waiting.length = 0;
        this._siblings.clear();
        this._familyOf.clear();
        this._scratchLease.release();
        if (this._indexBuffer !== null) {
            this._scene.getEngine()._releaseBuffer(this._indexBuffer);
            this._indexBuffer = null;
        }
    }

    /** Others are shown than before: what would be drawn together waits until that has calmed down. */
    private _changed(siblings: Siblings): void {
        const { present, family } = siblings;
        siblings.sinceFrame = this._frame;
        // One that has room to spare draws its run no slower for that.
        const isWorthIt = runStart(present) >= 0 && family?.present !== present;
        if (isWorthIt && !siblings.isWaiting) {
            siblings.isWaiting = true;
            this._waiting.push(siblings);
        } else if (!isWorthIt && siblings.isWaiting) {
            this._stopWaiting(siblings);
        }
    }

    /** Whether no new GPU buffer is needed. */
    private _hasRoomFor({ present, family }: Siblings): boolean {
        const members = bitCount(present);
        if ((family?.capacity ?? 0) >= members) {
            return true;
        }
        for (let i = 0; i < this._free.length; i++) {
            if (this._free[i]!.capacity >= members) {
                return true;
            }
        }
        return false;
    }

    private _stopWaiting(siblings: Siblings): void {
        siblings.isWaiting = false;
        this._waiting.splice(this._waiting.indexOf(siblings), 1);
    }

    private _merge(siblings: Siblings): void {
        this._stopWaiting(siblings);
        const { chunkSize, stats, name } = this._options;
        const members = siblings.chunks.filter((chunk) => chunk !== null);
        const base = familyBase(members, chunkSize);
        // Too steep for one buffer: drawn one by one while these are shown.
        if (base !== base) {
            return;
        }
        if (siblings.family !== null) {
            this._putAway(siblings.family);
        }
        const family = this._take(members.length);
        const title = `${name} family of ${formatAddress(members[0]!.address)}`;
        stats.uploadedBytes += family.load(members, base, chunkSize, title);
        stats.roundingGpuBytes += (family.capacity - members.length) * this._memberBytes;
        siblings.family = family;
        for (let i = 0; i < members.length; i++) {
            this._options.takeSlot(members[i]!);
            members[i]!.family = family;
        }
        family.mesh.setEnabled(true);
        stats.familiesShown++;
    }

    /** What is left is drawn one by one again, from this frame on. */
    private _dissolve(siblings: Siblings, family: ChunkFamily): void {
        for (let place = 0; place < FAMILY_SIZE; place++) {
            const member = family.members[place];
            if (member) {
                member.family = null;
                this._options.giveSlot(member);
                member.slot!.mesh.setEnabled(true);
            }
        }
        siblings.family = null;
        this._putAway(family);
    }

    private _putAway(family: ChunkFamily): void {
        const { stats } = this._options;
        stats.roundingGpuBytes -= (family.capacity - bitCount(family.present)) * this._memberBytes;
        stats.idleGpuBytes += family.capacity * this._memberBytes;
        stats.familiesShown--;
        family.clear();
        family.mesh.setEnabled(false);
        this._free.push(family);
    }

    /** Disposes a family that is taken out of the free ones. */
    private _forget(family: ChunkFamily): void {
        this._all.splice(this._all.indexOf(family), 1);
        this._familyOf.delete(family.mesh);
        this._options.stats.gpuBytes -= family.capacity * this._memberBytes;
        this._options.stats.idleGpuBytes -= family.capacity * this._memberBytes;
        family.dispose();
    }

    /** The smallest free family with room for so many members, else a new one. */
    private _take(members: number): ChunkFamily {
        const { stats, name, layout, gridIndices } = this._options;
        let best = -1;
        for (let i = 0; i < this._free.length; i++) {
            const { capacity } = this._free[i]!;
            const isBetter = best < 0 || capacity < this._free[best]!.capacity;
            if (capacity >= members && isBetter && isMeshIntact(this._free[i]!.mesh)) {
                best = i;
            }
        }
        if (best >= 0) {
            const [free] = this._free.splice(best, 1);
            stats.idleGpuBytes -= free!.capacity * this._memberBytes;
            return free!;
        }
        // Of two sizes alone, so that they are recycled often.
        const capacity = members > 2 ? FAMILY_SIZE : 2;
        const family = new ChunkFamily(
            name,
            this._scene,
            layout,
            gridIndices.length,
            this._indexBufferForOne(),
            capacity,
            this._scratch,
            this._options.context,
            this._options.buffers,
        );
        this._options.dress(family.mesh);
        this._all.push(family);
        this._familyOf.set(family.mesh, family);
        stats.gpuBuffersCreated++;
        stats.gpuBytes += capacity * this._memberBytes;
        return family;
    }

    /** The shared index buffer, with a reference for the caller. */
    private _indexBufferForOne(): DataBuffer {
        const { stats, layout, gridIndices, name } = this._options;
        if (this._indexBuffer === null) {
            this._indices ??= createFamilyIndices(gridIndices, layout);
            stats.gpuBuffersCreated++;
            stats.gpuBytes += this._indices.byteLength;
            this._indexBuffer = this._scene.getEngine().createIndexBuffer(this._indices, false, name);
        }
        this._indexBuffer.references++;
        return this._indexBuffer;
    }
}
