import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { VertexLayout } from "../format/chunkData.js";
import type { BufferLease } from "../memory/bufferPool.js";
import { formatAddress } from "../space/chunkAddress.js";
import { addressKey } from "../space/chunkKey.js";
import { isMeshIntact } from "./chunkMesh.js";
import type { ChunkMeshContext } from "./chunkMeshContext.js";
import { OVER } from "./fade/fadingChunks.js";
import { MergedChunkMesh, mergedOriginToRef, type MemberScratch } from "./mergedChunkMesh.js";
import type { PooledChunk } from "./pooledChunk.js";
import { SharedIndices } from "./sharedIndices.js";
import {
    bitCount,
    createMergedIndices,
    needs32Bits,
    placeAmongSiblings,
    runStart,
    SIBLINGS,
    type SiblingBits,
} from "./siblingPlaces.js";
import type { MeshKind } from "./meshKinds.js";
import type { SingleChunkMeshes } from "./singleChunkMeshes.js";

export interface SiblingMergerOptions {
    readonly name: string;
    /** Of a mesh that draws one height grid. */
    readonly kind: MeshKind;
    /** Returns the indices of one height grid, with or without skirts and walls. */
    createIndices(): Uint16Array;
    readonly context: ChunkMeshContext;
    readonly singles: SingleChunkMeshes;
}

/** The height grids that are shown under one parent. */
interface Siblings {
    readonly key: number;
    /** By their places. */
    readonly chunks: (PooledChunk | null)[];
    present: SiblingBits;
    /** Frame from which on these very ones have been shown. */
    sinceFrame: number;
    isWaiting: boolean;
    /** Draws those that are merged; null while all are drawn one by one. */
    mesh: MergedChunkMesh | null;
}

/** Frames for which siblings must stay before they are merged: those that come and go are not worth a second upload. */
const CALM_FRAMES = 20;
/** Metres. Holds nothing between calls. */
const origin = new Vector3();
/** How many may wait for a mesh to become free, as a share of all meshes, so that steady flight creates no GPU buffer. */
const STARVED_SHARE = 0.34;

function isFading(chunk: PooledChunk | null): boolean {
    return chunk !== null && chunk.fade !== null;
}

function isStillLeaving(chunk: PooledChunk | null): boolean {
    return chunk !== null && chunk.isLeaving && chunk.fade !== OVER;
}

/** Watches which height grids of one layout are shown, and merges siblings into one mesh while they stay. */
export class SiblingMerger {
    private readonly _siblings = new Map<number, Siblings>();
    /** Those that could be merged otherwise than they are. */
    private readonly _waiting: Siblings[] = [];
    private readonly _meshes: MergedChunkMesh[] = [];
    private readonly _free: MergedChunkMesh[] = [];
    private readonly _indices: SharedIndices;
    private readonly _is32Bits: boolean;
    private _scratch: (MemberScratch & { readonly lease: BufferLease }) | null = null;
    private _frame = 0;

    public constructor(
        private readonly _scene: Scene,
        private readonly _options: SiblingMergerOptions,
    ) {
        const { context, kind } = _options;
        this._is32Bits = needs32Bits(kind.vertexCapacity);
        this._indices = new SharedIndices(context.buffers, () =>
            createMergedIndices(_options.createIndices(), kind.vertexCapacity),
        );
    }

    /** All meshes, those that are free included. */
    public get all(): readonly MergedChunkMesh[] {
        return this._meshes;
    }

    /** Number of meshes that draw siblings now. */
    public get shownCount(): number {
        return this._meshes.length - this._free.length;
    }

    /** To be called when a chunk has been shown by a mesh of its own. */
    public shown(chunk: PooledChunk): void {
        const { face, level, x, z } = chunk.address;
        const key = addressKey(face, level, x >> 1, z >> 1);
        let siblings = this._siblings.get(key);
        if (siblings === undefined) {
            const chunks = [null, null, null, null];
            siblings = { key, chunks, present: 0, sinceFrame: 0, isWaiting: false, mesh: null };
            this._siblings.set(key, siblings);
        }
        const place = placeAmongSiblings(chunk.address);
        siblings.chunks[place] = chunk;
        siblings.present |= 1 << place;
        this._changed(siblings);
    }

