import type { DataBuffer } from "@babylonjs/core/Buffers/dataBuffer.js";
import type { AbstractMesh } from "@babylonjs/core/Meshes/abstractMesh.js";
import type { Mesh } from "@babylonjs/core/Meshes/mesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { VertexLayout } from "../format/chunkData.js";
import { heightGridVertexCount } from "../meshing/heightGridIndices.js";
import { addressKey, formatAddress } from "../space/chunkAddress.js";
import {
    ChunkFamily,
    createFamilyIndices,
    FAMILY_SIZE,
    familyBase,
    isFamily32Bits,
    LEAST_MEMBERS,
    placeInFamily,
} from "./chunkFamily.js";
import type { ChunkMeshPoolStats, DrawnCount } from "./chunkMeshStats.js";
import type { PooledChunk } from "./pooledChunk.js";

export interface ChunkFamiliesOptions {
    readonly name: string;
    /** Metres: side of a level-0 chunk. */
    readonly chunkSize: number;
    readonly resolution: number;
    readonly gridIndices: Uint16Array;
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
    /** By their place in the ring. */
    readonly chunks: (PooledChunk | null)[];
    count: number;
    /** The frame from which all four have been shown. */
    sinceFrame: number;
    family: ChunkFamily | null;
}

/** Frames that four siblings must stay before they are drawn together: what comes and goes is not worth a second upload. */
const CALM_FRAMES = 20;

/** Watches which chunks are shown, and draws siblings together while they stay. */
export class ChunkFamilies {
    private readonly _siblings = new Map<number, Siblings>();
    /** Complete, and not drawn together yet. */
    private readonly _waiting: Siblings[] = [];
    private readonly _all: ChunkFamily[] = [];
    private readonly _free: ChunkFamily[] = [];
    private readonly _familyOf = new Map<AbstractMesh, ChunkFamily>();
    private readonly _memberBytes: number;
    private readonly _scratch: Uint8Array;
    private _indices: Uint16Array | Uint32Array | null = null;
    private _indexBuffer: DataBuffer | null = null;
    private _frame = 0;
    private _hasUploaded = false;

