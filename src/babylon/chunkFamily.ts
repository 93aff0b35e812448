import type { Buffer } from "@babylonjs/core/Buffers/buffer.js";
import type { DataBuffer } from "@babylonjs/core/Buffers/dataBuffer.js";
import type { AbstractEngine } from "@babylonjs/core/Engines/abstractEngine.js";
import type { Plane } from "@babylonjs/core/Maths/math.plane.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { SubMesh } from "@babylonjs/core/Meshes/subMesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { chunkVertexBytes, VertexLayout } from "../format/chunkData.js";
import type { BufferPoolManager } from "../memory/bufferPoolManager.js";
import { heightGridVertexCount, type GridLayout } from "../meshing/heightGridIndices.js";
import type { ChunkAddress } from "../space/chunkAddress.js";
import type { ChunkMeshContext } from "./chunkMesh.js";
import { createChunkGeometry, createVertexStore } from "./chunkGeometry.js";
import { chunkBoundsToRef } from "./chunkMeshSlot.js";
import { bitCount, FamilyMesh, type Members } from "./familyMesh.js";
import type { PooledChunk } from "./pooledChunk.js";

/** Chunks that lie under one parent. */
export const FAMILY_SIZE = 4;
/** Indices are laid out for the ring of members and for all but its last once more: each run around it is one range. */
const RING = 2 * FAMILY_SIZE - 1;
const FULL = 2 ** FAMILY_SIZE - 1;
/** A member's place in the ring, by the low bits of z and x: around the parent, so that neighbours follow each other. */
const PLACES = [0, 1, 3, 2] as const;

const INT16_MIN = -32_768;
const INT16_MAX = 32_767;
const INT16_STRIDE = VertexLayout.stride / 2;

/** Numbers of a box. */
const BOX = 6;

const minimum = new Vector3();
const maximum = new Vector3();
const lowest = new Vector3();
const highest = new Vector3();

/** Where the run of places begins that these bits are, around the ring; -1 where they are none, one, or two that lie across. */
export function runStart(bits: number): number {
    for (let start = 0; start < FAMILY_SIZE; start++) {
        const length = bitCount(bits);
        const run = ((1 << length) - 1) << start;
        if (length > 1 && ((run | (run >> FAMILY_SIZE)) & FULL) === bits) {
            return start;
        }
    }
    return -1;
}

/** Where a chunk stands among its siblings. */
export function placeInFamily({ x, z }: ChunkAddress): number {
    return PLACES[(z & 1) * 2 + (x & 1)]!;
}

/** Whether indices of a family need 32 bits. */
export function isFamily32Bits(layout: GridLayout): boolean {
    return FAMILY_SIZE * heightGridVertexCount(layout) > 65_535;
}

/** The one index buffer of all families of a layout: a height grid's indices for each place of the ring. */
export function createFamilyIndices(grid: Uint16Array, layout: GridLayout): Uint16Array | Uint32Array {
    const length = grid.length * RING;
    const indices = isFamily32Bits(layout) ? new Uint32Array(length) : new Uint16Array(length);
    const vertices = heightGridVertexCount(layout);
    for (let step = 0; step < RING; step++) {
        const first = (step % FAMILY_SIZE) * vertices;
        for (let i = 0; i < grid.length; i++) {
            indices[step * grid.length + i] = grid[i]! + first;
        }
    }
    return indices;
}

/**
 * Quanta: the height at which all of a family's int16 positions fit; NaN where there is none.
 *
 * @param chunkSize metres
 */
export function familyBase(members: readonly PooledChunk[], chunkSize: number): number {
    let lowest = Number.POSITIVE_INFINITY;
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < members.length; i++) {
        const { minY, maxY, quantum } = members[i]!;
        lowest = Math.min(lowest, minY / quantum);
        highest = Math.max(highest, maxY / quantum);
    }
    const base = Math.round((lowest + highest) / 2);
    const { address, quantum } = members[0]!;
    if ((2 * chunkSize * 2 ** address.level) / quantum > INT16_MAX) {
        return Number.NaN;
    }
    return lowest - base >= INT16_MIN && highest - base <= INT16_MAX ? base : Number.NaN;
}

/** Whether any of the box at `at` is on the inner side of each plane, as Babylon's bounding boxes have it. */
function isBoxInFrustum(boxes: Float64Array, at: number, planes: Plane[]): boolean {
    for (let i = 0; i < planes.length; i++) {
        const { normal, d } = planes[i]!;
        const x = boxes[normal.x >= 0 ? at + 3 : at]!;
        const y = boxes[normal.y >= 0 ? at + 4 : at + 1]!;
        const z = boxes[normal.z >= 0 ? at + 5 : at + 2]!;
        if (normal.x * x + normal.y * y + normal.z * z + d < 0) {
            return false;
        }
    }
    return true;
}