    /**
     * Returns whether a chunk that has faded out may be hidden. Where what is left would have to be drawn one by one, it may
     * not before its siblings: one that still goes has no bytes any more to be drawn from.
     */
    public mayGo({ mesh, address }: PooledChunk): boolean {
        if (!(mesh instanceof MergedChunkMesh)) {
            return true;
        }
        const rest = mesh.present & ~(1 << placeAmongSiblings(address));
        return runStart(rest) >= 0 || !mesh.chunks.some(isStillLeaving);
    }

    /** To be called when a chunk has been hidden. Splits up its siblings where what is left cannot be drawn by one call. */
    public hidden(chunk: PooledChunk): void {
        const { face, level, x, z } = chunk.address;
        const siblings = this._siblings.get(addressKey(face, level, x >> 1, z >> 1))!;
        const place = placeAmongSiblings(chunk.address);
        // Newer ground may have its place already.
        if (siblings.chunks[place] === chunk) {
            siblings.chunks[place] = null;
            siblings.present &= ~(1 << place);
        }
        const { mesh } = siblings;
        if (mesh?.chunks[place] === chunk) {
            mesh.remove(chunk);
            // What is left must be one run.
            if (runStart(mesh.present) < 0) {
                this._split(siblings, mesh);
            }
        }
        this._changed(siblings);
        if (siblings.present === 0 && siblings.mesh === null) {
            this._siblings.delete(siblings.key);
        }
    }

    /**
     * Merges the siblings of at most one parent. To be called once a frame.
     *
     * @param mayMerge false in a frame that has uploaded something already
     * @returns whether it has merged any
     */
    public update(mayMerge: boolean): boolean {
        this._frame++;
        if (!mayMerge) {
            return false;
        }
        let starved = 0;
        let firstStarved: Siblings | null = null;
        for (let i = 0; i < this._waiting.length; i++) {
            const siblings = this._waiting[i]!;
            if (this._frame - siblings.sinceFrame >= CALM_FRAMES && !siblings.chunks.some(isFading)) {
                if (this._hasRoomFor(siblings)) {
                    this._merge(siblings);
                    return true;
                }
                starved++;
                firstStarved ??= siblings;
            }
        }
        // Only where so many wait for a mesh to become free is it worth a new GPU buffer.
        if (firstStarved !== null && starved > this._meshes.length * STARVED_SHARE) {
            this._merge(firstStarved);
            return true;
        }
        return false;
    }

    /** Disposes the meshes that draw nothing. */
    public trim(): void {
        for (const mesh of this._free.splice(0)) {
            this._dispose(mesh);
        }
    }

    /** Draws chunks one by one whose merged mesh somebody else has disposed. Returns the number of meshes lost. */
    public repair(): number {
        let lost = 0;
        for (let i = this._meshes.length - 1; i >= 0; i--) {
            const mesh = this._meshes[i]!;
            if (!isMeshIntact(mesh)) {
                lost++;
                for (const siblings of this._siblings.values()) {
                    if (siblings.mesh === mesh) {
                        this._split(siblings, mesh);
                        this._changed(siblings);
                    }
                }
                this._free.splice(this._free.indexOf(mesh), 1);
                this._dispose(mesh);
            }
        }
        return lost;
    }

    /** Writes every member again after a lost context. */
    public rebuild(): void {
        this._indices.forget();
        for (const mesh of this._meshes) {
            if (isMeshIntact(mesh)) {
                mesh.rebuild(this._indices.take());
            }
        }
    }

    public dispose(): void {
        for (const mesh of this._meshes.splice(0)) {
            mesh.unload();
            mesh.dispose(true, false);
        }
        this._free.length = 0;
        this._waiting.length = 0;
        this._siblings.clear();
        this._scratch?.lease.release();
        this._scratch = null;
        this._indices.dispose();
    }

