import { ChunkRecord, RecordState, type ChunkBytes } from "../residency/chunkRecord.js";
import { NO_FACE } from "../space/chunkAddress.js";
import { addressKey } from "../space/chunkKey.js";
import { childX, childZ, parentCoordinate } from "../space/chunkTree.js";
import type { LevelFade } from "./levelFade.js";

/** Where nodes get the records of their chunks. */
export interface NodeRecords {
    /** Returns a chunk's record, which stays until `leaveNode`. */
    forNode(face: number, level: number, x: number, z: number): ChunkRecord;
    leaveNode(record: ChunkRecord): void;
}

/** A place in the tree: one chunk that is wanted or drawn, or above one that is. Recycled: hold none beyond a frame. */
export class QuadNode<THandle> {
    public face = NO_FACE;
    public level = 0;
    public x = 0;
    public z = 0;
    public parent: QuadNode<THandle> | null = null;
    /** (0, 0), (1, 0), (0, 1), (1, 1), or none at all. */
    public readonly children: QuadNode<THandle>[] = [];
    /** What is known of its chunk. */
    public record: ChunkRecord = NOTHING;
    /** What the sink made of the chunk's data, and that data; null where the sink does not have it. */
    public handle: THandle | null = null;
    public handleBytes: ChunkBytes | null = null;

    /** Whether that data is a surface with caves. */
    public hasCaves = false;
    /** Whether the sink could not take the chunk. */
    public isRefused = false;
    public isShown = false;
    /** The exchange by which it comes; null once that is over. Until then it stays shown, and nothing is shown in its place. */
    public fade: LevelFade | null = null;
    /** Whether the selection wants the children in its place. */
    public isSplit = false;
    /** Whether the selection would want the children, and nobody knows yet whether there are all four. */
    public isUndecided = false;
    /** The frame in which the selection wanted it last, as a leaf or above leaves. */
    public wantedFrame = -1;
    /** The pass in which it was last chosen to be drawn. */
    public chosenPass = -1;
    /** The pass in which its chunk was last needed. */
    public neededPass = -1;
    /** The passes in which it began to be drawn last, and ended. */
    public shownPass = -1;
    public hiddenPass = -1;
    /** Metres to the nearest viewer. */
    public distance = 0;
}

/** Of a node that is in no tree. */
const NOTHING = new ChunkRecord();

/** The nodes of all levels, by address and as trees below the roots. Knows addresses and marks of selection, nothing else. */
export class Quadtree<THandle> {
    /** All nodes, in no order. */
    public readonly nodes: QuadNode<THandle>[] = [];
    private readonly _byKey = new Map<number, QuadNode<THandle>>();
    private readonly _free: QuadNode<THandle>[] = [];

    public constructor(private readonly _records: NodeRecords) {}

    public find(face: number, level: number, x: number, z: number): QuadNode<THandle> | undefined {
        return this._byKey.get(addressKey(face, level, x, z));
    }

    /** The root at an address, made where there is none. */
    public rootAt(face: number, level: number, x: number, z: number): QuadNode<THandle> {
        return this.find(face, level, x, z) ?? this._create(null, face, level, x, z);
    }

    /** Gives a node its four children; those that are there as roots become its own. */
    public expand(node: QuadNode<THandle>): void {
        if (node.children.length > 0) {
            return;
        }
        for (let i = 0; i < 4; i++) {
            const { face } = node;
            const level = node.level - 1;
            const x = childX(node.x, i);
            const z = childZ(node.z, i);
            const child = this.find(face, level, x, z) ?? this._create(node, face, level, x, z);
            child.parent = node;
            node.children.push(child);
        }
    }

    /** Puts all roots, which have `level`, below roots of the next coarser one. */
    public growRoots(level: number): void {
        for (const root of this.nodes.filter((node) => node.parent === null)) {
            this.expand(this.rootAt(root.face, level + 1, parentCoordinate(root.x), parentCoordinate(root.z)));
        }
    }

    /**
     * Takes out what is below a node, or a root itself, where the selection of `frame` does not want it and the sink has
     * nothing of it.
     */
    public prune(node: QuadNode<THandle>, frame: number): void {
        const { children } = node;
        const isWanted = node.wantedFrame === frame;
        if (children.length === 4 && !(isWanted && node.isSplit) && children.every(isIdle)) {
            for (const child of children) {
                this._remove(child);
            }
            children.length = 0;
        }
        if (node.parent === null && !isWanted && isIdle(node)) {
            this._remove(node);
        }
    }

    private _remove(node: QuadNode<THandle>): void {
        this._byKey.delete(node.record.key);
        const index = this.nodes.indexOf(node);
        this.nodes[index] = this.nodes[this.nodes.length - 1]!;
        this.nodes.pop();
        node.parent = null;
        this._records.leaveNode(node.record);
        node.record = NOTHING;
        this._free.push(node);
    }

    private _create(
        parent: QuadNode<THandle> | null,
        face: number,
        level: number,
        x: number,
        z: number,
    ): QuadNode<THandle> {
        const node = this._free.pop() ?? new QuadNode<THandle>();
        node.face = face;
        node.level = level;
        node.x = x;
        node.z = z;
        node.parent = parent;
        node.children.length = 0;
        node.record = this._records.forNode(face, level, x, z);
        node.handle = null;
        node.handleBytes = null;
        node.isRefused = false;
        node.isShown = false;
        node.fade = null;
        node.isSplit = false;
        node.isUndecided = false;
        node.wantedFrame = -1;
        node.chosenPass = -1;
        node.neededPass = -1;
        node.shownPass = -1;
        node.hiddenPass = -1;
        this._byKey.set(node.record.key, node);
        this.nodes.push(node);
        return node;
    }
}

function isIdle<THandle>(node: QuadNode<THandle>): boolean {
    return node.children.length === 0 && node.handle === null;
}

/** Whether a node's chunk will not come, in the revision that is wanted. */
export function isGivenUp<THandle>({ record, isRefused }: QuadNode<THandle>): boolean {
    return isRefused || record.isGivenUp;
}

/** Whether the sink has a node's chunk in the revision that is wanted. */
export function isUpToDate<THandle>({ record, handle, handleBytes }: QuadNode<THandle>): boolean {
    return handle !== null && handleBytes === record.bytes && record.state === RecordState.ready;
}

/** Whether the area of a node can be drawn from what the sink has, itself or finer. */
export function canCover<THandle>(node: QuadNode<THandle>): boolean {
    return node.handle !== null || childrenCanCover(node);
}

export function childrenCanCover<THandle>(node: QuadNode<THandle>): boolean {
    const { children } = node;
    return (
        children.length > 0 &&
        canCover(children[0]!) &&
        canCover(children[1]!) &&
        canCover(children[2]!) &&
        canCover(children[3]!)
    );
}