/**
 * Sibling height grids in one vertex buffer, drawn by one call: the four that a coarser chunk gave way to, or those of them
 * that have not given way in their turn and follow each other around the parent. Culled as finely as if each were drawn
 * alone, but for a member between two that are in view.
 */
export class ChunkFamily implements Members {
    public readonly mesh: FamilyMesh;
    /** By their place in the ring. */
    public readonly members: (PooledChunk | null)[] = [null, null, null, null];

    private readonly _engine: AbstractEngine;
    private readonly _store: Buffer;
    /** Of each place: its low corner and its high one, in metres from the world's origin. */
    private readonly _boxes = new Float64Array(FAMILY_SIZE * BOX);
    private readonly _vertices: number;
    private readonly _indices: number;
    private readonly _scratch: Uint8Array;
    private readonly _moved: Int16Array;
    /** Quanta: height of positions' y = 0, and side of a member. */
    private _base = 0;
    private _side = 0;
    /** The place whose member is the first in the buffer. */
    private _start = 0;

    public constructor(
        name: string,
        scene: Scene,
        layout: GridLayout,
        /** Of each member. */
        indexCount: number,
        indexBuffer: DataBuffer,
        /** Members that it has room for, 2 to 4. */
        public readonly capacity: number,
        /** Bytes of a member's vertices, shared by all families. */
        scratch: Uint8Array,
        context: ChunkMeshContext,
        buffers: BufferPoolManager,
    ) {
        this._engine = scene.getEngine();
        this._scratch = scratch;
        this._moved = new Int16Array(scratch.buffer, scratch.byteOffset, scratch.byteLength / 2);
        this._vertices = heightGridVertexCount(layout);
        this._indices = indexCount;
        this.mesh = new FamilyMesh(name, scene, context);
        this.mesh.members = this;
        this.mesh.doNotSerialize = true;
        this.mesh.isPickable = false;
        this.mesh.doNotSyncBoundingInfo = true;
        this.mesh.setEnabled(false);
        const vertexCapacity = capacity * this._vertices;
        this._store = createVertexStore(this._engine, vertexCapacity, name, buffers);
        const id = `${name}.${this.mesh.uniqueId}`;
        const is32Bits = isFamily32Bits(layout);
        createChunkGeometry(
            id,
            scene,
            this._store,
            vertexCapacity,
            indexBuffer,
            this._indices * RING,
            is32Bits,
        ).applyToMesh(this.mesh);
        this.mesh.subMeshes[0]!.setBoundingInfo(this.mesh.getBoundingInfo());
        this.mesh.subMeshes[0]!.verticesCount = vertexCapacity;
    }

    /** The members' places, as bits. */
    public get present(): number {
        let bits = 0;
        for (let place = 0; place < FAMILY_SIZE; place++) {
            bits |= this.members[place] === null ? 0 : 1 << place;
        }
        return bits;
    }

    /** Takes over siblings that fit `base` (`familyBase`). Returns the bytes that went to the GPU. */
    public load(members: readonly PooledChunk[], base: number, chunkSize: number, name: string): number {
        const { level, x, z } = members[0]!.address;
        const { quantum } = members[0]!;
        const side = chunkSize * 2 ** level;
        this._base = base;
        this._side = side / quantum;
        this.mesh.name = name;
        this.mesh.position.set((x >> 1) * 2 * side, base * quantum, (z >> 1) * 2 * side);
        this.mesh.scaling.setAll(quantum);
        this.mesh.freezeWorldMatrix();
        for (let i = 0; i < members.length; i++) {
            this.members[placeInFamily(members[i]!.address)] = members[i]!;
        }
        this._start = runStart(this.present);
        let uploaded = 0;
        for (let i = 0; i < members.length; i++) {
            uploaded += this._write(placeInFamily(members[i]!.address));
        }
        this._setBounds();
        return uploaded;
    }

    /** A member is no longer drawn. */
    public remove(member: PooledChunk): void {
        this.members[placeInFamily(member.address)] = null;
        this._drawAll();
    }

    public clear(): void {
        this.members.fill(null);
    }

    public inFrustum(planes: Plane[]): number {
        let bits = 0;
        for (let place = 0; place < FAMILY_SIZE; place++) {
            if (this.members[place] !== null && isBoxInFrustum(this._boxes, place * BOX, planes)) {
                bits |= 1 << place;
            }
        }
        return bits;
    }

