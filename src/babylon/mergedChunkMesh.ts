import type { DataBuffer } from "@babylonjs/core/Buffers/dataBuffer.js";
import type { Camera } from "@babylonjs/core/Cameras/camera.js";
import type { Plane } from "@babylonjs/core/Maths/math.plane.js";
import { Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import type { SubMesh } from "@babylonjs/core/Meshes/subMesh.js";
import type { Scene } from "@babylonjs/core/scene.js";
import { chunkVertexBytes, VertexLayout } from "../format/chunkData.js";
import { ChunkMesh } from "./chunkMesh.js";
import type { ChunkMeshContext } from "./chunkMeshContext.js";
import type { MeshKind } from "./meshKinds.js";
import type { PooledChunk } from "./pooledChunk.js";
import {
    bitCount,
    INDEX_COPIES,
    placeAmongSiblings,
    runBits,
    runStart,
    SIBLINGS,
    type SiblingBits,
} from "./siblingPlaces.js";

const INT16_MIN = -32_768;
const INT16_MAX = 32_767;
const INT16_STRIDE = VertexLayout.stride / 2;

/** Length of a box: its low corner, then its high one. */
const BOX = 6;

const minimum = new Vector3();
const maximum = new Vector3();
const lowest = new Vector3();
const highest = new Vector3();

/** Memory for the vertices of one member on their way to the GPU. */
export interface MemberScratch {
    readonly bytes: Uint8Array;
    /** A view on that memory. */
    readonly words: Int16Array;
}

/**
 * Writes where positions of merged members count from, in metres: at the members' corner of least x and z, and halfway between
 * their lowest and their highest vertex. Returns whether all are within int16 from there; else they cannot be merged.
 *
 * @param members of one level
 */
export function mergedOriginToRef(members: readonly PooledChunk[], ref: Vector3): boolean {
    const { quantum } = members[0]!;
    ref.setAll(Number.POSITIVE_INFINITY);
    let top = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < members.length; i++) {
        const { origin, minimum, maximum } = members[i]!;
        ref.x = Math.min(ref.x, origin.x);
        ref.y = Math.min(ref.y, origin.y + minimum.y * quantum);
        ref.z = Math.min(ref.z, origin.z);
        top = Math.max(top, origin.y + maximum.y * quantum);
    }
    ref.y = Math.round((ref.y + top) / 2 / quantum) * quantum;
    for (let i = 0; i < members.length; i++) {
        boundsFromToRef(members[i]!, ref, minimum, maximum);
        const least = Math.min(minimum.x, minimum.y, minimum.z);
        const greatest = Math.max(maximum.x, maximum.y, maximum.z);
        if (least < INT16_MIN || greatest > INT16_MAX) {
            return false;
        }
    }
    return true;
}

/** Writes the bounds of a chunk in quanta from `origin`, which is in metres. */
function boundsFromToRef(chunk: PooledChunk, origin: Vector3, low: Vector3, high: Vector3): void {
    const { quantum } = chunk;
    const x = (chunk.origin.x - origin.x) / quantum;
    const y = (chunk.origin.y - origin.y) / quantum;
    const z = (chunk.origin.z - origin.z) / quantum;
    low.set(x + chunk.minimum.x, y + chunk.minimum.y, z + chunk.minimum.z);
    high.set(x + chunk.maximum.x, y + chunk.maximum.y, z + chunk.maximum.z);
}

/** Returns whether some of the box at `at` is on the inner side of each plane, as Babylon's bounding boxes have it. */
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
 *
 * Draws the run of its members that the active camera sees, in that camera's own view; all of them in every other pass.
 * Shadow maps, mirrors and render targets draw a list without asking what is in view, and a caster beside a light's frustum
 * may still cast into it.
 */
export class MergedChunkMesh extends ChunkMesh {
    /** The members, by their places. */
    public readonly chunks: (PooledChunk | null)[] = [null, null, null, null];

    /** The box of each place, in metres from the world's origin. */
    private readonly _boxes = new Float64Array(SIBLINGS * BOX);
    /** Metres: what positions count from. */
    private readonly _origin = new Vector3();
    /** The place whose member is the first in the buffer. */
    private _start = 0;

