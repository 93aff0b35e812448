import type { QuadNode } from "./quadtree.js";

/**
 * Nodes of one frame. Filled anew each frame without garbage: an array that is emptied by `length = 0` loses its room, and
 * what it grows anew is thrown away with every frame.
 */
export class NodeList<THandle> {
    private readonly _nodes: QuadNode<THandle>[] = [];
    private _count = 0;

    public get count(): number {
        return this._count;
    }

    /** @param index 0 to `count - 1` */
    public at(index: number): QuadNode<THandle> {
        return this._nodes[index]!;
    }

    public add(node: QuadNode<THandle>): void {
        this._nodes[this._count++] = node;
    }

    /** Puts a node in the place of another. */
    public put(index: number, node: QuadNode<THandle>): void {
        this._nodes[index] = node;
    }

    /** Keeps the first `count` nodes alone. */
    public cut(count: number): void {
        this._count = count;
    }

    public clear(): void {
        this._count = 0;
    }

    /** A copy. */
    public toArray(): QuadNode<THandle>[] {
        return this._nodes.slice(0, this._count);
    }
}