    public constructor(
        private readonly _scene: Scene,
        private readonly _options: ChunkFamiliesOptions,
    ) {
        this._memberBytes = heightGridVertexCount(_options.resolution) * VertexLayout.stride;
        this._scratch = new Uint8Array(this._memberBytes);
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
            siblings = { key, chunks: [null, null, null, null], count: 0, sinceFrame: 0, family: null };
            this._siblings.set(key, siblings);
        }
        siblings.chunks[placeInFamily(chunk.address)] = chunk;
        siblings.count++;
        if (siblings.count === FAMILY_SIZE) {
            siblings.sinceFrame = this._frame;
            // Three are drawn already: the fourth stays alone until they part.
            if (siblings.family === null) {
                this._waiting.push(siblings);
            }
        }
    }

    public hidden(chunk: PooledChunk): void {
        const { level, x, z } = chunk.address;
        const siblings = this._siblings.get(addressKey(level, x >> 1, z >> 1))!;
        siblings.chunks[placeInFamily(chunk.address)] = null;
        if (siblings.count === FAMILY_SIZE) {
            const waiting = this._waiting.indexOf(siblings);
            if (waiting >= 0) {
                this._waiting.splice(waiting, 1);
            }
        }
        siblings.count--;
        const { family } = chunk;
        if (family !== null) {
            family.remove(chunk);
            chunk.family = null;
            this._options.stats.roundingGpuBytes += this._memberBytes;
            if (family.memberCount < LEAST_MEMBERS) {
                this._dissolve(siblings, family);
            }
        }
        if (siblings.count === 0) {
            this._siblings.delete(siblings.key);
        }
    }

    /** Merges at most one family a frame, and none in a frame that has uploaded chunks. */
    public update(): void {
        this._frame++;
        const mayUpload = !this._hasUploaded;
        this._hasUploaded = false;
        for (let i = 0; mayUpload && i < this._waiting.length; i++) {
            const siblings = this._waiting[i]!;
            if (this._frame - siblings.sinceFrame >= CALM_FRAMES) {
                this._waiting.splice(i, 1);
                this._merge(siblings);
                return;
            }
        }
    }

    public countDrawn(mesh: AbstractMesh, ref: DrawnCount): void {
        const family = this._familyOf.get(mesh);
        if (family !== undefined) {
            ref.drawCalls++;
            ref.chunksInView += family.membersInView;
            ref.triangles += family.trianglesInView;
        }
    }

    public shownMeshes(): Mesh[] {
        return this._all.filter(({ mesh }) => mesh.isEnabled(false)).map(({ mesh }) => mesh);
    }

    public dressAll(): void {
        for (const { mesh } of this._all) {
            this._options.dress(mesh);
        }
    }

    /** Disposes what draws nothing. */
    public trim(): void {
        for (const family of this._free.splice(0)) {
            this._all.splice(this._all.indexOf(family), 1);
            this._familyOf.delete(family.mesh);
            this._options.stats.gpuBytes -= this._memberBytes * FAMILY_SIZE;
            this._options.stats.idleGpuBytes -= this._memberBytes * FAMILY_SIZE;
            family.dispose();
        }
    }

    public rebuild(): void {
        if (this._indexBuffer !== null) {
            this._options.stats.gpuBytes -= this._indices!.byteLength;
            this._indexBuffer = null;
        }
        for (const family of this._all) {
            family.rebuild(this._indexBufferForOne(), isFamily32Bits(this._options.resolution));
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
        if (this._indexBuffer !== null) {
            this._scene.getEngine()._releaseBuffer(this._indexBuffer);
            this._indexBuffer = null;
        }
    }

    private _merge(siblings: Siblings): void {
        const { chunkSize, stats, name } = this._options;
        const members = siblings.chunks as PooledChunk[];
        const base = familyBase(members, chunkSize);
        // Too steep for one buffer: drawn one by one while these four are shown.
        if (base !== base) {
            return;
        }
        const family = this._take();
        stats.uploadedBytes += family.load(
            members,
            base,
            chunkSize,
            `${name} family of ${formatAddress(members[0]!.address)}`,
        );
        siblings.family = family;
        for (let i = 0; i < members.length; i++) {
            const member = members[i]!;
            this._options.takeSlot(member);
            member.family = family;
        }
        family.mesh.setEnabled(true);
        stats.familiesShown++;
    }

    /** What is left is drawn one by one again, from this frame on. */
    private _dissolve(siblings: Siblings, family: ChunkFamily): void {
        const { stats } = this._options;
        for (let place = 0; place < FAMILY_SIZE; place++) {
            const member = family.members[place];
            if (member) {
                member.family = null;
                this._options.giveSlot(member);
                member.slot!.mesh.setEnabled(true);
            }
        }
        stats.roundingGpuBytes -= (FAMILY_SIZE - family.memberCount) * this._memberBytes;
        family.clear();
        family.mesh.setEnabled(false);
        siblings.family = null;
        if (siblings.count === FAMILY_SIZE) {
            siblings.sinceFrame = this._frame;
            this._waiting.push(siblings);
        }
        stats.familiesShown--;
        stats.idleGpuBytes += this._memberBytes * FAMILY_SIZE;
        this._free.push(family);
    }

    private _take(): ChunkFamily {
        const { stats, name, resolution } = this._options;
        const free = this._free.pop();
        if (free !== undefined) {
            stats.idleGpuBytes -= this._memberBytes * FAMILY_SIZE;
            return free;
        }
        const family = new ChunkFamily(name, this._scene, resolution, this._indexBufferForOne(), this._scratch);
        this._options.dress(family.mesh);
        this._all.push(family);
        this._familyOf.set(family.mesh, family);
        stats.gpuBuffersCreated++;
        stats.gpuBytes += this._memberBytes * FAMILY_SIZE;
        return family;
    }

    /** The shared index buffer, with a reference for the caller. */
    private _indexBufferForOne(): DataBuffer {
        const { stats, gridIndices, resolution, name } = this._options;
        if (this._indexBuffer === null) {
            this._indices ??= createFamilyIndices(gridIndices, resolution);
            stats.gpuBuffersCreated++;
            stats.gpuBytes += this._indices.byteLength;
            this._indexBuffer = this._scene.getEngine().createIndexBuffer(this._indices, false, name);
        }
        this._indexBuffer.references++;
        return this._indexBuffer;
    }
}