    /** Members in view, of which camera, in which frame. */
    private _inView: SiblingBits = 0;
    private _viewer: Camera | null = null;
    private _viewedFrame = -1;

    public constructor(
        private readonly _worldName: string,
        scene: Scene,
        context: ChunkMeshContext,
        /** Of one member. */
        private readonly _member: MeshKind,
        is32Bits: boolean,
        indexBuffer: DataBuffer,
        /** Members that it has room for, 2 to 4. */
        public readonly memberCapacity: number,
        private readonly _scratch: MemberScratch,
    ) {
        const vertexCapacity = memberCapacity * _member.vertexCapacity;
        const indexCapacity = _member.indexCapacity * INDEX_COPIES;
        super(_worldName, scene, context, { ..._member, vertexCapacity, indexCapacity, is32Bits }, indexBuffer);
        this.subMeshes[0]!.verticesCount = vertexCapacity;
    }

    public override get verticesPerChunk(): number {
        return this._member.vertexCapacity;
    }

    public override fadesToRef(ref: Float32Array): void {
        for (let place = 0; place < SIBLINGS; place++) {
            ref[this._cellOf(place)] = this.chunks[place]?.fadeValue ?? 1;
        }
    }

    /** The places of its members. */
    public get present(): SiblingBits {
        let bits = 0;
        for (let place = 0; place < SIBLINGS; place++) {
            bits |= this.chunks[place] === null ? 0 : 1 << place;
        }
        return bits;
    }

    /**
     * Takes over siblings that follow each other around their parent.
     *
     * @param origin what `mergedOriginToRef` gives for them
     * @param title what the mesh is called, after the world's name
     */
    public load(members: readonly PooledChunk[], origin: Vector3, title: string): void {
        this.name = `${this._worldName} ${title}`;
        this._origin.copyFrom(origin);
        this.position.copyFrom(origin);
        this.scaling.setAll(members[0]!.quantum);
        this.freezeWorldMatrix();
        for (let i = 0; i < members.length; i++) {
            this.chunks[placeAmongSiblings(members[i]!.address)] = members[i]!;
            members[i]!.mesh = this;
        }
        this._start = runStart(this.present);
        for (let i = 0; i < members.length; i++) {
            this._write(members[i]!);
            this.context.buffers.uploadedBytes += members[i]!.gpuBytes;
        }
        this._setBounds();
    }

    /** Stops drawing a member. */
    public remove(member: PooledChunk): void {
        this.chunks[placeAmongSiblings(member.address)] = null;
        member.mesh = null;
        this._drawAll();
    }

    /** Hides the mesh and forgets its members, whose bytes are free for something else. */
    public unload(): void {
        this.setEnabled(false);
        for (let place = 0; place < SIBLINGS; place++) {
            const member = this.chunks[place];
            if (member) {
                member.mesh = null;
                this.chunks[place] = null;
            }
        }
    }

    /** Writes all members again after a lost context. */
    public rebuild(indexBuffer: DataBuffer): void {
        if (this.replaceIndexBuffer(indexBuffer)) {
            this.subMeshes[0]!.verticesCount = this.kind.vertexCapacity;
            for (const member of this.chunks) {
                if (member !== null) {
                    this._write(member);
                }
            }
            this._drawAll();
        }
    }

    public override isInFrustum(planes: Plane[]): boolean {
        let inView: SiblingBits = 0;
        for (let place = 0; place < SIBLINGS; place++) {
            if (this.chunks[place] !== null && isBoxInFrustum(this._boxes, place * BOX, planes)) {
                inView |= 1 << place;
            }
        }
        const scene = this.getScene();
        // Others may ask about planes of their own at any time: these alone are followed by the camera's drawing.
        if (planes === scene.frustumPlanes && !scene._isInIntermediateRendering()) {
            this._inView = inView;
            this._viewer = scene.activeCamera;
            this._viewedFrame = scene.getFrameId();
        }
        return inView !== 0;
    }

