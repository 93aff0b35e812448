import { parseAddress } from "../space/chunkAddress.js";
import {
    BLOCK_HEIGHT,
    compareChunks,
    compareSquares,
    GRID_HEIGHT,
    parentSquare,
    slotInBlock,
    slotOf,
    squareOf,
    SQUARE_SLOTS,
    type ChunkSquare,
} from "../space/chunkSquare.js";
import { hashedSquareOf, leafOf, type ManifestChunk, type ManifestNodeEntry } from "./manifestEntry.js";
import { encodeBlockNode, encodeInnerNode, manifestNodeName, nodeEntryOf } from "./manifestNode.js";
import { hashOfParts, merkleRootOf } from "./merkle.js";

/** A file of a bake. */
export interface BakeFile {
    /** Path in the bake's folder. */
    readonly name: string;
    /** All of it. */
    readonly bytes: Uint8Array;
}

/** The chunks of one level, as `manifest.json` lists them. */
export interface ManifestLevel {
    /** Face of a planet, 0 to 5; `NO_FACE` on flat worlds. */
    readonly face: number;
    /** Level of detail; 0 is the finest. */
    readonly level: number;
    /** Number of its chunks that were baked. */
    readonly chunkCount: number;
    /** Merkle hash of the level's whole grid, 64 hexadecimal digits. */
    readonly hash: string;
    /** The topmost nodes: of the least height at which there are at most 4. */
    readonly nodes: readonly ManifestNodeEntry[];
}

/** Most topmost nodes of a level. */
export const MAX_TOP_NODES = 4;
/** Heights that nodes have: 5, 10, 15, 20, 25. */
const HEIGHTS = GRID_HEIGHT / BLOCK_HEIGHT;

/**
 * Writes the nodes of a manifest, and returns what `manifest.json` lists. Holds one path of nodes, however many chunks come.
 *
 * @param world by `worldKeyOf`
 * @param chunks by face, level and Morton order, each once
 */
export function* writeNodes(
    world: string,
    chunks: Iterable<ManifestChunk>,
): Generator<BakeFile, ManifestLevel[], undefined> {
    const levels: ManifestLevel[] = [];
    let tree: LevelTree | null = null;
    for (const { block, chunks: inBlock } of blocksOf(chunks)) {
        if (tree === null || tree.face !== block.face || tree.level !== block.level) {
            if (tree !== null) {
                levels.push(tree.end());
                yield* tree.takeFiles();
            }
            tree = new LevelTree(world, block);
        }
        tree.addBlock(block, inBlock);
        yield* tree.takeFiles();
    }
    if (tree !== null) {
        levels.push(tree.end());
        yield* tree.takeFiles();
    }
    return levels;
}

/** The tree of one level, of which one node of each height above the blocks is open. */
class LevelTree {
    public readonly face: number;
    public readonly level: number;
    private readonly _open: { square: ChunkSquare; children: ManifestNodeEntry[] }[] = [];
    private readonly _counts = new Array<number>(HEIGHTS).fill(0);
    /** The first nodes of each height, which may prove to be the topmost. */
    private readonly _first: ManifestNodeEntry[][] = Array.from({ length: HEIGHTS }, () => []);
    /** Nodes above so few that they may not be needed, by height. */
    private readonly _held: BakeFile[][] = Array.from({ length: HEIGHTS }, () => []);
    private readonly _files: BakeFile[] = [];

    public constructor(
        private readonly _world: string,
        { face, level }: ChunkSquare,
    ) {
        this.face = face;
        this.level = level;
    }

    public addBlock(block: ChunkSquare, chunks: ReadonlyMap<number, ManifestChunk>): void {
        const hashes = new Array<string | null>(SQUARE_SLOTS).fill(null);
        for (const [slot, chunk] of chunks) {
            hashes[slot] = leafOf(chunk);
        }
        const bytes = encodeBlockNode(this._world, block, chunks);
        this._files.push({ name: manifestNodeName(block), bytes });
        this._addNode(0, nodeEntryOf(block, chunks.size, hashOfParts(hashes), bytes));
    }