    /** Lets siblings wait to be merged, now that others of them are shown than before, or stop waiting. */
    private _changed(siblings: Siblings): void {
        const { present, mesh } = siblings;
        siblings.sinceFrame = this._frame;
        // A mesh that has room to spare draws its run no slower for that.
        const isWorthIt = runStart(present) >= 0 && mesh?.present !== present;
        if (isWorthIt && !siblings.isWaiting) {
            siblings.isWaiting = true;
            this._waiting.push(siblings);
        } else if (!isWorthIt && siblings.isWaiting) {
            this._stopWaiting(siblings);
        }
    }

    /** Returns whether siblings can be merged without a new GPU buffer. */
    private _hasRoomFor({ present, mesh }: Siblings): boolean {
        const members = bitCount(present);
        return (mesh?.memberCapacity ?? 0) >= members || this._findFree(members) >= 0;
    }

    /** Returns the index of the smallest free mesh with room for so many members; -1 where there is none. */
    private _findFree(members: number): number {
        let best = -1;
        for (let i = 0; i < this._free.length; i++) {
            const { memberCapacity } = this._free[i]!;
            const isBetter = best < 0 || memberCapacity < this._free[best]!.memberCapacity;
            if (memberCapacity >= members && isBetter && isMeshIntact(this._free[i]!)) {
                best = i;
            }
        }
        return best;
    }

    private _stopWaiting(siblings: Siblings): void {
        siblings.isWaiting = false;
        this._waiting.splice(this._waiting.indexOf(siblings), 1);
    }

    private _merge(siblings: Siblings): void {
        this._stopWaiting(siblings);
        const { singles } = this._options;
        const members = siblings.chunks.filter((chunk) => chunk !== null);
        // Too steep for one buffer: drawn one by one while these are shown.
        if (!mergedOriginToRef(members, origin)) {
            return;
        }
        if (siblings.mesh !== null) {
            this._putAway(siblings.mesh);
        }
        const mesh = this._take(members.length);
        for (let i = 0; i < members.length; i++) {
            singles.takeBack(members[i]!);
        }
        mesh.load(members, origin, `siblings of ${formatAddress(members[0]!.address)}`);
        mesh.setEnabled(true);
        siblings.mesh = mesh;
    }

    /** Draws merged siblings one by one again, from this frame on. */
    private _split(siblings: Siblings, mesh: MergedChunkMesh): void {
        for (let place = 0; place < SIBLINGS; place++) {
            const member = mesh.chunks[place];
            if (member) {
                mesh.remove(member);
                // One that goes has faded out, or its mesh is lost.
                if (!member.isLeaving) {
                    this._options.singles.give(member).setEnabled(true);
                }
            }
        }
        siblings.mesh = null;
        this._putAway(mesh);
    }

    private _putAway(mesh: MergedChunkMesh): void {
        mesh.unload();
        this._free.push(mesh);
    }

    /** Disposes a mesh that is taken out of the free ones. */
    private _dispose(mesh: MergedChunkMesh): void {
        this._meshes.splice(this._meshes.indexOf(mesh), 1);
        mesh.dispose(true, false);
    }

    /** Takes a free mesh with room for so many members, or creates one. */
    private _take(members: number): MergedChunkMesh {
        const free = this._findFree(members);
        if (free >= 0) {
            return this._free.splice(free, 1)[0]!;
        }
        const mesh = new MergedChunkMesh(
            this._options.name,
            this._scene,
            this._options.context,
            this._options.kind,
            this._is32Bits,
            this._indices.take(),
            // Of two sizes alone, so that they are recycled often.
            members > 2 ? SIBLINGS : 2,
            this._scratchForAll(),
        );
        this._meshes.push(mesh);
        return mesh;
    }

    private _scratchForAll(): MemberScratch {
        if (this._scratch === null) {
            const byteLength = this._options.kind.vertexCapacity * VertexLayout.stride;
            const lease = this._options.context.buffers.pools.poolOf("vertex").lease(byteLength);
            const bytes = new Uint8Array(lease.buffer, 0, byteLength);
            this._scratch = { lease, bytes, words: new Int16Array(lease.buffer, 0, byteLength / 2) };
        }
        return this._scratch;
    }
}
