import { addressKey, NO_FACE, type ChunkAddress } from "../space/chunkAddress.js";

/** Where a chunk is on its way to the picture. */
export const NodeState = {
    /** Nothing of it is here or asked for. */
    absent: 0,
    /** Waits for the scheduler or bakes. */
    requested: 1,
    /** Its bytes are here. */
    ready: 2,
    /** The sink has it; drawn or hidden. */
    uploaded: 3,
    /** Given up. */
    failed: 4,
} as const;
export type NodeState = (typeof NodeState)[keyof typeof NodeState];

/** One chunk that is wanted, here, or above one that is. Recycled: hold none beyond a frame. */
export class QuadNode<THandle> {
    public key = 0;
    public level = 0;
    public x = 0;
    public z = 0;
    public address: ChunkAddress = NOWHERE;
    public parent: QuadNode<THandle> | null = null;
    /** (0, 0), (1, 0), (0, 1), (1, 1), or none at all. */
    public readonly children: QuadNode<THandle>[] = [];
    public state: NodeState = NodeState.absent;
    public handle: THandle | null = null;
    public buffer: ArrayBuffer | null = null;
    public byteLength = 0;
    /** Metres; NaN until the chunk was here once. */
    public minY = Number.NaN;
    public maxY = Number.NaN;
    public isShown = false;
    /** Whether the selection wants the children in its place. */
    public isSplit = false;
    /** The frame in which the selection wanted it last, as a leaf or above leaves. */
    public wantedFrame = -1;
    /** The pass in which it was last chosen to be drawn. */
    public chosenPass = -1;
    /** The pass in which its chunk was last needed. */
    public neededPass = -1;
    /** Metres to the nearest viewer, and the priority that follows: see `priorityOf`. */
    public distance = 0;
    public priority = 0;
    /** When its chunk was asked for, on the profiler's clock; NaN where it was not, or has been shown since. */
    public requestedMs = Number.NaN;
    /** When its bytes came. */
    public readyMs = 0;
}

const NOWHERE: ChunkAddress = { face: NO_FACE, level: 0, x: 0, z: 0 };

/** The nodes of all levels, by address and as trees below the roots. Knows addresses and states, nothing else. */
export class Quadtree<THandle> {
    /** All nodes, in no order. */
    public readonly nodes: QuadNode<THandle>[] = [];
    private readonly _byKey = new Map<number, QuadNode<THandle>>();
    private readonly _free: QuadNode<THandle>[] = [];

    public find(level: number, x: number, z: number): QuadNode<THandle> | undefined {
        return this._byKey.get(addressKey(level, x, z));
    }

    public findByKey(key: number): QuadNode<THandle> | undefined {
        return this._byKey.get(key);
    }

    /** The root at an address, made where there is none. */
    public rootAt(level: number, x: number, z: number): QuadNode<THandle> {
        return this.find(level, x, z) ?? this._create(null, level, x, z);
    }

    /** Gives a node its four children; those that are there as roots become its own. */
    public expand(node: QuadNode<THandle>): void {
        if (node.children.length > 0) {
            return;
        }
        for (let i = 0; i < 4; i++) {
            const [level, x, z] = [node.level - 1, node.x * 2 + (i & 1), node.z * 2 + (i >> 1)];
            const child = this.find(level, x, z) ?? this._create(node, level, x, z);
            child.parent = node;
            node.children.push(child);
        }
    }

    /** Puts all roots, which have `level`, below roots of the next coarser one. */
    public growRoots(level: number): void {
        for (const root of this.nodes.filter((node) => node.parent === null)) {
            this.expand(this.rootAt(level + 1, Math.floor(root.x / 2), Math.floor(root.z / 2)));
        }
    }

    /**
     * Takes out what is below a node, or a root itself, where the selection of `frame` does not want it and nothing of it
     * is here or on its way.
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
        this._byKey.delete(node.key);
        const index = this.nodes.indexOf(node);
        this.nodes[index] = this.nodes[this.nodes.length - 1]!;
        this.nodes.pop();
        node.parent = null;
        this._free.push(node);
    }

    private _create(parent: QuadNode<THandle> | null, level: number, x: number, z: number): QuadNode<THandle> {
        const node = this._free.pop() ?? new QuadNode<THandle>();
        node.key = addressKey(level, x, z);
        node.level = level;
        node.x = x;
        node.z = z;
        node.address = { face: NO_FACE, level, x, z };
        node.parent = parent;
        node.children.length = 0;
        node.state = NodeState.absent;
        node.handle = null;
        node.buffer = null;
        node.byteLength = 0;
        node.minY = Number.NaN;
        node.maxY = Number.NaN;
        node.isShown = false;
        node.isSplit = false;
        node.wantedFrame = -1;
        node.chosenPass = -1;
        node.neededPass = -1;
        node.requestedMs = Number.NaN;
        this._byKey.set(node.key, node);
        this.nodes.push(node);
        return node;
    }
}

function isIdle<THandle>(node: QuadNode<THandle>): boolean {
    return node.children.length === 0 && (node.state === NodeState.absent || node.state === NodeState.failed);
}

/** Whether the area of a node can be drawn from what is uploaded, itself or finer. */
export function canCover<THandle>(node: QuadNode<THandle>): boolean {
    if (node.state === NodeState.uploaded) {
        return true;
    }
    return childrenCanCover(node);
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