    public takeFiles(): BakeFile[] {
        return this._files.splice(0);
    }

    public end(): ManifestLevel {
        for (let height = 1; height < HEIGHTS; height++) {
            this._closeNode(height);
        }
        const { face, level } = this;
        const top = this._counts.findIndex((count) => count <= MAX_TOP_NODES);
        const nodes = this._first[top]!;
        const steps = GRID_HEIGHT - nodes[0]!.square.height;
        return {
            face,
            level,
            chunkCount: nodes.reduce((sum, { chunkCount }) => sum + chunkCount, 0),
            hash: merkleRootOf(nodes.map(hashedSquareOf), steps),
            nodes,
        };
    }

    /** Closes the open node of a height above the blocks. */
    private _closeNode(height: number): void {
        const { square, children } = this._open[height]!;
        const hashes = new Array<string | null>(SQUARE_SLOTS).fill(null);
        for (const child of children) {
            hashes[slotOf(child.square)] = child.hash;
        }
        const bytes = encodeInnerNode(this._world, square, children);
        const isNeeded = this._counts[height - 1]! > MAX_TOP_NODES;
        (isNeeded ? this._files : this._held[height]!).push({ name: manifestNodeName(square), bytes });
        const chunkCount = children.reduce((sum, child) => sum + child.chunkCount, 0);
        this._addNode(height, nodeEntryOf(square, chunkCount, hashOfParts(hashes), bytes));
    }

    /** @param height of the node in the order of `HEIGHTS`: 0 is a block */
    private _addNode(height: number, node: ManifestNodeEntry): void {
        const count = ++this._counts[height]!;
        if (count <= MAX_TOP_NODES) {
            this._first[height]!.push(node);
        }
        const above = height + 1;
        if (above === HEIGHTS) {
            return;
        }
        if (count === MAX_TOP_NODES + 1) {
            this._files.push(...this._held[above]!.splice(0));
        }
        const square = parentSquare(node.square);
        const open = this._open[above];
        if (open !== undefined && compareSquares(open.square, square) === 0) {
            open.children.push(node);
            return;
        }
        if (open !== undefined) {
            this._closeNode(above);
        }
        this._open[above] = { square, children: [node] };
    }
}

/** Returns chunks by face, level and Morton order. */
export function sortedChunks(chunks: Iterable<ManifestChunk>): ManifestChunk[] {
    return Array.from(chunks, (chunk) => ({ chunk, address: parseAddress(chunk.address) }))
        .sort((a, b) => compareChunks(a.address, b.address))
        .map(({ chunk }) => chunk);
}

/**
 * Groups chunks by block.
 *
 * @param chunks by face, level and Morton order, each once
 * @throws RangeError where they are in another order
 */
export function* blocksOf(
    chunks: Iterable<ManifestChunk>,
): Generator<{ readonly block: ChunkSquare; readonly chunks: ReadonlyMap<number, ManifestChunk> }> {
    let open: { block: ChunkSquare; chunks: Map<number, ManifestChunk> } | null = null;
    let lastSlot = -1;
    for (const chunk of chunks) {
        const address = parseAddress(chunk.address);
        const block = squareOf(address, BLOCK_HEIGHT);
        const slot = slotInBlock(address);
        const order = open === null ? 1 : compareSquares(block, open.block);
        if (order < 0 || (order === 0 && slot <= lastSlot)) {
            throw new RangeError(`Chunk ${chunk.address} is out of order, or there twice.`);
        }
        if (order > 0) {
            if (open !== null) {
                yield open;
            }
            open = { block, chunks: new Map() };
        }
        open!.chunks.set(slot, chunk);
        lastSlot = slot;
    }
    if (open !== null) {
        yield open;
    }
}