    /** Of the runs around the ring, the shortest that has all of `wanted`, and no place that is empty. */
    public setRange(subMesh: SubMesh, wanted: number): void {
        const present = this.present;
        let bestStart = 0;
        let bestLength = FAMILY_SIZE + 1;
        for (let start = 0; start < FAMILY_SIZE; start++) {
            let covered = 0;
            for (let length = 1; length <= FAMILY_SIZE; length++) {
                const bit = 1 << ((start + length - 1) % FAMILY_SIZE);
                if ((present & bit) === 0) {
                    break;
                }
                covered |= bit;
                if ((covered & wanted) === wanted && length < bestLength) {
                    bestStart = start;
                    bestLength = length;
                }
            }
        }
        subMesh.indexStart = this._cellOf(bestStart) * this._indices;
        subMesh.indexCount = (bestLength <= FAMILY_SIZE ? bestLength : 0) * this._indices;
    }

    /** After a lost context: writes everything again. */
    public rebuild(indexBuffer: DataBuffer, is32Bits: boolean): void {
        const { geometry } = this.mesh;
        if (geometry === null) {
            return;
        }
        const replaced = geometry.getIndexBuffer();
        if (replaced !== null && replaced !== indexBuffer) {
            this._engine._releaseBuffer(replaced);
        }
        geometry.setIndexBuffer(indexBuffer, this.capacity * this._vertices, this._indices * RING, is32Bits);
        this.mesh.subMeshes[0]!.setBoundingInfo(this.mesh.getBoundingInfo());
        this.mesh.subMeshes[0]!.verticesCount = this.capacity * this._vertices;
        for (let place = 0; place < FAMILY_SIZE; place++) {
            const member = this.members[place];
            if (member) {
                this._write(place);
            }
        }
        this._drawAll();
    }

    public dispose(): void {
        this.clear();
        if (!this.mesh.isDisposed()) {
            this.mesh.dispose(true, false);
        }
    }

    /** The vertices of a member, moved into the family's frame: positions are whole quanta, so nothing is rounded. */
    private _write(place: number): number {
        const side = this._side;
        const member = this.members[place]!;
        const { x, z } = member.address;
        const vertices = chunkVertexBytes(member.bytes, member);
        const target = this._store.getBuffer();
        if (target === null) {
            return 0;
        }
        this._scratch.set(vertices);
        const moved = this._moved;
        const dx = (x & 1) * side;
        const dy = member.baseY / member.quantum - this._base;
        const dz = (z & 1) * side;
        for (let at = VertexLayout.position / 2; at < moved.length; at += INT16_STRIDE) {
            moved[at]! += dx;
            moved[at + 1]! += dy;
            moved[at + 2]! += dz;
        }
        const offset = this._cellOf(place) * this._vertices * VertexLayout.stride;
        this._engine.updateDynamicVertexBuffer(target, this._scratch, offset, vertices.byteLength);
        return vertices.byteLength;
    }

    private _cellOf(place: number): number {
        return (place - this._start) & (FAMILY_SIZE - 1);
    }

    private _setBounds(): void {
        const side = this._side;
        lowest.set(0, Number.POSITIVE_INFINITY, 0);
        highest.set(2 * side, Number.NEGATIVE_INFINITY, 2 * side);
        for (let place = 0; place < FAMILY_SIZE; place++) {
            const member = this.members[place];
            if (member) {
                chunkBoundsToRef(member, side, this._base, minimum, maximum);
                const { x, z } = member.address;
                minimum.addInPlaceFromFloats((x & 1) * side, 0, (z & 1) * side);
                maximum.addInPlaceFromFloats((x & 1) * side, 0, (z & 1) * side);
                this._setBox(place * BOX);
                lowest.y = Math.min(lowest.y, minimum.y);
                highest.y = Math.max(highest.y, maximum.y);
            }
        }
        this.mesh.getBoundingInfo().reConstruct(lowest, highest, this.mesh.getWorldMatrix());
        this._drawAll();
    }

    /** The box from `minimum` to `maximum`, in the world. */
    private _setBox(at: number): void {
        const { position, scaling } = this.mesh;
        const boxes = this._boxes;
        boxes[at] = position.x + minimum.x * scaling.x;
        boxes[at + 1] = position.y + minimum.y * scaling.y;
        boxes[at + 2] = position.z + minimum.z * scaling.z;
        boxes[at + 3] = position.x + maximum.x * scaling.x;
        boxes[at + 4] = position.y + maximum.y * scaling.y;
        boxes[at + 5] = position.z + maximum.z * scaling.z;
    }

    private _drawAll(): void {
        const subMesh = this.mesh.subMeshes?.[0];
        // Somebody may have disposed the mesh within this frame.
        if (subMesh !== undefined) {
            this.setRange(subMesh, this.present);
        }
    }
}