    protected override beginMainView(subMesh: SubMesh): number {
        const drawn = this._drawnInMainView();
        this._setRange(subMesh, drawn);
        return bitCount(drawn);
    }

    protected override endMainView(subMesh: SubMesh): void {
        this._setRange(subMesh, this.present);
    }

    /**
     * Returns the members in view: all where nobody has asked what that is, as with `skipFrustumClipping` or an aggressive
     * `performancePriority`.
     */
    private _drawnInMainView(): SiblingBits {
        const scene = this.getScene();
        const isKnown = this._viewedFrame === scene.getFrameId() && this._viewer === scene.activeCamera;
        const inView = isKnown ? this._inView & this.present : 0;
        return inView === 0 ? this.present : inView;
    }

    /** Makes `subMesh` draw the shortest run around the parent that has all of `wanted` and no empty place. */
    private _setRange(subMesh: SubMesh, wanted: SiblingBits): void {
        const { present } = this;
        let bestStart = 0;
        let bestLength = 0;
        for (let length = SIBLINGS; length > 0; length--) {
            for (let start = SIBLINGS - 1; start >= 0; start--) {
                const run = runBits(start, length);
                if ((run & ~present) === 0 && (wanted & ~run) === 0) {
                    bestStart = start;
                    bestLength = length;
                }
            }
        }
        subMesh.indexStart = this._cellOf(bestStart) * this._member.indexCapacity;
        subMesh.indexCount = bestLength * this._member.indexCapacity;
    }

    /** Writes the vertices of a member, moved into the mesh's frame. Positions are whole quanta, so nothing is rounded. */
    private _write(member: PooledChunk): void {
        const target = this.vertices.getBuffer();
        if (target === null) {
            return;
        }
        const { origin, quantum } = member;
        const { bytes, words } = this._scratch;
        bytes.set(chunkVertexBytes(member.bytes, member));
        const dx = (origin.x - this._origin.x) / quantum;
        const dy = (origin.y - this._origin.y) / quantum;
        const dz = (origin.z - this._origin.z) / quantum;
        for (let at = VertexLayout.position / 2; at < words.length; at += INT16_STRIDE) {
            words[at]! += dx;
            words[at + 1]! += dy;
            words[at + 2]! += dz;
        }
        const offset = this._cellOf(placeAmongSiblings(member.address)) * bytes.byteLength;
        this.context.buffers.engine.updateDynamicVertexBuffer(target, bytes, offset, bytes.byteLength);
    }

    /** Returns the number of members that lie before a place in the buffer. */
    private _cellOf(place: number): number {
        return (place - this._start) & (SIBLINGS - 1);
    }

    private _setBounds(): void {
        lowest.setAll(Number.POSITIVE_INFINITY);
        highest.setAll(Number.NEGATIVE_INFINITY);
        for (let place = 0; place < SIBLINGS; place++) {
            const member = this.chunks[place];
            if (member) {
                boundsFromToRef(member, this._origin, minimum, maximum);
                this._setBox(place * BOX);
                lowest.minimizeInPlace(minimum);
                highest.maximizeInPlace(maximum);
            }
        }
        this.getBoundingInfo().reConstruct(lowest, highest, this.getWorldMatrix());
        this._drawAll();
    }

    /** Writes the box from `minimum` to `maximum`, moved into the world. */
    private _setBox(at: number): void {
        const { _origin: origin, scaling, _boxes: boxes } = this;
        boxes[at] = origin.x + minimum.x * scaling.x;
        boxes[at + 1] = origin.y + minimum.y * scaling.y;
        boxes[at + 2] = origin.z + minimum.z * scaling.z;
        boxes[at + 3] = origin.x + maximum.x * scaling.x;
        boxes[at + 4] = origin.y + maximum.y * scaling.y;
        boxes[at + 5] = origin.z + maximum.z * scaling.z;
    }

    private _drawAll(): void {
        const subMesh = this.subMeshes?.[0];
        // Somebody may have disposed the mesh within this frame.
        if (subMesh !== undefined) {
            this._setRange(subMesh, this.present);
        }
    }
}
